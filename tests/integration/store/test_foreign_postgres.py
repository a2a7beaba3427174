"""Something that answers in the place of Postgres and does not speak as it does."""

import asyncio
import struct
import sys

import pytest


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


STRANGE = {
    "no parameters": b"",
    "a version that is none": _message(b"S", b"server_version\0abc\0"),
    "an encoding that is none": _message(b"S", b"client_encoding\0NOPE\0")
    + _message(b"S", b"server_version\x0016.1\0"),
}

TRY = """
import asyncio, sys
from worker.errors import StoreUnavailable
from worker.store import notices
from worker.store.database import Database

async def heard():
    print("heard something")

async def main():
    listener = asyncio.create_task(notices.listen(sys.argv[1], heard))
    try:
        await asyncio.wait_for(Database.connect(sys.argv[1]), 20)
    except StoreUnavailable as error:
        print(f"{error}; the listener {'ended' if listener.done() else 'goes on'}")
    listener.cancel()

asyncio.run(main())
"""
"""In a process of its own: what asyncpg leaves of a connection that it could not build complains when collected."""


@pytest.mark.parametrize("parameters", STRANGE.values(), ids=STRANGE)
async def test_a_strange_postgres_is_one_that_is_away(parameters: bytes) -> None:
    """Neither the pool nor the listener for notices ends with an error of Python's own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8192)
        writer.write(_message(b"R", struct.pack("!i", 0)) + parameters + _message(b"Z", b"I"))
        await reader.read(100)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"postgresql://u:p@127.0.0.1:{server.sockets[0].getsockname()[1]}/d?sslmode=disable"
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", TRY, url, stdout=pipe, stderr=pipe)
    said, _ = await asyncio.wait_for(child.communicate(), 50)
    server.close()
    assert said.decode().startswith("DATABASE_URL: what answers there does not speak as Postgres does")
    assert said.decode().endswith("the listener goes on\n")

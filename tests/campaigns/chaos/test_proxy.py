"""Each toxic really does what it says, on real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.campaigns.chaos.proxy import Proxy, Toxics

PAYLOAD = b"0123456789" * 2000


_open: list[asyncio.StreamWriter] = []
"""Ends of clients and of the server, to be closed with their test."""


@asynccontextmanager
async def echoed(toxics: Toxics | None = None) -> AsyncIterator[tuple[Proxy, list[bytes]]]:
    """A proxy before a server that answers with what it hears; and what the server heard."""
    heard = list[bytes]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _open.append(writer)
        with suppress(OSError):
            while piece := await reader.read(65536):
                heard.append(piece)
                writer.write(piece)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    proxy = Proxy(server.sockets[0].getsockname()[1], toxics or Toxics())
    await proxy.start()
    try:
        yield proxy, heard
    finally:
        await proxy.stop()
        server.close()
        for writer in _open:
            writer.transport.abort()
        _open.clear()
        await asyncio.sleep(0)


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(proxy: Proxy) -> Line:
    """A client's end."""
    line = await asyncio.open_connection("127.0.0.1", proxy.port)
    _open.append(line[1])
    return line


async def ask(line: Line, payload: bytes = PAYLOAD, seconds: float = 10) -> bytes:
    """Sends, and reads as much as an honest answer has."""
    line[1].write(payload)
    async with asyncio.timeout(seconds):
        return await line[0].readexactly(len(payload))


async def test_without_toxics_everything_arrives_unchanged() -> None:
    """Both ways, byte by byte; a client's farewell ends the line."""
    async with echoed() as (proxy, heard):
        line = await connect(proxy)
        assert await ask(line) == PAYLOAD == b"".join(heard)
        line[1].close()
        async with asyncio.timeout(10):
            while proxy.lines:
                await asyncio.sleep(0.01)
        assert proxy.struck.total() == 0


async def test_latency_delays_both_ways() -> None:
    """A request and its answer take twice the latency."""
    async with echoed(Toxics(latency_seconds=0.1)) as (proxy, _):
        began = time.monotonic()
        assert await ask(await connect(proxy), b"x") == b"x"
        assert time.monotonic() - began >= 0.2
        assert proxy.struck["latency_seconds"] == 2


async def test_bandwidth_is_bounded() -> None:
    """20,000 bytes at 100,000 a second take 0.2 s, each way."""
    async with echoed(Toxics(bytes_per_second=100_000)) as (proxy, _):
        began = time.monotonic()
        assert await ask(await connect(proxy)) == PAYLOAD
        assert time.monotonic() - began >= 0.2


async def test_slices_arrive_as_pieces_and_whole() -> None:
    """The server hears many small pieces, which make up what was sent."""
    async with echoed(Toxics(slice_bytes=1)) as (proxy, heard):
        assert await ask(await connect(proxy), PAYLOAD[:100]) == PAYLOAD[:100]
        assert len(heard) > 10


async def test_a_black_hole_takes_everything_and_says_nothing() -> None:
    """No answer, no end; healed, the old line stays lost and a new one works."""
    async with echoed(Toxics(swallows=True)) as (proxy, heard):
        lost = await connect(proxy)
        with pytest.raises(TimeoutError):
            await ask(lost, seconds=0.2)
        assert not heard
        assert not lost[0].at_eof()
        proxy.heal()
        with pytest.raises(TimeoutError):
            await ask(lost, seconds=0.2)
        assert await ask(await connect(proxy)) == PAYLOAD


async def test_a_black_hole_hides_a_farewell_until_it_is_healed() -> None:
    """The server does not hear that its client has gone."""
    async with echoed(Toxics(swallows=True)) as (proxy, _):
        _, writer = await connect(proxy)
        writer.write(b"x")
        async with asyncio.timeout(10):
            while not proxy.struck["swallows"]:
                await asyncio.sleep(0.01)
        writer.close()
        await asyncio.sleep(0.1)
        assert len(proxy.lines) == 1
        proxy.heal()
        async with asyncio.timeout(10):
            while proxy.lines:
                await asyncio.sleep(0.01)


async def test_a_reset_is_no_farewell() -> None:
    """The client sees an error, not an end."""
    async with echoed() as (proxy, _):
        line = await connect(proxy)
        assert await ask(line) == PAYLOAD
        assert proxy.reset() == 1
        with pytest.raises(ConnectionResetError):
            await line[0].read()


async def test_half_closed_the_server_still_hears() -> None:
    """The client is told of an end, while what it sends arrives."""
    async with echoed() as (proxy, heard):
        reader, writer = await connect(proxy)
        assert await ask((reader, writer), b"before") == b"before"
        assert proxy.half_close() == 1
        assert await reader.read() == b""
        writer.write(b"after")
        async with asyncio.timeout(10):
            while b"".join(heard) != b"beforeafter":
                await asyncio.sleep(0.01)


async def test_a_refused_line_is_reset() -> None:
    """Nobody answers, and the server hears nothing."""
    async with echoed(Toxics(refuses=True)) as (proxy, heard):
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await ask(await connect(proxy))
        assert not heard
        assert proxy.struck["refuses"] == 1


async def test_the_answer_to_one_request_is_cut() -> None:
    """The server has heard it and answered; the client only sees a reset. Other requests are answered."""
    async with echoed(Toxics(cut_answer_to=b"COMMIT")) as (proxy, heard):
        line = await connect(proxy)
        assert await ask(line, b"BEGIN") == b"BEGIN"
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await ask(line, b"COMMIT")
        assert heard == [b"BEGIN", b"COMMIT"]
        assert proxy.struck["cut_answer_to"] == 1


async def test_an_answer_is_cut_in_its_middle() -> None:
    """After so many bytes of a line comes a reset."""
    async with echoed(Toxics(cut_answers_after_bytes=1500)) as (proxy, _):
        line = await connect(proxy)
        assert await ask(line, b"y" * 1000) == b"y" * 1000
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await ask(line, b"y" * 1000)


async def test_a_server_that_is_away_is_a_reset() -> None:
    """As if nobody stood between."""
    async with echoed() as (proxy, _):
        proxy.target_port = 1
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await ask(await connect(proxy))

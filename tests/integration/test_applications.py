"""Applications on real servers: requests over Redis and Postgres, waiting, the feed and credentials; both drivers."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest
from redis.asyncio import Redis

import savvycal_sync
from savvycal_sync import CursorRefused, ResyncRejected, WaitRejected, feed
from savvycal_sync.queue import URGENT
from tests.support.docs_generated import ROOT
from tests.support.harness import Harness, until, working
from tests.support.vaulted import KEYRING_TEXT
from worker.core.model import Kind

APPLICATION = """
import asyncio, os, sys
import worker
import savvycal_sync
import asyncpg

async def main():
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    print(worker.OURS, savvycal_sync.__file__)
    print(await savvycal_sync.resync("2026-01-01..2026-02-01"))
    print(*await savvycal_sync.resync(sys.argv[1], database=connection, wait=20))
    await connection.close()

asyncio.run(main())
"""
"""An application with a package of its own that is called `worker`."""


IS_WAITING = (
    "select true from pg_stat_activity where query like 'select cursor%changes_since%' and state = 'idle' limit 1"
)


@pytest.fixture(params=["asyncpg", "psycopg"])
async def connection(request: Any, mirrored_url: str) -> AsyncIterator[Any]:
    """A connection of an application."""
    if request.param == "asyncpg":
        found: Any = await asyncpg.connect(mirrored_url)
    else:
        found = await psycopg.AsyncConnection.connect(mirrored_url, autocommit=True)
    yield found
    await found.close()


async def test_an_application_with_a_package_called_worker(
    harness: Harness, mirrored_url: str, redis_url: str, tmp_path: Path
) -> None:
    """Its own package is found first; requests go out over Redis and over Postgres."""
    (tmp_path / "worker").mkdir()
    (tmp_path / "worker" / "__init__.py").write_text("OURS = 'application'\n")
    (tmp_path / "application.py").write_text(APPLICATION)
    event = harness.world.book_event(state="confirmed")["id"]
    environ = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}", "DATABASE_URL": mirrored_url, "REDIS_URL": redis_url}
    async with working(harness):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(tmp_path / "application.py"), event),
            cwd=tmp_path,
            env=environ,
            stdout=subprocess.PIPE,
        )
        output, _ = await asyncio.wait_for(process.communicate(), 40)
    assert process.returncode == 0
    first, job_id, answer = output.decode().splitlines()
    assert first == f"application {ROOT}/savvycal_sync/__init__.py"
    async with Redis.from_url(redis_url) as redis:
        assert [member.decode() for member in await redis.zrange(URGENT, 0, -1)] == [job_id]
    assert answer == "done 1 None"


async def test_both_drivers_ask_and_wait(harness: Harness, connection: Any) -> None:
    """A resync with its answer, a ticket that is waited for later, and a booking that was just made."""
    event = harness.world.book_event(state="confirmed")["id"]
    async with working(harness):
        assert await savvycal_sync.resync(event, database=connection, wait=20) == ("done", 1, None)
        ticket = await savvycal_sync.resync(event, database=connection)
        assert await savvycal_sync.wait(ticket, database=connection) == ("unchanged", 1, None)
        assert await savvycal_sync.wait_until("event", event, database=connection) == 1
        assert await savvycal_sync.wait_until("event", "event_never", database=connection, seconds=0.1) is None
    ticket = await savvycal_sync.resync("odd-id", product="appointments", database=connection)
    assert await savvycal_sync.wait(ticket, database=connection, seconds=0) == ("timed out", None, None)


async def test_requests_that_cannot_be_answered_are_refused_in_words(harness: Harness, connection: Any) -> None:
    """Nothing is queued, and the sentence is the one of the function in Postgres."""
    for refused, words in (
        (savvycal_sync.resync("event_1", database=connection, account="nobody"), "nothing of that kind is mirrored"),
        (savvycal_sync.resync("event_1", database=connection, account="no name"), "not the name of an account"),
        (savvycal_sync.resync("all", database=connection), "a range or all needs the argument redis"),
        (savvycal_sync.resync("event_1", wait=20), "pass a connection as database"),  # type: ignore[call-overload]
    ):
        with pytest.raises(ResyncRejected, match=words):
            await refused
    with pytest.raises(WaitRejected, match=r"^there is no such ticket;[^\n]*$"):
        await savvycal_sync.wait("none", database=connection)
    with pytest.raises(WaitRejected, match="kind must be event, appointment or link"):
        await savvycal_sync.wait_until("meeting", "amtg_1", database=connection)
    assert await harness.value("select count(*) from savvycal._tickets") == 0


async def test_nobody_waits_inside_a_transaction(harness: Harness, connection: Any) -> None:
    """What waits there would never be answered; a request without waiting is part of the transaction."""
    async with connection.transaction():
        ticket = await savvycal_sync.resync("event_1", database=connection)
        for refused in (
            savvycal_sync.resync("event_2", database=connection, wait=1),
            savvycal_sync.changes("", database=connection, wait=1),
            savvycal_sync.reveal("amtg_1", database=connection, keys=KEYRING_TEXT),
        ):
            with pytest.raises(WaitRejected, match="outside any transaction"):
                await refused
    assert await harness.value("select object_id from savvycal._tickets where id = $1", ticket) == "event_1"


async def test_psycopg_without_autocommit_is_always_in_one(harness: Harness, mirrored_url: str) -> None:
    """Its first statement would begin a transaction."""
    async with await psycopg.AsyncConnection.connect(mirrored_url) as connection:
        with pytest.raises(WaitRejected, match="autocommit=True"):
            await savvycal_sync.resync("event_1", database=connection, wait=1)


async def test_the_feed_is_read_and_waited_for(harness: Harness, connection: Any, monkeypatch: Any) -> None:
    """From the beginning, from a snapshot, and as changes come: a notice wakes the reader."""
    monkeypatch.setattr(feed, "ASK_AGAIN_SECONDS", 60)
    event = harness.world.book_event(state="confirmed")["id"]
    await harness.reconcile(Kind.EVENT, event)
    (created,) = await savvycal_sync.changes("", database=connection)
    assert (created.account, created.kind, created.id, created.version) == ("default", "event", event, 1)
    (stored,) = await savvycal_sync.snapshot(database=connection)
    assert (stored.cursor, stored.id, stored.change) == (created.cursor, event, "created")
    assert await savvycal_sync.changes(stored.cursor, database=connection, wait=0.1) == []
    waiting = asyncio.create_task(savvycal_sync.changes(stored.cursor, database=connection, account=None, wait=30))
    await until(lambda: harness.value(IS_WAITING))
    harness.world.edit_event(event, summary="new")
    await harness.reconcile(Kind.EVENT, event)
    async with asyncio.timeout(10):
        assert [(found.version, found.change) for found in await waiting] == [(2, "updated")]


async def test_a_cursor_that_cannot_be_honoured_is_refused(harness: Harness, connection: Any) -> None:
    """With the reason, as one sentence, whatever the driver adds."""
    with pytest.raises(CursorRefused, match=r"^change feed: that is not a cursor of this feed;[^\n]*$"):
        await savvycal_sync.changes("yesterday", database=connection)
    with pytest.raises(CursorRefused, match="no account of that name"):
        await savvycal_sync.changes("", database=connection, account="nobody")


async def test_other_connections_are_refused(mirrored_url: str) -> None:
    """A pool, a synchronous connection and an address are not what is needed; the error names what is."""
    async with asyncpg.create_pool(mirrored_url, min_size=0) as pool:
        with psycopg.connect(mirrored_url) as synchronous:
            for wrong in (pool, synchronous, mirrored_url):
                with pytest.raises(TypeError, match="a connection of asyncpg or an AsyncConnection of psycopg"):
                    await savvycal_sync.snapshot(database=wrong)  # type: ignore[arg-type]

"""Read your writes: a ticket is answered by a reconcile that began after its request was committed, never before."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from savvycal_sync import resync, wait_until
from tests.support.harness import Harness, working
from worker.core.model import Kind
from worker.store import work_queue
from worker.store.work_queue import Job
from worker.sync import loop

ASK = "select savvycal.request_resync($1, $2)"
WAIT = "select result, version, detail from savvycal.wait($1, $2)"


@pytest.fixture
async def reader(mirrored_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(mirrored_url)
    yield connection
    await connection.close()


async def test_what_a_reconcile_finds_is_the_answer(harness: Harness, reader: Any) -> None:
    """done with its version, unchanged, unknown id, deleted, unreadable."""
    event = harness.world.book_event(state="confirmed")["id"]
    async with working(harness):
        assert await resync(event, database=reader, wait=20) == ("done", 1, None)
        assert await resync(event, database=reader, wait=20) == ("unchanged", 1, None)
        harness.world.edit_event(event, summary="new")
        assert await resync(event, database=reader, wait=20) == ("done", 2, None)
        assert (await resync("event_nobody", database=reader, wait=20)).result == "unknown id"
    harness.world.delete("event", event)
    ticket = await reader.fetchval(ASK, "event", event)
    await loop.work(harness.context)
    assert (await reader.fetchrow(WAIT, ticket, 0))["result"] == "timed out", "one 404 is no proof"
    await harness.advance_a_minute()
    await harness.work_as_if_due()
    assert tuple(await reader.fetchrow(WAIT, ticket, 0)) == ("deleted", 3, None)
    async with working(harness):
        assert (await resync(event, database=reader, wait=20)).result == "deleted"


async def test_sql_waits_and_python_hears(harness: Harness, reader: Any) -> None:
    """wait() in SQL sees the result of another session; wait_until() sees a booking that was just made."""
    event = harness.world.book_event(state="confirmed")["id"]
    ticket = await reader.fetchval(ASK, "event", event)
    waiting = asyncio.create_task(reader.fetchrow(WAIT, ticket, 20))
    async with working(harness):
        assert tuple(await waiting) == ("done", 1, None)
        assert await reader.fetchval("select savvycal.wait_until('event', $1, 0)", event) == 1
        assert await wait_until("event", event, database=reader) == 1
        assert await wait_until("event", "event_never", database=reader, seconds=0.1) is None


async def test_a_reconcile_that_had_begun_answers_nobody(harness: Harness, reader: Any, monkeypatch: Any) -> None:
    """Asked while SavvyCal answers an earlier read: that answer may be older than the request."""
    event = harness.world.book_event(summary="old")["id"]
    endpoint: Any = harness.context.endpoint_for("default", Kind.EVENT)
    fetched, goes_on, fetch_one = asyncio.Event(), asyncio.Event(), type(endpoint).fetch_one

    async def held_up(self: Any, *given: Any, **named: Any) -> bytes:
        found: bytes = await fetch_one(self, *given, **named)
        fetched.set()
        await goes_on.wait()
        return found

    monkeypatch.setattr(type(endpoint), "fetch_one", held_up)
    first = await reader.fetchval(ASK, "event", event)
    async with harness.db.connection() as connection:
        (item,) = await work_queue.claim(connection, Job.OBJECT, harness.context.reachable(), {"default": 1}, uuid4())
    read = asyncio.create_task(loop.reconcile(harness.context, item))
    await fetched.wait()
    harness.world.edit_event(event, summary="new")
    second = await reader.fetchval(ASK, "event", event)
    goes_on.set()
    await read
    assert tuple(await reader.fetchrow(WAIT, first, 0)) == ("done", 1, None)
    assert (await reader.fetchrow(WAIT, second, 0))["result"] == "timed out"
    await loop.work(harness.context)
    assert tuple(await reader.fetchrow(WAIT, second, 0)) == ("done", 2, None)


async def test_what_fails_is_told(harness: Harness, reader: Any) -> None:
    """unreachable while it is tried again, dead letter once it was given up."""
    event = harness.world.book_event(state="confirmed")["id"]
    ticket = await reader.fetchval(ASK, "event", event)
    await harness.execute("update savvycal._work set last_error = 'no answer' where key = $1", event)
    assert tuple(await reader.fetchrow(WAIT, ticket, 0)) == ("unreachable", None, "no answer")
    await harness.execute("update savvycal._work set attempts = 1000 where key = $1", event)
    await loop.work(harness.context)
    row = await reader.fetchrow(WAIT, ticket, 0)
    assert row["result"] == "dead letter"
    assert "ended together with their worker" in row["detail"]


REFUSED = {
    "its own transaction": (
        f"select savvycal.wait(({ASK.replace('$1', repr('event')).replace('$2', repr('event_1'))}))",
        "commit it first",
    ),
    "unknown": ("select savvycal.wait('no ticket')", "no such ticket"),
    "too long": ("select savvycal.wait('x', 31)", "0 to 30 seconds"),
    "no kind": ("select savvycal.wait_until('meeting', 'amtg_1')", "event, appointment or link"),
    "no account": ("select savvycal.wait_until('event', 'event_1', 1, 'nobody')", "no account of that name"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_would_wait_in_vain_raises(harness: Harness, reader: Any, name: str) -> None:
    """In words, at once."""
    statement, words = REFUSED[name]
    with pytest.raises(asyncpg.PostgresError, match=words):
        await reader.fetchval(statement)


async def test_one_snapshot_cannot_wait_and_twenty_are_enough(harness: Harness, reader: Any, mirrored_url: str) -> None:
    """A transaction in REPEATABLE READ would never see the result; the twenty-first is sent away."""
    ticket = await reader.fetchval(ASK, "event", "event_1")
    async with reader.transaction(isolation="repeatable_read"):
        with pytest.raises(asyncpg.PostgresError, match="READ COMMITTED"):
            await reader.fetchrow(WAIT, ticket, 0)
    async with reader.transaction():
        for slot in range(1, 21):
            await reader.execute("select pg_advisory_xact_lock(hashtext('savvycal:wait'), $1)", slot)
        other = await asyncpg.connect(mirrored_url)
        try:
            with pytest.raises(asyncpg.PostgresError, match="twenty others"):
                await other.fetchrow(WAIT, ticket, 0)
        finally:
            await other.close()


async def test_tickets_of_many_requests_are_never_true_early(harness: Harness, mirrored_url: str) -> None:
    """What SavvyCal had when the request was committed is stored when the ticket is answered."""
    chance = random.Random(6)
    events = [harness.world.book_event(summary="0")["id"] for _ in range(5)]
    counts = dict.fromkeys(events, 0)

    async def ask(number: int) -> None:
        connection = await asyncpg.connect(mirrored_url)
        try:
            for _ in range(8):
                event = chance.choice(events)
                counts[event] += 1
                mine = counts[event]
                harness.world.edit_event(event, summary=str(mine))
                answer = await resync(event, database=connection, wait=20)
                stored = await connection.fetchval("select summary from savvycal.events where id = $1", event)
                assert answer.result in {"done", "unchanged"}
                assert int(stored) >= mine, f"asker {number} was told too early"
        finally:
            await connection.close()

    async with working(harness), working(harness):
        await asyncio.gather(*(ask(number) for number in range(6)))
    assert await harness.value("select count(*) from savvycal._tickets where result is null") == 0

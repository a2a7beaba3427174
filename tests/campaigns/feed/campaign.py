"""Kills a consumer at random moments while objects change, then compares what it has with the tables."""

import asyncio
import random
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from tests.campaigns.feed import consumers
from tests.support.harness import Harness, until
from worker.core.model import Kind
from worker.store import change_feed

SECONDS_MAX = 0.15
"""The longest life of a consumer that is killed: once connected, it applies a few batches in less. On a machine that is
busy it gets longer, until the first one has moved the cursor."""
CONNECT_SECONDS = 30
DELETIONS_MAX = 15
"""The delete guard holds back more than 20 an hour."""

_DIFFERING = (
    "select count(*) from public.crm_bookings b full join (select kind, id, version, change = 'deleted' as is_deleted "
    "from savvycal.feed_snapshot()) s using (kind, id, version, is_deleted) where b.kind is null or s.kind is null"
)


_IS_NEAR = (
    "select savvycal._last_position() - coalesce(nullif(split_part(cursor, '.', 1), '')::bigint, 0) < 20 "
    "from public.crm_cursor"
)
"""A consumer that is far behind would be killed within its first transaction each time, and never get on."""


@dataclass
class Counters:
    """What was done and found. `ended`: consumers that ended by themselves, as after a change that is applied twice."""

    kills: int = 0
    moved: int = 0
    """After how many lives the cursor was another one."""
    changes: int = 0
    ended: int = 0
    differing: int = 0


async def run(harness: Harness, url: str, consumer: str, kills: int, seed: int, beside: bool = False) -> Counters:
    """Kills a consumer so many times; the last one catches up, and what it has is compared.

    `beside`: another one that lives on has the same cursor.
    """
    chance, counters = random.Random(seed), Counters()
    await _create_tables(harness)
    other = await _start(consumer, url) if beside else None
    world = asyncio.create_task(_change(harness, chance))
    try:
        while counters.kills < kills:
            cursor = await harness.value("select cursor from public.crm_cursor")
            slowness = 1 if counters.moved else 1 + counters.kills  # until it is known to get anywhere on this machine
            await _live_and_die(consumer, url, chance.random() * SECONDS_MAX * slowness, counters)
            counters.moved += await harness.value("select cursor <> $1 from public.crm_cursor", cursor)
            assert not world.done(), world
    finally:
        world.cancel()
        await asyncio.gather(world, return_exceptions=True)
        await change_feed.publish(harness.db)  # as the schedule would: a writer may have been canceled before it did
    last = await _start(consumer, url)
    try:
        await until(lambda: _is_equal(harness), 45)
    except TimeoutError:
        counters.differing = await harness.value(_DIFFERING)
    finally:
        for process in filter(None, (last, other)):
            counters.ended += not process.is_alive()
            await _kill(process)
    counters.changes = await harness.value("select count(*) from savvycal.changes")
    return counters


async def _create_tables(harness: Harness) -> None:
    async with harness.db.connection() as connection:
        await connection.execute("set search_path = public")
        for statement in (*consumers.TABLES, "create table crm_seen (cursor text primary key)"):
            await connection.execute(statement)
        await connection.execute("reset search_path")


async def _live_and_die(consumer: str, url: str, seconds: float, counters: Counters) -> None:
    process = await _start(consumer, url)
    await asyncio.sleep(seconds)
    counters.ended += not process.is_alive()
    await _kill(process)
    counters.kills += 1


async def _start(consumer: str, url: str) -> BaseProcess:
    """A process, once it is connected; it has everything imported already."""
    context = get_context("forkserver")
    context.set_forkserver_preload([consumers.__name__])
    connected = context.Event()
    process = context.Process(target=consumers.main, args=(consumer, url, connected), daemon=True)
    process.start()
    assert await asyncio.to_thread(connected.wait, CONNECT_SECONDS)
    return process


async def _kill(process: BaseProcess) -> None:
    process.kill()
    await asyncio.to_thread(process.join)


async def _is_equal(harness: Harness) -> bool:
    return bool(await harness.value(_DIFFERING) == 0)


async def _change(harness: Harness, chance: random.Random) -> None:
    """Books, edits and deletes, and lets the mirror see it, until it is canceled."""
    events: list[str] = [harness.world.book_event(state="confirmed")["id"] for _ in range(5)]
    number = 0
    while True:
        await until(lambda: harness.value(_IS_NEAR))
        number += 1
        one = chance.choice(events)
        if number % 40 == 0 and number <= 40 * DELETIONS_MAX:
            events.append(harness.world.book_event(state="confirmed")["id"])
            events.remove(one)
            await _delete(harness, one)
        else:
            harness.world.edit_event(one, summary=f"{number} {chance.random()}")
            await harness.reconcile(Kind.EVENT, one)


async def _delete(harness: Harness, event: str) -> None:
    harness.world.delete("event", event)
    await harness.reconcile(Kind.EVENT, event)
    await harness.advance_a_minute()
    await harness.work_as_if_due()

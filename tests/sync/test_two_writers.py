"""Two workers over the same object at the same moment: found by `make chaos`, pinned here."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from tests.sync.stage import Stage, until
from worker.core.model import Kind, Product, Via
from worker.store import objects
from worker.store.database import Connection
from worker.sync.batch import Look
from worker.sync.ingest import Outcome, ingest, nothing_else

WAITS = """
select exists (select from pg_stat_activity
               where datname = current_database() and application_name = 'savvycal-sync' and wait_event_type = 'Lock')
"""

WRITES = """
select exists (select from pg_locks where mode = 'RowExclusiveLock' and relation = 'savvycal.snapshots'::regclass)
"""


async def look_of(stage: Stage) -> Look:
    async with stage.db.connection() as connection:
        return Look("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)


async def test_a_writer_that_waited_sees_the_body_that_was_written_meanwhile(stage: Stage) -> None:
    """It waits for the other's lock, and compares with the version that came out of it."""
    endpoint: Any = stage.mirror.endpoint("default", Product.MEETINGS)
    event = stage.world.book_event(summary="one")["id"]
    await stage.look(Kind.EVENT, event)
    stage.world.edit_event(event, summary="two")
    second, second_look, may_commit = await endpoint.fetch_one(event), await look_of(stage), asyncio.Event()
    stage.world.edit_event(event, summary="three")
    third, third_look = await endpoint.fetch_one(event), await look_of(stage)

    async def hold(_connection: Connection, _outcome: Outcome) -> None:
        await may_commit.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(ingest(stage.db, endpoint.source, second_look, [second], nothing_else, hold))
        await until(lambda: stage.value(WRITES))
        group.create_task(ingest(stage.db, endpoint.source, third_look, [third], nothing_else, nothing_else))
        await until(lambda: stage.value(WAITS))
        may_commit.set()
    said = "select body->>'summary' as said from savvycal.snapshots where id = $1 order by version"
    assert [row["said"] for row in await stage.rows(said, event)] == ["one", "two", "three"]


async def test_a_page_and_a_look_do_not_wait_for_each_other_in_a_circle(stage: Stage) -> None:
    """Both take the target first, then the object: the page waits at the target, the look finds its object free."""
    endpoint: Any = stage.mirror.endpoint("default", Product.APPOINTMENTS)
    appointment = stage.world.book_appointment(meeting_status="pending")["id"]
    await stage.look(Kind.APPOINTMENT, appointment)
    await stage.execute("update savvycal._targets set due_at = 'infinity' where id = $1", appointment)
    stage.world.set_meeting_status(appointment, "failed")
    raw, look = await endpoint.fetch_one(appointment), await look_of(stage)
    async with stage.db.transaction() as connection:
        await connection.execute("select from savvycal._targets where id = $1 for update", appointment)
        page = asyncio.create_task(ingest(stage.db, endpoint.source, look, [raw], nothing_else, nothing_else))
        await until(lambda: stage.value(WAITS))
        free = "select count(*) from (select from savvycal.appointments where id = $1 for update nowait) as locked"
        assert await connection.fetchval(free, appointment) == 1
    await page
    assert await stage.value("select count(*) from savvycal._targets where due_at < 'infinity'") == 1


async def test_a_page_does_not_wait_for_a_look_that_waits_for_the_page(stage: Stage, monkeypatch: Any) -> None:
    """A page that finds itself overtaken plans a look, while a look at the same object has the target and wants it."""
    endpoint: Any = stage.mirror.endpoint("default", Product.MEETINGS)
    event = stage.world.book_event(summary="one")["id"]
    await stage.look(Kind.EVENT, event)
    old, page_look = await endpoint.fetch_one(event), await look_of(stage)
    stage.world.edit_event(event, summary="two")
    await stage.look(Kind.EVENT, event)
    reached, goes_on, catch_up = asyncio.Event(), asyncio.Event(), objects.catch_up

    async def held_up(connection: Connection, fence: int) -> None:
        if not reached.is_set():
            reached.set()
            await goes_on.wait()
        await catch_up(connection, fence)

    monkeypatch.setattr(objects, "catch_up", held_up)
    page = asyncio.create_task(ingest(stage.db, endpoint.source, page_look, [old], nothing_else, nothing_else))
    await reached.wait()
    look = asyncio.create_task(stage.work_as_if_due())
    await until(lambda: stage.value(WAITS))
    goes_on.set()
    await asyncio.gather(page, look)
    assert await stage.value("select count(*) from savvycal._targets where last_error is not null") == 0


async def test_new_objects_are_locked_before_rows(stage: Stage) -> None:
    """Two batches over the same new object, one of which holds a known one, too, do not wait in a circle."""
    await stage.sweep(Product.MEETINGS)
    one = await stage.value("select min(id) from savvycal.events")
    copy = (
        "insert into savvycal.events select (jsonb_populate_record(e, jsonb_build_object('id', 'event_m'))).* "
        "from savvycal.events e where id = $1"
    )
    async with stage.db.transaction() as connection:
        await connection.execute(objects.SQL["lock_new"], "default", Kind.EVENT)
        await stage.execute(copy, one)

        async def load() -> list[str]:
            async with stage.db.transaction() as other:
                found = await objects.load_stored(other, "default", Kind.EVENT, ["event_m", "event_n"], is_any_new=True)
                return list(found)

        second = asyncio.create_task(load())
        await until(lambda: stage.value(WAITS))
        assert list(await objects.load_stored(connection, "default", Kind.EVENT, ["event_m"])) == ["event_m"]
    assert await second == ["event_m"]

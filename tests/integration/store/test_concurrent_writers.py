"""Two workers over the same object at the same moment: found by `make chaos`, pinned here."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from tests.support.harness import Harness, until
from tests.support.writing import write_records
from worker.core.model import Kind, Product, Via
from worker.store import objects
from worker.store.database import Connection
from worker.sync.batch import Provenance

WAITS = """
select exists (select from pg_stat_activity
               where datname = current_database() and application_name = 'savvycal-sync' and wait_event_type = 'Lock')
"""

WRITES = """
select exists (select from pg_locks where mode = 'RowExclusiveLock' and relation = 'savvycal.snapshots'::regclass)
"""


async def provenance_of(harness: Harness) -> Provenance:
    async with harness.db.connection() as connection:
        return Provenance("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)


async def test_a_writer_that_waited_sees_the_body_that_was_written_meanwhile(harness: Harness) -> None:
    """It waits for the other's lock, and compares with the version that came out of it."""
    endpoint: Any = harness.context.endpoint("default", Product.MEETINGS)
    event = harness.world.book_event(summary="one")["id"]
    await harness.reconcile(Kind.EVENT, event)
    harness.world.edit_event(event, summary="two")
    second, second_read, may_commit = await endpoint.fetch_one(event), await provenance_of(harness), asyncio.Event()
    harness.world.edit_event(event, summary="three")
    third, third_read = await endpoint.fetch_one(event), await provenance_of(harness)

    async def hold() -> None:
        await may_commit.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(write_records(harness.db, endpoint.source, second_read, [second], after=hold))
        await until(lambda: harness.value(WRITES))
        group.create_task(write_records(harness.db, endpoint.source, third_read, [third]))
        await until(lambda: harness.value(WAITS))
        may_commit.set()
    said = "select body->>'summary' as said from savvycal.snapshots where id = $1 order by version"
    assert [row["said"] for row in await harness.rows(said, event)] == ["one", "two", "three"]


async def test_a_page_and_a_read_do_not_wait_for_each_other_in_a_circle(harness: Harness) -> None:
    """Both lock the work item first, then the object: the page waits for the item, the read finds its object free."""
    endpoint: Any = harness.context.endpoint("default", Product.APPOINTMENTS)
    appointment = harness.world.book_appointment(meeting_status="pending")["id"]
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    await harness.execute("update savvycal._work set due_at = 'infinity' where key = $1", appointment)
    harness.world.set_meeting_status(appointment, "failed")
    raw, provenance = await endpoint.fetch_one(appointment), await provenance_of(harness)
    async with harness.db.transaction() as connection:
        await connection.execute("select from savvycal._work where key = $1 for update", appointment)
        page = asyncio.create_task(write_records(harness.db, endpoint.source, provenance, [raw]))
        await until(lambda: harness.value(WAITS))
        free = "select count(*) from (select from savvycal.appointments where id = $1 for update nowait) as locked"
        assert await connection.fetchval(free, appointment) == 1
    await page
    assert await harness.value("select count(*) from savvycal._work where due_at < 'infinity'") == 1


async def test_a_page_does_not_wait_for_a_read_that_waits_for_the_page(harness: Harness, monkeypatch: Any) -> None:
    """A superseded page plans a read, while a read of the same object holds the work item and waits for the object."""
    endpoint: Any = harness.context.endpoint("default", Product.MEETINGS)
    event = harness.world.book_event(summary="one")["id"]
    await harness.reconcile(Kind.EVENT, event)
    old, page_provenance = await endpoint.fetch_one(event), await provenance_of(harness)
    harness.world.edit_event(event, summary="two")
    await harness.reconcile(Kind.EVENT, event)
    reached, goes_on, advance_fence_sequence = asyncio.Event(), asyncio.Event(), objects.advance_fence_sequence

    async def held_up(connection: Connection, fence: int) -> None:
        if not reached.is_set():
            reached.set()
            await goes_on.wait()
        await advance_fence_sequence(connection, fence)

    monkeypatch.setattr(objects, "advance_fence_sequence", held_up)
    page = asyncio.create_task(write_records(harness.db, endpoint.source, page_provenance, [old]))
    await reached.wait()
    read = asyncio.create_task(harness.work_as_if_due())
    await until(lambda: harness.value(WAITS))
    goes_on.set()
    await asyncio.gather(page, read)
    assert await harness.value("select count(*) from savvycal._work where last_error is not null") == 0


async def test_new_objects_are_locked_before_rows(harness: Harness) -> None:
    """Two batches over the same new object, one of which holds a known one, too, do not wait in a circle."""
    await harness.scan(Product.MEETINGS)
    one = await harness.value("select min(id) from savvycal.events")
    copy = (
        "insert into savvycal.events select (jsonb_populate_record(e, jsonb_build_object('id', 'event_m'))).* "
        "from savvycal.events e where id = $1"
    )
    async with harness.db.transaction() as connection:
        await connection.execute(objects.SQL["lock_new"], "default", Kind.EVENT)
        await harness.execute(copy, one)

        async def load() -> list[str]:
            async with harness.db.transaction() as other:
                found = await objects.load_stored(other, "default", Kind.EVENT, ["event_m", "event_n"], is_any_new=True)
                return list(found)

        second = asyncio.create_task(load())
        await until(lambda: harness.value(WAITS))
        assert list(await objects.load_stored(connection, "default", Kind.EVENT, ["event_m"])) == ["event_m"]
    assert await second == ["event_m"]

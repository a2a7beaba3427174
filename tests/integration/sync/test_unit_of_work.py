"""One transaction holds a batch and what it was read for, whatever Postgres refuses of it."""

import asyncio
from datetime import UTC, datetime

import pytest

from tests.support.harness import Harness
from worker.core.json_text import encode
from worker.core.model import Product, Via
from worker.errors import LeaseLost, StoreUnavailable
from worker.store import objects
from worker.store.database import Connection
from worker.sync import unit_of_work
from worker.sync.batch import Batch, Provenance, read
from worker.sync.write import Outcome, write

REFUSES = """
create function public.refuse() returns trigger language plpgsql as $$ begin
  if new.summary = 'bad' then raise exception 'bad' using errcode = '22023'; end if;
  if new.summary = 'no room' then raise exception 'no room' using errcode = '53100'; end if;
  return new;
end $$;
create trigger refuse before insert on savvycal.events for each row execute function public.refuse();
"""
"""Stands for what Postgres may have against a record: data it refuses, or a disk that is full."""

LOCK = "select from savvycal.events where id = $1 for update"
IDS = "select id from savvycal.events order by id"


async def _batch(harness: Harness, *summaries: str) -> tuple[Batch, list[str]]:
    """A page of new events with these summaries, in the order of their ids, and the ids."""
    endpoint = harness.context.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    ids = sorted(harness.world.book_event()["id"] for _ in summaries)
    for object_id, summary in zip(ids, summaries, strict=True):
        harness.world.edit_event(object_id, summary=summary)
    async with harness.db.connection() as connection:
        provenance = Provenance("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)
    raws = [encode(harness.world.document("event", object_id)) for object_id in ids]
    return await read(harness.db, endpoint.source, [(provenance, raws)]), ids


async def test_a_refused_record_stops_nothing_but_itself(harness: Harness) -> None:
    """The other records of the batch are written, in the transaction of the unit; it goes to quarantine."""
    await harness.execute(REFUSES)
    batch, (first, bad, last) = await _batch(harness, "good", "bad", "good")
    outcome = await unit_of_work.run(harness.db, batch, write)
    assert (outcome.count.read, outcome.count.written, outcome.count.quarantined) == (3, 2, 1)
    assert [row["id"] for row in await harness.rows(IDS)] == [first, last]
    assert [row["id"] for row in await harness.rows("select id from savvycal.quarantine")] == [bad]


async def test_a_divided_batch_is_written_as_a_whole_or_not_at_all(harness: Harness) -> None:
    """A lease that was lost takes the good records of a refused batch with it."""
    await harness.execute(REFUSES)
    batch, _ = await _batch(harness, "good", "bad")

    async def unit(connection: Connection, given: Batch) -> None:
        await write(connection, given)
        raise LeaseLost("somebody else holds it now")

    with pytest.raises(LeaseLost):
        await unit_of_work.run(harness.db, batch, unit)
    assert await harness.rows(IDS) == []


async def test_what_is_not_about_the_data_puts_no_record_into_quarantine(harness: Harness) -> None:
    """A full disk, met while the records are written one by one, ends the unit: all of it is tried again later."""
    await harness.execute(REFUSES)
    batch, _ = await _batch(harness, "bad", "no room")
    with pytest.raises(StoreUnavailable):
        await unit_of_work.run(harness.db, batch, write)
    assert await harness.value("select count(*) from savvycal.quarantine") == 0


async def test_a_deadlock_restarts_the_unit(harness: Harness) -> None:
    """Two units wait for each other: Postgres ends one of them, which then begins again and is written as well."""
    batch, ids = await _batch(harness, "one", "two")
    await unit_of_work.run(harness.db, batch, write)
    both_hold_one, calls = asyncio.Barrier(2), 0

    async def write_after(connection: Connection, given: Batch, order: list[str]) -> Outcome:
        nonlocal calls
        calls += 1
        is_restart = calls > 2
        await connection.execute(LOCK, order[0])
        if not is_restart:
            await both_hold_one.wait()
        await connection.execute(LOCK, order[1])
        return await write(connection, given)

    batch, _ = await _batch(harness, "three")
    await asyncio.gather(
        unit_of_work.run(harness.db, batch, lambda connection, given: write_after(connection, given, ids)),
        unit_of_work.run(harness.db, batch, lambda connection, given: write_after(connection, given, ids[::-1])),
    )
    assert calls == 3
    assert await harness.value("select count(*) from savvycal.events") == 3

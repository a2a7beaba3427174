"""The work queue's promises: no request is lost, none is worked off twice at once, and rows never go back in time."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import asyncpg
import pytest
from msgspec import structs

from tests.support.harness import Harness, until
from tests.support.writing import write_records
from worker.core.decide import Superseded, decide
from worker.core.model import Kind, Observation, Product, Stored, Via
from worker.core.result import Priority
from worker.core.windows import Bounds
from worker.errors import LeaseLost, StoreError
from worker.simulator import Fault
from worker.store import clock, objects, scans, work_queue
from worker.store.scans import WindowKey
from worker.store.work_queue import Job
from worker.sync import loop, requests
from worker.sync.batch import Provenance

REFUSES = """
create function public.refuse() returns trigger language plpgsql as
$$ begin raise exception 'busy' using errcode = '55P03'; end $$;
create trigger refuses before insert on savvycal.snapshots for each statement execute function public.refuse();
"""


async def _asked(harness: Harness, event: str) -> int:
    return sum(event in request.path for request in harness.world.requests)


@pytest.mark.parametrize("settled", [False, True])
async def test_two_hundred_requests_during_a_read_cause_one_more(harness: Harness, settled: bool) -> None:
    """The generation rises while the read runs: exactly two reads, however many asked and whatever else is due."""
    event = harness.world.book_event()["id"]
    if settled:
        harness.world.cancel_event(event)
        await harness.reconcile(Kind.EVENT, event)
        await harness.work_as_if_due()  # confirmed, too: nothing is planned any more
        harness.world.requests.clear()
    harness.world.faults.append(Fault(kind="drip", match=f"GET /meetings/v1/events/{event}", times=1))
    await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    running = asyncio.create_task(loop.work(harness.context))
    held = "select lease_token is not null from savvycal._work where key = $1"
    await until(lambda: harness.value(held, event))
    answers = {await requests.resync_object(harness.context, Kind.EVENT, event, "default") for _ in range(200)}
    await running
    await loop.work(harness.context)
    assert answers == {"running"}
    assert await _asked(harness, event) == 2
    planned = await harness.rows(
        "select reasons, due_at > clock_timestamp() as is_later from savvycal._work where job = 'object'"
    )
    assert planned == ([] if settled else [{"reasons": ["confirm"], "is_later": True}])


async def test_requests_for_a_waiting_object_are_merged(harness: Harness) -> None:
    """Twice asked before anybody read is one read."""
    event = harness.world.book_event()["id"]
    first = await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    second = await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    assert (first, second) == ("queued", "merged")
    await loop.work(harness.context)
    assert await _asked(harness, event) == 1


async def test_sql_asks_like_everybody_else(harness: Harness) -> None:
    """request_resync() gives a ticket, and refuses what is no id."""
    event = harness.world.book_event()["id"]
    tickets = {await harness.value("select savvycal.request_resync('event', $1)", event) for _ in range(2)}
    assert len(tickets) == 2
    for wrong in (("event", "no id"), ("meeting", "amtg_1"), ("event", event, "nobody")):
        with pytest.raises(StoreError, match="22023"):
            await harness.value(f"select savvycal.request_resync({', '.join(repr(word) for word in wrong)})")
    await loop.work(harness.context)
    via = await harness.value("select via from savvycal.snapshots where id = $1", event)
    assert via == "resync"


async def test_two_workers_share_the_work_and_never_an_object(harness: Harness) -> None:
    """Eight workers at once: every object is read once."""
    for event in harness.world.documents("event"):
        await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    harness.world.requests.clear()
    await asyncio.gather(*(loop.work(harness.context) for _ in range(8)))
    assert len(harness.world.requests) == 30
    assert await harness.value("select count(*) from savvycal.events") == 30


async def test_a_lapsed_lease_lets_the_other_worker_in_and_the_late_write_changes_nothing(harness: Harness) -> None:
    """The worker that was paused past its lease finds its write refused, whatever it read."""
    event = harness.world.book_event()["id"]
    await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    async with harness.db.connection() as connection:
        (mine,) = await work_queue.claim(connection, Job.OBJECT, harness.context.reachable(), {"default": 1}, uuid4())
        await connection.execute(
            "update savvycal._work set lease_until = clock_timestamp() - interval '1 s' where job = 'object'"
        )
    await loop.work(harness.context)
    version = await harness.value("select version from savvycal.events where id = $1", event)
    harness.world.edit_event(event, summary="read by the late worker")
    await loop.reconcile(harness.context, mine)
    assert await harness.value("select version from savvycal.events where id = $1", event) == version


async def test_an_earlier_fence_never_overwrites_a_later_one(harness: Harness) -> None:
    """A page that was read before and is written after a single read changes no row."""
    document = harness.world.book_event(summary="old")
    endpoint = harness.context.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    async with harness.db.connection() as connection:
        early = await objects.take_fence(connection)
    old = await endpoint.fetch_one(document["id"])
    harness.world.edit_event(document["id"], summary="new")
    await harness.reconcile(Kind.EVENT, document["id"])
    provenance = Provenance("default", early, datetime.now(UTC), Via.POLL)
    outcome = await write_records(harness.db, endpoint.source, provenance, [old])
    assert (outcome.count.written, outcome.count.superseded) == (0, 1)
    assert await harness.value("select summary from savvycal.events where id = $1", document["id"]) == "new"


async def test_one_batch_may_hold_both_old_and_new_objects(harness: Harness) -> None:
    """New rows are copied, known ones updated, in one transaction; the same id twice counts once, the later one."""
    endpoint = harness.context.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    known = harness.world.book_event(summary="known")["id"]
    await harness.reconcile(Kind.EVENT, known)
    harness.world.edit_event(known, summary="changed")
    fresh = harness.world.book_event(summary="fresh")["id"]
    raws = [await endpoint.fetch_one(known), await endpoint.fetch_one(fresh), await endpoint.fetch_one(fresh)]
    async with harness.db.connection() as connection:
        provenance = Provenance("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)
    outcome = await write_records(harness.db, endpoint.source, provenance, raws)
    assert [record.change for record in outcome.records] == ["updated", "created"]
    summaries = await harness.rows("select summary from savvycal.events order by summary")
    assert [row["summary"] for row in summaries] == ["changed", "fresh"]


async def test_writing_the_same_observation_again_changes_nothing(harness: Harness) -> None:
    """The answer to COMMIT may get lost: doing it all again finds nothing to do."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    counted = "select count(*) from savvycal.snapshots union all select count(*) from savvycal.transitions"
    before = await harness.rows(counted)
    endpoint = harness.context.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    raw = await endpoint.fetch_one(event)
    for _ in range(2):
        async with harness.db.connection() as connection:
            provenance = Provenance("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)
        await write_records(harness.db, endpoint.source, provenance, [raw])
    assert await harness.rows(counted) == before


async def test_a_refused_work_item_takes_its_rows_with_it(harness: Harness) -> None:
    """Row and work item are one transaction: when the work queue's part fails nothing is written."""
    event = harness.world.book_event()["id"]
    endpoint = harness.context.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    raw = await endpoint.fetch_one(event)

    async def refuse() -> None:
        raise LeaseLost("somebody else holds it now")

    provenance = Provenance("default", 1, datetime.now(UTC), Via.POLL)
    with pytest.raises(LeaseLost):
        await write_records(harness.db, endpoint.source, provenance, [raw], after=refuse)
    assert await harness.value("select count(*) from savvycal.events where id = $1", event) == 0


async def test_who_waited_for_a_lock_sees_all_of_what_was_written_meanwhile(harness: Harness) -> None:
    """The row under the lock is the new one, and so are its body and its version: they are never mixed."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)

    async def load() -> Stored:
        async with harness.db.transaction() as connection:
            return (await objects.load_stored(connection, "default", Kind.EVENT, [event]))[event]

    waiting: list[asyncio.Task[Stored]] = []

    async def meet() -> None:
        waiting.append(asyncio.create_task(load()))
        await until(lambda: harness.value("select count(*) > 0 from pg_locks where not granted"))

    endpoint = harness.context.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    harness.world.edit_event(event, summary="written meanwhile")
    async with harness.db.connection() as connection:
        provenance = Provenance("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)
    await write_records(harness.db, endpoint.source, provenance, [await endpoint.fetch_one(event)], after=meet)
    stored = await waiting[0]
    assert (stored.version, b"written meanwhile" in stored.body) == (2, True)


async def test_a_tie_of_fences_goes_to_what_is_stored(harness: Harness) -> None:
    """One fence is one read: it has been written already."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    async with harness.db.transaction() as connection:
        stored = (await objects.load_stored(connection, "default", Kind.EVENT, [event]))[event]
    endpoint = harness.context.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    harness.world.edit_event(event, summary="other")
    snapshot = endpoint.source.parse_record(await endpoint.fetch_one(event))
    observed = Observation(snapshot, b"", stored.fence, datetime.now(UTC), Via.POLL)
    assert decide(observed, stored) == Superseded()
    assert decide(structs.replace(observed, fence=stored.fence + 1), stored) != Superseded()


async def test_a_webhook_before_its_object_is_readable_is_retried_not_buried(harness: Harness) -> None:
    """404 for an id that was never stored: asked again soon, and it lands when it is there."""
    document = harness.world.book_event()
    harness.world.delete("event", document["id"])
    await harness.reconcile(Kind.EVENT, document["id"])
    (row,) = await harness.rows(
        "select due_at - clock_timestamp() as wait, dead_lettered_at from savvycal._work where job = 'object'"
    )
    assert row["wait"].total_seconds() <= 3
    harness.world.put_event(document)
    await harness.work_as_if_due()
    assert await harness.value("select count(*) from savvycal.events where id = $1", document["id"]) == 1


async def test_an_object_that_was_seen_between_two_404s_is_not_deleted(harness: Harness) -> None:
    """Even if what was seen could not be written: the second 404 counts as the first one."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    fault = {"kind": "status", "match": event, "times": 1, "args": {"status": 404}}
    harness.world.faults.append(Fault(**fault))
    await harness.reconcile(Kind.EVENT, event)
    missing = "select missing_since from savvycal._work where key = $1"
    assert await harness.value(missing, event) is not None
    await harness.execute(REFUSES)
    harness.world.edit_event(event, summary="there")
    await harness.work_as_if_due()
    assert "LockNotAvailable" in await harness.value("select last_error from savvycal._work where key = $1", event)
    assert await harness.value(missing, event) is None
    await harness.execute("drop trigger refuses on savvycal.snapshots")


async def test_an_answer_between_two_404s_that_cannot_be_read_is_no_absence(harness: Harness) -> None:
    """SavvyCal said 200: whatever came with it, the second 404 counts as the first one."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    harness.world.faults.append(Fault(kind="status", match=event, times=1, args={"status": 404}))
    await harness.reconcile(Kind.EVENT, event)
    missing = "select missing_since from savvycal._work where key = $1"
    assert await harness.value(missing, event) is not None
    harness.world.faults.append(Fault(kind="html_200", match=event, times=1))
    await harness.work_as_if_due()
    assert "names no object" in await harness.value("select last_error from savvycal._work where key = $1", event)
    assert await harness.value(missing, event) is None


async def test_a_read_that_ended_with_its_worker_leaves_no_proof_of_absence(harness: Harness) -> None:
    """Seed 1003935: 404, a 200 that its worker did not live to write, 404. The second 404 counts as the first one."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    harness.world.faults.append(Fault(kind="status", match=event, times=1, args={"status": 404}))
    await harness.reconcile(Kind.EVENT, event)
    await harness.advance_a_minute()
    await harness.execute("update savvycal._work set due_at = now() where job = 'object'")
    async with harness.db.connection() as connection:
        await work_queue.claim(connection, Job.OBJECT, harness.context.reachable(), {"default": 1}, uuid4())  # and dies
    await harness.execute(
        "update savvycal._work set lease_until = clock_timestamp() - interval '1 s' where job = 'object'"
    )
    harness.world.faults.append(Fault(kind="status", match=event, times=1, args={"status": 404}))
    await loop.work(harness.context)
    assert await harness.value("select deleted_at from savvycal.events where id = $1", event) is None


async def test_an_object_that_a_list_showed_between_two_404s_is_not_deleted(harness: Harness) -> None:
    """What was written since the first 404 was there."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    harness.world.faults.append(Fault(kind="status", match=event, times=2, args={"status": 404}))
    await harness.reconcile(Kind.EVENT, event)
    await harness.execute("update savvycal._work set due_at = now() + interval '1 hour' where job = 'object'")
    harness.world.edit_event(event, summary="there")
    await harness.scan(Product.MEETINGS)
    await harness.execute(
        "update savvycal._work set missing_since = missing_since - interval '61 s' where job = 'object'"
    )
    await harness.work_as_if_due()
    assert await harness.value("select deleted_at from savvycal.events where id = $1", event) is None


async def test_an_id_that_never_existed_is_let_go_after_ten_minutes(harness: Harness) -> None:
    """A wrong id does not stay in the work queue for ever."""
    await harness.reconcile(Kind.EVENT, "event_never")
    await harness.execute(
        "update savvycal._work set missing_since = missing_since - interval '11 min' where job = 'object'"
    )
    await harness.work_as_if_due()
    assert await harness.value("select count(*) from savvycal._work where job = 'object'") == 0


async def test_a_read_from_a_copy_that_lags_is_not_trusted_until_it_is_confirmed(harness: Harness) -> None:
    """An appointment dated before what is stored changes nothing; a confirmation that says the same does."""
    document = harness.world.book_appointment()
    appointment = document["id"]
    harness.world.confirm_appointment(appointment)
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    await harness.work_as_if_due()  # the confirmation of the first sight
    version = "select version from savvycal.appointments where id = $1"
    harness.world.put_raw(
        "appointment", appointment, json.dumps(document | {"updated_at": "2020-01-01T00:00:00Z"}).encode()
    )
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    assert await harness.value(version, appointment) == 1
    assert "confirm" in await harness.value("select reasons from savvycal._work where key = $1", appointment)
    await harness.work_as_if_due()
    assert await harness.value(version, appointment) == 2


LATEST = 1000
"""A fence of reads that began before a failover and are written after it."""


async def _scan_late(harness: Harness, product: Product | None = None) -> None:
    """A scan whose fences the Postgres that is left does not know of."""
    await harness.execute("select setval('savvycal._fence', $1)", LATEST)
    await harness.scan(product)
    await _lose_fences(harness)


async def _lose_fences(harness: Harness) -> None:
    await harness.execute("select setval('savvycal._fence', 1)")


async def _deletions_are_found(harness: Harness) -> None:
    for _ in range(3):
        await harness.advance_a_minute()
        await harness.work_as_if_due()


async def test_reads_after_a_failover_are_not_taken_for_earlier_ones(harness: Harness) -> None:
    """Fences that the new Postgres never gave out stand in its rows: whoever is superseded is read again."""
    await _scan_late(harness)
    events, appointments = list(harness.world.documents("event"))[:8], list(harness.world.documents("appointment"))[:8]
    for event, appointment in zip(events, appointments, strict=True):
        harness.world.cancel_event(event)
        harness.world.cancel_appointment(appointment)
        await requests.resync_object(harness.context, Kind.EVENT, event, "default")
        await requests.resync_object(harness.context, Kind.APPOINTMENT, appointment, "default")
    await loop.work(harness.context)
    await harness.work_as_if_due()
    changed = "select count(*) from savvycal.events e where version = 2 and fence > $1 and id = any ($2::text[])"
    assert await harness.value(changed, LATEST, events) == 8
    assert await harness.value(changed.replace("events", "appointments"), LATEST, appointments) == 8


async def test_an_iteration_after_a_failover_is_not_taken_for_an_earlier_one(harness: Harness) -> None:
    """What a page cannot write because of its fence is read by id."""
    await _scan_late(harness, Product.MEETINGS)
    event = next(iter(harness.world.documents("event")))
    harness.world.edit_event(event, summary="after the failover")
    await harness.scan(Product.MEETINGS)
    await harness.work_as_if_due()
    summary = await harness.value("select summary from savvycal.events where id = $1", event)
    assert summary == "after the failover"


async def test_a_tombstone_after_a_failover_is_not_refused_for_good(harness: Harness) -> None:
    """Two 404s, and a row that seems to have been written later: it is read again, and then trusted."""
    await _scan_late(harness, Product.MEETINGS)
    event = next(iter(harness.world.documents("event")))
    harness.world.delete("event", event)
    await harness.reconcile(Kind.EVENT, event)
    await _deletions_are_found(harness)
    assert await harness.value("select deleted_at is not null from savvycal.events where id = $1", event)


async def test_what_is_missing_after_a_failover_is_asked_for(harness: Harness) -> None:
    """Rows that seem to be later than a scan are not taken for seen since: the next scan asks for them."""
    await _scan_late(harness, Product.MEETINGS)
    event = next(iter(harness.world.documents("event")))
    harness.world.delete("event", event)
    for _ in range(2):
        await harness.scan(Product.MEETINGS)
    await _deletions_are_found(harness)
    assert await harness.value("select deleted_at is not null from savvycal.events where id = $1", event)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_worker_whose_clock_is_wrong_goes_by_that_of_postgres(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """Reads are planned and dated as by everybody else, and two 404s in a row are no minute apart."""
    wrong = timedelta(hours=hours)
    there, missing = harness.world.book_event(state="confirmed")["id"], harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, missing)
    harness.world.delete("event", missing)
    await harness.reconcile(Kind.EVENT, missing)  # by a worker whose clock is right
    monkeypatch.setattr(clock, "datetime", SimpleNamespace(now=lambda zone: datetime.now(zone) + wrong))
    harness.db.clock.set(datetime.now(UTC) + wrong, time.monotonic())  # as it was before it asked
    await harness.execute("update savvycal._work set due_at = clock_timestamp() where key = $1", missing)
    await harness.reconcile(Kind.EVENT, there)
    planned = await harness.value("select due_at - clock_timestamp() from savvycal._work where key = $1", there)
    seen = await harness.value("select clock_timestamp() - observed_at from savvycal.snapshots where id = $1", there)
    assert timedelta(0) < planned < timedelta(minutes=30)
    assert abs(seen) < timedelta(minutes=5)
    assert await harness.value("select deleted_at from savvycal.events where id = $1", missing) is None


async def test_sql_refuses_a_product_that_is_not_mirrored(harness: Harness) -> None:
    """No worker would ever take such a request."""
    await harness.execute("delete from savvycal.coverage where product = 'appointments'")
    async with harness.db.connection() as connection:
        with pytest.raises(asyncpg.InvalidParameterValueError, match="nothing of that kind is mirrored here"):
            await connection.fetchval("select savvycal.request_resync('appointment', 'appt_x')")
        assert await connection.fetchval("select savvycal.request_resync('event', 'event_x')")


async def test_reads_by_id_claim_no_scan(harness: Harness) -> None:
    """Both are in one table, and each job claims its own: scans take no place from reads, nor reads from scans."""
    await harness.run_schedule()
    waiting = await harness.open_scans()
    await loop.work(harness.context)
    assert waiting
    assert await harness.open_scans() == waiting


async def test_retry_and_discard_go_for_one_account(harness: Harness) -> None:
    """The same names in two accounts: what is said of one leaves the other as it is."""
    for account in ("default", "other"):
        async with harness.db.connection() as connection:
            await work_queue.request(connection, account, Kind.EVENT, "event_x", Priority.USER, "resync")
            key = WindowKey(account, Product.MEETINGS, "2026-01-01..2026-01-02")
            await scans.open_scan(connection, key, "resync", Priority.USER, Bounds(None, None))
    left = "select account, job from savvycal._work where dead_lettered_at is not null order by job"
    await harness.execute("update savvycal._work set dead_lettered_at = now()")
    await harness.execute(work_queue.SQL["retry"], "other", None, None, None)
    assert [tuple(row.values()) for row in await harness.rows(left)] == [("default", "object"), ("default", "scan")]
    for name in ("event_x", "meetings/2026-01-01..2026-01-02"):
        await harness.execute(work_queue.SQL["discard"], "default", name, None, None)
    for table in ("_work", "_scans"):
        rows = await harness.rows(f"select distinct account from savvycal.{table}")
        assert [row["account"] for row in rows] == ["other"]

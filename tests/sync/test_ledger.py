"""The ledger's promises: no request is lost, none is worked off twice at once, and rows never go back in time."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import asyncpg
import pytest
from msgspec import structs

from tests.sync.stage import Stage, until
from worker.core.cadence import Bounds
from worker.core.decide import Overtaken, decide
from worker.core.model import Kind, Observation, Product, Stored, Via
from worker.errors import LeaseLost, StoreError
from worker.simulator import Fault
from worker.store import clock, objects, passes, targets
from worker.store.database import Connection
from worker.store.passes import WindowKey
from worker.sync import trigger, work
from worker.sync.batch import Look
from worker.sync.ingest import Outcome, ingest, nothing_else

REFUSES = """
create function public.refuse() returns trigger language plpgsql as
$$ begin raise exception 'busy' using errcode = '55P03'; end $$;
create trigger refuses before insert on savvycal.snapshots for each statement execute function public.refuse();
"""


async def _asked(stage: Stage, event: str) -> int:
    return sum(event in request.path for request in stage.world.requests)


@pytest.mark.parametrize("settled", [False, True])
async def test_two_hundred_requests_during_a_look_cause_one_more(stage: Stage, settled: bool) -> None:
    """The generation rises while the look runs: exactly two looks, however many asked and whatever else is due."""
    event = stage.world.book_event()["id"]
    if settled:
        stage.world.cancel_event(event)
        await stage.look(Kind.EVENT, event)
        await stage.work_as_if_due()  # confirmed, too: nothing is planned any more
        stage.world.requests.clear()
    stage.world.faults.append(Fault(kind="drip", match=f"GET /meetings/v1/events/{event}", times=1))
    await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
    running = asyncio.create_task(work.work(stage.mirror))
    held = "select lease_token is not null from savvycal._targets where id = $1"
    await until(lambda: stage.value(held, event))
    answers = {await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default") for _ in range(200)}
    await running
    await work.work(stage.mirror)
    assert answers == {"running"}
    assert await _asked(stage, event) == 2
    planned = await stage.rows("select reasons, due_at > clock_timestamp() as is_later from savvycal._targets")
    assert planned == ([] if settled else [{"reasons": ["confirm"], "is_later": True}])


async def test_requests_for_a_waiting_object_are_merged(stage: Stage) -> None:
    """Twice asked before anybody looked is one look."""
    event = stage.world.book_event()["id"]
    first = await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
    second = await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
    assert (first, second) == ("queued", "merged")
    await work.work(stage.mirror)
    assert await _asked(stage, event) == 1


async def test_sql_asks_like_everybody_else(stage: Stage) -> None:
    """request_resync() answers queued and merged, and refuses what is no id."""
    event = stage.world.book_event()["id"]
    assert await stage.value("select savvycal.request_resync('event', $1)", event) == "queued"
    assert await stage.value("select savvycal.request_resync('event', $1)", event) == "merged"
    for wrong in (("event", "no id"), ("meeting", "amtg_1"), ("event", event, "nobody")):
        with pytest.raises(StoreError, match="22023"):
            await stage.value(f"select savvycal.request_resync({', '.join(repr(word) for word in wrong)})")
    await work.work(stage.mirror)
    via = await stage.value("select via from savvycal.snapshots where id = $1", event)
    assert via == "resync"


async def test_two_workers_share_the_work_and_never_an_object(stage: Stage) -> None:
    """Eight workers at once: every object is looked at once."""
    for event in stage.world.documents("event"):
        await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
    stage.world.requests.clear()
    await asyncio.gather(*(work.work(stage.mirror) for _ in range(8)))
    assert len(stage.world.requests) == 30
    assert await stage.value("select count(*) from savvycal.events") == 30


async def test_a_lapsed_lease_lets_the_other_worker_in_and_the_late_write_changes_nothing(stage: Stage) -> None:
    """The worker that was paused past its lease finds its write refused, whatever it read."""
    event = stage.world.book_event()["id"]
    await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
    async with stage.db.connection() as connection:
        (mine,) = await targets.claim(connection, stage.mirror.askable(), 1, uuid4())
        await connection.execute("update savvycal._targets set lease_until = clock_timestamp() - interval '1 s'")
    await work.work(stage.mirror)
    version = await stage.value("select version from savvycal.events where id = $1", event)
    stage.world.edit_event(event, summary="read by the late worker")
    await work.reconcile(stage.mirror, mine)
    assert await stage.value("select version from savvycal.events where id = $1", event) == version


async def test_an_earlier_fence_never_overwrites_a_later_one(stage: Stage) -> None:
    """A page that was read before and is written after a single look changes no row."""
    document = stage.world.book_event(summary="old")
    endpoint = stage.mirror.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    async with stage.db.connection() as connection:
        early = await objects.take_fence(connection)
    old = await endpoint.fetch_one(document["id"])
    stage.world.edit_event(document["id"], summary="new")
    await stage.look(Kind.EVENT, document["id"])
    look = Look("default", early, datetime.now(UTC), Via.POLL)
    outcome = await ingest(stage.db, endpoint.source, look, [old], nothing_else, nothing_else)
    assert (outcome.count.written, outcome.count.overtaken) == (0, 1)
    assert await stage.value("select summary from savvycal.events where id = $1", document["id"]) == "new"


async def test_one_batch_may_hold_both_old_and_new_objects(stage: Stage) -> None:
    """New rows are copied, known ones updated, in one transaction; the same id twice counts once, the later one."""
    endpoint = stage.mirror.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    known = stage.world.book_event(summary="known")["id"]
    await stage.look(Kind.EVENT, known)
    stage.world.edit_event(known, summary="changed")
    fresh = stage.world.book_event(summary="fresh")["id"]
    raws = [await endpoint.fetch_one(known), await endpoint.fetch_one(fresh), await endpoint.fetch_one(fresh)]
    async with stage.db.connection() as connection:
        look = Look("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)
    outcome = await ingest(stage.db, endpoint.source, look, raws, nothing_else, nothing_else)
    assert [record.change for record in outcome.records] == ["changed", "first"]
    summaries = await stage.rows("select summary from savvycal.events order by summary")
    assert [row["summary"] for row in summaries] == ["changed", "fresh"]


async def test_writing_the_same_observation_again_changes_nothing(stage: Stage) -> None:
    """The answer to COMMIT may get lost: doing it all again finds nothing to do."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    counted = "select count(*) from savvycal.snapshots union all select count(*) from savvycal.transitions"
    before = await stage.rows(counted)
    endpoint = stage.mirror.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    raw = await endpoint.fetch_one(event)
    for _ in range(2):
        async with stage.db.connection() as connection:
            look = Look("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)
        await ingest(stage.db, endpoint.source, look, [raw], nothing_else, nothing_else)
    assert await stage.rows(counted) == before


async def test_a_refused_ledger_entry_takes_its_rows_with_it(stage: Stage) -> None:
    """Row and ledger entry are one transaction: when the ledger's part fails nothing is written."""
    event = stage.world.book_event()["id"]
    endpoint = stage.mirror.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    raw = await endpoint.fetch_one(event)

    async def refuse(_connection: Connection, _outcome: Outcome) -> None:
        raise LeaseLost("somebody else holds it now")

    look = Look("default", 1, datetime.now(UTC), Via.POLL)
    with pytest.raises(LeaseLost):
        await ingest(stage.db, endpoint.source, look, [raw], nothing_else, refuse)
    assert await stage.value("select count(*) from savvycal.events where id = $1", event) == 0


async def test_who_waited_for_a_lock_sees_all_of_what_was_written_meanwhile(stage: Stage) -> None:
    """The row under the lock is the new one, and so are its body and its version: they are never mixed."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)

    async def load() -> Stored:
        async with stage.db.transaction() as connection:
            return (await objects.load_stored(connection, "default", Kind.EVENT, [event]))[event]

    waiting: list[asyncio.Task[Stored]] = []

    async def meet(_connection: Connection, _outcome: Outcome) -> None:
        waiting.append(asyncio.create_task(load()))
        await until(lambda: stage.value("select count(*) > 0 from pg_locks where not granted"))

    endpoint = stage.mirror.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    stage.world.edit_event(event, summary="written meanwhile")
    async with stage.db.connection() as connection:
        look = Look("default", await objects.take_fence(connection), datetime.now(UTC), Via.POLL)
    await ingest(stage.db, endpoint.source, look, [await endpoint.fetch_one(event)], nothing_else, meet)
    stored = await waiting[0]
    assert (stored.version, b"written meanwhile" in stored.body) == (2, True)


async def test_a_tie_of_fences_goes_to_what_is_stored(stage: Stage) -> None:
    """One fence is one look: it has been written already."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    async with stage.db.transaction() as connection:
        stored = (await objects.load_stored(connection, "default", Kind.EVENT, [event]))[event]
    endpoint = stage.mirror.endpoint("default", Product.MEETINGS)
    assert endpoint is not None
    stage.world.edit_event(event, summary="other")
    snapshot = endpoint.source.parse_record(await endpoint.fetch_one(event))
    observed = Observation(snapshot, b"", stored.fence, datetime.now(UTC), Via.POLL)
    assert decide(observed, stored) == Overtaken()
    assert decide(structs.replace(observed, fence=stored.fence + 1), stored) != Overtaken()


async def test_a_webhook_before_its_object_is_readable_is_retried_not_buried(stage: Stage) -> None:
    """404 for an id that was never stored: asked again soon, and it lands when it is there."""
    document = stage.world.book_event()
    stage.world.delete("event", document["id"])
    await stage.look(Kind.EVENT, document["id"])
    (row,) = await stage.rows("select due_at - clock_timestamp() as wait, parked_at from savvycal._targets")
    assert row["wait"].total_seconds() <= 3
    stage.world.put_event(document)
    await stage.work_as_if_due()
    assert await stage.value("select count(*) from savvycal.events where id = $1", document["id"]) == 1


async def test_an_object_that_was_seen_between_two_404s_is_not_gone(stage: Stage) -> None:
    """Even if what was seen could not be written: the second 404 counts as the first one."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    lie = {"kind": "status", "match": event, "times": 1, "args": {"status": 404}}
    stage.world.faults.append(Fault(**lie))
    await stage.look(Kind.EVENT, event)
    missing = "select missing_since from savvycal._targets where id = $1"
    assert await stage.value(missing, event) is not None
    await stage.execute(REFUSES)
    stage.world.edit_event(event, summary="there")
    await stage.work_as_if_due()
    assert "LockNotAvailable" in await stage.value("select last_error from savvycal._targets where id = $1", event)
    assert await stage.value(missing, event) is None
    await stage.execute("drop trigger refuses on savvycal.snapshots")


async def test_an_answer_between_two_404s_that_cannot_be_read_is_no_absence(stage: Stage) -> None:
    """SavvyCal said 200: whatever came with it, the second 404 counts as the first one."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    stage.world.faults.append(Fault(kind="status", match=event, times=1, args={"status": 404}))
    await stage.look(Kind.EVENT, event)
    missing = "select missing_since from savvycal._targets where id = $1"
    assert await stage.value(missing, event) is not None
    stage.world.faults.append(Fault(kind="html_200", match=event, times=1))
    await stage.work_as_if_due()
    assert "names no object" in await stage.value("select last_error from savvycal._targets where id = $1", event)
    assert await stage.value(missing, event) is None


async def test_a_look_that_ended_with_its_worker_leaves_no_proof_of_absence(stage: Stage) -> None:
    """Seed 1003935: 404, a 200 that its worker did not live to write, 404. The second 404 counts as the first one."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    stage.world.faults.append(Fault(kind="status", match=event, times=1, args={"status": 404}))
    await stage.look(Kind.EVENT, event)
    await stage.a_minute_passes()
    await stage.execute("update savvycal._targets set due_at = now()")
    async with stage.db.connection() as connection:
        await targets.claim(connection, stage.mirror.askable(), 1, uuid4())  # and dies
    await stage.execute("update savvycal._targets set lease_until = clock_timestamp() - interval '1 s'")
    stage.world.faults.append(Fault(kind="status", match=event, times=1, args={"status": 404}))
    await work.work(stage.mirror)
    assert await stage.value("select gone_at from savvycal.events where id = $1", event) is None


async def test_an_object_that_a_list_showed_between_two_404s_is_not_gone(stage: Stage) -> None:
    """What was written since the first 404 was there."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    stage.world.faults.append(Fault(kind="status", match=event, times=2, args={"status": 404}))
    await stage.look(Kind.EVENT, event)
    await stage.execute("update savvycal._targets set due_at = now() + interval '1 hour'")
    stage.world.edit_event(event, summary="there")
    await stage.sweep(Product.MEETINGS)
    await stage.execute("update savvycal._targets set missing_since = missing_since - interval '61 s'")
    await stage.work_as_if_due()
    assert await stage.value("select gone_at from savvycal.events where id = $1", event) is None


async def test_an_id_that_never_existed_is_let_go_after_ten_minutes(stage: Stage) -> None:
    """A wrong id does not stay in the ledger for ever."""
    await stage.look(Kind.EVENT, "event_never")
    await stage.execute("update savvycal._targets set missing_since = missing_since - interval '11 min'")
    await stage.work_as_if_due()
    assert await stage.value("select count(*) from savvycal._targets") == 0


async def test_a_read_from_a_copy_that_lags_is_not_believed_until_it_is_confirmed(stage: Stage) -> None:
    """An appointment dated before what is stored changes nothing; a confirming look that says the same does."""
    document = stage.world.book_appointment()
    appointment = document["id"]
    stage.world.confirm_appointment(appointment)
    await stage.look(Kind.APPOINTMENT, appointment)
    await stage.work_as_if_due()  # the confirming look of the first sight
    version = "select version from savvycal.appointments where id = $1"
    stage.world.put_raw(
        "appointment", appointment, json.dumps(document | {"updated_at": "2020-01-01T00:00:00Z"}).encode()
    )
    await stage.look(Kind.APPOINTMENT, appointment)
    assert await stage.value(version, appointment) == 1
    assert "confirm" in await stage.value("select reasons from savvycal._targets where id = $1", appointment)
    await stage.work_as_if_due()
    assert await stage.value(version, appointment) == 2


LATEST = 1000
"""A fence of looks that began before a failover and are written after it."""


async def _sweep_late(stage: Stage, product: Product | None = None) -> None:
    """A sweep whose fences the Postgres that is left does not know of."""
    await stage.execute("select setval('savvycal._fence', $1)", LATEST)
    await stage.sweep(product)
    await _lose_fences(stage)


async def _lose_fences(stage: Stage) -> None:
    await stage.execute("select setval('savvycal._fence', 1)")


async def _deletions_are_found(stage: Stage) -> None:
    for _ in range(3):
        await stage.a_minute_passes()
        await stage.work_as_if_due()


async def test_looks_after_a_failover_are_not_taken_for_earlier_ones(stage: Stage) -> None:
    """Fences that the new Postgres never gave out stand in its rows: whoever is overtaken is looked at once more."""
    await _sweep_late(stage)
    events, appointments = list(stage.world.documents("event"))[:8], list(stage.world.documents("appointment"))[:8]
    for event, appointment in zip(events, appointments, strict=True):
        stage.world.cancel_event(event)
        stage.world.cancel_appointment(appointment)
        await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
        await trigger.resync_object(stage.mirror, Kind.APPOINTMENT, appointment, "default")
    await work.work(stage.mirror)
    await stage.work_as_if_due()
    changed = "select count(*) from savvycal.events e where version = 2 and fence > $1 and id = any ($2::text[])"
    assert await stage.value(changed, LATEST, events) == 8
    assert await stage.value(changed.replace("events", "appointments"), LATEST, appointments) == 8


async def test_a_walk_after_a_failover_is_not_taken_for_an_earlier_one(stage: Stage) -> None:
    """What a page cannot write because of its fence is looked at by id."""
    await _sweep_late(stage, Product.MEETINGS)
    event = next(iter(stage.world.documents("event")))
    stage.world.edit_event(event, summary="after the failover")
    await stage.sweep(Product.MEETINGS)
    await stage.work_as_if_due()
    summary = await stage.value("select summary from savvycal.events where id = $1", event)
    assert summary == "after the failover"


async def test_a_tombstone_after_a_failover_is_not_refused_for_good(stage: Stage) -> None:
    """Two 404s, and a row that seems to have been written later: it is looked at again, and then believed."""
    await _sweep_late(stage, Product.MEETINGS)
    event = next(iter(stage.world.documents("event")))
    stage.world.delete("event", event)
    await stage.look(Kind.EVENT, event)
    await _deletions_are_found(stage)
    assert await stage.value("select gone_at is not null from savvycal.events where id = $1", event)


async def test_what_is_missing_after_a_failover_is_asked_for(stage: Stage) -> None:
    """Rows that seem to be later than a pass are not taken for seen since: the next pass asks for them."""
    await _sweep_late(stage, Product.MEETINGS)
    event = next(iter(stage.world.documents("event")))
    stage.world.delete("event", event)
    for _ in range(2):
        await stage.sweep(Product.MEETINGS)
    await _deletions_are_found(stage)
    assert await stage.value("select gone_at is not null from savvycal.events where id = $1", event)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_worker_whose_clock_is_wrong_goes_by_that_of_postgres(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """Looks are planned and dated as by everybody else, and two 404s in a row are no minute apart."""
    wrong = timedelta(hours=hours)
    there, missing = stage.world.book_event(state="confirmed")["id"], stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, missing)
    stage.world.delete("event", missing)
    await stage.look(Kind.EVENT, missing)  # by a worker whose clock is right
    monkeypatch.setattr(clock, "datetime", SimpleNamespace(now=lambda zone: datetime.now(zone) + wrong))
    stage.db.clock.set(datetime.now(UTC) + wrong, time.monotonic())  # as it was before it asked
    await stage.execute("update savvycal._targets set due_at = clock_timestamp() where id = $1", missing)
    await stage.look(Kind.EVENT, there)
    planned = await stage.value("select due_at - clock_timestamp() from savvycal._targets where id = $1", there)
    seen = await stage.value("select clock_timestamp() - observed_at from savvycal.snapshots where id = $1", there)
    assert timedelta(0) < planned < timedelta(minutes=30)
    assert abs(seen) < timedelta(minutes=5)
    assert await stage.value("select gone_at from savvycal.events where id = $1", missing) is None


async def test_sql_refuses_a_product_that_is_not_mirrored(stage: Stage) -> None:
    """No worker would ever take such a request."""
    await stage.execute("delete from savvycal.coverage where product = 'appointments'")
    async with stage.db.connection() as connection:
        with pytest.raises(asyncpg.InvalidParameterValueError, match="nothing of that kind is mirrored here"):
            await connection.fetchval("select savvycal.request_resync('appointment', 'appt_x')")
        assert await connection.fetchval("select savvycal.request_resync('event', 'event_x')") == "queued"


async def test_retry_and_discard_go_for_one_account(stage: Stage) -> None:
    """The same names in two accounts: what is said of one leaves the other as it is."""
    for account in ("default", "other"):
        async with stage.db.connection() as connection:
            await targets.request(connection, account, Kind.EVENT, "event_x", targets.PRIORITY_USER, "resync")
            key = WindowKey(account, Product.MEETINGS, "2026-01-01..2026-01-02")
            await passes.open_pass(connection, key, "resync", targets.PRIORITY_USER, Bounds(None, None))
    for table in ("_targets", "_passes"):
        await stage.execute(f"update savvycal.{table} set parked_at = now()")
    await stage.execute(targets.SQL["unpark"], "other", None)
    await stage.execute(passes.SQL["unpark"], "other", "meetings/2026-01-01..2026-01-02")
    for table in ("_targets", "_passes"):
        parked = await stage.rows(f"select account from savvycal.{table} where parked_at is not null")
        assert [row["account"] for row in parked] == ["default"]
    await stage.execute(targets.SQL["discard"], "default", "event_x")
    await stage.execute(passes.SQL["discard"], "default", "meetings/2026-01-01..2026-01-02")
    for table in ("_targets", "_passes"):
        assert [row["account"] for row in await stage.rows(f"select account from savvycal.{table}")] == ["other"]

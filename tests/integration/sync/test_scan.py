"""Scans are complete and resumable, and delete nothing that a list leaves out; bad records and pages lose nothing."""

import asyncio
import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest

from tests.support.harness import Harness, running_harness, until
from tests.support.scanning import claim_scan, run_scan
from worker.core import windows
from worker.core.model import Kind, Product, Via
from worker.core.result import ATTEMPTS_MAX_PERMANENT
from worker.core.windows import Bounds
from worker.errors import LeaseLost
from worker.simulator import Fault
from worker.store import coverage, objects, scans, status, work_queue
from worker.store.scans import WindowKey
from worker.store.work_queue import Job
from worker.sync import loop, requests, schedule

ALL_EVENTS = WindowKey("default", Product.MEETINGS, "all")
ALL_APPOINTMENTS = WindowKey("default", Product.APPOINTMENTS, "all")


async def _ids(harness: Harness, table: str) -> set[str]:
    return {row["id"] for row in await harness.rows(f"select id from savvycal.{table} where deleted_at is null")}


async def test_a_backfill_brings_everything_of_both_products(harness: Harness) -> None:
    """Every object of the source is in the tables after the first scans, children and meetings included."""
    await harness.scan()
    assert await _ids(harness, "events") == set(harness.world.documents("event"))
    assert await _ids(harness, "appointments") == set(harness.world.documents("appointment"))
    attendees = sum(len(document["attendees"]) for document in harness.world.documents("event").values())
    assert await harness.value("select count(*) from savvycal.event_attendees where is_listed") == attendees


async def test_the_first_scan_over_everything_is_a_backfill(harness: Harness) -> None:
    """The schedule opens one scan for each window: as job `backfill` for the window `all`, as `poll` for the others."""
    first = {key.window_name for key in await harness.open_scans()}
    assert first == {"near", "upcoming", "all"}  # the others wait for these; links have no other
    assert ("scan",) in await harness.run_schedule()
    assert len(await harness.open_scans()) == 7
    rows = await harness.rows("select window_name, job from savvycal._scans")
    assert {row["job"] for row in rows if row["window_name"] == "all"} == {"backfill"}
    assert {row["job"] for row in rows if row["window_name"] != "all"} == {"poll"}


async def test_a_second_scan_over_unchanged_objects_writes_no_row(harness: Harness) -> None:
    """Unchanged costs nothing: no table but the scan's own bookkeeping is touched."""
    await harness.scan()
    counted = (
        "select relname, n_tup_ins + n_tup_upd + n_tup_del as writes from pg_stat_all_tables "
        "where schemaname = 'savvycal' and relname in "
        "('events', 'event_attendees', 'event_answers', 'appointments', 'appointment_history', 'meetings', "
        "'transitions', 'snapshots', 'changes', 'quarantine')"
    )
    await harness.execute("select pg_stat_force_next_flush()")
    before = await harness.rows(counted)
    await harness.scan()
    await harness.execute("select pg_stat_force_next_flush()")
    assert await harness.rows(counted) == before
    last = await harness.rows("select * from savvycal.runs order by id desc limit 1")
    assert (last[0]["rows_written"], last[0]["rows_unchanged"], last[0]["iterations"]) == (0, 12, 1)


async def test_a_scan_ends_with_an_iteration_that_found_no_changes(harness: Harness) -> None:
    """Rows shift between pages while they change: the list is read once more after changes, and only then."""
    iterations = "select iterations from savvycal.runs order by id desc limit 1"
    seen = []
    for changes in (False, False, True, False):
        if changes:
            harness.world.book_event()
        await harness.scan(Product.MEETINGS)
        seen.append(await harness.value(iterations))
    assert seen == [2, 1, 2, 1]


async def test_a_complete_scan_covers_its_window(harness: Harness) -> None:
    """The coverage table says as of when the window is complete: the start of the scan."""
    await harness.scan(Product.MEETINGS)
    (row,) = await harness.rows("select * from savvycal.freshness where product = 'meetings' and window_name = 'all'")
    run = await harness.rows("select * from savvycal.runs where result = 'ok'")
    assert row["complete_as_of"] == run[-1]["started_at"]
    assert row["row_count"] == 30
    assert row["last_result"] == "ok"


async def test_a_killed_scan_continues_at_the_same_page(mirrored_url: str) -> None:
    """Page and position commit together: after a kill the next worker asks for the page that was never stored."""
    async with running_harness(mirrored_url, events=450) as harness:
        await harness.run_schedule()
        harness.world.faults.append(Fault(kind="hang", match=r"GET /meetings/v1/events\?.*after=", skip=1, times=1))
        task = asyncio.create_task(run_scan(harness.context, ALL_EVENTS))
        await until(lambda: harness.value("select max(page) >= 2 from savvycal._scans"))
        position = await harness.rows(
            "select page, cursor from savvycal._scans where product = 'meetings' and page > 0"
        )
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        harness.world.requests.clear()
        await harness.drain(ALL_EVENTS)

        first = harness.world.requests[0]
        assert position[0]["cursor"] in unquote(first.query)
        assert len(await _ids(harness, "events")) == 450


async def test_a_scan_that_lost_its_lease_writes_nothing_more(harness: Harness) -> None:
    """A worker that was paused past its lease finds its page refused; the other worker's position stands."""
    await harness.run_schedule()
    async with harness.db.connection() as connection:
        mine = await claim_scan(connection, ALL_EVENTS)
        assert mine is not None
        await connection.execute(
            "update savvycal._work set lease_until = clock_timestamp() - interval '1 s' "
            "where job = 'scan' and lease_token is not null"
        )
        theirs = await claim_scan(connection, ALL_EVENTS)
        assert theirs is not None
        with pytest.raises(LeaseLost):
            await work_queue.hold(connection, mine.item)
        await work_queue.hold(connection, theirs.item)


async def test_a_scan_that_its_own_run_claims_again_is_another_lease(harness: Harness) -> None:
    """After a stall the run may claim what it still reads: the one that reads it finds its lease lost."""
    await harness.run_schedule()
    run, free_slots = uuid4(), {"default": 20}
    async with harness.db.connection() as connection:
        mine, *_ = await work_queue.claim(connection, Job.SCAN, harness.context.reachable(), free_slots, run)
        await connection.execute("update savvycal._work set lease_until = lease_until - interval '2 min'")
        again = await work_queue.claim(connection, Job.SCAN, harness.context.reachable(), free_slots, run)
        assert mine.key in {item.key for item in again}
        with pytest.raises(LeaseLost):
            await work_queue.hold(connection, mine)


async def test_a_scan_that_is_over_leaves_no_position(harness: Harness) -> None:
    """It goes with its work item: the next scan of the window begins at its first page."""
    await harness.scan(Product.MEETINGS)
    assert await harness.value("select count(*) from savvycal._scans") == 0


async def test_a_request_during_a_scan_causes_one_more(harness: Harness) -> None:
    """The generation rises while the scan runs: it starts over once, however often it was asked for."""
    async with harness.db.connection() as connection:
        window = harness.context.window(Product.MEETINGS, "all")
        assert window is not None
        for _ in range(3):
            bounds = Bounds(None, None)
            await scans.open_scan(connection, ALL_EVENTS, "resync", 0, bounds)
        claimed = await claim_scan(connection, ALL_EVENTS)
        assert claimed is not None
        assert await scans.open_scan(connection, ALL_EVENTS, "resync", 0, bounds) == "running"
    await work_queue.give_back(harness.db, claimed.item)
    await harness.drain(ALL_EVENTS)
    runs = await harness.value("select count(*) from savvycal.runs where product = 'meetings'")
    assert runs == 1  # the scan had not begun: what it saw at its begin was the newest generation


async def test_objects_that_a_scan_did_not_see_are_only_asked_for(harness: Harness) -> None:
    """Absence from a list never deletes: the object is read by id, and is still there."""
    await harness.scan(Product.MEETINGS)
    harness.world.faults.append(Fault(kind="drop_page_rows", match=r"GET /meetings/v1/events\?", args={"count": 3}))
    await harness.scan(Product.MEETINGS)
    asked = await harness.rows("select key, reasons from savvycal._work where 'missing' = any (reasons)")
    assert 0 < len(asked) <= 20
    harness.world.faults.clear()
    await loop.work(harness.context)
    assert await _ids(harness, "events") == set(harness.world.documents("event"))
    assert await harness.value("select count(*) from savvycal._work where 'missing' = any (reasons)") == 0


async def test_two_404s_a_minute_apart_make_a_tombstone(harness: Harness) -> None:
    """One 404 only asks again; the second, a minute later, with the account answering, marks the row as gone."""
    await harness.scan(Product.MEETINGS)
    event = next(iter(harness.world.documents("event")))
    harness.world.delete("event", event)
    await harness.reconcile(Kind.EVENT, event)
    assert await harness.value("select deleted_at from savvycal.events where id = $1", event) is None
    await harness.work_as_if_due()  # too soon: less than a minute since the first
    assert await harness.value("select deleted_at from savvycal.events where id = $1", event) is None
    await harness.advance_a_minute()
    await harness.work_as_if_due()
    (row,) = await harness.rows("select deleted_at, deleted_reason, summary from savvycal.events where id = $1", event)
    assert row["deleted_at"] is not None
    assert row["deleted_reason"].startswith("SavvyCal answered 404 twice")
    assert row["summary"]
    assert await harness.value("select count(*) from savvycal._work where key = $1", event) == 0
    assert (
        await harness.value("select change from savvycal.changes where id = $1 order by position desc limit 1", event)
        == "deleted"
    )


async def test_an_object_that_returns_is_restored(harness: Harness) -> None:
    """A tombstone is reversible: seen again, the row is there again, as one more version."""
    await harness.scan(Product.MEETINGS)
    event, document = next(iter(harness.world.documents("event").items()))
    harness.world.delete("event", event)
    await harness.reconcile(Kind.EVENT, event)
    await harness.advance_a_minute()
    await harness.work_as_if_due()
    harness.world.put_event(document)
    await harness.scan(Product.MEETINGS)
    (row,) = await harness.rows("select deleted_at, deleted_reason, version from savvycal.events where id = $1", event)
    assert (row["deleted_at"], row["deleted_reason"], row["version"]) == (None, None, 3)


async def test_an_empty_list_over_a_full_table_is_suspect(mirrored_url: str) -> None:
    """Nothing is asked for and nothing is covered by a list that lost everything."""
    async with running_harness(mirrored_url, events=60, appointments=0) as harness:
        await harness.scan(Product.MEETINGS)
        covered = await harness.value("select complete_as_of from savvycal.coverage where row_count = 60")
        harness.world.faults.append(Fault(kind="empty_list", match=r"GET /meetings/v1/events\?"))
        await harness.scan(Product.MEETINGS)
        (run,) = await harness.rows("select * from savvycal.runs order by id desc limit 1")
        assert run["result"] == "suspect"
        assert "listed nothing where 60" in run["error"]
        assert await harness.value("select count(*) from savvycal._work where 'missing' = any (reasons)") == 0
        assert await harness.value("select max(complete_as_of) from savvycal.coverage") == covered
        assert len(await _ids(harness, "events")) == 60


async def test_a_list_that_repeats_its_cursor_ends_in_an_error_not_in_a_circle(mirrored_url: str) -> None:
    """The same cursor twice is malformed; the scan is tried again later."""
    async with running_harness(mirrored_url, events=250, appointments=0) as harness:
        harness.world.faults.append(Fault(kind="same_cursor", match=r"GET /meetings/v1/events\?"))
        await harness.run_schedule()
        await run_scan(harness.context, ALL_EVENTS)
        (row,) = await harness.rows(
            "select last_error from savvycal._work where job = 'scan' and key = 'all' and kind = 'event'"
        )
        assert "cursor" in row["last_error"]


async def test_a_list_that_goes_in_a_circle_is_noticed(mirrored_url: str) -> None:
    """The third page leads back to the second: one round, and the iteration is tried again later."""
    async with running_harness(mirrored_url, events=450, appointments=0) as harness:
        await harness.run_schedule()
        harness.world.faults.append(Fault(kind="hang", match=r"GET /meetings/v1/events\?.*after=", skip=1, times=1))
        task = asyncio.create_task(run_scan(harness.context, ALL_EVENTS))
        await until(lambda: harness.value("select max(page) >= 2 from savvycal._scans"))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        second = await harness.value("select cursor from savvycal._scans where page = 2")
        harness.world.faults[:] = [Fault(kind="same_cursor", match="after=", args={"after": second})]
        harness.world.requests.clear()
        await harness.drain(ALL_EVENTS)
        assert len(harness.world.requests) <= 2
        assert "sent before" in await harness.value(
            "select last_error from savvycal._work where job = 'scan' and last_error is not null"
        )


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (404, 1), (410, 1)])
async def test_a_position_that_cannot_be_gone_on_from_is_given_up(mirrored_url: str, status: int, tries: int) -> None:
    """How SavvyCal says that a cursor is too old is not documented: whatever it says, the iteration starts over."""
    async with running_harness(mirrored_url, events=250, appointments=0) as harness:
        harness.world.faults.append(Fault(kind="status", match="after=", times=tries, args={"status": status}))
        await harness.run_schedule()
        position = "select page, cursor from savvycal._scans where window_name = 'all' and product = 'meetings'"
        for _ in range(tries):
            harness.context.accounts["default"][Product.MEETINGS].client.circuit.note(None)
            await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
            await run_scan(harness.context, ALL_EVENTS)
        assert await harness.rows(position) == [{"page": 0, "cursor": None}]
        await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
        await harness.drain(ALL_EVENTS)
        assert len(await _ids(harness, "events")) == 250


@pytest.mark.parametrize("kind", ["malformed_json", "html_200", "truncate", "reset"])
async def test_a_bad_page_is_tried_again_and_then_lands(harness: Harness, kind: str) -> None:
    """A page that cannot be read writes nothing; the same page is asked for again later."""
    where = {"where": "body"} if kind == "reset" else {}
    fault = Fault(kind=kind, match=r"GET /meetings/v1/events\?", times=1, args=where)  # type: ignore[arg-type]
    harness.world.faults.append(fault)
    await harness.run_schedule()
    await run_scan(harness.context, ALL_EVENTS)
    assert await harness.value("select count(*) from savvycal.events") == 0
    assert await harness.value("select last_error from savvycal._work where job = 'scan' and last_error is not null")
    await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
    await harness.drain(ALL_EVENTS)
    assert len(await _ids(harness, "events")) == 30


async def test_a_wrong_token_stops_one_product_only(harness: Harness) -> None:
    """401 is one plain line in the work queue; the other product goes on."""
    harness.world.faults.append(Fault(kind="status", match=r"/appointments/v1/", args={"status": 401}))
    await harness.run_schedule()
    await harness.drain(ALL_EVENTS)
    await run_scan(harness.context, ALL_APPOINTMENTS)
    assert len(await _ids(harness, "events")) == 30
    error = await harness.value(
        "select last_error from savvycal._work where job = 'scan' and key = 'all' and kind = 'appointment'"
    )
    assert error.startswith("SavvyCal answered 401")
    assert harness.simulator.options.appointments_token not in error


def _poisoned(harness: Harness, kind: str, change: dict[str, Any]) -> str:
    """An object whose served bytes differ from its document by a change."""
    object_id, document = next(iter(harness.world.documents(kind).items()))
    harness.world.put_raw(kind, object_id, json.dumps(document | change).encode())
    return str(object_id)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start_at": "not a time"}, "start_at"),
        ({"start_at": "2026-01-01T10:00:00"}, "start_at"),
        ({"duration": "long"}, "duration"),
        ({"duration": 10**12}, "duration"),
        ({"attendees": "nobody"}, "attendees"),
        ({"state": None}, "state"),
    ],
)
async def test_a_malformed_record_goes_to_quarantine_and_its_page_lands(
    harness: Harness, change: dict[str, Any], reason: str
) -> None:
    """The reason names the field and not the value; every other record of the page is stored."""
    event = _poisoned(harness, "event", change)
    await harness.scan(Product.MEETINGS)
    assert len(await _ids(harness, "events")) == 29
    (dead_lettered,) = await harness.rows("select * from savvycal.quarantine")
    assert (dead_lettered["id"], dead_lettered["kind"]) == (event, "event")
    assert reason in dead_lettered["reason"]
    assert "not a time" not in dead_lettered["reason"]
    assert json.loads(dead_lettered["body"])["id"] == event


async def test_a_quarantined_record_is_resolved_when_it_becomes_readable(harness: Harness) -> None:
    """The next readable version is stored, and the quarantine row says so."""
    documents = harness.world.documents("event")
    event = _poisoned(harness, "event", {"start_at": "not a time"})
    await harness.scan(Product.MEETINGS)
    harness.world.put_event(documents[event])
    await harness.scan(Product.MEETINGS)
    assert event in await _ids(harness, "events")
    assert await harness.value("select count(*) from savvycal.quarantine where resolved_at is null") == 0


async def test_an_id_that_is_no_id_is_quarantined_under_a_hash(harness: Harness) -> None:
    """What cannot be addressed is kept under the hash of its bytes."""
    for wrong in (17, "a b", None, "../etc"):
        _poisoned(harness, "event", {"id": wrong})
        await harness.scan(Product.MEETINGS)
    rows = await harness.rows("select id, reason from savvycal.quarantine")
    assert len(rows) == 4
    assert all(row["id"].startswith("unreadable:") for row in rows)
    assert len(await _ids(harness, "events")) == 29


async def test_an_unknown_state_and_field_are_kept_and_reported_as_drift(harness: Harness) -> None:
    """Record, never refuse: the word stays as it is, the field is in extra, the view drift names both."""
    event = _poisoned(harness, "event", {"state": "teleported", "mood": {"is": "new"}})
    await harness.scan(Product.MEETINGS)
    (row,) = await harness.rows("select state, phase, extra from savvycal.events where id = $1", event)
    assert (row["state"], row["phase"], json.loads(row["extra"])) == ("teleported", "unknown", {"mood": {"is": "new"}})
    names = {(row["what"], row["name"]) for row in await harness.rows("select * from savvycal.drift")}
    assert names == {("unknown state", "teleported"), ("unknown field", "mood")}


async def test_a_nul_in_a_text_is_stored_as_its_symbol(harness: Harness) -> None:
    """Postgres cannot hold U+0000: the symbol for it stands in its place, and the page lands."""
    event = _poisoned(harness, "event", {"summary": "a\x00b", "metadata": {"k\x00": "v\x00"}})
    await harness.scan(Product.MEETINGS)
    (row,) = await harness.rows("select summary, metadata from savvycal.events where id = $1", event)
    assert (row["summary"], json.loads(row["metadata"])) == ("a\u2400b", {"k\u2400": "v\u2400"})
    assert len(await _ids(harness, "events")) == 30


async def test_bytes_that_are_not_json_stop_only_their_page_until_they_are(harness: Harness) -> None:
    """A record that breaks the page's own syntax cannot be isolated: the page waits, nothing is lost."""
    documents = harness.world.documents("event")
    event = next(iter(documents))
    harness.world.put_raw("event", event, b'{"id": broken')
    await harness.run_schedule()
    await run_scan(harness.context, ALL_EVENTS)
    assert await harness.value("select count(*) from savvycal.events") == 0
    harness.world.put_event(documents[event])
    await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
    await harness.drain(ALL_EVENTS)
    assert len(await _ids(harness, "events")) == 30


async def test_a_meeting_id_that_belongs_to_another_appointment_does_not_stop_the_page(harness: Harness) -> None:
    """What Postgres refuses goes to quarantine alone."""
    first, second = list(harness.world.documents("appointment").values())[:2]
    stolen = (second["meeting"] or {}) | {
        "id": "amtg_000000000001",
        "object": "appointment_meeting",
        "status": "created",
    }
    for document in (first, second):
        harness.world.put_raw("appointment", document["id"], json.dumps(document | {"meeting": stolen}).encode())
    await harness.scan(Product.APPOINTMENTS)
    assert len(await _ids(harness, "appointments")) == 11
    (dead_lettered,) = await harness.rows("select * from savvycal.quarantine")
    assert "Postgres" in dead_lettered["reason"] or "two workers" in dead_lettered["reason"]


async def test_a_resync_of_one_day_finds_what_was_deleted_from_it(harness: Harness) -> None:
    """A range is asked for a day wider, so that both its days are vouched for."""
    await harness.scan(Product.MEETINGS)
    event, document = next(iter(harness.world.documents("event").items()))
    harness.world.delete("event", event)
    day = document["start_at"][:10]
    await requests.resync_window(harness.context, Product.MEETINGS, day, day, "default")
    await harness.drain(WindowKey("default", Product.MEETINGS, f"{day}..{day}"))
    assert await harness.value("select reasons from savvycal._work where key = $1", event) == ["missing"]


async def test_more_missing_than_allowed_holds_the_scan_until_a_person_says_so(mirrored_url: str) -> None:
    """The approval lets the scan ask for what is missing, and lets the tombstones through."""
    async with running_harness(mirrored_url, events=60, appointments=0) as harness:
        await harness.scan(Product.MEETINGS)
        for event in list(harness.world.documents("event"))[:40]:
            harness.world.delete("event", event)
        await harness.scan(Product.MEETINGS)
        last = "select result, error from savvycal.runs order by id desc limit 1"
        assert (await harness.rows(last))[0]["error"] == "40 of 60 stored objects were not listed (limit 20)"
        async with harness.db.connection() as connection:
            assert await coverage.approve_deletions(connection, "default", Product.MEETINGS, 50)
            assert not await coverage.approve_deletions(connection, "nobody", Product.MEETINGS, 50)
        await harness.scan(Product.MEETINGS)
        assert (await harness.rows(last))[0]["result"] == "ok"
        await loop.work(harness.context)
        await harness.advance_a_minute()
        await harness.work_as_if_due()
        assert await harness.value("select count(*) from savvycal.events where deleted_at is not null") == 40


async def test_a_standing_window_is_never_given_up_and_an_ad_hoc_one_is(harness: Harness) -> None:
    """Only what somebody asked for once becomes a dead letter; its run has the result `failed`."""
    harness.world.faults.append(Fault(kind="status", match=r"/events\?", args={"status": 418}))
    ad_hoc = WindowKey("default", Product.MEETINGS, "2026-01-01..2026-01-02")
    await requests.resync_window(harness.context, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
    await harness.run_schedule()
    for _ in range(5):
        await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
        for key in (ad_hoc, ALL_EVENTS):
            await run_scan(harness.context, key)
    dead_lettered = await harness.rows(
        "select key from savvycal._work where job = 'scan' and dead_lettered_at is not null"
    )
    assert [row["key"] for row in dead_lettered] == ["2026-01-01..2026-01-02"]
    assert await harness.value("select error from savvycal.runs where result = 'failed'") is not None


async def test_a_product_that_is_left_is_late_no_more_and_may_come_back(harness: Harness) -> None:
    """Health names its windows no more, and its requests are kept; with its token back it is read again."""
    left = (
        "insert into savvycal.accounts (account, product, is_configured, seen_at) "
        "values ('default', 'appointments', false, now())"
    )
    late = "select windows_overdue, due from savvycal.health"
    await harness.scan()
    appointment = await harness.value("select min(id) from savvycal.appointments")
    await harness.execute("delete from savvycal._work where job = 'object'")
    await requests.resync_object(harness.context, Kind.APPOINTMENT, appointment, "default")
    await harness.execute(
        "update savvycal.coverage set next_due_at = case product when 'appointments' then '-infinity' else now() end"
    )
    assert await harness.rows(late) == [{"windows_overdue": 2, "due": 1}]
    await harness.execute(left)
    assert await harness.rows(late) == [{"windows_overdue": 0, "due": 1}]
    assert await harness.value("select count(*) from savvycal.appointments") == 12

    await harness.execute("update savvycal.accounts set is_configured = true")
    await schedule.plan_windows(harness.context)
    await harness.run_schedule()
    assert ALL_APPOINTMENTS in await harness.open_scans()
    await harness.drain(ALL_APPOINTMENTS)
    rows = "select row_count from savvycal.freshness where (product, window_name) = ('appointments', 'all')"
    assert await harness.value(rows) == 12


@pytest.mark.parametrize(("status", "tries"), [(400, ATTEMPTS_MAX_PERMANENT)])
async def test_a_range_whose_later_page_always_fails_becomes_a_dead_letter(
    mirrored_url: str, status: int, tries: int
) -> None:
    """Starting over lands on the pages before it again: that is no progress, and remembers nothing twice."""
    async with running_harness(mirrored_url, events=250, appointments=0) as harness:
        key = WindowKey("default", Product.MEETINGS, "2020-01-01..2029-12-01")
        await requests.resync_window(harness.context, Product.MEETINGS, "2020-01-01", "2029-12-01", "default")
        harness.world.faults.append(Fault(kind="status", match="after=", args={"status": status}))
        for _ in range(1 + tries):  # the first one got further than any before it
            assert (
                await harness.value(
                    "select dead_lettered_at from savvycal._work where job = 'scan' and key like '2020%'"
                )
                is None
            )
            harness.context.accounts["default"][Product.MEETINGS].client.circuit.note(None)
            await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
            await run_scan(harness.context, key)
        assert (
            await harness.value("select dead_lettered_at from savvycal._work where job = 'scan' and key like '2020%'")
            is not None
        )
        assert await harness.value("select max(cardinality(ids)) from savvycal._scan_seen") == 100


async def test_a_quarantined_record_is_resolved_when_the_stored_version_is_served_again(harness: Harness) -> None:
    """It reads as it is stored, so nothing is written; what waited in the quarantine does so no longer."""
    await harness.scan(Product.MEETINGS)
    event, document = next(iter(harness.world.documents("event").items()))
    harness.world.put_raw("event", event, json.dumps(document | {"start_at": "not a time"}).encode())
    await harness.scan(Product.MEETINGS)
    assert await harness.value("select quarantined from savvycal.health") == 1
    harness.world.put_event(document)
    await harness.scan(Product.MEETINGS)
    assert await harness.value("select quarantined from savvycal.health") == 0
    assert await harness.value("select version from savvycal.events where id = $1", event) == 1


async def test_meetings_of_what_is_deleted_are_not_counted(harness: Harness) -> None:
    """Neither in lifecycle_counts nor on the live line; their rows stay."""
    await harness.scan()
    async with harness.db.transaction() as connection:
        for kind in (Kind.EVENT, Kind.APPOINTMENT):
            for row in await connection.fetch(f"select id from savvycal.{kind}s"):
                fence = await objects.take_fence(connection)
                now = datetime.now(UTC)
                await objects.record_deletion(connection, "default", kind, row["id"], fence, now, "x", Via.AUDIT)
    assert await harness.rows("select * from savvycal.lifecycle_counts") == []
    async with harness.db.connection() as connection:
        figures = await status.live(connection)
    assert (figures["meetings"], figures["in_progress"]) == (0, 0)
    assert await harness.value("select count(*) from savvycal.meetings") > 0


async def test_until_may_be_exclusive_and_east_of_utc(mirrored_url: str) -> None:
    """Neither is documented: what a window vouches for was listed all the same, 25 events in its last hours too."""
    tokyo: dict[str, Any] = {"until_inclusive": False, "from_until_time_zone": "Asia/Tokyo"}
    async with running_harness(mirrored_url, events=0, appointments=0, **tokyo) as harness:
        window = harness.context.window(Product.MEETINGS, "month")
        assert window
        until = windows.inside(windows.bounds(window, datetime.now(UTC))).until
        assert until
        at = datetime.combine(until, time(0), UTC) - timedelta(hours=3)
        for _ in range(25):
            harness.world.book_event(state="confirmed", start_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        await harness.scan(Product.MEETINGS)
        await harness.execute("update savvycal.coverage set next_due_at = now() where window_name = 'month'")
        await harness.run_schedule()
        await harness.drain(WindowKey("default", Product.MEETINGS, "month"))
        (run,) = await harness.rows("select result, rows_read from savvycal.runs where window_name = 'month'")
        assert (run["result"], run["rows_read"]) == ("ok", 25)
        (row,) = await harness.rows(
            "select starts_from, starts_until from savvycal.coverage where window_name = 'month'"
        )
        assert row["starts_until"] == until - timedelta(days=1)  # the last day that is vouched for


async def test_a_discarded_scan_leaves_nothing_behind(harness: Harness) -> None:
    """What it had seen goes with it, and its run is over."""
    await requests.resync_window(harness.context, Product.MEETINGS, "2024-01-01", "2030-01-01", "default")
    key = WindowKey("default", Product.MEETINGS, "2024-01-01..2030-01-01")
    async with harness.db.transaction() as connection:
        claimed = await claim_scan(connection, key)
        assert claimed
        begun = await scans.begin(connection, claimed, claimed.bounds)
        await scans.advance(connection, begun, 1, scans.PageCount(read=1), None, ["event_1"])
    await work_queue.give_back(harness.db, begun.item)
    await harness.execute(work_queue.SQL["discard"], "default", f"{key.product}/{key.window_name}", None, None)
    assert await harness.value("select count(*) from savvycal._scans") == 0
    assert await harness.value("select count(*) from savvycal._scan_seen") == 0
    assert await harness.value("select error from savvycal.runs where result = 'failed'") == "discarded"

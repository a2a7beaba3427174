"""Passes: complete, resumable, never fooled by what a list leaves out; bad records and bad pages lose nothing."""

import asyncio
import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest

from tests.docs_generated import ROOT
from tests.sync.stage import Stage, staged, until
from worker.core import cadence
from worker.core.cadence import Bounds
from worker.core.model import Kind, Product
from worker.errors import StoreError
from worker.simulator import Fault
from worker.store import passes, schema, status
from worker.store.passes import WindowKey
from worker.sync import poll, tick, trigger, work
from worker.sync.retry import ATTEMPTS_MAX_PERMANENT

ALL_EVENTS = WindowKey("default", Product.MEETINGS, "all")
ALL_APPOINTMENTS = WindowKey("default", Product.APPOINTMENTS, "all")


async def _ids(stage: Stage, table: str) -> set[str]:
    return {row["id"] for row in await stage.rows(f"select id from savvycal.{table} where gone_at is null")}


async def test_a_backfill_brings_everything_of_both_products(stage: Stage) -> None:
    """Every object of the source is in the tables after the first passes, children and meetings included."""
    await stage.sweep()
    assert await _ids(stage, "events") == set(stage.world.documents("event"))
    assert await _ids(stage, "appointments") == set(stage.world.documents("appointment"))
    attendees = sum(len(document["attendees"]) for document in stage.world.documents("event").values())
    assert await stage.value("select count(*) from savvycal.event_attendees where is_listed") == attendees


async def test_the_first_pass_over_everything_is_a_backfill(stage: Stage) -> None:
    """The clock opens one pass for each window; the one over everything is named backfill, the others poll."""
    assert {job[3] for job in await tick.tick(stage.mirror)} == {"near", "upcoming"}  # the others wait for these
    jobs = await stage.tick()
    assert [job[0] for job in jobs] == ["poll"] * 6
    rows = await stage.rows("select window_name, job from savvycal._passes")
    assert {row["job"] for row in rows if row["window_name"] == "all"} == {"backfill"}
    assert {row["job"] for row in rows if row["window_name"] != "all"} == {"poll"}


async def test_a_second_pass_over_unchanged_objects_writes_no_row(stage: Stage) -> None:
    """Unchanged costs nothing: no table but the pass's own bookkeeping is touched."""
    await stage.sweep()
    counted = (
        "select relname, n_tup_ins + n_tup_upd + n_tup_del as writes from pg_stat_all_tables "
        "where schemaname = 'savvycal' and relname in "
        "('events', 'event_attendees', 'event_answers', 'appointments', 'appointment_history', 'meetings', "
        "'transitions', 'snapshots', 'changes', 'quarantine')"
    )
    await stage.execute("select pg_stat_force_next_flush()")
    before = await stage.rows(counted)
    await stage.sweep()
    await stage.execute("select pg_stat_force_next_flush()")
    assert await stage.rows(counted) == before
    last = await stage.rows("select * from savvycal.runs order by id desc limit 1")
    assert (last[0]["rows_written"], last[0]["rows_unchanged"], last[0]["walks"]) == (0, 12, 1)


async def test_a_pass_ends_with_a_walk_that_brought_no_news(stage: Stage) -> None:
    """Rows shift between pages while they change: after news the list is walked once more, without news never."""
    walks = "select walks from savvycal.runs order by id desc limit 1"
    seen = []
    for news in (False, False, True, False):
        if news:
            stage.world.book_event()
        await stage.sweep(Product.MEETINGS)
        seen.append(await stage.value(walks))
    assert seen == [2, 1, 2, 1]


async def test_a_complete_pass_covers_its_window(stage: Stage) -> None:
    """The coverage table says as of when the window is complete: the start of the pass."""
    await stage.sweep(Product.MEETINGS)
    (row,) = await stage.rows("select * from savvycal.freshness where product = 'meetings' and window_name = 'all'")
    run = await stage.rows("select * from savvycal.runs where result = 'ok'")
    assert row["complete_as_of"] == run[-1]["started_at"]
    assert row["row_count"] == 30
    assert row["last_result"] == "ok"


async def test_a_killed_pass_goes_on_at_the_same_page(mirrored_url: str) -> None:
    """Page and position commit together: after a kill the next worker asks for the page that was never stored."""
    async with staged(mirrored_url, events=450) as stage:
        await stage.tick()
        stage.world.faults.append(Fault(kind="hang", match=r"GET /meetings/v1/events\?.*after=", skip=1, times=1))
        task = asyncio.create_task(poll.poll(stage.mirror, ALL_EVENTS))
        await until(lambda: stage.value("select max(page) >= 2 from savvycal._passes"))
        position = await stage.rows("select page, cursor from savvycal._passes where product = 'meetings' and page > 0")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        stage.world.requests.clear()
        await stage.drain(ALL_EVENTS)

        first = stage.world.requests[0]
        assert position[0]["cursor"] in unquote(first.query)
        assert len(await _ids(stage, "events")) == 450


async def test_a_pass_that_lost_its_lease_writes_nothing_more(stage: Stage) -> None:
    """A worker that was paused past its lease finds its page refused; the other worker's position stands."""
    await stage.tick()
    async with stage.db.connection() as connection:
        mine = await passes.claim(connection, ALL_EVENTS, uuid4())
        assert mine is not None
        await connection.execute(
            "update savvycal._passes set lease_until = clock_timestamp() - interval '1 s' where lease_token is not null"
        )
        theirs = await passes.claim(connection, ALL_EVENTS, uuid4())
        assert theirs is not None
        assert not await passes.hold(connection, mine)
        assert await passes.hold(connection, theirs)


async def test_a_request_during_a_pass_causes_one_more(stage: Stage) -> None:
    """The generation rises while the pass runs: it starts over once, however often it was asked for."""
    async with stage.db.connection() as connection:
        window = stage.mirror.window(Product.MEETINGS, "all")
        assert window is not None
        for _ in range(3):
            bounds = Bounds(None, None)
            await passes.open_pass(connection, ALL_EVENTS, "resync", 0, bounds)
        claimed = await passes.claim(connection, ALL_EVENTS, uuid4())
        assert claimed is not None
        assert await passes.open_pass(connection, ALL_EVENTS, "resync", 0, bounds) == "running"
        await passes.give_back(connection, claimed)
    await stage.drain(ALL_EVENTS)
    runs = await stage.value("select count(*) from savvycal.runs where product = 'meetings'")
    assert runs == 1  # the pass had not begun: what it saw at its begin was the newest generation


async def test_objects_that_a_pass_did_not_see_are_only_asked_for(stage: Stage) -> None:
    """Absence from a list never deletes: the object is read by id, and is still there."""
    await stage.sweep(Product.MEETINGS)
    stage.world.faults.append(Fault(kind="drop_page_rows", match=r"GET /meetings/v1/events\?", args={"count": 3}))
    await stage.sweep(Product.MEETINGS)
    asked = await stage.rows("select id, reasons from savvycal._targets where 'missing' = any (reasons)")
    assert 0 < len(asked) <= 20
    stage.world.faults.clear()
    await work.work(stage.mirror)
    assert await _ids(stage, "events") == set(stage.world.documents("event"))
    assert await stage.value("select count(*) from savvycal._targets where 'missing' = any (reasons)") == 0


async def test_two_404s_a_minute_apart_make_a_tombstone(stage: Stage) -> None:
    """One 404 only asks again; the second, a minute later, with the account answering, marks the row as gone."""
    await stage.sweep(Product.MEETINGS)
    event = next(iter(stage.world.documents("event")))
    stage.world.delete("event", event)
    await stage.look(Kind.EVENT, event)
    assert await stage.value("select gone_at from savvycal.events where id = $1", event) is None
    await stage.work_as_if_due()  # too soon: less than a minute since the first
    assert await stage.value("select gone_at from savvycal.events where id = $1", event) is None
    await stage.a_minute_passes()
    await stage.work_as_if_due()
    (row,) = await stage.rows("select gone_at, gone_reason, summary from savvycal.events where id = $1", event)
    assert row["gone_at"] is not None
    assert row["gone_reason"].startswith("SavvyCal answered 404 twice")
    assert row["summary"]
    assert await stage.value("select count(*) from savvycal._targets where id = $1", event) == 0
    assert (
        await stage.value("select change from savvycal.changes where id = $1 order by seq desc limit 1", event)
        == "gone"
    )


async def test_an_object_that_returns_is_revived(stage: Stage) -> None:
    """A tombstone is reversible: seen again, the row is there again, as one more version."""
    await stage.sweep(Product.MEETINGS)
    event, document = next(iter(stage.world.documents("event").items()))
    stage.world.delete("event", event)
    await stage.look(Kind.EVENT, event)
    await stage.a_minute_passes()
    await stage.work_as_if_due()
    stage.world.put_event(document)
    await stage.sweep(Product.MEETINGS)
    (row,) = await stage.rows("select gone_at, gone_reason, version from savvycal.events where id = $1", event)
    assert (row["gone_at"], row["gone_reason"], row["version"]) == (None, None, 2)


async def test_an_empty_list_over_a_full_table_is_suspect(mirrored_url: str) -> None:
    """Nothing is asked for and nothing is covered by a list that lost everything."""
    async with staged(mirrored_url, events=60, appointments=0) as stage:
        await stage.sweep(Product.MEETINGS)
        covered = await stage.value("select complete_as_of from savvycal.coverage where row_count = 60")
        stage.world.faults.append(Fault(kind="empty_list", match=r"GET /meetings/v1/events\?"))
        await stage.sweep(Product.MEETINGS)
        (run,) = await stage.rows("select * from savvycal.runs order by id desc limit 1")
        assert run["result"] == "suspect"
        assert "listed nothing where 60" in run["error"]
        assert await stage.value("select count(*) from savvycal._targets where 'missing' = any (reasons)") == 0
        assert await stage.value("select max(complete_as_of) from savvycal.coverage") == covered
        assert len(await _ids(stage, "events")) == 60


async def test_a_list_that_repeats_its_cursor_ends_in_an_error_not_in_a_circle(mirrored_url: str) -> None:
    """The same cursor twice is malformed; the pass is tried again later."""
    async with staged(mirrored_url, events=250, appointments=0) as stage:
        stage.world.faults.append(Fault(kind="same_cursor", match=r"GET /meetings/v1/events\?"))
        await stage.tick()
        await poll.poll(stage.mirror, ALL_EVENTS)
        (row,) = await stage.rows(
            "select last_error from savvycal._passes where window_name = 'all' and product = 'meetings'"
        )
        assert "cursor" in row["last_error"]


async def test_a_list_that_goes_in_a_circle_is_noticed(mirrored_url: str) -> None:
    """The third page leads back to the second: one round, and the walk is tried again later."""
    async with staged(mirrored_url, events=450, appointments=0) as stage:
        await stage.tick()
        stage.world.faults.append(Fault(kind="hang", match=r"GET /meetings/v1/events\?.*after=", skip=1, times=1))
        task = asyncio.create_task(poll.poll(stage.mirror, ALL_EVENTS))
        await until(lambda: stage.value("select max(page) >= 2 from savvycal._passes"))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        second = await stage.value("select cursor from savvycal._passes where page = 2")
        stage.world.faults[:] = [Fault(kind="same_cursor", match="after=", args={"after": second})]
        stage.world.requests.clear()
        await stage.drain(ALL_EVENTS)
        assert len(stage.world.requests) <= 2
        assert "sent before" in await stage.value("select last_error from savvycal._passes where page > 0")


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (404, 1), (410, 1)])
async def test_a_position_that_cannot_be_gone_on_from_is_given_up(mirrored_url: str, status: int, tries: int) -> None:
    """How SavvyCal says that a cursor is too old is not documented: whatever it says, the walk starts over."""
    async with staged(mirrored_url, events=250, appointments=0) as stage:
        stage.world.faults.append(Fault(kind="status", match="after=", times=tries, args={"status": status}))
        await stage.tick()
        position = "select page, cursor from savvycal._passes where window_name = 'all' and product = 'meetings'"
        for _ in range(tries):
            stage.mirror.accounts["default"][Product.MEETINGS].client.circuit.note(None)
            await stage.execute("update savvycal._passes set due_at = clock_timestamp()")
            await poll.poll(stage.mirror, ALL_EVENTS)
        assert await stage.rows(position) == [{"page": 0, "cursor": None}]
        await stage.execute("update savvycal._passes set due_at = clock_timestamp()")
        await stage.drain(ALL_EVENTS)
        assert len(await _ids(stage, "events")) == 250


@pytest.mark.parametrize("kind", ["malformed_json", "html_200", "truncate", "reset"])
async def test_a_bad_page_is_tried_again_and_then_lands(stage: Stage, kind: str) -> None:
    """A page that cannot be read writes nothing; the same page is asked for again later."""
    where = {"where": "body"} if kind == "reset" else {}
    fault = Fault(kind=kind, match=r"GET /meetings/v1/events\?", times=1, args=where)  # type: ignore[arg-type]
    stage.world.faults.append(fault)
    await stage.tick()
    await poll.poll(stage.mirror, ALL_EVENTS)
    assert await stage.value("select count(*) from savvycal.events") == 0
    assert await stage.value("select last_error from savvycal._passes where last_error is not null")
    await stage.execute("update savvycal._passes set due_at = clock_timestamp()")
    await stage.drain(ALL_EVENTS)
    assert len(await _ids(stage, "events")) == 30


async def test_a_wrong_token_stops_one_product_only(stage: Stage) -> None:
    """401 is one plain line in the ledger; the other product goes on."""
    stage.world.faults.append(Fault(kind="status", match=r"/appointments/v1/", args={"status": 401}))
    await stage.tick()
    await stage.drain(ALL_EVENTS)
    await poll.poll(stage.mirror, ALL_APPOINTMENTS)
    assert len(await _ids(stage, "events")) == 30
    error = await stage.value(
        "select last_error from savvycal._passes where window_name = 'all' and product = 'appointments'"
    )
    assert error.startswith("SavvyCal answered 401")
    assert stage.simulator.options.appointments_token not in error


def _poisoned(stage: Stage, kind: str, change: dict[str, Any]) -> str:
    """An object whose served bytes differ from its document by a change."""
    object_id, document = next(iter(stage.world.documents(kind).items()))
    stage.world.put_raw(kind, object_id, json.dumps(document | change).encode())
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
    stage: Stage, change: dict[str, Any], reason: str
) -> None:
    """The reason names the field and not the value; every other record of the page is stored."""
    event = _poisoned(stage, "event", change)
    await stage.sweep(Product.MEETINGS)
    assert len(await _ids(stage, "events")) == 29
    (parked,) = await stage.rows("select * from savvycal.quarantine")
    assert (parked["id"], parked["kind"]) == (event, "event")
    assert reason in parked["reason"]
    assert "not a time" not in parked["reason"]
    assert json.loads(parked["body"])["id"] == event


async def test_a_quarantined_record_is_resolved_when_it_becomes_readable(stage: Stage) -> None:
    """The next readable version is stored, and the quarantine row says so."""
    documents = stage.world.documents("event")
    event = _poisoned(stage, "event", {"start_at": "not a time"})
    await stage.sweep(Product.MEETINGS)
    stage.world.put_event(documents[event])
    await stage.sweep(Product.MEETINGS)
    assert event in await _ids(stage, "events")
    assert await stage.value("select count(*) from savvycal.quarantine where resolved_at is null") == 0


async def test_an_id_that_is_no_id_is_quarantined_under_a_hash(stage: Stage) -> None:
    """What cannot be addressed is kept under the hash of its bytes."""
    for wrong in (17, "a b", None, "../etc"):
        _poisoned(stage, "event", {"id": wrong})
        await stage.sweep(Product.MEETINGS)
    rows = await stage.rows("select id, reason from savvycal.quarantine")
    assert len(rows) == 4
    assert all(row["id"].startswith("unreadable:") for row in rows)
    assert len(await _ids(stage, "events")) == 29


async def test_an_unknown_state_and_field_are_kept_and_reported_as_drift(stage: Stage) -> None:
    """Record, never refuse: the word stays as it is, the field is in extra, the view drift names both."""
    event = _poisoned(stage, "event", {"state": "teleported", "mood": {"is": "new"}})
    await stage.sweep(Product.MEETINGS)
    (row,) = await stage.rows("select state, phase, extra from savvycal.events where id = $1", event)
    assert (row["state"], row["phase"], json.loads(row["extra"])) == ("teleported", "unknown", {"mood": {"is": "new"}})
    names = {(row["what"], row["name"]) for row in await stage.rows("select * from savvycal.drift")}
    assert names == {("unknown state", "teleported"), ("unknown field", "mood")}


async def test_a_nul_in_a_text_is_stored_as_its_symbol(stage: Stage) -> None:
    """Postgres cannot hold U+0000: the symbol for it stands in its place, and the page lands."""
    event = _poisoned(stage, "event", {"summary": "a\x00b", "metadata": {"k\x00": "v\x00"}})
    await stage.sweep(Product.MEETINGS)
    (row,) = await stage.rows("select summary, metadata from savvycal.events where id = $1", event)
    assert (row["summary"], json.loads(row["metadata"])) == ("a\u2400b", {"k\u2400": "v\u2400"})
    assert len(await _ids(stage, "events")) == 30


async def test_bytes_that_are_not_json_stop_only_their_page_until_they_are(stage: Stage) -> None:
    """A record that breaks the page's own syntax cannot be isolated: the page waits, nothing is lost."""
    documents = stage.world.documents("event")
    event = next(iter(documents))
    stage.world.put_raw("event", event, b'{"id": broken')
    await stage.tick()
    await poll.poll(stage.mirror, ALL_EVENTS)
    assert await stage.value("select count(*) from savvycal.events") == 0
    stage.world.put_event(documents[event])
    await stage.execute("update savvycal._passes set due_at = clock_timestamp()")
    await stage.drain(ALL_EVENTS)
    assert len(await _ids(stage, "events")) == 30


async def test_a_meeting_id_that_belongs_to_another_appointment_does_not_stop_the_page(stage: Stage) -> None:
    """What Postgres refuses goes to quarantine alone."""
    first, second = list(stage.world.documents("appointment").values())[:2]
    stolen = (second["meeting"] or {}) | {
        "id": "amtg_000000000001",
        "object": "appointment_meeting",
        "status": "created",
    }
    for document in (first, second):
        stage.world.put_raw("appointment", document["id"], json.dumps(document | {"meeting": stolen}).encode())
    await stage.sweep(Product.APPOINTMENTS)
    assert len(await _ids(stage, "appointments")) == 11
    (parked,) = await stage.rows("select * from savvycal.quarantine")
    assert "Postgres" in parked["reason"] or "two workers" in parked["reason"]


async def test_a_resync_of_one_day_finds_what_is_gone_from_it(stage: Stage) -> None:
    """A range is asked for a day wider, so that both its days are vouched for."""
    await stage.sweep(Product.MEETINGS)
    event, document = next(iter(stage.world.documents("event").items()))
    stage.world.delete("event", event)
    day = document["start_at"][:10]
    await trigger.resync_window(stage.mirror, Product.MEETINGS, day, day, "default")
    await stage.drain(WindowKey("default", Product.MEETINGS, f"{day}..{day}"))
    assert await stage.value("select reasons from savvycal._targets where id = $1", event) == ["missing"]


async def test_more_missing_than_allowed_holds_the_pass_until_a_person_says_so(mirrored_url: str) -> None:
    """The allowance lets the pass ask for what is missing, and lets the tombstones through."""
    async with staged(mirrored_url, events=60, appointments=0) as stage:
        await stage.sweep(Product.MEETINGS)
        for event in list(stage.world.documents("event"))[:40]:
            stage.world.delete("event", event)
        await stage.sweep(Product.MEETINGS)
        last = "select result, error from savvycal.runs order by id desc limit 1"
        assert (await stage.rows(last))[0]["error"] == "40 of 60 stored objects were not listed (limit 20)"
        async with stage.db.connection() as connection:
            assert await passes.allow_missing(connection, "default", Product.MEETINGS, 50)
            assert not await passes.allow_missing(connection, "nobody", Product.MEETINGS, 50)
        await stage.sweep(Product.MEETINGS)
        assert (await stage.rows(last))[0]["result"] == "ok"
        await work.work(stage.mirror)
        await stage.a_minute_passes()
        await stage.work_as_if_due()
        assert await stage.value("select count(*) from savvycal.events where gone_at is not null") == 40


async def test_a_standing_window_is_never_given_up_and_an_ad_hoc_one_is(stage: Stage) -> None:
    """Parking is for what somebody asked once; its run says failed."""
    stage.world.faults.append(Fault(kind="status", match=r"/events\?", args={"status": 418}))
    ad_hoc = WindowKey("default", Product.MEETINGS, "2026-01-01..2026-01-02")
    await trigger.resync_window(stage.mirror, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
    await stage.tick()
    for _ in range(5):
        await stage.execute("update savvycal._passes set due_at = clock_timestamp()")
        for key in (ad_hoc, ALL_EVENTS):
            await poll.poll(stage.mirror, key)
    parked = await stage.rows("select window_name from savvycal._passes where parked_at is not null")
    assert [row["window_name"] for row in parked] == ["2026-01-01..2026-01-02"]
    assert await stage.value("select error from savvycal.runs where result = 'failed'") is not None


async def test_changes_from_another_server_are_not_hidden(stage: Stage) -> None:
    """A dump brings transaction numbers of the server it comes from: its cursors are refused, its rows freed."""
    await stage.sweep(Product.MEETINGS)
    await stage.execute("update savvycal.changes set xid = (xid::text::bigint + 1000000)::text::xid8")
    count = "select count(*) from savvycal.changes_since(batch => 1000)"
    assert await stage.value(count) == 0
    cursor = await stage.value("select max(xid)::text || ':1' from savvycal.changes")
    with pytest.raises(StoreError, match="22023"):
        await stage.value("select count(*) from savvycal.changes_since($1)", cursor)
    async with stage.db.connection() as connection:
        await schema.apply(connection)
    assert await stage.value(count) == 30


async def test_a_product_that_is_left_is_late_no_more_and_may_come_back(stage: Stage) -> None:
    """What docs/operations.md says to do, done: health names it no more; with its token back it is read anew."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    statements = page.split("## Leaving a product")[1].split("```sql")[1].split("```")[0]
    late = "select windows_overdue, due from savvycal.health"
    await stage.sweep()
    appointment = await stage.value("select min(id) from savvycal.appointments")
    await stage.execute("delete from savvycal._targets")
    await trigger.resync_object(stage.mirror, Kind.APPOINTMENT, appointment, "default")
    await stage.execute(
        "update savvycal.coverage set next_due_at = case product when 'meetings' then now() else '-infinity' end"
    )
    assert await stage.rows(late) == [{"windows_overdue": 2, "due": 1}]
    await stage.execute(statements)
    assert await stage.rows(late) == [{"windows_overdue": 0, "due": 0}]
    assert await stage.value("select count(*) from savvycal.appointments") == 12

    await tick.plan_windows(stage.mirror)
    assert ("poll", "default", "appointments", "all") in await stage.tick()
    await stage.drain(ALL_APPOINTMENTS)
    rows = "select row_count from savvycal.freshness where (product, window_name) = ('appointments', 'all')"
    assert await stage.value(rows) == 12


@pytest.mark.parametrize(("status", "tries"), [(400, ATTEMPTS_MAX_PERMANENT)])
async def test_a_range_whose_later_page_always_fails_is_parked(mirrored_url: str, status: int, tries: int) -> None:
    """Starting over lands on the pages before it again: that is no progress, and remembers nothing twice."""
    async with staged(mirrored_url, events=250, appointments=0) as stage:
        key = WindowKey("default", Product.MEETINGS, "2020-01-01..2029-12-01")
        await trigger.resync_window(stage.mirror, Product.MEETINGS, "2020-01-01", "2029-12-01", "default")
        stage.world.faults.append(Fault(kind="status", match="after=", args={"status": status}))
        for _ in range(1 + tries):  # the first one got further than any before it
            assert await stage.value("select parked_at from savvycal._passes where window_name like '2020%'") is None
            stage.mirror.accounts["default"][Product.MEETINGS].client.circuit.note(None)
            await stage.execute("update savvycal._passes set due_at = clock_timestamp()")
            await poll.poll(stage.mirror, key)
        assert await stage.value("select parked_at from savvycal._passes where window_name like '2020%'") is not None
        assert await stage.value("select max(cardinality(ids)) from savvycal._pass_seen") == 100


async def test_a_quarantined_record_is_resolved_when_the_stored_version_is_served_again(stage: Stage) -> None:
    """It reads as it is stored, so nothing is written; what waited in the quarantine does so no longer."""
    await stage.sweep(Product.MEETINGS)
    event, document = next(iter(stage.world.documents("event").items()))
    stage.world.put_raw("event", event, json.dumps(document | {"start_at": "not a time"}).encode())
    await stage.sweep(Product.MEETINGS)
    assert await stage.value("select quarantined from savvycal.health") == 1
    stage.world.put_event(document)
    await stage.sweep(Product.MEETINGS)
    assert await stage.value("select quarantined from savvycal.health") == 0
    assert await stage.value("select version from savvycal.events where id = $1", event) == 1


async def test_meetings_of_what_is_gone_are_not_counted(stage: Stage) -> None:
    """Neither in lifecycle_counts nor on the live line; their rows stay."""
    await stage.sweep()
    for table in ("events", "appointments"):
        await stage.execute(f"update savvycal.{table} set gone_at = now(), gone_reason = 'x'")
    assert await stage.rows("select * from savvycal.lifecycle_counts") == []
    async with stage.db.connection() as connection:
        figures = await status.live(connection)
    assert (figures["meetings"], figures["unsettled"]) == (0, 0)
    assert await stage.value("select count(*) from savvycal.meetings") > 0


async def test_until_may_be_exclusive_and_east_of_utc(mirrored_url: str) -> None:
    """Neither is documented: what a window vouches for was listed all the same, 25 events in its last hours too."""
    tokyo: dict[str, Any] = {"until_inclusive": False, "from_until_time_zone": "Asia/Tokyo"}
    async with staged(mirrored_url, events=0, appointments=0, **tokyo) as stage:
        window = stage.mirror.window(Product.MEETINGS, "month")
        assert window
        until = cadence.inside(cadence.bounds(window, datetime.now(UTC))).until
        assert until
        at = datetime.combine(until, time(0), UTC) - timedelta(hours=3)
        for _ in range(25):
            stage.world.book_event(state="confirmed", start_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        await stage.sweep(Product.MEETINGS)
        await stage.execute("update savvycal.coverage set next_due_at = now() where window_name = 'month'")
        await stage.tick()
        await stage.drain(WindowKey("default", Product.MEETINGS, "month"))
        (run,) = await stage.rows("select result, rows_read from savvycal.runs where window_name = 'month'")
        assert (run["result"], run["rows_read"]) == ("ok", 25)
        (row,) = await stage.rows("select starts_from, starts_until from savvycal.coverage where window_name = 'month'")
        assert row["starts_until"] == until - timedelta(days=1)  # the last day that is vouched for


async def test_a_discarded_pass_leaves_nothing_behind(stage: Stage) -> None:
    """What it had seen goes with it, and its run is over."""
    await trigger.resync_window(stage.mirror, Product.MEETINGS, "2024-01-01", "2030-01-01", "default")
    key = WindowKey("default", Product.MEETINGS, "2024-01-01..2030-01-01")
    async with stage.db.transaction() as connection:
        claimed = await passes.claim(connection, key, uuid4())
        assert claimed
        begun = await passes.begin(connection, claimed, claimed.bounds)
        await passes.advance(connection, begun, 1, passes.PageCount(read=1), None, ["event_1"])
        await passes.give_back(connection, begun)
    await stage.execute(passes.SQL["discard"], "default", f"{key.product}/{key.window_name}")
    assert await stage.value("select count(*) from savvycal._pass_seen") == 0
    assert await stage.value("select error from savvycal.runs where result = 'failed'") == "discarded"

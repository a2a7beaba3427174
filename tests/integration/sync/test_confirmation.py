"""What has to be read again: nobody's request, doubt or proof gets lost between two reads."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.store.test_concurrent_writers import provenance_of
from tests.support.harness import Harness
from tests.support.scanning import claim_scan, run_scan
from tests.support.writing import write_records
from worker import errors
from worker.core.model import Kind, Product
from worker.core.result import ATTEMPTS_MAX, DeadLetter
from worker.simulator import Fault
from worker.store import apply, work_queue
from worker.store.scans import WindowKey
from worker.sync import loop, requests, scan
from worker.sync.context import Endpoint


async def test_who_asks_while_a_read_fails_gets_another_and_soon(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failing read may have had its last try; whoever asked meanwhile has not."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    await harness.execute("update savvycal._work set attempts = $1 where job = 'object'", ATTEMPTS_MAX - 1)
    harness.context.retries._saved = 30
    answers = []

    async def fails(_endpoint: Endpoint, _object_id: str, **_: object) -> bytes:
        answers.append(await requests.resync_object(harness.context, Kind.EVENT, event, "default"))
        raise errors.ServerFault("SavvyCal answered 500", 500)

    monkeypatch.setattr(Endpoint, "fetch_one", fails)
    await loop.work(harness.context)
    assert answers == ["running"]
    (row,) = await harness.rows(
        "select dead_lettered_at, due_at - clock_timestamp() as wait from savvycal._work where job = 'object'"
    )
    assert row["dead_lettered_at"] is None
    assert row["wait"] <= timedelta(seconds=5)


async def test_who_asks_while_a_range_fails_gets_another_and_soon(harness: Harness) -> None:
    """The same for a scan."""
    await requests.resync_window(harness.context, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
    key = WindowKey("default", Product.MEETINGS, "2026-01-01..2026-01-02")
    async with harness.db.connection() as connection:
        claimed = await claim_scan(connection, key)
        assert claimed
        again = await requests.resync_window(harness.context, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
        assert again == "running"
        await work_queue.settle(connection, claimed.item, DeadLetter(), "it failed")
    (row,) = await harness.rows(
        "select dead_lettered_at, due_at - clock_timestamp() as wait from savvycal._work where job = 'scan'"
    )
    assert row["dead_lettered_at"] is None
    assert row["wait"] <= timedelta(seconds=5)


async def _canceled_event(harness: Harness) -> tuple[str, bytes]:
    """One that is stored as canceled, and what a copy of SavvyCal's data that lags still says of it."""
    endpoint: Any = harness.context.endpoint("default", Product.MEETINGS)
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    stale_reads = await endpoint.fetch_one(event)
    harness.world.cancel_event(event)
    await harness.reconcile(Kind.EVENT, event)
    await harness.execute("delete from savvycal._work where job = 'object'")
    return event, stale_reads


@pytest.mark.parametrize("is_asked", ["during the read", "after it"])
async def test_a_confirmation_that_comes_too_early_does_not_take_the_place_of_the_one_in_time(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, is_asked: str
) -> None:
    """Two webhooks in a row, and a copy of SavvyCal's data that lags behind for both of them."""
    event, stale_reads = await _canceled_event(harness)
    fetch_one, reconciles = Endpoint.fetch_one, 0

    async def fetch(self: Endpoint, object_id: str, **_: object) -> bytes:
        nonlocal reconciles
        reconciles += 1
        if reconciles == 1 and is_asked == "during the read":
            await requests.resync_object(harness.context, Kind.EVENT, event, "default")
        return stale_reads if reconciles <= 2 else await fetch_one(self, object_id)

    monkeypatch.setattr(Endpoint, "fetch_one", fetch)
    await harness.reconcile(Kind.EVENT, event)
    if is_asked == "after it":
        await harness.reconcile(Kind.EVENT, event)
    assert reconciles == 2
    (row,) = await harness.rows(
        "select reasons, due_at - clock_timestamp() as wait from savvycal._work where job = 'object'"
    )
    assert row["reasons"] == ["confirm"]
    assert row["wait"] > timedelta(seconds=25)
    await harness.work_as_if_due()
    assert await harness.value("select state from savvycal.events") == "canceled"


async def test_a_cancellation_from_a_clock_that_lags_is_trusted_the_second_time(harness: Harness) -> None:
    """Also while the meeting is in progress and near, where it is watched more often than it is confirmed."""
    booked = _soon(harness.world.book_appointment(meeting_status="pending"))
    harness.world.put_raw("appointment", booked["id"], json.dumps(booked).encode())
    await harness.reconcile(Kind.APPOINTMENT, booked["id"])
    updated_at = datetime.fromisoformat(booked["updated_at"]) - timedelta(seconds=1)
    canceled = booked | {"status": "canceled", "updated_at": updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    canceled["meeting"] = canceled["meeting"] | {"status": "cancel_pending"}
    harness.world.put_raw("appointment", booked["id"], json.dumps(canceled).encode())
    await harness.work_as_if_due()
    (row,) = await harness.rows(
        "select reasons, due_at - clock_timestamp() as wait from savvycal._work where job = 'object'"
    )
    assert row["reasons"] == ["confirm"]
    assert row["wait"] < timedelta(seconds=31)
    await harness.work_as_if_due()
    assert await harness.value("select status from savvycal.appointments") == "canceled"


async def test_a_page_that_brings_a_confirmation_forward_does_not_replace_it(harness: Harness) -> None:
    """The page was read before, and saw the object in progress: it wants a read in 15 seconds."""
    endpoint: Any = harness.context.endpoint("default", Product.APPOINTMENTS)
    booked = _soon(harness.world.book_appointment(meeting_status="pending"))
    harness.world.put_raw("appointment", booked["id"], json.dumps(booked).encode())
    await harness.reconcile(Kind.APPOINTMENT, booked["id"])
    provenance, page = await provenance_of(harness), json.dumps(booked | {"title": "as the page has it"}).encode()
    settled = booked | {"meeting": booked["meeting"] | {"status": "created"}}
    harness.world.put_raw("appointment", booked["id"], json.dumps(settled).encode())
    await harness.reconcile(Kind.APPOINTMENT, booked["id"])
    await write_records(harness.db, endpoint.source, provenance, [page])
    await harness.work_as_if_due()
    (row,) = await harness.rows(
        "select reasons, due_at - clock_timestamp() as wait from savvycal._work where job = 'object'"
    )
    assert row["reasons"] == ["confirm"]
    assert row["wait"] > timedelta(seconds=25)


async def test_what_a_page_doubts_is_read_after_the_read_under_way(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That one had its answer before the change."""
    endpoint: Any = harness.context.endpoint("default", Product.APPOINTMENTS)
    booked = harness.world.book_appointment(meeting_status="created")
    await harness.reconcile(Kind.APPOINTMENT, booked["id"])
    await harness.execute("delete from savvycal._work where job = 'object'")
    updated_at = datetime.fromisoformat(booked["updated_at"]) - timedelta(seconds=1)
    canceled = json.dumps(booked | {"status": "canceled", "updated_at": updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")})
    fetch_one, pages = Endpoint.fetch_one, 0

    async def fetch(self: Endpoint, object_id: str, **_: object) -> bytes:
        nonlocal pages
        raw = await fetch_one(self, object_id)
        if not pages:
            pages += 1
            harness.world.put_raw("appointment", object_id, canceled.encode())
            await write_records(
                harness.db,
                endpoint.source,
                await provenance_of(harness),
                [canceled.encode()],
            )
        return raw

    monkeypatch.setattr(Endpoint, "fetch_one", fetch)
    await harness.reconcile(Kind.APPOINTMENT, booked["id"])
    await harness.work_as_if_due()
    assert await harness.value("select status from savvycal.appointments") == "canceled"


async def test_an_early_read_that_found_nothing_leaves_the_confirming_one(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again while a 404 was on its way: what is due now is still too early."""
    event, stale_reads = await _canceled_event(harness)
    reconciles = 0

    async def fetch(_self: Endpoint, object_id: str, **_: object) -> bytes:
        nonlocal reconciles
        reconciles += 1
        if reconciles == 2:
            await requests.resync_object(harness.context, Kind.EVENT, object_id, "default")
            raise errors.NotThere("SavvyCal answered 404", 404)
        return stale_reads

    monkeypatch.setattr(Endpoint, "fetch_one", fetch)
    await harness.reconcile(Kind.EVENT, event)
    await harness.reconcile(Kind.EVENT, event)
    assert reconciles == 3
    assert await harness.rows("select reasons from savvycal._work where job = 'object'") == [{"reasons": ["confirm"]}]


def _soon(appointment: dict[str, Any]) -> dict[str, Any]:
    start = datetime.now(UTC) + timedelta(minutes=50)
    return appointment | {"start_at": _moment(start), "end_at": _moment(start + timedelta(minutes=30))}


def _moment(at: datetime) -> dict[str, object]:
    utc = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    local = at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return {
        "object": "zoned_date_time",
        "utc": utc,
        "unix_ts": int(at.timestamp()),
        "local": local,
        "time_zone": "Etc/UTC",
    }


async def test_a_404_of_everything_dead_letters_nothing(harness: Harness) -> None:
    """When the account is not there either, nothing was learned about the object; it goes on as soon as it heals."""
    appointment = harness.world.book_appointment(meeting_status="pending")["id"]
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    harness.world.faults.append(Fault("status", args={"status": 404}))
    for _ in range(5):
        await harness.work_as_if_due()
        await harness.advance_a_minute()
    (row,) = await harness.rows("select dead_lettered_at, last_error from savvycal._work where job = 'object'")
    assert row["dead_lettered_at"] is None
    assert "neither is its account" in row["last_error"]
    harness.world.faults.clear()
    harness.world.set_meeting_status(appointment, "created")
    await harness.work_as_if_due()
    assert await harness.value("select deleted_at from savvycal.appointments") is None
    assert await harness.value("select status from savvycal.meetings") == "created"


async def test_a_404_of_long_ago_proves_nothing(harness: Harness) -> None:
    """Lists may have shown the object in between, and leave no trace where nothing changed."""
    event = harness.world.book_event()["id"]
    await harness.reconcile(Kind.EVENT, event)
    fault = Fault("status", match=f"events/{event}", args={"status": 404})
    harness.world.faults.append(fault)
    await harness.work_as_if_due()
    await harness.execute("update savvycal.events set changed_at = changed_at - interval '5 days'")
    await harness.execute(
        "update savvycal._work set missing_since = missing_since - interval '3 days' where job = 'object'"
    )
    await harness.work_as_if_due()
    assert await harness.value("select deleted_at from savvycal.events") is None
    await harness.advance_a_minute()
    await harness.work_as_if_due()
    assert await harness.value("select deleted_at from savvycal.events") is not None


def _unreadable(harness: Harness, kind: Kind, object_id: str) -> dict[str, Any]:
    """SavvyCal serves it with a start that is no time from now on; the document as it was."""
    good: dict[str, Any] = harness.world.documents(kind.value)[object_id]
    harness.world.put_raw(kind.value, object_id, json.dumps(good | {"start_at": "not a time"}).encode())
    return good


async def test_a_watch_outlives_an_answer_that_cannot_be_read(harness: Harness) -> None:
    """Lists would bring it back at their own pace only."""
    appointment = harness.world.book_appointment()["id"]
    harness.world.set_meeting_status(appointment, "pending")
    await harness.scan(Product.APPOINTMENTS)
    good = _unreadable(harness, Kind.APPOINTMENT, appointment)
    await harness.work_as_if_due()
    (row,) = await harness.rows("select reasons from savvycal._work where key = $1", appointment)
    assert row["reasons"] == ["watch"]
    harness.world.put_appointment(good)
    harness.world.set_meeting_status(appointment, "created")
    await harness.work_as_if_due()
    assert (
        await harness.value("select status from savvycal.meetings where appointment_id = $1", appointment) == "created"
    )


async def test_a_confirmation_outlives_an_answer_that_cannot_be_read(harness: Harness) -> None:
    """It is still owed, and ends when it can be read."""
    event = harness.world.book_event(state="confirmed")["id"]
    await harness.reconcile(Kind.EVENT, event)
    good = _unreadable(harness, Kind.EVENT, event)
    await harness.work_as_if_due()
    assert await harness.value("select reasons from savvycal._work where key = $1", event) == ["confirm"]
    harness.world.put_event(good)
    await harness.work_as_if_due()
    assert await harness.value("select count(*) from savvycal._work where key = $1", event) == 0


async def test_who_asks_while_a_range_fails_for_the_last_time_finds_its_run_going_on(harness: Harness) -> None:
    """The run is not called failed as long as the scan is not dead-lettered."""
    harness.world.faults.append(Fault(kind="status", match=r"/events\?", args={"status": 418}))
    key = WindowKey("default", Product.MEETINGS, "2026-01-01..2026-01-02")
    await requests.resync_window(harness.context, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
    await run_scan(harness.context, key)
    await harness.execute(
        "update savvycal._work set due_at = clock_timestamp(), attempts = $1 where job = 'scan'", ATTEMPTS_MAX
    )
    endpoint: Any = harness.context.endpoint("default", Product.MEETINGS)
    async with harness.db.connection() as connection:
        claimed = await claim_scan(connection, key)
        assert claimed
        await requests.resync_window(harness.context, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
    await scan._postpone(harness.context, claimed, errors.Refused("SavvyCal answered 418", 418))
    assert await harness.value("select dead_lettered_at from savvycal._work where job = 'scan'") is None
    assert await harness.value("select result from savvycal.runs") == "running"
    assert endpoint.client.request_count == 1


async def test_a_read_that_had_to_be_written_alone_is_confirmed_like_any_other(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two conflicts in a row, whatever they came from: the record goes in by itself, and its next reads with it."""
    appointment = harness.world.book_appointment()["id"]
    harness.world.set_meeting_status(appointment, "pending")
    honest, calls = apply.apply, 0

    async def conflicts(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls <= 2:
            raise errors.StoreConflict("two workers wrote the same row")
        await honest(*arguments)

    monkeypatch.setattr(apply, "apply", conflicts)
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    assert await harness.value("select count(*) from savvycal.appointments where id = $1", appointment) == 1
    assert await harness.value("select count(*) from savvycal._work where key = $1", appointment) == 1

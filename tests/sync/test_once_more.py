"""What has to be looked at once more: nobody's request, doubt or proof gets lost between two looks."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.sync.stage import Stage
from tests.sync.test_two_writers import look_of
from worker import errors
from worker.core.model import Kind, Product
from worker.simulator import Fault
from worker.store import apply, passes
from worker.store.passes import WindowKey
from worker.sync import poll, trigger, work
from worker.sync.ingest import ingest, nothing_else
from worker.sync.mirror import Endpoint
from worker.sync.retry import ATTEMPTS_MAX


async def test_who_asks_while_a_look_fails_gets_another_and_soon(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failing look may have had its last try; whoever asked meanwhile has not."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
    await stage.execute("update savvycal._targets set attempts = $1", ATTEMPTS_MAX - 1)
    stage.mirror.retries._saved = 30
    answers = []

    async def fails(_endpoint: Endpoint, _object_id: str, **_: object) -> bytes:
        answers.append(await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default"))
        raise errors.ServerFault("SavvyCal answered 500", 500)

    monkeypatch.setattr(Endpoint, "fetch_one", fails)
    await work.work(stage.mirror)
    assert answers == ["running"]
    (row,) = await stage.rows("select parked_at, due_at - clock_timestamp() as wait from savvycal._targets")
    assert row["parked_at"] is None
    assert row["wait"] <= timedelta(seconds=5)


async def test_who_asks_while_a_range_fails_gets_another_and_soon(stage: Stage) -> None:
    """The same for a pass."""
    await trigger.resync_window(stage.mirror, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
    key = WindowKey("default", Product.MEETINGS, "2026-01-01..2026-01-02")
    async with stage.db.connection() as connection:
        claimed = await passes.claim(connection, key, uuid4())
        assert claimed
        again = await trigger.resync_window(stage.mirror, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
        assert again == "running"
        await passes.postpone(connection, claimed, "it failed", 3600, True, False, True)
    (row,) = await stage.rows("select parked_at, due_at - clock_timestamp() as wait from savvycal._passes")
    assert row["parked_at"] is None
    assert row["wait"] <= timedelta(seconds=5)


async def _canceled_event(stage: Stage) -> tuple[str, bytes]:
    """One that is stored as canceled, and what a copy of SavvyCal's data that lags still says of it."""
    endpoint: Any = stage.mirror.endpoint("default", Product.MEETINGS)
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    lagging = await endpoint.fetch_one(event)
    stage.world.cancel_event(event)
    await stage.look(Kind.EVENT, event)
    await stage.execute("delete from savvycal._targets")
    return event, lagging


@pytest.mark.parametrize("is_asked", ["during the look", "after it"])
async def test_a_confirming_look_that_comes_too_early_does_not_take_the_place_of_the_one_in_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, is_asked: str
) -> None:
    """Two webhooks in a row, and a copy of SavvyCal's data that lags behind for both of them."""
    event, lagging = await _canceled_event(stage)
    fetch_one, looks = Endpoint.fetch_one, 0

    async def fetch(self: Endpoint, object_id: str, **_: object) -> bytes:
        nonlocal looks
        looks += 1
        if looks == 1 and is_asked == "during the look":
            await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
        return lagging if looks <= 2 else await fetch_one(self, object_id)

    monkeypatch.setattr(Endpoint, "fetch_one", fetch)
    await stage.look(Kind.EVENT, event)
    if is_asked == "after it":
        await stage.look(Kind.EVENT, event)
    assert looks == 2
    (row,) = await stage.rows("select reasons, due_at - clock_timestamp() as wait from savvycal._targets")
    assert row["reasons"] == ["confirm"]
    assert row["wait"] > timedelta(seconds=25)
    await stage.work_as_if_due()
    assert await stage.value("select state from savvycal.events") == "canceled"


async def test_a_cancellation_from_a_clock_that_lags_is_believed_the_second_time(stage: Stage) -> None:
    """Also while the meeting is unsettled and near, where it is watched more often than it is confirmed."""
    booked = _soon(stage.world.book_appointment(meeting_status="pending"))
    stage.world.put_raw("appointment", booked["id"], json.dumps(booked).encode())
    await stage.look(Kind.APPOINTMENT, booked["id"])
    updated_at = datetime.fromisoformat(booked["updated_at"]) - timedelta(seconds=1)
    canceled = booked | {"status": "canceled", "updated_at": updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    canceled["meeting"] = canceled["meeting"] | {"status": "cancel_pending"}
    stage.world.put_raw("appointment", booked["id"], json.dumps(canceled).encode())
    await stage.work_as_if_due()
    (row,) = await stage.rows("select reasons, due_at - clock_timestamp() as wait from savvycal._targets")
    assert row["reasons"] == ["confirm"]
    assert row["wait"] < timedelta(seconds=31)
    await stage.work_as_if_due()
    assert await stage.value("select status from savvycal.appointments") == "canceled"


async def test_a_page_that_brings_a_confirming_look_forward_does_not_replace_it(stage: Stage) -> None:
    """The page was read before, and saw the object unsettled: it wants a look in 15 seconds."""
    endpoint: Any = stage.mirror.endpoint("default", Product.APPOINTMENTS)
    booked = _soon(stage.world.book_appointment(meeting_status="pending"))
    stage.world.put_raw("appointment", booked["id"], json.dumps(booked).encode())
    await stage.look(Kind.APPOINTMENT, booked["id"])
    look, page = await look_of(stage), json.dumps(booked | {"title": "as the page has it"}).encode()
    settled = booked | {"meeting": booked["meeting"] | {"status": "created"}}
    stage.world.put_raw("appointment", booked["id"], json.dumps(settled).encode())
    await stage.look(Kind.APPOINTMENT, booked["id"])
    await ingest(stage.db, endpoint.source, look, [page], nothing_else, nothing_else)
    await stage.work_as_if_due()
    (row,) = await stage.rows("select reasons, due_at - clock_timestamp() as wait from savvycal._targets")
    assert row["reasons"] == ["confirm"]
    assert row["wait"] > timedelta(seconds=25)


async def test_what_a_page_doubts_is_looked_at_after_the_look_under_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That one had its answer before the change."""
    endpoint: Any = stage.mirror.endpoint("default", Product.APPOINTMENTS)
    booked = stage.world.book_appointment(meeting_status="created")
    await stage.look(Kind.APPOINTMENT, booked["id"])
    await stage.execute("delete from savvycal._targets")
    updated_at = datetime.fromisoformat(booked["updated_at"]) - timedelta(seconds=1)
    canceled = json.dumps(booked | {"status": "canceled", "updated_at": updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")})
    fetch_one, pages = Endpoint.fetch_one, 0

    async def fetch(self: Endpoint, object_id: str, **_: object) -> bytes:
        nonlocal pages
        raw = await fetch_one(self, object_id)
        if not pages:
            pages += 1
            stage.world.put_raw("appointment", object_id, canceled.encode())
            await ingest(
                stage.db, endpoint.source, await look_of(stage), [canceled.encode()], nothing_else, nothing_else
            )
        return raw

    monkeypatch.setattr(Endpoint, "fetch_one", fetch)
    await stage.look(Kind.APPOINTMENT, booked["id"])
    await stage.work_as_if_due()
    assert await stage.value("select status from savvycal.appointments") == "canceled"


async def test_an_early_look_that_found_nothing_leaves_the_confirming_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again while a 404 was on its way: what is due now is still too early."""
    event, lagging = await _canceled_event(stage)
    looks = 0

    async def fetch(_self: Endpoint, object_id: str, **_: object) -> bytes:
        nonlocal looks
        looks += 1
        if looks == 2:
            await trigger.resync_object(stage.mirror, Kind.EVENT, object_id, "default")
            raise errors.NotThere("SavvyCal answered 404", 404)
        return lagging

    monkeypatch.setattr(Endpoint, "fetch_one", fetch)
    await stage.look(Kind.EVENT, event)
    await stage.look(Kind.EVENT, event)
    assert looks == 3
    assert await stage.rows("select reasons from savvycal._targets") == [{"reasons": ["confirm"]}]


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


async def test_a_404_of_everything_parks_nothing(stage: Stage) -> None:
    """When the account is not there either, nothing was learned about the object; it goes on as soon as it heals."""
    appointment = stage.world.book_appointment(meeting_status="pending")["id"]
    await stage.look(Kind.APPOINTMENT, appointment)
    stage.world.faults.append(Fault("status", args={"status": 404}))
    for _ in range(5):
        await stage.work_as_if_due()
        await stage.a_minute_passes()
    (row,) = await stage.rows("select parked_at, last_error from savvycal._targets")
    assert row["parked_at"] is None
    assert "neither is its account" in row["last_error"]
    stage.world.faults.clear()
    stage.world.set_meeting_status(appointment, "created")
    await stage.work_as_if_due()
    assert await stage.value("select gone_at from savvycal.appointments") is None
    assert await stage.value("select status from savvycal.meetings") == "created"


async def test_a_404_of_long_ago_proves_nothing(stage: Stage) -> None:
    """Lists may have shown the object in between, and leave no trace where nothing changed."""
    event = stage.world.book_event()["id"]
    await stage.look(Kind.EVENT, event)
    fault = Fault("status", match=f"events/{event}", args={"status": 404})
    stage.world.faults.append(fault)
    await stage.work_as_if_due()
    await stage.execute("update savvycal.events set changed_at = changed_at - interval '5 days'")
    await stage.execute("update savvycal._targets set missing_since = missing_since - interval '3 days'")
    await stage.work_as_if_due()
    assert await stage.value("select gone_at from savvycal.events") is None
    await stage.a_minute_passes()
    await stage.work_as_if_due()
    assert await stage.value("select gone_at from savvycal.events") is not None


def _unreadable(stage: Stage, kind: Kind, object_id: str) -> dict[str, Any]:
    """SavvyCal serves it with a start that is no time from now on; the document as it was."""
    good: dict[str, Any] = stage.world.documents(kind.value)[object_id]
    stage.world.put_raw(kind.value, object_id, json.dumps(good | {"start_at": "not a time"}).encode())
    return good


async def test_a_watch_outlives_an_answer_that_cannot_be_read(stage: Stage) -> None:
    """Lists would bring it back at their own pace only."""
    appointment = stage.world.book_appointment()["id"]
    stage.world.set_meeting_status(appointment, "pending")
    await stage.sweep(Product.APPOINTMENTS)
    good = _unreadable(stage, Kind.APPOINTMENT, appointment)
    await stage.work_as_if_due()
    (row,) = await stage.rows("select reasons from savvycal._targets where id = $1", appointment)
    assert row["reasons"] == ["watch"]
    stage.world.put_appointment(good)
    stage.world.set_meeting_status(appointment, "created")
    await stage.work_as_if_due()
    assert await stage.value("select status from savvycal.meetings where appointment_id = $1", appointment) == "created"


async def test_a_confirming_look_outlives_an_answer_that_cannot_be_read(stage: Stage) -> None:
    """It is still owed, and ends when it can be read."""
    event = stage.world.book_event(state="confirmed")["id"]
    await stage.look(Kind.EVENT, event)
    good = _unreadable(stage, Kind.EVENT, event)
    await stage.work_as_if_due()
    assert await stage.value("select reasons from savvycal._targets where id = $1", event) == ["confirm"]
    stage.world.put_event(good)
    await stage.work_as_if_due()
    assert await stage.value("select count(*) from savvycal._targets where id = $1", event) == 0


async def test_who_asks_while_a_range_fails_for_the_last_time_finds_its_run_going_on(stage: Stage) -> None:
    """The run is not called failed as long as the pass is not parked."""
    stage.world.faults.append(Fault(kind="status", match=r"/events\?", args={"status": 418}))
    key = WindowKey("default", Product.MEETINGS, "2026-01-01..2026-01-02")
    await trigger.resync_window(stage.mirror, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
    await poll.poll(stage.mirror, key)
    await stage.execute("update savvycal._passes set due_at = clock_timestamp(), attempts = $1", ATTEMPTS_MAX)
    endpoint: Any = stage.mirror.endpoint("default", Product.MEETINGS)
    async with stage.db.connection() as connection:
        claimed = await passes.claim(connection, key, uuid4())
        assert claimed
        await trigger.resync_window(stage.mirror, Product.MEETINGS, "2026-01-01", "2026-01-02", "default")
    await poll._postpone(stage.mirror, claimed, errors.Refused("SavvyCal answered 418", 418))
    assert await stage.value("select parked_at from savvycal._passes") is None
    assert await stage.value("select result from savvycal.runs") == "running"
    assert endpoint.client.request_count == 1


async def test_a_look_that_had_to_be_written_alone_is_confirmed_like_any_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two conflicts in a row, whatever they came from: the record goes in by itself, and its next looks with it."""
    appointment = stage.world.book_appointment()["id"]
    stage.world.set_meeting_status(appointment, "pending")
    honest, calls = apply.apply, 0

    async def conflicts(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls <= 2:
            raise errors.StoreConflict("two workers wrote the same row")
        await honest(*arguments)

    monkeypatch.setattr(apply, "apply", conflicts)
    await stage.look(Kind.APPOINTMENT, appointment)
    assert await stage.value("select count(*) from savvycal.appointments where id = $1", appointment) == 1
    assert await stage.value("select count(*) from savvycal._targets where id = $1", appointment) == 1

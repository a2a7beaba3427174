"""What happens at SavvyCal shows in the tables: every lifecycle of the issue, seen through HTTP."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.harness import Harness
from worker.core.model import Kind, Product


async def _states(harness: Harness, kind: str, object_id: str) -> list[tuple[str | None, str, str]]:
    rows = await harness.rows(
        "select from_status, to_status, label from savvycal.transitions where kind = $1 and id = $2 order by seq",
        kind,
        object_id,
    )
    return [(row["from_status"], row["to_status"], row["label"]) for row in rows]


async def _event(harness: Harness, event_id: str) -> dict[str, Any]:
    (row,) = await harness.rows("select * from savvycal.events where id = $1", event_id)
    return row


async def test_a_booked_confirmed_and_canceled_event_leaves_its_three_states(harness: Harness) -> None:
    """Each state of an event that a read saw is a transition, in order, and the row holds the last."""
    event = harness.world.book_event(state="awaiting_approval")["id"]
    await harness.reconcile(Kind.EVENT, event)
    harness.world.set_event_state(event, "confirmed")
    await harness.reconcile(Kind.EVENT, event)
    harness.world.cancel_event(event, "ill")
    await harness.reconcile(Kind.EVENT, event)

    row = await _event(harness, event)
    assert (row["state"], row["phase"], row["cancel_reason"], row["version"]) == ("canceled", "canceled", "ill", 3)
    assert await _states(harness, "event", event) == [
        (None, "awaiting_approval", "initial"),
        ("awaiting_approval", "confirmed", "direct"),
        ("confirmed", "canceled", "direct"),
    ]
    canceled_at = await harness.value(
        "select occurred_at from savvycal.transitions where kind = 'event' and id = $1 and seq = 3", event
    )
    assert canceled_at == row["canceled_at"]


async def test_a_rescheduled_event_keeps_its_id_and_shows_both_times(harness: Harness) -> None:
    """A reschedule is a version with the changed fields, not a transition."""
    document = harness.world.book_event(state="confirmed")
    await harness.reconcile(Kind.EVENT, document["id"])
    before = (await _event(harness, document["id"]))["start_at"]
    harness.world.reschedule_event(document["id"], reason="clash")
    await harness.reconcile(Kind.EVENT, document["id"])

    row = await _event(harness, document["id"])
    assert row["start_at"] != before
    assert row["original_start_at"] == before
    assert row["reschedule_reason"] == "clash"
    assert row["rescheduled_at"] is not None
    assert len(await _states(harness, "event", document["id"])) == 1
    (seen,) = await harness.rows("select * from savvycal.reschedules where id = $1", document["id"])
    assert seen["version"] == 2


async def test_late_conferencing_turns_a_pending_meeting_into_a_created_one(harness: Harness) -> None:
    """The conferencing of an event is a meeting under the event's id."""
    event = harness.world.book_event(state="confirmed")["id"]
    harness.world.detach_conferencing(event)
    await harness.reconcile(Kind.EVENT, event)
    harness.world.attach_conferencing(event)
    await harness.reconcile(Kind.EVENT, event)

    assert await _states(harness, "meeting", event) == [(None, "pending", "initial"), ("pending", "created", "direct")]
    (meeting,) = await harness.rows("select * from savvycal.meetings where event_id = $1", event)
    assert meeting["join_url"]
    assert meeting["phase"] == "created"


@pytest.mark.parametrize(
    "path",
    [
        ["pending", "created"],
        ["pending", "failed", "created"],
        ["pending", "created", "update_pending", "created"],
        ["pending", "created", "cancel_pending", "canceled"],
        ["pending", "skipped"],
    ],
)
async def test_a_meeting_of_an_appointment_is_followed_through_its_statuses(harness: Harness, path: list[str]) -> None:
    """Each documented path of an AppointmentMeeting is recorded edge by edge, all direct."""
    appointment = harness.world.book_appointment()
    for status in path:
        harness.world.set_meeting_status(appointment["id"], status)
        await harness.reconcile(Kind.APPOINTMENT, appointment["id"])

    meeting = appointment["meeting"]["id"]
    labels = ["initial"] + ["direct"] * (len(path) - 1)
    assert await _states(harness, "meeting", meeting) == list(zip([None, *path], path, labels, strict=False))


async def test_a_failed_meeting_says_why(harness: Harness) -> None:
    """error_message is kept with the status, and gone when the meeting works."""
    appointment = harness.world.book_appointment()["id"]
    harness.world.set_meeting_status(appointment, "failed", error_message="no licence")
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    (row,) = await harness.rows("select * from savvycal.meetings where appointment_id = $1", appointment)
    assert (row["status"], row["phase"], row["error_message"]) == ("failed", "failed", "no licence")


async def test_a_status_that_nobody_saw_is_labeled_gap(harness: Harness) -> None:
    """pending to update_pending is possible only through created."""
    appointment = harness.world.book_appointment()
    await harness.reconcile(Kind.APPOINTMENT, appointment["id"])
    harness.world.set_meeting_status(appointment["id"], "created")
    harness.world.set_meeting_status(appointment["id"], "update_pending")
    await harness.reconcile(Kind.APPOINTMENT, appointment["id"])
    assert (await _states(harness, "meeting", appointment["meeting"]["id"]))[-1] == (
        "pending",
        "update_pending",
        "gap",
    )


async def test_a_replaced_meeting_is_linked_both_ways(harness: Harness) -> None:
    """Another host means a new amtg_ id: the old row stays, linked, and is current no more."""
    appointment = harness.world.book_appointment()
    harness.world.set_meeting_status(appointment["id"], "created")
    await harness.reconcile(Kind.APPOINTMENT, appointment["id"])
    harness.world.replace_meeting(appointment["id"])
    await harness.reconcile(Kind.APPOINTMENT, appointment["id"])

    rows = await harness.rows(
        "select * from savvycal.meetings where appointment_id = $1 order by first_seen_at", appointment["id"]
    )
    old, new = rows
    assert (old["is_current"], old["replaced_by"]) == (False, new["id"])
    assert (new["is_current"], new["replaces"]) == (True, old["id"])
    assert (await _states(harness, "meeting", new["id"]))[0][2] == "initial"


async def test_an_appointment_canceled_and_rescheduled_shows_in_its_history(harness: Harness) -> None:
    """The three history arrays become rows."""
    appointment = harness.world.book_appointment()["id"]
    harness.world.confirm_appointment(appointment)
    harness.world.reschedule_appointment(appointment)
    harness.world.cancel_appointment(appointment, text="no longer needed")
    await harness.reconcile(Kind.APPOINTMENT, appointment)

    history = await harness.rows(
        "select * from savvycal.appointment_history where appointment_id = $1 order by kind", appointment
    )
    assert [row["kind"] for row in history] == ["cancellation", "confirmation", "reschedule"]
    assert history[0]["custom_reason_text"] == "no longer needed"
    assert history[2]["previous_start_at"] != history[2]["new_start_at"]
    (row,) = await harness.rows("select * from savvycal.appointments where id = $1", appointment)
    assert row["status"] == "canceled"
    assert row["start_at"] == history[2]["new_start_at"]


async def test_a_rotated_host_url_changes_nothing(harness: Harness) -> None:
    """The host link is a credential with a life of its own: no version, no transition."""
    appointment = harness.world.book_appointment()["id"]
    harness.world.set_meeting_status(appointment, "created")
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    updated_at = harness.world.document("appointment", appointment)["updated_at"]
    before = await harness.value("select version from savvycal.appointments where id = $1", appointment)
    harness.world.rotate_host_url(appointment)
    document = harness.world.document("appointment", appointment) | {"updated_at": updated_at}
    harness.world.put("appointment", document)
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    assert await harness.value("select version from savvycal.appointments where id = $1", appointment) == before


async def test_no_credential_reaches_any_table(harness: Harness) -> None:
    """host_url, password and the client's action links are stored nowhere."""
    for _ in range(5):
        harness.world.set_meeting_status(harness.world.book_appointment()["id"], "created")
    await harness.scan(Product.APPOINTMENTS)
    secrets = set()
    for document in harness.world.documents("appointment").values():
        meeting = document.get("meeting") or {}
        secrets |= {meeting.get("host_url"), meeting.get("password")}
        secrets |= {link for links in document.get("urls", {}).values() for link in links}
    secrets.discard(None)
    assert len(secrets) > 10

    tables = await harness.rows("select table_name from information_schema.tables where table_schema = 'savvycal'")
    for table in tables:
        text = await harness.value(
            f"select coalesce(string_agg(t::text, ' '), '') from savvycal.{table['table_name']} t"
        )
        assert not [secret for secret in secrets if secret in text], table["table_name"]
    assert await harness.value("select count(*) from savvycal.meetings where has_host_url") > 0


async def test_the_change_feed_says_what_changed_in_order(harness: Harness) -> None:
    """changes_since gives each change once, and a cursor goes on behind it."""
    event = harness.world.book_event(state="confirmed")["id"]
    await harness.reconcile(Kind.EVENT, event)
    first = await harness.rows("select * from savvycal.changes_since('')")
    harness.world.edit_event(event, summary="A new title")
    await harness.reconcile(Kind.EVENT, event)
    later = await harness.rows("select * from savvycal.changes_since($1)", first[-1]["cursor"])
    assert [(row["id"], row["change"], row["version"]) for row in first] == [(event, "created", 1)]
    assert [(row["id"], row["change"], row["version"]) for row in later] == [(event, "updated", 2)]
    fields = await harness.value("select changed_fields from savvycal.snapshots where id = $1 and version = 2", event)
    assert fields == ["summary"]


async def test_an_unsettled_meeting_is_watched_until_it_settles(harness: Harness) -> None:
    """The work queue plans a read while the meeting is pending, and is empty when it is created and confirmed."""
    appointment = harness.world.book_appointment()["id"]
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    planned = await harness.value("select due_at - clock_timestamp() from savvycal._work where key = $1", appointment)
    assert timedelta(0) < planned <= timedelta(seconds=30)
    harness.world.set_meeting_status(appointment, "created")
    await harness.work_as_if_due()
    assert (
        await harness.value("select status from savvycal.meetings where appointment_id = $1", appointment) == "created"
    )
    await harness.work_as_if_due()  # the confirmation
    assert await harness.value("select count(*) from savvycal._work where job = 'object'") == 0


async def test_the_view_reschedules_shows_both_products_in_one_notation(harness: Harness) -> None:
    """Old and new start as date-times, for events and appointments alike."""
    event, appointment = harness.world.book_event()["id"], harness.world.book_appointment()["id"]
    for kind, object_id in ((Kind.EVENT, event), (Kind.APPOINTMENT, appointment)):
        await harness.reconcile(kind, object_id)
    harness.world.reschedule_event(event)
    harness.world.reschedule_appointment(appointment)
    for kind, object_id in ((Kind.EVENT, event), (Kind.APPOINTMENT, appointment)):
        await harness.reconcile(kind, object_id)
    rows = await harness.rows("select * from savvycal.reschedules order by kind")
    assert [row["id"] for row in rows] == [appointment, event]
    for row in rows:
        assert row["new_start_at"] != row["previous_start_at"]


async def test_a_restored_appointment_does_not_claim_its_booking_time(harness: Harness) -> None:
    """Nobody says when it came back, and that it was booked before it was canceled is known already."""
    appointment = harness.world.book_appointment(meeting_status="created")["id"]
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    canceled = harness.world.cancel_appointment(appointment)
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    harness.world.put("appointment", {**canceled, "status": "scheduled"})
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    (edge,) = await harness.rows(
        "select from_status, to_status, occurred_at from savvycal.transitions where id = $1 and seq = 3", appointment
    )
    assert edge == {"from_status": "canceled", "to_status": "scheduled", "occurred_at": None}


async def test_who_booked_is_the_known_client_when_the_booking_names_nobody(harness: Harness) -> None:
    """A client booked by id or reference needs no name in client_data."""
    booked = harness.world.book_appointment(meeting_status="created")
    nobody = booked["client_data"] | {"first_name": None, "last_name": None}
    ada = booked["client"] | {"first_name": "Ada", "last_name": "Lovelace", "reference_id": "crm-1"}
    harness.world.put("appointment", {**booked, "client_data": nobody, "client": ada})
    await harness.reconcile(Kind.APPOINTMENT, booked["id"])
    found = await harness.value("select booked_by from savvycal.upcoming where id = $1", booked["id"])
    assert found == "Ada Lovelace"


async def test_something_else_under_the_name_of_the_meeting_is_kept_as_extra(harness: Harness) -> None:
    """The name of the meeting is not documented; an id alone must not quarantine every appointment."""
    booked = harness.world.book_appointment()
    raw = json.dumps({**booked, "meeting": "amtg_0123456789ab"}).encode()
    harness.world.put_raw("appointment", booked["id"], raw)
    await harness.reconcile(Kind.APPOINTMENT, booked["id"])
    extra = await harness.value("select extra from savvycal.appointments where id = $1", booked["id"])
    assert json.loads(extra) == {"meeting": "amtg_0123456789ab"}
    assert await harness.value("select name from savvycal.drift where kind = 'appointment'") == "meeting"


async def test_drift_sees_fields_of_attendees_answers_and_history(harness: Harness) -> None:
    """Wherever SavvyCal adds a field, the view names it."""
    booked = harness.world.book_event(state="confirmed")
    ada = booked["attendees"][0] | {
        "pronouns": "she/her",
        "fields": [{"id": "f", "type": "text", "label": "x", "w": 1}],
    }
    harness.world.put("event", booked | {"attendees": [ada]})
    await harness.reconcile(Kind.EVENT, booked["id"])
    appointment = harness.world.book_appointment(meeting_status="created")["id"]
    canceled = harness.world.cancel_appointment(appointment)
    entry = canceled["cancellation_events"][0] | {"mood": "sad"}
    harness.world.put("appointment", {**canceled, "cancellation_events": [entry]})
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    names = {row["name"] for row in await harness.rows("select name from savvycal.drift")}
    assert names == {"attendees.pronouns", "attendees.fields.w", "history.mood"}

"""The world moving with time: which steps occur, in which order, and that the seed decides them."""

import itertools
from collections import defaultdict
from typing import Any

import pytest

from tests.support.simulator_client import NOW, savvycal
from worker.simulator import Options, UnknownObjectError, World


def quiescent_world(**options: Any) -> World:
    """A world in which nothing happens but what a test does."""
    chosen = {"now": NOW, "events": 0, "appointments": 0, "bookings_per_minute": 0, "changes_per_minute": 0} | options
    return World(Options(**chosen))


def edges(world: World, kind: Any, name: str) -> set[tuple[str, str]]:
    """Every step from one state to another in history; `name` is a property, or `meeting` for the meeting's status."""
    found = set()
    for object_id in world.documents(kind):
        states = [_state(document, name) for _, document in world.history(kind, object_id) if document]
        found |= {(one, other) for one, other in itertools.pairwise(states) if one != other}
    return found


def _state(document: dict[str, Any], name: str) -> str:
    return str((document["meeting"] or {}).get("status") if name == "meeting" else document[name])


def test_an_hour_shows_every_documented_step() -> None:
    """Within an hour of simulated time every documented arrow of both lifecycles was taken, and no move was lost."""
    world = World(Options(now=NOW, keep_history=True))
    world.advance(3600)
    assert {
        ("awaiting_approval", "confirmed"),
        ("awaiting_approval", "declined"),
        ("awaiting_checkout", "confirmed"),
        ("awaiting_checkout", "checkout_expired"),
        ("awaiting_reschedule", "confirmed"),
        ("confirmed", "awaiting_reschedule"),
        ("confirmed", "canceled"),
        ("tentative", "confirmed"),
    } <= edges(world, "event", "state")
    assert {
        ("pending", "created"),
        ("pending", "failed"),
        ("pending", "skipped"),
        ("failed", "created"),
        ("created", "update_pending"),
        ("update_pending", "created"),
        ("created", "cancel_pending"),
        ("cancel_pending", "canceled"),
    } <= edges(world, "appointment", "meeting")
    assert world.life.unmade == 0


def test_something_changes_every_second_or_two() -> None:
    """At the default pace a small world makes between half a move and three moves a second."""
    world = World(Options(now=NOW))
    assert 150 < world.advance(300) < 900


def test_lifecycles_finish_within_a_minute() -> None:
    """What is in progress at first is settled after three stays at most, if nothing new comes."""
    world = quiescent_world(events=200, appointments=100, meeting_failure=0)
    world.advance(100)
    assert not {"awaiting_approval", "awaiting_checkout", "tentative"} & world.summary()["states"]["event"].keys()
    statuses = {one["meeting"]["status"] for one in world.documents("appointment").values() if one["meeting"]}
    assert statuses <= {"created", "skipped", "canceled"}


@pytest.mark.parametrize("steps", [1, 60, 600])
def test_time_moves_the_same_in_any_number_of_steps(steps: int) -> None:
    """The world after ten minutes does not depend on how often it was read."""
    one, other = World(Options(now=NOW, seed=3)), World(Options(now=NOW, seed=3))
    one.advance(600)
    for _ in range(steps):
        other.advance(600 / steps)
    assert other.documents("event") == one.documents("event")
    assert other.documents("appointment") == one.documents("appointment")
    assert list(other.webhook_events)[:50] == list(one.webhook_events)[:50]


def test_without_lifecycle_time_brings_no_changes() -> None:
    """`lifecycle=False` gives a clock alone."""
    world = World(Options(now=NOW, lifecycle=False))
    before = world.documents("event")
    assert world.advance(86_400) == 0
    assert world.documents("event") == before
    assert world.now == NOW + 86_400


def test_reschedule_keeps_the_id_and_remembers_where_it_was() -> None:
    """A rescheduled event keeps its id; `original_*` and `rescheduled_at` tell the move."""
    world = quiescent_world()
    before = world.book_event(start_at="2026-11-25T10:00:00Z")
    after = world.reschedule_event(before["id"], "2026-11-26T11:00:00Z", reason="Travel")
    assert after["id"] == before["id"]
    assert (after["start_at"], after["original_start_at"]) == ("2026-11-26T11:00:00Z", "2026-11-25T10:00:00Z")
    assert (after["original_end_at"], after["reschedule_reason"]) == (before["end_at"], "Travel")
    assert after["rescheduled_at"] == "2026-11-21T00:45:00Z"


def test_late_conferencing_is_attached() -> None:
    """A confirmed event booked without a join_url gets one within the settling time."""
    world = quiescent_world(late_conferencing=1.0)
    zoom = [one["id"] for one in (world.book_event() for _ in range(20)) if one["conferencing"]["type"] == "zoom"]
    assert all(world.document("event", one)["conferencing"]["join_url"] is None for one in zoom)
    world.advance(60)
    assert all(world.document("event", one)["conferencing"]["join_url"] for one in zoom)
    assert len(zoom) > 5


def test_a_failed_meeting_tells_why_and_is_tried_again() -> None:
    """`failed` carries an error message, which goes when the next attempt works."""
    world = quiescent_world(meeting_failure=0)
    appointment_id = world.book_appointment()["id"]
    failed = world.set_meeting_status(appointment_id, "failed", error_message="No license")
    assert failed["meeting"]["error_message"] == "No license"
    world.advance(60)
    meeting = world.document("appointment", appointment_id)["meeting"]
    assert (meeting["status"], meeting["error_message"]) == ("created", None)


def test_a_meeting_never_made_is_canceled_at_once() -> None:
    """Canceling an appointment whose meeting is pending leaves nothing to cancel at the provider."""
    world = quiescent_world()
    appointment_id = world.book_appointment()["id"]
    assert world.cancel_appointment(appointment_id)["meeting"]["status"] == "canceled"


@pytest.mark.parametrize(("share", "left"), [(0.0, 1), (1.0, 0)])
def test_canceled_events_may_vanish(share: float, left: int) -> None:
    """A canceled event stays for ever, or is gone after a while by the switch."""
    world = quiescent_world(canceled_events_vanish=share)
    world.cancel_event(world.book_event()["id"])
    assert world.summary()["events"] == 1
    world.advance(60)
    assert world.summary()["events"] == left


def test_in_person_appointments_have_no_meeting() -> None:
    """In-person appointments carry null, whatever happens to them."""
    world = quiescent_world()
    document = world.book_appointment(meeting_status="in_person")
    assert (document["appointment_type"], document["meeting"]) == ("in_person", None)
    world.reschedule_appointment(document["id"], provider_id=world.catalog.providers[0]["id"])
    assert world.cancel_appointment(document["id"])["meeting"] is None
    with pytest.raises(UnknownObjectError):
        world.replace_meeting(document["id"])


def test_history_keeps_every_version_in_order() -> None:
    """History starts with the seeded document and ends with None for a deleted one."""
    world = quiescent_world(events=5, keep_history=True)
    event_id = next(one for one, event in world.documents("event").items() if event["state"] == "confirmed")
    first = world.document("event", event_id)
    world.advance(0)
    canceled = world.cancel_event(event_id, "Ill")
    world.delete("event", event_id)
    assert world.history("event", event_id) == [(NOW, first), (NOW, canceled), (NOW, None)]
    with pytest.raises(UnknownObjectError):
        world.document("event", event_id)


def test_history_is_bounded() -> None:
    """No more versions are kept than the switch allows."""
    world = quiescent_world(keep_history=True, history_max=3)
    event_id = world.book_event()["id"]
    for _ in range(9):
        world.edit_event(event_id)
    assert len(world.history("event", event_id)) == 3


def test_bookings_brought_by_time_are_bounded() -> None:
    """A world left alone stops growing."""
    world = quiescent_world(bookings_per_minute=600, bookings_max=50)
    world.advance(3600)
    assert world.summary()["events"] + world.summary()["appointments"] == 50


def test_documents_no_lifecycle_can_read_do_no_harm() -> None:
    """Time goes on over malformed documents; moves that fail are counted."""
    world = quiescent_world()
    world.put_event({"id": "event_1", "state": "tentative", "conferencing": 5, "payment": 5, "attendees": {}})
    world.put_appointment({"id": "appt_1", "status": {}, "meeting": {"status": "pending"}})
    world.advance(120)
    assert world.life.unmade > 0


async def test_speed_moves_the_clock() -> None:
    """With a speed the background clock brings changes without anyone asking."""
    async with savvycal(speed=2000.0) as (sim, client):
        seen: dict[str, int] = defaultdict(int)
        while not (seen["event.created"] and seen["appointment.meeting.updated"]):
            await client.meetings("/me")
            for webhook_event in sim.world.webhook_events:
                seen[webhook_event.type] += 1
        assert sim.world.now > NOW

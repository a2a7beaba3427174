"""SavvyCal Meetings: every documented field of an Event in its column."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.savvycal.examples import (
    CANARY,
    EVENT,
    MINIMAL_EVENT,
    Document,
    answer,
    at,
    attendee,
    event,
    legacy_event,
    raw,
)
from worker.core.hashing import canonical, content_hash
from worker.core.lifecycle import EVENT as LIFECYCLE
from worker.core.lifecycle import Phase
from worker.core.model import Kind, Meeting, Snapshot
from worker.errors import RecordError
from worker.savvycal.events import parse_record

EVENT_ID = EVENT["id"]


def parse(document: Document) -> Snapshot:
    """The snapshot of a document."""
    return parse_record(raw(document))


def people(document: Document) -> tuple[Any, ...]:
    """The attendee rows of a document."""
    return tuple(dict(row) for row in parse(document).children["event_attendees"])


def conferenced(conferencing: Any, **changes: Any) -> Meeting:
    """The meeting of an event with this conferencing."""
    found = parse(event(conferencing=conferencing, **changes)).meeting
    assert found
    return found


def test_every_documented_field_has_its_column() -> None:
    """An Event with every field of both generations fills every column, each with its own value."""
    assert dict(parse(EVENT).row) == {
        "id": EVENT_ID,
        "uuid": "9b2f4c1e-0d3a-4a41-8f0e-3f6a5b7c8d9e",
        "state": "confirmed",
        "phase": "created",
        "summary": "Intro call",
        "description": "About engines",
        "additional_info": "Bring cards",
        "location": "https://zoom.us/j/1",
        "location_settings": [{"type": "zoom", "integration_id": "zoom_1"}],
        "description_settings_include_attendees": True,
        "description_settings_include_fields": False,
        "description_settings_include_link_name": True,
        "created_at": at("05 09:00"),
        "start_at": at("08 15:00"),
        "end_at": at("08 15:30"),
        "duration_minutes": 30,
        "buffer_before_minutes": 5,
        "buffer_after_minutes": 10,
        "canceled_at": at("06 09:00"),
        "cancel_reason": "Ill",
        "rescheduled_at": at("05 10:00"),
        "reschedule_reason": "Travel",
        "original_start_at": at("07 15:00"),
        "original_end_at": at("07 15:30"),
        "conferencing_type": "zoom",
        "conferencing_join_url": "https://zoom.us/j/1",
        "conferencing_meeting_id": "1",
        "conferencing_instructions": "Knock twice",
        "link_id": "link_1",
        "link_name": "Intro",
        "link_slug": "intro",
        "link_private_name": "VIP",
        "link_description": "A first call",
        "poll": {"id": "poll_1"},
        "scope_id": "scope_1",
        "scope_name": "Grace",
        "scope_slug": "grace",
        "scheduler_id": "attendee_1",
        "organizer_id": "attendee_2",
        "is_group_session": False,
        "maximum_group_size": 1,
        "metadata": {"source": "ad", "score": 7},
        "payment_state": "paid",
        "payment_url": "https://pay.example.test/1",
        "payment_amount_total_cents": 1200,
        "payment_amount_subtotal_cents": 1100,
        "payment_amount_discount_cents": 100,
        "payment_amount_tax_cents": 150,
        "payment_amount_shipping_cents": 50,
        "url": "https://savvycal.com/events/event_01J8ZQ3F5T0M6K2V9XW4B7C1DE",
        "extra": {},
    }


def test_every_documented_field_of_an_attendee_has_its_column() -> None:
    """Attendees stand in the order of the list, and the scheduler is told by id where no field says so."""
    scheduler, organizer = people(EVENT)
    assert scheduler == {
        "event_id": EVENT_ID,
        "position": 0,
        "is_listed": True,
        "id": "attendee_1",
        "email": "ada@example.test",
        "display_name": "Ada Lovelace",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone_number": "+442071838750",
        "time_zone": "Europe/London",
        "response_status": "accepted",
        "is_organizer": False,
        "is_scheduler": True,
        "marketing_opt_in": True,
        "extra": {},
    }
    assert (organizer["id"], organizer["position"], organizer["is_organizer"]) == ("attendee_2", 1, True)
    assert (organizer["is_scheduler"], organizer["marketing_opt_in"]) == (False, False)


def test_every_documented_field_of_an_answer_has_its_column() -> None:
    """Answers stand under their attendee, in the order they were asked."""
    shared = {"event_id": EVENT_ID, "attendee_position": 0, "type": "text", "label": "Company", "extra": {}}
    assert [dict(row) for row in parse(EVENT).children["event_answers"]] == [
        {**shared, "position": 0, "id": "field_1", "value": "Analytical Engines", "options": None},
        {**shared, "position": 1, "id": "field_2", "value": None, "options": [{"label": "A"}]},
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), (False, "false"), (["a", 1], '["a",1]'), ({"k": "é"}, '{"k":"é"}'), ("", ""), (None, None)],
)
def test_an_answer_of_any_type_is_text(value: Any, text: str | None) -> None:
    """What was answered is kept as text; another type as its JSON."""
    found = parse(event(scheduler=None, organizer=None, attendees=[attendee(fields=[answer(value=value)])]))
    assert [row["value"] for row in found.children["event_answers"]] == [text]


def test_the_snapshot_around_the_row() -> None:
    """Kind, id, state, times, body and content hash are those of the document."""
    found = parse(EVENT)
    assert (found.kind, found.id, found.state) == (Kind.EVENT, EVENT_ID, "confirmed")
    assert (found.start_at, found.end_at) == (at("08 15:00"), at("08 15:30"))
    assert found.body == canonical(EVENT)
    assert found.content_hash == content_hash(canonical(EVENT))
    assert found.unknown_fields == ()


def test_the_minimal_fixture() -> None:
    """The documentation's own fixture is read, nulls stay nulls, and its conferencing is still on its way."""
    found = parse(MINIMAL_EVENT)
    assert found.meeting == Meeting(EVENT_ID, "pending", "zoom", None, None, None, False, False)
    assert found.occurred_at == {}
    empty = {column for column, value in dict(found.row).items() if value is None}
    assert empty == {
        *("uuid description additional_info canceled_at cancel_reason rescheduled_at reschedule_reason".split()),
        *("original_start_at original_end_at conferencing_join_url conferencing_meeting_id".split()),
        *("conferencing_instructions link_private_name link_description poll payment_state payment_url".split()),
        *(f"payment_amount_{name}_cents" for name in "total subtotal discount tax shipping".split()),
    }


def test_the_legacy_generation() -> None:
    """An Event of the legacy documentation is read: what it does not have is null, what it has alone is kept."""
    found = parse(legacy_event())
    missing = "uuid location_settings buffer_before_minutes is_group_session description_settings_include_fields"
    assert [found.row[column] for column in missing.split()] == [None] * 5
    assert found.row["payment_amount_subtotal_cents"] == 1100
    assert found.row["link_private_name"] == "VIP"
    told = [
        (row["id"], row["is_organizer"], row["is_scheduler"], row["response_status"]) for row in people(legacy_event())
    ]
    assert told == [("attendee_2", True, False, "accepted"), ("attendee_1", False, True, "confirmed")]
    assert {row["marketing_opt_in"] for row in people(legacy_event())} == {None}
    assert found.unknown_fields == ()


def test_only_four_fields_are_needed() -> None:
    """Id, state, start and end make an event; everything else may be absent."""
    bare = parse({name: EVENT[name] for name in ("id", "state", "start_at", "end_at")})
    assert bare.row.keys() == parse(EVENT).row.keys()
    assert bare.children == {"event_attendees": (), "event_answers": ()}
    assert bare.meeting == Meeting(EVENT_ID, "skipped", None, None, None, None, False, False)


@pytest.mark.parametrize("state", [*LIFECYCLE.phases, "postponed"])
def test_states(state: str) -> None:
    """Every documented state has its phase; a new one survives as text, with the phase unknown."""
    found = parse(event(state=state))
    assert found.state == found.row["state"] == state
    assert found.row["phase"] == LIFECYCLE.phase(state)
    assert (found.row["phase"] == Phase.UNKNOWN) == (state == "postponed")


@pytest.mark.parametrize(
    "name",
    "start_at end_at created_at canceled_at rescheduled_at original_start_at original_end_at".split(),
)
def test_naive_times_are_refused(name: str) -> None:
    """A time without a zone is no moment: the record is refused, and the field is named."""
    with pytest.raises(RecordError, match=rf"^{name}: .*timezone"):
        parse(event(**{name: "2026-01-08T15:00:00"}))


def test_times_with_an_offset_or_a_fraction_are_moments() -> None:
    """Any aware time is read, and is UTC afterwards."""
    found = parse(event(start_at="2026-01-08T10:00:00.250-05:00", end_at="2026-01-08T15:30:00+00:00"))
    assert found.start_at == datetime(2026, 1, 8, 15, 0, 0, 250_000, UTC)
    assert found.start_at.tzinfo is UTC
    assert found.end_at == at("08 15:30")


def test_when_an_event_was_canceled() -> None:
    """The cancellation is the one step of which the API tells the time."""
    assert parse(EVENT).occurred_at == {"canceled": at("06 09:00")}


def test_unknown_fields_are_kept_where_they_stood() -> None:
    """New fields of the event and of the objects inside it land in `extra` by dotted name, and are reported."""
    found = parse(
        event(
            brand_new={"a": [1]},
            link={"id": "link_1", "color": "red"},
            conferencing={"type": "zoom", "pin": None},
            organizer=attendee("attendee_2", pronouns="she"),
        )
    )
    expected = {"brand_new": {"a": [1]}, "link.color": "red", "conferencing.pin": None, "organizer.pronouns": "she"}
    assert found.row["extra"] == expected
    assert set(found.unknown_fields) == set(expected)


def test_unknown_fields_of_people_and_answers_are_kept_with_them() -> None:
    """New fields of an attendee or an answer land in `extra` of its own row."""
    person = attendee("attendee_9", pronouns="they", fields=[answer(hint="Where do you work?")])
    found = parse(event(scheduler=None, organizer=None, attendees=[person]))
    assert [row["extra"] for row in found.children["event_attendees"]] == [{"pronouns": "they"}]
    assert [row["extra"] for row in found.children["event_answers"]] == [{"hint": "Where do you work?"}]


def test_people_beside_the_list_are_kept() -> None:
    """A scheduler or organizer the list leaves out comes after it, marked as not listed."""
    found = people(event(attendees=[attendee("attendee_3")]))
    assert [(row["id"], row["position"], row["is_listed"], row["is_scheduler"]) for row in found] == [
        ("attendee_3", 0, True, False),
        ("attendee_1", 1, False, True),
        ("attendee_2", 2, False, False),
    ]


def test_one_person_in_two_roles_is_one_row() -> None:
    """Somebody who booked with themselves stands once."""
    both = attendee("attendee_1", is_organizer=True)
    (row,) = people(event(scheduler=both, organizer=both, attendees=[]))
    assert (row["id"], row["is_organizer"], row["is_scheduler"], row["is_listed"]) == ("attendee_1", True, True, False)


def test_who_booked_is_unknown_without_a_scheduler() -> None:
    """Without a scheduler and without `is_scheduler` nobody is called the one or the other."""
    (row,) = people(event(scheduler=None, organizer=None, attendees=[attendee()]))
    assert row["is_scheduler"] is None


def test_an_explicit_is_scheduler_counts_more_than_an_id() -> None:
    """What the legacy documentation says of each attendee is trusted."""
    told = people(event(scheduler=attendee("attendee_1"), attendees=[attendee("attendee_1", is_scheduler=False)]))
    assert told[0]["is_scheduler"] is False


@pytest.mark.parametrize(
    ("conferencing", "state", "status"),
    [
        ({"type": "zoom", "join_url": None}, "confirmed", "pending"),
        ({"type": "zoom"}, "awaiting_approval", "pending"),
        ({"type": "zoom", "join_url": "https://zoom.us/j/1"}, "confirmed", "created"),
        ({"join_url": "https://zoom.us/j/1"}, "confirmed", "created"),
        ({"type": "none", "join_url": "https://zoom.us/j/1"}, "confirmed", "created"),
        ({"type": "zoom", "join_url": "https://zoom.us/j/1"}, "postponed", "created"),
        ({"type": "zoom", "join_url": "https://zoom.us/j/1"}, "canceled", "canceled"),
        ({"type": "zoom"}, "declined", "canceled"),
        ({"type": "zoom"}, "checkout_expired", "canceled"),
        ({"type": "none"}, "confirmed", "skipped"),
        ({"type": "None", "join_url": ""}, "confirmed", "skipped"),
        ({"type": ""}, "confirmed", "skipped"),
        ({"type": None}, "canceled", "skipped"),
        ({}, "confirmed", "skipped"),
        (None, "confirmed", "skipped"),
    ],
)
def test_conferencing_read_as_a_meeting(conferencing: Any, state: str, status: str) -> None:
    """None is skipped, off is canceled, a link is created, and everything else is still pending."""
    assert conferenced(conferencing, state=state).status == status


def test_the_meeting_of_an_event_has_its_id_and_details() -> None:
    """Conferencing has no id of its own; provider, meeting id and link are its own."""
    found = parse(EVENT).meeting
    assert found == Meeting(EVENT_ID, "created", "zoom", "1", "https://zoom.us/j/1", None, False, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"host_url": CANARY},
        {"brand_new": {"host_url": CANARY}},
        {"brand_new": [{"deep": {"password": CANARY}}]},
        {"conferencing": {"type": "zoom", "password": CANARY}},
        {"conferencing": {"type": "zoom", "host": {"host_url": CANARY}}},
        {"metadata": {"password": CANARY}},
        {"location_settings": [{"type": "zoom", "password": CANARY}]},
        {"attendees": [attendee(password=CANARY)]},
        {"attendees": [attendee(fields=[answer(options=[{"password": CANARY}])])]},
        {"attendees": [attendee(fields=[answer(value={"password": CANARY})])]},
        {"organizer": attendee("attendee_9", password=CANARY)},
    ],
)
def test_no_credential_gets_into_a_row(changes: Document) -> None:
    """Wherever a host_url or password turns up, neither rows nor body hold it."""
    assert CANARY not in repr(parse(event(**changes)))

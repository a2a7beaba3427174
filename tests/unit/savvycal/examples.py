"""The documents of the API's documentation, with a value in every field, and ways to spoil them."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from worker.core.model import Snapshot
from worker.errors import RecordError

Document = dict[str, Any]
Parse = Callable[[bytes], Snapshot]

OFTEN = settings(max_examples=60, deadline=None)
"""For properties: a slow machine is no failure."""

CANARY = "canary-7f3a"
"""Stands for what must not be seen anywhere."""


def raw(document: object) -> bytes:
    """A document as it travels."""
    return json.dumps(document, ensure_ascii=False).encode()


def at(text: str) -> datetime:
    """A moment of January 2026, UTC: `08 15:00`."""
    return datetime.strptime(f"2026-01-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def refused(parse: Parse, document: object) -> RecordError:
    """The error that a document is refused with."""
    with pytest.raises(RecordError) as caught:
        parse(raw(document))
    return caught.value


def answer(**changes: Any) -> Document:
    """A booking question with its answer."""
    return {"id": "field_1", "type": "text", "label": "Company", "value": "Analytical Engines"} | changes


def attendee(attendee_id: str = "attendee_1", **changes: Any) -> Document:
    """An Attendee of the newest documentation."""
    return {
        "id": attendee_id,
        "email": "ada@example.test",
        "display_name": "Ada Lovelace",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone_number": "+442071838750",
        "time_zone": "Europe/London",
        "response_status": "accepted",
        "is_organizer": False,
        "marketing_opt_in": True,
        "fields": [],
    } | changes


SCHEDULER = attendee("attendee_1", fields=[answer(), answer(id="field_2", value=None, options=[{"label": "A"}])])
ORGANIZER = attendee("attendee_2", email="grace@example.test", is_organizer=True, marketing_opt_in=False)

EVENT: Document = {
    "id": "event_01J8ZQ3F5T0M6K2V9XW4B7C1DE",
    "uuid": "9b2f4c1e-0d3a-4a41-8f0e-3f6a5b7c8d9e",
    "state": "confirmed",
    "summary": "Intro call",
    "description": "About engines",
    "additional_info": "Bring cards",
    "location": "https://zoom.us/j/1",
    "location_settings": [{"type": "zoom", "integration_id": "zoom_1"}],
    "description_settings": {"include_attendees": True, "include_fields": False, "include_link_name": True},
    "created_at": "2026-01-05T09:00:00Z",
    "start_at": "2026-01-08T15:00:00Z",
    "end_at": "2026-01-08T15:30:00Z",
    "duration": 30,
    "buffer_before": 5,
    "buffer_after": 10,
    "canceled_at": "2026-01-06T09:00:00Z",
    "cancel_reason": "Ill",
    "rescheduled_at": "2026-01-05T10:00:00Z",
    "reschedule_reason": "Travel",
    "original_start_at": "2026-01-07T15:00:00Z",
    "original_end_at": "2026-01-07T15:30:00Z",
    "conferencing": {
        "type": "zoom",
        "join_url": "https://zoom.us/j/1",
        "meeting_id": "1",
        "instructions": "Knock twice",
    },
    "link": {"id": "link_1", "name": "Intro", "slug": "intro", "private_name": "VIP", "description": "A first call"},
    "poll": {"id": "poll_1"},
    "scope": {"id": "scope_1", "name": "Grace", "slug": "grace"},
    "scheduler": SCHEDULER,
    "organizer": ORGANIZER,
    "attendees": [SCHEDULER, ORGANIZER],
    "is_group_session": False,
    "maximum_group_size": 1,
    "metadata": {"source": "ad", "score": 7},
    "payment": {
        "state": "paid",
        "url": "https://pay.example.test/1",
        "amount_total": 1200,
        "amount_subtotal": 1100,
        "amount_discount": 100,
        "amount_tax": 150,
        "amount_shipping": 50,
    },
    "url": "https://savvycal.com/events/event_01J8ZQ3F5T0M6K2V9XW4B7C1DE",
}
"""An Event with every documented field of both generations."""

MINIMAL_EVENT: Document = {
    **EVENT,
    **dict.fromkeys(
        "description additional_info canceled_at cancel_reason rescheduled_at reschedule_reason original_start_at "
        "original_end_at poll payment".split()
    ),
    "conferencing": {"type": "zoom", "meeting_id": None, "join_url": None, "instructions": None},
    "link": {"id": "link_1", "name": "Intro", "slug": "intro"},
    "metadata": {},
}
del MINIMAL_EVENT["uuid"]
"""The fixture of the documentation: newest generation, what may be null is null."""


def legacy_event() -> Document:
    """An Event of the legacy documentation: fewer fields, `is_scheduler`, `confirmed` as an answer, a subtotal."""
    newer = "uuid location_settings description_settings buffer_before buffer_after is_group_session maximum_group_size"
    person = {key: value for key, value in attendee().items() if key != "marketing_opt_in"}
    scheduler = {**person, "response_status": "confirmed", "is_scheduler": True}
    organizer = {**person, "id": "attendee_2", "is_organizer": True, "is_scheduler": False}
    people = {"scheduler": scheduler, "organizer": organizer, "attendees": [organizer, scheduler]}
    return {key: value for key, value in EVENT.items() if key not in newer.split()} | people


def event(**changes: Any) -> Document:
    """The minimal Event with changes."""
    return copy.deepcopy(MINIMAL_EVENT) | changes


def zoned(day_and_time: str, **changes: Any) -> Document:
    """A ZonedDateTime in New York, as the older specification writes it: `local` without an offset."""
    utc = at(day_and_time)
    return {
        "object": "zoned_date_time",
        "utc": f"{utc:%Y-%m-%dT%H:%M:%SZ}",
        "local": f"{utc:%Y-%m-%d}T{utc.hour - 5:02}:{utc:%M:%S}",
        "unix_ts": int(utc.timestamp()),
        "time_zone": "America/New_York",
    } | changes


MEETING: Document = {
    "id": "amtg_000000000001",
    "object": "appointment_meeting",
    "status": "created",
    "conferencing_provider": "zoom_admin",
    "external_meeting_id": "98765432101",
    "join_url": "https://zoom.us/j/98765432101",
    "host_url": f"https://book.example.test/p/appointments/appt_000000000001/host?token={CANARY}",
    "password": CANARY,
    "error_message": None,
}
"""An AppointmentMeeting: exactly nine properties."""

HISTORY: Document = {
    "reschedule_events": [
        {
            "object": "reschedule_event",
            "occurred_at": "2026-01-05T10:00:00Z",
            "initiated_by": "client",
            "source": "client_ui",
            "actor": None,
            "previous_start_at": zoned("07 15:00"),
            "previous_end_at": zoned("07 15:30"),
            "new_start_at": zoned("08 15:00"),
            "new_end_at": zoned("08 15:30"),
        }
    ],
    "cancellation_events": [
        {
            "object": "cancellation_event",
            "occurred_at": "2026-01-06T09:00:00Z",
            "initiated_by": "user",
            "source": "dashboard",
            "actor": "user_000000000001",
            "cancellation_reason": {
                "id": "cr_000000000001",
                "object": "cancellation_reason",
                "name": "Ill",
                "sort_order": 2,
            },
            "custom_reason_text": "A cold",
        },
        {
            "object": "cancellation_event",
            "occurred_at": "2026-01-06T08:00:00Z",
            "initiated_by": "user",
            "source": "api",
            "actor": None,
            "cancellation_reason": None,
            "custom_reason_text": None,
        },
    ],
    "confirmation_events": [
        {
            "object": "confirmation_event",
            "occurred_at": "2026-01-05T11:00:00Z",
            "initiated_by": "client",
            "source": "client_ui",
            "actor": None,
            "start_at": zoned("08 15:00"),
            "end_at": zoned("08 15:30"),
        }
    ],
}

SERVICE: Document = {
    "object": "service",
    "id": "srv_000000000001",
    "name": "Consultation",
    "internal_name": "consultation-30",
    "appointment_type": "virtual",
    "duration": "PT30M",
    "slot_rules": [{"start_times": ["09:00"], "recurrence_rule": {"freq": "weekly", "byday": ["mo"], "interval": 1}}],
    "booking_policy": {"allow_booking": True, "disabled_message": None},
    "cancellation_policy": {"allow_cancellation": True},
    "rescheduling_policy": {"allow_rescheduling": False},
    "change_policy_text": "A day ahead",
    "metadata": {"tier": 1},
    "provider_notifications": {"email": True},
    "created_at": "2025-12-01T09:00:00Z",
    "updated_at": "2025-12-02T09:00:00Z",
}

APPOINTMENT: Document = {
    "id": "appt_000000000001",
    "object": "appointment",
    "status": "canceled",
    "appointment_type": "virtual",
    "start_at": zoned("08 15:00"),
    "end_at": zoned("08 15:30", local="2026-01-08T10:30:00-05:00", time_zone="America/Chicago"),
    "created_at": "2026-01-05T09:00:00Z",
    "updated_at": "2026-01-06T09:00:00Z",
    "confirmed_at": "2026-01-05T11:00:00Z",
    "client": {
        "object": "client",
        "id": "clnt_000000000001",
        "locale": "en",
        "reference_id": "crm-1",
        "time_zone": "America/New_York",
        "email": "ada@example.test",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone": "+12125550100",
        "metadata": {"plan": "gold"},
        "created_at": "2025-12-01T09:00:00Z",
        "updated_at": "2025-12-02T09:00:00Z",
    },
    "client_data": {
        "locale": "fr",
        "reference_id": "crm-2",
        "time_zone": "Europe/Paris",
        "email": "ada@booking.test",
        "first_name": "A.",
        "last_name": "L.",
        "phone": "+33155550100",
    },
    "provider": {
        "object": "provider",
        "id": "prov_000000000001",
        "display_name": "Dr Hopper",
        "first_name": "Grace",
        "last_name": "Hopper",
        "time_zone": "America/New_York",
        "created_at": "2025-12-01T09:00:00Z",
        "updated_at": "2025-12-02T09:00:00Z",
    },
    "service": SERVICE,
    **HISTORY,
    "urls": {"cancel": [f"https://book.example.test/c/{CANARY}"], "ics": [f"https://book.example.test/i/{CANARY}"]},
    "client_locale": "de",
    "client_reference_id": "crm-3",
    "client_time_zone": "Europe/Berlin",
    "fields": [{"label": "Company", "value": "Analytical Engines"}],
    "meeting": MEETING,
}
"""An Appointment with every documented field, deprecated ones included."""


def appointment(**changes: Any) -> Document:
    """The Appointment with changes."""
    return copy.deepcopy(APPOINTMENT) | changes


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key or index) of a document, the document's own fields first."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    yield from ((value, key) for key in keys)
    for key in keys:
        yield from places(value[key])


NASTY = st.sampled_from(
    [
        *(2**31, -(2**31) - 1, 2**63, 2**70, -1.5, 1e308, "", " ", "\x00", "a\x00b", "␀", "🕰", "x" * 300),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-08T15:00:00", "2026-01-08", "1767600000"),
        *([], [[]], [None], {}, {"": {}}, {"id": 5}, {"utc": 5}, {"id": None, "object": "appointment_meeting"}),
        *("[masked]", "none", "meeting", "appointment_meeting"),
    ]
).map(copy.deepcopy)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"))
    | NASTY
)
NAMES = st.sampled_from([*EVENT, *APPOINTMENT, "utc", "object", "type", "host_url", "password"]) | st.text(
    st.characters(codec="utf-8"), max_size=5
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=10,
)


@st.composite
def spoiled(draw: st.DrawFn, document: Document) -> Document:
    """A valid document with one to four fields replaced, removed or added, at any depth."""
    copied = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        found = list(places(copied))
        container, key = found[draw(st.integers(0, len(copied) - 1) | st.integers(0, len(found) - 1))]
        act = draw(st.sampled_from(["replace", "remove", "add"]))
        if act == "remove":
            del container[key]
        elif act == "add" and isinstance(container, dict):
            container[draw(NAMES)] = draw(ANY_JSON)
        else:
            container[key] = draw(ANY_JSON)
        copied.setdefault("id", None)
    return copied

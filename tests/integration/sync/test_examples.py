"""The documents of SavvyCal's documentation go in over HTTP, and every field can be read back from a column.

Each leaf of a document carries a value that stands nowhere else in it, so finding the value proves the field.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.support.harness import Harness
from worker.core.model import Kind, Product


def _attendee(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"attendee_{name}",
        "email": f"{name}@example.test",
        "display_name": f"{name} Display",
        "first_name": f"{name} First",
        "last_name": f"{name} Last",
        "phone_number": f"+1555{len(name):04}{sum(map(ord, name))}",
        "time_zone": f"Europe/{name}",
        "response_status": f"accepted-{name}",
        "is_organizer": name == "organizer",
        "marketing_opt_in": True,
        "fields": [
            {
                "id": f"field_{name}",
                "type": f"text-{name}",
                "label": f"Question {name}",
                "value": f"Answer {name}",
                "options": [{"label": f"Label {name}", "value": f"Option {name}"}],
            }
        ],
        **changes,
    }


NEWEST_EVENT: dict[str, Any] = {
    "id": "event_01J8ZQ3F5T0M6K2V9XW4B7C1DE",
    "state": "confirmed",
    "summary": "Intro call",
    "description": "A description",
    "additional_info": "Additional",
    "location": "https://zoom.us/j/1",
    "location_settings": [{"type": "zoom-setting", "integration_id": "zoom_1"}],
    "description_settings": {"include_attendees": True, "include_fields": False, "include_link_name": True},
    "created_at": "2026-01-05T09:00:00Z",
    "start_at": "2026-01-08T15:00:00Z",
    "end_at": "2026-01-08T15:31:00Z",
    "duration": 31,
    "buffer_before": 7,
    "buffer_after": 11,
    "canceled_at": "2026-01-05T09:00:01Z",
    "cancel_reason": "cancel reason",
    "rescheduled_at": "2026-01-05T09:00:02Z",
    "reschedule_reason": "reschedule reason",
    "original_start_at": "2026-01-07T15:00:00Z",
    "original_end_at": "2026-01-07T15:31:00Z",
    "conferencing": {
        "type": "zoom",
        "meeting_id": "999888",
        "join_url": "https://zoom.us/j/999888",
        "instructions": "Dial in",
    },
    "link": {"id": "link_01J8", "name": "Intro", "slug": "intro", "description": "Link description"},
    "poll": {"id": "poll_1"},
    "scope": {"id": "scope_01J8", "name": "Ann", "slug": "ann"},
    "scheduler": _attendee("scheduler"),
    "organizer": _attendee("organizer"),
    "attendees": [_attendee("scheduler"), _attendee("organizer"), _attendee("guest")],
    "is_group_session": False,
    "maximum_group_size": 3,
    "metadata": {"crm_id": 4711, "source": "newsletter"},
    "payment": {
        "state": "paid",
        "url": "https://pay.example.test/1",
        "amount_total": 5001,
        "amount_discount": 102,
        "amount_tax": 203,
        "amount_shipping": 304,
    },
    "url": "https://savvycal.com/events/event_01J8ZQ3F5T0M6K2V9XW4B7C1DE",
}

LEGACY_EVENT: dict[str, Any] = {
    **{key: value for key, value in NEWEST_EVENT.items() if key not in {"location_settings", "description_settings"}},
    "id": "event_legacy",
    "uuid": "5b0c1a52-0000-4000-8000-000000000001",
    "link": {"id": "link_2", "name": "Legacy", "slug": "legacy", "private_name": "Private"},
    "scheduler": _attendee("scheduler", is_scheduler=True, response_status="confirmed"),
    "attendees": [_attendee("scheduler", is_scheduler=True, response_status="confirmed"), _attendee("organizer")],
    "payment": {**NEWEST_EVENT["payment"], "amount_subtotal": 4905},
}


def _zoned(utc: str, name: str) -> dict[str, Any]:
    unix = int(datetime.fromisoformat(utc).timestamp())
    return {"object": "zoned_date_time", "utc": utc, "local": utc[:19], "unix_ts": unix, "time_zone": f"Zone/{name}"}


def _entry(kind: str, second: int) -> dict[str, Any]:
    return {
        "object": f"{kind}_event",
        "occurred_at": f"2026-02-01T00:00:{second:02}Z",
        "initiated_by": f"client-{kind}",
        "source": f"api-{kind}",
        "actor": f"user_{kind}",
    }


START, END = _zoned("2026-03-01T10:00:00Z", "Start"), _zoned("2026-03-01T10:45:00Z", "End")
APPOINTMENT: dict[str, Any] = {
    "id": "appt_0123456789ab",
    "object": "appointment",
    "status": "canceled",
    "appointment_type": "virtual",
    "start_at": START,
    "end_at": END,
    "created_at": "2026-02-01T01:00:00Z",
    "updated_at": "2026-02-01T02:00:00Z",
    "confirmed_at": "2026-02-01T03:00:00Z",
    "client": {
        "id": "clnt_0123456789ab",
        "object": "client",
        "locale": "en-client",
        "reference_id": "ref-client",
        "time_zone": "America/Client",
        "created_at": "2026-02-01T04:00:00Z",
        "updated_at": "2026-02-01T05:00:00Z",
        "email": "client@example.test",
        "first_name": "Clara",
        "last_name": "Client",
        "phone": "+15550001",
        "metadata": {"tier": "gold"},
    },
    "client_data": {
        "locale": "en-data",
        "reference_id": "ref-data",
        "time_zone": "America/Data",
        "email": "data@example.test",
        "first_name": "Dana",
        "last_name": "Data",
        "phone": "+15550002",
    },
    "provider": {
        "id": "prov_0123456789ab",
        "object": "provider",
        "first_name": "Paul",
        "last_name": "Provider",
        "display_name": "Dr. Paul",
        "time_zone": "Zone/Provider",
        "created_at": "2026-02-01T06:00:00Z",
        "updated_at": "2026-02-01T07:00:00Z",
    },
    "service": {
        "id": "srv_0123456789ab",
        "object": "service",
        "name": "Checkup",
        "internal_name": "checkup-internal",
        "appointment_type": "in_person",
        "duration": "PT45M",
        "slot_rules": [{"start_times": ["09:15"], "recurrence_rule": {"freq": "weekly", "interval": 13}}],
        "booking_policy": {"allow_booking": True, "disabled_message": "no booking"},
        "cancellation_policy": {"allow_cancellation": True, "disabled_message": "no canceling"},
        "rescheduling_policy": {"allow_rescheduling": True, "disabled_message": "no moving"},
        "change_policy_text": "Call us",
        "metadata": {"room": "12b"},
        "provider_notifications": {"email": "weekly-mail"},
        "created_at": "2026-02-01T08:00:00Z",
        "updated_at": "2026-02-01T09:00:00Z",
    },
    "reschedule_events": [
        {
            **_entry("reschedule", 1),
            "previous_start_at": _zoned("2026-02-20T10:00:00Z", "Previous"),
            "previous_end_at": _zoned("2026-02-20T10:45:00Z", "Previous"),
            "new_start_at": START,
            "new_end_at": END,
        }
    ],
    "cancellation_events": [
        {
            **_entry("cancellation", 2),
            "cancellation_reason": {
                "id": "cr_0123456789ab",
                "object": "cancellation_reason",
                "name": "Illness",
                "sort_order": 17,
            },
            "custom_reason_text": "The flu",
        }
    ],
    "confirmation_events": [
        {
            **_entry("confirmation", 3),
            "start_at": _zoned("2026-02-25T10:00:00Z", "Confirmed"),
            "end_at": _zoned("2026-02-25T10:45:00Z", "Confirmed"),
        }
    ],
    "fields": [{"id": "removed-field"}],
    "client_locale": "en-legacy",
    "client_reference_id": "ref-legacy",
    "client_time_zone": "America/Legacy",
    "meeting": {
        "id": "amtg_0123456789ab",
        "object": "appointment_meeting",
        "status": "failed",
        "conferencing_provider": "zoom_admin",
        "external_meeting_id": "123123",
        "join_url": "https://zoom.us/j/123123",
        "host_url": "https://book.example.test/p/appointments/appt_0123456789ab/host?token=SECRET",
        "password": "SECRET",
        "error_message": "no licence",
    },
}

NOT_IN_A_COLUMN = {"object", "unix_ts"}
"""`object` names the type; `unix_ts` says the same as `utc`."""


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}[]")
    elif not isinstance(value, bool):
        yield path, value


def _plain(value: Any) -> str:
    """Times in one spelling, whatever side they come from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC).isoformat()
    except ValueError:
        return str(value)


async def _column_values(harness: Harness, tables: dict[str, str], object_id: str) -> set[str]:
    found: set[str] = set()
    for table, column in tables.items():
        for row in await harness.rows(f"select * from savvycal.{table} where {column} = $1", object_id):
            for name, value in row.items():
                if name == "extra":
                    assert json.loads(value) == {}, (table, value)
                elif isinstance(value, bytes) and name not in {"raw_hash", "content_hash"}:
                    found |= {_plain(leaf) for _, leaf in _leaves(json.loads(value))}
                else:
                    found.add(_plain(value))
                    found.add(str(value))
    return found


async def _assert_every_field_has_a_column(
    harness: Harness, document: dict[str, Any], tables: dict[str, str], withheld: set[str]
) -> None:
    values = await _column_values(harness, tables, document["id"])
    missing = {
        path
        for path, leaf in _leaves(document)
        if path.rsplit(".", 1)[-1] not in NOT_IN_A_COLUMN and _plain(leaf) not in values
    }
    assert missing == withheld


EVENT_TABLES = {"events": "id", "event_attendees": "event_id", "event_answers": "event_id", "meetings": "event_id"}
APPOINTMENT_TABLES = {"appointments": "id", "appointment_history": "appointment_id", "meetings": "appointment_id"}


async def test_every_field_of_the_newest_event_has_a_column(harness: Harness) -> None:
    """The Event of the newest documentation, by GET."""
    harness.world.put_raw("event", NEWEST_EVENT["id"], json.dumps(NEWEST_EVENT).encode())
    await harness.reconcile(Kind.EVENT, NEWEST_EVENT["id"])
    await _assert_every_field_has_a_column(harness, NEWEST_EVENT, EVENT_TABLES, set())
    booleans = (await harness.rows("select * from savvycal.events where id = $1", NEWEST_EVENT["id"]))[0]
    assert [booleans[f"description_settings_include_{n}"] for n in ("attendees", "fields", "link_name")] == [
        True,
        False,
        True,
    ]
    assert booleans["is_group_session"] is False


async def test_every_field_of_the_legacy_event_has_a_column(harness: Harness) -> None:
    """The Event of the legacy documentation, in a list."""
    first = next(iter(harness.world.documents("event")))
    harness.world.put_raw("event", first, json.dumps(LEGACY_EVENT).encode())
    await harness.scan(Product.MEETINGS)
    await _assert_every_field_has_a_column(harness, LEGACY_EVENT, EVENT_TABLES, set())
    flags = await harness.rows(
        "select is_organizer, is_scheduler, marketing_opt_in from savvycal.event_attendees "
        "where event_id = 'event_legacy' order by position"
    )
    assert flags == [
        {"is_organizer": False, "is_scheduler": True, "marketing_opt_in": True},
        {"is_organizer": True, "is_scheduler": False, "marketing_opt_in": True},
    ]


async def test_every_field_of_an_appointment_has_a_column_but_the_credentials(harness: Harness) -> None:
    """The Appointment with its AppointmentMeeting; host_url and password are told of, not kept."""
    harness.world.put_raw("appointment", APPOINTMENT["id"], json.dumps(APPOINTMENT).encode())
    await harness.reconcile(Kind.APPOINTMENT, APPOINTMENT["id"])
    withheld = {".meeting.host_url", ".meeting.password"}
    await _assert_every_field_has_a_column(harness, APPOINTMENT, APPOINTMENT_TABLES, withheld)
    (meeting,) = await harness.rows(
        "select has_host_url, has_password from savvycal.meetings where appointment_id like 'appt_0123%'"
    )
    assert meeting == {"has_host_url": True, "has_password": True}
    body = await harness.value("select body from savvycal.appointment_bodies where id = $1", APPOINTMENT["id"])
    assert b"SECRET" not in body
    assert json.loads(body)["meeting"]["password"] == "[masked]"

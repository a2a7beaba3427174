"""Appointments as SavvyCal serves them, from a number, with their meeting; credentials included."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

Document = dict[str, Any]


def appointment_id(number: int) -> str:
    """Id of the appointment with that number."""
    return f"appt_{number * 2654435761 % 2**48:012x}"


def build_appointment(number: int, start_at: datetime, base: datetime, revision: int) -> bytes:
    """One record of a list page. A revision above 0 is a change: an odd number is canceled, an even one gets a room."""
    booked_at = _iso(start_at - timedelta(days=12))
    is_canceled = number % 13 == 0 or (revision > 0 and number % 2 == 1)
    touched = {"created_at": booked_at, "updated_at": booked_at}
    client = _client(number)
    document: Document = {
        "id": appointment_id(number),
        "object": "appointment",
        "status": "canceled" if is_canceled else "scheduled",
        "appointment_type": "virtual",
        "created_at": booked_at,
        "updated_at": _iso(base) if revision else booked_at,
        "confirmed_at": None,
        "client": {"id": f"clnt_{number:012x}", "object": "client", **client, "metadata": {}, **touched},
        "client_data": client,
        "provider": _provider(number % 5) | touched,
        "service": _service(number % 3) | touched,
        "cancellation_events": [_cancellation(base)] if is_canceled else [],
        "reschedule_events": [],
        "confirmation_events": [],
        "urls": {name: [f"https://book.example.test/a/{number}/{name}"] for name in ("reschedule", "cancel", "ics")},
        "start_at": _zoned(start_at),
        "end_at": _zoned(start_at + timedelta(minutes=45)),
        "meeting": _meeting(number, "canceled" if is_canceled else "created", revision),
    }
    return msgspec.json.encode(document)


def _client(number: int) -> Document:
    return {
        "locale": "en",
        "reference_id": f"ref-{number}",
        "time_zone": "Europe/Paris",
        "email": f"client{number}@example.test",
        "first_name": "Chiara",
        "last_name": "García",
        "phone": "+15550000000",
    }


def _provider(number: int) -> Document:
    return {
        "id": f"prov_{number:012x}",
        "object": "provider",
        "first_name": "Dmitri",
        "last_name": "Novák",
        "display_name": "Dmitri Novák",
        "time_zone": "Asia/Tokyo",
    }


def _service(number: int) -> Document:
    notice = {"advance_notice": {"enabled": True, "minimum_duration": "PT2H"}, "disabled_message": None}
    days = {"freq": "weekly", "byday": ["mo", "tu", "we", "th", "fr"], "interval": 1, "count": None, "until": None}
    return {
        "id": f"srv_{number:012x}",
        "object": "service",
        "name": "First consultation",
        "appointment_type": "virtual",
        "duration": "PT45M",
        "slot_rules": [{"start_times": ["09:00", "10:30", "14:00"], "recurrence_rule": days}],
        "booking_policy": {"allow_booking": True, **notice},
        "cancellation_policy": {"allow_cancellation": True, **notice},
        "rescheduling_policy": {"allow_rescheduling": True, **notice},
        "change_policy_text": "Please tell us two hours ahead.",
    }


def _cancellation(at: datetime) -> Document:
    return {
        "object": "cancellation_event",
        "occurred_at": _iso(at),
        "initiated_by": "client",
        "source": "client_ui",
        "actor": None,
        "cancellation_reason": None,
        "custom_reason_text": None,
    }


def _meeting(number: int, status: str, revision: int) -> Document:
    limiter = 10**10 + number + (revision if number % 2 == 0 else 0)
    return {
        "id": f"amtg_{number:012x}",
        "object": "appointment_meeting",
        "status": status,
        "conferencing_provider": "zoom_admin",
        "external_meeting_id": str(limiter),
        "join_url": f"https://example-test.zoom.us/j/{limiter}",
        "host_url": f"https://example-test.zoom.us/s/{limiter}?zak=secret-of-the-host-{limiter}",
        "password": "abc123",
        "error_message": None,
    }


def _zoned(at: datetime) -> Document:
    return {
        "object": "zoned_date_time",
        "local": at.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "utc": _iso(at),
        "unix_ts": int(at.timestamp()),
        "time_zone": "Etc/UTC",
    }


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

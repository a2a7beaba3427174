"""Planning and building Appointment and AppointmentMeeting documents of the Appointments API."""

from __future__ import annotations

import re
from random import Random

from .catalog import TIME_ZONES, Catalog
from .collection import Record
from .formats import DAY, Document, hex_id, iso, local_text, url_token
from .options import Options

MEETING_STATUSES = ("pending", "created", "failed", "skipped", "update_pending", "cancel_pending", "canceled")
UNSETTLED = frozenset({"pending", "failed", "update_pending", "cancel_pending"})
SCHEDULED_FUTURE = (("created", "pending", "failed", "skipped", "update_pending", "in_person"), (62, 7, 4, 6, 5, 16))
SCHEDULED_PAST = (("created", "failed", "skipped", "in_person"), (76, 3, 6, 15))
CANCELED = (("canceled", "cancel_pending", "skipped", "in_person"), (66, 8, 8, 18))
SENSITIVE = ("email", "first_name", "last_name", "phone")
BOOKING_HOST = "book.example.test"
QUARTER = 900


def plan_appointment(rng: Random, number: int, now: int) -> Record:
    """Place one seeded appointment; the first seven show each meeting status once."""
    shown = MEETING_STATUSES[number] if number < len(MEETING_STATUSES) else None
    future = shown is not None or rng.random() < 0.5
    offset = rng.uniform(QUARTER, 60 * DAY) if future else -rng.uniform(2 * QUARTER, 365 * DAY)
    start_at = (int(now + offset) // QUARTER + 1) * QUARTER
    created_at = int(min(start_at - rng.uniform(3600, 30 * DAY), now - rng.uniform(60, 20 * DAY)))
    canceled = rng.random() < 0.12 if shown is None else shown in {"cancel_pending", "canceled"}
    statuses, weights = CANCELED if canceled else SCHEDULED_FUTURE if future else SCHEDULED_PAST
    meeting = shown or rng.choices(statuses, weights)[0]
    status = "canceled" if canceled else "scheduled"
    return Record(hex_id("appt", rng), number, start_at, created_at, status, seeded=meeting)


def build_appointment(record: Record, catalog: Catalog, options: Options, now: int) -> Document:
    """The seeded document with the client's sensitive fields and the meeting."""
    rng = Random(f"{options.seed}:appointment:{record.number}")
    wanted = "in_person" if record.seeded == "in_person" else "virtual"
    service = rng.choice([one for one in catalog.services if one["appointment_type"] == wanted])
    client = catalog.client(rng.randrange(max(1, options.appointments // 2)), options.appointment_generation)
    times = appointment_times(record.start_at, service, rng.choice(TIME_ZONES), options)
    touched_at = min(now, record.created_at + int(rng.uniform(60, DAY)))
    document = appointment_frame(record, service, rng.choice(catalog.providers), client, options) | times
    document["updated_at"] = iso(touched_at)
    if record.state == "canceled":
        document["cancellation_events"] = [cancellation(touched_at, catalog.reason, None, "client", "client_ui")]
    document[options.meeting_property] = None
    if record.seeded != "in_person":
        document[options.meeting_property] = seeded_meeting(rng, record, options)
    return document


def appointment_frame(
    record: Record, service: Document, provider: Document, client: Document, options: Options
) -> Document:
    """A scheduled appointment without its times and its meeting."""
    old = {"fields": [], "client_locale": client["locale"], "client_reference_id": client["reference_id"]}
    old |= {"client_time_zone": client["time_zone"]}
    document: Document = {
        "id": record.id,
        "object": "appointment",
        "status": record.state,
        "appointment_type": service["appointment_type"],
        "created_at": iso(record.created_at),
        "updated_at": iso(record.created_at),
        "confirmed_at": None,
        "client": client,
        "client_data": {name: client[name] for name in ("locale", "reference_id", "time_zone", *SENSITIVE)},
        "provider": provider,
        "service": service,
        "cancellation_events": [],
        "reschedule_events": [],
        "confirmation_events": [],
        "urls": urls(record.id),
    }
    document |= old if options.appointment_generation == "legacy" else {}
    return document | ({"future_field": {"since": "2027-01-01"}} if options.unknown_fields else {})


def urls(appointment_id: str) -> Document:
    """The client's action links; treated as secrets by a careful reader."""
    base = f"https://{BOOKING_HOST}/a/{appointment_id}"
    names = ("reschedule", "cancel", "confirm", "add_to_google_calendar", "ics")
    return {name: [f"{base}/{name}"] for name in names}


def zoned(seconds: int, zone: str, options: Options) -> Document:
    """A ZonedDateTime whose four readings agree."""
    return {
        "object": "zoned_date_time",
        "local": local_text(seconds, zone, offset=options.local_has_offset),
        "utc": iso(seconds),
        "unix_ts": seconds,
        "time_zone": zone,
    }


def appointment_times(start_at: int, service: Document, zone: str, options: Options) -> Document:
    """`start_at` and `end_at`, as long as the service takes."""
    end_at = start_at + duration_seconds(service["duration"])
    return {"start_at": zoned(start_at, zone, options), "end_at": zoned(end_at, zone, options)}


def duration_seconds(text: str) -> int:
    """Seconds of the Service's ISO-8601 duration, hours and minutes only."""
    match = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", text)
    hours, minutes = match.groups() if match else (None, None)
    return 3600 * int(hours or 0) + 60 * int(minutes or 0)


def cancellation(at: float, reason: Document | None, text: str | None, by: str, source: str) -> Document:
    """One CancellationEvent."""
    return {
        "object": "cancellation_event",
        "occurred_at": iso(at),
        "initiated_by": by,
        "source": source,
        "actor": None,
        "cancellation_reason": reason,
        "custom_reason_text": text,
    }


def empty_meeting(rng: Random, status: str, provider: str | None) -> Document:
    """An AppointmentMeeting of exactly the nine documented properties, with no details yet."""
    return {
        "id": hex_id("amtg", rng),
        "object": "appointment_meeting",
        "status": status,
        "conferencing_provider": provider,
        "external_meeting_id": None,
        "join_url": None,
        "host_url": None,
        "password": None,
        "error_message": None,
    }


def created_details(rng: Random, appointment_id: str, provider: str | None) -> Document:
    """What a meeting gains when the provider has made it; only Zoom has a host URL and passwords."""
    number = rng.randrange(80_000_000_000, 89_999_999_999)
    if provider != "zoom_admin":
        code = f"{number:x}"
        return {"external_meeting_id": code, "join_url": f"https://meet.example.test/{code}"}
    return {
        "external_meeting_id": str(number),
        "join_url": f"https://example-test.zoom.us/j/{number}",
        "host_url": host_url(rng, appointment_id),
        "password": f"{rng.randrange(1_000_000):06d}" if rng.random() < 0.6 else None,
    }


def host_url(rng: Random, appointment_id: str) -> str:
    """The proxy URL on the account's booking domain: whoever holds it starts the meeting as its host."""
    return f"https://{BOOKING_HOST}/p/appointments/{appointment_id}/host?token={url_token(rng)}"


def seeded_meeting(rng: Random, record: Record, options: Options) -> Document:
    """The meeting an appointment starts with, its details fitting its status."""
    other = options.meeting_provider_without_host_url
    provider = None if record.seeded == "skipped" else rng.choices(("zoom_admin", other), (9, 1))[0]
    meeting = empty_meeting(rng, record.seeded, provider)
    if record.seeded in {"created", "update_pending", "cancel_pending", "canceled"}:
        meeting |= created_details(rng, record.id, provider)
    if record.seeded == "failed":
        meeting["error_message"] = "The host has no license at the provider."
    return meeting


def without_sensitive(document: Document) -> Document:
    """The appointment as shown without include_sensitive: the client's keys are omitted, not null."""
    shown = dict(document)
    for name in ("client", "client_data"):
        if isinstance(document.get(name), dict):
            shown[name] = {key: value for key, value in document[name].items() if key not in SENSITIVE}
    return shown

"""Planning and building Event documents of the Meetings API, in each documented generation."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from .catalog import FIRST_NAMES, LAST_NAMES, ME_EMAIL, TIME_ZONES, Catalog, Link
from .collection import Record
from .formats import DAY, Document, iso, ulid
from .options import Options

STATES = (
    "confirmed",
    "canceled",
    "awaiting_reschedule",
    "awaiting_checkout",
    "checkout_expired",
    "awaiting_approval",
    "declined",
    "tentative",
)
PAST_WEIGHTS = (86, 9, 0, 0, 2, 0, 3, 0)
FUTURE_WEIGHTS = (74, 8, 3, 4, 2, 5, 2, 2)
UNSETTLED = frozenset({"awaiting_reschedule", "awaiting_checkout", "awaiting_approval", "tentative"})
GENERATIONS = ("newest", "legacy", "older")
QUARTER = 900

# "Event object" of the documentation: properties the legacy page lacks.
NOT_IN_LEGACY = (
    "location_settings",
    "description_settings",
    "buffer_before",
    "buffer_after",
    "is_group_session",
    "maximum_group_size",
)


def plan_event(rng: Random, number: int, now: int, catalog: Catalog, options: Options) -> Record:
    """Place one seeded event: three in five in the past year, the others in the next 60 days, on quarter hours."""
    future = number < len(STATES) or rng.random() < 0.4
    offset = rng.uniform(QUARTER, 60 * DAY) if future else -rng.uniform(QUARTER, 365 * DAY)
    start_at = int(now + offset) // QUARTER * QUARTER
    start_at += QUARTER if future and start_at <= now else 0
    created_at = int(min(start_at - rng.uniform(3600, 30 * DAY), now - rng.uniform(60, 20 * DAY)))
    state = (
        STATES[number] if number < len(STATES) else rng.choices(STATES, FUTURE_WEIGHTS if future else PAST_WEIGHTS)[0]
    )
    link = link_of(rng, catalog, state)
    late = future and state == "confirmed" and link.zoom and rng.random() < options.late_conferencing / 2
    return Record(
        f"event_{ulid(rng, created_at)}",
        number,
        start_at,
        created_at,
        state,
        seeded="late" if late else "",
        attended=rng.random() < 0.8,
        link_id=link.id,
    )


def link_of(rng: Random, catalog: Catalog, state: str) -> Link:
    """A link that can lead to that state."""
    if state in {"awaiting_checkout", "checkout_expired"}:
        return next(link for link in catalog.links if link.paid)
    if state in {"awaiting_approval", "declined"}:
        return next(link for link in catalog.links if link.approval)
    return rng.choice(catalog.links)


def build_event(record: Record, catalog: Catalog, options: Options, now: int) -> Document:
    """The seeded document of a planned event, complete in its generation."""
    return in_generation(build_newest(record, catalog, options, now), record.number, options)


def build_newest(record: Record, catalog: Catalog, options: Options, now: int) -> Document:
    """The same as the newest OpenAPI has it."""
    rng = Random(f"{options.seed}:event:{record.number}")
    link = catalog.links_by_id[record.link_id or ""]
    attendees = _attendees(rng, record, link)
    document = _frame(rng, record, link, attendees) | _times(rng, record, link.duration_minutes, now)
    document |= _place(rng, record, link, options)
    document["payment"] = _payment(rng, record.state) if link.paid else None
    return document


def _frame(rng: Random, record: Record, link: Link, attendees: list[Document]) -> Document:
    scheduler = attendees[1] if len(attendees) > 1 else None
    guest = scheduler["display_name"] if scheduler else "no one yet"
    campaign: Document = {
        "utm_source": rng.choice(("newsletter", "website", "partner")),
        "lead_score": rng.randrange(100),
    }
    return {
        "id": record.id,
        "state": record.state,
        "summary": f"{link.name}: {guest}",
        "description": f"{link.name} of {link.duration_minutes} minutes with {guest}. Please bring your questions.",
        "additional_info": "Reply to this message to reach us before the call." if rng.random() < 0.5 else None,
        "description_settings": {"include_attendees": True, "include_fields": False, "include_link_name": True},
        "created_at": iso(record.created_at),
        "buffer_before": 0,
        "buffer_after": rng.choice((0, 0, 15)),
        "link": {"id": link.id, "name": link.name, "slug": link.slug},
        "poll": None,
        "scope": link.scope,
        "scheduler": scheduler,
        "organizer": attendees[0],
        "attendees": attendees,
        "is_group_session": link.group,
        "maximum_group_size": 4 if link.group else 1,
        "metadata": campaign if rng.random() < 0.4 else {},
        "url": f"https://savvycal.com/events/{record.id}",
    }


def _times(rng: Random, record: Record, minutes: int, now: int) -> Document:
    """Start, end and the marks left by a cancellation or an earlier reschedule."""
    moved = record.state in {"confirmed", "canceled"} and rng.random() < 0.08
    original = record.start_at - rng.choice((-1, 1)) * rng.randrange(1, 96) * QUARTER
    touched_at = min(now, record.created_at + int(rng.uniform(60, DAY)))
    canceled = record.state == "canceled"
    return {
        "start_at": iso(record.start_at),
        "end_at": iso(record.start_at + 60 * minutes),
        "duration": minutes,
        "canceled_at": iso(touched_at) if canceled else None,
        "cancel_reason": rng.choice((None, "Conflict", "No longer needed")) if canceled else None,
        "rescheduled_at": iso(touched_at) if moved else None,
        "reschedule_reason": "Something came up" if moved else None,
        "original_start_at": iso(original) if moved else None,
        "original_end_at": iso(original + 60 * minutes) if moved else None,
    }


def _place(rng: Random, record: Record, link: Link, options: Options) -> Document:
    """Where the event happens; in progress and late events have no join_url yet."""
    if not link.zoom:
        nowhere = without_conferencing(options)
        return {"location": "12 Example Street", "location_settings": [{"type": "custom"}], "conferencing": nowhere}
    attached = record.state in {"confirmed", "canceled"} and record.seeded != "late"
    conferencing = zoom(rng) if attached else zoom_pending()
    settings = [{"integration_id": "zoom_123", "type": "zoom"}]
    return {"location": conferencing["join_url"], "location_settings": settings, "conferencing": conferencing}


def without_conferencing(options: Options) -> Document | None:
    """Event.conferencing of an event without any; its form is an assumption."""
    if options.conferencing_none == "no_object":
        return None
    word = None if options.conferencing_none == "null" else options.conferencing_none
    return {"type": word, "join_url": None, "meeting_id": None, "instructions": None}


def zoom(rng: Random) -> Document:
    """Event.conferencing with a Zoom meeting attached."""
    number = rng.randrange(80_000_000_000, 89_999_999_999)
    return {
        "type": "zoom",
        "join_url": f"https://example-test.zoom.us/j/{number}?pwd={rng.getrandbits(64):016x}",
        "meeting_id": str(number),
        "instructions": f"Join Zoom Meeting\nMeeting ID: {number}\nOne tap mobile: +15550100,,{number}#",
    }


def zoom_pending() -> Document:
    """Event.conferencing before the server has reached Zoom."""
    return {"type": "zoom", "join_url": None, "meeting_id": None, "instructions": None}


def _payment(rng: Random, state: str) -> Document:
    """Amounts in cents; paid once the event is confirmed."""
    paid = state in {"confirmed", "canceled", "awaiting_reschedule", "tentative"}
    return {
        "state": "paid" if paid else "awaiting_checkout",
        "url": f"https://checkout.example.test/pay/{rng.getrandbits(64):016x}",
        "amount_total": 12_000,
        "amount_discount": 0,
        "amount_tax": 2_000,
        "amount_shipping": 0,
    }


def _attendees(rng: Random, record: Record, link: Link) -> list[Document]:
    """One to four people, 2.15 on average; the organizer first, then the scheduler."""
    count = rng.choices((1, 2, 3, 4), (20, 50, 25, 5))[0]
    host = {"email": ME_EMAIL, "first_name": "Ann", "last_name": "Meyer"}
    if not record.attended:
        host = {"email": "colleague@example.test", "first_name": "Goran", "last_name": "Silva"}
    people = [attendee(rng, record.created_at, **host, is_organizer=True)]
    for _ in range(count - 1):
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        email = f"guest{rng.randrange(1_000_000)}@example.test"
        guest = attendee(rng, record.created_at, email=email, first_name=first, last_name=last)
        people.append(guest | {"fields": _answers(rng, link)} if len(people) == 1 else guest)
    return people


def attendee(
    rng: Random, created_at: float, *, email: str, first_name: str, last_name: str, is_organizer: bool = False
) -> Document:
    """One Attendee of the newest generation."""
    return {
        "id": f"attendee_{ulid(rng, created_at)}",
        "email": email,
        "display_name": f"{first_name} {last_name}".strip(),
        "first_name": first_name,
        "last_name": last_name,
        "phone_number": f"+1555{rng.randrange(10_000_000):07d}" if rng.random() < 0.3 else None,
        "time_zone": rng.choice(TIME_ZONES),
        "response_status": "accepted",
        "is_organizer": is_organizer,
        "marketing_opt_in": rng.random() < 0.2,
        "fields": [],
    }


def _answers(rng: Random, link: Link) -> list[Document]:
    """What the scheduler wrote into the form; a value may be null."""
    topic = rng.choice(("Pricing for a team of twelve", "How the two calendars are merged", "Next year's plan", None))
    questions = [
        ("text", "What should we talk about?", topic),
        ("text", "Company", f"Example {rng.randrange(999)} GmbH"),
    ]
    return [
        {"id": f"field_{link.slug}_{index}", "type": kind, "label": label, "value": value}
        for index, (kind, label, value) in enumerate(questions)
    ]


def generation_of(number: int, options: Options) -> str:
    """Which documented generation the n-th event is written in."""
    if options.event_generation != "mixed":
        return options.event_generation
    return GENERATIONS[(number + options.seed) % len(GENERATIONS)]


def in_generation(document: Document, number: int, options: Options) -> Document:
    """The newest document rewritten in the generation of its number."""
    generation = generation_of(number, options)
    if generation == "legacy":
        document = _as_legacy(document)
    elif generation == "older":
        document = document | {
            "uuid": str(UUID(int=Random(f"{options.seed}:uuid:{number}").getrandbits(128), version=4))
        }
    return document | {"future_field": {"since": "2027-01-01"}} if options.unknown_fields else document


def _as_legacy(document: Document) -> Document:
    """The legacy page's fields: see "Event object" and "Attendee" of the Meetings API."""
    old: dict[str, Any] = {name: value for name, value in document.items() if name not in NOT_IN_LEGACY}
    scheduler_id = document["scheduler"]["id"] if document["scheduler"] else None
    people = [_legacy_attendee(person, scheduler_id) for person in document["attendees"]]
    by_id = {person["id"]: person for person in people}
    old["attendees"], old["organizer"] = people, by_id[document["organizer"]["id"]]
    old["scheduler"] = by_id.get(scheduler_id)
    old["location"], old["link"] = document["location"] or "", document["link"] | {"private_name": None}
    if document["payment"]:
        old["payment"] = document["payment"] | {"amount_subtotal": 10_000}
    return old


def _legacy_attendee(person: Document, scheduler_id: str | None) -> Document:
    kept = {name: value for name, value in person.items() if name != "marketing_opt_in"}
    return kept | {"response_status": "confirmed", "is_scheduler": person["id"] == scheduler_id}

"""SavvyCal Meetings: how to ask for Events, and how to read one. Both documented generations of Event are accepted.

Sources: SavvyCal Meetings API, list events, Event object. Assumptions, where the documentation is silent:
`direction=asc` sorts by start; `from` and `until` are UTC dates (windows are padded by a day); a conferencing without
`type`, or with type `none`, means that there is none.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from worker.core.facts import NO_CONFERENCING
from worker.core.hashing import content_hash
from worker.core.lifecycle import EVENT, Phase
from worker.core.model import Kind, Meeting, Row, Snapshot
from worker.core.windows import FAR, Bounds
from worker.privacy.redaction import NOTHING, Redaction
from worker.savvycal import json_spans
from worker.savvycal.ladder import Ladder
from worker.savvycal.records import Columns, Document, Id, Int4, Int8, Time, as_text, extras, reading, same, typed
from worker.savvycal.wire import PAGE_SIZES, ListForm, Page, Request, as_start, check_cursor, decode_envelope, one

PAGE_SIZE = 100
"""The documented maximum of `limit`."""

FORM = ListForm(PAGE_SIZE)
LADDER = Ladder(
    {
        "page_size": PAGE_SIZES,
        "order": ("brackets", "none"),
        "period": ("fixed", "all"),
        "until": ("far", "open"),
    }
)
"""There is one order only, so `brackets` is `direction=asc`. Without days there is no `until`, so they come first.
`state` and `attendance` are always sent: without them a list is not complete."""

PATH = "/events"
PROBE = Request("/me")
"""Cheapest call that needs a valid token."""


class AnswerField(Document):
    id: str | None = None
    type: str | None = None
    label: str | None = None
    value: Any = None
    options: Any = None


class Attendee(Document):
    id: str | None = None
    email: str | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone_number: str | None = None
    time_zone: str | None = None
    response_status: str | None = None
    is_organizer: bool | None = None
    is_scheduler: bool | None = None
    marketing_opt_in: bool | None = None
    fields: list[AnswerField] | None = None


class Conferencing(Document):
    type: str | None = None
    join_url: str | None = None
    meeting_id: str | None = None
    instructions: str | None = None


class DescriptionSettings(Document):
    include_attendees: bool | None = None
    include_fields: bool | None = None
    include_link_name: bool | None = None


class Link(Document):
    id: str | None = None
    name: str | None = None
    slug: str | None = None
    private_name: str | None = None
    description: str | None = None


class Scope(Document):
    id: str | None = None
    name: str | None = None
    slug: str | None = None


class Payment(Document):
    state: str | None = None
    url: str | None = None
    amount_total: Int8 | None = None
    amount_subtotal: Int8 | None = None
    amount_discount: Int8 | None = None
    amount_tax: Int8 | None = None
    amount_shipping: Int8 | None = None


class Event(Document):
    """Only what a mirror cannot do without is required: id, state, start and end."""

    id: Id
    state: str
    start_at: Time
    end_at: Time
    uuid: str | None = None
    summary: str | None = None
    description: str | None = None
    additional_info: str | None = None
    location: str | None = None
    location_settings: Any = None
    description_settings: DescriptionSettings | None = None
    created_at: Time | None = None
    duration: Int4 | None = None
    buffer_before: Int4 | None = None
    buffer_after: Int4 | None = None
    canceled_at: Time | None = None
    cancel_reason: str | None = None
    rescheduled_at: Time | None = None
    reschedule_reason: str | None = None
    original_start_at: Time | None = None
    original_end_at: Time | None = None
    conferencing: Conferencing | None = None
    link: Link | None = None
    poll: Any = None
    scope: Scope | None = None
    scheduler: Attendee | None = None
    organizer: Attendee | None = None
    attendees: list[Attendee] | None = None
    is_group_session: bool | None = None
    maximum_group_size: Int4 | None = None
    metadata: Any = None
    payment: Payment | None = None
    url: str | None = None


class _PageMetadata(msgspec.Struct):
    after: str | None = None
    limit: Any = None


class _Placed(msgspec.Struct):
    start_at: str


class _Page(msgspec.Struct):
    entries: list[msgspec.Raw]
    metadata: _PageMetadata


def list_request(bounds: Bounds, cursor: str | None, form: ListForm = FORM) -> Request:
    """One page of all events in a range of start dates: every state, attended by the token's user or not."""
    query = [("state", "all"), ("attendance", "any")]
    query += [("direction", "desc" if form.is_backwards else "asc")] if form.order != "none" else []
    query += [("limit", str(form.page_size))] if form.page_size else []
    if form.period == "all" or (bounds.start is None and bounds.until is None):
        query.append(("period", "all"))
    else:
        start = bounds.start.isoformat() if bounds.start else "1970-01-01"
        query += [("period", "fixed"), ("from", start)]
        if form.until == "far" or bounds.until not in {None, FAR}:
            query.append(("until", (bounds.until or FAR).isoformat()))
    return Request(PATH, (*query, ("after", cursor)) if cursor else tuple(query))


def start_of(raw: bytes) -> datetime | None:
    """When an event starts, read without decoding the rest; None when that cannot be read."""
    return as_start(raw, _Placed, lambda placed: placed.start_at)


def get_request(event_id: str, _form: ListForm = FORM) -> Request:
    """One event by id; it has no parameters."""
    return one(PATH, event_id)


def parse_page(body: bytes, _cursor: str | None) -> Page:
    """`{entries, metadata: {after}}`; the records stay raw."""
    page = decode_envelope(body, _Page)
    granted = page.metadata.limit if isinstance(page.metadata.limit, int) else None
    return Page(tuple(bytes(entry) for entry in page.entries), check_cursor(page.metadata.after), granted=granted)


def parse_one(body: bytes) -> bytes:
    """A single event is served bare."""
    return body.removeprefix(json_spans.BOM)


def parse_record(raw: bytes, redaction: Redaction = NOTHING) -> Snapshot:
    """A record as a snapshot. Rows are made of the masked document: no credential can get into any column.

    Raises:
        RecordError: it cannot be read.
    """
    document, body = reading(raw, redaction)
    event = typed(Event, document)
    unknown = extras(event)
    people = _people(event)
    answers = [answer for place, person in enumerate(people) for answer in _answers(event.id, place, person)]
    return Snapshot(
        kind=Kind.EVENT,
        id=event.id,
        state=event.state,
        start_at=event.start_at,
        end_at=event.end_at,
        row=_row(event, unknown),
        children={
            "event_attendees": tuple(_attendee(event, place, person) for place, person in enumerate(people)),
            "event_answers": tuple(answers),
        },
        meeting=_meeting(event),
        occurred_at={"canceled": event.canceled_at} if event.canceled_at else {},
        body=body,
        content_hash=content_hash(body),
        unknown_fields=tuple(unknown),
    )


def _row(event: Event, unknown: Mapping[str, object]) -> Row:
    cells = (
        *_OWN.of(event),
        EVENT.phase(event.state),
        event.organizer.id if event.organizer else None,
        event.scheduler.id if event.scheduler else None,
        *_LINK.of(event.link),
        *_SCOPE.of(event.scope),
        *_SHOWN.of(event.description_settings),
        *_CONFERENCING.of(event.conferencing),
        *_PAYMENT.of(event.payment),
        unknown,
    )
    return Row(_COLUMNS, cells)


_OWN = Columns(
    same(
        *"id state start_at end_at summary created_at canceled_at cancel_reason rescheduled_at".split(),
        *"reschedule_reason original_start_at original_end_at description additional_info".split(),
        *"location location_settings poll is_group_session maximum_group_size metadata url uuid".split(),
    )
    | {"duration": "duration_minutes"}
    | {"buffer_before": "buffer_before_minutes", "buffer_after": "buffer_after_minutes"}
)
_LINK = Columns(same("id", "name", "slug", "private_name", "description"), "link_")
_SCOPE = Columns(same("id", "name", "slug"), "scope_")
_SHOWN = Columns(same("include_attendees", "include_fields", "include_link_name"), "description_settings_")
_CONFERENCING = Columns(same("type", "join_url", "meeting_id", "instructions"), "conferencing_")
_AMOUNTS = [f"amount_{part}" for part in ("total", "subtotal", "discount", "tax", "shipping")]
_PAYMENT = Columns(same("state", "url") | {name: f"{name}_cents" for name in _AMOUNTS}, "payment_")
_COLUMNS = (
    *_OWN.names,
    *("phase", "organizer_id", "scheduler_id"),
    *(name for part in (_LINK, _SCOPE, _SHOWN, _CONFERENCING, _PAYMENT) for name in part.names),
    "extra",
)


def _people(event: Event) -> list[Attendee]:
    """The attendees, then a scheduler or organizer the list leaves out."""
    listed = list(event.attendees or [])
    ids = {person.id for person in listed}
    named = [person for person in (event.scheduler, event.organizer) if person and person.id not in ids]
    return listed + ([named[0]] if len(named) == 2 and named[0].id == named[1].id else named)


def _attendee(event: Event, place: int, person: Attendee) -> Row:
    scheduler = event.scheduler.id if event.scheduler else None
    told = person.is_scheduler
    is_listed = place < len(event.attendees or [])
    is_scheduler = told if told is not None else (person.id == scheduler if scheduler else None)
    return Row(_ATTENDEE, (event.id, place, is_listed, *_PERSON.of(person), is_scheduler, extras(person)))


_PERSON = Columns(
    same(
        *"id email display_name first_name last_name phone_number time_zone response_status".split(),
        *"is_organizer marketing_opt_in".split(),
    )
)
_ATTENDEE = ("event_id", "position", "is_listed", *_PERSON.names, "is_scheduler", "extra")


_ANSWER = tuple("event_id attendee_position position id type label value options extra".split())


def _answers(event_id: str, place: int, person: Attendee) -> list[Row]:
    return [
        Row(
            _ANSWER,
            (event_id, place, position, a.id, a.type, a.label, as_text(a.value), a.options, a.model_extra or {}),
        )
        for position, a in enumerate(person.fields or [])
    ]


def _meeting(event: Event) -> Meeting:
    """The conferencing read as a meeting: no conferencing is `skipped`, an event that is off is `canceled`, a join_url
    makes it `created`, and conferencing without one is still `pending` (SavvyCal attaches it later)."""
    conferencing = event.conferencing or Conferencing()
    has_none = (conferencing.type or "").lower() in NO_CONFERENCING and not conferencing.join_url
    if has_none:
        status = "skipped"
    elif EVENT.phase(event.state) is Phase.CANCELED:
        status = "canceled"
    else:
        status = "created" if conferencing.join_url else "pending"
    return Meeting(
        event.id, status, conferencing.type, conferencing.meeting_id, conferencing.join_url, None, False, False
    )

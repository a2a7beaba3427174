"""SavvyCal Meetings: reads an Event as a snapshot, with the values of all columns.

Assumption, where the documentation is silent: a conferencing without `type`, or with type `none`, means that there is
none.
"""

from collections.abc import Mapping

from worker.core.findings import NO_CONFERENCING
from worker.core.hashing import content_hash
from worker.core.lifecycle import EVENT, Phase
from worker.core.model import Kind, Meeting, Row, Snapshot
from worker.privacy.redaction import NOTHING, Redaction
from worker.savvycal.event_documents import Attendee, Conferencing, Event
from worker.savvycal.records import Columns, as_text, extras, reading, same, typed


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

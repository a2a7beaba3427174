"""SavvyCal Appointments: how to ask for Appointments, and how to read one with its AppointmentMeeting.

Sources: SavvyCal Appointments API, list appointments, Appointment and AppointmentMeeting objects. Assumptions, where
the documentation is silent: the meeting sits under `meeting` (any other field whose `object` says so is accepted
too); pages are sized by the `page_size` asked for or whatever `meta` answers; the order asked for is trusted only
as far as the page itself shows it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from worker.core.hashing import content_hash, credential_bytes
from worker.core.lifecycle import APPOINTMENT
from worker.core.model import Credentials, Kind, Meeting, Row, Snapshot
from worker.core.windows import Bounds
from worker.errors import Malformed
from worker.privacy.redaction import NOTHING, Redaction
from worker.savvycal.ladder import Ladder
from worker.savvycal.records import Columns, Document, Id, Int4, Time, extras, masked, read, same, typed
from worker.savvycal.wire import PAGE_SIZES, ListForm, Page, Place, Request, as_start, decode_envelope, one

COUNT_MAX = 2**63 - 1
"""What Postgres can hold of the number of records SavvyCal announces; nothing depends on a larger one."""

PAGE_SIZE = 100
"""The requested page size. The maximum is not documented; `meta.page_size` tells what was granted."""

FORM = ListForm(PAGE_SIZE)
LADDER = Ladder({"page_size": PAGE_SIZES, "order": ("brackets", "bare", "none"), "sensitive": ("sent", "none")})

MEETING_PROPERTY = "meeting"
MEETING_OBJECT = "appointment_meeting"
PATH = "/appointments"
PROBE = Request("/account")
"""Cheapest call that needs a valid token."""


class ZonedDateTime(Document):
    """Only `utc` is trusted; `local` may be naive or carry an offset."""

    object: str | None = None
    utc: Time
    local: str | None = None
    unix_ts: int | None = None
    time_zone: str | None = None


class Client(Document):
    object: str | None = None
    id: str | None = None
    reference_id: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    metadata: Any = None
    created_at: Time | None = None
    updated_at: Time | None = None


class ClientData(Document):
    locale: str | None = None
    reference_id: str | None = None
    time_zone: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None


class Provider(Document):
    object: str | None = None
    id: str | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    time_zone: str | None = None
    created_at: Time | None = None
    updated_at: Time | None = None


class Service(Document):
    object: str | None = None
    id: str | None = None
    name: str | None = None
    internal_name: str | None = None
    appointment_type: str | None = None
    duration: str | None = None
    slot_rules: Any = None
    booking_policy: Any = None
    cancellation_policy: Any = None
    rescheduling_policy: Any = None
    change_policy_text: str | None = None
    metadata: Any = None
    provider_notifications: Any = None
    created_at: Time | None = None
    updated_at: Time | None = None


class CancellationReason(Document):
    object: str | None = None
    id: str | None = None
    name: str | None = None
    sort_order: Int4 | None = None


class HistoryEntry(Document):
    """CancellationEvent, ConfirmationEvent or RescheduleEvent: each fills its own part."""

    object: str | None = None
    occurred_at: Time | None = None
    initiated_by: str | None = None
    source: str | None = None
    actor: str | None = None
    cancellation_reason: CancellationReason | None = None
    custom_reason_text: str | None = None
    start_at: ZonedDateTime | None = None
    end_at: ZonedDateTime | None = None
    previous_start_at: ZonedDateTime | None = None
    previous_end_at: ZonedDateTime | None = None
    new_start_at: ZonedDateTime | None = None
    new_end_at: ZonedDateTime | None = None


class AppointmentMeeting(Document):
    id: Id
    object: str | None = None
    status: str
    conferencing_provider: str | None = None
    external_meeting_id: str | None = None
    join_url: str | None = None
    host_url: str | None = None
    password: str | None = None
    error_message: str | None = None


class Appointment(Document):
    """Only what a mirror cannot do without is required: id, status, start and end."""

    id: Id
    object: str | None = None
    status: str
    start_at: ZonedDateTime
    end_at: ZonedDateTime
    appointment_type: str | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    confirmed_at: Time | None = None
    client: Client | None = None
    client_data: ClientData | None = None
    provider: Provider | None = None
    service: Service | None = None
    reschedule_events: list[HistoryEntry] | None = None
    cancellation_events: list[HistoryEntry] | None = None
    confirmation_events: list[HistoryEntry] | None = None
    urls: Any = None
    client_locale: str | None = None
    client_reference_id: str | None = None
    client_time_zone: str | None = None
    fields: Any = None
    meeting: AppointmentMeeting | None = None


class _PageMeta(msgspec.Struct):
    current_page: int
    total_pages: int
    total_count: int
    page_size: Any = None


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    meta: _PageMeta


class _One(msgspec.Struct):
    data: msgspec.Raw


class _Instant(msgspec.Struct):
    utc: str | None = None


class _Placed(msgspec.Struct):
    start_at: _Instant | None = None


def list_request(include_sensitive: bool, cursor: str | None, form: ListForm = FORM) -> Request:
    """One page of all appointments, from the farthest start backwards. There is no documented filter by date."""
    place = place_of(cursor, form)
    query = [("page", str(place.page))]
    query += [("page_size", str(place.size))] if place.size else []
    if form.order != "none":
        mark = "[]" if form.order == "brackets" else ""
        query += [(f"order_by{mark}", "start_at_utc"), (f"order_directions{mark}", "desc")]
    return Request(PATH, (*query, *_sensitive(include_sensitive, form)))


def place_of(cursor: str | None, form: ListForm) -> Place:
    """A cursor as a place: `7` is page 7 of 100 each, `7/50` of 50 each, `7/0` of as many as SavvyCal likes."""
    if cursor is None:
        return Place(1, form.page_size)
    page, _, size = cursor.partition("/")
    return Place(int(page), int(size) or None if size else PAGE_SIZE)


def cursor_of(place: Place) -> str:
    """The same as text."""
    return str(place.page) if place.size == PAGE_SIZE else f"{place.page}/{place.size or 0}"


def get_request(include_sensitive: bool, appointment_id: str, form: ListForm = FORM) -> Request:
    """One appointment by id."""
    return Request(one(PATH, appointment_id).path, _sensitive(include_sensitive, form))


def _sensitive(include: bool, form: ListForm) -> tuple[tuple[str, str], ...]:
    return (("include_sensitive", "true" if include else "false"),) if form.sensitive == "sent" else ()


def parse_page(body: bytes, cursor: str | None) -> Page:
    """`{data, meta}`; the cursor is the number of the next page, and its size as SavvyCal grants it. A page other than
    the one asked for is refused.
    """
    page = decode_envelope(body, _Page)
    asked = place_of(cursor, FORM)
    if page.meta.current_page != asked.page:
        raise Malformed(f"SavvyCal answered with page {page.meta.current_page} instead of {asked.page}")
    granted = page.meta.page_size if isinstance(page.meta.page_size, int) else None
    following = None
    if asked.page < page.meta.total_pages and page.data:
        is_less = granted and asked.size and len(page.data) <= granted < asked.size
        following = cursor_of(Place(asked.page + 1, granted if is_less else asked.size))
    total = page.meta.total_count if 0 <= page.meta.total_count <= COUNT_MAX else None
    return Page(tuple(bytes(record) for record in page.data), following, total, granted)


def parse_one(body: bytes) -> bytes:
    """A single appointment is served inside `data`."""
    return bytes(decode_envelope(body, _One).data)


def start_of(raw: bytes) -> datetime | None:
    """When an appointment starts, read without decoding the rest; None when that cannot be read."""
    return as_start(raw, _Placed, lambda placed: placed.start_at.utc if placed.start_at else None)


def is_past_range(page: Page, bounds: Bounds) -> bool:
    """Whether a page shows that all further pages start before the range: sorted downwards, and its last is before.

    A record whose start cannot be read proves nothing about order.
    """
    if bounds.start is None:
        return False
    try:
        placed = [decode_envelope(raw, _Placed).start_at for raw in page.records]
    except Malformed:
        return False
    starts = [start.utc for start in placed if start and start.utc]
    return bool(starts) and starts == sorted(starts, reverse=True) and starts[-1] < bounds.start.isoformat()


def parse_record(raw: bytes, redaction: Redaction = NOTHING) -> Snapshot:
    """A record as a snapshot. Rows are made of the masked document; only `credentials` hold what was masked.

    Raises:
        RecordError: it cannot be read.
    """
    found = read(raw, redaction)
    document, body = masked(found)
    carrier = _carrier(found)
    others = {name: value for name, value in document.items() if name not in {carrier, MEETING_PROPERTY}}
    carried = document.get(carrier)
    is_meeting = carried is None or isinstance(carried, dict)  # else something else has that name, such as an id alone
    appointment = typed(Appointment, others | {"meeting": carried if is_meeting else None})
    unknown = extras(appointment) if is_meeting else {**extras(appointment), carrier: carried}
    return Snapshot(
        kind=Kind.APPOINTMENT,
        id=appointment.id,
        state=appointment.status,
        start_at=appointment.start_at.utc,
        end_at=appointment.end_at.utc,
        row=_row(appointment, unknown),
        children={"appointment_history": tuple(_history(appointment))},
        meeting=_meeting(appointment.meeting) if appointment.meeting else None,
        occurred_at=_occurred(appointment),
        body=body,
        content_hash=content_hash(body),
        unknown_fields=tuple(unknown),
        updated_at=appointment.updated_at,
        credentials=_credentials(raw, appointment.meeting, found.get(carrier)),
    )


def _carrier(document: dict[str, Any]) -> str:
    """Name of the field that holds the meeting: how SavvyCal calls it is not documented."""
    if isinstance(document.get(MEETING_PROPERTY), dict):
        return MEETING_PROPERTY
    found = (k for k, v in document.items() if isinstance(v, dict) and v.get("object") == MEETING_OBJECT)
    return next(found, MEETING_PROPERTY)


def _credentials(raw: bytes, meeting: AppointmentMeeting | None, found: Any) -> Credentials | None:
    """What the meeting's own fields hold, text only; None when there is no credential anywhere in the record."""
    served = credential_bytes(raw)
    host_url, password = (_text(found.get(name)) if meeting else None for name in ("host_url", "password"))
    return Credentials(meeting.id if meeting else None, host_url, password, served) if served else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _meeting(meeting: AppointmentMeeting) -> Meeting:
    return Meeting(
        meeting.id,
        meeting.status,
        meeting.conferencing_provider,
        meeting.external_meeting_id,
        meeting.join_url,
        meeting.error_message,
        meeting.host_url is not None,
        meeting.password is not None,
    )


def _row(appointment: Appointment, unknown: Mapping[str, object]) -> Row:
    cells = (
        *_OWN.of(appointment),
        APPOINTMENT.phase(appointment.status),
        *_START.of(appointment.start_at),
        *_END.of(appointment.end_at),
        *_CLIENT.of(appointment.client),
        *_CLIENT_DATA.of(appointment.client_data),
        *_PROVIDER.of(appointment.provider),
        *_SERVICE.of(appointment.service),
        unknown,
    )
    return Row(_COLUMNS, cells)


_OWN = Columns(
    same("id", "status", "appointment_type", "confirmed_at", "created_at", "updated_at", "fields")
    | {f"client_{name}": f"legacy_client_{name}" for name in ("locale", "reference_id", "time_zone")}
)
_START = Columns({"utc": "start_at", "time_zone": "time_zone", "local": "start_local"})
_END = Columns({"utc": "end_at", "local": "end_local", "time_zone": "end_time_zone"})
_WHO = same("locale", "reference_id", "time_zone", "email", "first_name", "last_name", "phone")
_CLIENT = Columns(_WHO | same("id", "metadata", "created_at", "updated_at"), "client_")
_CLIENT_DATA = Columns(_WHO, "client_data_")
_PROVIDER = Columns(
    same("id", "display_name", "first_name", "last_name", "time_zone", "created_at", "updated_at"), "provider_"
)
_SERVICE = Columns(
    same(
        *"id name internal_name appointment_type duration slot_rules booking_policy cancellation_policy".split(),
        *"rescheduling_policy change_policy_text metadata provider_notifications created_at updated_at".split(),
    ),
    "service_",
)
_COLUMNS = (
    *_OWN.names,
    "phase",
    *(name for part in (_START, _END, _CLIENT, _CLIENT_DATA, _PROVIDER, _SERVICE) for name in part.names),
    "extra",
)


def _history(appointment: Appointment) -> list[Row]:
    lists = {
        "reschedule": appointment.reschedule_events,
        "cancellation": appointment.cancellation_events,
        "confirmation": appointment.confirmation_events,
    }
    return [
        _history_row(appointment.id, kind, position, entry)
        for kind, entries in lists.items()
        for position, entry in enumerate(entries or [])
    ]


def _history_row(appointment_id: str, kind: str, position: int, entry: HistoryEntry) -> Row:
    times: list[ZonedDateTime | None] = [getattr(entry, name) for name in _HISTORY_TIMES]
    cells = (
        *(appointment_id, kind, position),
        *_HISTORY.of(entry),
        *_REASON.of(entry.cancellation_reason),
        *(time.utc if time else None for time in times),
        next((time.time_zone for time in times if time), None),
        extras(entry),
    )
    return Row(_HISTORY_COLUMNS, cells)


_HISTORY = Columns(same("occurred_at", "initiated_by", "source", "actor", "custom_reason_text"))
_REASON = Columns(same("id", "name", "sort_order"), "cancellation_reason_")
_HISTORY_TIMES = "start_at end_at previous_start_at previous_end_at new_start_at new_end_at".split()
_HISTORY_COLUMNS = (
    *("appointment_id", "kind", "position"),
    *_HISTORY.names,
    *_REASON.names,
    *_HISTORY_TIMES,
    "time_zone",
    "extra",
)


def _occurred(appointment: Appointment) -> dict[str, datetime]:
    canceled = [entry.occurred_at for entry in appointment.cancellation_events or [] if entry.occurred_at]
    came_back = appointment.status != "canceled" and canceled  # SavvyCal does not tell when
    booked = None if came_back else appointment.created_at
    found = {"scheduled": booked, "canceled": max(canceled, default=None)}
    return {status: at for status, at in found.items() if at}

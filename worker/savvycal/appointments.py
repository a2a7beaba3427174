"""SavvyCal Appointments: reads an Appointment and its AppointmentMeeting as a snapshot, with the values of all columns.

Assumption, where the documentation is silent: the meeting is in the field `meeting`; any other field whose `object`
names it as a meeting is accepted too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from worker.core.hashing import content_hash, credential_bytes
from worker.core.lifecycle import APPOINTMENT
from worker.core.model import Credentials, Kind, Meeting, Row, Snapshot
from worker.privacy.redaction import NOTHING, Redaction
from worker.savvycal.appointment_documents import Appointment, AppointmentMeeting, HistoryEntry, ZonedDateTime
from worker.savvycal.records import Columns, extras, masked, read, same, typed

MEETING_PROPERTY = "meeting"
MEETING_OBJECT = "appointment_meeting"


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

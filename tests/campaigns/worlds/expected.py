"""What the tables ought to hold of a document, in the words of SavvyCal's documentation; the mirror's code is not used.

Damaged bytes are read here by a reader of our own: numbers keep all their digits, text that no database can hold
becomes U+FFFD, or U+2400 for NUL; control characters stay.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.campaigns.simulation.checker import mask

Document = dict[str, Any]
NUMERIC_DIGITS_MAX = 131_072
"""Before the decimal point, in Postgres' numeric."""


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _under(prefix: str, path: str, names: str) -> dict[str, str]:
    return {f"{prefix}_{name}": f"{path}.{name}" for name in names.split()}


EVENT: Mapping[str, str] = {
    **_same("id", "state", "start_at", "end_at", "summary", "created_at", "canceled_at", "cancel_reason"),
    **_same("rescheduled_at", "reschedule_reason", "original_start_at", "original_end_at", "description"),
    **_same("additional_info", "location", "location_settings", "poll", "is_group_session", "maximum_group_size"),
    **_same("metadata", "url", "uuid"),
    "organizer_id": "organizer.id",
    "scheduler_id": "scheduler.id",
    "duration_minutes": "duration",
    "buffer_before_minutes": "buffer_before",
    "buffer_after_minutes": "buffer_after",
    **_under("link", "link", "id name slug private_name description"),
    **_under("scope", "scope", "id name slug"),
    **_under("conferencing", "conferencing", "type join_url meeting_id instructions"),
    **_under("description_settings", "description_settings", "include_attendees include_fields include_link_name"),
    **_under("payment", "payment", "state url"),
    **{
        f"payment_amount_{name}_cents": f"payment.amount_{name}"
        for name in ("total", "subtotal", "discount", "tax", "shipping")
    },
}
"""Column of `events` to the place in an Event."""

_CONTACT = "locale reference_id time_zone email first_name last_name phone"
APPOINTMENT: Mapping[str, str] = {
    **_same("id", "status", "appointment_type", "confirmed_at", "created_at", "updated_at", "fields"),
    "start_at": "start_at.utc",
    "start_local": "start_at.local",
    "time_zone": "start_at.time_zone",
    "end_at": "end_at.utc",
    "end_local": "end_at.local",
    "end_time_zone": "end_at.time_zone",
    **_under("client", "client", f"{_CONTACT} id metadata created_at updated_at"),
    **_under("client_data", "client_data", _CONTACT),
    **_under("provider", "provider", "id display_name first_name last_name time_zone created_at updated_at"),
    **_under("service", "service", "id name internal_name appointment_type duration slot_rules booking_policy"),
    **_under("service", "service", "cancellation_policy rescheduling_policy change_policy_text metadata"),
    **_under("service", "service", "provider_notifications created_at updated_at"),
    **{f"legacy_client_{name}": f"client_{name}" for name in ("locale", "reference_id", "time_zone")},
}
"""Column of `appointments` to the place in an Appointment."""

COLUMNS = {"event": EVENT, "appointment": APPOINTMENT}
ATTENDEE = (
    "id email display_name first_name last_name phone_number time_zone response_status is_organizer marketing_opt_in"
).split()
MEETING = "id status conferencing_provider external_meeting_id join_url error_message".split()


# -- reading -----------------------------------------------------------------------------------------------------------


def read(raw: bytes, is_exact: bool = True) -> Any:
    """A JSON text as values, whatever is damaged in it. Numbers are Decimals, and text where Postgres cannot hold them,
    unless they need not be exact.

    Raises:
        ValueError: what is damaged cannot be read by anybody.
        RecursionError: nested too deeply.
    """
    text = re.sub(r"\\(?![\"\\/bfnrtu])", r"\\\\", raw.decode())
    hooks: dict[str, Any] = {"parse_float": _number, "parse_int": _number} if is_exact else {}
    return storable(json.loads(text, strict=False, **hooks))


def _number(text: str) -> Decimal | str:
    number = Decimal(text)
    return text if number and number.adjusted() >= NUMERIC_DIGITS_MAX else number


def storable(value: Any) -> Any:
    """The same with texts as a database can hold them: no half of a surrogate pair; for NUL its symbol, as decided."""
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    return re.sub("[\ud800-\udfff]", "\ufffd", value).replace("\x00", "\u2400") if isinstance(value, str) else value


def row_of(text: str) -> Document:
    """A row as Postgres' to_jsonb shows it."""
    found: Document = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return found


# -- comparing ---------------------------------------------------------------------------------------------------------


def differences(kind: str, row: Document, document: Document) -> list[str]:
    """Columns of a row that differ from the document."""
    return [column for column, path in COLUMNS[kind].items() if not _equal(row[column], _at(document, path))]


def _at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _equal(cell: Any, value: Any) -> bool:
    if isinstance(cell, str) and isinstance(value, str) and cell != value:
        return _moment(cell) is not None and _moment(cell) == _moment(value)
    return bool(cell == value)


def _moment(text: str) -> datetime | None:
    """None for anything but a date with a time and an offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def body_of(document: Document) -> Document:
    """The document as a snapshot may keep it."""
    masked: Document = mask(document)
    return masked


def meeting_of(document: Document) -> dict[str, Any] | None:
    """The AppointmentMeeting of an appointment, wherever it stands; None without one."""
    for value in document.values():
        if isinstance(value, dict) and value.get("object") == "appointment_meeting":
            return {name: value.get(name) for name in MEETING}
    return None

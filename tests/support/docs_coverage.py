"""Which column each documented field of SavvyCal's ends up in, found by reading two documents that differ in it alone.

So the page cannot describe what the program does not do: a field without a column needs a reason in `NOT_STORED`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec.structs import asdict
from pydantic import AwareDatetime

from worker.core.model import Snapshot
from worker.savvycal import appointment_documents, appointments, event_documents, events
from worker.savvycal.records import Document

Table = Callable[[tuple[str, ...], Sequence[tuple[str, ...]]], str]
Path = tuple[str | int, ...]

NOT_STORED = {
    "object": "a constant: in the body only",
    "unix_ts": "the same moment as `utc`: in the body only",
    "urls": "not stored: these links cancel, move or confirm without a login, and their tokens may rotate",
}
"""Why a field has no column, by the last part of its name."""

STATED = {
    "host_url": "`meetings.has_host_url`; sealed in `_meeting_secrets`. "
    "The link starts the meeting as its host: a credential, and its token "
    "rotates without the meeting changing",
    "password": "`meetings.has_password`; sealed likewise. It belongs to the credential above",
}
"""What a reader must know beside the column, by the last part of a field's name."""

_SPECIAL: Mapping[tuple[str, str], tuple[object, object]] = {
    ("Event", "state"): ("confirmed", "canceled"),
    ("Appointment", "status"): ("scheduled", "canceled"),
    ("AppointmentMeeting", "status"): ("pending", "created"),
    ("AppointmentMeeting", "host_url"): ("https://example.test/host", None),
    ("AppointmentMeeting", "password"): ("secret", None),
}
_PLAIN: Mapping[type, tuple[object, object]] = {
    datetime: ("2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z"),
    bool: (False, True),
    int: (1, 2),
    str: ("a", "b"),
    object: ({"n": 1}, {"n": 2}),
}


@dataclass(frozen=True)
class Section:
    """A table of the page: the fields of `model`, which stands at `at` inside a document of `product`."""

    title: str
    product: str
    model: type[Document]
    at: Path = ()
    left_out: tuple[str, ...] = ()
    """Beginnings of names that have a section of their own, or whose rows would add nothing new."""


_TIMES = "start_at end_at previous_start_at previous_end_at new_start_at new_end_at".split()
SECTIONS = (
    Section("Event", "event", event_documents.Event, (), ("scheduler.", "organizer.")),
    Section("Attendee", "event", event_documents.Attendee, ("attendees", 0)),
    Section("Attendee.fields", "event", event_documents.AnswerField, ("attendees", 0, "fields", 0)),
    Section(
        "Appointment",
        "appointment",
        appointment_documents.Appointment,
        (),
        ("client.", "client_data.", "provider.", "service.", "meeting."),
    ),
    Section("Client", "appointment", appointment_documents.Client, ("client",)),
    Section("client_data", "appointment", appointment_documents.ClientData, ("client_data",)),
    Section("Provider", "appointment", appointment_documents.Provider, ("provider",)),
    Section("Service", "appointment", appointment_documents.Service, ("service",)),
    Section(
        "RescheduleEvent, CancellationEvent, ConfirmationEvent",
        "appointment",
        appointment_documents.HistoryEntry,
        ("reschedule_events", 0),
        tuple(f"{time}.{part}" for time in _TIMES for part in ("object", "local", "unix_ts", "time_zone")),
    ),
    Section("AppointmentMeeting", "appointment", appointment_documents.AppointmentMeeting, ("meeting",)),
)


def coverage(table: Table) -> str:
    """All sections as Markdown."""
    head = ("field", "where it is")
    return "\n\n".join(f"### {section.title}\n\n{table(head, list(_rows(section)))}" for section in SECTIONS)


def without_column() -> list[str]:
    """Fields that no column holds and that no reason explains."""
    return [f"{s.title}.{name}" for s in SECTIONS for name, said in _rows(s) if not said]


def _rows(section: Section) -> Iterator[tuple[str, str]]:
    for name, owner, base in _leaves(section.model):
        if not name.startswith(section.left_out or ("\0",)):
            last = name.rpartition(".")[2]
            columns = ", ".join(f"`{column}`" for column in _columns(section, name, owner, base))
            yield f"`{name}`", STATED.get(last) or columns or NOT_STORED.get(last, "")


def _leaves(model: type[Document], prefix: str = "") -> Iterator[tuple[str, type[Document], type]]:
    """Every field that holds a value, by dotted name, with the model it stands in; lists are sections of their own."""
    for name, field in model.model_fields.items():
        base, is_list = _base(field.annotation)
        if issubclass(base, Document):
            if not is_list:
                yield from _leaves(base, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", model, base


def _base(annotation: Any) -> tuple[type, bool]:
    """The type inside Optional, Annotated and list; Any counts as object."""
    if annotation is Any:
        return object, False
    inner = [part for part in get_args(annotation) if part is not type(None)]
    if inner:
        base, is_list = _base(inner[0])
        return base, is_list or getattr(annotation, "__origin__", None) is list
    return (datetime if annotation is AwareDatetime else annotation), False


def _values(owner: type[Document], name: str, base: type) -> tuple[object, object]:
    last = name.rpartition(".")[2]
    return _SPECIAL.get((owner.__name__, last)) or _PLAIN[base]


def _columns(section: Section, name: str, owner: type[Document], base: type) -> list[str]:
    before = _document(section.product)
    _put(before, (*section.at, *name.split(".")), _values(owner, name, base)[0])
    after = deepcopy(before)
    _put(after, (*section.at, *name.split(".")), _values(owner, name, base)[1])
    flat = [_flat(_snapshot(section.product, document)) for document in (before, after)]
    return [column for column in flat[0] if flat[0][column] != flat[1][column] and not column.endswith(".extra")]


def _document(product: str) -> dict[str, Any]:
    """A document in which every field has a value; an event names nobody beside its one attendee."""
    if product == "event":
        person = _sample(event_documents.Attendee) | {"fields": [_sample(event_documents.AnswerField)]}
        return _sample(event_documents.Event) | {"attendees": [person], "scheduler": None, "organizer": None}
    return (
        _sample(appointment_documents.Appointment)
        | {"meeting": _sample(appointment_documents.AppointmentMeeting)}
        | {"reschedule_events": [_sample(appointment_documents.HistoryEntry)]}
    )


def _sample(model: type[Document]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, owner, base in _leaves(model):
        _put(document, tuple(name.split(".")), _values(owner, name, base)[0])
    return document


def _put(document: Any, path: Path, value: object) -> None:
    for step in path[:-1]:
        document = document.setdefault(step, {}) if isinstance(step, str) else document[step]
    document[path[-1]] = value


def _snapshot(product: str, document: Mapping[str, Any]) -> Snapshot:
    raw = msgspec.json.encode(document)
    return events.parse_record(raw) if product == "event" else appointments.parse_record(raw)


def _flat(snapshot: Snapshot) -> dict[str, object]:
    """Every cell the snapshot would fill, by table.column."""
    parent = f"{snapshot.kind}s"
    cells = {f"{parent}.{column}": value for column, value in dict(snapshot.row).items()}
    for child, rows in snapshot.children.items():
        cells |= {f"{child}.{column}": value for row in rows[:1] for column, value in dict(row).items()}
    if snapshot.meeting:
        cells |= {f"meetings.{name}": value for name, value in asdict(snapshot.meeting).items()}
    return cells

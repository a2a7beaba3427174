"""The values that travel from fetch to apply. All frozen; every time is aware UTC.

Those that are made for each record are Structs: a frozen dataclass takes ten times as long to make, together a
sixteenth of a first load (measured).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from worker.core.kinds import Kind as Kind  # noqa: PLC0414  # a part of the model, too
from worker.core.kinds import Product as Product  # noqa: PLC0414


class Row(Struct, frozen=True, gc=False):
    """One table row: cells under the names of their columns, without the bookkeeping columns that `store` adds.

    Rows of a table share the tuple of names. `dict` makes a dict of it.
    """

    columns: tuple[str, ...]
    cells: tuple[object, ...]

    def keys(self) -> tuple[str, ...]:
        """The columns."""
        return self.columns

    def __getitem__(self, column: str) -> object:
        return self.cells[self.columns.index(column)]


class Via(StrEnum):
    """Which path saw the object."""

    POLL = "poll"
    BACKFILL = "backfill"
    RESYNC = "resync"
    WATCH = "watch"
    WEBHOOK = "webhook"
    AUDIT = "audit"


def via_of(reasons: Collection[str]) -> Via:
    """Which path a read by id belongs to, by the reasons for which it was asked."""
    for reason in (Via.WEBHOOK, Via.RESYNC, Via.AUDIT):
        if reason in reasons:
            return reason
    return Via.POLL if "missing" in reasons else Via.WATCH


class Meeting(Struct, frozen=True, gc=False):
    """AppointmentMeeting, or the conferencing of an Event read as one (then `id` is the event's id)."""

    id: str
    status: str
    conferencing_provider: str | None
    external_meeting_id: str | None
    join_url: str | None
    error_message: str | None
    has_host_url: bool
    has_password: bool


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Credentials:
    """What opens a meeting, on its way to the vault. Prints as ***; kept out of every comparison."""

    meeting_id: str | None
    host_url: str | None
    password: str | None
    served: bytes
    """All credentials of the record as they stand in it, for a keyed hash."""

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Credentials)

    def __hash__(self) -> int:
        return 0


class Snapshot(Struct, frozen=True, gc=False):
    """Our typed reading of one object. `state` is the API's own word (Event.state, Appointment.status)."""

    kind: Kind
    id: str
    state: str
    start_at: datetime | None
    end_at: datetime | None
    row: Row
    children: Mapping[str, tuple[Row, ...]]
    """Child rows by table name (event_attendees, event_answers, appointment_history), in position order."""
    meeting: Meeting | None
    occurred_at: Mapping[str, datetime]
    """When the API says a state was entered, by state; most states have no such time."""
    body: bytes
    """Canonical JSON with credentials masked."""
    content_hash: bytes
    unknown_fields: tuple[str, ...]
    updated_at: datetime | None = None
    """SavvyCal's own time of the last change; only Appointments have one."""
    credentials: Credentials | None = None


class Observation(Struct, frozen=True, gc=False):
    """One snapshot as seen. `fence` was taken from Postgres before the request went out."""

    snapshot: Snapshot
    raw_hash: bytes
    fence: int
    observed_at: datetime
    via: Via
    is_confirmation: bool = False
    """A confirming read: what it saw counts, even when SavvyCal dates it before what is stored."""


@dataclass(frozen=True, slots=True)
class StoredMeeting:
    """What the table knows of a meeting."""

    id: str
    status: str
    transition_seq: int
    is_current: bool
    content: Meeting


@dataclass(frozen=True, slots=True)
class Stored:
    """What the tables know of an object. `body` is the current snapshot's canonical JSON."""

    id: str
    state: str
    version: int
    fence: int
    content_hash: bytes
    transition_seq: int
    deleted: bool
    body: bytes
    meetings: tuple[StoredMeeting, ...]
    updated_at: datetime | None = None
    raw_hash: bytes = b""
    """Of the bytes it was last served as."""

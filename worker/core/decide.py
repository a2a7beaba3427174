"""Compares an observed object with the stored one and decides what to write. No other module decides this."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from worker.core.hashing import changed_fields
from worker.core.kinds import KINDS
from worker.core.lifecycle import DELETED, Label, Lifecycle
from worker.core.model import Kind, Meeting, Observation, Snapshot, Stored, StoredMeeting

CONFERENCING: dict[Kind, Lifecycle] = {
    kind: spec.meeting_lifecycle for kind, spec in KINDS.items() if spec.meeting_lifecycle
}
"""Which lifecycle the meeting of an object of that kind follows; kinds that have none are not in it."""


class Change(StrEnum):
    """What happened to an object, as the change feed says it."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    RESTORED = "restored"
    ERASED = "erased"
    """A person was taken out of all versions: readers drop what they copied."""


class Transition(Struct, frozen=True, gc=False):
    """One observed edge. `seq` counts from 1 for each (kind, id) without gaps."""

    kind: Kind
    id: str
    seq: int
    from_status: str | None
    to_status: str
    label: Label
    occurred_at: datetime | None


class MeetingWrite(Struct, frozen=True, gc=False):
    """The meeting row to be written; `replaces` names the current meeting it takes the place of."""

    content: Meeting
    transition_seq: int
    is_new: bool
    replaces: str | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing to write."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A later read has written something else already: this one is superseded, quietly."""


@dataclass(frozen=True, slots=True)
class StaleRead:
    """The stored object has a later `updated_at`, so SavvyCal probably served an older copy; it is read again."""


class Record(Struct, frozen=True, gc=False):
    """Write this observation as `version`."""

    observation: Observation
    change: Change
    version: int
    changed_fields: tuple[str, ...]
    transition_seq: int
    transitions: tuple[Transition, ...]
    meeting: MeetingWrite | None
    retired_meetings: tuple[str, ...]
    """Ids of stored current meetings that the object no longer carries."""


Decision = Unchanged | Superseded | StaleRead | Record


def decide(observed: Observation, stored: Stored | None) -> Decision:
    """Compares an observation with the stored object (None: never seen) and decides what to write.

    Equal content is unchanged whatever its fence: a second read could only find the same. When both fences are equal,
    the stored object wins: each read has a fence of its own, so this read has already been written.
    """
    if stored is None:
        return _first(observed)
    if observed.snapshot.content_hash == stored.content_hash and not stored.deleted:
        return Unchanged()
    if observed.fence <= stored.fence:
        return Superseded()
    return StaleRead() if _lags(observed, stored) else _next(observed, stored)


def _lags(observed: Observation, stored: Stored) -> bool:
    """Whether SavvyCal's own `updated_at` went back. It is never trusted alone: a confirmation overrules it."""
    seen, known = observed.snapshot.updated_at, stored.updated_at
    return not observed.is_confirmation and seen is not None and known is not None and seen < known


def _first(observed: Observation) -> Record:
    snapshot = observed.snapshot
    own = _edge(snapshot, None, 0)
    meeting, edges = _meeting(snapshot, ())
    return Record(observed, Change.CREATED, 1, (), len(own), (*own, *edges), meeting, ())


def _next(observed: Observation, stored: Stored) -> Record:
    snapshot = observed.snapshot
    own = _edge(snapshot, DELETED if stored.deleted else stored.state, stored.transition_seq)
    meeting, edges = _meeting(snapshot, stored.meetings)
    kept = snapshot.meeting.id if snapshot.meeting else None
    return Record(
        observed,
        Change.RESTORED if stored.deleted else Change.UPDATED,
        stored.version + 1,
        changed_fields(stored.body, snapshot.body),
        stored.transition_seq + len(own),
        (*own, *edges),
        meeting,
        tuple(m.id for m in stored.meetings if m.is_current and m.id != kept),
    )


def _edge(snapshot: Snapshot, before: str | None, seq: int) -> tuple[Transition, ...]:
    steps = KINDS[snapshot.kind].lifecycle
    if steps is None or before == snapshot.state:
        return ()
    label = steps.label(before, snapshot.state)
    occurred_at = snapshot.occurred_at.get(snapshot.state)
    return (Transition(snapshot.kind, snapshot.id, seq + 1, before, snapshot.state, label, occurred_at),)


def _meeting(
    snapshot: Snapshot, stored: tuple[StoredMeeting, ...]
) -> tuple[MeetingWrite | None, tuple[Transition, ...]]:
    """The meeting row to write and its edge. A new id beside a current meeting replaces it: a link, not an edge."""
    seen = snapshot.meeting
    if seen is None:
        return None, ()
    known = next((m for m in stored if m.id == seen.id), None)
    if known and known.is_current and known.content == seen:
        return None, ()
    current = next((m.id for m in stored if m.is_current and m.id != seen.id), None)
    edges = _meeting_edge(snapshot.kind, seen, known)
    seq = (known.transition_seq if known else 0) + len(edges)
    return MeetingWrite(seen, seq, known is None, current), edges


def _meeting_edge(parent: Kind, seen: Meeting, known: StoredMeeting | None) -> tuple[Transition, ...]:
    before = known.status if known else None
    if before == seen.status:
        return ()
    label = CONFERENCING[parent].label(before, seen.status)
    seq = (known.transition_seq if known else 0) + 1
    return (Transition(Kind.MEETING, seen.id, seq, before, seen.status, label, None),)

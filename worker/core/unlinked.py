"""Tells when a conferencing type counts as one that has no links, such as a word for «by phone». Pure.

A link may be attached late, so a type counts only after several reads by id, of several events, each some minutes after
its event was confirmed or moved (the constants below). Until then few events of the type are watched closely, so that a
hundred of them cost a handful of reads.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from worker.core.lifecycle import EVENT, Phase
from worker.core.model import Snapshot

PATIENCE = timedelta(minutes=5)
"""A link may be attached this late."""

READS, EVENTS = 5, 3
"""After five patient reads of three different events without a link, the type counts as one without links."""

READS_OF_FEW = 20
"""The number of reads that is enough where the account has fewer events of the type."""

WATCHED_MAX = 3
"""Events of an undecided type that are watched at their own pace, ..."""

PACE_MIN = timedelta(minutes=1)
"""... which is no quicker than this, ..."""

BEHIND = timedelta(minutes=10)
"""... while all others come this much later."""


@dataclass(slots=True)
class Unlinked:
    """What reads by id showed of one conferencing type, as long as no event of it ever had a link."""

    reads: dict[str, int] = field(default_factory=dict)
    """Patient ones, by event."""
    first_read_at: dict[str, datetime] = field(default_factory=dict)
    """Of events without a time of their own."""
    watched: set[str] = field(default_factory=set)

    def saw(self, snapshot: Snapshot, now: datetime) -> None:
        """An event of the type was read by id, and waits for a link."""
        if self.has_none or EVENT.phase(snapshot.state) is not Phase.CREATED:
            return  # one that is not confirmed yet may get its link when it is
        since = waiting_since(snapshot) or self.first_read_at.setdefault(snapshot.id, now)
        if now - since >= PATIENCE:
            self.reads[snapshot.id] = self.reads.get(snapshot.id, 0) + 1

    @property
    def has_none(self) -> bool:
        """Whether these reads are enough to conclude that the type has no links."""
        count = sum(self.reads.values())
        return count >= READS_OF_FEW or (count >= READS and len(self.reads) >= EVENTS)

    def reconcile_at(self, event_id: str, planned: datetime, now: datetime) -> datetime:
        """When an event of the type is read again; `planned` is when it would be otherwise."""
        if len(self.watched) < WATCHED_MAX:
            self.watched.add(event_id)
        return max(planned, now + PACE_MIN) if event_id in self.watched else planned + BEHIND

    def release(self, event_id: str) -> None:
        """An event waits no more: another one may be watched in its place."""
        self.watched.discard(event_id)


def waiting_since(snapshot: Snapshot) -> datetime | None:
    """Since when an event may have had a link: when it was booked or moved. None when SavvyCal gives neither time."""
    times = [snapshot.row[name] for name in ("created_at", "rescheduled_at")]
    return max((time for time in times if isinstance(time, datetime)), default=None)

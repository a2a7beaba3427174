"""When an object or a window is read next: sooner when a meeting is near or in progress, later when nothing changes.

Everything here is a pure function of times that are passed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.core.decide import CONFERENCING
from worker.core.model import Snapshot

CONFIRM_AFTER = timedelta(seconds=30)
"""A change that a single look saw is looked at once more: reads at SavvyCal may lag behind writes."""

WATCH_PAST = timedelta(hours=6)
"""A meeting that never settled is let go this long after its end."""

STRETCH_MAX = timedelta(hours=1)
"""However well webhooks work, a window that was to be swept more often than this is swept at least this often."""

MISSED_SHARE = 50
"""Webhooks count as healthy while at most one change in so many was not announced."""


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """What webhooks did for one product of one account."""

    delivered: int
    """Deliveries of the last day."""
    announced: int
    """Changes of the last hour that a webhook led to."""
    missed: int
    """Changes of the last hour that polling found and no webhook announced within five minutes, 0 without any."""

    @property
    def is_good(self) -> bool:
        """Silence is no proof: without any delivery they count as broken."""
        return self.delivered > 0 and self.missed * MISSED_SHARE <= self.announced


def pace(every: timedelta, before: timedelta, quiet: bool, webhooks: WebhookHealth) -> timedelta:
    """How often a window is swept from now on; `every` is its setting, `before` how often it was swept till now.

    While webhooks are healthy, each sweep that brought no news doubles the time to the next one, up to an hour. News,
    or webhooks gone missing, bring it back to its setting at once.
    """
    if not quiet or not webhooks.is_good:
        return every
    return max(every, min(2 * before, STRETCH_MAX))


def next_reconcile_at(snapshot: Snapshot, now: datetime) -> datetime | None:
    """When an object wants to be looked at by id, None when it is settled.

    Unsettled: its meeting is in a status that SavvyCal itself will change (pending, failed, update or cancel pending).
    Every 15 s within the hour of its start, each minute within a day, each 15 minutes within a week, then hourly.
    """
    meeting = snapshot.meeting
    if meeting is None or meeting.status not in CONFERENCING[snapshot.kind].in_progress:
        return None
    return watch_at(snapshot.start_at, snapshot.end_at, now)


def watch_at(start_at: datetime | None, end_at: datetime | None, now: datetime) -> datetime | None:
    """When an object that is not settled is looked at next, by its time alone; None when that is long over."""
    end = end_at or start_at
    if end is not None and end < now - WATCH_PAST:  # an end in the year 9999 has no later time
        return None
    return now + _pace(abs(start_at - now) if start_at else timedelta(days=30))


def _pace(distance: timedelta) -> timedelta:
    if distance <= timedelta(hours=1):
        return timedelta(seconds=15)
    if distance <= timedelta(days=1):
        return timedelta(minutes=1)
    return timedelta(minutes=15) if distance <= timedelta(days=7) else timedelta(hours=1)

"""When an object is read next: the sooner, the nearer its meeting. Windows have the intervals of the settings.

Everything here is a pure function of times that are passed in.
"""

from datetime import datetime, timedelta

from worker.core.decide import CONFERENCING
from worker.core.model import Snapshot

CONFIRM_AFTER = timedelta(seconds=30)
"""How long after a change the object is read again to confirm it: reads at SavvyCal may lag behind writes."""

WATCH_PAST = timedelta(hours=6)
"""A meeting that never settles is no longer read by id this long after its end."""


def next_reconcile_at(snapshot: Snapshot, now: datetime) -> datetime | None:
    """When an object should be read by id next, None when it is settled.

    An object is unsettled while its meeting is in a status that SavvyCal itself will change (pending, failed, update or
    cancel pending). It is read every 15 s within an hour of its start, every minute within a day, every 15 minutes
    within a week, and hourly otherwise.
    """
    meeting = snapshot.meeting
    if meeting is None or meeting.status not in CONFERENCING[snapshot.kind].in_progress:
        return None
    return watch_at(snapshot.start_at, snapshot.end_at, now)


def watch_at(start_at: datetime | None, end_at: datetime | None, now: datetime) -> datetime | None:
    """When an unsettled object is read next, going by its times alone; None when its end is long past."""
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

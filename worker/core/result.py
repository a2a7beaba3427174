"""The result of working on a work item, as a value: chosen here, carried out by `settle` in the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from random import Random

from worker.core.backoff import backoff_seconds
from worker.core.schedule import CONFIRM_AFTER
from worker.errors import (
    KeyMissing,
    Malformed,
    NotThere,
    Paused,
    RateLimited,
    Refused,
    SavvycalSyncError,
    ServerFault,
    Suspect,
    Unauthorized,
)

ATTEMPTS_MAX = 12
"""Of a transient failure: with doubling waits, about an hour and a half of trying."""

ATTEMPTS_MAX_PERMANENT = 3
"""Of a failure that a retry cannot change; more than one, because SavvyCal may have meant something else."""

START_OVER_ATTEMPTS = 6
"""About a minute of trying."""

RETRY_AFTER_SECONDS_MAX = 300.0
ASKED_AGAIN_SECONDS = 5.0
"""Who asked while it failed for the last time gets a try of their own, this much later."""

UNAUTHORIZED_SECONDS = 60.0
"""What the token may not see is asked again this often: rights, tokens and keys change without telling us."""

SUSPECT_SECONDS = 300.0

UNREADABLE_AGAIN = timedelta(minutes=15)
"""A watch or a confirming read that met a record nobody can read is still owed, this much later. Lists bring a watch
back, but at their own pace, and a confirming read never."""

PROOF_APART = timedelta(seconds=60)
"""Two 404s count as gone only this far apart."""

NEVER_SEEN_PATIENCE = timedelta(minutes=10)
"""How long an id that was never stored may answer 404 (a webhook can come before its object is readable)."""

GROUP_MIN = 10
"""More ids than this that were never stored and answer 404 back off as a group: together one request each ..."""

GROUP_SECONDS = 2.0
"""... so many seconds, however many they are."""


class Priority(IntEnum):
    """Of objects; smaller goes first."""

    USER = 0
    WEBHOOK = 1
    WATCH = 5
    CONFIRM = 8
    MEETING = 9
    CROWD = 10
    """One of many that are asked for at once."""


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do; the item goes, unless somebody asked meanwhile."""


@dataclass(frozen=True, slots=True)
class RequeueAt:
    """What was asked for is answered; the object is due again at a time, for a reason of its own."""

    when: datetime
    reason: str
    priority: int = Priority.WATCH
    missing_since: datetime | None = None
    """When SavvyCal first answered that it is not there, if it does."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """It failed, and is tried again later. `counts`: towards the attempts after which it is given up."""

    seconds: float
    counts: bool = True


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """It failed too often, and waits for a person."""


Result = Done | RequeueAt | RetryAfter | DeadLetter


def after_read(
    reasons: Collection[str],
    now: datetime,
    watch_at: Sequence[datetime],
    has_changes: bool,
    needs_recheck: bool,
    is_unreadable: bool,
) -> Done | RequeueAt:
    """What follows a read by id.

    `watch_at`: when an unsettled object is to be read again. A change that one read saw is confirmed by another, and so
    is what was doubted: a watch would only doubt it again. What was watched or to be confirmed and cannot be read stays
    so.
    """
    planned = [] if needs_recheck else [RequeueAt(at, "watch") for at in watch_at]
    is_news = has_changes and set(reasons) != {"meeting"}  # a list has just shown all the rest
    if is_news or needs_recheck or "unconfirmed" in reasons:
        planned.append(RequeueAt(now + CONFIRM_AFTER, "confirm", Priority.CONFIRM))
    owed = {"watch", "confirm", "unconfirmed"}.intersection(reasons)
    if is_unreadable and owed:
        planned.append(RequeueAt(now + UNREADABLE_AGAIN, "watch" if owed == {"watch"} else "confirm"))
    return min(planned, key=lambda one: (one.when, one.priority, one.reason)) if planned else Done()


def after_deletion(now: datetime, is_written: bool, priority: int, reason: str, since: datetime) -> Done | RequeueAt:
    """What follows a tombstone: nothing, or one more read where a later fence has written meanwhile."""
    return Done() if is_written else RequeueAt(now + CONFIRM_AFTER, reason, priority, since)


def after_absence(
    is_known: bool, now: datetime, since: datetime, group: int, priority: int, reason: str
) -> Done | RequeueAt:
    """What follows an answer that an object is not there, which proves nothing yet.

    `is_known`: it is stored. `since`: when that was answered first. `group`: how many others were never stored and are
    not there either.
    """
    if is_known:
        return RequeueAt(since + PROOF_APART, reason, priority, since)
    waited = now - since
    if waited > NEVER_SEEN_PATIENCE:
        return Done()
    turn = timedelta(seconds=GROUP_SECONDS * group if group > GROUP_MIN else GROUP_SECONDS)
    return RequeueAt(now + max(turn, waited), reason, priority if group <= GROUP_MIN else Priority.CROWD, since)


def after_failure(error: SavvycalSyncError, attempts: int, random: Random) -> RetryAfter | DeadLetter:
    """What follows failed attempt number `attempts`."""
    if isinstance(error, Paused):
        return RetryAfter(error.seconds + random.uniform(0, 2), counts=False)
    if isinstance(error, Suspect):
        return RetryAfter(SUSPECT_SECONDS + random.uniform(0, 30), counts=False)
    if isinstance(error, Unauthorized) and error.status == 403:  # one object, not the token
        seconds = max(UNAUTHORIZED_SECONDS, backoff_seconds(attempts, random))
        return RetryAfter(seconds + random.uniform(0, 5), counts=attempts < ATTEMPTS_MAX)
    if isinstance(error, Unauthorized | KeyMissing):
        return RetryAfter(UNAUTHORIZED_SECONDS + random.uniform(0, 5), counts=False)
    if isinstance(error, RateLimited):
        wait = error.retry_after_seconds
        seconds = backoff_seconds(attempts, random) if wait is None else min(wait, RETRY_AFTER_SECONDS_MAX)
        return RetryAfter(seconds + random.uniform(0, 1), counts=False)
    most = ATTEMPTS_MAX if error.transient else ATTEMPTS_MAX_PERMANENT
    return DeadLetter() if attempts >= most else RetryAfter(backoff_seconds(attempts, random))


def after_failed_scan(
    error: SavvycalSyncError, attempts: int, random: Random, every: timedelta | None
) -> RetryAfter | DeadLetter:
    """The same for a scan; `every`: the interval of a standing window.

    A standing window is never given up, and its failures delay it no further than its interval: when SavvyCal is back
    after hours, nobody waits another hour for what is near. The circuit breaker is what keeps an outage quiet.
    """
    if isinstance(error, Unauthorized):
        return RetryAfter(UNAUTHORIZED_SECONDS, counts=False)  # rights come back without telling us
    result = after_failure(error, attempts, random)
    if every is None:
        return result
    if isinstance(result, DeadLetter):
        result = RetryAfter(backoff_seconds(attempts, random))
    most = max(UNAUTHORIZED_SECONDS, every.total_seconds()) if result.counts else result.seconds
    return replace(result, seconds=min(result.seconds, most))


def must_start_over(error: SavvycalSyncError, attempts: int) -> bool:
    """Whether it is the position that SavvyCal cannot go on from. How it says so, and how long cursors live, is not
    documented: refused or not there at once, and whatever else it answers (5xx, nonsense) after some tries.
    """
    if isinstance(error, Refused | NotThere):
        return True
    return isinstance(error, ServerFault | Malformed) and attempts >= START_OVER_ATTEMPTS

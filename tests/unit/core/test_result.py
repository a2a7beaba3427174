"""What follows a read, an absence and a failed scan, as values."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from worker.core.result import (
    ATTEMPTS_MAX,
    NEVER_SEEN_PATIENCE,
    PROOF_APART,
    UNAUTHORIZED_SECONDS,
    UNREADABLE_AGAIN,
    DeadLetter,
    Done,
    Priority,
    RequeueAt,
    RetryAfter,
    after_absence,
    after_failed_scan,
    after_read,
    must_start_over,
)
from worker.core.schedule import CONFIRM_AFTER
from worker.errors import NotThere, ServerFault, Unauthorized, Unreachable

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SOON, LATE = NOW + timedelta(seconds=1), NOW + timedelta(hours=1)
CONFIRM = RequeueAt(NOW + CONFIRM_AFTER, "confirm", Priority.CONFIRM)


@pytest.mark.parametrize(
    ("reasons", "watch_at", "has_changes", "needs_recheck", "is_unreadable", "expected"),
    [
        ({"resync"}, [], False, False, False, Done()),
        ({"resync"}, [], True, False, False, CONFIRM),
        ({"resync"}, [SOON], True, False, False, RequeueAt(SOON, "watch")),
        ({"resync"}, [LATE], True, False, False, CONFIRM),
        ({"resync"}, [SOON], False, True, False, CONFIRM),
        ({"meeting"}, [], True, False, False, Done()),
        ({"unconfirmed"}, [], False, False, False, CONFIRM),
        ({"watch"}, [], False, False, True, RequeueAt(NOW + UNREADABLE_AGAIN, "watch")),
        ({"confirm"}, [], False, False, True, RequeueAt(NOW + UNREADABLE_AGAIN, "confirm")),
        ({"resync"}, [], False, False, True, Done()),
    ],
)
def test_after_a_read(
    reasons: set[str],
    watch_at: list[datetime],
    has_changes: bool,
    needs_recheck: bool,
    is_unreadable: bool,
    expected: object,
) -> None:
    """Changes and doubts are confirmed, what is unsettled is watched, the sooner of both."""
    assert after_read(reasons, NOW, watch_at, has_changes, needs_recheck, is_unreadable) == expected


def test_what_is_known_is_asked_for_again_after_a_minute() -> None:
    """Two answers a minute apart are a proof."""
    assert after_absence(True, NOW, NOW, 500, Priority.USER, "missing") == RequeueAt(
        NOW + PROOF_APART, "missing", Priority.USER, NOW
    )


@pytest.mark.parametrize(("group", "seconds", "priority"), [(0, 2, 0), (10, 2, 0), (11, 22, 10), (300, 600, 10)])
def test_what_was_never_seen_backs_off_as_a_group(group: int, seconds: int, priority: int) -> None:
    """Many of them share one request every two seconds, behind everything else."""
    expected = RequeueAt(NOW + timedelta(seconds=seconds), "missing", priority, NOW)
    assert after_absence(False, NOW, NOW, group, Priority.USER, "missing") == expected


def test_what_was_never_seen_is_given_up_after_ten_minutes() -> None:
    """Each wait is as long as all before it."""
    since = NOW - NEVER_SEEN_PATIENCE
    assert isinstance(after_absence(False, NOW, since, 0, 0, "missing"), RequeueAt)
    assert after_absence(False, NOW + timedelta(seconds=1), since, 0, 0, "missing") == Done()


def test_a_standing_window_is_never_given_up() -> None:
    """It comes round after its interval at the latest; a range that somebody asked for becomes a dead letter."""
    away, every = Unreachable("away"), timedelta(seconds=90)
    assert after_failed_scan(away, ATTEMPTS_MAX, Random(1), None) == DeadLetter()
    kept = after_failed_scan(away, ATTEMPTS_MAX, Random(1), every)
    assert isinstance(kept, RetryAfter)
    assert kept.seconds <= 90
    assert after_failed_scan(Unauthorized("no", 403), 99, Random(1), None) == RetryAfter(UNAUTHORIZED_SECONDS, False)


def test_a_position_that_is_refused_is_left() -> None:
    """At once where SavvyCal says so, after some tries where it only fails."""
    assert must_start_over(NotThere("gone", 404), 1)
    assert not must_start_over(ServerFault("broken", 500), 5)
    assert must_start_over(ServerFault("broken", 500), 6)
    assert not must_start_over(Unreachable("away"), 99)

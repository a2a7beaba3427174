"""When an object is read next, by how near its meeting is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.examples import DAY, NOW, OFTEN, meeting, snapshot
from worker.core.decide import CONFERENCING
from worker.core.model import Kind
from worker.core.schedule import next_reconcile_at

HOUR = timedelta(hours=1)


def pending(distance: timedelta | None, length: timedelta | None = timedelta(minutes=30)) -> datetime | None:
    """When an appointment is read next whose pending meeting starts so far from now."""
    start = NOW + distance if distance is not None else None
    end = start + length if start and length is not None else None
    return next_reconcile_at(snapshot("scheduled", meeting(), start_at=start, end_at=end), NOW)


@pytest.mark.parametrize(
    ("distance", "seconds"),
    [
        (timedelta(0), 15),
        (HOUR, 15),
        (-HOUR, 15),
        (HOUR + timedelta(seconds=1), 60),
        (-2 * HOUR, 60),
        (DAY, 60),
        (DAY + timedelta(seconds=1), 900),
        (7 * DAY, 900),
        (7 * DAY + timedelta(seconds=1), 3600),
        (400 * DAY, 3600),
        (None, 3600),
    ],
)
def test_pace_by_nearness(distance: timedelta | None, seconds: int) -> None:
    """A pending meeting is read every 15 s, minute, quarter of an hour or hour, by the distance of its start."""
    assert pending(distance) == NOW + timedelta(seconds=seconds)


@OFTEN
@given(one=st.timedeltas(timedelta(0), 500 * DAY), other=st.timedeltas(timedelta(0), 500 * DAY))
def test_nearer_is_never_read_later(one: timedelta, other: timedelta) -> None:
    """Of two pending meetings the nearer one is read first, or both at once."""
    near, far = pending(min(one, other)), pending(max(one, other))
    assert near
    assert far
    assert NOW < near <= far


@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.APPOINTMENT])
def test_only_unsettled_meetings_are_watched(kind: Kind) -> None:
    """A status that SavvyCal will change by itself needs a read by id; all others, and unknown ones, do not."""
    table = CONFERENCING[kind]
    for status in (*table.phases, "postponed"):
        next_at = next_reconcile_at(snapshot("confirmed", meeting(status=status), kind=kind), NOW)
        assert (next_at is not None) == (status in table.in_progress), status


def test_no_meeting_no_read() -> None:
    """An object without a meeting is left to the windows."""
    assert next_reconcile_at(snapshot("scheduled", None), NOW) is None


@pytest.mark.parametrize(
    ("distance", "length", "watched"),
    [
        (-6 * HOUR, timedelta(0), True),
        (-6 * HOUR - timedelta(seconds=1), timedelta(0), False),
        (-30 * HOUR, 24 * HOUR, True),
        (-31 * HOUR, 24 * HOUR, False),
        (-5 * HOUR, None, True),
        (-7 * HOUR, None, False),
    ],
)
def test_a_meeting_that_never_settled_is_let_go(distance: timedelta, length: timedelta | None, watched: bool) -> None:
    """Six hours after its end, or its start where no end is told, a pending meeting is no longer watched."""
    assert (pending(distance, length) is not None) == watched


def test_an_end_at_the_end_of_time_is_an_end() -> None:
    """The last moment a date-time can name is no reason to stop."""
    last = datetime.max.replace(tzinfo=UTC)
    assert next_reconcile_at(snapshot("scheduled", meeting(), end_at=last), NOW)

"""When to look again, and that the windows leave no start time out."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.examples import DAY, NOW, OFTEN, meeting, snapshot
from worker.core.cadence import FAR, Bounds, Window, backoff_seconds, bounds, inside, next_reconcile_at, windows
from worker.core.decide import CONFERENCING
from worker.core.kinds import PRODUCTS
from worker.core.model import Kind, Product

HOUR = timedelta(hours=1)
STANDING = windows(timedelta(seconds=60), timedelta(minutes=10), HOUR, DAY)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC))


def windows_of(product: Product) -> list[Window]:
    """The standing windows of a product that have an end or a beginning."""
    return [window for window in STANDING if window.product is product and window.name != "all"]


def vouches(window: Window, now: datetime, start_at: datetime) -> bool:
    """Whether a sweep of the window as of now surely listed an object with this start."""
    sure = inside(bounds(window, now))
    return (sure.start is None or midnight(sure.start) <= start_at) and (
        sure.until is None or start_at < midnight(sure.until)
    )


def midnight(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)


@OFTEN
@given(now=MOMENTS, after=st.timedeltas(-6 * HOUR, 40_000 * DAY), product=st.sampled_from(PRODUCTS))
def test_windows_leave_no_gap(now: datetime, after: timedelta, product: Product) -> None:
    """Every start from six hours ago to the end of time lies surely inside a window with a short cadence."""
    assert any(vouches(window, now, now + after) for window in windows_of(product))


@OFTEN
@given(now=MOMENTS, start_at=st.datetimes(timezones=st.just(UTC)), product=st.sampled_from(Product))
def test_the_window_all_is_all(now: datetime, start_at: datetime, product: Product) -> None:
    """The slow window of each product has no bounds, so it vouches for every start there can be."""
    (everything,) = [window for window in STANDING if window.name == "all" and window.product is product]
    assert bounds(everything, now) == Bounds(None, None)
    assert vouches(everything, now, start_at)


@OFTEN
@given(
    now=MOMENTS,
    offset=st.integers(-12, 14),
    place=st.floats(0, 1),
    window=st.sampled_from([window for window in STANDING if window.name in {"near", "month"}]),
)
def test_padding_covers_every_zone(now: datetime, offset: int, place: float, window: Window) -> None:
    """What a window vouches for was asked for, in whichever zone SavvyCal reads the dates, `until` included or not."""
    asked, sure = bounds(window, now), inside(bounds(window, now))
    assert asked.start
    assert asked.until
    assert sure.start
    assert sure.until
    first, last = midnight(sure.start), midnight(sure.until) - timedelta(microseconds=1)
    local = (first + place * (last - first)).astimezone(timezone(offset * HOUR)).date()
    assert asked.start <= local < asked.until


def test_near_meetings_are_swept_first_and_most_often() -> None:
    """The farther away, the later in line and the rarer; cadences are those that were asked for."""
    table = {(window.product.value, window.name): (window.priority, window.every) for window in STANDING}
    assert table == {
        ("meetings", "near"): (10, timedelta(seconds=60)),
        ("appointments", "upcoming"): (10, timedelta(seconds=60)),
        ("meetings", "month"): (20, timedelta(minutes=10)),
        ("meetings", "later"): (30, HOUR),
        ("meetings", "all"): (40, DAY),
        ("appointments", "all"): (40, DAY),
        ("links", "all"): (40, DAY),
    }
    assert len(table) == len(STANDING)


@pytest.mark.parametrize(
    ("name", "asked", "sure"),
    [
        ("near", Bounds(date(2026, 1, 4), date(2026, 1, 9)), Bounds(date(2026, 1, 5), date(2026, 1, 8))),
        ("month", Bounds(date(2026, 1, 6), date(2026, 2, 6)), Bounds(date(2026, 1, 7), date(2026, 2, 5))),
        ("later", Bounds(date(2026, 2, 3), FAR), Bounds(date(2026, 2, 4), None)),
        ("upcoming", Bounds(date(2026, 1, 4), FAR), Bounds(date(2026, 1, 5), None)),
    ],
)
def test_bounds_by_example(name: str, asked: Bounds, sure: Bounds) -> None:
    """On the morning of 5 January 2026 the windows ask for these dates and vouch for those."""
    (window,) = [window for window in STANDING if window.name == name]
    assert bounds(window, NOW) == asked
    assert inside(asked) == sure


def test_a_range_without_start_is_sure_to_its_end() -> None:
    """A range that is open on one side stays open there."""
    assert inside(Bounds(None, date(2026, 1, 8))) == Bounds(None, date(2026, 1, 7))
    assert inside(Bounds(date(2026, 1, 8), None)) == Bounds(date(2026, 1, 9), None)


def test_the_last_day_there_is_can_be_asked_for() -> None:
    """A range that ends with the calendar vouches for nothing, and stops nobody."""
    last = date(9999, 12, 31)
    sure = inside(Bounds(last, last))
    assert sure.start
    assert sure.until
    assert sure.start >= sure.until


def pending(distance: timedelta | None, length: timedelta | None = timedelta(minutes=30)) -> datetime | None:
    """The next look at an appointment with a pending meeting that starts so far from now."""
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
    """A pending meeting is looked at every 15 s, minute, quarter of an hour or hour, by the distance of its start."""
    assert pending(distance) == NOW + timedelta(seconds=seconds)


@OFTEN
@given(one=st.timedeltas(timedelta(0), 500 * DAY), other=st.timedeltas(timedelta(0), 500 * DAY))
def test_nearer_is_never_looked_at_later(one: timedelta, other: timedelta) -> None:
    """Of two pending meetings the nearer one is looked at first, or both at once."""
    near, far = pending(min(one, other)), pending(max(one, other))
    assert near
    assert far
    assert NOW < near <= far


@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.APPOINTMENT])
def test_only_unsettled_meetings_are_watched(kind: Kind) -> None:
    """A status that SavvyCal will change by itself wants a look by id; all others, and unknown ones, do not."""
    table = CONFERENCING[kind]
    for status in (*table.phases, "postponed"):
        provenance = next_reconcile_at(snapshot("confirmed", meeting(status=status), kind=kind), NOW)
        assert (provenance is not None) == (status in table.in_progress), status


def test_no_meeting_no_look() -> None:
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


@OFTEN
@given(attempt=st.integers(1, 10**6), seed=st.integers(0, 2**32))
def test_backoff_doubles_within_bounds(attempt: int, seed: int) -> None:
    """After attempt n the wait lies between half of 2^n seconds and 2^n seconds, and never beyond an hour."""
    span = min(3600.0, 2.0 ** min(attempt, 20))
    assert span / 2 <= backoff_seconds(attempt, Random(seed)) <= span


def test_backoff_is_jittered() -> None:
    """Two workers that failed together do not come back together."""
    assert len({backoff_seconds(5, Random(seed)) for seed in range(20)}) == 20

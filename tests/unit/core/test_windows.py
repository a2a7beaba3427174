"""The windows leave no start time out, and what a range vouches for."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.examples import DAY, NOW, OFTEN
from worker.core.kinds import PRODUCTS
from worker.core.model import Product
from worker.core.windows import FAR, Bounds, Window, bounds, inside, standing

HOUR = timedelta(hours=1)
STANDING = standing(timedelta(seconds=60), timedelta(minutes=10), HOUR, DAY)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC))


def windows_of(product: Product) -> list[Window]:
    """The standing windows of a product that have an end or a beginning."""
    return [window for window in STANDING if window.product is product and window.name != "all"]


def vouches(window: Window, now: datetime, start_at: datetime) -> bool:
    """Whether a scan of the window as of now surely listed an object with this start."""
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
    """Every start from six hours ago to the end of time is surely inside a window with a short cadence."""
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


def test_near_meetings_are_scanned_first_and_most_often() -> None:
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

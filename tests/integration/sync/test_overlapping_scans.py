"""Windows that overlap: the backfill reads nothing twice, and a scan that contains a window vouches for it."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.harness import Harness, running_harness
from tests.support.scanning import run_scan
from worker.core.kinds import PRODUCTS
from worker.core.model import Product
from worker.core.windows import Bounds, Running, Window, contains, is_served, standing, waits_for
from worker.store.scans import WindowKey
from worker.sync import loop, scan, schedule

MINUTE = timedelta(minutes=1)
WINDOWS = standing(MINUTE, 10 * MINUTE, 60 * MINUTE, 1440 * MINUTE)
NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
NAMED = {(window.product, window.name): window for window in WINDOWS}


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        (Bounds(None, None), Bounds(None, None), True),
        (Bounds(None, None), Bounds(date(2026, 1, 1), date(2026, 2, 1)), True),
        (Bounds(date(2026, 1, 1), None), Bounds(None, None), False),
        (Bounds(date(2026, 1, 1), date(2026, 2, 1)), Bounds(date(2026, 1, 1), date(2026, 2, 1)), True),
        (Bounds(date(2026, 1, 2), date(2026, 2, 1)), Bounds(date(2026, 1, 1), date(2026, 2, 1)), False),
        (Bounds(date(2026, 1, 1), date(2026, 1, 31)), Bounds(date(2026, 1, 1), date(2026, 2, 1)), False),
        (Bounds(date(2026, 1, 1), date(2026, 2, 1)), Bounds(date(2026, 1, 1), None), False),
    ],
)
def test_contains(outer: Bounds, inner: Bounds, expected: bool) -> None:
    """No bound is wider than any date."""
    assert contains(outer, inner) is expected


def test_the_first_load_goes_from_near_to_far() -> None:
    """A window that was never complete waits for nearer ones of its product, as long as these are on their way."""
    month = NAMED[Product.MEETINGS, "month"]
    assert waits_for(month, WINDOWS, {"near", "month"})
    assert not waits_for(month, WINDOWS, {"month", "all"})
    assert not waits_for(month, WINDOWS, {"near"})  # complete once, it keeps its interval whatever else happens
    assert not waits_for(NAMED[Product.MEETINGS, "near"], WINDOWS, {"near", "month", "all"})


@pytest.mark.parametrize(
    ("ago_seconds", "last_seconds", "expected"),
    [(0, 5.0, True), (20, 5.0, True), (40, 5.0, False), (0, 20.0, False), (0, None, False)],
)
def test_a_window_is_served_by_a_short_scan_of_everything(
    ago_seconds: float, last_seconds: float | None, expected: bool
) -> None:
    """By one that began just now and ends soon; never by one that may take long, or of which nobody knows."""
    upcoming = NAMED[Product.APPOINTMENTS, "upcoming"]
    scan = Running(Bounds(None, None), NOW - timedelta(seconds=ago_seconds), last_seconds)
    assert is_served(upcoming, [scan], NOW) is expected
    assert not is_served(upcoming, [Running(Bounds(date(2026, 11, 28), None), NOW, 1.0)], NOW)


async def _run(harness: Harness) -> None:
    """Runs the jobs of one run of the schedule side by side, to their end; then what is due by id."""
    await schedule.run(harness.context)
    await scan.work(harness.context)
    await loop.work(harness.context)


@pytest.mark.parametrize("product", PRODUCTS)
async def test_a_first_load_asks_for_lists_and_for_nothing_that_was_superseded(
    mirrored_url: str, product: Product
) -> None:
    """Near first, then the rest; by id only what is in progress, and no row because another scan was faster."""
    async with running_harness(mirrored_url, events=700, appointments=700) as harness:
        harness.context.accounts = {"default": {product: harness.context.accounts["default"][product]}}
        order = []
        while await harness.value(
            "select count(*) > 0 from savvycal.coverage where complete_as_of is null and product = $1", product
        ):
            await _run(harness)
            order += [
                row["window_name"]
                for row in await harness.rows(
                    "select window_name from savvycal.coverage where complete_as_of is not null and product = $1 "
                    "order by complete_as_of",
                    product,
                )
                if row["window_name"] not in order
            ]
        first, *_, last = order
        assert (first in {"near", "upcoming"}, last) == (True, "all")
        rows = await harness.rows("select distinct key from savvycal._work where 'watch' = any (reasons)")
        paths = [request.path for request in harness.world.requests]
        single = {last for path in paths if (last := path.rpartition("/")[2]).startswith(("event_", "appt_"))}
        assert await harness.value("select coalesce(sum(rows_superseded), 0) from savvycal.runs") == 0
        assert await harness.value("select count(*) from savvycal._work where 'confirm' = any (reasons)") == 0
        assert single <= {row["key"] for row in rows}


async def test_a_late_page_with_the_same_content_is_unchanged(harness: Harness) -> None:
    """Two scans over one list overtake each other at every page: nobody is read again for that."""
    keys = [WindowKey("default", Product.APPOINTMENTS, name) for name in ("upcoming", "all")]
    await harness.run_schedule()
    await asyncio.gather(*(run_scan(harness.context, key) for key in keys))
    assert await harness.value("select coalesce(sum(rows_superseded), 0) from savvycal.runs") == 0
    assert (
        await harness.value(
            "select count(*) from savvycal._work where job = 'object' and priority > 5 or 'confirm' = any (reasons)"
        )
        == 0
    )


async def test_a_scan_of_everything_vouches_for_the_windows_inside(harness: Harness) -> None:
    """They are complete as of its start, with the rows of their own range, and due again after their own interval."""
    await harness.scan(Product.MEETINGS)
    rows = {
        row["window_name"]: row
        for row in await harness.rows("select * from savvycal.coverage where product = 'meetings'")
    }
    assert {row["complete_as_of"] for row in rows.values()} == {rows["all"]["complete_as_of"]}
    assert rows["near"]["row_count"] + rows["month"]["row_count"] + rows["later"]["row_count"] > 0
    assert rows["near"]["row_count"] < rows["all"]["row_count"]
    assert not [key for key in await harness.open_scans() if key.product is Product.MEETINGS]


async def test_an_older_scan_takes_nothing_back(harness: Harness) -> None:
    """A window that was complete later than the containing scan began keeps its own time."""
    await harness.execute("update savvycal.coverage set complete_as_of = clock_timestamp() + interval '1 h'")
    before = await harness.value("select complete_as_of from savvycal.coverage where window_name = 'near'")
    await harness.scan(Product.MEETINGS)
    assert await harness.value("select complete_as_of from savvycal.coverage where window_name = 'near'") == before


def test_all_windows_have_a_place() -> None:
    """Priorities of one product differ, or neither would wait for the other."""
    for product in PRODUCTS:
        found = [window.priority for window in WINDOWS if window.product is product]
        assert len(set(found)) == len(found), Window

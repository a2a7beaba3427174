"""Pages that are too large, and lists that never end: what fits is stored, and nothing is read for ever."""

import re

import pytest

from tests.campaigns.worlds.scanning import scan_all
from tests.support.harness import running_harness
from tests.support.scanning import run_scan
from worker.core.kinds import PRODUCTS
from worker.core.model import Product
from worker.core.page_size import grown, smaller
from worker.savvycal.appointment_requests import FORM, cursor_of, place_of
from worker.savvycal.bodies import BODY_BYTES_MAX
from worker.store.scans import WindowKey
from worker.sync import iteration, requests, scan

LARGE = "x" * 100_000
"""Of one record; a page of 100 such records is more than twice as large as a body may be."""


def test_sizes_divide_each_other() -> None:
    """So that whole smaller pages make up a larger one."""
    for first in (100, 50, 25, 20, 7):
        sizes = [first]
        while size := smaller(sizes[-1]):
            assert sizes[-1] % size == 0
            sizes.append(size)
        assert sizes[-1] == 1
    assert smaller(1) is None


@pytest.mark.parametrize("usual", [100, 50, 20, 30, 7])
def test_pages_grow_again_without_leaving_their_places(usual: int) -> None:
    """From any offset: whole pages of the size that is taken fit before it, and a few lead to the usual size."""
    for first in range(3 * usual):
        offset, steps = first, 0
        while (size := grown(offset, usual)) < usual:
            assert offset % size == 0
            offset, steps = offset + size, steps + 1
        assert steps <= 12


@pytest.mark.parametrize("cursor", ["7", "7/50", "7/0", "1/1"])
def test_a_cursor_is_its_place(cursor: str) -> None:
    """Written and read it stays the same."""
    assert cursor_of(place_of(cursor, FORM)) == cursor


@pytest.mark.parametrize("product", PRODUCTS)
async def test_pages_that_are_too_large_are_asked_for_in_smaller_ones(mirrored_url: str, product: Product) -> None:
    """Everything arrives; the records behind them are read in pages of the usual size again."""
    async with running_harness(mirrored_url, events=250, appointments=250) as harness:
        kind = product.kind.value
        ids = sorted(harness.world.documents(kind), key=lambda one: str(harness.world.documents(kind)[one]["start_at"]))
        for one in ids[100:160]:
            document = harness.world.document(kind, one)
            change = {"description": LARGE} if kind == "event" else {"client": document["client"] | {"metadata": LARGE}}
            harness.world.put(kind, document | change)
        assert 60 * len(LARGE) > BODY_BYTES_MAX
        await harness.scan(product)
        stored = {row["id"] for row in await harness.rows(f"select id from savvycal.{kind}s")}
        assert stored == set(ids)
        sizes = [
            int(found[1]) for r in harness.world.requests if (found := re.search(r"(?:limit|page_size)=(\d+)", r.query))
        ]
        assert sizes[0] == sizes[-1] == 100
        assert 1 < min(sizes) < 100


async def test_a_list_that_never_ends_is_ended_as_suspect(mirrored_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a bound far above any list there is; the window keeps what it was complete as of, and is tried again."""
    monkeypatch.setattr(iteration, "ITERATION_PAGES_MAX", 3)
    monkeypatch.setattr(scan, "SLICE_SECONDS", 5)
    async with running_harness(mirrored_url, events=450, appointments=0) as harness:
        await requests.resync_all(harness.context, Product.MEETINGS, "default")
        await run_scan(harness.context, WindowKey("default", Product.MEETINGS, "all"))
        (run,) = await harness.rows("select result, error from savvycal.runs")
        assert run["result"] == "suspect"
        assert "does not end" in run["error"]
        assert await harness.value("select count(*) from savvycal.coverage where complete_as_of is not null") == 0
        assert await harness.value("select count(*) from savvycal._scans") == 0


@pytest.mark.parametrize("product", PRODUCTS)
async def test_a_large_page_that_cannot_be_smaller_accuses_no_record(mirrored_url: str, product: Product) -> None:
    """Sizes are refused, and nobody knows which record it is: the range is missing, nothing is in quarantine."""
    async with running_harness(mirrored_url, events=60, appointments=60, page_size_taken=False) as harness:
        kind = product.kind.value
        ids = sorted(harness.world.documents(kind), key=lambda one: str(harness.world.documents(kind)[one]["start_at"]))
        for one in ids[-3:]:
            document = harness.world.document(kind, one)
            harness.world.put(kind, document | {"url": "x" * (BODY_BYTES_MAX // 2)})
        await scan_all(harness)
        assert not await harness.rows("select id from savvycal.quarantine where id = any ($1)", ids[:-3])
        (run,) = await harness.rows(
            "select result from savvycal.runs where product = $1 order by id desc limit 1", product
        )
        assert run["result"] == "partial"

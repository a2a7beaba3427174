"""A page that SavvyCal never serves is no outage: all but what it cannot serve is stored, and the rest is named."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.harness import Harness, running_harness
from tests.support.listing import Listing
from tests.support.scanning import run_scan
from worker.core.kinds import PRODUCTS
from worker.core.missing import Missing
from worker.core.model import Product
from worker.core.windows import Bounds
from worker.errors import ServerFault, Unreachable, Untaken
from worker.savvycal.bodies import BODY_BYTES_MAX
from worker.savvycal.circuit_breaker import FAILURES_MAX
from worker.simulator import Fault
from worker.store.scans import WindowKey
from worker.sync import audit, loop, requests, scan

LARGE = "x" * (BODY_BYTES_MAX + 1)

ANYTHING = {"meetings": r"GET /meetings/v1/events\?", "appointments": r"GET /appointments/v1/appointments\?"}


def _start(document: dict[str, Any]) -> datetime:
    found = document["start_at"]
    return datetime.fromisoformat(found if isinstance(found, str) else found["utc"])


def _in_order(harness: Harness, product: Product) -> list[str]:
    documents = harness.world.documents(product.kind.value)
    return sorted(documents, key=lambda one: (_start(documents[one]), one))


def _poison(harness: Harness, product: Product, ids: Iterable[str], **more: Any) -> None:
    fault = Fault(kind="poison", match=ANYTHING[product], args={"ids": list(ids)} | more)
    harness.world.faults.append(fault)


async def scan_everything(harness: Harness, product: Product, most: int = 60) -> dict[str, Any]:
    """One scan of everything, with as many tries as it takes; its run."""
    key = WindowKey("default", product, "all")
    await requests.resync_all(harness.context, product, "default")
    for _ in range(most):
        harness.context.accounts["default"][
            product
        ].client.circuit._open_until = 0  # half a minute later, if it is open
        await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
        await run_scan(harness.context, key)
        if not await harness.value("select count(*) from savvycal._scans where product = $1", product):
            break
    (run,) = await harness.rows("select * from savvycal.runs order by id desc limit 1")
    return run


async def missing(harness: Harness, product: Product, window: str = "all") -> list[dict[str, Any]]:
    """What coverage says of a window."""
    found = await harness.value(
        "select missing from savvycal.coverage where (product, window_name) = ($1, $2)", product, window
    )
    return json.loads(found) if found else []


async def stored(harness: Harness, product: Product) -> set[str]:
    """Ids in the table."""
    return {
        row["id"] for row in await harness.rows(f"select id from savvycal.{product.kind}s where deleted_at is null")
    }


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("places", [[130], [0], [249], [60, 61], [20, 140], [3, 99, 100, 180]])
async def test_all_but_what_cannot_be_served_is_stored(mirrored_url: str, product: Product, places: list[int]) -> None:
    """Wherever it is: the run is partial, the range is named, and a list that has healed clears it."""
    async with running_harness(mirrored_url, events=250, appointments=250) as harness:
        ids = _in_order(harness, product)
        bad = {ids[place] for place in places}
        _poison(harness, product, bad)
        run = await scan_everything(harness, product)
        assert run["result"] == "partial", run["error"]
        assert await stored(harness, product) == set(ids) - bad
        ranges = await missing(harness, product)
        starts = {one: _start(harness.world.document(product.kind.value, one)) for one in ids}
        for one in bad:
            assert any(_holds(found, starts[one]) for found in ranges)
        assert sum(any(_holds(found, starts[one]) for found in ranges) for one in set(ids) - bad) <= 3 * len(bad) + 2
        assert "500" in ranges[0]["reason"]
        (health,) = await harness.rows("select windows_partial, missing from savvycal.health")
        assert health["windows_partial"] >= 1
        assert f"{product}/all" in health["missing"]
        assert not harness.context.accounts["default"][product].client.circuit.is_open

        harness.world.faults.clear()
        run = await scan_everything(harness, product)
        assert run["result"] == "ok"
        assert await stored(harness, product) == set(ids)
        assert not await missing(harness, product)


def _holds(found: dict[str, Any], start: datetime) -> bool:
    first, last = (datetime.fromisoformat(found[name]) if found[name] else None for name in ("first", "last"))
    return not (first and start < first) and not (last and start > last)


@pytest.mark.parametrize("product", PRODUCTS)
async def test_known_bad_pages_cost_a_few_requests(mirrored_url: str, product: Product) -> None:
    """The next scan tries the whole page first, and spends a bounded number of requests more."""
    async with running_harness(mirrored_url, events=250, appointments=250) as harness:
        _poison(harness, product, [_in_order(harness, product)[130]])
        await scan_everything(harness, product)
        harness.world.requests.clear()
        run = await scan_everything(harness, product)
        assert run["result"] == "partial"
        assert len(harness.world.requests) <= 3 + 60
        sizes = [re.search(r"(?:limit|page_size)=(\d+)", r.query) for r in harness.world.requests]
        assert next(size[1] for size in sizes if size) == "100"


@pytest.mark.parametrize("product", PRODUCTS)
async def test_what_is_stored_where_nothing_can_be_read_stays(mirrored_url: str, product: Product) -> None:
    """It is neither counted by the delete guard nor taken for deleted; a few are asked for by id."""
    async with running_harness(mirrored_url, events=250, appointments=250) as harness:
        await harness.scan(product)
        ids = _in_order(harness, product)
        _poison(harness, product, ids[100:160])
        run = await scan_everything(harness, product)
        assert run["result"] == "partial", run["error"]
        asked = await harness.value("select count(*) from savvycal._work where 'missing' = any (reasons)")
        assert 0 < asked <= 5
        await loop.work(harness.context)
        assert await stored(harness, product) == set(ids)


async def test_lists_that_do_not_answer_at_all_are_an_outage(mirrored_url: str) -> None:
    """Though the probe is answered: nothing is covered, nothing is partial, and when they are back all is read."""
    async with running_harness(mirrored_url, events=250, appointments=250) as harness:
        for product in PRODUCTS:
            fault = Fault(kind="status", match=ANYTHING[product], args={"status": 503})
            harness.world.faults.append(fault)
            key = WindowKey("default", product, "all")
            await requests.resync_all(harness.context, product, "default")
            for _ in range(12):
                await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
                await run_scan(harness.context, key)
            assert await harness.value("select count(*) from savvycal.coverage where complete_as_of is not null") == 0
            harness.world.faults.clear()
            run = await scan_everything(harness, product)
            assert run["result"] == "ok"
            assert len(await stored(harness, product)) == 250
            await harness.execute("update savvycal.coverage set complete_as_of = null")


async def test_a_record_larger_than_any_body_is_quarantined_and_its_list_goes_on(mirrored_url: str) -> None:
    """Under its id, which stands at the beginning of the body."""
    async with running_harness(mirrored_url, events=60, appointments=60) as harness:
        for product in PRODUCTS:
            kind = product.kind.value
            ids = _in_order(harness, product)
            document = harness.world.document(kind, ids[30])
            huge = "x" * 5_000_000
            change = {"description": huge} if kind == "event" else {"client": document["client"] | {"metadata": huge}}
            harness.world.put(kind, document | change)
            run = await scan_everything(harness, product)
            assert run["result"] == "partial"
            assert await stored(harness, product) == set(ids) - {ids[30]}
            (row,) = await harness.rows("select id, reason from savvycal.quarantine where kind = $1", kind)
            assert row["id"] == ids[30]
            assert "larger than 4 MiB" in row["reason"]


@pytest.mark.parametrize("size", [20, 30, 7])
async def test_offsets_are_right_where_fewer_records_are_granted(mirrored_url: str, size: int) -> None:
    """`page_size` is clamped by SavvyCal, and what is smaller than that is counted from the right place."""
    async with running_harness(mirrored_url, events=0, appointments=250, page_size_max=size) as harness:
        ids = _in_order(harness, Product.APPOINTMENTS)
        bad = {ids[249], ids[130]}
        _poison(harness, Product.APPOINTMENTS, bad)
        assert (await scan_everything(harness, Product.APPOINTMENTS))["result"] == "partial"
        assert await stored(harness, Product.APPOINTMENTS) == set(ids) - bad


async def test_cursors_that_lead_nowhere_lose_nothing(mirrored_url: str) -> None:
    """Each page but a first one fails for ever: ranges are halved until each fits on a page."""
    async with running_harness(mirrored_url, events=250, appointments=0) as harness:
        harness.world.faults.append(Fault(kind="status", match="after=", args={"status": 500}))
        run = await scan_everything(harness, Product.MEETINGS)
        assert run["result"] == "ok"
        assert len(await stored(harness, Product.MEETINGS)) == 250


@pytest.mark.parametrize("is_honoured", [False, True])
async def test_a_list_that_cannot_be_turned_is_split_by_date(mirrored_url: str, is_honoured: bool) -> None:
    """Where `direction` is ignored or refused, the days behind the bad page are read by themselves."""
    async with running_harness(mirrored_url, events=250, appointments=0, order_honoured=is_honoured) as harness:
        ids = _in_order(harness, Product.MEETINGS)
        days = {one: _start(harness.world.document("event", one)).date() for one in ids}
        _poison(harness, Product.MEETINGS, [ids[130]])
        if is_honoured:
            harness.world.faults.append(Fault(kind="status", match="direction=desc", args={"status": 422}))
        assert (await scan_everything(harness, Product.MEETINGS))["result"] == "partial"
        left = set(ids) - await stored(harness, Product.MEETINGS)
        assert ids[130] in left
        assert {days[one] for one in left} <= {days[ids[130]]}


@pytest.mark.parametrize("place", [0, 20, 39])
async def test_a_list_that_ignores_days_is_read_from_both_ends(mirrored_url: str, place: int) -> None:
    """Single days would bring the same bad page each time, and so would the probe of lists."""
    async with running_harness(mirrored_url, events=40, appointments=0, period_fixed="ignored") as harness:
        ids = _in_order(harness, Product.MEETINGS)
        _poison(harness, Product.MEETINGS, [ids[place]])
        await harness.run_schedule()
        for _ in range(20):
            await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
            for key in [each for each in await harness.open_scans() if each.product is Product.MEETINGS]:
                await run_scan(harness.context, key)
                harness.context.accounts["default"][Product.MEETINGS].client.circuit._open_until = 0
            await harness.run_schedule()
        assert await stored(harness, Product.MEETINGS) == set(ids) - {ids[place]}
        assert {each["result"] for each in await harness.rows("select result from savvycal.runs")} <= {"ok", "partial"}
        covered = await harness.rows(
            "select window_name from savvycal.coverage where product = 'meetings' and complete_as_of is null"
        )
        assert not covered
        assert len(harness.world.requests) < 400


async def test_an_audit_of_a_range_goes_around_bad_pages(mirrored_url: str) -> None:
    """What it cannot read is neither compared nor taken for too much."""
    async with running_harness(mirrored_url, events=250, appointments=0) as harness:
        await harness.scan(Product.MEETINGS)
        _poison(harness, Product.MEETINGS, [_in_order(harness, Product.MEETINGS)[130]])
        found = await audit.audit_range(
            harness.context, "default", Product.MEETINGS, Bounds(None, None), lambda _: None
        )
        assert not found.differing
        assert found.match >= 249


async def test_bad_pages_of_several_windows_do_not_open_the_circuit(mirrored_url: str) -> None:
    """A page that fails in each window at once, again and again, pauses nothing for good."""
    async with running_harness(mirrored_url, events=100, appointments=0) as harness:
        _poison(harness, Product.MEETINGS, _in_order(harness, Product.MEETINGS)[40:43])
        await harness.run_schedule()
        client = harness.context.accounts["default"][Product.MEETINGS].client
        for _ in range(40):
            await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
            for (window,) in [
                tuple(row.values()) for row in await harness.rows("select window_name from savvycal._scans")
            ]:
                await run_scan(harness.context, WindowKey("default", Product.MEETINGS, window))
            client.circuit._open_until = min(client.circuit._open_until, 0)  # half a minute later
        assert not client.circuit.is_open
        assert await harness.value("select count(*) from savvycal._scans where product = 'meetings'") == 0
        assert len(await stored(harness, Product.MEETINGS)) == 97


@pytest.mark.parametrize("product", PRODUCTS)
async def test_where_a_list_is_split_survives_restarts(
    mirrored_url: str, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step is stored with its place: time slices that hold hardly more than a step come to the same end."""
    monkeypatch.setattr(scan, "SLICE_SECONDS", 0.005)
    async with running_harness(mirrored_url, events=250, appointments=250) as harness:
        ids = _in_order(harness, product)
        _poison(harness, product, [ids[20], ids[140]])
        run = await scan_everything(harness, product, most=1500)
        assert run["result"] == "partial"
        assert await stored(harness, product) == set(ids) - {ids[20], ids[140]}


async def test_a_bad_page_may_hang_or_be_nonsense(mirrored_url: str) -> None:
    """Whatever it answers: what counts is that everything else is answered."""
    async with running_harness(mirrored_url, events=60, appointments=60) as harness:
        for product in PRODUCTS:
            ids = _in_order(harness, product)
            _poison(harness, product, [ids[30]], status=200, body="<html>")
            assert (await scan_everything(harness, product))["result"] == "partial"
            assert await stored(harness, product) == set(ids) - {ids[30]}
            harness.world.faults.clear()


async def test_an_outage_in_the_middle_of_a_split_makes_nothing_missing(mirrored_url: str) -> None:
    """SavvyCal goes down while a bad page is read around: the rest waits, and is read when it is back."""
    async with running_harness(mirrored_url, events=250, appointments=250) as harness:
        for product in PRODUCTS:
            ids = _in_order(harness, product)
            bad = ids[130]
            _poison(harness, product, [bad])
            harness.world.faults.append(Fault(kind="status", match="GET", skip=9, times=30, args={"status": 503}))
            run = await scan_everything(harness, product, most=200)
            assert run["result"] == "partial"
            assert await stored(harness, product) == set(ids) - {bad}
            harness.world.faults.clear()


async def test_a_bad_page_does_not_keep_an_open_circuit_open(harness: Harness) -> None:
    """The request that finds out whether SavvyCal is back is the probe, not the page that always fails."""
    endpoint = harness.context.accounts["default"][Product.MEETINGS]
    for _ in range(FAILURES_MAX):
        endpoint.client.circuit.note(Unreachable("away"))
    endpoint.client.circuit._open_until = 0  # half a minute later
    harness.world.faults.append(Fault(kind="status", match=ANYTHING["meetings"], args={"status": 500}))
    with pytest.raises(ServerFault):
        await endpoint.fetch_page(Bounds(None, None), None)
    endpoint.client.circuit.check()


@given(
    product=st.sampled_from(PRODUCTS),
    count=st.integers(1, 400),
    granted=st.sampled_from([100, 50, 30, 20, 7]),
    bad=st.sets(st.integers(0, 399), max_size=5),
    days=st.integers(1, 300),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=300)
def test_any_list_is_read_but_for_its_bad_records(
    product: Product, count: int, granted: int, bad: set[int], days: int, seed: int
) -> None:
    """Whatever is bad in it: what is not read is in a missing range, and of what starts at no bad moment nothing is
    left out.
    """
    listing = Listing(product, count, granted, bad, days, seed)
    seen, missing = listing.read()
    bad_days = {listing.starts[place].date() for place in listing.bad}
    for place in set(listing.starts) - seen:
        assert any(_is_in(found, listing.starts[place]) for found in missing)
        assert place in listing.bad or (product is Product.MEETINGS and listing.starts[place].date() in bad_days)
    assert bool(missing) == bool(listing.bad)
    on_day = Counter(start.date() for start in listing.starts.values())  # a day by itself is read record by record
    around = sum(140 + on_day[listing.starts[place].date()] for place in listing.bad)
    assert listing.request_count <= count // min(granted, 100) + 2 + around


def _is_in(found: Missing, start: datetime) -> bool:
    return not (found.first and start < found.first) and not (found.last and start > found.last)


@pytest.mark.parametrize("refused", [{"include_sensitive_taken": False}, {"order_taken": "none"}])
@pytest.mark.parametrize("is_large", [False, True])
async def test_a_refused_parameter_is_no_bad_page(mirrored_url: str, refused: dict[str, Any], is_large: bool) -> None:
    """Where the first page can be had in no form, the list is still asked for otherwise, then around what is bad."""
    product = Product.APPOINTMENTS
    async with running_harness(mirrored_url, events=0, appointments=60, **refused) as harness:
        ids = _in_order(harness, product)
        bad = {ids[0], ids[-1]}  # one is on the first page, whatever the order
        if is_large:
            for one in bad:
                harness.world.put("appointment", harness.world.document("appointment", one) | {"url": LARGE})
        else:
            _poison(harness, product, bad)
        await scan_everything(harness, product)
        assert await stored(harness, product) == set(ids) - bad
        assert "422" not in str(await missing(harness, product))


async def test_a_form_that_is_forgotten_is_searched_again(mirrored_url: str) -> None:
    """As after a restart amid smaller pages: their refusal says nothing of the records on them."""
    product = Product.APPOINTMENTS
    async with running_harness(mirrored_url, events=0, appointments=60, include_sensitive_taken=False) as harness:
        endpoint = harness.context.accounts["default"][product]
        page = await endpoint.fetch_page(Bounds(None, None), "2/5", 5)
        assert len(page.records) == 5
        assert endpoint.learned.form.sensitive == "none"
        harness.world.requests.clear()
        await endpoint.fetch_page(Bounds(None, None), "3/5", 5)
        assert len(harness.world.requests) == 1


async def test_lists_that_are_refused_in_every_form_are_no_bad_page(mirrored_url: str) -> None:
    """Nothing is missing where nothing could be asked for."""
    product = Product.APPOINTMENTS
    async with running_harness(mirrored_url, events=0, appointments=60) as harness:
        harness.world.faults.append(Fault(kind="status", match=ANYTHING[product], args={"status": 422}))
        with pytest.raises(Untaken):
            await harness.context.accounts["default"][product].fetch_page(Bounds(None, None), "2/5", 5)
        await scan_everything(harness, product, most=8)
        assert not await missing(harness, product)


@pytest.mark.parametrize("refused", [{"far_until": "reject"}, {"period_fixed": "refused"}])
async def test_bad_pages_of_a_list_that_is_asked_for_otherwise(mirrored_url: str, refused: dict[str, Any]) -> None:
    """Its parts are asked for in the form that is taken; where it knows no days, it is not asked for by days."""
    product = Product.MEETINGS
    async with running_harness(mirrored_url, events=60, appointments=0, order_taken="none", **refused) as harness:
        bad = _in_order(harness, product)[30]
        _poison(harness, product, [bad])
        await scan_everything(harness, product)
        form = harness.context.accounts["default"][product].learned.form
        assert form.period == ("all" if "period_fixed" in refused else "fixed")
        assert len(harness.world.requests) <= 200
        lost = set(_in_order(harness, product)) - await stored(harness, product)
        ranges = await missing(harness, product)
        starts = {one: _start(harness.world.document("event", one)) for one in lost}
        assert all(any(_holds(found, start) for found in ranges) for start in starts.values())
        days = {start.date() for start in starts.values()}
        assert form.period == "all" or days == {starts[bad].date()}  # nor can what stands behind it on its day be had

"""One account whose SavvyCal says nothing does not hold up another."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.harness import account_of, open_context, until
from tests.support.scanning import run_scan
from worker.core.model import Kind, Product
from worker.simulator import Options, Simulator
from worker.store.scans import WindowKey
from worker.sync import loop, requests, scan
from worker.sync.context import PAGES_MAX, SyncContext


@pytest.fixture
async def two(mirrored_url: str) -> AsyncIterator[SyncContext]:
    """Two accounts, `stuck` and `free`, of one SavvyCal."""
    async with Simulator(Options(events=300, appointments=0, lifecycle=False)) as simulator:
        accounts = [account_of(simulator, name) for name in ("stuck", "free")]
        async with open_context(mirrored_url, accounts) as context:
            yield context


async def test_scans_that_wait_for_an_answer_hold_up_no_other_account(
    two: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than there are places for pages: what waits for the rate limit or an answer takes none."""
    asked = 0

    async def waits(*_request: Any, **_named: Any) -> bytes:
        nonlocal asked
        asked += 1
        await asyncio.Event().wait()
        return b""

    for endpoint in two.accounts["stuck"].values():
        monkeypatch.setattr(endpoint.client, "fetch", waits)
    scans = []
    for number in range(PAGES_MAX + 4):
        first = f"2026-01-{number + 1:02}"
        await requests.resync_window(two, Product.MEETINGS, first, "2027-12-31", "stuck")
        key = WindowKey("stuck", Product.MEETINGS, f"{first}..2027-12-31")
        scans.append(asyncio.create_task(run_scan(two, key)))
    try:
        async with asyncio.timeout(30):
            while asked < PAGES_MAX:
                await asyncio.sleep(0.02)
            key = WindowKey("free", Product.MEETINGS, "all")
            await requests.resync_all(two, Product.MEETINGS, "free")
            await run_scan(two, key)
        async with two.db.connection() as connection:
            assert await connection.fetchval("select count(*) from savvycal.events where account = 'free'") == 300
    finally:
        for task in scans:
            task.cancel()
        await asyncio.gather(*scans, return_exceptions=True)


async def _waits(*_request: Any, **_named: Any) -> bytes:
    await asyncio.Event().wait()
    return b""


@pytest.fixture
async def hanging(two: SyncContext, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SyncContext]:
    """The same, all of `stuck` hanging: more ranges and more objects than a process has places."""
    for endpoint in two.accounts["stuck"].values():
        monkeypatch.setattr(endpoint.client, "fetch", _waits)
    for number in range(28):
        await requests.resync_window(two, Product.MEETINGS, f"2026-01-{number + 1:02}", "2027-12-31", "stuck")
    await requests.resync_objects(two, Kind.EVENT, [f"event_none_{number}" for number in range(80)], "stuck")
    tasks = [asyncio.create_task(job(two)) for job in (scan.work, loop.work)]
    leased = "select (select count(*) from savvycal._work where job = 'scan' and lease_token is not null) >= 10 and "
    leased += "(select count(*) from savvycal._work where job = 'object' and lease_token is not null) >= 16"

    async def is_stuck() -> bool:
        async with two.db.connection() as connection:
            return bool(await connection.fetchval(leased))

    await until(is_stuck, 30)
    yield two
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_an_account_that_hangs_leaves_the_places_of_the_others(hanging: SyncContext) -> None:
    """A scan and a read by id of the other account, claimed by the very runs that hold what hangs."""
    await requests.resync_all(hanging, Product.MEETINGS, "free")
    await scan.work(hanging)  # wakes the run that claims
    stored = "select id from savvycal.events where account = 'free' order by id limit 1"
    key = "(account, product, window_name) = ('free', 'meetings', 'all')"
    complete = f"select complete_as_of is not null from savvycal.coverage where {key}"

    async def ask(statement: str) -> Any:
        async with hanging.db.connection() as connection:
            return await connection.fetchval(statement)

    await until(lambda: ask(complete), 20)
    event = await ask(stored)
    await requests.resync_object(hanging, Kind.EVENT, event, "free")
    await loop.work(hanging)
    await until(lambda: ask("select count(*) = 0 from savvycal._work where account = 'free' and priority = 0"), 20)

"""One account whose SavvyCal says nothing does not hold up another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from tests.support.harness import EVERY, account_of
from worker import composition
from worker.core import cadence
from worker.core.model import Product
from worker.savvycal.rate_limit import RateLimits
from worker.simulator import Options, Simulator
from worker.store.database import Database
from worker.store.scans import WindowKey
from worker.sync import requests, scan, schedule
from worker.sync.context import PAGES_MAX, SyncContext


@pytest.fixture
async def two(mirrored_url: str) -> AsyncIterator[SyncContext]:
    """Two accounts, `stuck` and `free`, of one SavvyCal."""
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(Simulator(Options(events=300, appointments=0, lifecycle=False)))
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        db = await Database.connect(mirrored_url, pool_size=8)
        stack.push_async_callback(db.close)
        endpoints = {
            name: composition.endpoints_of(account_of(simulator), session, RateLimits(1_000_000))
            for name in ("stuck", "free")
        }
        context = SyncContext(db, endpoints, cadence.windows(EVERY, EVERY, EVERY, EVERY))
        await schedule.plan_windows(context)
        yield context


async def test_sweeps_that_wait_for_an_answer_hold_up_no_other_account(
    two: SyncContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than there are places for pages: what waits for a budget or an answer takes none."""
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
        scans.append(asyncio.create_task(scan.run_scan(two, key)))
    try:
        async with asyncio.timeout(30):
            while asked < PAGES_MAX:
                await asyncio.sleep(0.02)
            key = WindowKey("free", Product.MEETINGS, "all")
            await requests.resync_all(two, Product.MEETINGS, "free")
            await scan.run_scan(two, key)
        async with two.db.connection() as connection:
            assert await connection.fetchval("select count(*) from savvycal.events where account = 'free'") == 300
    finally:
        for task in scans:
            task.cancel()
        await asyncio.gather(*scans, return_exceptions=True)

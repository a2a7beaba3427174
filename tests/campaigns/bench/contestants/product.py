"""The mirror on its real path: one scan of a window, page by page, repeated until an iteration finds no changes."""

import time
from datetime import UTC, datetime

import aiohttp

from tests.support.scanning import open_scans, run_scan
from worker import composition, daemon, logs, settings, startup
from worker.core import windows
from worker.core.model import Product
from worker.savvycal.rate_limit import RateLimits
from worker.settings import Settings
from worker.store import scans
from worker.store.database import Database
from worker.store.scans import WindowKey
from worker.sync.context import SyncContext
from worker.sync.schedule import plan_windows

RATE_LIMIT = "100000"
"""Requests a minute: far above what is needed, so that the rate limit is not what is measured."""


def given(api_url: str, database_url: str) -> Settings:
    """Settings of a daemon that asks the benchmark's server."""
    return settings.load(
        {
            "DATABASE_URL": database_url,
            "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_bench",
            "SAVVYCAL_MEETINGS_URL": api_url,
            "SAVVYCAL_APPOINTMENTS_TOKEN": "sk_bench",
            "SAVVYCAL_APPOINTMENTS_URL": api_url,
            "SAVVYCAL_REQUESTS_PER_MINUTE": RATE_LIMIT,
        }
    )


async def run(phase: str, api_url: str, database_url: str) -> dict[str, float]:
    """`phase` is `<step>/<product>/<window>/<account>,<account>...`.

    Step `scan` requests a scan and runs it, `open` only requests it, and `work` runs requested scans that no other
    process has claimed, as each of several workers does.
    """
    logs.configure("error")
    daemon.spare_the_collector()
    step, product, window_name, names = phase.split("/")
    db = await startup.connect(database_url, lambda _line: None)
    async with aiohttp.ClientSession() as session:
        context = build_context(given(api_url, database_url), db, session, names.split(","))
        await plan_windows(context)
        await _warm(db)
        began = time.monotonic()
        if step != "work":
            for name in context.accounts:
                await request_scan(context, WindowKey(name, Product(product), window_name))
        while step != "open" and (key := await next_key(context)):
            await run_scan(context, key)
        ended = time.monotonic()
        clients = {id(e.client): e.client for found in context.accounts.values() for e in found.values()}
        requests = sum(client.request_count for client in clients.values())
    await db.close()
    return {"seconds": ended - began, "began": began, "ended": ended, "requests": requests}


async def _warm(db: Database) -> None:
    """Opens the connections that a running daemon has."""
    async with db.connection(), db.connection(), db.connection():
        pass


def build_context(chosen: Settings, db: Database, session: aiohttp.ClientSession, names: list[str]) -> SyncContext:
    """The daemon's composition, for accounts that all ask the same server."""
    account = settings.accounts(chosen, {})[0]
    endpoints = {n: composition.endpoints_of(account, session, RateLimits(chosen.requests_per_minute)) for n in names}
    return composition.build_context(db, endpoints, chosen)


async def request_scan(context: SyncContext, key: WindowKey) -> None:
    """What the schedule does when a window is due."""
    window = context.window(key.product, key.window_name)
    assert window
    async with context.db.transaction() as connection:
        bounds = windows.bounds(window, datetime.now(UTC))
        await scans.open_scan(connection, key, "poll", window.priority, bounds)


async def next_key(context: SyncContext) -> WindowKey | None:
    """The next scan to work on for a time slice."""
    keys = await open_scans(context)
    return keys[0] if keys else None

"""The mirror on its real path: one pass of the window `all`, page by page, walked until a walk brings no news."""

import time
from datetime import UTC, datetime

import aiohttp

from worker import accounts, daemon, settings, telemetry
from worker.core import cadence
from worker.core.model import Product
from worker.savvycal.budget import Budget
from worker.settings import Settings
from worker.store import passes
from worker.store.database import Database
from worker.store.passes import WindowKey
from worker.sync.mirror import Mirror
from worker.sync.poll import poll
from worker.sync.tick import plan_windows

BUDGET = "100000"
"""Requests a minute: the budget is opened wide, or nothing else would be measured."""


def given(api_url: str, database_url: str) -> Settings:
    """Settings of a daemon that asks the benchmark's server."""
    return settings.load(
        {
            "DATABASE_URL": database_url,
            "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_bench",
            "SAVVYCAL_MEETINGS_URL": api_url,
            "SAVVYCAL_APPOINTMENTS_TOKEN": "sk_bench",
            "SAVVYCAL_APPOINTMENTS_URL": api_url,
            "SAVVYCAL_REQUESTS_PER_MINUTE": BUDGET,
        }
    )


async def run(phase: str, api_url: str, database_url: str) -> dict[str, float]:
    """`<step>/<product>/<window>/<account>,<account>...`: `sweep` asks for a pass and makes it, `open` only asks,
    `work` makes what was asked for and nobody else has, as each of several workers does.
    """
    telemetry.configure("error")
    daemon.spare_the_collector()
    step, product, window_name, names = phase.split("/")
    db = await daemon.connect(database_url, lambda _line: None)
    async with aiohttp.ClientSession() as session:
        mirror = build_mirror(given(api_url, database_url), db, session, names.split(","))
        await plan_windows(mirror)
        await _warm(db)
        began = time.monotonic()
        if step != "work":
            for name in mirror.accounts:
                await ask_for_pass(mirror, WindowKey(name, Product(product), window_name))
        while step != "open" and (key := await next_key(mirror)):
            await poll(mirror, key)
        ended = time.monotonic()
        clients = {id(e.client): e.client for found in mirror.accounts.values() for e in found.values()}
        requests = sum(client.request_count for client in clients.values())
    await db.close()
    return {"seconds": ended - began, "began": began, "ended": ended, "requests": requests}


async def _warm(db: Database) -> None:
    """Opens the connections that a running daemon has."""
    async with db.connection(), db.connection(), db.connection():
        pass


def build_mirror(chosen: Settings, db: Database, session: aiohttp.ClientSession, names: list[str]) -> Mirror:
    """The daemon's composition, for accounts that all ask the same server."""
    account = settings.accounts(chosen, {})[0]
    endpoints = {n: accounts.endpoints_of(account, session, Budget(chosen.requests_per_minute)) for n in names}
    return Mirror(db, endpoints, cadence.windows(*chosen.every()))


async def ask_for_pass(mirror: Mirror, key: WindowKey) -> None:
    """What the tick does when a window is due."""
    window = mirror.window(key.product, key.window_name)
    assert window
    async with mirror.db.transaction() as connection:
        bounds = cadence.bounds(window, datetime.now(UTC))
        await passes.open_pass(connection, key, "poll", window.priority, bounds)


async def next_key(mirror: Mirror) -> WindowKey | None:
    """The next pass to work on for a time slice."""
    async with mirror.db.connection() as connection:
        keys = await passes.claimable(connection, mirror.askable())
    return keys[0] if keys else None

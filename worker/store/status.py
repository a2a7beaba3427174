"""The contents of the status report: what is synced, how fresh it is, and recent failures. Read only."""

from typing import Any

from worker.store import accounts, vault
from worker.store.database import Connection
from worker.store.queries import load

SQL = load("status")

Report = dict[str, Any]
"""Plain data for JSON: accounts, counts, windows, scans, work, webhooks, failed runs, quarantine, drift, secrets."""


async def report(connection: Connection) -> Report:
    """Everything `savvycal-sync status` shows."""
    return {
        "accounts": await accounts.load_rows(connection),
        "counts": await _rows(connection, "counts"),
        "windows": await _rows(connection, "windows"),
        "scans": await _rows(connection, "scans"),
        "work": await work(connection),
        "webhooks": await webhooks(connection),
        "recent_problems": await _rows(connection, "recent_problems"),
        "quarantine": {
            "open": await connection.fetchval(SQL["quarantined_count"]),
            "latest": await _rows(connection, "quarantined"),
        },
        "drift": await _rows(connection, "drift"),
        "secrets": await vault.summary(connection),
    }


async def work(connection: Connection) -> Report:
    """Counts of pending work on single objects."""
    return dict(await connection.fetchrow(SQL["work"]) or {})


async def webhooks(connection: Connection) -> list[Report]:
    """The last day's webhooks of each product, and how many changes none of them announced."""
    return await _rows(connection, "webhooks")


async def live(connection: Connection) -> Report:
    """The figures of the live line, the newest transition, and the progress of the longest scan."""
    figures = dict(await connection.fetchrow(SQL["live"]) or {})
    for name in ("last_transition", "progress"):
        row = await connection.fetchrow(SQL[name])
        figures[name] = dict(row) if row else None
    return figures


async def _rows(connection: Connection, name: str) -> list[Report]:
    return [dict(row) for row in await connection.fetch(SQL[name])]

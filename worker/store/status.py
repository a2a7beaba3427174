"""What people want to know: what is synced, how fresh it is, what failed last. Read only."""

from typing import Any

from worker.store.database import Connection
from worker.store.queries import load

SQL = load("status")

Report = dict[str, Any]
"""Plain data, ready for JSON: counts, windows, passes, work, troubles, quarantine, drift."""


async def report(connection: Connection) -> Report:
    """Everything `savvycal-sync status` shows."""
    work = await connection.fetchrow(SQL["work"])
    return {
        "counts": await _rows(connection, "counts"),
        "windows": await _rows(connection, "windows"),
        "passes": await _rows(connection, "passes"),
        "work": dict(work) if work else {},
        "troubles": await _rows(connection, "troubles"),
        "quarantine": {
            "open": await connection.fetchval(SQL["quarantined_count"]),
            "latest": await _rows(connection, "quarantined"),
        },
        "drift": await _rows(connection, "drift"),
    }


async def live(connection: Connection) -> Report:
    """The figures of the live line, and the newest transition."""
    figures, newest = await connection.fetchrow(SQL["live"]), await connection.fetchrow(SQL["last_transition"])
    return dict(figures or {}) | {"newest": dict(newest) if newest else None}


async def _rows(connection: Connection, name: str) -> list[Report]:
    return [dict(row) for row in await connection.fetch(SQL[name])]

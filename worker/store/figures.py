"""Figures for the metrics, each with its own interval: expensive ones are read less often."""

from collections.abc import Sequence
from typing import Any

from worker.core.kinds import KINDS
from worker.store import status
from worker.store.database import Connection
from worker.store.queries import load

SQL = load("figures")

PACES = {
    "work": 15.0,
    "changes": 5.0,
    "runs": 30.0,
    "versions": 30.0,
    "stuck": 60.0,
    "credentials": 60.0,
    "webhooks": 60.0,
    "drift": 600.0,
}
"""Seconds between two readings of each figure."""

Rows = list[dict[str, Any]]


async def read(connection: Connection, name: str, accounts: Sequence[str]) -> Rows:
    """The rows of one figure."""
    if name == "webhooks":
        return await status.webhooks(connection)
    arguments = (list(accounts), list(KINDS)) if name == "versions" else ()
    return [dict(row) for row in await connection.fetch(SQL[name], *arguments)]

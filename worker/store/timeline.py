"""The timeline of one object, as the SQL function `timeline` gives it."""

from typing import Any

from worker.store import queries
from worker.store.database import Connection

SQL = queries.load("timeline")


async def load(connection: Connection, kind: str, object_id: str, account: str) -> list[dict[str, Any]]:
    """Its rows in order: at, what, version, status, via, fields, detail. Empty for an object that was never seen."""
    return [dict(row) for row in await connection.fetch(SQL["timeline"], kind, object_id, account)]

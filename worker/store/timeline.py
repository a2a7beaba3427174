"""The timeline of one object, as returned by the SQL function `timeline`."""

from typing import Any

from worker.store import queries
from worker.store.database import Connection

SQL = queries.load("timeline")


async def load(connection: Connection, kind: str, object_id: str, account: str) -> list[dict[str, Any]]:
    """Rows in order: at, what, version, status, via, fields, detail. Empty for an object that was never observed."""
    return [dict(row) for row in await connection.fetch(SQL["timeline"], kind, object_id, account)]

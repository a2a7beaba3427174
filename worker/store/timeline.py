"""The timeline of one object, as returned by the SQL function `timeline`: for pages, commands and the HTTP API."""

from typing import Any

import asyncpg

from worker.store import queries
from worker.store.database import Connection

SQL = queries.load("timeline")


async def load(
    connection: Connection, kind: str, object_id: str, account: str, limit: int | None = None
) -> list[dict[str, Any]]:
    """Rows in order: at, what, version, status, via, fields, detail; what is planned is last. `limit` keeps the last.

    Empty for an object that was never observed, and for an account that is not mirrored here.
    """
    try:
        rows = await connection.fetch(SQL["timeline"], kind, object_id, account, limit)
    except asyncpg.InvalidParameterValueError:
        return []
    return [dict(row) for row in rows]

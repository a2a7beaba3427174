"""A plain COPY of the rows the mirror wrote, into the same tables with the same indexes: the limit of writing.

`rows` encodes Python values as the mirror has to, `encoded` sends bytes that Postgres itself gave out before.
"""

import time
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from worker import startup
from worker.store.database import Connection

CHUNK = 20_000

"""Of the change feed: columns that Postgres fills in."""


async def run(phase: str, _api_url: str, database_url: str) -> dict[str, float]:
    """`rows` or `encoded`; the rows come from the mirror's own database beside this one."""
    db = await startup.connect(database_url, lambda _line: None)
    source = await asyncpg.connect(urlunsplit(urlsplit(database_url)._replace(path="/bench_product")))
    # jsonb leads with a version byte, which the codec of the pool writes again
    for name, head_bytes in (("jsonb", 1), ("json", 0)):
        await source.set_type_codec(
            name, schema="pg_catalog", format="binary", encoder=bytes, decoder=_after(head_bytes)
        )
    seconds = 0.0
    async with db.transaction() as connection:
        for table, columns in (await _tables(source)).items():
            copy = _copy_rows if phase == "rows" else _copy_encoded
            seconds += await copy(source, connection, table, columns)
        began = time.monotonic()
    ended = time.monotonic()
    await source.close()
    await db.close()
    return {"seconds": seconds + ended - began}


async def _tables(source: "asyncpg.Connection[asyncpg.Record]") -> dict[str, list[str]]:
    rows = await source.fetch(
        "select table_name, array_agg(column_name::text order by ordinal_position) as columns "
        "from information_schema.columns join information_schema.tables using (table_schema, table_name) "
        "where table_schema = 'savvycal' and table_type = 'BASE TABLE' and table_name in "
        "('events', 'event_attendees', 'event_answers', 'meetings', 'snapshots', 'transitions', 'changes') group by 1"
    )
    return {row["table_name"]: row["columns"] for row in rows}


async def _copy_rows(
    source: "asyncpg.Connection[asyncpg.Record]", connection: Connection, table: str, columns: list[str]
) -> float:
    seconds = 0.0
    async with source.transaction():
        cursor = await source.cursor(f"select {', '.join(columns)} from savvycal.{table}")
        while rows := [tuple(row) for row in await cursor.fetch(CHUNK)]:
            began = time.monotonic()
            await connection.copy_records_to_table(table, schema_name="savvycal", columns=columns, records=rows)
            seconds += time.monotonic() - began
    return seconds


async def _copy_encoded(
    source: "asyncpg.Connection[asyncpg.Record]", connection: Connection, table: str, columns: list[str]
) -> float:
    parts: list[bytes] = []

    async def keep(part: bytes) -> None:
        parts.append(part)

    await source.copy_from_table(table, schema_name="savvycal", columns=columns, output=keep, format="binary")

    async def replay() -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    began = time.monotonic()
    await connection.copy_to_table(table, schema_name="savvycal", columns=columns, source=replay(), format="binary")
    return time.monotonic() - began


def _after(head_bytes: int) -> Callable[[bytes], bytes]:
    return lambda value: bytes(value[head_bytes:])

"""Where a secret could surface: each sink as bytes. People are searched for everywhere but in tables and files."""

from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from redis.asyncio import Redis

from tests.campaigns.leaks.canaries import Canaries

TABLES = frozenset({"tables", "readings", "bookings page", "quarantine", "data directory"})
"""Sinks that may hold people."""


READ = {
    b"string": ("GET",),
    b"list": ("LRANGE", 0, -1),
    b"set": ("SMEMBERS",),
    b"hash": ("HGETALL",),
    b"zset": ("ZRANGE", 0, -1),
    b"stream": ("XRANGE", "-", "+"),
    b"none": ("GET",),  # it lapsed meanwhile
}
"""How each type is read. DUMP would read all of them, but it compresses, and a canary cut into pieces is not found."""


@dataclass
class Sinks:
    """What was collected, by name."""

    parts: dict[str, list[bytes]] = field(default_factory=dict)

    def add(self, name: str, text: str | bytes) -> None:
        """More of a sink."""
        self.parts.setdefault(name, []).append(text.encode() if isinstance(text, str) else text)

    def text(self, name: str) -> bytes:
        """All of a sink."""
        return b"\n".join(self.parts.get(name, []))

    def leaks(self, canaries: Canaries) -> dict[str, list[str]]:
        """Canaries by the sink they were found in."""
        found = {name: canaries.found_in(self.text(name), name not in TABLES) for name in self.parts}
        return {name: names for name, names in found.items() if names}


async def collect_tables(sinks: Sinks, database_url: str) -> None:
    """Every table of the schema, the sealed columns included (they are ciphertext)."""
    connection = await asyncpg.connect(database_url)
    try:
        names = await connection.fetch("select tablename from pg_tables where schemaname = 'savvycal'")
        for name in (row["tablename"] for row in names):
            rows = await connection.fetch(f'select t::text as line from savvycal."{name}" t')
            text = "\n".join(row["line"] for row in rows)
            sinks.add("quarantine" if name == "quarantine" else "tables", text)
    finally:
        await connection.close()


async def collect_readings(sinks: Sinks, database_url: str) -> None:
    """Every view, and what the functions for readers answer about each stored version."""
    connection = await asyncpg.connect(database_url)
    try:
        views = await connection.fetch("select viewname as name from pg_views where schemaname = 'savvycal'")
        readings = {view["name"]: f'select v::text as line from savvycal."{view["name"]}" v' for view in views}
        for name, arguments in READING.items():
            readings[name] = f"select f::text as line from savvycal.snapshots s, savvycal.{name}({arguments}) f"
        for name, query in readings.items():
            lines = [row["line"] or "" for row in await connection.fetch(query)]
            sinks.add("public readings" if name.endswith("_public") else "readings", "\n".join(lines))
    finally:
        await connection.close()


READING = {
    "timeline": "s.kind, s.id, s.account",
    "timeline_public": "s.kind, s.id, s.account",
    "as_of": "s.kind, s.id, now(), s.account",
    "diff": "s.kind, s.id, 1, s.version, s.account",
}
"""Functions that tell about one object, with their arguments from a stored version."""


async def collect_activity(sinks: Sinks, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """What other sessions can see of ours, and the statements Postgres remembers, where it does."""
    rows = await connection.fetch("select a::text as line from pg_stat_activity a where pid <> pg_backend_pid()")
    sinks.add("pg_stat_activity", "\n".join(row["line"] for row in rows))
    if await connection.fetchval("select true from pg_extension where extname = 'pg_stat_statements'"):
        rows = await connection.fetch("select query as line from pg_stat_statements")
        sinks.add("pg_stat_statements", "\n".join(row["line"] for row in rows))


async def collect_redis(sinks: Sinks, redis_url: str) -> None:
    """Every key with its value, whatever its type, and what the server remembers of slow commands and clients."""
    async with Redis.from_url(redis_url) as redis:
        async for key in redis.scan_iter():
            sinks.add("redis", key)
            command, *arguments = READ[await redis.type(key)]
            sinks.add("redis", repr(await redis.execute_command(command, key, *arguments)))
        sinks.add("redis", repr(await redis.execute_command("SLOWLOG", "GET", "1000")))
        sinks.add("redis", repr(await redis.client_list()))
        await redis.connection_pool.disconnect()


def collect_process(sinks: Sinks, pid: int) -> None:
    """What every user of the machine, or its own user, can read of a running process."""
    for name in ("cmdline", "environ"):
        path = Path(f"/proc/{pid}/{name}")
        if path.exists():
            sinks.add("process", path.read_bytes())


def collect_files(sinks: Sinks, directory: Path) -> None:
    """Data files and write-ahead log of Postgres, raw."""
    for path in sorted(found for part in ("base", "pg_wal") for found in (directory / part).rglob("*")):
        if path.is_file():
            sinks.add("data directory", path.read_bytes())

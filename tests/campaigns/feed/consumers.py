"""The consumers of docs/change-feed.md as programs: each is what its page shows, and runs until it is killed."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import asyncpg
import psycopg

PAGE = (Path(__file__).parents[3] / "docs" / "change-feed.md").read_text("utf-8")


def block(language: str) -> str:
    """The block of the page in one language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


*TABLES, STEP = [part for part in block("sql").split(";") if part.strip()]


async def _apply(target: Any, change: Any) -> None:
    await target.execute(
        "insert into crm_bookings values ($1, $2, $3, $4) on conflict (kind, id) do update "
        "set version = excluded.version, is_deleted = excluded.is_deleted",
        *(change.kind, change.id, change.version, change.change == "deleted"),
    )
    await target.execute("insert into crm_seen values ($1)", change.cursor)  # twice would fail


NAMES: dict[str, Any] = {}
exec(block("py"), NAMES)


async def _in_python(source: Any, target: Any) -> None:
    await NAMES["consume"](source, target, _apply)


async def _in_sql(_source: Any, target: Any) -> None:
    while True:
        await target.execute(STEP)
        await asyncio.sleep(0.01)


async def _psycopg(url: str) -> Any:
    return await psycopg.AsyncConnection.connect(url, autocommit=True)


CONSUMERS: dict[str, tuple[Callable[[str], Awaitable[Any]], Callable[[Any, Any], Awaitable[None]]]] = {
    "asyncpg": (asyncpg.connect, _in_python),
    "psycopg": (_psycopg, _in_python),
    "sql": (asyncpg.connect, _in_sql),
}
"""How each connects to what it reads, and how it consumes."""


def main(name: str, url: str, connected: Event) -> None:
    """Runs one of them, in a process of its own; sets the event when its time begins."""

    async def run() -> None:
        connect, consume = CONSUMERS[name]
        source, target = await connect(url), await asyncpg.connect(url)
        connected.set()
        await consume(source, target)

    asyncio.run(run())

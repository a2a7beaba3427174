"""The consumers of docs/change-feed.md, killed at random moments: in the end they have what the tables have."""

import asyncio
import contextlib
import os
import random
import re
from typing import Any

import asyncpg
import pytest

from tests.support.docs_generated import ROOT
from tests.support.harness import Harness
from worker.core.model import Kind, Product

KILLS = int(os.environ.get("FEED_KILLS", "15"))
"""Of each consumer; a campaign takes more (FEED_KILLS=500)."""

PAGE = (ROOT / "docs" / "change-feed.md").read_text("utf-8")


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


*TABLES, STEP = [part for part in _block("sql").split(";") if part.strip()]


async def python_consumer(url: str) -> None:
    """That of the page, over two connections."""
    names: dict[str, Any] = {"asyncio": asyncio, "contextlib": contextlib}
    exec(_block("py"), names)

    async def apply(target: Any, row: Any) -> None:
        await target.execute(
            "insert into crm_bookings values ($1, $2, $3, $4) on conflict (kind, id) do update "
            "set version = excluded.version, is_deleted = excluded.is_deleted",
            *(row["kind"], row["id"], row["version"], row["change"] == "deleted"),
        )
        await target.execute("insert into crm_seen values ($1)", row["cursor"])

    source, target = await asyncpg.connect(url), await asyncpg.connect(url)
    try:
        await names["follow"](source, target, apply)
    finally:
        source.terminate()
        target.terminate()


async def sql_consumer(url: str) -> None:
    """That of the page, again and again."""
    connection = await asyncpg.connect(url)
    try:
        while True:
            await connection.execute(STEP)
            await asyncio.sleep(0.01)
    finally:
        connection.terminate()


async def differing(harness: Harness) -> list[Any]:
    return await harness.rows(
        "select id from public.crm_bookings b full join (select kind, id, version, change = 'deleted' as is_deleted "
        "from savvycal.feed_snapshot()) s using (kind, id, version, is_deleted) where b.kind is null or s.kind is null"
    )


@pytest.mark.parametrize("consumer", [python_consumer, sql_consumer])
async def test_a_consumer_that_is_killed_at_any_moment_has_what_the_tables_have(
    harness: Harness, mirrored_url: str, consumer: Any
) -> None:
    """Nothing is lost, nothing is applied twice, whatever the moment."""
    chance = random.Random(18)
    async with harness.db.connection() as connection:
        await connection.execute("set search_path = public")
        for statement in (*TABLES, "create table crm_seen (cursor text primary key)"):
            await connection.execute(statement)
        await connection.execute("reset search_path")
    await harness.scan(Product.MEETINGS)
    events = list(harness.world.documents("event"))
    for kill in range(KILLS):
        running = asyncio.create_task(consumer(mirrored_url))
        if kill % 5 == 4 and len(events) > 3:
            gone = events.pop()
            harness.world.delete("event", gone)
            await harness.reconcile(Kind.EVENT, gone)
            await harness.advance_a_minute()
            await harness.work_as_if_due()
        for _ in range(3):
            harness.world.edit_event(one := chance.choice(events), summary=f"{kill} {chance.random()}")
            await harness.reconcile(Kind.EVENT, one)
        await asyncio.sleep(chance.random() * 0.05)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    last = asyncio.create_task(consumer(mirrored_url))
    async with asyncio.timeout(30):
        while await differing(harness):
            assert not last.done(), last
            await asyncio.sleep(0.02)
    last.cancel()
    await asyncio.gather(last, return_exceptions=True)

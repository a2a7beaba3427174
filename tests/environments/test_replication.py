"""What docs/integrations.md tells about replicas and dumps, on real servers of the system's packages."""

import asyncio
import contextlib
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

import savvycal_sync
from tests.environments.clusters import Cluster, cluster, run, standby
from tests.support.docs_blocks import statements
from tests.support.docs_generated import ROOT
from tests.support.harness import Harness, running_harness, until
from worker.core.model import Kind
from worker.embedded.programs import find_postgres
from worker.store import schema
from worker.store.database import Database

IS_COPIED = "select count(*) > 0 and bool_and(srsubstate = 'r') from pg_subscription_rel"

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def primary() -> Iterator[Cluster]:
    """A server whose database holds the schema."""
    with cluster() as found:
        asyncio.run(_apply(found.url))
        yield found


async def _apply(url: str) -> None:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
        await schema.apply_roles(connection)
    await db.close()


@asynccontextmanager
async def connected(server: Cluster) -> AsyncIterator[Any]:
    """A connection of a reader."""
    connection = await asyncpg.connect(server.url)
    try:
        yield connection
    finally:
        await connection.close()


async def changed(harness: Harness, summary: str) -> None:
    """A change that the mirror has seen."""
    event = next(iter(harness.world.documents("event")))
    harness.world.edit_event(event, summary=summary)
    await harness.reconcile(Kind.EVENT, event)


@pytest.mark.servers
async def test_a_hot_standby_reads_everything_but_takes_no_requests(primary: Cluster) -> None:
    """The feed with its cursors, the views, and waiting: nothing there writes."""
    async with running_harness(primary.url) as harness:
        await harness.scan()
        with standby(primary) as replica:
            async with connected(replica) as reader:
                cursor = (await savvycal_sync.snapshot(database=reader))[0].cursor
                waiting = asyncio.create_task(savvycal_sync.changes(cursor, database=reader, wait=30))
                await changed(harness, "on the primary")
                (row,) = await waiting
                assert (row.kind, row.change) == ("event", "updated")
                ticket = await harness.value("select savvycal.request_resync('event', $1)", row.id)
                await harness.work_as_if_due()
                await until(lambda: _is_answered(reader, ticket))
                assert (await savvycal_sync.wait(ticket, database=reader)).result == "unchanged"
                for statement in statements("integrations.md", "Hot standby"):
                    await reader.fetch(statement)
                with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
                    await savvycal_sync.resync(row.id, database=reader)


async def _is_answered(reader: Any, ticket: str) -> bool:
    with contextlib.suppress(asyncpg.PostgresError):
        return bool(await reader.fetchval("select result from savvycal.ticket_result($1)", ticket))
    return False


@pytest.mark.servers
async def test_logical_replication_carries_the_feed(primary: Cluster) -> None:
    """A subscriber has the same rows, and the same feed with cursors of the publisher."""
    publication, slot, subscription = statements("integrations.md", "Logical replication")
    with cluster() as subscriber:
        run("psql", "-qX", "-v", "ON_ERROR_STOP=1", subscriber.url, stdin=_roles())
        dumped = run("pg_dump", "-s", "-n", "savvycal", primary.url)
        run("psql", "-qX", "-v", "ON_ERROR_STOP=1", subscriber.url, stdin=dumped)
        async with running_harness(primary.url) as harness, connected(subscriber) as reader:
            await harness.scan()
            await harness.execute(publication)
            await harness.execute(slot)
            await reader.execute(subscription.replace("host=primary dbname=savvycal user=replicator", primary.conninfo))
            await until(lambda: reader.fetchval(IS_COPIED))
            await changed(harness, "for the subscriber")
            everything = "select * from savvycal.changes_since('')"
            expected = await harness.rows(everything)
            await until(lambda: _has(reader, everything, len(expected)))
            assert [dict(row) for row in await reader.fetch(everything)] == expected
            assert (
                await reader.fetchval("select count(*) from savvycal.events where summary = 'for the subscriber'") == 1
            )
            (row,) = await savvycal_sync.changes(expected[-2]["cursor"], database=reader)
            assert row.cursor == expected[-1]["cursor"]
            await reader.execute("drop subscription savvycal")
            await harness.execute("drop publication savvycal")


async def _has(reader: Any, statement: str, count: int) -> bool:
    return len(await reader.fetch(statement)) == count


def _roles() -> str:
    names = ("worker", "reader", "pii_reader", "secret_reader")
    return "".join(f"create role savvycal_{name} nologin;\n" for name in names)


@pytest.mark.servers
async def test_a_dump_continues_the_feed(primary: Cluster) -> None:
    """A cursor of the old server is good up to the dump; one that is later is refused."""
    async with running_harness(primary.url) as harness:
        await harness.scan()
        dumped = run("pg_dump", "-n", "savvycal", primary.url)
        before = await harness.value("select savvycal.feed_cursor()")
        await changed(harness, "after the dump")
        after = await harness.value("select savvycal.feed_cursor()")
    with cluster() as restored:
        run("psql", "-qX", "-v", "ON_ERROR_STOP=1", restored.url, stdin=_roles() + dumped)
        await _apply(restored.url)
        async with running_harness(restored.url) as harness, connected(restored) as reader:
            assert await savvycal_sync.changes(before, database=reader) == []
            await harness.scan()
            (*_, row) = await savvycal_sync.changes(before, database=reader)
            assert row.cursor > before
            with pytest.raises(savvycal_sync.CursorRefused, match="ahead of what this server has"):
                await savvycal_sync.changes(after, database=reader)


@pytest.mark.servers
@pytest.mark.skipif("TEST_DATABASE_SERVER_URL" in os.environ, reason="another server than the embedded one")
async def test_a_dump_of_the_embedded_server_restores_into_an_older_one(mirrored_url: str) -> None:
    """With the filter of docs/operations.md no statement is refused, and each row is there."""
    async with running_harness(mirrored_url) as harness:
        await harness.scan()
        count = await harness.value("select count(*) from savvycal.changes")
    with cluster() as restored:
        dumped = _filtered(_dumped_by_the_embedded(mirrored_url))
        run("psql", "-qX", "--single-transaction", "-v", "ON_ERROR_STOP=1", restored.url, stdin=dumped)
        await _apply(restored.url)
        async with connected(restored) as reader:
            assert await reader.fetchval("select count(*) from savvycal.changes_since('')") == count


def _dumped_by_the_embedded(url: str) -> str:
    pg_dump = next(find_postgres()).executable.with_name("pg_dump")
    command = [str(pg_dump), "--no-owner", "--no-privileges", "-n", "savvycal", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _filtered(dumped: str) -> str:
    found = re.search(r"\| (sed .*) > mirror\.sql", (ROOT / "docs" / "operations.md").read_text("utf-8"))
    assert found
    return subprocess.run(["sh", "-c", found[1]], input=dumped, capture_output=True, text=True, check=True).stdout

"""Postgres finds objects by their key, whatever its statistics are."""

from uuid import uuid4

import pytest

from tests.support.harness import Harness
from worker.core.model import Kind, Product
from worker.store import work_queue
from worker.store.connecting import SESSION
from worker.store.queries import load_for
from worker.store.work_queue import Job

ROWS = 5_000
QUEUE = 40_000


@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.APPOINTMENT])
async def test_an_account_without_statistics_is_read_by_key(harness: Harness, kind: Kind) -> None:
    """A backfill of one more account must not read all of it again for each record."""
    document = harness.world.book_event() if kind is Kind.EVENT else harness.world.book_appointment()
    await harness.reconcile(kind, document["id"])
    table = f"savvycal.{kind}s"
    await harness.execute(
        f"insert into {table} select (jsonb_populate_record(o, jsonb_build_object('id', 'copy_' || n))).* "
        f"from {table} o, generate_series(1, {ROWS}) n where o.id = $1",
        document["id"],
    )
    await harness.execute(f"analyze {table}")
    async with harness.db.connection() as connection:
        assert await connection.fetchval("show plan_cache_mode") == SESSION["plan_cache_mode"]
        ids, raw_hashes = [f"copy_{n}" for n in range(500)], [b""] * 500
        for name, given in (("unlike", (ids, raw_hashes)), ("stored", (ids,))):
            plan = await connection.fetch(f"explain {load_for('objects', kind)[name]}", "another", *given)
            assert f"{kind}s_pkey" in "".join(row[0] for row in plan)


async def test_figures_of_webhooks_do_not_read_all_runs_for_each_new_booking(harness: Harness) -> None:
    """When everything was complete first is found in an index, not in months of runs (measured: 20 s, now 0.01)."""
    async with harness.db.transaction() as connection:
        await connection.execute("set local enable_seqscan = off")
        plan = await connection.fetch("explain select * from savvycal.webhook_health")
        assert "runs_complete" in "".join(row[0] for row in plan)


async def test_work_is_claimed_without_reading_the_whole_queue(harness: Harness) -> None:
    """Whether anything is due, and what, however much is planned for later."""
    await harness.execute(
        "insert into savvycal._work (account, kind, key, due_at, priority, reasons) "
        "select 'default', 'event', 'later_' || n, now() + interval '1 hour', 1, '{watch}' "
        f"from generate_series(1, {QUEUE}) n"
    )
    await harness.execute("analyze savvycal._work")
    reachable = [("default", Product.MEETINGS)]
    read = "select seq_scan from pg_stat_xact_user_tables where schemaname = 'savvycal' and relname = '_work'"
    async with harness.db.transaction() as connection:
        assert not await work_queue.is_any_due(connection, Job.OBJECT, reachable)
        assert await work_queue.claim(connection, Job.OBJECT, reachable, {"default": 20}, uuid4()) == []
        assert await connection.fetchval(read) == 0
    await harness.execute("update savvycal._work set due_at = now()")
    await harness.execute("analyze savvycal._work")
    async with harness.db.transaction() as connection:
        assert await work_queue.is_any_due(connection, Job.OBJECT, reachable)
        assert len(await work_queue.claim(connection, Job.OBJECT, reachable, {"default": 20}, uuid4())) == 20

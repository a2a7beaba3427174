"""How Postgres finds objects: by their key, whatever its statistics say."""

import pytest

from tests.sync.stage import Stage
from worker.core.model import Kind
from worker.store.database import SESSION
from worker.store.objects import SQL

ROWS = 5_000


@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.APPOINTMENT])
async def test_an_account_without_statistics_is_looked_up_by_key(stage: Stage, kind: Kind) -> None:
    """A first load of one more account must not read all of it again for each record."""
    document = stage.world.book_event() if kind is Kind.EVENT else stage.world.book_appointment()
    await stage.look(kind, document["id"])
    table = f"savvycal.{kind}s"
    await stage.execute(
        f"insert into {table} select (jsonb_populate_record(o, jsonb_build_object('id', 'copy_' || n))).* "
        f"from {table} o, generate_series(1, {ROWS}) n where o.id = $1",
        document["id"],
    )
    await stage.execute(f"analyze {table}")
    async with stage.db.connection() as connection:
        assert await connection.fetchval("show plan_cache_mode") == SESSION["plan_cache_mode"]
        ids, digests = [f"copy_{n}" for n in range(500)], [b""] * 500
        for name, given in ((f"{kind}_unlike", (ids, digests)), (f"{kind}_stored", (ids,))):
            plan = await connection.fetch(f"explain {SQL[name]}", "another", *given)
            assert f"{kind}s_pkey" in "".join(row[0] for row in plan)


async def test_figures_of_webhooks_do_not_read_all_runs_for_each_new_booking(stage: Stage) -> None:
    """When everything was complete first is found in an index, not in months of runs (measured: 20 s, now 0.01)."""
    async with stage.db.transaction() as connection:
        await connection.execute("set local enable_seqscan = off")
        plan = await connection.fetch("explain select * from savvycal.webhook_health")
        assert "runs_complete" in "".join(row[0] for row in plan)

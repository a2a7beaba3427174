"""The monitor: a problem begins once and ends once for all processes, and shows at once."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.receiver import WebhookHarness, webhook_harness
from worker.core.problems import Cause
from worker.simulator import Fault
from worker.sync.monitor import Monitor

DEAD = """insert into savvycal._work (kind, id, due_at, priority, dead_lettered_at)
values ('event', 'event_d', now(), 1, now())"""
QUIET = "update savvycal._upstream set probed_at = 'epoch', observed_at = least(observed_at, now() - interval '20 s')"


def events(logged: list[Any]) -> list[tuple[str, str]]:
    """What began and what ended."""
    return [(one["event"], one["cause"]) for one in logged if one["event"].startswith("problem_")]


async def execute(it: WebhookHarness, query: str) -> None:
    """Runs a statement."""
    async with it.db.connection() as connection:
        await connection.execute(query)


async def test_a_problem_begins_and_ends_once_for_the_fleet(database_url: str) -> None:
    """Two processes see the same row: one event each way."""
    async with webhook_harness(database_url) as it:
        fleet = [Monitor(it.context, it.db), Monitor(it.context, it.db)]
        with capture_logs() as logged:
            await execute(it, DEAD)
            for _ in range(2):
                assert [(await monitor.tick()).has(Cause.DEAD_LETTERS) for monitor in fleet] == [True, True]
            await execute(it, "update savvycal._work set dead_lettered_at = null")
            assert [(await monitor.tick()).problems for monitor in fleet] == [(), ()]
        assert events(logged) == [("problem_began", "dead_letters"), ("problem_ended", "dead_letters")]


async def test_a_revoked_token_is_named_although_nothing_else_is_asked(database_url: str) -> None:
    """Windows may be scanned hourly: a product that nobody heard of is asked, and the next judgement is red."""
    async with webhook_harness(database_url) as it:
        monitor = Monitor(it.context, it.db, asks=True)
        async with monitor.watching():
            it.simulator.world.faults.append(Fault("status", product="meetings", args={"status": 401}))

            async def is_red() -> bool:
                await execute(it, QUIET)
                report = await monitor.tick()
                return report.is_red and report.has(Cause.TOKEN_REFUSED)

            await it.until(is_red)
        async with it.session.get(f"{it.address}/health") as response:
            body = await response.json()
        assert response.status == 503
        assert body["reasons"][0].startswith("SavvyCal refuses the token for meetings of account default; window ")


async def test_postgres_that_is_away_is_named_by_each_process(database_url: str) -> None:
    """No row can say it; the process does, once."""
    async with webhook_harness(database_url) as it:
        monitor = Monitor(it.context, it.db)
        await monitor.tick()
        with capture_logs() as logged:
            it.db.cut()
            for _ in range(2):
                assert (await monitor.tick()).has(Cause.POSTGRES_DOWN)
        assert events(logged) == [("problem_began", "postgres_down")]


async def test_redis_that_is_away_is_named(database_url: str) -> None:
    """The row is shared, so that other processes say nothing again."""
    async with webhook_harness(database_url) as it:
        report = await Monitor(it.context, it.db, "redis://127.0.0.1:1/0").tick()

        assert [problem.cause for problem in report.problems] == [Cause.REDIS_DOWN]


@pytest.mark.parametrize("path", ["/metrics", "/"])
async def test_nothing_waits_for_a_postgres_that_is_away(database_url: str, path: str) -> None:
    """The answer takes less than a second and says so."""
    async with webhook_harness(database_url) as it:
        it.db.cut()
        async with it.session.get(it.address + path) as response:
            text = await response.text()
        assert response.status == 200
        assert 'savvycal_up{part="postgres"} 0.0' in text or "Postgres does not answer" in text

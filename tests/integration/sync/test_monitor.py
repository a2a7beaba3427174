"""The monitor: a problem begins once and ends once for all processes, and shows at once."""

import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.receiver import WebhookHarness, webhook_harness
from worker import composition
from worker.core.model import Product
from worker.core.problems import Cause
from worker.errors import ServerFault
from worker.simulator import Fault
from worker.store import change_feed
from worker.sync.monitor import Monitor

DEAD = """insert into savvycal._work (kind, key, due_at, priority, dead_lettered_at)
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
    """Two processes see the same row: one event each way, and the view `health` names the cause."""
    async with webhook_harness(database_url) as it:
        fleet = [Monitor(it.context, it.db), Monitor(it.context, it.db)]
        with capture_logs() as logged:
            await execute(it, DEAD)
            for _ in range(2):
                assert [(await monitor.evaluate()).has(Cause.DEAD_LETTERS) for monitor in fleet] == [True, True]
            assert await it.rows("select problems from savvycal.health") == [{"problems": ["dead_letters"]}]
            await execute(it, "update savvycal._work set dead_lettered_at = null where job = 'object'")
            assert [(await monitor.evaluate()).problems for monitor in fleet] == [(), ()]
        assert await it.rows("select problems from savvycal.health") == [{"problems": []}]
        assert events(logged) == [("problem_began", "dead_letters"), ("problem_ended", "dead_letters")]


async def test_a_revoked_token_is_named_although_nothing_else_is_asked(database_url: str) -> None:
    """Windows may be scanned hourly: a product that nobody heard of is asked, and the next judgement is red."""
    async with webhook_harness(database_url) as it:
        monitor = Monitor(it.context, it.db, asks=True)
        async with monitor.watching():
            it.simulator.world.faults.append(Fault("status", product="meetings", args={"status": 401}))

            async def is_red() -> bool:
                await execute(it, QUIET)
                report = await monitor.evaluate()
                return report.is_red and report.has(Cause.TOKEN_REFUSED)

            await it.until(is_red)
        async with it.session.get(f"{it.address}/health") as response:
            body = await response.json()
        assert response.status == 503
        assert body["reasons"][0].startswith("SavvyCal refuses the token for meetings of account default; window ")


async def test_postgres_that_is_away_is_named_by_each_process(database_url: str) -> None:
    """No row can hold it; the process logs it, once."""
    async with webhook_harness(database_url) as it:
        monitor = Monitor(it.context, it.db)
        await monitor.evaluate()
        with capture_logs() as logged:
            it.db.cut()
            for _ in range(2):
                assert (await monitor.evaluate()).has(Cause.POSTGRES_DOWN)
        assert events(logged) == [("problem_began", "postgres_down")]


async def test_redis_that_is_away_is_named(database_url: str) -> None:
    """The row is shared, so that other processes do not log it again."""
    async with webhook_harness(database_url) as it:
        report = await Monitor(it.context, it.db, "redis://127.0.0.1:1/0").evaluate()

        assert [problem.cause for problem in report.problems] == [Cause.REDIS_DOWN]


@pytest.mark.parametrize("path", ["/metrics", "/"])
async def test_nothing_waits_for_a_postgres_that_is_away(database_url: str, path: str) -> None:
    """The answer takes less than a second and says so."""
    async with webhook_harness(database_url) as it:
        it.db.cut()
        began = time.monotonic()
        async with it.session.get(it.address + path) as response:
            text = await response.text()
        assert time.monotonic() - began < 1
        assert response.status == 200
        assert 'savvycal_up{part="postgres"} 0.0' in text or "Postgres does not answer" in text


SUSPECT = """with c as (update savvycal.coverage set complete_as_of = now() - interval '2 h' where window_name = 'near')
insert into savvycal.runs (job, product, window_name, started_at, finished_at, result)
values ('poll', 'meetings', 'near', now(), now(), 'suspect')"""
QUARANTINED = """insert into savvycal.quarantine (kind, id, reason, attempts, first_seen_at, last_seen_at, byte_count)
values ('event', 'event_q', 'start_at: missing', 1, now(), now(), 2)"""
OVERDUE = """insert into savvycal._meeting_secrets (appointment_id, key_id, keyed_hash, fence, stored_at, purge_at)
values ('appt_1', 'k', '', 1, now(), now() - interval '10 min')"""
DIFFERS = """insert into savvycal.runs (job, product, window_name, started_at, finished_at, result, rows_differing)
values ('audit', 'meetings', 'sample', now(), now(), 'ok', 7)"""
PARTIAL = """update savvycal.coverage set missing = '[{"first": "2026-01-01", "last": "2026-01-02", "reason": "500"}]'
where window_name = 'near'"""
LIMITED = """insert into savvycal._upstream (product, observed_at, cooldown_until)
values ('meetings', now(), now() + interval '30 s')"""
LATE = "update savvycal.coverage set next_due_at = now() - interval '11 min' where window_name = 'near'"
DOWN = """insert into savvycal._upstream (product, observed_at, cause, since, error)
values ('meetings', now(), 'upstream_down', now(), 'SavvyCal answered 503')"""


@pytest.mark.parametrize(
    ("query", "cause", "scope"),
    [
        (SUSPECT, Cause.SCAN_SUSPECT, "default/meetings/near"),
        (QUARANTINED, Cause.QUARANTINE, "default"),
        (OVERDUE, Cause.CREDENTIALS_OVERDUE, "default"),
        (DIFFERS, Cause.AUDIT_DIFFERS, "default"),
        (PARTIAL, Cause.WINDOW_PARTIAL, "default/meetings/near"),
        (LIMITED, Cause.RATE_LIMITED, "default/meetings"),
        (LATE, Cause.WINDOW_LATE, "default/meetings/near"),
        (DOWN, Cause.UPSTREAM_DOWN, "default/meetings"),
        (DEAD, Cause.DEAD_LETTERS, "default"),
    ],
    ids=lambda value: value.value if isinstance(value, Cause) else "",
)
async def test_each_cause_is_found_in_the_tables(database_url: str, query: str, cause: Cause, scope: str) -> None:
    """One row that says so makes one problem, on the page and in the view of everybody."""
    async with webhook_harness(database_url) as it:
        await execute(it, query)
        report = await it.admin.monitor.evaluate()

        assert [(problem.cause, problem.scope) for problem in report.problems] == [(cause, scope)]
        async with it.session.get(f"{it.address}/") as response:
            assert report.sentence.split(" (")[0][:30] in await response.text()
        assert [row["cause"] for row in await it.rows("select cause from savvycal._problems")] == [cause]


async def test_problems_of_an_account_that_was_removed_end(database_url: str) -> None:
    """They are left alone for half a minute, as another process may follow the account."""
    async with webhook_harness(database_url) as it:
        await execute(it, DEAD)
        await it.admin.monitor.evaluate()
        it.context.accounts = {"other": it.context.accounts["default"]}
        assert (await it.admin.monitor.evaluate()).problems == ()
        assert len(await it.rows("select from savvycal._problems")) == 1
        await execute(it, "update savvycal._problems set seen_at = now() - interval '31 s'")
        await it.admin.monitor.evaluate()
        assert await it.rows("select from savvycal._problems") == []


async def test_changes_that_are_not_in_the_feed_are_a_problem(database_url: str) -> None:
    """They are stored, and readers do not see them."""
    change = "insert into savvycal._unpublished_changes (kind, id, version, change, changed_at) "
    change += "values ('event', 'event_c', 1, 'created', now() - interval '5 min')"
    async with webhook_harness(database_url) as it:
        await execute(it, change)
        assert (await it.admin.monitor.evaluate()).has(Cause.FEED_HELD_BACK)
        await change_feed.publish(it.db)
        assert (await it.admin.monitor.evaluate()).problems == ()


async def test_failures_in_a_row_are_an_outage(database_url: str) -> None:
    """What the circuit breaker counts is stored for all processes, and a good answer ends it."""
    async with webhook_harness(database_url) as it:
        monitor = Monitor(it.context, it.db, asks=True)
        endpoint = it.context.accounts["default"][Product.MEETINGS]
        it.simulator.world.faults.append(Fault("status", product="meetings", times=2, args={"status": 503}))
        for _ in range(2):
            with pytest.raises(ServerFault):
                await endpoint.probe()
        async with monitor.watching():
            assert (await monitor.evaluate()).has(Cause.UPSTREAM_DOWN)
            assert (await it.admin.monitor.evaluate()).has(Cause.UPSTREAM_DOWN)
            await endpoint.probe()
            assert not (await monitor.evaluate()).has(Cause.UPSTREAM_DOWN)


@pytest.mark.parametrize("asks", [False, True])
async def test_postgres_that_takes_no_writes_is_named_as_that(database_url: str, asks: bool) -> None:
    """Also by a worker, whose note of SavvyCal's answers is refused: it answers reads, so it is not away."""
    async with webhook_harness(database_url) as it:
        async with composition.open_database(f"{database_url}?options=-c%20default_transaction_read_only%3Don") as db:
            report = await Monitor(it.context, db, asks=asks).evaluate()
        assert [problem.cause for problem in report.problems] == [Cause.POSTGRES_READ_ONLY]

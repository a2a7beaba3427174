"""Metrics: every name that rules and dashboard use exists, and all series exist from the start."""

import asyncio
import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.support.receiver import WebhookHarness, endpoints, webhook_harness
from worker.core.kinds import Product
from worker.core.problems import Cause
from worker.simulator import Fault

ROOT = Path(__file__).parents[3]
ALERTS, TESTS = (ROOT / "deploy" / "prometheus" / name for name in ("alerts.yml", "alerts_test.yml"))
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboard.json"
_NAME = re.compile(r"\b(?:savvycal|process)_[a-z0-9_]+")


async def scrape(it: WebhookHarness) -> str:
    """The page as Prometheus reads it."""
    async with it.session.get(f"{it.address}/metrics") as response:
        assert response.status == 200
        return await response.text()


def names(page: str) -> set[str]:
    """Families and samples, also of families that have no sample yet."""
    found = set()
    for family in text_string_to_metric_families(page):
        found |= {family.name} | {sample.name for sample in family.samples}
        found |= {f"{family.name}_total"} if family.type == "counter" else set()
        found |= {f"{family.name}_bucket"} if family.type == "histogram" else set()
    return found


def series(page: str, *families: str) -> set[str]:
    """Series of some families, without their values."""
    lines = [line.rpartition(" ")[0] for line in page.splitlines() if line.startswith(families)]
    return {line for line in lines if "_created" not in line}


async def test_every_name_that_is_used_exists(database_url: str) -> None:
    """A renamed metric must not leave a rule that never fires."""
    async with webhook_harness(database_url) as it:
        await it.admin.metrics.read()
        known = names(await scrape(it))
    for path in (ALERTS, TESTS, DASHBOARD):
        assert set(_NAME.findall(path.read_text("utf-8"))) - known == set(), path.name


async def test_all_series_exist_at_the_start(database_url: str) -> None:
    """What happens later makes no new series, so that a first error is an increase."""
    counted = (
        "savvycal_requests_total",
        "savvycal_webhook_requests_total",
        "savvycal_problem",
        "savvycal_runs_last_hour{",
    )
    async with webhook_harness(database_url) as it:
        await it.admin.metrics.read()  # the daemon's first; what was never read has no row
        before = await scrape(it)
        it.simulator.world.faults.append(Fault("status", product="meetings", times=1, args={"status": 401}))
        await it.scan()
        await it.post(b"nothing signed", signature="wrong")
        await it.admin.metrics.read()
        after = await scrape(it)
        assert series(before, *counted) == series(after, *counted)
    assert 'savvycal_requests_total{account="default",product="meetings",status="401"} 1.0' in after
    assert {f'savvycal_problem{{cause="{cause}"}}' for cause in Cause} <= series(before, "savvycal_problem")


async def test_requests_of_an_account_that_was_added_are_counted(database_url: str) -> None:
    """Accounts come and go while the daemon runs."""
    async with webhook_harness(database_url) as it:
        it.context.accounts = {"second": endpoints(it.simulator, it.session)}
        await it.admin.metrics.read()
        await it.context.accounts["second"][Product.MEETINGS].probe()
        assert 'savvycal_requests_total{account="second",product="meetings",status="2xx"} 1.0' in await scrape(it)


async def test_a_figure_that_cannot_be_read_has_no_row(database_url: str) -> None:
    """0 would mean that nothing waits, while nobody knows."""
    async with webhook_harness(database_url) as it:
        await it.admin.metrics.read()
        assert 'savvycal_work_items{state="dead_letter"} 0.0' in await scrape(it)
        await _execute(it, "alter table savvycal._work rename to _work_away")
        it.admin.metrics._read_at.clear()
        await it.admin.metrics.read()
        assert "savvycal_work_items{" not in await scrape(it)
        assert "savvycal_queue_jobs{" not in await scrape(it)
        await _execute(it, "alter table savvycal._work_away rename to _work")


async def test_dead_scans_are_dead_letters(database_url: str) -> None:
    """The page and the problem count them, and so does the figure that an alert watches."""
    async with webhook_harness(database_url) as it:
        await _execute(
            it,
            "insert into savvycal._work (job, kind, key, priority, due_at, dead_lettered_at) "
            "values ('scan', 'event', 'all', 1, now(), now())",
        )
        await it.admin.metrics.read()
        assert 'savvycal_work_items{state="dead_letter"} 1.0' in await scrape(it)


async def _execute(it: WebhookHarness, statement: str) -> None:
    async with it.db.connection() as connection:
        await connection.execute(statement)


async def test_two_hundred_scrapes_ask_postgres_nothing(database_url: str) -> None:
    """They read what is known."""
    async with webhook_harness(database_url) as it:
        await scrape(it)
        newest = it.admin.monitor.newest
        await asyncio.gather(*(scrape(it) for _ in range(200)))
        assert it.admin.monitor.newest is newest


def test_each_alert_has_a_runbook_entry_and_both_cases() -> None:
    """Whoever is woken up reads what to do; a rule that cannot fire or never ends is found by `make alerts`."""
    alerts = re.findall(r"- alert: (\w+)", ALERTS.read_text("utf-8"))
    text, cases = (ROOT / "docs" / "alerts.md").read_text("utf-8"), TESTS.read_text("utf-8")

    assert len(alerts) > 12
    assert [name for name in alerts if f"## {name}\n" not in text] == []
    assert [n for n in alerts if f"name: {n} fires" not in cases or f"name: {n} is silent" not in cases] == []


def test_each_cause_is_documented() -> None:
    """Every problem has its row in docs/operations.md."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")

    assert [cause for cause in Cause if f"| `{cause}` | " not in text] == []

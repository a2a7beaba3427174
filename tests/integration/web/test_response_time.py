"""How well webhooks work is known, shown, and decides how often quiet windows are scanned."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.receiver import WebhookHarness, meetings_body, webhook_harness
from worker import status_text
from worker.core.model import Product
from worker.core.schedule import STRETCH_MAX, WebhookHealth, pace
from worker.store import deliveries, status

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GOOD = WebhookHealth(delivered=100, announced=100, missed=0)


@pytest.mark.parametrize(
    ("webhooks", "is_good"),
    [
        (GOOD, True),
        (WebhookHealth(0, 0, 0), False),
        (WebhookHealth(1, 0, 0), True),
        (WebhookHealth(100, 50, 1), True),
        (WebhookHealth(100, 49, 1), False),
        (WebhookHealth(100, 0, 1), False),
    ],
)
def test_when_webhooks_count_as_healthy(webhooks: WebhookHealth, is_good: bool) -> None:
    """Some arrived in the last day, and at most one change in fifty was missed."""
    assert webhooks.is_good is is_good


def test_a_quiet_window_stretches_up_to_an_hour_and_comes_back() -> None:
    """Each quiet scan doubles the time to the next; a change or missing webhooks bring the setting back at once."""
    every, seen = MINUTE, []
    now = every
    for _ in range(8):
        now = pace(every, now, True, GOOD)
        seen.append(now // MINUTE)
    assert seen == [2, 4, 8, 16, 32, 60, 60, 60]
    assert pace(every, now, False, GOOD) == every
    assert pace(every, now, True, WebhookHealth(100, 10, 1)) == every


durations = st.timedeltas(timedelta(seconds=1), timedelta(days=30))
health = st.builds(WebhookHealth, st.integers(0, 9), st.integers(0, 200), st.integers(0, 9))


@given(durations, durations, st.booleans(), health)
def test_the_bounds_of_a_pace(every: timedelta, before: timedelta, is_quiet: bool, webhooks: WebhookHealth) -> None:
    """Never oftener than set, never rarer than hourly (or than set); unhealthy means as set."""
    found = pace(every, before, is_quiet, webhooks)
    assert every <= found <= max(every, STRETCH_MAX)
    assert webhooks.is_good or found == every


async def _announcements(it: WebhookHarness) -> dict[str, str]:
    return {row["id"]: row["verdict"] for row in await it.rows("select id, verdict from savvycal.polled_changes")}


async def _later(it: WebhookHarness) -> None:
    """Ten minutes later."""
    times = (("snapshots", "observed_at"), ("webhook_deliveries", "received_at"), ("runs", "finished_at"))
    for table, column in times:
        await it.rows(f"update savvycal.{table} set {column} = {column} - interval '10 minutes'")


async def test_each_polled_change_is_announced_waiting_or_missed(database_url: str) -> None:
    """A change found by polling waits five minutes for its webhook; the view says how late it was, or missed."""
    async with webhook_harness(database_url, every=timedelta(seconds=1)) as it:
        await it.scan()
        late, missed = (it.simulator.world.book_event()["id"] for _ in range(2))
        await it.rows("update savvycal.coverage set next_due_at = now()")
        await it.scan()
        assert await _announcements(it) == {late: "waiting", missed: "waiting"}
        await it.post(meetings_body(late))
        assert await _announcements(it) == {late: "announced", missed: "waiting"}
        await _later(it)
        assert await _announcements(it) == {late: "announced", missed: "missed"}
        [row] = await it.rows("select late_by from savvycal.polled_changes where verdict = 'announced'")
        assert timedelta(0) < row["late_by"] < timedelta(minutes=1)


async def test_an_old_webhook_announces_no_later_change(database_url: str) -> None:
    """A webhook counts for the change it announced, not for the next one of the same object."""
    async with webhook_harness(database_url, every=timedelta(seconds=1)) as it:
        event = it.simulator.world.book_event()["id"]
        await it.post(meetings_body(event))
        await it.work()
        await _later(it)
        it.simulator.world.cancel_event(event)
        await it.scan()
        assert await _announcements(it) == {event: "waiting"}


async def test_healthy_webhooks_stretch_a_quiet_window_and_missing_ones_tighten_it(database_url: str) -> None:
    """The pace grows while webhooks announce everything, and all windows go back when one change is missed."""
    async with webhook_harness(database_url, every=MINUTE) as it:
        await it.scan()
        it.register()
        event = it.simulator.world.book_event()["id"]
        await it.until(it.deliveries)
        await it.work()
        scan = "update savvycal.coverage set next_due_at = now() where product = 'meetings' and window_name = any ($1)"
        paces = "select window_name, interval_seconds from savvycal.coverage where product = 'meetings' order by 1"
        for _ in range(2):
            await it.rows(scan, ["near", "month"])
            await it.scan()
        found = {row["window_name"]: row["interval_seconds"] for row in await it.rows(paces)}
        assert found == {"all": 60, "later": 60, "month": 240, "near": 240}
        it.simulator.world.webhooks.clear()
        it.simulator.world.cancel_event(event)
        await it.rows(scan, ["all"])
        await it.scan()
        await _later(it)
        await it.rows(scan, ["all"])
        await it.scan()
        assert {row["interval_seconds"] for row in await it.rows(paces)} == {60}
        [row] = await it.rows("select max(next_due_at) < now() + interval '61 seconds' as soon from savvycal.coverage")
        assert row["soon"]


async def test_status_and_health_show_how_webhooks_work(database_url: str) -> None:
    """One line for each product: how many came, and how many changes none of them announced."""
    async with webhook_harness(database_url, every=timedelta(seconds=1)) as it:
        await it.scan()
        missed, event = (it.simulator.world.book_event()["id"] for _ in range(2))
        await it.post(meetings_body(event))
        await it.post(meetings_body(event))
        await it.work()
        await it.rows("update savvycal.coverage set next_due_at = now()")
        await it.scan()
        await _later(it)
        async with it.db.connection() as connection:
            text = status_text.as_text(await status.report(connection))
            assert await deliveries.health(connection, "default", Product.MEETINGS) == WebhookHealth(1, 1, 1)
        assert "webhooks of meetings, last day: 1 (+1 repeated)" in text
        assert "1 of 2 changes missed (50.0%)" in text
        assert "webhooks of appointments: none in the last day" in text
        assert await _announcements(it) == {missed: "missed"}
        await it.admin.metrics.read()
        async with it.session.get(f"{it.address}/metrics") as response:
            page = await response.text()
        assert 'savvycal_webhook_changes{account="default",product="meetings",verdict="missed"} 1.0' in page

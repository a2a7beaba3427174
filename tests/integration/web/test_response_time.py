"""How well webhooks work is known and shown."""

from datetime import timedelta

from tests.support.receiver import WebhookHarness, meetings_body, webhook_harness
from worker import status_text
from worker.store import status

MINUTE = timedelta(minutes=1)


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


async def test_windows_keep_their_interval_however_well_webhooks_work(database_url: str) -> None:
    """When webhooks stop without notice, a change is found as soon as without them."""
    async with webhook_harness(database_url, every=MINUTE) as it:
        await it.scan()
        it.register()
        it.simulator.world.book_event()
        await it.until(it.deliveries)
        await it.work()
        for _ in range(2):
            await it.rows("update savvycal.coverage set next_due_at = now() where product = 'meetings'")
            await it.scan()
        assert {row["interval_seconds"] for row in await it.rows("select interval_seconds from savvycal.coverage")} == {
            60
        }
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
        assert "webhooks of meetings, last day: 1 (+1 repeated)" in text
        assert "1 of 2 changes missed (50.0%)" in text
        assert "webhooks of appointments: none in the last day" in text
        assert await _announcements(it) == {missed: "missed"}
        await it.admin.metrics.read()
        async with it.session.get(f"{it.address}/metrics") as response:
            page = await response.text()
        assert 'savvycal_webhook_changes{account="default",product="meetings",verdict="missed"} 1.0' in page

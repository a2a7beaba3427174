"""Accounts that come, go and pause: the table `accounts`, and who claims work of what."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.harness import Harness, account_of, open_context, until
from tests.support.receiver import WebhookHarness, meetings_body, webhook_harness
from worker import local_timer
from worker.core.model import Kind, Product
from worker.core.problems import Cause
from worker.errors import ResyncRejected
from worker.simulator import Options, Simulator
from worker.store import accounts, problems, work_queue
from worker.store.accounts import Configured
from worker.store.work_queue import Job
from worker.sync import actions, audit, loop, requests, scan, schedule
from worker.sync.monitor import Monitor

MINE = [Configured("default", product.value) for product in Product]
OVERDUE = "update savvycal.coverage set next_due_at = now() - interval '1 h', complete_as_of = now() - interval '1 h'"
AGED = "update savvycal.accounts set seen_at = seen_at - $1::interval"


async def states(it: Harness | WebhookHarness) -> dict[str, str]:
    """The state of each product, as account/product."""
    rows = await it.rows("select account || '/' || product as what, state from savvycal.accounts")
    return {row["what"]: row["state"] for row in rows}


async def report(it: Harness | WebhookHarness, process: str = "one:1", configured: Any = MINE) -> None:
    """What a process tells about itself."""
    async with it.db.connection() as connection:
        await accounts.report(connection, process, configured)


async def pause(it: Harness | WebhookHarness, account: str = "default", product: str | None = None) -> None:
    """A person pauses an account."""
    async with it.db.connection() as connection:
        await actions.pause(connection, account, product, "jane")


async def resume(it: Harness | WebhookHarness, account: str = "default", product: str | None = None) -> None:
    """And resumes it."""
    async with it.db.connection() as connection:
        await actions.resume(connection, account, product)


async def test_a_process_reports_what_it_has_and_nothing_is_written_when_nothing_changed(harness: Harness) -> None:
    """The row is renewed each minute, not each time."""
    webhooks = [Configured("default", "meetings", accepts_webhooks=True), Configured("default", "links", False)]
    await report(harness, configured=webhooks)
    row = "select xmin::text, served_by, accepts_webhooks, state from savvycal.accounts where product = 'meetings'"
    (before,) = await harness.rows(row)
    await report(harness, configured=[Configured("default", "meetings"), Configured("default", "links")])
    assert await harness.rows(row) == [before]
    assert (before["served_by"], before["accepts_webhooks"], before["state"]) == ("one:1", True, "synced")
    await harness.execute(AGED, timedelta(minutes=2))
    await report(harness, "two:2")
    assert await harness.value("select count(*) from savvycal.accounts where served_by = 'two:2'") == 3


async def test_settings_that_cannot_be_used_are_the_last_problem(harness: Harness) -> None:
    """In the same words as in the log; the account counts as configured."""
    broken = [Configured("acme", "meetings", problem="[acme] meetings_token_file: the file cannot be read")]
    await report(harness, configured=broken)
    (row,) = await harness.rows("select state, last_problem, last_problem_at from savvycal.accounts")
    assert (row["state"], row["last_problem"]) == ("synced", broken[0].problem)
    await harness.execute(AGED, timedelta(minutes=2))
    await report(harness, configured=broken)
    assert await harness.value("select last_problem_at from savvycal.accounts") == row["last_problem_at"]


async def test_what_a_process_has_no_longer_is_not_configured(harness: Harness) -> None:
    """At once when its own process says so; a product of an account, too."""
    await report(harness)
    await report(harness, configured=MINE[:1])
    assert await states(harness) == {
        "default/meetings": "synced",
        "default/appointments": "not configured",
        "default/links": "not configured",
    }


async def test_another_process_takes_over_what_a_stopped_one_had(harness: Harness) -> None:
    """What nobody takes over within two minutes is in no settings any more."""
    await report(harness)
    async with harness.db.connection() as connection:
        await accounts.leave(connection, "one:1")
    await report(harness, "two:2", MINE[:2])
    assert set((await states(harness)).values()) == {"synced"}
    await harness.execute(f"{AGED} where product = 'links'", timedelta(minutes=3))
    await report(harness, "two:2", MINE[:2])
    assert (await states(harness))["default/links"] == "not configured"


async def test_what_a_killed_process_had_stays_configured(harness: Harness) -> None:
    """It said no goodbye: its windows are late, and that is a problem."""
    await report(harness)
    await harness.execute(AGED, timedelta(days=1))
    await report(harness, "two:2", [Configured("other", "meetings")])
    assert (await states(harness))["default/meetings"] == "synced"


async def test_an_account_that_was_removed_is_no_problem_and_not_current(harness: Harness) -> None:
    """Its rows stay; nothing waits for it. Configured again, its windows are due from now, not since long ago."""
    await report(harness)
    await harness.execute(OVERDUE)
    assert await harness.value("select windows_overdue > 0 from savvycal.health")
    current = "select savvycal.is_current('event', '2026-11-01', '2026-11-02', '1 day')"
    await harness.execute("update savvycal.coverage set starts_from = null, starts_until = null")
    assert await harness.value(current) is True

    await report(harness, configured=[Configured("other", "meetings")])

    assert await harness.rows("select * from savvycal.health") == []
    assert await harness.value(current) is False
    assert (await Monitor(harness.context, harness.db).evaluate()).problems == ()
    await report(harness)
    assert await harness.value("select windows_overdue from savvycal.health") == 0


async def test_a_removed_product_of_an_account_opens_no_scan(harness: Harness) -> None:
    """Nobody would ever run it."""
    await report(harness)
    harness.context.accounts = {"default": {Product.MEETINGS: harness.context.accounts["default"][Product.MEETINGS]}}
    await schedule.run(harness.context)
    assert {row["product"] for row in await harness.rows("select product from savvycal._scans")} == {"meetings"}


async def test_nothing_of_a_paused_account_is_claimed(harness: Harness) -> None:
    """No scan, no object and no audit, and the schedule wakes nobody for them. All of it is done after the resume."""
    await harness.scan()
    await report(harness)
    event = next(iter(harness.world.documents("event")))
    await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    await requests.resync_all(harness.context, Product.APPOINTMENTS, "default")
    await harness.execute("update savvycal._audit_clock set next_due_at = now()")
    await pause(harness)
    before = harness.world.summary()["requests"]

    assert await schedule.run(harness.context) == []
    for work in (loop.work, scan.work, audit.work):
        await work(harness.context)

    assert harness.world.summary()["requests"] == before
    asked = "select exists (select from savvycal._work where key = $1 and 'resync' = any (reasons))"
    assert await harness.value(asked, event)
    await resume(harness)
    for work in (loop.work, scan.work, audit.work):
        await work(harness.context)
    assert not await harness.value(asked, event)
    assert await harness.value("select count(*) from savvycal.runs where job = 'audit'") == 3
    assert await harness.value("select count(*) from savvycal._scans where product = 'appointments'") == 0


async def test_one_product_is_paused_and_the_others_go_on(harness: Harness) -> None:
    """A claim is asked for each product of an account."""
    await report(harness)
    await pause(harness, product="appointments")
    for product in (Product.MEETINGS, Product.APPOINTMENTS):
        await requests.resync_all(harness.context, product, "default")
    await scan.work(harness.context)
    stored = await harness.rows(
        "select (select count(*) from savvycal.events) as e, (select count(*) from savvycal.appointments) as a"
    )
    assert stored == [{"e": 30, "a": 0}]
    await requests.resync_object(harness.context, Kind.APPOINTMENT, "appt_1", "default")
    reachable = [("default", Product.APPOINTMENTS)]
    async with harness.db.connection() as connection:
        for job in Job:
            assert not await work_queue.is_any_due(connection, job, reachable)
        assert not await problems.claim_probe(connection, "default", "appointments", 15.0)
        assert await problems.claim_probe(connection, "default", "meetings", 15.0)


async def test_webhooks_of_a_paused_product_are_stored_and_read_after_the_resume(database_url: str) -> None:
    """SavvyCal is answered as ever."""
    async with webhook_harness(database_url) as it:
        await it.scan()
        await report(it)
        await pause(it)
        event = next(iter(it.simulator.world.documents("event")))
        it.simulator.world.cancel_event(event)
        assert (await it.post(meetings_body(event)))[0] < 300
        await it.work()
        assert [row["state"] for row in await it.deliveries()] == ["received"]
        await resume(it)
        await it.work()
        assert [row["state"] for row in await it.deliveries()] == ["applied"]


async def test_a_pause_is_yellow_everywhere_and_hides_what_follows_from_it(database_url: str) -> None:
    """Overdue windows and an outage of what nobody asks are no problems; the pause is one."""
    async with webhook_harness(database_url) as it:
        await report(it)
        await pause(it, product="meetings")
        down = (
            "insert into savvycal._upstream (product, observed_at, cause, since) values ('meetings', now(), $1, now())"
        )
        async with it.db.connection() as connection:
            await connection.execute(f"{OVERDUE} where product = 'meetings'")
            await connection.execute(down, "upstream_down")
        found = await it.admin.monitor.evaluate()

        assert [(one.cause, one.scope, one.severity) for one in found.problems] == [(Cause.PAUSED, "default", "yellow")]
        assert "accounts resume default" in found.problems[0].next_step
        rows = await it.rows("select windows_overdue, paused, problems from savvycal.health")
        assert rows == [{"windows_overdue": 0, "paused": ["meetings"], "problems": ["paused"]}]
        assert await it.rows("select last_problem from savvycal.accounts where last_problem is not null") == []
        for path, said in (("/health", '"ok": true'), ("/", "is paused for meetings"), ("/status", '"paused_at"')):
            async with it.session.get(it.address + path) as response:
                assert (response.status, said in await response.text()) == (200, True)
        await it.admin.metrics.read()
        async with it.session.get(f"{it.address}/metrics") as response:
            text = await response.text()
        assert 'savvycal_paused{account="default",product="meetings"} 1.0' in text
        assert 'savvycal_paused{account="default",product="appointments"} 0.0' in text
        assert 'savvycal_window_late{account="default",product="meetings",window="near"} 0.0' in text


async def test_windows_are_due_from_the_resume_on(harness: Harness) -> None:
    """Else all of them would be late at once."""
    await report(harness)
    await pause(harness)
    await harness.execute(OVERDUE)
    await resume(harness)
    assert await harness.value("select windows_overdue from savvycal.health") == 0


async def test_a_problem_is_noted_on_the_products_that_it_is_about(harness: Harness) -> None:
    """Those of an account on all of its products, those of a window on one."""
    await report(harness)
    await harness.execute("update savvycal.coverage set next_due_at = now() + interval '1 h'")
    await harness.execute(f"{OVERDUE} where window_name = 'near'")
    await Monitor(harness.context, harness.db).evaluate()
    rows = await harness.rows("select product, last_problem from savvycal.accounts where last_problem is not null")
    assert [(row["product"], row["last_problem"][:31]) for row in rows] == [
        ("meetings", "Window meetings/near of account")
    ]


@pytest.mark.parametrize(
    ("account", "product", "said"),
    [
        ("nobody", None, "no account is called nobody; known: default"),
        ("default", "events", "account default has no events; known: appointments, links, meetings"),
    ],
)
async def test_what_cannot_be_paused_is_refused_with_what_exists(
    harness: Harness, account: str, product: str | None, said: str
) -> None:
    """In one line."""
    await report(harness)
    for action in (pause, resume):
        with pytest.raises(ResyncRejected, match=said):
            await action(harness, account, product)


async def test_pausing_twice_keeps_the_time_and_the_person(harness: Harness) -> None:
    """The first one counts, also when all products are paused after one of them."""
    await report(harness)
    await pause(harness, product="meetings")
    first = await harness.value("select paused_at from savvycal.accounts where product = 'meetings'")
    await pause(harness)
    rows = await harness.rows("select product, paused_at, paused_by from savvycal.accounts order by paused_at, product")
    assert rows[0] == {"product": "meetings", "paused_at": first, "paused_by": "jane"}
    assert all(row["paused_at"] for row in rows)


@pytest.fixture
async def apart(mirrored_url: str) -> AsyncIterator[tuple[Harness, Harness]]:
    """Two processes, each with an account that the other does not know."""
    async with Simulator(Options(events=5, appointments=0, lifecycle=False)) as simulator:
        north, south = (account_of(simulator, name) for name in ("north", "south"))
        async with open_context(mirrored_url, [north]) as one, open_context(mirrored_url, [south]) as two:
            yield Harness(simulator, one, one.db), Harness(simulator, two, two.db)


async def test_requests_for_an_account_of_another_process_are_left_to_it(apart: tuple[Harness, Harness]) -> None:
    """One object through the queue and through SQL, and a range: accepted, not claimed, and done by the other."""
    north, south = apart
    event, other = list(north.world.documents("event"))[:2]
    await requests.resync_objects(north.context, Kind.EVENT, [event], "south")
    await north.execute("select savvycal.request_resync('event', $1, 'south')", other)
    await requests.resync_window(north.context, Product.MEETINGS, "2026-01-01", "2030-12-31", "south")
    for work in (schedule.run, loop.work, scan.work):
        await work(north.context)
    waiting = "select (select count(*) from savvycal._work where job = 'object' and account = 'south') as objects, "
    waiting += "(select count(*) from savvycal._scans where account = 'south' and window_name like '2026%') as scans"
    assert await north.rows(waiting) == [{"objects": 2, "scans": 1}]
    assert await north.value("select count(*) from savvycal._work where lease_token is not null") == 0

    for work in (loop.work, scan.work):
        await work(south.context)
    stored = "select count(*) from savvycal.events where account = 'south'"
    assert await south.value(stored) == 5


async def test_work_is_found_although_another_process_takes_each_wake_up(
    apart: tuple[Harness, Harness], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process with other accounts has no use for it, and does not pass it on."""
    monkeypatch.setattr(local_timer, "CONNECTED_SECONDS", 0.1)
    monkeypatch.setattr(local_timer, "SCHEDULE_SECONDS", 0.05)
    north, south = apart
    event = next(iter(north.world.documents("event")))
    await requests.resync_objects(north.context, Kind.EVENT, [event], "south")
    timer = asyncio.create_task(local_timer.LocalTimer(south.context, lambda: True).run())
    try:
        await until(lambda: south.value("select true from savvycal.events where (account, id) = ('south', $1)", event))
    finally:
        timer.cancel()
        await asyncio.wait({timer})

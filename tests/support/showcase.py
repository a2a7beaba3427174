"""A mirror in which every page has something to show, for the browser's tests and the pictures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.support.admin_side import TOKEN
from tests.support.receiver import WebhookHarness, webhook_harness
from worker import web
from worker.simulator import Simulator
from worker.sync.monitor import Monitor

DEAD_LETTERS = ("event_dead_0", "event_dead_1")

PROBLEMS = (
    "insert into savvycal._work (kind, key, due_at, priority, dead_lettered_at, attempts, reasons, last_error) "
    "select 'event', 'event_dead_' || n, now(), 1, now() - interval '3 min', 12, '{webhook}', 'SavvyCal answered 500' "
    "from generate_series(0, 1) n",
    "insert into savvycal.quarantine (kind, id, reason, attempts, first_seen_at, last_seen_at, byte_count) "
    "values ('event', 'event_odd', 'start_at: a time of no known form', 3, now() - interval '2 h', now(), 1200)",
    "update savvycal.events set extra = '{\"video_layout\": \"grid\"}' where state = 'confirmed'",
)

SPREAD = (
    "update savvycal.changes set changed_at = now() - interval '55 min' * power(random(), 2) "
    "where position < (select max(position) - 8 from savvycal.changes)",
    "update savvycal.coverage set complete_as_of = now() - interval '30 s' * (1 + 3 * length(window_name) % 7)",
)
"""Changes come all through an hour, and windows have different ages."""


@asynccontextmanager
async def showcase(url: str, has_problems: bool = True) -> AsyncIterator[WebhookHarness]:
    """A mirror with bookings, changes, webhooks and, when wanted, dead letters, quarantine and drift."""
    async with webhook_harness(url, every=timedelta(minutes=5), events=120, appointments=60) as it:
        await _fill(it, PROBLEMS if has_problems else ())
        admin = web.Admin(Monitor(it.context, it.db, asks=True), lambda: TOKEN, is_apart=True)
        it.admin = admin
        async with admin.monitor.watching(), web.serve_admin(admin, "127.0.0.1:0", it.db) as address:
            await it.until(lambda: _knows_upstreams(admin))
            await admin.metrics.read()
            it.address = address
            yield it


async def _fill(it: WebhookHarness, statements: tuple[str, ...]) -> None:
    await it.scan()
    it.register()
    for event in upcoming(it.simulator)[:6]:
        it.simulator.world.edit_event(event, description="Please bring the contract.")
    it.simulator.world.cancel_event(upcoming(it.simulator)[0])
    await it.until(it.deliveries)
    await it.work()
    async with it.db.connection() as connection:
        for statement in (*statements, *SPREAD):
            await connection.execute(statement)


def upcoming(simulator: Simulator) -> list[str]:
    """Confirmed events, by id."""
    return [key for key, one in simulator.world.documents("event").items() if one["state"] == "confirmed"]


async def _knows_upstreams(admin: web.Admin) -> bool:
    report = await admin.monitor.evaluate()
    return bool(report.facts and report.facts.upstreams)

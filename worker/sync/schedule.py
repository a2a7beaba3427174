"""The schedule: opens a scan for each window that is due, and names the jobs that have something to do."""

from collections import defaultdict

from worker.core import windows
from worker.core.kinds import Product
from worker.store import audits, change_feed, coverage, deliveries, scans, vault, work_queue
from worker.store.database import Connection
from worker.store.scans import WindowKey
from worker.store.work_queue import Job
from worker.sync import purge
from worker.sync.context import SyncContext

OPENED_MAX = 500
"""Scans opened in one run of the schedule: its transaction stays short, however many accounts are due at once. The
others are opened in the runs that follow, those due longest first.
"""


async def plan_windows(context: SyncContext) -> None:
    """Puts the standing windows of all configured products into the coverage table. Done at each start."""
    async with context.db.transaction() as connection:
        for account, products in context.accounts.items():
            for product in products:
                await audits.plan(connection, account, product)
            for window in context.windows:
                if window.product in products:
                    await coverage.plan_window(connection, WindowKey(account, window.product, window.name))


async def _open_due(context: SyncContext, connection: Connection) -> None:
    """Opens a scan for each due window that no running scan serves and that waits for no nearer window."""
    due = await coverage.due_windows(connection, context.accounts)
    if not due:
        return
    now = context.db.clock.now()
    loading = defaultdict[tuple[str, Product], set[str]](set)
    for one in await coverage.first_loads(connection, context.accounts):
        loading[one.account, one.product].add(one.window_name)
    running = await scans.running(connection, context.accounts)
    opened = 0
    for key, never_complete in due:
        window = context.window(key.product, key.window_name)
        if window is None or key.product not in context.accounts.get(key.account, {}):
            continue
        if windows.waits_for(window, context.windows, loading[key.account, key.product]):
            continue
        if not windows.is_served(window, running.get((key.account, key.product), ()), now):
            job = "backfill" if never_complete and window.name == "all" else "poll"
            await scans.open_scan(connection, key, job, window.priority, windows.bounds(window, now))
            opened += 1
        if opened == OPENED_MAX:
            break


async def run(context: SyncContext) -> list[tuple[str, ...]]:
    """Opens due scans; returns the jobs that have something to do now, as (name, *arguments)."""
    await change_feed.publish(context.db)  # of writers that were killed right after their commit
    async with context.db.transaction() as connection:
        await _open_due(context, connection)
        is_scan_due = await work_queue.is_any_due(connection, Job.SCAN, context.reachable())
        is_work_due = await work_queue.is_any_due(connection, Job.OBJECT, context.reachable())
        is_audit_due = await audits.is_due(connection, context.reachable())
        expired = await vault.purge_due(connection)
        await deliveries.forget(connection, context.webhook_retention)
    jobs: list[tuple[str, ...]] = [("work",)] if is_work_due else []
    if expired or purge.is_trim_due(context):
        jobs.append(("purge",))
    jobs += [("scan",)] if is_scan_due else []
    return [*jobs, ("audit",)] if is_audit_due else jobs

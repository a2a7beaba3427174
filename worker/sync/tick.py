"""The clock's part: opens a pass for each window whose time has come, and rings for whatever can be worked on."""

from worker.core import cadence
from worker.store import inbox, passes, targets, vault
from worker.store.database import Connection
from worker.store.passes import WindowKey
from worker.sync import purge
from worker.sync.mirror import Mirror


async def plan_windows(mirror: Mirror) -> None:
    """Puts the standing windows of all configured products into the coverage table. Done at each start."""
    async with mirror.db.transaction() as connection:
        for account, products in mirror.accounts.items():
            for window in mirror.windows:
                if window.product in products:
                    await passes.plan_window(connection, WindowKey(account, window.product, window.name))


async def _open_due(mirror: Mirror, connection: Connection) -> None:
    """Opens a pass for each due window that no other scan serves, and that has not to wait for a nearer one."""
    due = await passes.due_windows(connection, mirror.accounts)
    if not due:
        return
    now = mirror.db.clock.now()
    loading = await passes.first_loads(connection, mirror.accounts)
    running = await passes.running(connection, mirror.accounts)
    for key, never_complete in due:
        window = mirror.window(key.product, key.window_name)
        first_loads = {one.window_name for one in loading if (one.account, one.product) == (key.account, key.product)}
        if window is None or cadence.waits_for(window, mirror.windows, first_loads):
            continue
        if not cadence.is_served(window, running.get((key.account, key.product), ()), now):
            job = "backfill" if never_complete and window.name == "all" else "poll"
            await passes.open_pass(connection, key, job, window.priority, cadence.bounds(window, now))


async def tick(mirror: Mirror) -> list[tuple[str, ...]]:
    """Opens due passes; the jobs that can run now, most wanted first, as (name, *arguments)."""
    async with mirror.db.transaction() as connection:
        await _open_due(mirror, connection)
        waiting = await passes.claimable(connection, mirror.askable())
        due = await targets.due_count(connection, mirror.askable())
        expired = await vault.purge_due(connection)
        await inbox.forget(connection, mirror.webhook_retention)
    jobs: list[tuple[str, ...]] = [("work",)] if due else []
    if expired or purge.is_trim_due(mirror):
        jobs.append(("purge",))
    return jobs + [("poll", *key.key) for key in waiting]

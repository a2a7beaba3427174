"""Time in a world: whatever waits for a later time is done as if that time had come. Nothing here waits."""

from tests.sync.stage import Stage
from worker.core.model import Product
from worker.store.passes import WindowKey
from worker.sync import poll, tick, trigger, work

ROUNDS_MAX = 40
"""Of retries of a scan that fails again and again before it is read around, and of its walks."""

WORK_ROUNDS_MAX = 6


async def scan_all(stage: Stage) -> None:
    """One scan of everything, of both products, with as many tries as it takes."""
    for product in stage.mirror.accounts["default"]:
        await trigger.resync_all(stage.mirror, product, "default")
    await _run_scans(stage, ("all",))


async def scan_windows(stage: Stage) -> None:
    """Every standing window comes due once, as the clock opens them."""
    await stage.execute("update savvycal.coverage set next_due_at = clock_timestamp()")
    await _run_scans(stage, ("near", "upcoming", "month", "later", "all"))


async def _run_scans(stage: Stage, windows: tuple[str, ...]) -> None:
    """Scans of these windows and their retries, until none is open or none gets on."""
    due = "update savvycal._passes set due_at = clock_timestamp() where parked_at is null and window_name = any ($1)"
    for _ in range(ROUNDS_MAX):
        _close_circuits(stage)
        await stage.execute(due, list(windows))
        jobs = [job for job in await tick.tick(stage.mirror) if job[0] == "poll" and job[3] in windows]
        if not jobs:
            return
        for job in jobs:
            await poll.poll(stage.mirror, WindowKey(job[1], Product(job[2]), job[3]))


def _close_circuits(stage: Stage) -> None:
    """The half minute is over after which SavvyCal is tried again."""
    for endpoint in stage.mirror.accounts["default"].values():
        endpoint.client.circuit._open_until = 0.0


async def work_off(stage: Stage) -> None:
    """All that anybody asked for; what is only watched stays."""
    due = "reasons <> '{watch}' and parked_at is null"
    for _ in range(WORK_ROUNDS_MAX):
        if not await stage.value(f"select count(*) from savvycal._targets where {due}"):
            return
        _close_circuits(stage)
        await stage.a_minute_passes()
        await stage.execute(f"update savvycal._targets set due_at = clock_timestamp() where {due}")
        await work.work(stage.mirror)


async def watch_once(stage: Stage) -> None:
    """Each object that is watched is read once."""
    _close_circuits(stage)
    await stage.execute("update savvycal._targets set due_at = clock_timestamp() where parked_at is null")
    await work.work(stage.mirror)

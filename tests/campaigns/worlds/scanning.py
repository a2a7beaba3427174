"""Time in a world: whatever waits for a later time is done as if that time had come. Nothing here waits."""

from tests.support.harness import Harness
from tests.support.scanning import run_scan
from worker.sync import loop, requests

ROUNDS_MAX = 40
"""Of retries of a scan that fails again and again before it is read around, and of its reads."""

WORK_ROUNDS_MAX = 6


async def scan_all(harness: Harness) -> None:
    """One scan of everything, of both products, with as many tries as it takes."""
    for product in harness.context.accounts["default"]:
        await requests.resync_all(harness.context, product, "default")
    await _run_scans(harness, ("all",))


async def scan_windows(harness: Harness) -> None:
    """Every standing window comes due once, as the schedule opens them."""
    await harness.execute("update savvycal.coverage set next_due_at = clock_timestamp()")
    await _run_scans(harness, ("near", "upcoming", "month", "later", "all"))


async def _run_scans(harness: Harness, windows: tuple[str, ...]) -> None:
    """Scans of these windows and their retries, until none is open or none gets on."""
    due = "update savvycal._work set due_at = clock_timestamp() "
    due += "where job = 'scan' and dead_lettered_at is null and key = any ($1)"
    for _ in range(ROUNDS_MAX):
        _close_circuits(harness)
        await harness.execute(due, list(windows))
        keys = [key for key in await harness.open_scans() if key.window_name in windows]
        if not keys:
            return
        for key in keys:
            await run_scan(harness.context, key)


def _close_circuits(harness: Harness) -> None:
    """The half minute is over after which SavvyCal is tried again."""
    for endpoint in harness.context.accounts["default"].values():
        endpoint.client.circuit._open_until = 0.0


async def work_off(harness: Harness) -> None:
    """All that anybody asked for; what is only watched stays."""
    due = "job = 'object' and reasons <> '{watch}' and dead_lettered_at is null"
    for _ in range(WORK_ROUNDS_MAX):
        if not await harness.value(f"select count(*) from savvycal._work where {due}"):
            return
        _close_circuits(harness)
        await harness.advance_a_minute()
        await harness.execute(f"update savvycal._work set due_at = clock_timestamp() where {due}")
        await loop.work(harness.context)


async def watch_once(harness: Harness) -> None:
    """Each object that is watched is read once."""
    _close_circuits(harness)
    await harness.execute(
        "update savvycal._work set due_at = clock_timestamp() where job = 'object' and dead_lettered_at is null"
    )
    await loop.work(harness.context)

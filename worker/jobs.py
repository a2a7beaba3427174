"""The jobs, as ARQ sees them: each a few lines that call `sync`. Names and arguments are the public contract."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from savvycal_sync.queue import DEFAULT_ACCOUNT, RESYNC
from worker.errors import SavvycalSyncError
from worker.logs import log
from worker.sync import audit as auditing
from worker.sync import loop as working
from worker.sync import purge as purging
from worker.sync import requests
from worker.sync import scan as scanning
from worker.sync import schedule as scheduling
from worker.sync.context import SyncContext

Context = Mapping[str, Any]
JobFunction = Callable[..., Awaitable[None]]

SCHEDULE_SECONDS = 5
"""How often the schedule runs. A request does not wait for it, because it wakes a worker itself."""


def arguments_of(context: SyncContext) -> dict[str, Any]:
    """What ARQ hands to each job as its first argument."""
    return {"context": context}


def _context(ctx: Context) -> SyncContext:
    context: SyncContext = ctx["context"]
    return context


def log_failure(ctx: Context, job: str, error: SavvycalSyncError) -> None:
    """One line for a job that failed, unless its cause has just been logged."""
    if not _context(ctx).is_already_logged(error):
        log.warning("job_failed", job=job, error=str(error))


async def schedule(ctx: Context) -> None:
    """Wakes workers for everything that is due."""
    context = _context(ctx)
    for job in await scheduling.run(context):
        await context.wake(*job)


async def work(ctx: Context) -> None:
    """Reconciles due objects until none is left or its time slice is over."""
    await working.work(_context(ctx))


async def scan(ctx: Context) -> None:
    """Works on due scans until none is left or its time slice is over."""
    await scanning.work(_context(ctx))


async def purge(ctx: Context) -> None:
    """Deletes credentials past their date, and history past its retention."""
    await purging.purge(_context(ctx))


async def audit(ctx: Context) -> None:
    """Reads and compares a small sample, where the last one is long enough ago."""
    await auditing.work(_context(ctx))


async def resync(ctx: Context, target: str, product: str | None = None, account: str = DEFAULT_ACCOUNT) -> None:
    """Reads again, now: one object by its id, what starts in a range of dates (both included), or `all`."""
    for found, answer in await requests.resync(_context(ctx), target, product, account):
        what = found.product.kind if found.object_id else found.product
        log.info("resync_requested", what=what, name=str(found), answer=answer)


RESYNC_JOBS: dict[str, JobFunction] = {RESYNC: resync}
"""What other applications may push. One that meets a transient error is tried again by the queue."""

WORK_JOBS: dict[str, JobFunction] = {job.__name__: job for job in (schedule, work, scan, purge, audit)}
"""Jobs whose work is stored in Postgres: a lost or failed run loses nothing, as the schedule starts another."""

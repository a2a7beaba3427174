"""The jobs, as ARQ sees them: each a few lines that call `sync`. Names and arguments are the public contract."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from worker.core.kinds import KINDS, Kind, Product
from worker.errors import ResyncRejected
from worker.logs import log
from worker.queue import DEFAULT_ACCOUNT
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


def _context(ctx: Context) -> SyncContext:
    context: SyncContext = ctx["mirror"]
    return context


def _product(text: str) -> Product:
    try:
        return Product(text)
    except ValueError:
        raise ResyncRejected(f"the product is one of {', '.join(Product)}") from None


async def schedule(ctx: Context) -> None:
    """Wakes workers for everything that is due."""
    context = _context(ctx)
    for job in await scheduling.tick(context):
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


def _resync_of(kind: Kind) -> JobFunction:
    """`resync_event(event_id)` and the like: re-reads one object of that kind now."""

    async def resync(ctx: Context, object_id: str, account: str = DEFAULT_ACCOUNT) -> None:
        _log(kind, object_id, await requests.resync_object(_context(ctx), kind, object_id, account))

    resync.__name__ = resync.__qualname__ = f"resync_{kind}"
    resync.__doc__ = f"Re-reads one {kind} now."
    return resync


async def resync_window(ctx: Context, product: str, first: str, last: str, account: str = DEFAULT_ACCOUNT) -> None:
    """Scans the objects that start between two dates (both included)."""
    _log(
        product,
        f"{first}..{last}",
        await requests.resync_window(_context(ctx), _product(product), first, last, account),
    )


async def resync_all(ctx: Context, product: str, account: str = DEFAULT_ACCOUNT) -> None:
    """Scans everything of one product."""
    _log(product, "all", await requests.resync_all(_context(ctx), _product(product), account))


def _log(what: str, name: str, answer: str) -> None:
    log.info("resync_requested", what=what, name=name, answer=answer)


RESYNC_JOBS: dict[str, JobFunction] = {
    job.__name__: job for job in (*map(_resync_of, KINDS), resync_window, resync_all)
}
"""Jobs that other applications may push. One that meets a transient error is tried again by the queue."""

WORK_JOBS: dict[str, JobFunction] = {job.__name__: job for job in (schedule, work, scan, purge, audit)}
"""Jobs whose work is stored in Postgres: a lost or failed run loses nothing, as the schedule starts another."""

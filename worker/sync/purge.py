"""Deletes credentials past their date (end + 24 h, by the database's clock), and history past its retention.

Each run of the schedule checks with one index lookup whether credentials are due. While a worker runs, none is
therefore overdue by more than the interval of the schedule.
"""

import time

from worker.logs import log
from worker.store import vault
from worker.sync.context import SyncContext

SLICE_SECONDS = 20.0
TRIM_EVERY_SECONDS = 3600.0


def is_trim_due(context: SyncContext) -> bool:
    """Whether this worker has not trimmed history for an hour. It does no harm when several workers do."""
    return bool(context.retention) and time.monotonic() - context.retained_at >= TRIM_EVERY_SECONDS


async def purge(context: SyncContext) -> None:
    """Deletes until nothing is left or the time slice is over; the next run of the schedule continues."""
    deadline = time.monotonic() + SLICE_SECONDS
    await _purge_secrets(context, deadline)
    if is_trim_due(context) and await _trim(context, deadline):
        context.retained_at = time.monotonic()


async def _purge_secrets(context: SyncContext, deadline: float) -> None:
    while time.monotonic() < deadline:
        async with context.db.transaction() as connection:
            count = await vault.purge(connection)
        if count:
            log.info("secrets_purged", secrets=count)
        if count < vault.PURGE_BATCH:
            return


async def _trim(context: SyncContext, deadline: float) -> bool:
    """Trims history; returns whether all tables are done."""
    for table, days in context.retention.items():
        while True:
            async with context.db.transaction() as connection:
                if not await vault.retain(connection, table, days):
                    break
            if time.monotonic() >= deadline:
                return False
    return True

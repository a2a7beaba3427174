"""Deletes what must not stay: credentials past their date (end + 24 h, by the database's clock), and old history.

Whether credentials are due is one index look at each tick, so the backlog is a tick old at most while a worker runs.
"""

import time

from worker.store import vault
from worker.sync.mirror import Mirror
from worker.telemetry import log

SLICE_SECONDS = 20.0
TRIM_EVERY_SECONDS = 3600.0


def is_trim_due(mirror: Mirror) -> bool:
    """Whether this worker has not trimmed history for an hour. Several workers doing so harm nothing."""
    return bool(mirror.retention) and time.monotonic() - mirror.retained_at >= TRIM_EVERY_SECONDS


async def purge(mirror: Mirror) -> None:
    """Works until nothing is left to delete, or its time slice is over (the next tick goes on)."""
    deadline = time.monotonic() + SLICE_SECONDS
    await _purge_secrets(mirror, deadline)
    if is_trim_due(mirror) and await _trim(mirror, deadline):
        mirror.retained_at = time.monotonic()


async def _purge_secrets(mirror: Mirror, deadline: float) -> None:
    while time.monotonic() < deadline:
        async with mirror.db.transaction() as connection:
            count = await vault.purge(connection)
        if count:
            log.info("secrets_purged", secrets=count)
        if count < vault.PURGE_BATCH:
            return


async def _trim(mirror: Mirror, deadline: float) -> bool:
    """Whether all tables are done."""
    for table, days in mirror.retention.items():
        while True:
            async with mirror.db.transaction() as connection:
                if not await vault.retain(connection, table, days):
                    break
            if time.monotonic() >= deadline:
                return False
    return True

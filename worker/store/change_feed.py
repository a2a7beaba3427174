"""Publishes committed changes: a separate transaction gives them their positions in the feed and notifies readers."""

from worker.errors import StoreError
from worker.logs import log
from worker.store.database import Database
from worker.store.queries import load

SQL = load("change_feed")

BATCH = 10_000
"""Rows that are published in one transaction."""


async def publish(db: Database) -> None:
    """Moves committed changes into the feed, in the order in which they were written.

    Writers call it after their commit. When it fails, nothing is lost: the next call, at the latest that of the
    schedule, publishes the changes.
    """
    try:
        async with db.connection() as connection:
            while await connection.fetchval(SQL["publish"], BATCH) == BATCH:
                pass
    except StoreError as error:
        log.info("changes_not_published_yet", reason=str(error))

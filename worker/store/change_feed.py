"""The change feed: what was committed gets its place there in a transaction of its own, and readers are woken."""

from worker.errors import StoreError
from worker.logs import log
from worker.store.database import Database
from worker.store.queries import load

SQL = load("change_feed")

BATCH = 10_000
"""Rows that get their place in one transaction."""


async def publish(db: Database) -> None:
    """Moves committed changes into the feed, in the order in which they were written.

    Called after the commit of whoever wrote them. When it fails, nothing is lost: the next call, at the latest that of
    the schedule, publishes them.
    """
    try:
        async with db.connection() as connection:
            while await connection.fetchval(SQL["publish"], BATCH) == BATCH:
                pass
    except StoreError as error:
        log.info("changes_not_published_yet", reason=str(error))

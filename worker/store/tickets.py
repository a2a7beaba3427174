"""Tickets of resyncs that were requested in SQL: a reconcile that began after the request answers the ticket."""

from enum import StrEnum

from worker.store.database import Connection
from worker.store.queries import load
from worker.store.work_queue import WorkItem

SQL = load("tickets")


class TicketResult(StrEnum):
    """The result of a reconcile, for callers that wait for a ticket."""

    DONE = "done"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    UNKNOWN_ID = "unknown id"
    UNREADABLE = "unreadable"
    DEAD_LETTER = "dead letter"


async def settle(connection: Connection, item: WorkItem, result: TicketResult, detail: str | None = None) -> None:
    """Answers the tickets that this reconcile covers, in the transaction of its write.

    Tickets of a later generation stay open: their request may have come after SavvyCal's answer.
    """
    key = (item.account, item.kind, item.id)
    await connection.execute(SQL["settle"], *key, item.requested_gen, result, detail, item.claimed_at)


async def settle_dead_letter(connection: Connection, item: WorkItem, error: str) -> None:
    """Answers the tickets of work that became a dead letter, unless it was requested again meanwhile."""
    if await connection.fetchval(SQL["is_dead_letter"], item.account, item.kind, item.id):
        await settle(connection, item, TicketResult.DEAD_LETTER, error)

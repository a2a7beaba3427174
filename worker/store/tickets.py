"""Tickets of requests for a resync: a reconcile that began after the request answers the ticket."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

import asyncpg

from worker.errors import ResyncRejected
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


async def request(connection: Connection, account: str, kind: str, object_id: str) -> str | None:
    """Requests a resync of one object; its ticket, or None when too many requests of the account are pending.

    Raises:
        ResyncRejected: nothing of that kind is mirrored for the account.
    """
    try:
        ticket: str = await connection.fetchval(SQL["request_resync"], kind, object_id, account)
    except asyncpg.ProgramLimitExceededError:
        return None
    except asyncpg.InvalidParameterValueError:
        raise ResyncRejected(f"no {kind}s are mirrored here for an account of that name") from None
    return ticket


class Ticket(NamedTuple):
    """A ticket; `result` is None while it is open. `last_error`: why the last attempt at its object failed."""

    id: str
    result: str | None
    version: int | None
    detail: str | None
    last_error: str | None


async def find(connection: Connection, ids: Collection[str]) -> dict[str, Ticket]:
    """Those of the tickets that exist, by id."""
    return {row["id"]: Ticket(*row) for row in await connection.fetch(SQL["find"], list(ids))}


async def settle(connection: Connection, item: WorkItem, result: TicketResult, detail: str | None = None) -> None:
    """Answers the tickets that this reconcile covers, in the transaction of its write.

    Tickets of a later generation stay open: their request may have come after SavvyCal's answer.
    """
    key = (item.account, item.kind, item.key)
    await connection.execute(SQL["settle"], *key, item.requested_gen, result, detail, item.claimed_at)

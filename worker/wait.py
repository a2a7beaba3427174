"""Read your writes, for Python: ask for a resync in Postgres and wait for the reconcile that answers it.

Needs asyncpg alone, and a role that may read (docs/queue.md).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

CHANNEL = "savvycal_tickets"
ASK_AGAIN_SECONDS = 0.25
"""Behind a pooler no notice arrives: then the ticket is looked up this often."""


Connection = Any
"""An asyncpg connection outside of any transaction, or one of a pool."""


class Answer(NamedTuple):
    """What came of a resync.

    `result`: done (a new version is stored), unchanged, deleted, unknown id, unreadable, dead letter, unreachable (the
    last attempt failed; it is tried again), or timed out. `version`: that of the stored object then, None without one.
    """

    result: str
    version: int | None
    detail: str | None


async def resync(
    connection: Connection, kind: str, object_id: str, *, account: str = "default", seconds: float = 20
) -> Answer:
    """Has one object read again and waits until that is done, never answering for a read that began before.

    Raises:
        asyncpg.PostgresError: not an id, or not an account that is mirrored.
    """
    ticket = await connection.fetchval("select savvycal.request_resync($1, $2, $3)", kind, object_id, account)
    return await wait(connection, ticket, seconds)


async def wait(connection: Connection, ticket: str, seconds: float = 20) -> Answer:
    """Waits for a ticket of request_resync().

    Raises:
        asyncpg.PostgresError: no such ticket, or its transaction is not committed yet.
    """

    async def answered() -> Answer | None:
        row = await connection.fetchrow("select result, version, detail from savvycal.ticket_result($1)", ticket)
        return Answer(*row) if row["result"] else None

    found = await _until(connection, answered, seconds)
    return found or Answer(
        *await connection.fetchrow("select result, version, detail from savvycal.wait($1, 0)", ticket)
    )


async def wait_until(
    connection: Connection, kind: str, object_id: str, *, account: str = "default", seconds: float = 20
) -> int | None:
    """Waits until an object is stored and not deleted: its version, or None when the time is over."""
    until = "select savvycal.wait_until($1, $2, 0, $3)"

    async def stored() -> int | None:
        version: int | None = await connection.fetchval(until, kind, object_id, account)
        return version

    return await _until(connection, stored, seconds)


async def _until(connection: Connection, ask: Callable[[], Awaitable[T | None]], seconds: float) -> T | None:
    """Asks at once, on each notice, and a few times a second; None when the time is over."""
    woken, deadline = asyncio.Event(), time.monotonic() + seconds

    def wake(*_notice: object) -> None:
        woken.set()

    await connection.add_listener(CHANNEL, wake)
    try:
        while True:
            woken.clear()
            if (found := await ask()) is not None:
                return found
            rest = deadline - time.monotonic()
            if rest <= 0:
                return None
            try:
                await asyncio.wait_for(woken.wait(), min(ASK_AGAIN_SECONDS, rest))
            except TimeoutError:
                continue
    finally:
        await connection.remove_listener(CHANNEL, wake)

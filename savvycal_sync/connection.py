"""A connection of asyncpg or psycopg 3, as far as this package needs one: rows, and notices to wait for.

This package opens no connection to Postgres: how to reach it, and which role to use, is the application's decision.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from savvycal_sync.errors import SavvycalSyncError, WaitRejected

if TYPE_CHECKING:
    import asyncpg
    import psycopg
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = (
        asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record] | psycopg.AsyncConnection[Any]
    )
else:
    Connection = Any
"""A connection of asyncpg, alone or of a pool, or an `AsyncConnection` of psycopg 3.2 or newer."""

T = TypeVar("T")

Pause: TypeAlias = Callable[[float], Awaitable[None]]
"""Returns after a notice, or after so many seconds."""

_OURS = {"22023", "25000", "53300", "54000"}
"""SQLSTATEs of what the functions of the schema refuse; their messages are sentences without values."""


class Session(Protocol):
    """What both drivers can do."""

    async def rows(self, statement: str, *arguments: object) -> Sequence[Sequence[Any]]:
        """All rows of a statement, whose arguments are $1, $2 and so on."""

    def is_in_transaction(self) -> bool:
        """Whether what is executed now stays uncommitted."""

    def listening(self, channel: str) -> AbstractAsyncContextManager[Pause]:
        """Listens to a channel; what is returned pauses until a notice arrives."""


def session_of(connection: Connection) -> Session:
    """The connection behind one interface.

    Raises:
        TypeError: it is neither of asyncpg nor of psycopg.
    """
    if hasattr(connection, "add_listener"):
        return _Asyncpg(connection)
    if hasattr(connection, "notifies") and hasattr(connection, "__aenter__"):
        return _Psycopg(connection)
    raise TypeError(
        f"database is a connection of asyncpg or an AsyncConnection of psycopg 3, not {type(connection).__name__}"
    )


class _Asyncpg:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, statement: str, *arguments: object) -> Sequence[Sequence[Any]]:
        found: list[Sequence[Any]] = await self._connection.fetch(statement, *arguments)
        return found

    def is_in_transaction(self) -> bool:
        return bool(self._connection.is_in_transaction())

    @asynccontextmanager
    async def listening(self, channel: str) -> AsyncIterator[Pause]:
        import asyncio  # half of the time that the import of this package would take

        woken = asyncio.Event()

        def wake(*_notice: object) -> None:
            woken.set()

        async def pause(seconds: float) -> None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), seconds)
            woken.clear()

        await self._connection.add_listener(channel, wake)
        try:
            yield pause
        finally:
            await self._connection.remove_listener(channel, wake)


class _Psycopg:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, statement: str, *arguments: object) -> Sequence[Sequence[Any]]:
        from psycopg import AsyncRawCursor
        from psycopg.rows import tuple_row

        async with AsyncRawCursor(self._connection, row_factory=tuple_row) as cursor:
            await cursor.execute(statement.encode(), arguments, prepare=False)  # a pooler may lose prepared ones
            return await cursor.fetchall()

    def is_in_transaction(self) -> bool:
        from psycopg.pq import TransactionStatus

        is_idle = self._connection.info.transaction_status is TransactionStatus.IDLE
        return not (self._connection.autocommit and is_idle)

    @asynccontextmanager
    async def listening(self, channel: str) -> AsyncIterator[Pause]:
        async def pause(seconds: float) -> None:
            async for _notice in self._connection.notifies(timeout=seconds, stop_after=1):
                return

        await self._connection.execute(f"listen {channel}")
        try:
            yield pause
        finally:
            if not self._connection.closed:
                await self._connection.execute(f"unlisten {channel}")


async def _notices(session: Session, channel: str) -> AbstractAsyncContextManager[Pause]:
    import asyncio

    ((is_standby,),) = await session.rows("select pg_is_in_recovery()")
    return contextlib.nullcontext(asyncio.sleep) if is_standby else session.listening(channel)


@contextlib.contextmanager
def refused_as(kind: type[SavvycalSyncError]) -> Iterator[None]:
    """Turns what the functions of the schema refuse into an error of this package; others stay those of the driver."""
    try:
        yield
    except Exception as error:
        if getattr(error, "sqlstate", None) not in _OURS:
            raise
        said = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
        raise kind(said) from None


def refuse_transaction(session: Session) -> None:
    """Refuses a connection on which nobody else's commit arrives, or on which a row could be rolled back.

    Raises:
        WaitRejected: it is inside a transaction. One of psycopg always is, unless it was opened with autocommit.
    """
    if session.is_in_transaction():
        raise WaitRejected("that needs a connection outside any transaction (with psycopg, one with autocommit=True)")


async def until(
    session: Session, channel: str, ask: Callable[[], Awaitable[T | None]], seconds: float, ask_again_seconds: float
) -> T | None:
    """Asks at once, after each notice and every `ask_again_seconds`; None when the time is over.

    Behind a pooler no notices arrive, and a standby cannot listen; then asking again is what finds the answer.
    """
    deadline = time.monotonic() + seconds
    found = await ask()
    if found is not None or seconds <= 0:
        return found
    refuse_transaction(session)
    async with await _notices(session, channel) as pause:
        while (found := await ask()) is None and (rest := deadline - time.monotonic()) > 0:
            await pause(min(ask_again_seconds, rest))
    return found

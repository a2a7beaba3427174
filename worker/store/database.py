"""The connection pool: deadlines on everything, times in UTC, and errors that carry no values."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from worker.core import json_text
from worker.errors import StoreConflict, StoreError, StoreReadOnly, StoreUnavailable
from worker.store.clock import Clock

Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"

CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 30.0
ACQUIRE_SECONDS = 15.0
CLOSE_SECONDS = 2.0
LEAVE_SECONDS = 5.0
"""While nothing can be written, connections are replaced this often, not at each refusal."""

SESSION = {
    "application_name": "savvycal-sync",
    "timezone": "UTC",
    "search_path": "pg_catalog, pg_temp",
    "statement_timeout": "25s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "plan_cache_mode": "force_custom_plan",
}
"""Postgres ends what our own deadlines miss. Plans are made for each execution: one that was kept from when the tables
were empty reads all of them for every batch of a first load (measured: hours instead of seconds)."""

_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a farewell of Postgres that came while the connection was idle
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,  # a disk that fails
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # locks, and a database that takes no connections just now
    asyncpg.SyntaxOrAccessError,
    OSError,
    TimeoutError,
)
"""Errors that another attempt may not meet: lost connections, shutdown, locks and deadlocks, failover, a missing right
or table.

None of them comes from the data: a batch that meets one is tried again, never split."""


WRITABLE = "select current_setting('transaction_read_only') = 'off'"

_NO_WAY_IN = "DATABASE_URL: check host, port, user, password and database name; Postgres cannot be used"


@asynccontextmanager
async def value_free_errors(said: str = "Postgres could not do that now") -> AsyncIterator[None]:
    """Turns asyncpg's errors into ours. Their text and detail quote row values, so only class and SQLSTATE go on."""
    try:
        yield
    except (asyncpg.ReadOnlySQLTransactionError, asyncpg.TargetServerAttributeNotMatched) as error:
        raise StoreReadOnly(_named("Postgres takes no writes now, as after a failover", error)) from None
    except _AWAY as error:
        raise StoreUnavailable(_named(said, error)) from None
    except asyncpg.UniqueViolationError as error:
        raise StoreConflict(_named("two workers wrote the same row", error)) from None
    except asyncpg.PostgresError as error:
        raise StoreError(_named("Postgres refused", error)) from None


def _named(said: str, error: BaseException) -> str:
    state = getattr(error, "sqlstate", None)
    return f"{said} ({type(error).__name__}{f', SQLSTATE {state}' if state else ''})"


_HERE = {None, "localhost", "127.0.0.1", "::1"}


def tls_of(url: str) -> ssl.SSLContext | None:
    """How the server has to prove who it is; None leaves it to what the URL says (`sslmode`).

    A URL that says nothing means verify-full for another machine: libpq's own default would take any certificate.
    """
    parts = urlsplit(url)
    said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    places = said.get("host", parts.netloc.rpartition("@")[2]).split(",")
    elsewhere = any(not (place.startswith("/") or urlsplit(f"//{place}").hostname in _HERE) for place in places)
    if said.get("sslmode", "verify-full" if elsewhere else "") != "verify-full":
        return None
    return ssl.create_default_context(cafile=said.get("sslrootcert"))


_Base: type["asyncpg.Connection[asyncpg.Record]"] = asyncpg.Connection


class _Plain(_Base):  # type: ignore[valid-type,misc]  # generic for the type checker only
    """A connection that nobody leaves a trace in (no LISTEN, no session lock, no SET): given back, it needs no reset.

    That saves a round trip for each use. An open transaction is still rolled back.
    """

    def get_reset_query(self) -> str:
        """Nothing to reset."""
        return ""


async def open_connection(*place: Any, **named: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """Connects. Whatever answers without speaking as Postgres does, such as a broken pooler, is away for us: asyncpg
    has no errors of its own for a handshake that lacks things (measured: AttributeError, LookupError, ValueError).
    """
    try:
        return await asyncpg.connect(*place, **named)
    except (OSError, asyncpg.InterfaceError):
        raise  # a bad certificate and a wrong address are ValueErrors, too, but their names tell what they are
    except (AttributeError, LookupError, ValueError) as error:
        raise asyncpg.InternalClientError(f"a strange handshake ({type(error).__name__})") from None


class Database:
    """A pool with the two ways this program uses it."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self.clock = Clock()
        self._left_at = float("-inf")

    @classmethod
    async def connect(cls, url: str, pool_size: int = 8, command_seconds: float = COMMAND_SECONDS) -> "Database":
        """Opens the pool.

        Raises:
            StoreUnavailable: Postgres cannot be reached or does not let us in.
        """
        async with value_free_errors(_NO_WAY_IN):
            pool: asyncpg.Pool[asyncpg.Record] = await asyncpg.create_pool(
                url,
                ssl=tls_of(url),
                min_size=0,  # a minimum would be kept up by a task that logs tracebacks while Postgres is away
                max_size=pool_size,
                timeout=CONNECT_SECONDS,
                command_timeout=command_seconds,
                server_settings=SESSION,
                init=_prepare,
                connect=open_connection,
                connection_class=_Plain,
            )
            now = await pool.fetchval("select clock_timestamp()", timeout=CONNECT_SECONDS)
        db = cls(pool)
        db.clock.set(now, time.monotonic())  # however long it took to get there: there is nothing better yet
        return db

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection outside any transaction."""
        try:
            async with value_free_errors(), self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
                yield connection
        except StoreReadOnly:
            await self._leave_replica()
            raise

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction; it commits when the block ends."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def is_writable(self) -> bool:
        """Whether it takes writes now."""
        async with self.connection() as connection:
            is_writable: bool = await connection.fetchval(WRITABLE)
        if not is_writable:
            await self._leave_replica()
        return is_writable

    async def _leave_replica(self) -> None:
        """Connections may stay with a server that is no longer the primary: the next ones may reach another."""
        if time.monotonic() - self._left_at >= LEAVE_SECONDS:
            self._left_at = time.monotonic()
            await self._pool.expire_connections()

    def pool_sizes(self) -> dict[str, int]:
        """How many connections are open, and how many of them are idle."""
        return {"open": self._pool.get_size(), "idle": self._pool.get_idle_size()}

    def cut(self) -> None:
        """Ends all connections at once, and with them every call that waits for an answer."""
        self._pool.terminate()

    async def close(self) -> None:
        """Waits a moment for borrowed connections, then cuts them."""
        try:
            await asyncio.wait_for(self._pool.close(), timeout=CLOSE_SECONDS)
        except TimeoutError:
            self.cut()


async def _prepare(connection: "asyncpg.Connection[asyncpg.Record] | Connection") -> None:
    """JSON travels as bytes both ways: bodies are JSON text already, and are only decoded where they are compared.
    Times travel as Postgres' own numbers, so that each is stored as it is.
    """
    await connection.set_type_codec("json", schema="pg_catalog", format="binary", encoder=_to_json, decoder=bytes)
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", format="binary", encoder=_to_jsonb, decoder=lambda data: bytes(data[1:])
    )
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", format="tuple", encoder=_to_microseconds, decoder=_to_time
    )


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _to_microseconds(time: datetime) -> tuple[int]:
    """As Postgres counts. asyncpg's own codec turns the first and the last moment of datetime into infinity, which many
    clients cannot read; this one is as fast (COPY of 50,000 rows with six times: 0.10 s instead of 0.21 s).
    """
    since = time - _EPOCH
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds,)


_FIRST_COUNTED, _LAST_COUNTED = _to_microseconds(_FIRST)[0], _to_microseconds(_LAST)[0]


def _to_time(counted: tuple[int]) -> datetime:
    """Times that datetime cannot hold become its first or last moment: infinity, which only others can have written,
    and a time that a statement computed from one in the year 9999.
    """
    if _FIRST_COUNTED <= counted[0] <= _LAST_COUNTED:
        return _EPOCH + timedelta(microseconds=counted[0])
    return _LAST if counted[0] > 0 else _FIRST


def _to_json(value: object) -> bytes:
    return value if isinstance(value, bytes) else json_text.encode(value)


def _to_jsonb(value: object) -> bytes:
    return b"\x01" + _to_json(value)


async def create_database(server_url: str, name: str, fresh: bool) -> str:
    """A database of that name on the same server, emptied when `fresh`; its URL. `name` is one of our own constants."""
    async with value_free_errors():
        connection = await open_connection(server_url, ssl=tls_of(server_url), timeout=CONNECT_SECONDS)
        try:
            if fresh:
                await connection.execute(f'drop database if exists "{name}" with (force)')
            if not await connection.fetchval("select true from pg_database where datname = $1", name):
                await connection.execute(f'create database "{name}"')
        finally:
            await connection.close()
    return sibling_database(server_url, name)


def sibling_database(url: str, name: str) -> str:
    """Another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

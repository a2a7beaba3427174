"""Opens connections to Postgres: verifies the certificate, recognizes poolers, and names the cause of a failure."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import asyncpg

from worker.settings import Address
from worker.settings.postgres_options import PostgresAddress, read_address

CONNECT_SECONDS = 10.0

SESSION = {
    "application_name": "savvycal-sync",
    "timezone": "UTC",
    "datestyle": "ISO, MDY",
    "intervalstyle": "postgres",
    "search_path": "pg_catalog, pg_temp",
    "standard_conforming_strings": "on",
    "bytea_output": "hex",
    "default_transaction_isolation": "read committed",
    "statement_timeout": "25s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "plan_cache_mode": "force_custom_plan",
}
"""Session settings that this program needs, whatever the role or the database has been set to.

The timeouts end what our own deadlines miss. A plan is made for each execution: a plan from the time when the tables
were empty would read whole tables for every batch of a backfill (measured: hours instead of seconds).
"""

_LOCAL = "; ".join(
    f"set local {name} to {value if name == 'search_path' else repr(value)}"
    for name, value in SESSION.items()
    if name not in {"application_name", "default_transaction_isolation"}
)
_BEGIN = f"BEGIN ISOLATION LEVEL READ COMMITTED; {_LOCAL};"
"""The same settings for a shared session: for one transaction, in one round trip."""

Raw: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_Base: type["asyncpg.Connection[asyncpg.Record]"] = asyncpg.Connection


class Plain(_Base):  # type: ignore[valid-type,misc]  # generic for the type checker only
    """A connection without session state (no LISTEN, no session lock, no SET), which needs no reset after use.

    That saves a round trip for each use. An open transaction is still rolled back.
    """

    def get_reset_query(self) -> str:
        """Returns an empty query: there is nothing to reset."""
        return ""


class Pooled(Plain):
    """A connection to a pooler: statements before and after a commit may reach different sessions.

    So no state is kept in a session. Each transaction sets its own settings. A statement outside a transaction gets one
    of its own, because parsing and executing it are two messages, which could reach different sessions.
    """

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:
        """Executes a query as asyncpg does; a transaction begins with its settings."""
        if not args and query == "BEGIN;":
            query = _BEGIN
        status: str = await super().execute(query, *args, timeout=timeout)
        return status

    async def _execute(self, *args: Any, **named: Any) -> Any:
        return await self._inside(super()._execute, *args, **named)

    async def _executemany(self, *args: Any, **named: Any) -> Any:
        return await self._inside(super()._executemany, *args, **named)

    async def copy_records_to_table(self, *args: Any, **named: Any) -> Any:
        """Copies records as asyncpg does, in a transaction."""
        return await self._inside(super().copy_records_to_table, *args, **named)

    async def _inside(self, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        if self.is_in_transaction():
            return await call(*args, **named)
        async with self.transaction():
            return await call(*args, **named)


@dataclass(frozen=True, slots=True)
class Way:
    """How connections to an address are opened."""

    is_pooled: bool

    @property
    def connection_class(self) -> type[Plain]:
        """The class of these connections."""
        return Pooled if self.is_pooled else Plain

    @property
    def options(self) -> dict[str, Any]:
        """Options for asyncpg. Behind a pooler no statements are cached, because their names belong to a session."""
        return {"statement_cache_size": 0} if self.is_pooled else {"server_settings": SESSION}


def current(address: Address) -> PostgresAddress:
    """Parses the address as it is now."""
    return read_address(address() if callable(address) else address)


async def open_connection(address: Address, way: Way, **named: Any) -> Raw:
    """Connects. A server that does not speak the protocol of Postgres, such as a broken pooler, counts as unavailable.

    asyncpg has no errors of its own for an incomplete handshake (measured: AttributeError, LookupError, ValueError).
    """
    found = current(address)
    options: dict[str, Any] = {"connection_class": way.connection_class}
    options["timeout"] = found.connect_seconds or CONNECT_SECONDS
    try:
        return await asyncpg.connect(found.url, **(options | way.options | named), ssl=tls_of(found.url))
    except (OSError, asyncpg.InterfaceError):
        raise  # an invalid certificate or address is a ValueError, too, but its class names the cause
    except (AttributeError, LookupError, ValueError) as error:
        raise asyncpg.InternalClientError(f"a strange handshake ({type(error).__name__})") from None


_BEHIND_A_POOLER = "unsupported startup parameter"


async def find_way(address: Address) -> Way:
    """Finds out whether there is a pooler in between.

    A pooler refuses settings at the start, or ignores them, or reports a process id that is not the server's.
    """
    if current(address).is_pooled:
        return Way(is_pooled=True)
    try:
        probe = await open_connection(address, Way(is_pooled=False), statement_cache_size=0)
    except asyncpg.ProtocolViolationError as error:
        if _BEHIND_A_POOLER in str(error):
            return Way(is_pooled=True)
        raise
    try:
        async with probe.transaction():
            pid, path = await probe.fetchrow("select pg_backend_pid(), current_setting('search_path')") or (0, "")
        return Way(is_pooled=pid != probe.get_server_pid() or path != SESSION["search_path"])
    finally:
        probe.terminate()


_HERE = {None, "localhost", "127.0.0.1", "::1"}


def tls_of(url: str) -> ssl.SSLContext | None:
    """The TLS context that verifies the server; None when the URL decides (`sslmode`).

    A URL without `sslmode` means verify-full for another machine: libpq's own default would accept any certificate.
    """
    parts = urlsplit(url)
    said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    places = said.get("host", parts.netloc.rpartition("@")[2]).split(",")
    elsewhere = any(not (place.startswith("/") or urlsplit(f"//{place}").hostname in _HERE) for place in places)
    if said.get("sslmode", "verify-full" if elsewhere else "") != "verify-full":
        return None
    return ssl.create_default_context(cafile=said.get("sslrootcert"))

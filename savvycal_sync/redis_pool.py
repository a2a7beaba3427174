"""Connections to Redis: deadlines, checked certificates, passwords that may change, and sentinels."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelManagedConnection, SentinelManagedSSLConnection
from redis.backoff import ExponentialBackoff
from redis.credentials import CredentialProvider
from redis.exceptions import RedisError

from savvycal_sync.redis_options import SENTINEL, SentinelAddress, read_sentinel, tls_options, without_times

CONNECTIONS_MAX = 32


class _Login(CredentialProvider):
    """User and password as the address holds them now."""

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        parts = urlsplit(self._address())
        password = unquote(parts.password or "")
        return (unquote(parts.username), password) if parts.username else (password,)

    async def get_credentials_async(self) -> tuple[str] | tuple[str, str]:
        """The same, for asyncio."""
        return self.get_credentials()


class _ConnectionPool(BlockingConnectionPool):
    """Once it has been closed nobody opens a connection again: ARQ writes down the end of a canceled job behind
    everybody's back (asyncio.shield), and redis-py would connect once more for it.
    """

    _is_closed = False

    async def get_connection(self, *args: Any, **options: Any) -> Any:
        if self._is_closed:
            raise RedisError("the connections have been closed")
        return await super().get_connection(*args, **options)

    async def release(self, connection: AbstractConnection) -> None:
        await super().release(connection)
        if self._is_closed:
            await connection.disconnect()

    async def disconnect(self, inuse_connections: bool = True) -> None:
        self._is_closed = True
        await super().disconnect(inuse_connections)


class _SentinelPool(_ConnectionPool):
    """The primary that the sentinels name, asked for each new connection. redis-py's own pool raises when it is full
    instead of waiting.
    """

    is_master, check_connection = True, False

    def __init__(self, address: SentinelAddress, **options: Any) -> None:
        kind = SentinelManagedSSLConnection if address.is_tls else SentinelManagedConnection
        super().__init__(connection_class=kind, **(options | dict(address.server_options)))
        self.connection_kwargs["connection_pool"] = self
        self._service = address.service
        times = {name: options[name] for name in ("socket_timeout", "socket_connect_timeout")}
        self._sentinel = Sentinel(  # type: ignore[no-untyped-call]
            address.sentinels, sentinel_kwargs=times | dict(address.sentinel_options)
        )

    async def get_master_address(self) -> tuple[str, int]:
        """Host and port."""
        found: tuple[str, int] = await self._sentinel.discover_master(self._service)
        return found

    async def disconnect(self, inuse_connections: bool = True) -> None:
        await super().disconnect(inuse_connections)
        for each in self._sentinel.sentinels:
            await each.connection_pool.disconnect()


@asynccontextmanager
async def open_redis(
    address: str | Callable[[], str], attempts: int = 3, deadline_seconds: float = 5
) -> AsyncIterator[Redis]:
    """A client with a pool of its own, which ends with it; it connects at its first command."""
    async with Redis(connection_pool=connection_pool(address, attempts, deadline_seconds)) as redis:
        try:
            yield redis
        finally:
            with suppress(RedisError, OSError):
                await redis.connection_pool.disconnect()


def connection_pool(
    address: str | Callable[[], str], attempts: int = 3, deadline_seconds: float = 5, size: int = CONNECTIONS_MAX
) -> BlockingConnectionPool:
    """Connections with deadlines, retries and checked certificates; redis-py's own defaults have none of them.

    An address that is a function is called for user and password of each new connection.
    """
    url = address() if callable(address) else address
    options: dict[str, Any] = {
        "max_connections": size,
        "timeout": deadline_seconds,
        "socket_connect_timeout": min(2.0, deadline_seconds),
        "socket_timeout": deadline_seconds,
        "health_check_interval": 15,
        "retry": Retry(ExponentialBackoff(cap=0.5, base=0.05), attempts),
        "retry_on_error": [ConnectionError, TimeoutError],  # Python's own: what connecting raises, and no command does
    }
    if url.startswith(SENTINEL):
        return _SentinelPool(read_sentinel(url), **options)
    pool: BlockingConnectionPool = _ConnectionPool.from_url(without_times(url), **(options | tls_options(url)))
    if callable(address) and urlsplit(url).password:
        for name in ("username", "password"):
            pool.connection_kwargs.pop(name, None)
        pool.connection_kwargs["credential_provider"] = _Login(address)
    return pool

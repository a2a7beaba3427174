"""Addresses in settings: Postgres, Redis, HTTP. Errors tell what an address must look like, without quoting it."""

import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError


def _http_url(value: str) -> str:
    if not re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[^\s/?#@:]+)(:\d{1,5})?(/[^\s?#]*)?", value):
        raise ValueError("must be an http(s) URL without user, query or fragment")
    if value.startswith("http://") and urlsplit(value).hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("must be https: a token never goes out in clear")
    return value


def _bind(value: str) -> str:
    found = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^\s:]+):(\d{1,5})", value)
    if not found or int(found[2]) > 65535:
        raise ValueError("must be HOST:PORT, for instance 127.0.0.1:8321")
    return value


def _bind_unless_none(value: str | None) -> str | None:
    return value if value is None else _bind(value)


def _scheme(*schemes: str) -> Callable[[SecretStr | None], SecretStr | None]:
    def check(value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(tuple(f"{s}://" for s in schemes)):
            raise ValueError(f"must start with {' or '.join(f'{s}://' for s in schemes)}")
        _must_be_url(value)
        return value

    return check


def _must_be_url(value: SecretStr | None) -> None:
    try:
        parts = urlsplit(value.get_secret_value() if value else "")
        for place in parts.netloc.rpartition("@")[2].split(","):  # Postgres takes several
            found = urlsplit(f"//{place}")
            host = found.hostname or ""
            _ = found.port, host if "%" in host else host.encode("idna")  # the first: a directory of sockets
    except ValueError:
        raise ValueError("is no URL: check host and port, and the brackets around an IPv6 address") from None


def _redis_takes(value: SecretStr | None) -> SecretStr | None:
    """redis-py hands the query of a URL to its connections, and with a wrong one each would fail at its first use."""
    try:
        if value is not None:
            pool: BlockingConnectionPool = BlockingConnectionPool.from_url(value.get_secret_value())
            pool.make_connection()  # type: ignore[no-untyped-call]
    except (TypeError, ValueError, RedisError):
        raise ValueError("has an option after its ? that does not go with this kind of address") from None
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
"""https, or http on this machine."""

Bind = Annotated[str, AfterValidator(_bind)]
"""HOST:PORT to listen at."""

AdminBind = Annotated[str | None, AfterValidator(_bind_unless_none)]
"""The same, or nothing."""

PostgresUrl = Annotated[SecretStr | None, AfterValidator(_scheme("postgresql", "postgres"))]
RedisUrl = Annotated[SecretStr | None, AfterValidator(_scheme("redis", "rediss", "unix")), AfterValidator(_redis_takes)]

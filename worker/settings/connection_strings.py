"""Addresses in settings: Postgres, Redis, HTTP. Errors tell what an address must look like, without quoting it."""

import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from savvycal_sync.redis_options import SENTINEL, read_sentinel
from worker.settings.postgres_options import read_address, refuse_unencoded
from worker.settings.proxy import check_proxy
from worker.settings.redis_options import SCHEMES, refuse_options


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
    text = value.get_secret_value() if value else ""
    refuse_unencoded(text)
    try:
        parts = urlsplit(text)
        for place in parts.netloc.rpartition("@")[2].split(","):  # Postgres takes several
            found = urlsplit(f"//{place}")
            host = found.hostname or ""
            _ = found.port, host if "%" in host else host.encode("idna")  # the first: a directory of sockets
    except ValueError:
        raise ValueError("is no URL: check host and port, and the brackets around an IPv6 address") from None


def _postgres_takes(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        read_address(value.get_secret_value())
    return value


def _build(url: str) -> None:
    if url.startswith(SENTINEL):
        read_sentinel(url)
        return
    pool: BlockingConnectionPool = BlockingConnectionPool.from_url(url)
    pool.make_connection()  # type: ignore[no-untyped-call]


def _redis_options(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        refuse_options(value.get_secret_value())
    return value


def _redis_takes(value: SecretStr | None) -> SecretStr | None:
    """redis-py hands the query of a URL to its connections, and with a wrong one each would fail at its first use."""
    try:
        if value is not None:
            _build(value.get_secret_value())
    except (TypeError, ValueError, RedisError):
        raise ValueError("has an option after its ? that does not go with this kind of address") from None
    return value


def _proxy(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        check_proxy(value.get_secret_value())
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
"""https, or http on this machine."""

Bind = Annotated[str, AfterValidator(_bind)]
"""HOST:PORT to listen at."""

AdminBind = Annotated[str | None, AfterValidator(_bind_unless_none)]
"""The same, or nothing."""

ProxyUrl = Annotated[SecretStr | None, AfterValidator(_proxy)]
"""The URL of an HTTP proxy, which may hold a password."""

PostgresUrl = Annotated[
    SecretStr | None, AfterValidator(_scheme("postgresql", "postgres")), AfterValidator(_postgres_takes)
]
RedisUrl = Annotated[
    SecretStr | None,
    AfterValidator(_scheme(*SCHEMES)),
    AfterValidator(_redis_options),
    AfterValidator(_redis_takes),
]

"""The servers of a test session: embedded ones, or those named in the environment.

`TEST_DATABASE_SERVER_URL` (a role that may create databases) and `TEST_REDIS_URL` (emptied before each test) run the
same tests against servers of your own, such as an older Postgres or a genuine Redis.
"""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import redis

from worker.embedded import Server, start_postgres, start_valkey

T = TypeVar("T")


@dataclass(frozen=True)
class GivenServer:
    """A server somebody else runs; it is neither started nor stopped here."""

    url: str = field(repr=False)
    name: str


@contextmanager
def temporary_directory() -> Iterator[Path]:
    """A short path for a data directory, gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="savvycal-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres_server() -> Iterator[Server | GivenServer]:
    """The session's Postgres."""
    given = os.environ.get("TEST_DATABASE_SERVER_URL")
    if given:
        yield GivenServer(given, "the Postgres of TEST_DATABASE_SERVER_URL")
        return
    with temporary_directory() as path:
        server = start_postgres(path / "data", durable=False)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def valkey_server() -> Iterator[Server | GivenServer]:
    """The session's Valkey."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield GivenServer(given, "the Redis of TEST_REDIS_URL")
        return
    with temporary_directory() as path:
        server = start_valkey(path / "data", durable=False)
        try:
            yield server
        finally:
            server.stop()


class Databases:
    """Makes databases on one server, over one connection with an event loop of its own.

    Synchronous, so that tests of both kinds can use it; the loop is never the current one, so pytest-asyncio does not
    see it.
    """

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._connection: asyncpg.Connection[asyncpg.Record] = self._run(asyncpg.connect(server_url, timeout=20))

    def create(self, template: str = "template1", encoding: str = "") -> str:
        """Make a database and return its address. `encoding`: another than the server's own, from an empty template."""
        name = f"savvycal_test_{os.getpid()}_{next(self._numbers)}"
        like = f"template0 ENCODING '{encoding}' LOCALE 'C'" if encoding else f'"{template}"'
        self._run(self._connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {like}', timeout=20))
        return urlunsplit(urlsplit(self._server_url)._replace(path=f"/{name}"))

    def drop(self, url: str) -> None:
        """Drop a database, together with the connections still open to it."""
        name = urlsplit(url).path.lstrip("/")
        self._run(self._connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', timeout=20))

    def close(self) -> None:
        """Give connection and loop back."""
        self._run(self._connection.close(timeout=20))
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)


def flush(url: str) -> None:
    """Forget everything a Redis holds."""
    with redis.Redis.from_url(url, socket_timeout=20) as client:
        client.flushall()

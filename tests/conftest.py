"""Fixtures: one Postgres and one Valkey for the session, a fresh database and an empty Redis for each test.

They are synchronous on purpose: the servers have to be started from the main thread, before any loop runs.
"""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.servers import Databases, GivenServer, flush, postgres_server, valkey_server
from worker.embedded import Server

FIGURES = "figures"
"""Name of the property under which a test says what it counted."""


def pytest_configure() -> None:
    """A shell starts what runs in its background with SIGINT ignored; what is started here would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What campaigns counted: tests may run in processes of their own, whose output nobody sees."""
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        for name, text in report.user_properties:
            if name == FIGURES:
                terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server | GivenServer]:
    """The session's Postgres; tests want `database_url`."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[Server | GivenServer]:
    """The session's Valkey; tests want `redis_url`."""
    with valkey_server() as server:
        yield server


@pytest.fixture(scope="session")
def databases(postgres: Server | GivenServer) -> Iterator[Databases]:
    """Makes and drops databases on the session's Postgres."""
    made = Databases(postgres.url)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own, dropped afterwards."""
    url = databases.create()
    try:
        yield url
    finally:
        databases.drop(url)


@pytest.fixture
def latin1_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own whose encoding lacks most letters."""
    url = databases.create(encoding="LATIN1")
    yield url
    databases.drop(url)


@pytest.fixture
def redis_url(valkey: Server | GivenServer) -> str:
    """An empty Redis; one for all tests, so they share nothing only because they run one after another."""
    flush(valkey.url)
    return valkey.url

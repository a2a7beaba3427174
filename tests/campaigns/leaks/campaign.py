"""One campaign, start to end."""

import contextlib
import io
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from savvycal_sync.keyring import Keyring, keys_from
from tests.campaigns.leaks import daemon_run, forcing
from tests.campaigns.leaks.canaries import Canaries, dress_world
from tests.campaigns.leaks.sinks import Sinks, collect_files, collect_readings, collect_redis, collect_tables
from tests.support.harness import Harness, running_harness
from worker import logs
from worker.embedded import Server
from worker.savvycal.api import Privacy
from worker.settings import hide_secret
from worker.simulator import Options, Simulator

EXPECTED = frozenset(
    {
        "text log",
        "json log",
        "worker log",
        "redis",
        "tables",
        "readings",
        "public readings",
        "overview page",
        "bookings page",
        "dead-letters page",
        "api/v1/status page",
        "api/v1/work-items page",
        "quarantine",
        "postgres log",
        "pg_stat_activity",
        "health page",
        "status page",
        "metrics page",
        "process",
        "crash dump",
        "live check",
    }
)
"""The 14 sinks; pg_stat_statements and the data directory of Postgres join them where they can be read."""


@dataclass(frozen=True)
class Findings:
    """How many errors were forced, what was searched, and which canaries were found where."""

    forced: int
    sinks: dict[str, int]
    leaks: dict[str, list[str]]
    sealed: int


async def run(
    directory: Path, database_url: str, redis_url: str, postgres: object, rounds: int = 1, daemon_seconds: float = 3
) -> Findings:
    """Dresses a world in canaries, forces errors, runs the daemon, searches everything."""
    canaries, sinks, forced = Canaries.fresh(database_url, redis_url), Sinks(), 0
    tokens = {name: canaries.secrets[name] for name in ("meetings_token", "appointments_token")}
    privacy = Privacy(keys=keys_from(lambda: canaries.secrets["sealing_key"]))
    for secret in (*tokens.values(), canaries.secrets["sealing_key"], database_url, redis_url):
        hide_secret(secret)  # as loading settings does
    for turn in range(rounds):
        async with running_harness(database_url, privacy=privacy, **tokens) as harness:
            dress_world(harness.simulator, canaries)
            with _logged(sinks, "json log" if turn % 2 else "text log"):
                forced += await _force(harness, canaries, database_url)
                sinks.add("live check", await forcing.check_live(harness, canaries))
    async with Simulator(Options(events=30, appointments=12, speed=1.0, **tokens)) as simulator:  # type: ignore[arg-type]
        dress_world(simulator, canaries)
        await daemon_run.run(directory, simulator, canaries, database_url, redis_url, sinks, daemon_seconds)
    await collect_redis(sinks, redis_url)
    await collect_tables(sinks, database_url)
    await collect_readings(sinks, database_url)
    if isinstance(postgres, Server):
        sinks.add("postgres log", postgres.log_path.read_bytes())
        collect_files(sinks, _data_of(postgres))
    sealed = _sealed(sinks, canaries)
    return Findings(forced, {name: len(sinks.text(name)) for name in sinks.parts}, sinks.leaks(canaries), sealed)


def _sealed(sinks: Sinks, canaries: Canaries) -> int:
    """How often the id of the sealing key stands in the tables: proof that credentials were stored at all."""
    return sinks.text("tables").count(Keyring.parse(canaries.secrets["sealing_key"]).first.id.encode())


def _data_of(postgres: Server) -> Path:
    """Where its files are: the directory with a PG_VERSION under the one of its log."""
    return min(postgres.log_path.parent.rglob("PG_VERSION"), key=lambda path: len(path.parts)).parent


async def _force(harness: Harness, canaries: Canaries, database_url: str) -> int:
    await harness.scan()
    return (
        await forcing.force_upstream(harness, canaries)
        + await forcing.force_poison(harness, canaries)
        + await forcing.force_store(harness, canaries, database_url)
        + await forcing.force_words(harness, canaries)
        + await forcing.force_libraries(canaries)
    )


@contextlib.contextmanager
def _logged(sinks: Sinks, name: str) -> Iterator[None]:
    """Logging as the program sets it up, into a sink."""
    root, hook, stream = logging.getLogger(), sys.excepthook, io.StringIO()
    handlers, level = root.handlers[:], root.level
    before, sys.stderr = sys.stderr, stream
    try:
        logs.configure("debug", name == "json log")
        yield
    finally:
        sys.stderr, sys.excepthook, root.handlers = before, hook, handlers
        root.setLevel(level)
        logging.captureWarnings(False)
        structlog.reset_defaults()
        sinks.add(name, stream.getvalue())

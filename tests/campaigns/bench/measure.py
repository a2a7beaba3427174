"""Runs processes and asks the system what they cost: `wait4` for CPU time, /proc for Postgres', WAL and row counts."""

import asyncio
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec

from tests.support.servers import temporary_directory
from worker.embedded import start_postgres

Measured = dict[str, Any]
CLK_TCK = os.sysconf("SC_CLK_TCK")
MIB = 2**20


@dataclass
class Postgres:
    """The server everybody writes to. `pid` is None when somebody else runs it: then its CPU time is not known."""

    url: str
    name: str
    pid: int | None
    runner: "asyncio.Runner" = field(default_factory=asyncio.Runner)

    def of(self, database: str) -> str:
        """The address of a database on it."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    def ask(self, sql: str, database: str | None = None) -> Any:
        """The first value of a statement."""

        async def go() -> Any:
            connection = await asyncpg.connect(self.of(database) if database else self.url, timeout=20)
            try:
                return await connection.fetchval(sql, timeout=120)
            finally:
                await connection.close()

        return self.runner.run(go())

    def fresh(self, database: str) -> str:
        """An empty database of that name."""
        self.ask(f'drop database if exists "{database}" with (force)')
        self.ask(f'create database "{database}"')
        return self.of(database)

    def cpu_seconds(self) -> float:
        """What its processes have used so far, finished ones included."""
        if self.pid is None:
            return 0.0
        used = sum(_cpu_times(self.pid)[2:])
        for path in Path("/proc").glob("[0-9]*/stat"):
            parent, own, *_ = _cpu_times(int(path.parent.name))
            used += own if parent == self.pid else 0
        return used / CLK_TCK


def _cpu_times(pid: int) -> tuple[int, int, int]:
    """Parent, own CPU time and that of children that have ended, in clock ticks."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return (0, 0, 0)
    return int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A temporary embedded Postgres that syncs its writes, or the one of BENCH_DATABASE_SERVER_URL."""
    given = os.environ.get("BENCH_DATABASE_SERVER_URL")
    if given:
        yield Postgres(given, "the Postgres of BENCH_DATABASE_SERVER_URL", None)
        return
    with temporary_directory() as path:
        server = start_postgres(path / "data", durable=True)
        try:
            yield Postgres(server.url, server.name, server.pid)
        finally:
            server.stop()


@contextmanager
def savvycal(events: int, appointments: int = 0, ahead_only: bool = False) -> Iterator[str]:
    """The server of the data; its base URL."""
    command = [sys.executable, "-m", "tests.campaigns.bench.server", str(events), str(appointments)]
    with subprocess.Popen([*command, "ahead" if ahead_only else "spread"], stdout=subprocess.PIPE) as child:
        assert child.stdout
        try:
            yield f"http://127.0.0.1:{int(child.stdout.readline())}/v1"
        finally:
            child.kill()


def control(api_url: str, name: str) -> Measured:
    """Sends a control request to the server: `change`, `iterations` or `latency?ms=50`."""
    with urllib.request.urlopen(f"{api_url.removesuffix('/v1')}/bench/{name}", timeout=60) as answer:
        told: Measured = msgspec.json.decode(answer.read())
        return told


@dataclass
class Harness:
    """Where contestants meet: one Postgres, one server of data, a directory for what they leave."""

    postgres: Postgres
    api_url: str
    scratch: Path

    def contest(self, name: str, phase: str, database: str, process_count: int = 1) -> Measured:
        """One phase of one contestant, in so many processes at once."""
        self.postgres.ask("checkpoint")
        control(self.api_url, "iterations")
        before = self._written(database)
        told = self._processes([name, phase, self.api_url, self.postgres.of(database)], process_count)
        after = self._written(database)
        iterations = control(self.api_url, "iterations")["iterations"]
        costs = {key: after[key] - before[key] for key in before}
        one = _merged(told) | costs
        if len(iterations) > 1 and name == "product":
            one["first_iteration_seconds"] = iterations[1] - one["began"]
        return one | {"iterations": len(iterations)}

    def _written(self, database: str) -> Measured:
        rows = (
            "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint from pg_stat_user_tables "
            "where schemaname <> 'pg_catalog'"
        )
        return {
            "wal_bytes": int(self.postgres.ask("select pg_current_wal_lsn() - '0/0'::pg_lsn")),
            "postgres_cpu_seconds": self.postgres.cpu_seconds(),
            "rows_written": self.postgres.ask(rows, database),
            "dead_rows": self.postgres.ask(
                "select coalesce(sum(n_dead_tup), 0)::bigint from pg_stat_user_tables", database
            ),
        }

    def _processes(self, arguments: Sequence[str], count: int) -> list[Measured]:
        environ = os.environ | {
            "BENCH_SCRATCH": str(self.scratch),
            "RUNTIME__DLTHUB_TELEMETRY": "false",
            "RUNTIME__LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "tests.campaigns.bench.contest", *arguments]
        children = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) for _ in range(count)]
        return [_result(child, arguments) for child in children]


def _result(child: "subprocess.Popen[bytes]", arguments: Sequence[str]) -> Measured:
    assert child.stdout
    lines = child.stdout.read().splitlines()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0 or not lines:
        raise SystemExit(f"{arguments[0]} {arguments[1]} ended with {child.returncode}")
    told: Measured = msgspec.json.decode(lines[-1])
    return told | {"cpu_seconds": used.ru_utime + used.ru_stime}


def _merged(told: list[Measured]) -> Measured:
    """Several processes as one: from the first start to the last end, CPU time added, the largest peak."""
    if len(told) == 1:
        return told[0]
    return told[0] | {
        "seconds": max(one["ended"] for one in told) - min(one["began"] for one in told),
        "cpu_seconds": sum(one["cpu_seconds"] for one in told),
        "peak_rss_bytes": max(one["peak_rss_bytes"] for one in told),
    }

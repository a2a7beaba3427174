"""The whole daemon as a user runs it, asking the benchmark's server, with a Valkey of its own."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.campaigns.bench.measure import CLK_TCK, Harness, Measured, control
from tests.support.daemon import start_blocking
from tests.support.ports import free_port
from tests.support.servers import valkey_server
from worker.settings import variable

SETTLE_SECONDS_MAX, QUIESCENCE_SECONDS = 120.0, 8.0
WEBHOOK_SECRET = "whsec_bench"


@dataclass(frozen=True)
class RunningDaemon:
    """A running daemon and where it listens."""

    pid: int
    address: str
    queue: "redis.Redis"

    def figures(self, harness: Harness) -> dict[str, float]:
        """What has been used so far: CPU seconds and Redis operations."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        told = dict(self.queue.info("stats"))  # type: ignore[arg-type]  # typed for both kinds of client
        return {
            "daemon_cpu": (int(fields[11]) + int(fields[12])) / CLK_TCK,
            "postgres_cpu": harness.postgres.cpu_seconds(),
            "redis_operations": float(told["total_commands_processed"]),
        }

    def idle(self, harness: Harness, seconds: float) -> Measured:
        """What it costs when nothing changes, watched for so long."""
        before = self.figures(harness)
        time.sleep(seconds)
        after = self.figures(harness)
        shares = {f"idle_{name}": (after[name] - before[name]) / seconds for name in before}
        return shares | {"peak_rss_bytes": self.peak_bytes(), "watched_seconds": seconds}

    def peak_bytes(self) -> int:
        """The most memory it had at once."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) * 1024


@contextmanager
def settled(harness: Harness, database: str) -> Iterator[RunningDaemon]:
    """A daemon on that database, once every window has been read."""
    with valkey_server() as queue, redis.Redis.from_url(queue.url) as client:
        address = f"127.0.0.1:{free_port()}"
        child = _start(harness, harness.postgres.fresh(database), queue.url, address)
        try:
            _settle(harness, child, database)
            yield RunningDaemon(child.pid, f"http://{address}", client)
        finally:
            child.terminate()
            child.wait(30)


def _start(harness: Harness, database_url: str, redis_url: str, address: str) -> "subprocess.Popen[bytes]":
    given = {
        "database_url": database_url,
        "redis_url": redis_url,
        "meetings_token": "pt_secret_bench",
        "meetings_url": harness.api_url,
        "meetings_webhook_secrets": WEBHOOK_SECRET,
        "appointments_token": "sk_bench",
        "appointments_url": harness.api_url,
        "requests_per_minute": "100000",
        "http": address,
        "log_level": "warning",
    }
    return start_blocking("run", settings={variable(field): value for field, value in given.items()})


def _wait_for_quiescence(harness: Harness, deadline: float) -> None:
    """Waits until no requests come in: first reads and audits continue for a while after the windows have been read."""
    control(harness.api_url, "iterations")
    time.sleep(QUIESCENCE_SECONDS)
    while control(harness.api_url, "iterations")["requests"] > 0 and time.monotonic() < deadline:
        time.sleep(QUIESCENCE_SECONDS)


def _settle(harness: Harness, child: "subprocess.Popen[bytes]", database: str) -> None:
    waiting = "select count(*) filter (where complete_as_of is null) = 0 and count(*) > 0 from savvycal.coverage"
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.5)
        there = harness.postgres.ask("select to_regclass('savvycal.coverage') is not null", database)
        if there and harness.postgres.ask(waiting, database):
            _wait_for_quiescence(harness, deadline)
            return
    raise SystemExit("the daemon did not settle")

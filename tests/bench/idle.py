"""What the daemon costs when nothing changes: its CPU time, Postgres', and its operations on Redis."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import redis

from tests.bench.measure import TICKS, Measured, Stage
from tests.servers import valkey_server
from worker.settings import variable

SETTLE_SECONDS_MAX = 120.0


def measure(stage: Stage, database_url: str, seconds: float) -> Measured:
    """Starts it, waits until every window has been read, and looks at it for so long."""
    with valkey_server() as queue, redis.Redis.from_url(queue.url) as client:
        child = _daemon(stage, database_url, queue.url)
        try:
            _settle(stage, child)
            before = _figures(stage, client, child.pid)
            time.sleep(seconds)
            after = _figures(stage, client, child.pid)
            peak = _peak_bytes(child.pid)
        finally:
            child.terminate()
            child.wait(30)
    shares = {f"idle_{name}": (after[name] - before[name]) / seconds for name in before}
    return shares | {"peak_rss_bytes": peak, "watched_seconds": seconds}


def _daemon(stage: Stage, database_url: str, redis_url: str) -> "subprocess.Popen[bytes]":
    given = {
        "database_url": database_url,
        "redis_url": redis_url,
        "meetings_token": "pt_secret_bench",
        "meetings_url": stage.api_url,
        "appointments_token": "sk_bench",
        "appointments_url": stage.api_url,
        "requests_per_minute": "100000",
        "http": "127.0.0.1:0",
        "log_level": "warning",
    }
    environ = os.environ | {variable(field): value for field, value in given.items()}
    command = [str(Path(sys.executable).with_name("savvycal-sync")), "run"]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)


def _settle(stage: Stage, child: "subprocess.Popen[bytes]") -> None:
    waiting = "select count(*) from savvycal.coverage where complete_as_of is null"
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.5)
        there = stage.postgres.ask("select to_regclass('savvycal.coverage') is not null", "bench_idle")
        planned = there and stage.postgres.ask("select count(*) from savvycal.coverage", "bench_idle")
        if planned and stage.postgres.ask(waiting, "bench_idle") == 0:
            time.sleep(6)  # one tick more
            return
    raise SystemExit("the daemon did not settle")


def _figures(stage: Stage, client: redis.Redis, pid: int) -> dict[str, float]:
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return {
        "daemon_cpu": (int(fields[11]) + int(fields[12])) / TICKS,
        "postgres_cpu": stage.postgres.cpu_seconds(),
        "redis_operations": float(_stats(client)["total_commands_processed"]),
    }


def _stats(client: redis.Redis) -> dict[str, Any]:
    told: Any = client.info("stats")  # typed for both kinds of client, sync and async
    return dict(told)


def _peak_bytes(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        found = [line.split()[1] for line in status if line.startswith("VmHWM:")]
    return int(found[0]) * 1024

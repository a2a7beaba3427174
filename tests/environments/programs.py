"""Servers from the system's packages, started on free ports and stopped afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.ports import free_port
from tests.support.servers import temporary_directory

_PATHS = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
START_SECONDS = 20


def program(name: str, package: str) -> str:
    """Where a program is; without it the case is skipped, or fails in CI."""
    found = shutil.which(name, path=_PATHS)
    if found:
        return found
    missing = f"{name} is not installed: `make system-packages` installs {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def running(command: list[str], port: int, cwd: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A server, once it listens; killed at the end."""
    log = cwd / f"{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(port, process, log)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends_at = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < ends_at:
        with socket.socket() as found:
            if found.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"{process.args!r} did not start: {log.read_text()[-500:]}")


@contextmanager
def pgbouncer(server_url: str, mode: str, extra: str = "", size: int = 20) -> Iterator[str]:
    """A pooler in front of a database; the address that leads through it."""
    executable = program("pgbouncer", "pgbouncer")
    parts, port = urlsplit(server_url), free_port()
    place = f"host={parts.hostname} port={parts.port} user={parts.username} password={parts.password}"
    with temporary_directory() as path:
        path.chmod(0o755)
        config = path / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n* = {place}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = any\npool_mode = {mode}\ndefault_pool_size = {size}\n{extra}\n"
        )
        config.chmod(0o644)
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        with running([executable, "-q", *user, str(config)], port, path):
            yield f"postgresql://anybody@127.0.0.1:{port}{parts.path}"


@contextmanager
def redis_server(*options: str) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A Redis without anything on disk; its port and process."""
    executable, port = program("redis-server", "redis-server"), free_port()
    with temporary_directory() as path:
        fixed = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(path)]
        with running([executable, *fixed, *options], port, path) as process:
            yield port, process


@contextmanager
def sentinel(master_port: int, name: str = "mymaster") -> Iterator[int]:
    """One of the sentinels that watch a master; its port."""
    executable, port = program("redis-sentinel", "redis-sentinel"), free_port()
    with temporary_directory() as path:
        config = path / "sentinel.conf"
        config.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {path}\nsentinel monitor {name} 127.0.0.1 {master_port} 2\n"
            f"sentinel down-after-milliseconds {name} 1000\nsentinel failover-timeout {name} 5000\n"
        )
        with running([executable, str(config)], port, path):
            yield port

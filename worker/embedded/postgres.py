"""Postgres: make the cluster once, start it on 127.0.0.1 with a password, wait until it is ready."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from worker.embedded import children, programs
from worker.embedded.children import RunAs, Server
from worker.embedded.cluster import (
    DATABASE,
    OWN_SERVER,
    USER,
    Access,
    Postgres,
    access_path,
    check_version,
    clear_stale_pid_file,
    make_cluster,
)
from worker.embedded.directory import Directory, choose_port, give_tree, is_locked, plain_errors, remove_tree
from worker.errors import EmbeddedError

_PORT_ATTEMPTS = 3
_PAUSE_SECONDS = 0.01

# For data that may be lost: tests, demonstrations.
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
_ALWAYS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_error_verbosity=terse",
)  # DETAIL and CONTEXT lines quote rows


@dataclass(frozen=True)
class PostgresServer(Server):
    """A running Postgres; `psql` is a command line to copy, without the password in it."""


def start_postgres(
    data_dir: Path, *, durable: bool = True, port: int | None = None, timeout_seconds: float = 60
) -> PostgresServer:
    """Start Postgres on a directory, which is made if needed; raises EmbeddedError with a plain next step."""
    deadline = time.monotonic() + timeout_seconds
    with plain_errors(data_dir), ExitStack() as undo:
        directory = Directory(data_dir, "postgres", timeout_seconds=timeout_seconds)
        undo.callback(directory.release)
        postgres = _choose(directory)
        check_version(directory.data, postgres)
        clear_stale_pid_file(directory.data)
        password = make_cluster(directory, postgres, durable=durable, deadline=deadline)
        server = _start(directory, postgres, password, durable=durable, port=port, deadline=deadline)
        undo.pop_all()
    return server


def running_postgres_url(data_dir: Path) -> str | None:
    """The address of the Postgres that runs on this directory, for a second process of the same user."""
    folder = data_dir.expanduser().resolve()
    access = Access.load(folder / "postgres.pgpass")
    return access.url if access and is_locked(folder / "postgres.lock") else None


def _choose(directory: Directory) -> Postgres:
    """The first program that runs here; root needs to be somebody else, by a namespace or as `nobody`."""
    ways = (RunAs.NAMESPACE, RunAs.NOBODY) if os.geteuid() == 0 else (RunAs.OURSELVES,)
    found = list(programs.find_postgres())
    for program in found:
        for run_as in ways:
            chosen = program if run_as is not RunAs.NOBODY else _within_reach(program, directory)
            line = children.version_line(chosen.executable, run_as) if chosen else None
            version = re.search(r"\(PostgreSQL\) (\d+\S*)", line or "")
            if chosen and version:
                return Postgres(chosen, version[1], run_as)
    if os.geteuid() == 0 and any(children.version_line(program.executable, RunAs.OURSELVES) for program in found):
        raise EmbeddedError(
            "Postgres refuses to run as root, and neither a user namespace nor the user nobody is possible here "
            f"with {directory.path}.",
            f"Start as a normal user, choose a SAVVYCAL_DATA_DIR such as /var/lib/savvycal-sync, {OWN_SERVER}.",
        )
    raise EmbeddedError(
        "No Postgres that runs here was found.", f"Run `pip install 'savvycal-sync[embedded]'`, {OWN_SERVER}."
    )


def _within_reach(program: programs.Program, directory: Directory) -> programs.Program | None:
    """Let `nobody` reach the data directory and the program, without opening anything that is not ours."""
    if not all(parent.stat().st_mode & 0o001 for parent in directory.path.parents):
        return None
    try:
        _, gid = children.nobody()
        os.chown(directory.path, -1, gid)
        directory.path.chmod(0o710)  # to pass through, not to read around
    except (KeyError, OSError):
        return None
    if program.package is None or children.version_line(program.executable, RunAs.NOBODY):
        return program
    return _copy_of(program, program.package, directory)


def _copy_of(program: programs.Program, package: Path, directory: Directory) -> programs.Program:
    """A copy of a wheel's program inside the data directory, for a wheel that only root can reach."""
    copy = directory.path / "postgres.program"
    inside = program.executable.relative_to(package.parent)
    remove_tree(copy)
    shutil.copytree(package.parent / inside.parents[1], copy / inside.parents[1])
    with suppress(FileNotFoundError):  # the libraries, which the program looks for beside its package
        shutil.copytree(package.with_name(f"{package.name}.libs"), copy / f"{package.name}.libs")
    give_tree(copy, *children.nobody())
    return programs.Program(copy / inside, program.origin, package=copy / package.name)


def _start(
    directory: Directory, postgres: Postgres, password: str, *, durable: bool, port: int | None, deadline: float
) -> PostgresServer:
    settings = _ALWAYS if durable else (*_ALWAYS, *_NOT_DURABLE)
    last = Access.load(access_path(directory))
    for attempt in range(1, _PORT_ATTEMPTS + 1):
        access = Access(choose_port(port, last.port if last and last.port and attempt == 1 else None), password)
        access.save(access_path(directory))
        command: list[str | Path] = [postgres.program.executable, "-D", directory.data, "-p", str(access.port)]
        command += [word for setting in settings for word in ("-c", setting)]
        # SIGINT is Postgres' fast shutdown; SIGTERM would wait for its clients.
        child = children.start_child(command, directory, run_as=postgres.run_as, death_signal=signal.SIGINT)
        directory.note_server(child.pid)
        if _wait_until_ready(child, directory, deadline):
            return _server(directory, postgres, access, child)
        if attempt == _PORT_ATTEMPTS or "could not bind" not in directory.log_text():
            break
    raise EmbeddedError(f"Postgres did not start.{directory.log_tail()}", f"Read {directory.log_path}, {OWN_SERVER}.")


def _wait_until_ready(child: "subprocess.Popen[bytes]", directory: Directory, deadline: float) -> bool:
    """Whether Postgres reported itself ready before the deadline; if not, it is gone."""
    try:
        while child.poll() is None and time.monotonic() < deadline:
            if _is_ready(directory.data, child.pid):
                return True
            time.sleep(_PAUSE_SECONDS)
    except BaseException:
        children.end_child(child, signal.SIGINT, timeout_seconds=5)
        raise
    children.end_child(child, signal.SIGINT, timeout_seconds=5)
    return False


def _is_ready(data: Path, pid: int) -> bool:
    """Line 1 of postmaster.pid is the pid, line 8 the state."""
    with suppress(OSError, IndexError, ValueError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]) == pid and lines[7].strip() == "ready"
    return False


def _server(
    directory: Directory, postgres: Postgres, access: Access, child: "subprocess.Popen[bytes]"
) -> PostgresServer:
    psql = ["psql", "-h", "127.0.0.1", "-p", str(access.port), "-U", USER, "-d", DATABASE]
    psql[0] = str(postgres.beside("psql"))
    line = f"PGPASSFILE={shlex.quote(str(access_path(directory)))} {shlex.join(psql)}"
    return PostgresServer(
        url=access.url,
        name=f"PostgreSQL {postgres.version} from {postgres.program.origin}",
        pid=child.pid,
        log_path=directory.log_path,
        psql=line if os.access(psql[0], os.X_OK) else None,
        _child=child,
        _directory=directory,
        _stop_signal=signal.SIGINT,
    )

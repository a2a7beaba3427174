"""A server's place on disk: its lock, its log, and the files that hold its password."""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from worker.errors import EmbeddedError

_LOG_BYTES_MAX = 10_000_000
_PAUSE_SECONDS = 0.01
_ELSEWHERE = "set SAVVYCAL_DATA_DIR to another directory"


class Directory:
    """The data directory as one server uses it, locked for the life of that server.

    The server inherits the lock. So a lock that can be taken proves that nothing of an earlier run is left, and a
    server that is still shutting down after its parent was killed is simply waited for.
    """

    def __init__(self, path: Path, server: str, *, timeout_seconds: float) -> None:
        self.path = path.expanduser().resolve()
        self.data = self.path / server
        self.log_path = self.path / f"{server}.log"
        self._log_start = 0
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _take_lock(self.path / f"{server}.lock", time.monotonic() + timeout_seconds)
        self._shorten_log()

    @property
    def lock_fds(self) -> tuple[int, ...]:
        """What a child has to inherit to keep the directory locked."""
        return (self._lock.fileno(),)

    def note_server(self, pid: int) -> None:
        """Write the server's pid beside ours, for a later start on a system that does not end orphans."""
        _write_pids(self._lock, os.getpid(), pid)

    def release(self) -> None:
        """Let the next start have the directory; a second call does nothing."""
        if not self._lock.closed:
            # A Postgres that was killed may have processes left for a moment: the next start shall wait for them.
            _write_pids(self._lock)
            self._lock.close()

    def open_log(self) -> IO[bytes]:
        """Open the log for appending."""
        return os.fdopen(os.open(self.log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")

    def log_text(self) -> str:
        """What was logged since this start."""
        with suppress(OSError), self.log_path.open("rb") as log:
            log.seek(self._log_start)
            return log.read(_LOG_BYTES_MAX).decode(errors="replace")
        return ""

    def log_tail(self) -> str:
        """The last five lines of this start, ready to be put behind a sentence."""
        lines = self.log_text().splitlines()[-5:]
        return "".join(f"\n    {line}" for line in ("", *lines)) + "\n" if lines else ""

    def _shorten_log(self) -> None:
        with suppress(OSError):
            self._log_start = self.log_path.stat().st_size
            if self._log_start > _LOG_BYTES_MAX:
                self.log_path.unlink()
                self._log_start = 0


def is_locked(path: Path) -> bool:
    """Whether a server (or its starter) holds this lock file."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; nobody else may read it."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def remove_tree(path: Path) -> None:
    """Remove a directory if it is there."""
    with suppress(FileNotFoundError):
        shutil.rmtree(path)


def give_tree(path: Path, uid: int, gid: int) -> None:
    """Make one user the owner of a directory of ours and of all in it, if it is not already."""
    if path.stat().st_uid == uid:
        return
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(folder, name), uid, gid, follow_symlinks=False)
    os.chown(path, uid, gid)  # last, so that an interrupted read is taken up again


def choose_port(wanted: int | None, last: int | None) -> int:
    """The wanted port, else the one of the last run (so that a noted address stays valid), else any free one."""
    if wanted is not None:
        if not _is_free(wanted):
            raise EmbeddedError(f"Port {wanted} on 127.0.0.1 is in use.", "Choose another one, or none.")
        return wanted
    if last is not None and _is_free(last):
        return last
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _take_lock(path: Path, deadline: float) -> IO[str]:
    with ExitStack() as undo:
        file = undo.enter_context(os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+"))
        while not _try_lock(file):
            starter, server = _read_pids(file)
            if (starter and is_alive(starter)) or time.monotonic() > deadline:
                raise EmbeddedError(
                    f"Another savvycal-sync (pid {starter or 'unknown'}) already uses {path.parent}.",
                    f"Stop it, or {_ELSEWHERE}.",
                )
            if server and sys.platform != "linux":  # on Linux the kernel has sent it already
                with suppress(OSError):
                    os.kill(server, signal.SIGINT)
            time.sleep(_PAUSE_SECONDS)
        _write_pids(file, os.getpid())
        undo.pop_all()
    return file


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_pids(file: IO[str]) -> tuple[int, int]:
    """The pids of the process that took the lock and of its server; 0 when not known yet."""
    file.seek(0)
    starter, server, *_ = [*(int(word) for word in file.read().split() if word.isdigit()), 0, 0]
    return starter, server


def _write_pids(file: IO[str], *pids: int) -> None:
    file.seek(0)
    file.truncate()
    file.write(" ".join(str(pid) for pid in pids) + "\n")
    file.flush()


def is_alive(pid: int) -> bool:
    """Whether a process runs under this id; a zombie does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with suppress(OSError):  # no /proc on macOS
        return not Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].startswith(" Z")
    return True


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what the system says about a directory or a process into an EmbeddedError."""
    try:
        yield
    except OSError as error:
        raise EmbeddedError(
            f"The data directory {path} cannot be used: {error.strerror} ({error.filename}).",
            f"Make it writable, or {_ELSEWHERE}.",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise EmbeddedError(
            f"{Path(error.cmd[0]).name} did not finish within {error.timeout:.0f} seconds.",
            f"Look for a slow or full disk under {path}, and start again.",
        ) from error

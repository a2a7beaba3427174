"""Child processes that die with us: how they are started, as which user, and how they are stopped."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from worker.embedded.directory import Directory
from worker.errors import EmbeddedError

_LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_STOP_SECONDS_MAX = 20.0

# Loaded here, because a child between fork and exec should not load libraries.
_libc = ctypes.CDLL(None, use_errno=True)


class RunAs(Enum):
    """As whom a child runs. Postgres refuses root, so root has two ways to be somebody else."""

    OURSELVES = "ourselves"
    NAMESPACE = "nobody inside a private user namespace"  # on disk everything stays root's
    NOBODY = "nobody"  # where namespaces are refused, as in a container


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, what it is, and how to stop it."""

    url: str = field(repr=False)  # holds the password
    name: str
    pid: int
    log_path: Path
    psql: str | None = None
    _child: "subprocess.Popen[bytes]" = field(repr=False, compare=False, kw_only=True)
    _directory: Directory = field(repr=False, compare=False, kw_only=True)
    _stop_signal: signal.Signals = field(repr=False, compare=False, kw_only=True)

    def stop(self, timeout_seconds: float = _STOP_SECONDS_MAX) -> None:
        """Ask the server to stop, kill it if it does not, and give its directory back; a second call does nothing."""
        end_child(self._child, self._stop_signal, timeout_seconds)
        self._directory.release()


def end_child(child: "subprocess.Popen[bytes]", stop_signal: signal.Signals, timeout_seconds: float) -> None:
    """Send the signal, wait, and kill what is still there; a child reaped by somebody else is fine."""
    child.send_signal(stop_signal)
    try:
        child.wait(timeout_seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def start_child(
    command: Sequence[str | Path],
    directory: Directory,
    *,
    run_as: RunAs = RunAs.OURSELVES,
    death_signal: signal.Signals,
) -> "subprocess.Popen[bytes]":
    """Start a server that writes to the directory's log, holds its lock and gets a signal when we die."""
    with directory.open_log() as log:
        return subprocess.Popen(  # noqa: S603 - a program we found and options of ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us alone: the worker drains first, then stops its servers
            pass_fds=directory.lock_fds,
            **_surroundings(run_as, death_signal),
        )


def run_to_end(
    command: Sequence[str | Path],
    directory: Directory,
    *,
    run_as: RunAs,
    stdin: str = "",
    timeout_seconds: float,
) -> None:
    """Run a command of a few seconds (initdb, single-user Postgres); what it says goes to the log."""
    with directory.open_log() as log:
        done = subprocess.run(  # noqa: S603 - a program we found and options of ours
            command,
            input=stdin.encode(),
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=timeout_seconds,
            check=False,
            start_new_session=True,
            pass_fds=directory.lock_fds,
            **_surroundings(run_as, signal.SIGTERM),
        )
    if done.returncode != 0:
        raise EmbeddedError(
            f"{Path(command[0]).name} failed with exit code {done.returncode}.{directory.log_tail()}",
            f"Read {directory.log_path}, or set DATABASE_URL to a server of your own.",
        )


def version_line(executable: Path, run_as: RunAs) -> str | None:
    """What `--version` says, or None when the program cannot run here as this user."""
    try:
        done = subprocess.run(  # noqa: S603 - a program we found
            [executable, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=True,
            text=True,
            **_surroundings(run_as, signal.SIGKILL),
        )
    except (OSError, KeyError, subprocess.SubprocessError):
        return None
    return str(done.stdout).strip()


def _surroundings(run_as: RunAs, death_signal: signal.Signals) -> dict[str, Any]:
    """Popen's arguments about user, environment and what happens between fork and exec."""
    # Nothing else of our environment: it holds tokens, and PG* variables would steer the server.
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    surroundings: dict[str, Any] = {
        "cwd": "/",
        "env": {**kept, "LC_ALL": "C", "TZ": "UTC"},
        "preexec_fn": _before_exec(os.getpid(), run_as, death_signal) if _LINUX else None,
    }
    if run_as is RunAs.NOBODY:
        uid, gid = nobody()
        surroundings |= {"user": uid, "group": gid, "extra_groups": []}
    return surroundings


def nobody() -> tuple[int, int]:
    """The user and group id of `nobody`; KeyError where there is none."""
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _before_exec(parent_pid: int, run_as: RunAs, death_signal: signal.Signals) -> Callable[[], None]:
    def in_the_child() -> None:
        if run_as is RunAs.NAMESPACE:
            _enter_user_namespace()
        # After the change of user, which would clear it (Popen changes user before it calls us).
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent_pid:  # the parent died before prctl
            os._exit(1)

    return in_the_child


def _enter_user_namespace() -> None:
    """Become `nobody` in a namespace of our own: needs no account, and files stay root's on disk."""
    if _libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are refused here")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text("65534 0 1")
    Path("/proc/self/gid_map").write_text("65534 0 1")

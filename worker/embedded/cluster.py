"""A Postgres cluster on disk: made once, by a killed start never left half made, with a password of its own."""

import os
import secrets
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from worker.embedded import children, programs
from worker.embedded.children import RunAs
from worker.embedded.directory import Directory, give_tree, is_alive, remove_tree, write_private
from worker.errors import EmbeddedError

USER = DATABASE = "savvycal"
OWN_SERVER = "or set DATABASE_URL to a Postgres of your own"


@dataclass(frozen=True)
class Postgres:
    """A program that runs here, its version, and as whom."""

    program: programs.Program
    version: str
    run_as: RunAs

    @property
    def major(self) -> str:
        """The version that data directories are tied to."""
        return self.version.partition(".")[0]

    def beside(self, name: str) -> Path:
        """Another program of the same installation."""
        return self.program.executable.with_name(name)


@dataclass(frozen=True)
class Access:
    """Port and password, kept in a file in libpq's own format so that psql can read it too."""

    port: int
    password: str

    @property
    def url(self) -> str:
        """The address for asyncpg and others."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def save(self, path: Path) -> None:
        """Write the file; it is ours alone."""
        write_private(path, f"127.0.0.1:{self.port}:*:{USER}:{self.password}\n")

    @classmethod
    def load(cls, path: Path) -> "Access | None":
        """Read the file of the last run, if there was one."""
        with suppress(OSError, ValueError):
            _, port, _, _, password = path.read_text().strip().split(":")
            return cls(int(port), password)
        return None


def access_path(directory: Directory) -> Path:
    """Where port and password are kept."""
    return directory.path / "postgres.pgpass"


def check_version(data: Path, postgres: Postgres) -> None:
    """Refuse a cluster of another major version, which Postgres would not read."""
    with suppress(FileNotFoundError):
        made_by = (data / "PG_VERSION").read_text().strip()
        if made_by != postgres.major:
            raise EmbeddedError(
                f"{data} was made by PostgreSQL {made_by}, but {postgres.program.origin} is PostgreSQL "
                f"{postgres.major}.",
                f"Move that directory away (a new mirror fills itself from SavvyCal), install PostgreSQL {made_by}, "
                f"{OWN_SERVER}.",
            )


def clear_stale_pid_file(data: Path) -> None:
    """Remove what a killed Postgres left: the pid in it may belong to any other process by now."""
    pid_file = data / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(pid_file.read_text().splitlines()[0])
        if sys.platform != "linux":
            return  # Postgres checks for itself
        if is_alive(pid) and _working_directory(pid) == data:
            raise EmbeddedError(
                f"A Postgres that savvycal-sync did not start (pid {pid}) uses {data}.",
                f"Stop it with `kill -INT {pid}`, {OWN_SERVER}.",
            )
        pid_file.unlink()


def _working_directory(pid: int) -> Path | None:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cwd").readlink()
    return None


def make_cluster(directory: Directory, postgres: Postgres, *, durable: bool, deadline: float) -> str:
    """Make the cluster and its database unless they are there, and return the password."""
    known = Access.load(access_path(directory))
    uid, gid = children.nobody() if postgres.run_as is RunAs.NOBODY else (os.geteuid(), os.getegid())
    if directory.data.exists():
        give_tree(directory.data, uid, gid)
        if known:
            return known.password
    password = secrets.token_hex(16)
    statements = [f"ALTER ROLE {USER} PASSWORD '{password}';"]
    if directory.data.exists():  # only the password file was lost
        _run_single_user(directory, postgres, directory.data, statements, deadline)
    else:
        # Under another name until it is whole, so that a killed initdb is never taken for a cluster.
        unfinished = directory.data.with_name("postgres.unfinished")
        remove_tree(unfinished)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, uid, gid)
        _run_initdb(directory, postgres, unfinished, durable=durable, deadline=deadline)
        statements.insert(0, f"CREATE DATABASE {DATABASE};")
        _run_single_user(directory, postgres, unfinished, statements, deadline)
        unfinished.rename(directory.data)
    Access(0, password).save(access_path(directory))
    return password


def _run_initdb(directory: Directory, postgres: Postgres, data: Path, *, durable: bool, deadline: float) -> None:
    options = ["--encoding=UTF8", "--locale=C", "--auth=reject", "--no-instructions"]
    command: list[str | Path] = [postgres.beside("initdb"), "-D", data, "-U", USER, *options]
    command += [] if durable else ["--no-sync"]
    children.run_to_end(command, directory, run_as=postgres.run_as, timeout_seconds=_left(deadline))
    (data / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")


def _run_single_user(
    directory: Directory, postgres: Postgres, data: Path, statements: list[str], deadline: float
) -> None:
    """Run statements before the server listens; they go through stdin, so the password is in no argument list."""
    command: list[str | Path] = [postgres.program.executable, "--single", "-D", data]
    # Stops at the first error, and does not write the statement to the log.
    command += ["-c", "exit_on_error=on", "-c", "log_min_error_statement=panic", "postgres"]
    children.run_to_end(
        command,
        directory,
        run_as=postgres.run_as,
        stdin="".join(f"{statement}\n" for statement in statements),
        timeout_seconds=_left(deadline),
    )


def _left(deadline: float) -> float:
    return max(1.0, deadline - time.monotonic())

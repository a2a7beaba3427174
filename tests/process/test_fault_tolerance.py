"""A machine that runs short of something under a running daemon, and a Postgres that another one takes over from."""

import asyncio
import contextlib
import json
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from savvycal_sync import resync
from savvycal_sync.queue import URGENT
from tests.campaigns.chaos.proxy import Proxy, Toxics, proxied
from tests.process.test_faults import ask_in_sql, has_summary, mirrored
from tests.process.test_run import QUIESCENT, reader, settings_for
from tests.support.daemon import daemon, start
from tests.support.harness import until
from tests.support.servers import temporary_directory
from worker.embedded import PostgresServer, start_postgres
from worker.simulator import Simulator

pytestmark = pytest.mark.timeout(240)


async def _ask_and_wait(url: str, event: str, summary: str) -> None:
    await ask_in_sql(url, event)
    await until(lambda: has_summary(url, event, summary))


# -- another Postgres takes over ---------------------------------------------------------------------------------------


async def _copy_cluster(url: str, source: Path, goal: Path) -> None:
    """As a replica that has not heard of anything since."""
    async with reader(url) as connection:
        await connection.fetchval("select pg_backup_start('copy', true)")
        ignored = shutil.ignore_patterns("*.lock", "postmaster.pid", "pg_wal")
        shutil.copytree(source, goal, ignore=ignored, copy_function=_copy_if_there)
        label = await connection.fetchval("select labelfile from pg_backup_stop(false)")
    (goal / "postgres" / "backup_label").write_text(label)
    shutil.copytree(source / "postgres" / "pg_wal", goal / "postgres" / "pg_wal")


def _copy_if_there(source: str, goal: str) -> None:
    with contextlib.suppress(FileNotFoundError):  # Postgres goes on working
        shutil.copy2(source, goal)


async def test_another_postgres_takes_over_and_the_old_one_stays_up_read_only(redis_url: str) -> None:
    """Connections move to the new primary by themselves; what it had not heard of comes back from SavvyCal."""
    with temporary_directory() as path, contextlib.ExitStack() as servers:
        old = start_postgres(path / "old", durable=True)
        servers.callback(old.stop)
        async with proxied(old.url) as (address, url), mirrored(url, redis_url) as (simulator, running):
            lost, fresh = list(simulator.world.documents("event"))[:2]
            await _copy_cluster(old.url, path / "old", path / "new")
            simulator.world.edit_event(lost, summary="only the old one heard of it")
            await _ask_and_wait(old.url, lost, "only the old one heard of it")
            await _demote(old)
            await running.says("postgres_read_only")
            new = start_postgres(path / "new", durable=True)
            servers.callback(new.stop)
            address.target_port = (
                urlsplit(new.url).port or 0
            )  # lines to the old one stay, as with an address that moves
            simulator.world.edit_event(fresh, summary="after it")
            await _ask_and_wait(new.url, fresh, "after it")
            await running.says("postgres_writable")
            await _scan_and_wait(new.url, lost, "only the old one heard of it")
            async with reader(new.url) as connection:
                chains = (
                    "select count(*) = count(distinct (kind, id)) from savvycal.transitions where label = 'initial'"
                )
                assert await connection.fetchval(chains)


async def _demote(old: PostgresServer) -> None:
    async with reader(old.url) as connection:
        await connection.execute("alter system set default_transaction_read_only = on")
        await connection.execute("select pg_reload_conf()")
        await connection.execute("set default_transaction_read_only = off")
        await connection.execute("select savvycal.request_resync('event', 'event_somebody_asks')")


async def _scan_and_wait(url: str, event: str, summary: str) -> None:
    async with reader(url) as connection:
        await connection.execute("update savvycal.coverage set next_due_at = now()")
    await until(lambda: has_summary(url, event, summary))


# -- a full disk -------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 128 MiB."""
    with temporary_directory() as path:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(path)], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("a file system of its own can only be mounted by root")
        try:
            yield path
        finally:
            subprocess.run(["umount", "-l", str(path)], check=True)


def _fill(disk: Path) -> Path:
    """Takes what is left."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"\0" * 65536):
            pass
    return ballast


async def test_a_full_disk_of_postgres_is_waited_for(small_disk: Path, redis_url: str) -> None:
    """What cannot be written now is written when there is room again, and no record is blamed for it."""
    server = start_postgres(small_disk / "p", durable=True)
    try:
        async with mirrored(server.url, redis_url) as (simulator, running):
            events = list(simulator.world.documents("event"))
            ballast = _fill(small_disk)
            summaries = {event: _noise(event) for event in events}
            for event, summary in summaries.items():
                simulator.world.edit_event(event, summary=summary)
                await resync(event, redis=redis_url)
            await running.says("SQLSTATE 53100")
            ballast.unlink()
            for event, summary in summaries.items():
                await _ask_and_wait(server.url, event, summary)
            async with reader(server.url) as connection:
                assert await connection.fetchval("select count(*) from savvycal.quarantine") == 0
                assert (
                    await connection.fetchval("select count(*) from savvycal._work where dead_lettered_at is not null")
                    == 0
                )
    finally:
        server.stop()


def _noise(seed: str) -> str:
    """What no compression makes smaller."""
    return Random(seed).randbytes(15_000).hex()


# -- no file descriptors left ------------------------------------------------------------------------------------------


async def test_without_file_descriptors_it_waits(database_url: str, redis_url: str) -> None:
    """No connection can be opened, and none is left: it stays, says so, and goes on when there are some again."""
    async with mirrored(database_url, redis_url) as (simulator, running):
        event = next(iter(simulator.world.documents("event")))
        pid = running.process.pid
        usual = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, usual[1]))
        try:
            async with reader(database_url) as connection:
                await connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where application_name = 'savvycal-sync' and datname = current_database()"
                )
            await running.says("Postgres")
        finally:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, usual)
        simulator.world.edit_event(event, summary="with descriptors")
        await _ask_and_wait(database_url, event, "with descriptors")


# -- nowhere to write a line to ----------------------------------------------------------------------------------------


async def test_a_log_that_cannot_be_written_ends_nothing(database_url: str) -> None:
    """Redis is away, which is worth a line, and the disk of the log is full: the mirror is filled all the same."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, "redis://127.0.0.1:1/0")
        full = os.open("/dev/full", os.O_WRONLY)
        process = await start("run", settings=settings | {"SAVVYCAL_HTTP": "127.0.0.1:0"}, stdout=full, stderr=full)
        os.close(full)
        try:
            await until(lambda: _holds(database_url, 40))
            assert process.returncode is None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _holds(url: str, events: int) -> bool:
    with contextlib.suppress(asyncpg.PostgresError):
        async with reader(url) as connection:
            return bool(await connection.fetchval("select count(*) = $1 from savvycal.events", events))
    return False


# -- a silent Postgres at the end --------------------------------------------------------------------------------------


async def test_silent_servers_do_not_hold_up_the_stop(database_url: str, redis_url: str) -> None:
    """What cannot be given back is left to its lease: SIGTERM ends the daemon before its calls' deadlines."""
    async with (
        proxied(database_url) as (postgres, url),
        proxied(redis_url) as (valkey, redis),
        mirrored(url, redis) as (_, running),
    ):
        async with reader(database_url) as connection:
            await connection.execute("update savvycal.coverage set next_due_at = now()")
        postgres.toxics = valkey.toxics = Toxics(swallows=True)
        await until(lambda: _are_swallowed(postgres, valkey))
        async with asyncio.timeout(20):
            assert await running.stop() == 0


async def test_a_postgres_that_hangs_during_our_own_schedule_does_not_hold_up_the_stop(
    database_url: str, redis_url: str
) -> None:
    """Without Redis; the error of a rollback that nobody answers takes the place of the cancellation."""
    async with (
        proxied(database_url) as (postgres, url),
        proxied(redis_url) as (valkey, redis),
        mirrored(url, redis) as (_, running),
    ):
        valkey.toxics = Toxics(refuses=True)
        valkey.reset()
        await running.says("redis_disconnected")
        async with reader(database_url) as connection, connection.transaction():
            await connection.execute("lock table savvycal.coverage in access exclusive mode")
            async with reader(database_url) as other:
                await until(lambda: other.fetchval(SCHEDULE_WAITS))
            postgres.toxics = Toxics(swallows=True)
        async with asyncio.timeout(20):
            assert await running.stop() == 0


SCHEDULE_WAITS = """
select exists (select from pg_stat_activity where datname = current_database() and application_name = 'savvycal-sync'
               and wait_event_type = 'Lock' and query like '%as never_complete%')
"""


async def _are_swallowed(*proxies: Proxy) -> bool:
    return all(proxy.struck["swallows"] > 1 for proxy in proxies)


# -- what others put into Redis ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("poison", ["a moment of nanoseconds", "a score that is no number"])
async def test_a_queue_entry_does_not_end_the_daemon(database_url: str, redis_url: str, poison: str) -> None:
    """ARQ makes a time of both and has no guard around it: the entry goes, the daemon and its jobs stay."""
    async with mirrored(database_url, redis_url) as (simulator, running):
        first, second = list(simulator.world.documents("event"))[:2]
        moment, score = (time.time_ns(), 1.0) if "moment" in poison else (1, float("-inf"))
        job: dict[str, object] = {"t": None, "f": "resync", "a": [first], "k": {}, "et": moment}
        async with Redis.from_url(redis_url) as redis:
            await redis.psetex("arq:job:poison", 60_000, json.dumps(job))
            await redis.zadd(URGENT, {"poison": score})
            await until(lambda: _is_dropped(redis))
        simulator.world.edit_event(second, summary="asked for in the queue")
        await resync(second, redis=redis_url)
        await until(lambda: has_summary(database_url, second, "asked for in the queue"))
        assert running.process.returncode is None


async def _is_dropped(redis: Redis) -> bool:
    return await redis.zscore(URGENT, "poison") is None


async def test_a_terminal_that_cannot_show_a_letter_ends_nothing(database_url: str, redis_url: str) -> None:
    """The live line has an arrow in it, which the encoding of an old locale lacks."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url) | {"PYTHONIOENCODING": "latin-1"}
        async with daemon("--for", "60s", settings=settings) as running:
            await running.says("product=appointments rows=20")
            appointment = next(iter(simulator.world.documents("appointment")))
            simulator.world.cancel_appointment(appointment)
            await resync(appointment, redis=redis_url)
            await running.says_like(r"last: \w+ \w+ \w+ \? \w+")
            assert await running.stop() == 0


async def test_sigterm_while_it_starts_is_heard_at_once(redis_url: str) -> None:
    """A Postgres that takes the connection and says nothing: nobody waits for it to be told to stop."""
    came = asyncio.Event()

    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stay_silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = {
        "SAVVYCAL_EMBEDDED": "never",
        "DATABASE_URL": f"postgresql://u:p@127.0.0.1:{port}/d?sslmode=disable",
        "REDIS_URL": redis_url,
        "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_x",
    }
    async with daemon(settings=settings) as running:
        await asyncio.wait_for(came.wait(), 60)
        began = time.monotonic()
        assert await running.stop() == 0
        assert time.monotonic() - began < 6
        assert "stopping: it had not started yet" in running.output
    server.close()

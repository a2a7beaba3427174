"""Servers that go away under a running daemon: it stays, goes on with what is left, and loses nothing."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from savvycal_sync import resync
from tests.process.test_run import QUIESCENT, reader, settings_for
from tests.support.daemon import Daemon, daemon
from tests.support.harness import until
from tests.support.servers import temporary_directory
from worker.embedded import PostgresServer, ValkeyServer, start_postgres, start_valkey
from worker.simulator import Simulator
from worker.store.schema import SCHEMA_VERSION

pytestmark = pytest.mark.timeout(240)


@dataclass
class Servers:
    """Servers of the test's own, to be stopped and started again on the same port."""

    path: Path
    postgres: PostgresServer
    valkey: ValkeyServer

    def restart_valkey(self) -> None:
        """The same data, the same port."""
        self.valkey = start_valkey(self.path / "v", durable=False)

    def restart_postgres(self) -> None:
        """The same data, the same port."""
        self.postgres = start_postgres(self.path / "p", durable=True)


@pytest.fixture
def servers() -> Iterator[Servers]:
    """A Postgres that keeps what it commits, and a Valkey."""
    with temporary_directory() as path:
        found = Servers(path, start_postgres(path / "p", durable=True), start_valkey(path / "v", durable=False))
        yield found
        found.valkey.stop()
        found.postgres.stop()


def synced(servers: Servers) -> AbstractAsyncContextManager[tuple[Simulator, Daemon]]:
    """A daemon that has mirrored everything there is, on these servers."""
    return mirrored(servers.postgres.url, servers.valkey.url)


@asynccontextmanager
async def mirrored(database_url: str, redis_url: str) -> AsyncIterator[tuple[Simulator, Daemon]]:
    """A daemon that has mirrored everything there is, and ends well."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url)
        async with daemon(settings=settings) as running:
            await running.says("product=meetings rows=40")
            await running.says("product=appointments rows=20")
            yield simulator, running
            assert await running.stop() == 0
            assert "Traceback" not in running.output


async def _summary(url: str, event: str) -> str | None:
    async with reader(url) as connection:
        found: str | None = await connection.fetchval("select summary from savvycal.events where id = $1", event)
        return found


async def has_summary(url: str, event: str, summary: str) -> bool:
    with contextlib.suppress(OSError, asyncpg.PostgresError):
        return await _summary(url, event) == summary
    return False


async def ask_in_sql(url: str, event: str) -> str:
    async with reader(url) as connection:
        ticket: str = await connection.fetchval("select savvycal.request_resync('event', $1)", event)
        return ticket


async def test_redis_may_go_and_come_back(servers: Servers) -> None:
    """Away: SQL requests are worked on. Back: the queue works within seconds. FLUSHALL: nothing is lost."""
    async with synced(servers) as (simulator, running):
        url = servers.postgres.url
        event = next(iter(simulator.world.documents("event")))
        servers.valkey.stop()
        await running.says("redis_disconnected")
        simulator.world.edit_event(event, summary="without redis")
        assert await ask_in_sql(url, event)
        await until(lambda: has_summary(url, event, "without redis"))
        servers.restart_valkey()
        await running.says("redis_reconnected")
        simulator.world.edit_event(event, summary="with redis")
        await resync(event, redis=servers.valkey.url)
        await until(lambda: has_summary(url, event, "with redis"))
        simulator.world.edit_event(event, summary="after flushall")
        await resync(event, redis=servers.valkey.url)
        async with Redis.from_url(servers.valkey.url) as redis:
            await redis.flushall()
        assert await ask_in_sql(url, event)
        await until(lambda: has_summary(url, event, "after flushall"))


async def test_a_frozen_redis_is_noticed_and_replaced_by_the_local_timer(servers: Servers) -> None:
    """No answer is as good as none: deadlines end the wait, work goes on."""
    async with synced(servers) as (simulator, running):
        os.kill(servers.valkey.pid, signal.SIGSTOP)
        try:
            await running.says("redis_disconnected")
            event = next(iter(simulator.world.documents("event")))
            simulator.world.edit_event(event, summary="while frozen")
            await ask_in_sql(servers.postgres.url, event)
            await until(lambda: has_summary(servers.postgres.url, event, "while frozen"))
        finally:
            os.kill(servers.valkey.pid, signal.SIGCONT)
        await running.says("redis_reconnected")


async def test_postgres_may_be_restarted_under_the_daemon(servers: Servers) -> None:
    """It waits, reconnects by itself, and what was asked before and after is in the tables."""
    async with synced(servers) as (simulator, running):
        event = next(iter(simulator.world.documents("event")))
        os.kill(servers.postgres.pid, signal.SIGQUIT)  # immediate: no farewell to anybody
        servers.postgres.stop()
        await running.says("Postgres does not answer")
        simulator.world.edit_event(event, summary="meanwhile")
        servers.restart_postgres()
        await ask_in_sql(servers.postgres.url, event)
        await until(lambda: has_summary(servers.postgres.url, event, "meanwhile"))


async def test_terminated_backends_and_locks_only_delay(servers: Servers) -> None:
    """A killed connection, and a table somebody else has locked, end in another try."""
    async with synced(servers) as (simulator, _running), reader(servers.postgres.url) as admin:
        events = list(simulator.world.documents("event"))[:2]
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name = 'savvycal-sync' and pid <> pg_backend_pid()"
        )
        simulator.world.edit_event(events[0], summary="after the kill")
        await ask_in_sql(servers.postgres.url, events[0])
        await until(lambda: has_summary(servers.postgres.url, events[0], "after the kill"))
        async with admin.transaction():
            await admin.execute("lock table savvycal.events in access exclusive mode")
            simulator.world.edit_event(events[1], summary="after the lock")
            await ask_in_sql(servers.postgres.url, events[1])
            waiting = (
                "select exists (select from pg_stat_activity where application_name = 'savvycal-sync' "
                "and wait_event_type = 'Lock')"
            )
            await until(lambda: admin.fetchval(waiting))
        await until(lambda: has_summary(servers.postgres.url, events[1], "after the lock"))


async def test_a_killed_worker_leaves_its_work_to_the_next(servers: Servers) -> None:
    """SIGKILL in the middle of reads: the leases lapse, another process finishes."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, servers.postgres.url, servers.valkey.url)
        async with daemon(settings=settings) as first:
            await first.says("product=meetings rows=40")
            await first.says("product=appointments rows=20")
            await first.stop(signal.SIGKILL)
        event = next(iter(simulator.world.documents("event")))
        simulator.world.edit_event(event, summary="after the kill")
        async with reader(servers.postgres.url) as connection:
            await connection.execute(
                "insert into savvycal._work (kind, key, due_at, priority, lease_token, lease_until) values "
                "('event', $1, now(), 0, gen_random_uuid(), now() + interval '2 s') "
                "on conflict on constraint work_pkey do update set due_at = excluded.due_at, "  # it may be watched
                "lease_token = excluded.lease_token, lease_until = excluded.lease_until",
                event,
            )
        async with daemon(settings=settings):
            await until(lambda: has_summary(servers.postgres.url, event, "after the kill"))


async def test_another_schema_version_is_refused_in_one_line(servers: Servers) -> None:
    """A newer database says to upgrade, and nothing is written."""
    async with synced(servers), reader(servers.postgres.url) as connection:
        await connection.execute("update savvycal._meta set schema_version = 99, oldest_program = 99")
        async with Simulator(QUIESCENT) as simulator:
            settings = settings_for(simulator, servers.postgres.url, servers.valkey.url)
            async with daemon(settings=settings) as refused:
                async with asyncio.timeout(30):
                    assert await refused.process.wait() == 1
        assert f"schema version 99, this program needs {SCHEMA_VERSION}: upgrade savvycal-sync" in refused.output

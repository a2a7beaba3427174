"""Lines between a daemon and its Postgres that fail in the middle, and a daemon that wakes up too late."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis.asyncio import Redis

from savvycal_sync import resync
from tests.campaigns.chaos.proxy import Toxics, proxied
from tests.process.test_run import QUIESCENT, reader, settings_for
from tests.support.daemon import Daemon, daemon, run
from tests.support.harness import until
from worker import __version__
from worker.simulator import Fault, Simulator

pytestmark = pytest.mark.timeout(240)


@asynccontextmanager
async def synced(simulator: Simulator, url: str, redis_url: str) -> AsyncIterator[Daemon]:
    """A daemon that has mirrored everything there is, and ends well."""
    async with daemon(settings=settings_for(simulator, url, redis_url)) as running:
        await running.says("product=meetings rows=40")
        await running.says("product=appointments rows=20")
        yield running
        assert await running.stop() == 0
        assert "Traceback" not in running.output


async def test_a_lost_answer_to_commit_has_no_double_effect(database_url: str, redis_url: str) -> None:
    """What was committed counts once: one version, one change and one transition for each cancellation."""
    async with (
        Simulator(QUIESCENT) as simulator,
        proxied(database_url) as (proxy, url),
        reader(database_url) as connection,
        synced(simulator, url, redis_url) as running,
    ):
        events = [key for key, one in simulator.world.documents("event").items() if one["state"] == "confirmed"][:4]
        proxy.toxics = Toxics(cut_answer_to=b"COMMIT;\x00")
        for event in events:
            simulator.world.cancel_event(event)
            await connection.fetchval("select savvycal.request_resync('event', $1)", event)
        canceled = "select count(*) = $2 from savvycal.events where id = any ($1) and state = 'canceled'"
        await until(lambda: connection.fetchval(canceled, events, len(events)))
        assert proxy.struck["cut_answer_to"] >= 1
        proxy.heal()
        simulator.world.edit_event(events[0], summary="afterwards")
        await connection.fetchval("select savvycal.request_resync('event', $1)", events[0])
        after = "select exists (select from savvycal.events where id = $1 and summary = 'afterwards')"
        await until(lambda: connection.fetchval(after, events[0]))
        whole = {event: ([1, 2], [1, 2], [None, "confirmed"]) for event in events[1:]}
        whole[events[0]] = ([1, 2, 3], [1, 2, 3], [None, "confirmed"])

        async def is_published() -> bool:  # changes are published after the commit, at the latest by the schedule
            return {event: await _history(connection, event) for event in events} == whole

        await until(is_published)
        assert running.process.returncode is None


async def _history(connection: Any, event: str) -> tuple[list[int], list[int], list[str | None]]:
    """Versions, versions in the change feed, and what the transitions of the event started from."""
    versions = "select version from savvycal.snapshots where kind = 'event' and id = $1 order by version"
    changes = "select version from savvycal.changes where kind = 'event' and id = $1 order by version"
    moves = "select from_status from savvycal.transitions where kind = 'event' and id = $1 order by seq"
    found = [[row[0] for row in await connection.fetch(query, event)] for query in (versions, changes, moves)]
    return found[0], found[1], found[2]


async def test_a_failover_to_read_only_is_waited_for(database_url: str, redis_url: str) -> None:
    """As after a failover to a server that may not write yet: one line however much fails, and one when it is over."""
    async with Simulator(QUIESCENT) as simulator, reader(database_url) as admin:
        await admin.execute("set default_transaction_read_only = off")
        async with synced(simulator, database_url, redis_url) as running:
            event = next(iter(simulator.world.documents("event")))
            await _be_writable(admin, "on")
            simulator.world.edit_event(event, summary="writable again")
            for _ in range(3):
                await resync(event, redis=redis_url)
            await until(lambda: _has_failed_often(redis_url))
            await admin.fetchval("select savvycal.request_resync('event', $1)", event)
            assert running.output.count("SQLSTATE 25006") == running.output.count("postgres_read_only") == 1
            assert "Postgres takes no writes now" in running.output
            assert "postgres_writable" not in running.output
            await _be_writable(admin, "off")
            stored = "select summary = 'writable again' from savvycal.events where id = $1"
            await until(lambda: admin.fetchval(stored, event))
            await running.says("postgres_writable")
        assert running.output.count("postgres_writable") == 1


async def _has_failed_often(redis_url: str) -> bool:
    """Each of three requests has been tried again, as the queue counts it."""
    async with Redis.from_url(redis_url) as redis:
        tries = [int(await redis.get(key) or 0) async for key in redis.scan_iter("arq:retry:resync:*")]
    return len(tries) == 3 and min(tries) > 1


async def test_a_start_that_cannot_write_is_refused_in_one_line(database_url: str, redis_url: str) -> None:
    """Nothing before it says that it has started: a supervisor sees one clear line, and tries again."""
    async with Simulator(QUIESCENT) as simulator, reader(database_url) as admin:
        settings = settings_for(simulator, database_url, redis_url)
        assert (await asyncio.to_thread(run, "schema", "apply", settings=settings)).returncode == 0
        await _be_writable(admin, "on")
        refused = await asyncio.to_thread(run, "run", settings=settings | {"SAVVYCAL_HTTP": "127.0.0.1:0"})
    assert (refused.returncode, refused.stdout) == (1, f"savvycal-sync {__version__} is starting\n")
    assert refused.stderr.startswith("savvycal-sync: Postgres takes no writes now, as after a failover")
    assert refused.stderr.count("\n") == 1


async def _be_writable(admin: Any, read_only: str) -> None:
    """For all sessions to come; there are none left."""
    name = await admin.fetchval("select current_database()")
    await admin.execute(f'alter database "{name}" set default_transaction_read_only = {read_only}')
    await admin.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = $1", name
    )


async def test_a_daemon_that_slept_through_its_lease_writes_nothing(database_url: str, redis_url: str) -> None:
    """Frozen in the middle of a read, it loses its lease to another; what it writes when it wakes changes no row."""
    async with Simulator(QUIESCENT) as simulator, reader(database_url) as connection:
        settings = settings_for(simulator, database_url, redis_url)
        event = next(key for key, one in simulator.world.documents("event").items() if one["state"] == "confirmed")
        async with synced(simulator, database_url, redis_url) as sleeper:
            hang = Fault("hang", match=f"events/{event}", times=1, args={"where": "body"})
            simulator.world.faults.append(hang)
            simulator.world.edit_event(event, summary="too old")
            await connection.fetchval("select savvycal.request_resync('event', $1)", event)

            async def hangs() -> bool:
                return hang.struck == 1

            await until(hangs)
            os.kill(sleeper.process.pid, signal.SIGSTOP)
            simulator.world.cancel_event(event)
            await connection.execute("update savvycal._work set lease_until = clock_timestamp() where key = $1", event)
            async with daemon(settings=settings):
                canceled = "select state = 'canceled' from savvycal.events where id = $1"
                await until(lambda: connection.fetchval(canceled, event))
                before = await connection.fetch("select * from savvycal.snapshots where id = $1", event)
                simulator._fault_injector.release()
                os.kill(sleeper.process.pid, signal.SIGCONT)
                await sleeper.says("work_lease_lost")
                assert await connection.fetch("select * from savvycal.snapshots where id = $1", event) == before
                assert await connection.fetchval(canceled, event)

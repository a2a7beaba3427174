"""Kill -9 of Postgres and of the daemon under load: no acknowledged delivery may be lost. `make torture-webhooks`.

The daemon is a process of its own; senders repeat a delivery until it is acknowledged, as SavvyCal does. What was
acknowledged has to be stored in the end, once.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import asyncpg

from tests.support.daemon import Daemon
from tests.support.ports import free_port
from tests.support.receiver import SECRET, meetings_body
from tests.support.servers import temporary_directory, valkey_server
from worker.embedded import Server, start_postgres
from worker.savvycal.webhooks import sign
from worker.simulator import Options, Simulator
from worker.store import schema
from worker.store.database import Database

SENDERS = 8
RETRY_SECONDS = 0.05


@dataclass
class Load:
    """What was sent."""

    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    stop: asyncio.Event = field(default_factory=asyncio.Event)


async def start_daemon(database_url: str, redis_url: str, simulator: Simulator, port: int) -> Daemon:
    """`savvycal-sync run`, ready to receive."""
    settings = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SAVVYCAL_EMBEDDED": "never",
        "SAVVYCAL_HTTP": f"127.0.0.1:{port}",
        "SAVVYCAL_MEETINGS_URL": simulator.meetings_url,
        "SAVVYCAL_MEETINGS_TOKEN": simulator.options.meetings_token,
        "SAVVYCAL_MEETINGS_WEBHOOK_SECRETS": SECRET,
        "SAVVYCAL_LOG_LEVEL": "error",
    }
    running = await Daemon.start(settings=settings)
    await running.address()
    return running


async def send(load: Load, port: int, sender: int) -> None:
    """Sends one delivery after the other, each until it is acknowledged."""
    number = 0
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        while not load.stop.is_set():
            key = f"payload_{sender}_{number}"
            body = meetings_body(f"event_{sender}_{number % 20}", key)
            headers = {"x-savvycal-signature": sign(SECRET, body)}
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                async with session.post(
                    f"http://127.0.0.1:{port}/webhooks/meetings", data=body, headers=headers
                ) as answer:
                    if answer.status == 200:
                        load.acknowledged.add(key)
                        number += 1
                        continue
            load.refused += 1
            await asyncio.sleep(RETRY_SECONDS)


def kill(pid: int) -> None:
    """Kill -9 of a process that we started."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Ground:
    """Where it happens: a durable Postgres that dies and comes back on one port, and the daemon."""

    def __init__(self, path: Path, redis_url: str) -> None:
        self.path = path
        self.redis_url = redis_url
        self.postgres: Server = start_postgres(path)
        self.load = Load()

    def lose_postgres(self) -> None:
        """Kill -9 and start again, with recovery."""
        kill(self.postgres.pid)
        self.postgres.stop()
        self.postgres = start_postgres(self.path)

    async def run(self, kills: list[str], calm_seconds: float) -> tuple[set[str], int]:
        """Loads, kills what is named in turn, stops; what was lost, and how many wait without a mark in the work
        queue."""
        port = free_port()
        async with Simulator(Options(events=5, appointments=2, lifecycle=False)) as simulator:
            running = await start_daemon(self.postgres.url, self.redis_url, simulator, port)
            senders = [asyncio.create_task(send(self.load, port, n)) for n in range(SENDERS)]
            for name in kills:
                await self._more(calm_seconds)
                if name == "postgres":
                    self.lose_postgres()
                else:
                    await running.kill()
                    running = await start_daemon(self.postgres.url, self.redis_url, simulator, port)
            await self._more(calm_seconds)
            self.load.stop.set()
            await asyncio.gather(*senders)
            await running.kill()
        self.lose_postgres()
        return await self._missing()

    async def _more(self, seconds: float) -> None:
        """Until a good number of further deliveries were acknowledged; at least so long."""
        wanted = len(self.load.acknowledged) + 50
        async with asyncio.timeout(60):
            await asyncio.sleep(seconds)
            while len(self.load.acknowledged) < wanted:
                await asyncio.sleep(0.02)

    async def _missing(self) -> tuple[set[str], int]:
        connection = await asyncpg.connect(self.postgres.url)
        rows = await connection.fetch("select id, object_id from savvycal.webhook_deliveries")
        unmarked = await connection.fetchval(
            """select count(*) from savvycal.webhook_deliveries d where d.state = 'received'
               and not exists (select from savvycal._work t where (t.kind, t.key) = (d.kind, d.object_id))"""
        )
        await connection.close()
        return self.load.acknowledged - {row["id"] for row in rows}, int(unmarked)


async def prepare(url: str) -> None:
    """The schema."""
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()


def torture(path: Path, redis_url: str, kills: list[str], calm_seconds: float) -> tuple[Load, set[str], int]:
    """One campaign. Call it from the main thread: it starts servers."""
    ground = Ground(path, redis_url)
    try:
        asyncio.run(prepare(ground.postgres.url))
        lost, unmarked = asyncio.run(ground.run(kills, calm_seconds))
    finally:
        ground.postgres.stop()
    return ground.load, lost, unmarked


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    kills = random.Random(given.seed).choices(["postgres", "daemon"], k=given.rounds)
    with temporary_directory() as path, valkey_server() as valkey:
        load, lost, unmarked = torture(path / "data", valkey.url, kills, 1.0)
    sys.stdout.write(
        f"{kills.count('postgres')} times Postgres and {kills.count('daemon')} times the daemon killed: "
        f"{len(load.acknowledged)} acknowledged, {load.refused} refused, {len(lost)} lost, {unmarked} without a mark\n"
    )
    sys.exit(1 if lost or unmarked else 0)


if __name__ == "__main__":
    main()

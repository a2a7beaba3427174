"""`make many-accounts`: a daemon with 1,000 accounts; exit code 1 when it holds too much open or answers too late."""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg
from redis.asyncio import Redis

from tests.support.daemon import Daemon
from tests.support.servers import Databases, postgres_server, valkey_server
from worker.simulator import Options, Simulator

CONNECTIONS_MAX, DESCRIPTORS_MAX, HEALTH_SECONDS_MAX = 60, 200, 2.0
EVENTS = 4
COMPLETE = "select count(*) filter (where complete_as_of is not null), count(*) from savvycal.coverage"


@dataclass
class Found:
    """The most that was seen until every window was complete."""

    redis_connections: int = 0
    descriptors: int = 0
    health_seconds: float = 0.0
    """From a request to the first byte of `/health`, at worst."""
    seconds: float = 0.0
    lines: int = 0

    @property
    def is_good(self) -> bool:
        """Whether all bounds hold."""
        is_small = self.redis_connections < CONNECTIONS_MAX and self.descriptors < DESCRIPTORS_MAX
        return is_small and self.health_seconds <= HEALTH_SECONDS_MAX


async def measure(count: int, database_url: str, redis_url: str) -> Found:
    """Starts it with so many accounts, each with a token of its own, and watches it until all is mirrored."""
    with tempfile.TemporaryDirectory() as directory:
        async with Simulator(Options(events=EVENTS, appointments=0, lifecycle=False)) as simulator:
            simulator._refusal = lambda request, product: None  # type: ignore[method-assign]  # any token is right
            file = Path(directory) / "accounts.toml"
            tables = (
                f'[account_{n}]\nmeetings_url = "{simulator.meetings_url}"\nmeetings_token = "pt_secret_{n}"\n'
                for n in range(count)
            )
            file.write_text("".join(tables))
            settings = {
                "SAVVYCAL_EMBEDDED": "never",
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "SAVVYCAL_ACCOUNTS_FILE": str(file),
            }
            running = await Daemon.start(settings=settings)
            try:
                return await _watch(running, await running.address(), count, database_url, redis_url)
            finally:
                await running.stop()
                await running.kill()


async def _watch(running: Daemon, address: str, count: int, database_url: str, redis_url: str) -> Found:
    found, began = Found(), time.monotonic()
    connection = await asyncpg.connect(database_url)
    async with aiohttp.ClientSession() as session, Redis.from_url(redis_url) as redis:
        complete, windows = 0, 1
        while complete < windows or windows < 5 * count:
            clients = await redis.client_list()
            found.redis_connections = max(found.redis_connections, len(clients) - 1)
            found.descriptors = max(found.descriptors, _descriptors(running.process.pid))
            asked = time.monotonic()
            async with session.get(f"{address}/health") as answer:
                found.health_seconds = max(found.health_seconds, time.monotonic() - asked)
                await answer.read()
            complete, windows = await connection.fetchrow(COMPLETE)  # type: ignore[misc]  # one row
            await asyncio.sleep(1)
        await redis.connection_pool.disconnect()
    await connection.close()
    found.seconds, found.lines = time.monotonic() - began, running.output.count("\n")
    return found


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def main() -> None:
    """On servers of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000, help="accounts")
    given = parser.parse_args()
    with postgres_server() as postgres, valkey_server() as valkey:
        databases = Databases(postgres.url)
        url = databases.create()
        found = asyncio.run(measure(given.count, url, valkey.url))
        databases.drop(url)
        databases.close()
    print(f"{given.count} accounts: {found}")
    sys.exit(0 if found.is_good else 1)


if __name__ == "__main__":
    main()

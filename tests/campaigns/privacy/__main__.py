"""`make purge-year` and `make rotate-load`: at length, on servers of their own; the counts are the last line."""

import argparse
import asyncio
import time

from tests.campaigns.privacy import rotation, year
from tests.support.harness import running_harness
from tests.support.servers import Databases, postgres_server
from tests.support.vaulted import KEYS
from worker import logs
from worker.savvycal.api import Privacy
from worker.store import schema
from worker.store.database import Database


async def _run(url: str, what: str, count: int, seed: int) -> object:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()
    async with running_harness(url, privacy=Privacy(keys=KEYS), appointments=0) as harness:
        if what == "year":
            return await year.live(harness, count or 365, seed)
        return await rotation.rotate_under_load(harness, count or 100_000, seed)


def main() -> None:
    """A failure ends it with a traceback."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["year", "rotation"])
    parser.add_argument("--count", type=int, default=0, help="days, or credentials")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logs.configure("error")
    with postgres_server() as postgres:
        databases, began = Databases(postgres.url), time.monotonic()
        url = databases.create()
        counters = asyncio.run(_run(url, given.what, given.count, given.seed))
        databases.drop(url)
        databases.close()
    print(f"{counters} in {time.monotonic() - began:.0f} s")


main()

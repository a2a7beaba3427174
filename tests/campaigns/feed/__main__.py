"""`make kill-consumers`: the campaign at length; exit code 1 when something was lost or applied twice."""

import argparse
import asyncio
import sys

from tests.campaigns.feed import campaign
from tests.campaigns.feed.consumers import CONSUMERS
from tests.support.harness import running_harness
from tests.support.servers import Databases, postgres_server
from worker.store import schema
from worker.store.database import Database


async def _campaign(url: str, consumer: str, kills: int, seed: int) -> campaign.Counters:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()
    async with running_harness(url) as harness:
        return await campaign.run(harness, url, consumer, kills, seed)


def main() -> None:
    """Runs each consumer on a database of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000, help="of each consumer")
    parser.add_argument("--only", choices=CONSUMERS)
    parser.add_argument("--seed", type=int, default=18)
    given = parser.parse_args()
    is_good = True
    with postgres_server() as postgres:
        databases = Databases(postgres.url)
        for consumer in [given.only] if given.only else CONSUMERS:
            found = asyncio.run(_campaign(databases.create(), consumer, given.kills, given.seed))
            print(f"{consumer}: {found}")
            is_good = is_good and found.ended == found.differing == 0
        databases.close()
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()

"""`make canary`: the campaign at length, its counts as the last line."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.campaigns.leaks import campaign
from tests.support.servers import Databases, postgres_server, valkey_server
from worker.store import schema
from worker.store.database import Database


async def _campaign(url: str, redis_url: str, postgres: object, rounds: int, seconds: float) -> campaign.Findings:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()
    with tempfile.TemporaryDirectory() as directory:
        return await campaign.run(Path(directory), url, redis_url, postgres, rounds, seconds)


def main() -> None:
    """Runs it on servers of its own; exit code 1 when a canary was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    with postgres_server() as postgres, valkey_server() as valkey:
        databases = Databases(postgres.url)
        url = databases.create()
        found = asyncio.run(_campaign(url, valkey.url, postgres, given.rounds, given.seconds))
        databases.drop(url)
        databases.close()
    for name, size in sorted(found.sinks.items()):
        print(f"{name:20} {size:>12} bytes  {', '.join(found.leaks.get(name, [])) or 'clean'}")
    print(f"{found.forced} forced errors, {len(found.sinks)} sinks, {len(found.leaks)} with a canary")
    sys.exit(1 if found.leaks or found.forced < 200 else 0)


main()

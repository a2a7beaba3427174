"""`make fuzz-records`: the run at length on servers of its own, its counts as the last line."""

import argparse
import asyncio
import time

from tests.campaigns.fuzz.records import Counters, fuzz
from tests.support.harness import running_harness
from tests.support.servers import Databases, postgres_server
from tests.support.vaulted import KEYS
from worker import logs
from worker.savvycal.api import Privacy
from worker.store import schema
from worker.store.database import Database


async def _run(url: str, count: int, seed: int) -> tuple[Counters, list[str]]:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()
    async with running_harness(url, privacy=Privacy(keys=KEYS)) as harness:
        counters = await fuzz(harness, count, seed)
        rows = await harness.rows(
            "select regexp_replace(reason, '\\d+', 'n', 'g') as reason, sum(attempts) as count "
            "from savvycal.quarantine group by 1 order by 2 desc limit 12"
        )
    return counters, [f"{row['count']:>8}  {row['reason'][:100]}" for row in rows]


def main() -> None:
    """Prints what became of the records; an unhandled exception or a lost good record ends it with a traceback."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logs.configure("error")
    with postgres_server() as postgres:
        databases, began = Databases(postgres.url), time.monotonic()
        url = databases.create()
        counters, reasons = asyncio.run(_run(url, given.records, given.seed))
        databases.drop(url)
        databases.close()
    print("most frequent reasons in quarantine:", *reasons, sep="\n")
    print(f"{counters} in {time.monotonic() - began:.0f} s")


main()

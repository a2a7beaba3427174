"""`make fuzz-records`: the run at length on servers of its own, its counts as the last line."""

import argparse
import asyncio
import time

from tests.fuzz.records import Tally, fuzz
from tests.privacy.vaulted import KEYS
from tests.servers import Databases, postgres_server
from tests.sync.stage import staged
from worker import telemetry
from worker.savvycal.source import Privacy
from worker.store import schema
from worker.store.database import Database


async def _run(url: str, count: int, seed: int) -> tuple[Tally, list[str]]:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()
    async with staged(url, privacy=Privacy(keys=KEYS)) as stage:
        tally = await fuzz(stage, count, seed)
        rows = await stage.rows(
            "select regexp_replace(reason, '\\d+', 'n', 'g') as reason, sum(attempts) as count "
            "from savvycal.quarantine group by 1 order by 2 desc limit 12"
        )
    return tally, [f"{row['count']:>8}  {row['reason'][:100]}" for row in rows]


def main() -> None:
    """Prints what became of the records; an unhandled exception or a lost good record ends it with a traceback."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    telemetry.configure("error")
    with postgres_server() as postgres:
        databases, began = Databases(postgres.url), time.monotonic()
        url = databases.create()
        tally, reasons = asyncio.run(_run(url, given.records, given.seed))
        databases.drop(url)
        databases.close()
    print("most frequent reasons in quarantine:", *reasons, sep="\n")
    print(f"{tally} in {time.monotonic() - began:.0f} s")


main()

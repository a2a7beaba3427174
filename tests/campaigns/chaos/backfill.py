"""`make kill-backfill`: a history of 5,000 events is loaded while the daemon is killed again and again.

Counted are the list requests that SavvyCal served until the whole history was complete, all windows together, once
without kills and once with. A kill costs what was asked for and not yet stored: pages are fetched ahead (`PAGES_MAX` of
`worker/sync/context.py`, over all scans of a process) and one is under way in each of the windows. So much is allowed
for each kill, and 5 % in all. Leases would lapse after a minute; here SQL lets them lapse at once, as only requests are
measured.
"""

import argparse
import asyncio
import signal
import sys
import time
from dataclasses import dataclass
from random import Random

from tests.process.test_run import reader, settings_for
from tests.support.daemon import daemon
from tests.support.harness import until
from tests.support.servers import Databases, flush, postgres_server, valkey_server
from worker.simulator import Options, Simulator
from worker.sync.context import PAGES_MAX

PAGE, WINDOWS = 100, 4
MORE_SHARE = 0.05
SECONDS_MAX = 600
LISTS = "GET /meetings/v1/events"

COMPLETE = """
select exists (select from savvycal.coverage where window_name = 'all' and complete_as_of is not null)
  and not exists (select from savvycal._scans)
"""


@dataclass(frozen=True)
class Load:
    """What one load took."""

    requests: int
    rows: int
    kills: int
    seconds: float


async def load(url: str, redis_url: str, given: argparse.Namespace, kills: int) -> Load:
    """A backfill, its daemon killed at so many random moments; stopped when the history is complete."""
    rng, began, kill_count = Random(given.seed), time.monotonic(), 0
    options = Options(events=given.events, appointments=0, lifecycle=False, latency_ms=given.latency_ms)
    async with Simulator(options) as simulator, reader(url) as connection:
        settings = settings_for(simulator, url, redis_url) | {
            f"SAVVYCAL_POLL_{name}_SECONDS": "86400" for name in ("NEAR", "MONTH", "LATER", "ALL")
        }
        settings["SAVVYCAL_REQUESTS_PER_MINUTE"] = str(given.requests_per_minute)
        del settings["SAVVYCAL_APPOINTMENTS_TOKEN"]
        pages = 2 * given.events // PAGE
        moments = sorted(rng.randrange(2, pages) for _ in range(kills))

        async def is_complete() -> bool:
            there = await connection.fetchval("select to_regclass('savvycal.coverage')")
            return bool(there and await connection.fetchval(COMPLETE))

        async def is_time() -> bool:
            return simulator.world.counters[LISTS] >= moments[0] or await is_complete()

        while not await is_complete():
            async with daemon(settings=settings) as running:
                await until(is_time if moments else is_complete, SECONDS_MAX)
                if not await is_complete():
                    await running.stop(signal.SIGKILL)
                    kill_count += 1
                    asked = simulator.world.counters[LISTS]
                    moments = [moment for moment in moments if moment > asked]
                else:
                    await running.stop()
            await connection.execute("update savvycal._work set lease_until = clock_timestamp() where job = 'scan'")
        rows = await connection.fetchval("select count(*) from savvycal.events")
        return Load(simulator.world.counters[LISTS], rows, kill_count, time.monotonic() - began)


def flaws(calm: Load, killed: Load, events: int) -> list[str]:
    """What is wrong."""
    allowed = calm.requests * (1 + MORE_SHARE) + killed.kills * (PAGES_MAX + WINDOWS)
    found = [] if killed.requests <= allowed else [f"{killed.requests} list requests, allowed were {allowed:.0f}"]
    return found + [f"{one.rows} rows of {events}" for one in (calm, killed) if one.rows != events]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make kill-backfill", description=__doc__)
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--latency-ms", type=float, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests-per-minute", type=int, default=100_000, help="240 is what a daemon has by default")
    given = parser.parse_args()
    loads = []
    with postgres_server() as postgres, valkey_server() as valkey:
        databases = Databases(postgres.url)
        for kills in (0, given.kills):
            flush(valkey.url)
            url = databases.create()
            loads.append(asyncio.run(load(url, valkey.url, given, kills)))
            databases.drop(url)
        databases.close()
    calm, killed = loads
    for one in loads:
        sys.stdout.write(f"{one.kills:3} kills: {one.requests} list requests, {one.rows} rows, {one.seconds:.1f} s\n")
    more = killed.requests - calm.requests
    each = more / max(1, killed.kills)
    sys.stdout.write(f"{more} more ({100 * more / calm.requests:.1f} %), {each:.1f} pages for each kill\n")
    wrong = flaws(calm, killed, given.events)
    sys.stdout.write("".join(f"WRONG  {line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

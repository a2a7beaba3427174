"""How fast is a webhook answered, and how long until its change is in the tables? `make bench-webhooks`.

The daemon runs as a process of its own against the simulator, which runs in this one. Every event is changed at the
simulated SavvyCal first and announced right after; deliveries come at a steady rate, one in five a duplicate. At the
end every acknowledged delivery has to be stored. Commit times are Postgres' own. In the last part 200 clients ask the
admin side meanwhile. Whether an acknowledged delivery survives a kill -9 is asked by `make torture-webhooks`.
"""

import argparse
import asyncio
import random
import re
import sys
import time
from dataclasses import dataclass, field

import aiohttp
import asyncpg

from tests.campaigns.bench.crowd import TOKEN, crowd
from tests.support.daemon import Daemon, daemon
from tests.support.receiver import SECRET, meetings_body
from tests.support.servers import temporary_directory
from worker.embedded import Server, start_postgres, start_valkey
from worker.savvycal.webhooks import sign
from worker.simulator import Options, Simulator

EVENTS = 3000
DUPLICATES = 0.2
SENDERS = 64


@dataclass
class Figures:
    """What was seen; times in milliseconds."""

    answers: list[float] = field(default_factory=list)
    refused: int = 0
    acknowledged: set[str] = field(default_factory=set)
    changes: list[tuple[str, int, float]] = field(default_factory=list)
    """Event, number of the change, and when it was made."""
    rows: list[float] = field(default_factory=list)


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of the values is."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


async def settled(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Until the first history is complete and nothing is due."""
    statement = """select not exists (select from savvycal.coverage where complete_as_of is null)
                     and not exists (select from savvycal._work
                       where job = 'object' and due_at <= now() and dead_lettered_at is null)"""
    async with asyncio.timeout(120):
        while not await connection.fetchval(statement):
            await asyncio.sleep(0.2)


async def send(session: aiohttp.ClientSession, url: str, body: bytes, key: str, figures: Figures) -> None:
    """One delivery, timed."""
    began = time.perf_counter()
    headers = {"x-savvycal-signature": sign(SECRET, body), "content-type": "application/json"}
    async with session.post(url, data=body, headers=headers) as response:
        await response.read()
        if response.status == 200:
            figures.answers.append((time.perf_counter() - began) * 1000)
            figures.acknowledged.add(key)
        else:
            figures.refused += 1


async def load(simulator: Simulator, url: str, rate: float, seconds: float, figures: Figures) -> None:
    """Changes and their deliveries at a steady rate; every fifth delivery is an earlier one again."""
    world, rng, count = simulator.world, random.Random(7), int(rate * seconds)
    events = rng.sample(sorted(world.collections["event"].records), min(EVENTS, count))
    sent: list[tuple[str, bytes]] = []
    connector = aiohttp.TCPConnector(limit=SENDERS)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        began = time.perf_counter()
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            if sent and rng.random() < DUPLICATES:
                key, body = rng.choice(sent[-200:])
            else:
                event, key = events[number % len(events)], f"payload_{number}"
                world.edit_event(event, description=f"change {number}")
                figures.changes.append((event, number, time.time()))
                body = meetings_body(event, key, padding="x" * 2500)
                sent.append((key, body))
            group.create_task(send(session, url, body, key, figures))


async def measure_rows(connection: "asyncpg.Connection[asyncpg.Record]", figures: Figures) -> None:
    """From the change to the commit of the first row that shows it, or a later change of the same event."""
    async with asyncio.timeout(120):
        while await connection.fetchval("select count(*) from savvycal._work where 'webhook' = any (reasons)"):
            await asyncio.sleep(0.1)
    statement = """select id, split_part(body ->> 'description', ' ', 2)::int as number,
                     extract(epoch from pg_xact_commit_timestamp(xmin))::float8 as at from savvycal.snapshots
                   where via = 'webhook' and body ->> 'description' like 'change %' order by 3"""
    seen: dict[str, list[tuple[int, float]]] = {}
    for row in await connection.fetch(statement):
        seen.setdefault(row["id"], []).append((row["number"], row["at"]))
    for event, number, changed_at in figures.changes:
        shown = [at for later, at in seen.get(event, []) if later >= number and at >= changed_at]
        figures.rows.append((min(shown) - changed_at) * 1000 if shown else float("inf"))


def report(name: str, figures: Figures, lost: set[str]) -> None:
    """One line of figures."""
    answers, rows = figures.answers, figures.rows
    parts = [
        f"{name}: {len(answers)} answers, p50 {quantile(answers, 0.5):.1f} ms, p99 {quantile(answers, 0.99):.1f} ms",
        f"{figures.refused} refused, {len(lost)} of {len(figures.acknowledged)} acknowledged lost",
    ]
    if rows:
        parts.append(f"change to row p50 {quantile(rows, 0.5):.0f} ms, p99 {quantile(rows, 0.99):.0f} ms ({len(rows)})")
    sys.stdout.write("; ".join(parts) + "\n")
    sys.stdout.flush()


async def run(postgres: Server, valkey: Server, given: argparse.Namespace) -> None:
    """The calm part (a change now and then), then the load."""
    async with Simulator(Options(events=EVENTS, appointments=20, lifecycle=False)) as simulator:
        environment = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "SAVVYCAL_EMBEDDED": "never",
            "SAVVYCAL_HTTP": "127.0.0.1:0",
            "SAVVYCAL_ADMIN_HTTP": "127.0.0.1:0",
            "SAVVYCAL_ADMIN_TOKEN": TOKEN,
            "SAVVYCAL_MEETINGS_URL": simulator.meetings_url,
            "SAVVYCAL_MEETINGS_TOKEN": simulator.options.meetings_token,
            "SAVVYCAL_MEETINGS_WEBHOOK_SECRETS": SECRET,
            "SAVVYCAL_REQUESTS_PER_MINUTE": str(given.requests_per_minute),
            "SAVVYCAL_POLL_NEAR_SECONDS": "86400",
            "SAVVYCAL_POLL_MONTH_SECONDS": "86400",
            "SAVVYCAL_POLL_LATER_SECONDS": "86400",
        }
        async with daemon(settings=environment) as running:
            address = await running.address()
            connection = await asyncpg.connect(postgres.url)
            await settled(connection)
            url = f"{address}/webhooks/meetings"
            for name, pace, length in (
                ("calm", given.calm_rate, given.calm_seconds),
                (f"load {given.rate:.0f}/s", given.rate, given.seconds),
            ):
                figures = Figures()
                await connection.execute("truncate savvycal.webhook_deliveries")
                await load(simulator, url, pace, length, figures)
                if name == "calm":
                    await measure_rows(connection, figures)
                stored = {row["id"] for row in await connection.fetch("select id from savvycal.webhook_deliveries")}
                report(name, figures, figures.acknowledged - stored)
            if given.crowd:
                await measure_crowd(running, simulator, url, given)
            await connection.close()
            await running.stop()


async def measure_crowd(running: Daemon, simulator: Simulator, url: str, given: argparse.Namespace) -> None:
    """The answers to webhooks while many clients ask the admin side."""
    found = re.search(r"open in a browser: +(http\S+)/", running.output)
    assert found
    figures, event = Figures(), min(simulator.world.collections["event"].records)
    async with crowd(found[1], event, given.crowd) as counts:
        await load(simulator, url, given.calm_rate * 10, given.seconds, figures)
    report(f"crowd of {given.crowd}", figures, set())
    sys.stdout.write(f"the crowd was answered {dict(sorted(counts.items()))}\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=170)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--calm-rate", type=float, default=2)
    parser.add_argument("--calm-seconds", type=float, default=60)
    parser.add_argument("--requests-per-minute", type=int, default=240, help="The rate limit of requests to SavvyCal.")
    parser.add_argument("--crowd", type=int, default=200, help="Clients at the admin side in the last part.")
    given = parser.parse_args()
    with temporary_directory() as path:
        postgres = start_postgres(path / "data")
        asyncio.run(_keep_commit_times(postgres))
        postgres.stop()
        postgres = start_postgres(path / "data")
        try:
            valkey = start_valkey(path / "data", durable=False)
            try:
                asyncio.run(run(postgres, valkey, given))
            finally:
                valkey.stop()
        finally:
            postgres.stop()


async def _keep_commit_times(postgres: Server) -> None:
    connection = await asyncpg.connect(postgres.url)
    await connection.execute("alter system set track_commit_timestamp = on")
    await connection.close()


if __name__ == "__main__":
    main()

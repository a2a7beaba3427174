"""`make first-load`: the backfill of 2,000 appointments and of 2,000 events, near and with Postgres 80 ms away.

It prints what was asked for and when the nearest window was complete, at the default of 240 requests a minute.
"""

import argparse
import asyncio
import contextlib
import io
import sys
import time

import click

from tests.campaigns.chaos.proxy import Toxics, proxied
from tests.support.harness import Harness, running_harness
from tests.support.servers import postgres_server
from worker.core.kinds import PRODUCTS
from worker.core.model import Product
from worker.savvycal.rate_limit import RateLimits
from worker.store import schema
from worker.store.database import Database
from worker.sync import loop, scan, schedule

OBJECTS, PER_MINUTE, SCHEDULE_SECONDS = 2000, 240, 1.0
NEAREST = {Product.MEETINGS: "near", Product.APPOINTMENTS: "upcoming"}


async def load(url: str, product: Product, away_seconds: float) -> str:
    """One backfill; what is to be said of it."""
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await connection.execute("drop schema if exists savvycal cascade")
        await schema.apply(connection)
    await db.close()
    async with proxied(url) as (proxy, far):
        proxy.toxics = Toxics(latency_seconds=away_seconds / 2)
        async with running_harness(far, events=OBJECTS, appointments=OBJECTS) as harness:
            endpoint = harness.context.accounts["default"][product]
            endpoint.client._rate_limits = RateLimits(PER_MINUTE)
            harness.context.accounts = {"default": {product: endpoint}}
            return await _measured(harness, product)


async def _measured(harness: Harness, product: Product) -> str:
    began, nearest_after = time.monotonic(), 0.0
    running: dict[tuple[str, ...], asyncio.Task[None]] = {}
    missing = "select count(*) from savvycal.coverage where complete_as_of is null and product = $1"
    nearest = "select complete_as_of is not null from savvycal.coverage where (product, window_name) = ($1, $2)"
    while await harness.value(missing, product):
        for job in await schedule.run(harness.context):
            if job not in running or running[job].done():
                running[job] = asyncio.create_task(_run(harness, job))
        await asyncio.sleep(SCHEDULE_SECONDS)
        if not nearest_after and await harness.value(nearest, product, NEAREST[product]):
            nearest_after = time.monotonic() - began
    took = time.monotonic() - began
    await asyncio.gather(*running.values())
    paths = [request.path for request in harness.world.requests]
    single = [path for path in paths if path.rpartition("/")[2].startswith(("event_", "appt_"))]
    superseded = await harness.value("select sum(rows_superseded) from savvycal.runs")
    return (
        f"{len(paths) - len(single)} list requests, {len(single)} reads by id ({len(set(single))} in progress), "
        f"{superseded} rows superseded, {NEAREST[product]} after {nearest_after:.0f} s, all after {took:.0f} s"
    )


async def _run(harness: Harness, job: tuple[str, ...]) -> None:
    if job[0] == "scan":
        await scan.work(harness.context)
    elif job[0] == "work":
        await loop.work(harness.context)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make first-load", description=__doc__)
    parser.parse_args()
    with postgres_server() as server:
        for product in PRODUCTS:
            for away in (0.0, 0.08):
                with contextlib.redirect_stdout(io.StringIO()):
                    said = asyncio.run(load(server.url, product, away))
                click.echo(f"{product}, Postgres {away * 1000:.0f} ms away: {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

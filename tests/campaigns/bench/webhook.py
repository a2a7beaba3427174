"""The time from the delivery of a webhook until a reader is notified of the committed row."""

import asyncio
import time
from statistics import quantiles
from uuid import uuid4

import aiohttp
import asyncpg
import msgspec

from tests.campaigns.bench.daemon import WEBHOOK_SECRET, RunningDaemon
from tests.campaigns.bench.measure import Harness, Measured, control
from worker.savvycal.webhooks import SIGNATURE_HEADER, sign

LATENCY_MS = 5
"""What SavvyCal takes to answer."""

PAUSE_SECONDS = 0.1
"""Between deliveries: each is to be alone."""

WAIT_SECONDS_MAX = 10.0


def measure(harness: Harness, daemon: RunningDaemon, database: str, count: int) -> Measured:
    """Percentiles over so many deliveries, one after another, in milliseconds."""
    control(harness.api_url, f"latency?ms={LATENCY_MS}")
    waits = sorted(asyncio.run(_deliver_all(harness, daemon, database, count)))
    control(harness.api_url, "latency?ms=0")
    cuts = quantiles(waits, n=100, method="inclusive")
    return {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "max_ms": waits[-1], "deliveries": count}


async def _deliver_all(harness: Harness, daemon: RunningDaemon, database: str, count: int) -> list[float]:
    noticed = asyncio.Event()
    connection = await asyncpg.connect(harness.postgres.of(database))
    await connection.add_listener("savvycal_changes", lambda *_notice: noticed.set())
    waits = []
    async with aiohttp.ClientSession() as session:
        for number in range(count):
            event = control(harness.api_url, f"touch?number={number * 7}")["touched"]
            await asyncio.sleep(PAUSE_SECONDS)
            noticed.clear()
            waits.append(await _deliver(session, daemon, event, noticed))
    await connection.close()
    return waits


async def _deliver(session: aiohttp.ClientSession, daemon: RunningDaemon, event: str, noticed: asyncio.Event) -> float:
    delivery = {"id": uuid4().hex, "occurred_at": "2026-11-21T00:00:00Z", "type": "event.changed"}
    body = msgspec.json.encode({**delivery, "payload": {"id": event}})
    began = time.monotonic()
    headers = {SIGNATURE_HEADER: sign(WEBHOOK_SECRET, body)}
    async with session.post(f"{daemon.address}/webhooks/meetings", data=body, headers=headers) as answer:
        answer.raise_for_status()
    await asyncio.wait_for(noticed.wait(), WAIT_SECONDS_MAX)
    return (time.monotonic() - began) * 1000

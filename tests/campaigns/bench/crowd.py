"""A crowd at the admin side, to see what it costs webhooks: each client asks again a second after its answer."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle

import aiohttp

TOKEN = "admin_token_of_the_bench"
PAUSE_SECONDS = 1.0
PATHS = ("/", "/status", "/health", "/metrics", "/api/v1/work-items", "/api/v1/status", "/work", "/bookings")


@asynccontextmanager
async def crowd(address: str, event: str, size: int) -> AsyncIterator[Counter[int]]:
    """That many clients for as long as the block lasts; how often each status was answered.

    One in four has no token, one in four requests a resync and waits for it, the others read.
    """
    counts: Counter[int] = Counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=size)) as session:
        clients = [asyncio.create_task(_client(session, address, event, number, counts)) for number in range(size)]
        try:
            yield counts
        finally:
            for client in clients:
                client.cancel()
            await asyncio.gather(*clients, return_exceptions=True)


async def _client(session: aiohttp.ClientSession, address: str, event: str, number: int, counts: Counter[int]) -> None:
    headers = {} if number % 4 == 0 else {"Authorization": f"Bearer {TOKEN}"}
    resync = {"target": event, "wait_seconds": 5}
    await asyncio.sleep(PAUSE_SECONDS * (number % 50) / 50)
    for path in cycle(PATHS[number % len(PATHS) :] + PATHS[: number % len(PATHS)]):
        if number % 4 == 1:
            sending = session.post(f"{address}/api/v1/resync", json=resync, headers=headers)
        else:
            sending = session.get(address + path, headers=headers)
        async with sending as response:
            await response.read()
            counts[response.status] += 1
        await asyncio.sleep(PAUSE_SECONDS)

"""Listens for requests from SQL: `request_resync()` notifies, and a worker starts at once."""

import asyncio
from collections.abc import Awaitable, Callable

from worker.cancellation import is_cancel_requested
from worker.errors import StoreError
from worker.settings import Address
from worker.store.connecting import CONNECT_SECONDS, Way, open_connection
from worker.store.database import WRITABLE, value_free_errors

CHANNEL = "savvycal_work"
RECONNECT_SECONDS = 5.0
PROBE_SECONDS = 20.0
"""How often the connection is tested: one that only listens would not notice a lost or read-only server."""


async def listen(database_url: Address, heard: Callable[[], Awaitable[None]]) -> None:
    """Calls `heard` after each notification, until canceled. A lost notification only delays its request."""
    while not is_cancel_requested():
        try:
            async with value_free_errors():
                await _listen_once(database_url, heard)
        except StoreError:
            await asyncio.sleep(RECONNECT_SECONDS)


async def _listen_once(database_url: Address, heard: Callable[[], Awaitable[None]]) -> None:
    signal = asyncio.Event()
    connection = await open_connection(database_url, Way(is_pooled=False))
    try:
        await connection.add_listener(CHANNEL, lambda *_notice: signal.set())
        while not is_cancel_requested():
            try:
                await asyncio.wait_for(signal.wait(), PROBE_SECONDS)
            except TimeoutError:
                if not await connection.fetchval(WRITABLE, timeout=CONNECT_SECONDS):
                    return  # notifications are sent on the primary only
                continue
            signal.clear()
            await heard()
    finally:
        connection.terminate()

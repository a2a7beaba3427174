"""What can go wrong with Valkey itself; its lines are in `faults`."""

import asyncio
import os
import signal
import time
from typing import Any

from savvycal_sync.queue import BULK, URGENT
from tests.campaigns.chaos.faults import Strike
from tests.campaigns.chaos.site import Site
from worker import queue


async def kill_valkey(site: Site, seconds: float) -> int:
    """SIGKILL, away for a while, and a new start with what it had."""
    os.kill(site.servers.valkey.pid, signal.SIGKILL)
    try:
        await asyncio.sleep(seconds)
    finally:
        site.servers.restart_valkey()
    return 1


_TAKE_ALL = """
local found = {}
for _, key in ipairs(redis.call('keys', 'arq:job:*')) do found[#found + 1] = redis.call('get', key) end
redis.call('flushall')
return found
"""


async def flush_valkey(site: Site, _seconds: float) -> int:
    """FLUSHALL: the queue forgets everything."""
    redis: Any
    async with site.servers.redis() as redis:
        payloads = await redis.eval(_TAKE_ALL, 0)
    jobs = [queue.unpack(payload) for payload in payloads if payload != b"{"]
    site.forgotten += [(time.time(), job["a"][0]) for job in jobs if job["f"].startswith("resync_")]
    return 1


def misconfigure(on: tuple[str, ...], off: tuple[str, ...], error: str) -> Strike:
    """A command, and later its opposite; counts the errors of that name which Valkey gave."""

    async def strike(site: Site, seconds: float) -> int:
        redis: Any
        async with site.servers.redis() as redis:
            before = await _errors(redis, error)
            await redis.execute_command(*on)
            try:
                await asyncio.sleep(seconds)
            finally:
                await redis.execute_command(*off)
            return await _errors(redis, error) - before

    return strike


async def _errors(redis: Any, name: str) -> int:
    found: Any = (await redis.info("errorstats")).get(f"errorstat_{name}", {})
    return int(found.get("count", 0)) if isinstance(found, dict) else 0


async def poison_queue(site: Site, _seconds: float) -> int:
    """Members of the queue that are no text, and jobs that are no jobs."""
    async with site.servers.redis() as redis:
        for name in (URGENT, BULK):
            await redis.zadd(name, {b"\xff\xfe": 1})
            await redis.set("arq:job:nonsense", "{", ex=60)
            await redis.zadd(name, {"nonsense": 1})
    return 4

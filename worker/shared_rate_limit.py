"""The rate limit of a token in Redis: one script, one round trip, Redis' own clock."""

import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from savvycal_sync.redis_pool import connection_pool
from worker.savvycal.rate_limit import PATIENCE_SECONDS
from worker.settings import Address

CONNECTIONS_MAX = 16

AWAY_SECONDS = 2.0
"""After a failure Redis is left alone for this long: requests must not wait for it."""

WORKER_TTL_MS = 60_000
PRESENT_SECONDS = 15.0
"""How often a worker says that it is there, and counts the others. Each command of a script is an operation of Redis,
so what need not happen with each request does not.
"""

_CHARGE = """
local now = redis.call('TIME'); now = now[1] * 1000 + now[2] / 1000
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local reserve, patience = tonumber(ARGV[3]), tonumber(ARGV[4])
local stored = redis.call('MGET', KEYS[1], KEYS[2])
local paid, workers = string.match(stored[1] or '', '(%S+) (%S+)')
if ARGV[5] ~= '' then
  redis.call('ZADD', KEYS[3], now, ARGV[5])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[6]))
  redis.call('ZREMRANGEBYSCORE', KEYS[3], now + 1000, '+inf')
  redis.call('PEXPIRE', KEYS[3], ARGV[6])
  workers = redis.call('ZCARD', KEYS[3])
end
paid = tonumber(paid or 0)
if paid > now + patience then paid = now end
local ends, length = string.match(stored[2] or '', '(%S+) (%S+)')
local closed = tonumber(ends or 0) - now
if closed > tonumber(length or 0) or closed < 0 then closed = 0 end
local base = math.max(paid, now + closed - burst)
base = math.min(base + tonumber(ARGV[7]), math.max(base, now + patience))
paid = base + interval
local wait = math.max(0, paid + reserve - now, closed)
if wait > patience then paid = base end
local packed = string.format('%.3f %d', paid, workers or 0)
redis.call('SET', KEYS[1], packed, 'PX', math.ceil(burst + patience + interval + 1000))
return {tostring(wait), tonumber(workers or 0)}
"""
"""GCRA: KEYS paid, cool-down, workers; ARGV interval, burst, reserve, patience (ms), worker or nothing, its time to
live, what of the burst it owes (ms). The first key holds until when it is paid, and beside that how many workers there
were when they were counted last. A time further ahead than any that was written comes from a clock that was set back
since, and is not waited for. A cool-down saves nothing up: a burst counts back from its end.
"""

_CLOSE = """
local now = redis.call('TIME'); now = now[1] * 1000 + now[2] / 1000
local ends, length = string.match(redis.call('GET', KEYS[1]) or '', '(%S+) (%S+)')
local left = tonumber(ends or 0) - now
if left > tonumber(ARGV[1]) and left <= tonumber(length) then return end
redis.call('SET', KEYS[1], string.format('%.3f %d', now + ARGV[1], ARGV[1]), 'PX', ARGV[1])
"""
"""KEYS cool-down; ARGV how long (ms). It holds its end and its length, so that a charge reads it with the rate limit.

A longer one stays.
"""


class RedisRateLimit:
    """Shares the rate limit of one token with all workers on the same Redis. `charge` returns None while it is away."""

    def __init__(self, redis: Redis, token: str) -> None:
        """`token` is the hash that names the token, never the token itself."""
        self._redis = redis
        self._charge = redis.register_script(_CHARGE)
        self._close = redis.register_script(_CLOSE)
        self._paid = {is_floor: f"savvycal:{name}:{token}" for is_floor, name in ((False, "rate"), (True, "scan-rate"))}
        self._cool_down, self._workers = f"savvycal:cooldown:{token}", f"savvycal:workers:{token}"
        self._worker = f"{os.getpid()}-{uuid4().hex[:8]}"
        self._away_until = self._present_until = 0.0
        self.worker_count = 1

    async def charge(
        self,
        interval_seconds: float,
        burst_seconds: float,
        reserve_seconds: float,
        owed_seconds: float = 0.0,
        patience_seconds: float = PATIENCE_SECONDS,
        is_floor: bool = False,
    ) -> float | None:
        """Seconds to wait, or None when Redis cannot be reached."""
        now = time.monotonic()
        if now < self._away_until:
            return None
        present = self._worker if now >= self._present_until else ""
        spans = [span * 1000 for span in (interval_seconds, burst_seconds, reserve_seconds, patience_seconds)]
        try:
            given: list[str | float] = [*spans, present, WORKER_TTL_MS, owed_seconds * 1000]
            wait_ms, workers = await self._charge(
                keys=[self._paid[is_floor], self._cool_down, self._workers], args=given
            )
        except (RedisError, OSError, TimeoutError):
            self._away_until = time.monotonic() + AWAY_SECONDS
            return None
        self.worker_count = workers or self.worker_count
        self._present_until = now + PRESENT_SECONDS if present else self._present_until
        return float(wait_ms) / 1000

    async def cool_down(self, seconds: float) -> None:
        """Tells the others, as far as Redis can be reached."""
        try:
            await self._close(keys=[self._cool_down], args=[max(1, int(seconds * 1000))])
        except (RedisError, OSError, TimeoutError):
            self._away_until = time.monotonic() + AWAY_SECONDS

    async def cool_down_left(self) -> float:
        """Seconds, 0 when Redis cannot be reached. The key lives exactly as long as the cool-down."""
        if time.monotonic() < self._away_until:
            return 0.0
        try:
            left_ms: int = await self._redis.pttl(self._cool_down)
            return max(0.0, left_ms / 1000)
        except (RedisError, OSError, TimeoutError):
            self._away_until = time.monotonic() + AWAY_SECONDS
            return 0.0


@asynccontextmanager
async def shared_rate_limits(address: Address) -> AsyncIterator[Callable[[str], RedisRateLimit]]:
    """Makes the rate limit of a token, named by its hash; all use the same few connections, and no request waits longer
    than a second for one.
    """
    pool = connection_pool(address, attempts=0, deadline_seconds=1, size=CONNECTIONS_MAX)
    try:
        yield partial(RedisRateLimit, Redis(connection_pool=pool))
    finally:
        await pool.disconnect()

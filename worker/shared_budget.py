"""The request budget of an account in Redis: one script, one round trip, Redis' own clock."""

import os
import time
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from worker import queue
from worker.savvycal.budget import PATIENCE_SECONDS

AWAY_SECONDS = 2.0
"""After a failure Redis is left alone for this long: requests must not wait for it."""

WORKER_TTL_MS = 60_000

_CHARGE = """
local now = redis.call('TIME'); now = now[1] * 1000 + now[2] / 1000
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local reserve, patience = tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZADD', KEYS[3], now, ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - tonumber(ARGV[6]))
redis.call('PEXPIRE', KEYS[3], ARGV[6])
local paid = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now - burst) + interval
local wait = math.max(0, paid + reserve - now, redis.call('PTTL', KEYS[2]))
if wait <= patience then
  redis.call('SET', KEYS[1], string.format('%.3f', paid), 'PX', math.ceil(burst + patience + interval + 1000))
end
return {tostring(wait), redis.call('ZCARD', KEYS[3])}
"""
"""GCRA: KEYS budget, silence, workers; ARGV interval, burst, reserve, patience (ms), worker, its time to live (ms)."""


class RedisBudget:
    """Shares one account's budget with every worker on the same Redis. Out of reach, it says so at once."""

    def __init__(self, redis_url: str, account: str) -> None:
        self._redis = Redis(connection_pool=queue.connection_pool(redis_url, attempts=0, deadline_seconds=1))
        self._charge = self._redis.register_script(_CHARGE)
        self._keys = [f"savvycal:{name}:{account}" for name in ("budget", "silence", "workers")]
        self._worker = f"{os.getpid()}-{uuid4().hex[:8]}"
        self._away_until = 0.0
        self.worker_count = 1

    async def charge(self, interval_seconds: float, burst_seconds: float, reserve_seconds: float) -> float | None:
        """Seconds to wait, or None when Redis cannot be asked."""
        if time.monotonic() < self._away_until:
            return None
        spans = [span * 1000 for span in (interval_seconds, burst_seconds, reserve_seconds, PATIENCE_SECONDS)]
        try:
            wait_ms, workers = await self._charge(keys=self._keys, args=[*spans, self._worker, WORKER_TTL_MS])
        except (RedisError, OSError, TimeoutError):
            self._away_until = time.monotonic() + AWAY_SECONDS
            return None
        self.worker_count = int(workers)
        return float(wait_ms) / 1000

    async def close_for(self, seconds: float) -> None:
        """Tells the others, as far as Redis can be reached."""
        try:
            await self._redis.set(self._keys[1], "429", px=max(1, int(seconds * 1000)))
        except (RedisError, OSError, TimeoutError):
            self._away_until = time.monotonic() + AWAY_SECONDS

    async def aclose(self) -> None:
        """Gives the connections back."""
        await self._redis.connection_pool.disconnect()

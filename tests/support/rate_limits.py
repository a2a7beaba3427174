"""A worker's part in a shared rate limit, with connections of its own."""

from redis.asyncio import Redis

from savvycal_sync.redis_pool import connection_pool
from worker.shared_rate_limit import RedisRateLimit


class OwnRateLimit(RedisRateLimit):
    """The rate limit of a token in the Redis at an address."""

    def __init__(self, redis_url: str, token: str) -> None:
        super().__init__(Redis(connection_pool=connection_pool(redis_url, attempts=0, deadline_seconds=1)), token)

    async def aclose(self) -> None:
        """Gives the connections back."""
        await self._redis.connection_pool.disconnect()

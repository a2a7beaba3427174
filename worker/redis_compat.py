"""A Redis pipeline that gives its connection back whatever happens; redis-py's own does not while it watches a key."""

from redis.asyncio.client import Pipeline


class ReturningPipeline(Pipeline):
    """ARQ watches a key for each job it starts or pushes. When it stops, redis-py sends UNWATCH and expects an answer.

    When that ends with anything but a lost connection (a silent Redis, a cancellation), redis-py keeps the connection:
    its place in the pool is lost, and the garbage collector complains of an `Unclosed Pipeline client`.
    """

    async def reset(self) -> None:
        """Back to an empty pipeline. A connection that could not be told so is cut, which ends its watching too."""
        try:
            await super().reset()  # type: ignore[no-untyped-call]
        finally:
            connection, self.connection, self.watching = self.connection, None, False
            if connection:
                await connection.disconnect(nowait=True)
                await self.connection_pool.release(connection)

"""Prefetches for a slower consumer, within limits: the next page is fetched while the previous one is written."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


async def ahead(
    source: AsyncIterator[T],
    most: int,
    admit: Callable[[], Awaitable[None]] | None = None,
    weigh: Callable[[T], int] = lambda _item: 1,
) -> AsyncGenerator[list[T], None]:
    """Yields lists of the items that `source` produced while the consumer was busy, in order.

    The source pauses when the waiting items weigh `most`; `admit` is awaited before each list. A list is not filled
    first: items of a slow source are passed on one by one, those of a fast source accumulate behind a slow consumer. An
    error of `source` is raised after all items before it. Close the generator (`contextlib.aclosing`), because it owns
    a task.
    """
    given: deque[T] = deque()
    came, limiter = asyncio.Event(), asyncio.Event()

    async def pump() -> None:
        async for item in source:
            given.append(item)
            del item  # otherwise it stays in memory until the next one has arrived
            came.set()
            limiter.clear()
            if sum(map(weigh, given)) >= most:
                await limiter.wait()

    task = asyncio.create_task(pump())
    task.add_done_callback(lambda _task: came.set())
    try:
        while given or not task.done():
            await came.wait()
            came.clear()
            if given and admit:
                await admit()
            limiter.set()
            if given:
                yield [given.popleft() for _ in range(len(given))]
        task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class CapacityLimiter:
    """Limits how many things exist at once, over all users that share it."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)

    @contextmanager
    def share(self) -> "Iterator[Permits]":
        """The permits of one user; all of them are released at the end of the block."""
        share = Permits(self._free)
        try:
            yield share
        finally:
            share.give_back(share.taken)


class Permits:
    """The permits that one user has taken of a limiter."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self.taken = 0

    async def take(self) -> None:
        """Waits for one more permit and takes it."""
        await self._free.acquire()
        self.taken += 1

    def give_back(self, count: int = 1) -> None:
        """Releases `count` permits."""
        self.taken -= count
        for _ in range(count):
            self._free.release()

"""Works ahead of a slower consumer, within bounds: the next page is fetched while the last one is written."""

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
    """What `source` gave while the consumer was busy, in order, until it weighs `most`; `admit` is awaited before each.

    Nobody waits for a full list: a slow source is handed on item by item, a fast one gathers behind a slow consumer.
    An error of `source` comes after everything it gave before it. Close it (`contextlib.aclosing`): it owns a task.
    """
    given: deque[T] = deque()
    came, limiter = asyncio.Event(), asyncio.Event()

    async def pump() -> None:
        async for item in source:
            given.append(item)
            del item  # or it would stay until the next one has come
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
    """So many things at once, over everybody who shares it."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)

    @contextmanager
    def share(self) -> "Iterator[Permits]":
        """What one user takes of it; all of that is free again at the end of the block."""
        share = Permits(self._free)
        try:
            yield share
        finally:
            share.give_back(share.taken)


class Permits:
    """One user's part of a room."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self.taken = 0

    async def take(self) -> None:
        """Waits until there is room for one more."""
        await self._free.acquire()
        self.taken += 1

    def give_back(self, count: int = 1) -> None:
        """So many less."""
        self.taken -= count
        for _ in range(count):
            self._free.release()

"""Works ahead of a slower consumer, within a bound: the next page is fetched while the last one is written."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")


async def ahead(source: AsyncIterator[T], most: int) -> AsyncGenerator[list[T], None]:
    """What `source` gave while the consumer was busy, in order, at most `most` at once.

    Nobody waits for a full list: a slow source is handed on item by item, a fast one gathers behind a slow consumer.
    An error of `source` comes after everything it gave before it. Close it (`contextlib.aclosing`): it owns a task.
    """
    given: deque[T] = deque()
    came, room = asyncio.Event(), asyncio.Event()

    async def pump() -> None:
        async for item in source:
            given.append(item)
            came.set()
            room.clear()
            if len(given) >= most:
                await room.wait()

    task = asyncio.create_task(pump())
    task.add_done_callback(lambda _task: came.set())
    try:
        while given or not task.done():
            await came.wait()
            came.clear()
            batch = list(given)
            given.clear()
            room.set()
            if batch:
                yield batch
        task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

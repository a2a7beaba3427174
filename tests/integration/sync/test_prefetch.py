"""Working ahead: in order, within a bound, errors last, and no task left behind."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import pytest

from worker.sync.prefetch import CapacityLimiter, ahead


async def numbers(until: int, given: list[int]) -> AsyncIterator[int]:
    """0, 1, 2, ... as fast as they are wanted; notes each."""
    for number in range(until):
        given.append(number)
        yield number
        await asyncio.sleep(0)


async def test_a_busy_consumer_finds_a_bounded_list_waiting() -> None:
    """Everything arrives once and in order, at most so many at a time, and no further ahead than that."""
    given: list[int] = []
    taken: list[list[int]] = []
    async with aclosing(ahead(numbers(10, given), 3)) as batches:
        async for batch in batches:
            taken.append(batch)
            for _ in range(50):
                await asyncio.sleep(0)
            assert len(given) <= sum(map(len, taken)) + 3

    assert [number for batch in taken for number in batch] == list(range(10))
    assert max(map(len, taken)) == 3


async def test_a_slow_source_is_handed_on_item_by_item() -> None:
    """Nothing waits for a full list."""
    turn = asyncio.Event()

    async def slow() -> AsyncIterator[int]:
        yield 1
        await turn.wait()
        yield 2

    async with aclosing(ahead(slow(), 10)) as batches:
        assert await anext(batches) == [1]
        turn.set()
        assert await anext(batches) == [2]
        with pytest.raises(StopAsyncIteration):
            await anext(batches)


async def test_an_error_comes_after_everything_that_came_before_it() -> None:
    """What was given is not lost with the one that failed."""

    async def failing() -> AsyncIterator[int]:
        yield 1
        yield 2
        raise ValueError("the third")

    async with aclosing(ahead(failing(), 10)) as batches:
        seen = await anext(batches)
        seen += [] if len(seen) == 2 else await anext(batches)
        assert seen == [1, 2]
        with pytest.raises(ValueError, match="the third"):
            await anext(batches)


async def test_a_consumer_that_leaves_ends_the_source() -> None:
    """Closing it cancels what it started."""
    ended = asyncio.Event()

    async def endless() -> AsyncGenerator[int, None]:
        try:
            while True:
                yield 1
                await asyncio.sleep(0)
        finally:
            ended.set()

    async with aclosing(endless()) as source, aclosing(ahead(source, 2)) as batches:
        assert await anext(batches) == [1]
    assert ended.is_set()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_capacity_limiter_is_shared_and_never_kept() -> None:
    """Two users together take no more than there is, and what one leaves behind is free again."""
    limiter = CapacityLimiter(2)
    with limiter.share() as one, limiter.share() as other:
        await one.take()
        await other.take()
        waiting = asyncio.create_task(one.take())
        await asyncio.sleep(0)
        assert not waiting.done()
        other.give_back()
        await waiting
        assert (one.taken, other.taken) == (2, 0)

    with limiter.share() as third:
        await asyncio.wait_for(third.take(), 1)
        await asyncio.wait_for(third.take(), 1)

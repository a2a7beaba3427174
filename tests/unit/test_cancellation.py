"""A cancellation that gets lost on its way stops the ARQ worker and the listener all the same."""

import asyncio
from typing import NoReturn

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from savvycal_sync.redis_pool import connection_pool
from tests.support.harness import until
from worker.arq_worker import ArqWorker
from worker.cancellation import is_cancel_requested
from worker.sync.context import SyncContext


async def _swallows() -> NoReturn:
    """What redis-py makes of a cancellation that comes while it clears up after an error."""
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        raise RedisError("connection lost") from None
    raise AssertionError


async def test_a_loop_that_goes_on_after_errors_ends_when_it_was_canceled() -> None:
    """The error stands in the way of the cancellation once; the loop asks before it goes on."""
    rounds = 0

    async def goes_on() -> None:
        nonlocal rounds
        while not is_cancel_requested():
            rounds += 1
            with pytest.raises(RedisError):
                await _swallows()

    task = asyncio.create_task(goes_on())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait_for(task, 10)
    assert rounds == 1


async def test_nobody_who_was_not_canceled_is_asked_to_stop() -> None:
    """Neither at the start of a task, nor after a deadline of its own has passed."""
    assert not is_cancel_requested()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await asyncio.sleep(1)
    assert not is_cancel_requested()


async def test_the_arq_worker_stops_although_its_cancellation_was_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis failed just when the daemon was told to stop: it does not connect again."""
    arq_worker, lives = ArqWorker("redis://127.0.0.1:1/0", SyncContext(None, {}, ())), 0  # type: ignore[arg-type]  # no database

    async def serve() -> None:
        nonlocal lives
        lives += 1
        arq_worker._redis = arq_worker  # type: ignore[assignment]  # so that the local timer keeps still
        await _swallows()

    monkeypatch.setattr(arq_worker, "_serve", serve)
    running = asyncio.create_task(arq_worker.run())
    while not lives:
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait({running}, timeout=10)
    assert running.cancelled()
    assert lives == 1


async def test_who_writes_behind_our_back_opens_no_connection_again(redis_url: str) -> None:
    """As ARQ does for a canceled job: Redis answers it late, when the connections have been closed."""
    pool = connection_pool(redis_url)
    redis = Redis(connection_pool=pool)
    async with Redis.from_url(redis_url) as other:
        await redis.ping()
        await other.client_pause(1_000)
        late = asyncio.ensure_future(redis.ping())

        async def is_asking() -> bool:
            return bool(pool._in_use_connections)

        await until(is_asking, 10)
        await pool.disconnect()
        await asyncio.wait({late}, timeout=20)
        assert late.done()
        late.exception()
        assert not [one for one in (*pool._available_connections, *pool._in_use_connections) if one.is_connected]
        with pytest.raises(RedisError):
            await redis.ping()

"""Pipelines that watch a key while Redis falls silent: their connections come back, and nobody complains later."""

import asyncio
import gc
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from arq.connections import ArqRedis
from redis.asyncio import BlockingConnectionPool
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from savvycal_sync.redis_pool import connection_pool
from tests.support.servers import GivenServer, valkey_server
from worker.arq_worker import _Redis
from worker.redis_compat import ReturningPipeline


@pytest.fixture(scope="module")
def frozen() -> Iterator[tuple[str, int]]:
    """A Valkey for these tests alone, which can be frozen: its address and process."""
    with valkey_server() as server:
        if isinstance(server, GivenServer):
            pytest.skip("a Redis that somebody else runs is not frozen")
        yield server.url, server.pid


async def _freeze_while_watching(redis: ArqRedis, pid: int, is_canceled: bool) -> Pipeline:
    """What ARQ does for each job, with a Redis that takes a connection and says nothing from the second command on."""
    pipe = redis.pipeline(transaction=True)
    watching = asyncio.Event()

    async def watch_key() -> None:
        async with pipe:
            await pipe.watch("a key")
            os.kill(pid, signal.SIGSTOP)
            watching.set()
            await pipe.exists("a key")

    task = asyncio.create_task(watch_key())
    try:
        await watching.wait()
        while is_canceled and not task.done():
            task.cancel()
            await asyncio.sleep(0)
        with suppress(RedisError, asyncio.CancelledError):
            await task
    finally:
        os.kill(pid, signal.SIGCONT)
    return pipe


def _pool(url: str) -> BlockingConnectionPool:
    return connection_pool(url, attempts=0, deadline_seconds=0.3)


@pytest.mark.parametrize("is_canceled", [False, True])
async def test_a_pipeline_gives_its_connection_back(frozen: tuple[str, int], is_canceled: bool) -> None:
    """A silent Redis and a cancellation while leaving: nothing is kept, and the garbage collector reports nothing."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    pool = _pool(frozen[0])
    redis = _Redis(pool)
    pipe = await _freeze_while_watching(redis, frozen[1], is_canceled)
    assert isinstance(pipe, ReturningPipeline)
    assert not pool._in_use_connections
    del pipe
    gc.collect()
    assert complaints == []
    assert await redis.ping()
    await redis.aclose(close_connection_pool=True)


@pytest.mark.parametrize("is_canceled", [False, True])
async def test_redis_py_keeps_the_connection(frozen: tuple[str, int], is_canceled: bool) -> None:
    """The fact behind: when its own pipelines give it back as well, ours can go."""
    pool = _pool(frozen[0])
    redis = ArqRedis(pool)
    pipe = await _freeze_while_watching(redis, frozen[1], is_canceled)
    assert pipe.connection in pool._in_use_connections
    await pool.release(pipe.connection)
    pipe.connection = None
    await redis.aclose(close_connection_pool=True)

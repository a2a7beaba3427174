"""ARQ, the doorbell and the clock: the only module that knows it. Everything that must not get lost is in Postgres.

Two queues, so that a person never waits behind a sweep. Losing Redis never ends the process: the workers are built
anew until it is back, and a local timer runs the very same jobs meanwhile.
"""

import asyncio
import contextlib
from datetime import UTC
from random import uniform
from typing import Any

from arq import Retry, Worker, cron, func
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from worker import jobs, queue
from worker.errors import BadTrigger, QueueUnavailable, SavvycalSyncError
from worker.queue import BULK, URGENT, Call
from worker.sync import tick
from worker.sync.mirror import Mirror
from worker.telemetry import log

JOB_SECONDS = 75
"""Above the longest slice (20 s) plus the last request in it (30 s) plus its transaction."""

POLL_SECONDS = 0.2
READ_LIMIT = 1000
"""ARQ reads this many ids from the head of the queue: fewer than the jobs that run would starve the rest (measured)."""

STOP_SECONDS = 8.0
RECONNECT_SECONDS_MAX = 5.0


class Engine:
    """Runs the jobs of one process."""

    def __init__(self, redis_url: str, mirror: Mirror) -> None:
        self._redis_url = redis_url
        self._mirror = mirror
        self._redis: ArqRedis | None = None
        self.is_connected = False
        mirror.ring = self.ring

    async def ring(self, job: str, *arguments: str) -> None:
        """Asks for a job soon. Best effort: when Redis is away, the local timer finds the work in the ledger."""
        if self._redis is None or not self.is_connected:
            return
        urgent = job == "work"
        with contextlib.suppress(QueueUnavailable):
            await queue.push(self._redis, URGENT if urgent else BULK, Call(job, arguments))

    async def run(self) -> None:
        """Runs until canceled; then lets go of its work within a few seconds."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._supervise())
            group.create_task(self._local_timer())

    async def _supervise(self) -> None:
        wait = 0.2
        while True:
            try:
                await self._serve()
            except (RedisError, OSError, TimeoutError, UnicodeDecodeError) as error:
                self._note_loss(error)
            self.is_connected = False
            await asyncio.sleep(uniform(wait / 2, wait))
            wait = min(RECONNECT_SECONDS_MAX, wait * 2) if not self._was_connected() else 0.2

    _connected_once = False

    def _was_connected(self) -> bool:
        was, self._connected_once = self._connected_once, False
        return was

    def _note_loss(self, error: Exception) -> None:
        if self.is_connected or self._redis is None:
            log.warning("redis_away", error=type(error).__name__, meanwhile="syncing goes on from Postgres")

    async def _serve(self) -> None:
        """One life of the two workers: ends with an error when Redis goes away."""
        redis = ArqRedis(
            queue.connection_pool(self._redis_url),
            job_serializer=queue.pack,
            job_deserializer=queue.unpack,
            default_queue_name=BULK,
        )
        first_time, self._redis = self._redis is None, redis
        workers: list[Worker] = []
        try:
            await redis.ping()
            await _sweep_unreadable(redis)
            workers += [self._worker(redis, URGENT), self._worker(redis, BULK)]
            self.is_connected = self._connected_once = True
            if not first_time:
                log.info("redis_back")
            await self.ring("tick")
            await _run_until_one_ends(workers)
        finally:
            self.is_connected = False
            await _close(workers, redis)

    def _worker(self, redis: ArqRedis, name: str) -> Worker:
        functions = [func(_wrapped(job, True), name=n, max_tries=50) for n, job in jobs.TRIGGERS.items()]
        functions += [func(_wrapped(job, False), name=n, max_tries=50) for n, job in jobs.LEDGER_JOBS.items()]
        seconds = set(range(0, 60, jobs.TICK_SECONDS))
        clock = cron(_wrapped(jobs.tick, False), name="cron:tick", second=seconds, max_tries=2, timeout=JOB_SECONDS)
        return Worker(
            functions,
            queue_name=name,
            cron_jobs=[clock] if name == BULK else None,
            redis_pool=redis,
            handle_signals=False,
            max_jobs=20,
            job_timeout=JOB_SECONDS,
            keep_result=0,
            poll_delay=POLL_SECONDS,
            queue_read_limit=READ_LIMIT,
            health_check_key=f"{name}:health-check",
            job_serializer=queue.pack,
            job_deserializer=queue.unpack,
            timezone=UTC,
            log_results=False,
            ctx={"mirror": self._mirror},
        )

    async def _local_timer(self) -> None:
        """While Redis is away: the same jobs, run here."""
        ctx = {"mirror": self._mirror}
        while True:
            await asyncio.sleep(1)
            if self.is_connected:
                continue
            try:
                for name, *arguments in await tick.tick(self._mirror):
                    await jobs.LEDGER_JOBS[name](ctx, *arguments)
            except SavvycalSyncError as error:
                log.warning("local_timer_failed", error=str(error))


def _wrapped(job: jobs.JobFunction, is_trigger: bool) -> Any:
    """ARQ takes an exception for the end of a job: a trigger is tried again instead, the rest is in the ledger."""

    async def run(ctx: dict[str, Any], *arguments: str, **named: str) -> None:
        try:
            await job(ctx, *arguments, **named)
        except BadTrigger as error:
            log.warning("trigger_refused", job=job.__name__, reason=str(error))
        except TypeError:
            log.warning("trigger_refused", job=job.__name__, reason="wrong number or names of arguments")
        except SavvycalSyncError as error:
            log.warning("job_failed", job=job.__name__, error=str(error))
            if is_trigger and error.transient:
                raise Retry(defer=uniform(1, 5)) from None

    run.__qualname__ = job.__name__
    return run


async def _sweep_unreadable(redis: ArqRedis) -> None:
    """Members that are not text end every worker that reads them: they are taken out first."""
    for name in (URGENT, BULK):
        for member in await redis.zrange(name, 0, READ_LIMIT):
            try:
                member.decode()
            except UnicodeDecodeError:
                await redis.zrem(name, member)
                log.warning("queue_member_dropped", queue=name, reason="its id is not text")


async def _run_until_one_ends(workers: list[Worker]) -> None:
    tasks = [asyncio.ensure_future(worker.main()) for worker in workers]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _close(workers: list[Worker], redis: ArqRedis) -> None:
    """Cancels what runs (it gives its leases back) and leaves, whatever state Redis is in."""
    running = [task for worker in workers for task in worker.tasks.values()]
    for task in running:
        task.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*running, return_exceptions=True), STOP_SECONDS)
    for worker in workers:
        worker.tasks.clear()
        worker._pool = None  # its destructor would close a pool on a loop that is gone
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        await asyncio.wait_for(redis.aclose(close_connection_pool=True), 2)

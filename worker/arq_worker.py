"""The only module that uses ARQ: it wakes workers and runs the schedule. All pending work is stored in Postgres.

Each queue has a worker of its own, so that neither a person's request nor the schedule waits behind a scan. Losing
Redis never ends the process: the workers are rebuilt until Redis is back, and a local timer runs the jobs meanwhile.
"""

import asyncio
import contextlib
import inspect
import logging
import time
from collections.abc import Awaitable, Coroutine, Iterable
from datetime import UTC
from random import uniform
from typing import Any, cast

import arq.worker
from arq import Retry, Worker, cron, func
from arq.connections import ArqRedis
from arq.jobs import DeserializationError
from redis.exceptions import RedisError

from savvycal_sync.queue import BULK, CLOCK, URGENT, WAKEUPS, pack
from savvycal_sync.redis_pool import connection_pool
from worker import jobs, queue
from worker.cancellation import is_cancel_requested
from worker.errors import ResyncRejected, SavvycalSyncError
from worker.intake import Intake
from worker.local_timer import LocalTimer
from worker.logs import log
from worker.queue import MOMENT_MS_MAX
from worker.redis_compat import ReturningPipeline
from worker.settings import Address
from worker.sync.context import SyncContext


async def _no_info(*_arguments: object) -> None:
    """ARQ asks for INFO when a worker starts, which a user with few rights may not (`-@dangerous`)."""


setattr(arq.worker, "log_redis_info", _no_info)  # noqa: B010 - not a name that ARQ exports

JOB_SECONDS = 75
"""Above the longest slice (20 s) plus the last request in it (30 s) plus its transaction."""

TRIES_MAX = 100_000
"""No limit but the day after which the job's key lapses: what somebody asked for waits for a Postgres that is away."""

TRIES_APART_SECONDS_MAX = 15

QUEUE_READ_SECONDS = {URGENT: 1.0, BULK: 5.0, CLOCK: 2.5}
"""How often ARQ itself reads each queue, which is one operation of Redis. A wake-up is quicker; this finds jobs that
were pushed without one. An idle daemon may cost 10 operations a second, and half of that is the schedule.

The schedule has a queue of its own: ARQ starts jobs in the order of their scores, and in another queue the schedule
waits behind scans or behind many requests (both measured).
"""

JOBS_MAX = {URGENT: 20, BULK: 20, CLOCK: 2}
"""Jobs of each queue at once in one process. Runs of the schedule that wait for a slow Postgres must not take all of
its connections."""

READ_LIMIT = 1000
"""ARQ reads this many ids from the head of the queue: fewer than the jobs that run would starve the rest (measured)."""

WAKEUP_WAIT_SECONDS = 2
"""How long one blocking pop waits; below the connections' own deadline."""

STOP_SECONDS = 6.0
CANCEL_AGAIN_SECONDS = 2.0
"""Enough for work to give its leases back, which a second cancellation would cut off."""
RECONNECT_SECONDS_MIN, RECONNECT_SECONDS_MAX = 0.2, 4.0
LEASE_SECONDS = 15
"""Renewed while a job runs."""


class ArqWorker:
    """Runs the jobs of one process."""

    def __init__(self, redis_url: Address, context: SyncContext) -> None:
        self._redis_url = redis_url
        self._context = context
        self._redis: ArqRedis | None = None
        self._away_logged = False
        self._timer = LocalTimer(context, lambda: self.is_connected)
        context.wake = self.wake
        logging.getLogger("arq.worker").addFilter(_in_one_line)

    @property
    def is_connected(self) -> bool:
        """Whether jobs travel through Redis now; otherwise the local timer runs them."""
        return self._redis is not None

    async def wake(self, job: str, *arguments: str, once: bool = False) -> None:
        """Wakes workers for a job. Best effort: while Redis is away, the local timer finds the work in Postgres."""
        if self._redis is None:
            return
        await queue.wake(self._redis, job, *arguments, once=once)

    async def run(self) -> None:
        """Runs until canceled; then lets go of its work within a few seconds."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._supervise())
            group.create_task(self._timer.run())

    async def _supervise(self) -> None:
        """Rebuilds the workers whenever Redis ends them, with growing waits while Redis stays away."""
        wait = RECONNECT_SECONDS_MIN
        while not is_cancel_requested():
            began = time.monotonic()
            try:
                await self._serve()
            except (RedisError, OSError, TimeoutError, UnicodeDecodeError) as error:
                self._log_away(error)
            except Exception as error:  # noqa: BLE001 - whatever Redis held, all work is in Postgres
                log.error("worker_crashed", error=type(error).__name__, meanwhile="syncing goes on from Postgres")
            lived = time.monotonic() - began
            wait = RECONNECT_SECONDS_MIN if lived > RECONNECT_SECONDS_MAX else min(RECONNECT_SECONDS_MAX, wait * 2)
            await asyncio.sleep(uniform(wait / 2, wait))

    def _log_away(self, error: Exception) -> None:
        """The first loss and the return are worth a line, not every attempt."""
        if not self._away_logged:
            log.warning("redis_disconnected", error=type(error).__name__, meanwhile="syncing goes on from Postgres")
        self._away_logged = True

    def _log_back(self) -> None:
        if self._away_logged:
            log.info("redis_reconnected")
        self._away_logged = False

    async def _serve(self) -> None:
        """One life of the workers: ends with an error when Redis goes away."""
        redis = _Redis(
            connection_pool(self._redis_url),
            job_serializer=pack,
            job_deserializer=queue.unpack,
            default_queue_name=BULK,
        )
        workers: list[Worker] = []
        try:
            await redis.ping()
            await _drop_unreadable(redis)
            if is_cancel_requested():
                return
            workers += [self._worker(redis, name) for name in QUEUE_READ_SECONDS]
            self._redis = redis
            self._log_back()
            await self.wake("schedule")
            lives = [*(worker.main() for worker in workers), _renew_leases(redis, workers), _listen(redis, workers)]
            await _run_until_one_ends(lives)
        finally:
            self._redis = None
            await _close(workers, redis)

    def _worker(self, redis: ArqRedis, name: str) -> Worker:
        functions = [func(_wrapped(job, True), name=n, max_tries=TRIES_MAX) for n, job in jobs.RESYNC_JOBS.items()]
        functions += [func(_wrapped(job, False), name=n, max_tries=TRIES_MAX) for n, job in jobs.WORK_JOBS.items()]
        seconds = set(range(0, 60, jobs.SCHEDULE_SECONDS))
        run = _wrapped(jobs.schedule, False)
        scheduled = cron(run, name="cron:schedule", second=seconds, max_tries=2, timeout=JOB_SECONDS)
        worker = _Worker(
            functions,
            queue_name=name,
            cron_jobs=[scheduled] if name == CLOCK else None,
            redis_pool=redis,
            handle_signals=False,
            max_jobs=JOBS_MAX[name],
            job_timeout=JOB_SECONDS,
            keep_result=0,
            poll_delay=QUEUE_READ_SECONDS[name],
            queue_read_limit=READ_LIMIT,
            health_check_key=f"{name}:health-check",
            job_serializer=pack,
            job_deserializer=queue.unpack,
            timezone=UTC,
            log_results=False,
            ctx=jobs.arguments_of(self._context),
        )
        worker.in_progress_timeout_s = LEASE_SECONDS
        worker.intake = Intake(redis, self._context) if name == URGENT else None
        return worker


class _Worker(Worker):
    """Takes requests for single objects many at a time, and leaves all other jobs to ARQ."""

    intake: Intake | None = None

    async def _poll_iteration(self) -> None:
        if self.intake:
            await self.intake.take()
        await super()._poll_iteration()


class _Redis(ArqRedis):
    """ARQ's connections, with pipelines that give theirs back."""

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> ReturningPipeline:
        return ReturningPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


def _wrapped(job: jobs.JobFunction, is_resync: bool) -> Any:
    """ARQ takes an exception for the end of a job. A resync is tried again instead; other work is in Postgres."""

    takes = inspect.signature(job)

    async def run(ctx: dict[str, Any], *arguments: str, **named: str) -> None:
        try:
            takes.bind(ctx, *arguments, **named)
        except TypeError:
            log.warning("resync_rejected", job=job.__name__, reason="wrong number or names of arguments")
            return
        try:
            await job(ctx, *arguments, **named)
        except ResyncRejected as error:
            log.warning("resync_rejected", job=job.__name__, reason=str(error))
        except SavvycalSyncError as error:
            jobs.log_failure(ctx, job.__name__, error)
            if is_resync and error.transient:
                raise Retry(defer=uniform(1, min(TRIES_APART_SECONDS_MAX, 2 + ctx["job_try"]))) from None

    run.__qualname__ = job.__name__
    return run


def _in_one_line(record: logging.LogRecord) -> bool:
    """A job that nobody can read is worth a line, not the traceback that ARQ adds to it."""
    if record.exc_info and isinstance(record.exc_info[1], DeserializationError):
        record.exc_info = None
    return True


async def _drop_unreadable(redis: ArqRedis) -> None:
    """Removes members that are not text or whose score is no time: each would end every worker that reads it."""
    for name in QUEUE_READ_SECONDS:
        if count := await redis.zremrangebyscore(name, "-inf", -MOMENT_MS_MAX):
            log.warning("queue_member_dropped", queue=name, reason="its time is no number", count=count)
        for member in await redis.zrange(name, 0, READ_LIMIT):
            try:
                member.decode()
            except UnicodeDecodeError:
                await redis.zrem(name, member)
                log.warning("queue_member_dropped", queue=name, reason="its id is not text")


async def _listen(redis: ArqRedis, workers: list[Worker]) -> None:
    """Waits for wake-ups and makes the worker of the named queue read it at once, besides its regular reads.

    Two reads of one queue cannot start a job twice: ARQ guards each start in Redis.
    """
    by_queue = {worker.queue_name: worker for worker in workers}
    while True:
        woken = await cast("Awaitable[list[bytes] | None]", redis.blpop([WAKEUPS], timeout=WAKEUP_WAIT_SECONDS))
        worker = by_queue.get(woken[1].decode(errors="replace")) if woken else None
        if worker:
            await worker._poll_iteration()


async def _renew_leases(redis: ArqRedis, workers: list[Worker]) -> None:
    """Jobs that run here keep their lease; those of a killed process are free soon (with ARQ alone: after 310 s)."""
    while True:
        await asyncio.sleep(LEASE_SECONDS / 3)
        for worker in workers:
            for job_id in list(worker.job_tasks):
                await redis.pexpire(f"arq:in-progress:{job_id}", LEASE_SECONDS * 1000)


async def _run_until_one_ends(lives: list[Coroutine[Any, Any, None]]) -> None:
    tasks = [asyncio.ensure_future(life) for life in lives]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await _end(tasks)


async def _end(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancels until they have ended, for a few seconds: a cancellation that meets a Redis call may get lost in it."""
    left = set(tasks)
    deadline = time.monotonic() + STOP_SECONDS
    while left and time.monotonic() < deadline:
        for task in left:
            task.cancel()
        done, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_SECONDS)
        for task in done:
            task.cancelled() or task.exception()  # retrieved: asyncio would log that it never was


async def _close(workers: list[Worker], redis: ArqRedis) -> None:
    """Cancels what runs (it gives its leases back) and leaves, whatever state Redis is in."""
    await _end([task for worker in workers for task in worker.tasks.values()])
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        await asyncio.wait_for(redis.aclose(close_connection_pool=True), 2)

"""What `worker/arq_worker.py` leans on, as facts about ARQ itself: an upgrade that changes one of them fails here.

Each test runs ARQ's own Worker on a real Redis with the serializer of this project, and nothing else of it.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from arq import Retry, Worker, cron, func
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from savvycal_sync.queue import BULK, URGENT, Call, pack, push
from savvycal_sync.redis_pool import connection_pool
from tests.support.servers import GivenServer, valkey_server
from worker import arq_worker, jobs, queue

Job = Callable[..., Awaitable[None]]
SECONDS = 10.0
"""How long a fact may take to show."""


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[ArqRedis]:
    """An empty Redis, spoken to as the worker does."""
    pool = connection_pool(redis_url)
    connected = ArqRedis(pool, job_serializer=pack, job_deserializer=queue.unpack, default_queue_name=BULK)
    try:
        yield connected
    finally:
        await connected.aclose(close_connection_pool=True)


def worker(redis: ArqRedis, work: Job, **options: Any) -> Worker:
    """A worker whose one function, `work`, is a job that the deserializer lets through."""
    chosen: dict[str, Any] = {"max_tries": 3, "keep_result": 0, "poll_delay": 0.02, "job_timeout": 5, "timezone": UTC}
    chosen |= {"queue_name": BULK} | options
    return Worker(
        [func(cast("Any", work), name="work", max_tries=chosen["max_tries"])],
        redis_pool=redis,
        handle_signals=False,
        job_serializer=pack,
        job_deserializer=queue.unpack,
        log_results=False,
        **chosen,
    )


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Waits for a fact."""
    async with asyncio.timeout(SECONDS):
        while not await condition():
            await asyncio.sleep(0.01)


async def end(running: Worker, task: "asyncio.Future[Any]") -> None:
    """Stops a worker as `ArqWorker` does: again and again, because a cancellation may get lost in a Redis call."""
    left: set[asyncio.Future[Any]] = {*running.tasks.values(), task}
    async with asyncio.timeout(SECONDS):
        while left:
            for one in left:
                one.cancel()
            _, left = await asyncio.wait(left, timeout=0.2)


class Counted:
    """A job that counts its runs."""

    def __init__(self, *errors: BaseException | None) -> None:
        self.run_count = 0
        self._errors = list(errors)

    async def run(self, _ctx: dict[str, Any]) -> None:
        """Fails as it was told, then succeeds."""
        self.run_count += 1
        if self._errors and (error := self._errors.pop(0)) is not None:
            raise error


@pytest.mark.parametrize(
    "payload",
    [
        b"\x80\x04\x95pickle",
        b"not json",
        b'{"t":null,"f":"work","a":[],"k":{},"et":null}',
        b'{"t":"one","f":"work","a":[],"k":{},"et":1}',
        b'{"t":null,"f":["work"],"a":[],"k":{},"et":1}',
        b'{"t":null,"f":"nobody_knows_this","a":[],"k":{},"et":1}',
        b"x" * 4096,
    ],
)
async def test_a_poison_payload_is_dropped_and_the_worker_goes_on(redis: ArqRedis, payload: bytes) -> None:
    """With a deserializer that refuses, a payload that would end a stock worker is removed and the next job runs."""
    job = Counted()
    await redis.set("arq:job:poison", payload)
    await redis.zadd(BULK, {"poison": 1})
    await push(redis, BULK, Call("work", ()))
    made = worker(redis, job.run, burst=True)

    await asyncio.wait_for(made.async_run(), SECONDS)

    assert job.run_count == 1
    assert await redis.zcard(BULK) == 0
    assert await redis.exists("arq:job:poison") == 0


async def test_a_member_that_is_no_text_ends_every_worker(redis: ArqRedis) -> None:
    """So `ArqWorker` takes such members out before it builds its workers, and builds them again when one ends."""
    await redis.zadd(BULK, {b"\xff\xfe": 1})
    made = worker(redis, Counted().run, burst=True)

    with pytest.raises(UnicodeDecodeError):
        await asyncio.wait_for(made.async_run(), SECONDS)


async def test_keep_result_0_leaves_no_key_behind(redis: ArqRedis) -> None:
    """Neither a result nor a payload nor a lease: the ids of finished jobs block nobody, and nothing piles up."""
    await push(redis, BULK, Call("work", ()))
    await asyncio.wait_for(worker(redis, Counted().run, burst=True).async_run(), SECONDS)

    left = [key async for key in redis.scan_iter("arq:*") if not key.startswith(b"arq:queue")]
    assert [key for key in left if b"health-check" not in key] == []


async def test_keep_result_counts_on_the_worker_for_jobs_nobody_knows(redis: ArqRedis) -> None:
    """A job that is refused leaves no result either, because the worker itself keeps none."""
    await redis.set("arq:job:poison", b"not json")
    await redis.zadd(BULK, {"poison": 1})
    await asyncio.wait_for(worker(redis, Counted().run, burst=True).async_run(), SECONDS)

    assert [key async for key in redis.scan_iter("arq:result:*")] == []


async def test_runs_of_a_cron_have_one_id_for_all_workers(redis: ArqRedis) -> None:
    """Two workers wake at the same second, and one job runs for each run of the schedule."""
    runs: list[str] = []

    async def run_schedule(ctx: dict[str, Any]) -> None:
        runs.append(ctx["job_id"])

    clock = cron(run_schedule, name="cron:schedule", second=set(range(60)), timeout=5, max_tries=2)
    made = [worker(redis, Counted().run, cron_jobs=[clock]) for _ in range(2)]
    tasks = [asyncio.ensure_future(one.main()) for one in made]
    try:
        await until(lambda: _is(len(runs) >= 3))
    finally:
        for one, task in zip(made, tasks, strict=True):
            await end(one, task)

    assert len(runs) == len(set(runs))
    assert all(name.startswith("cron:schedule:") for name in runs)


async def _is(said: bool) -> bool:
    return said


async def test_what_an_idle_worker_costs(redis: ArqRedis) -> None:
    """A read is one operation of Redis, a run of the schedule about two dozen: together they stay below 8
    a second."""
    clock = cron(cast("Any", Counted().run), name="cron:schedule", hour=0, minute=0, second=0, timeout=5, max_tries=2)
    clock.next_run = datetime.now(UTC) + timedelta(hours=1)
    made = worker(redis, Counted().run, cron_jobs=[clock])
    await made._poll_iteration()  # says once an hour that it is well
    before = await _operations(redis)
    await made._poll_iteration()
    between = await _operations(redis)
    clock.next_run = datetime.now(UTC)
    for _ in range(2):
        await made._poll_iteration()
        await asyncio.gather(*made.tasks.values())
    read_cost = between - before - 1  # the question itself is one
    run_cost = await _operations(redis) - between - 1 - 2 * read_cost

    assert (read_cost, made.jobs_complete) == (1, 1)
    reads = (
        sum(read_cost / seconds for seconds in arq_worker.QUEUE_READ_SECONDS.values())
        + 1 / arq_worker.WAKEUP_WAIT_SECONDS
    )
    runs = run_cost / jobs.SCHEDULE_SECONDS
    assert reads + runs < 8  # of the 10 that an idle daemon may cost; the rest is for scans


async def _operations(redis: ArqRedis) -> int:
    found: int = (await redis.info("stats"))["total_commands_processed"]
    return found


async def test_a_plain_exception_is_the_end_of_a_job(redis: ArqRedis) -> None:
    """ARQ does not try it again, so what must not get lost is in the work queue."""
    job = Counted(ValueError("no"))
    await push(redis, BULK, Call("work", ()))
    made = worker(redis, job.run, burst=True)
    await asyncio.wait_for(made.async_run(), SECONDS)

    assert (job.run_count, made.jobs_failed) == (1, 1)
    assert await redis.zcard(BULK) == 0


async def test_a_timeout_is_the_end_of_a_job(redis: ArqRedis) -> None:
    """The same for a job that takes too long: slices must be shorter than ARQ's patience."""

    async def slow(_ctx: dict[str, Any]) -> None:
        await asyncio.sleep(60)

    await push(redis, BULK, Call("work", ()))
    made = worker(redis, slow, burst=True, job_timeout=0.1)
    await asyncio.wait_for(made.async_run(), SECONDS)

    assert made.jobs_failed == 1
    assert await redis.zcard(BULK) == 0


async def test_retry_is_tried_again_until_its_tries_are_over(redis: ArqRedis) -> None:
    """A Retry runs again after its delay; after max_tries the job is dropped without a word to it."""
    job = Counted(Retry(defer=0.01), Retry(defer=0.01), Retry(defer=0.01), Retry(defer=0.01))
    await push(redis, BULK, Call("work", ()))
    made = worker(redis, job.run, burst=True)
    await asyncio.wait_for(made.async_run(), SECONDS)

    assert (job.run_count, made.jobs_retried) == (3, 3)
    assert await redis.zcard(BULK) == 0


async def test_a_canceled_job_stays_queued_and_its_lease_is_free(redis: ArqRedis) -> None:
    """What a shutdown does: the job is there for the next worker, at once."""
    started = asyncio.Event()

    async def long(_ctx: dict[str, Any]) -> None:
        started.set()
        await asyncio.sleep(60)

    await push(redis, BULK, Call("work", ()))
    made = worker(redis, long)
    task = asyncio.ensure_future(made.main())
    await asyncio.wait_for(started.wait(), SECONDS)
    made.allow_pick_jobs = False  # it would take the job again at once
    for one in made.tasks.values():
        one.cancel()
    await asyncio.gather(*made.tasks.values(), return_exceptions=True)
    (job_id,) = [member.decode() for member in await redis.zrange(BULK, 0, -1)]
    lease = await redis.exists(f"arq:in-progress:{job_id}")
    await end(made, task)

    assert lease == 0
    again = Counted()
    await asyncio.wait_for(worker(redis, again.run, burst=True).async_run(), SECONDS)
    assert again.run_count == 1


async def test_an_emptied_redis_loses_jobs_and_nobody_notices(redis: ArqRedis) -> None:
    """FLUSHALL takes what was queued; the worker lives on and runs what comes later. So Redis is no work queue."""
    job = Counted()
    for _ in range(5):
        await push(redis, BULK, Call("work", ()))
    await redis.flushall()
    made = worker(redis, job.run)
    task = asyncio.ensure_future(made.main())
    try:
        await push(redis, BULK, Call("work", ()))
        await until(lambda: _is(job.run_count == 1))
    finally:
        await end(made, task)

    assert job.run_count == 1


async def test_a_lease_that_nobody_renews_lapses_and_the_job_runs_again(redis: ArqRedis) -> None:
    """The rest of a killed process: its lease is the only thing that keeps others away, for as long as it lasts."""
    job = Counted()
    job_id = await push(redis, BULK, Call("work", ()))
    await redis.psetex(f"arq:in-progress:{job_id}", 400, b"1")
    made = worker(redis, job.run)
    task = asyncio.ensure_future(made.main())
    try:
        await until(lambda: _polled(redis, job_id))
        early = job.run_count
        await until(lambda: _is(job.run_count == 1))
    finally:
        await end(made, task)

    assert early == 0


async def _polled(redis: ArqRedis, job_id: str) -> bool:
    """Shortly before the lease lapses."""
    left: int = await redis.pttl(f"arq:in-progress:{job_id}")
    return 0 < left < 150


async def test_the_lease_is_as_long_as_the_worker_says(redis: ArqRedis) -> None:
    """`in_progress_timeout_s` is what `ArqWorker` shortens, and a longer PEXPIRE is what renews it."""
    seen: list[int] = []

    async def read_lease(ctx: dict[str, Any]) -> None:
        key = f"arq:in-progress:{ctx['job_id']}"
        seen.append(await redis.pttl(key))
        await redis.pexpire(key, 30_000)
        seen.append(await redis.pttl(key))

    await push(redis, BULK, Call("work", ()))
    made = worker(redis, read_lease, burst=True)
    made.in_progress_timeout_s = 7
    await asyncio.wait_for(made.async_run(), SECONDS)

    assert 6_000 < seen[0] <= 7_000
    assert 29_000 < seen[1] <= 30_000


async def test_running_jobs_are_known_by_their_id(redis: ArqRedis) -> None:
    """`job_tasks` is what `ArqWorker` renews leases from."""
    started, go = asyncio.Event(), asyncio.Event()

    async def wait(_ctx: dict[str, Any]) -> None:
        started.set()
        await go.wait()

    job_id = await push(redis, BULK, Call("work", ()))
    made = worker(redis, wait)
    task = asyncio.ensure_future(made.main())
    try:
        await asyncio.wait_for(started.wait(), SECONDS)
        running = list(made.job_tasks)
        go.set()
        await until(lambda: _is(made.jobs_complete == 1))
    finally:
        await end(made, task)

    assert running == [job_id]


async def test_two_polls_of_a_queue_start_a_job_once(redis: ArqRedis) -> None:
    """The wake-up makes a worker read while its own polling reads too."""
    job = Counted()
    made = worker(redis, job.run)
    task = asyncio.ensure_future(made.main())
    try:
        for _ in range(20):
            await push(redis, BULK, Call("work", ()))
        await asyncio.gather(*(made._poll_iteration() for _ in range(5)))
        await until(lambda: _is(made.jobs_complete >= 20))
        await asyncio.gather(*made.tasks.values())  # a job is complete before ARQ has cleared up after it
    finally:
        await end(made, task)

    assert job.run_count == 20


async def test_two_queues_of_one_pool_keep_apart(redis: ArqRedis) -> None:
    """A worker takes jobs of its own queue only, and names its health after it; so a person never waits for a scan."""
    urgent, bulk = Counted(), Counted()
    await push(redis, BULK, Call("work", ()))
    await push(redis, URGENT, Call("work", ()))
    await push(redis, URGENT, Call("work", ()))
    for name, job in ((URGENT, urgent), (BULK, bulk)):
        made = worker(redis, job.run, burst=True, queue_name=name, health_check_key=f"{name}:health-check")
        await asyncio.wait_for(made.async_run(), SECONDS)

    assert (urgent.run_count, bulk.run_count) == (2, 1)
    assert await redis.exists(f"{URGENT}:health-check", f"{BULK}:health-check") == 2


@pytest.mark.parametrize(("limit", "started"), [(2, 2), (1000, 3)])
async def test_jobs_beyond_the_read_limit_starve(redis: ArqRedis, limit: int, started: int) -> None:
    """ARQ reads the head of a queue, running jobs included: the limit must be above what runs side by side."""

    async def wait(_ctx: dict[str, Any]) -> None:
        await asyncio.sleep(60)

    for _ in range(3):
        await push(redis, BULK, Call("work", ()))
    made = worker(redis, wait, queue_read_limit=limit)
    for _ in range(5):
        await made._poll_iteration()
    running = len(made.tasks)
    await end(made, asyncio.ensure_future(_is(True)))

    assert running == started


async def test_a_job_whose_payload_is_gone_is_dropped(redis: ArqRedis) -> None:
    """A payload lives for a day and its place in the queue for ever: the rest of it is taken out, and ends nobody."""
    job = Counted()
    await redis.delete(f"arq:job:{await push(redis, BULK, Call('work', ()))}")
    await push(redis, BULK, Call("work", ()))
    made = worker(redis, job.run, burst=True)
    await asyncio.wait_for(made.async_run(), SECONDS)

    assert (job.run_count, made.jobs_failed) == (1, 1)
    assert await redis.zcard(BULK) == 0


async def test_each_shutdown_costs_a_try(redis: ArqRedis) -> None:
    """A job that is canceled has spent a try, so `ArqWorker` allows many more than there are deploys in a day."""
    job = Counted(asyncio.CancelledError(), asyncio.CancelledError(), asyncio.CancelledError())
    await push(redis, BULK, Call("work", ()))
    made = worker(redis, job.run, burst=True, max_tries=2)
    await asyncio.wait_for(made.async_run(), SECONDS)

    assert job.run_count == 2
    assert await redis.zcard(BULK) == 0


async def test_a_worker_ends_with_an_error_when_redis_goes_away() -> None:
    """So `ArqWorker` builds it again; the error is one of those that it waits for."""
    with valkey_server() as server:
        if isinstance(server, GivenServer):
            pytest.skip("a Redis that somebody else runs is not stopped")
        pool = connection_pool(server.url, attempts=1, deadline_seconds=1)
        connected = ArqRedis(pool, job_serializer=pack, job_deserializer=queue.unpack, default_queue_name=BULK)
        job = Counted()
        await push(connected, BULK, Call("work", ()))
        made = worker(connected, job.run)
        task = asyncio.ensure_future(made.main())
        await until(lambda: _is(made.jobs_complete == 1))
        await asyncio.to_thread(server.stop)
        with pytest.raises((RedisError, OSError, TimeoutError)):
            await asyncio.wait_for(task, SECONDS)
        await end(made, task)
        await connected.aclose(close_connection_pool=True)


async def test_a_cancellation_gets_lost_in_a_pipeline_when_redis_is_silent() -> None:
    """ARQ watches a key for each job; leaving that asks Redis again, and a failure of it replaces the cancellation.

    So a loop that goes on after errors asks `is_cancel_requested`, and `ArqWorker` cancels more than once.
    """
    with valkey_server() as server:
        if isinstance(server, GivenServer):
            pytest.skip("a Redis that somebody else runs is not frozen")
        pool = connection_pool(server.url, attempts=0, deadline_seconds=0.3)
        pipe = ArqRedis(pool).pipeline(transaction=True)
        watching = asyncio.Event()

        async def watch_key() -> None:
            async with pipe:
                await pipe.watch("a key")
                os.kill(server.pid, signal.SIGSTOP)
                watching.set()
                await pipe.exists("a key")

        task = asyncio.create_task(watch_key())
        try:
            await asyncio.wait_for(watching.wait(), SECONDS)
            task.cancel()
            await asyncio.wait({task}, timeout=SECONDS)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        assert not task.cancelled()
        assert isinstance(task.exception(), RedisError)
        assert task.cancelling() == 1
        assert pipe.connection
        await pool.release(pipe.connection)
        pipe.connection = None  # it would complain of what test_pipeline.py is about
        await pool.disconnect()


async def test_what_a_worker_is_given_reaches_its_jobs(redis: ArqRedis) -> None:
    """`ctx` is handed to each job: the mirror it works on."""
    seen: list[object] = []

    async def read_context(ctx: dict[str, Any]) -> None:
        seen.append(ctx["context"])

    await push(redis, BULK, Call("work", ()))
    await asyncio.wait_for(worker(redis, read_context, burst=True, ctx={"context": "ours"}).async_run(), SECONDS)

    assert seen == ["ours"]


async def test_signals_stay_with_the_daemon(redis: ArqRedis) -> None:
    """`handle_signals=False` installs nothing: stopping in order is the daemon's affair, once for both workers."""
    worker(redis, Counted().run)

    assert not asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
    assert not asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)

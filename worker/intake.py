"""Takes requests for single objects out of the public queue into the work queue, many in one transaction.

ARQ would run each as a job of its own: some thousands of one account would keep others waiting. What is left in the
queue (ranges, everything, and our own jobs) is ARQ's.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping

from redis.asyncio import Redis

from savvycal_sync.queue import DEFAULT_ACCOUNT, RESYNC, URGENT
from savvycal_sync.targets import targets_of
from worker import queue
from worker.core.model import Kind
from worker.errors import ResyncRejected, SavvycalSyncError
from worker.logs import log
from worker.sync import requests
from worker.sync.context import SyncContext

TAKEN_MAX = 1000
"""Jobs taken at once."""

NAMES = ("target", "product", "account")
"""Of the arguments of the job, in their order."""

Wanted = tuple[str, Kind, str]
"""Account, kind and id."""


class Intake:
    """Empties the queue that people and programs push to, as far as it holds requests for single objects."""

    def __init__(self, redis: Redis, context: SyncContext) -> None:
        self._redis = redis
        self._context = context
        self._turn = asyncio.Lock()

    async def take(self) -> None:
        """Takes what is there. A job leaves the queue once its request has been committed; twice is harmless.

        Raises:
            redis.RedisError: Redis is away.
        """
        async with self._turn:
            while await self._take_some():
                pass

    async def _take_some(self) -> bool:
        """Whether there may be more."""
        job_ids = await self._redis.zrange(URGENT, 0, TAKEN_MAX - 1)
        if not job_ids:
            return False
        payloads = await self._redis.mget([b"arq:job:" + job_id for job_id in job_ids])
        wanted = {job_id: found for job_id, text in zip(job_ids, payloads, strict=True) if (found := _wanted(text))}
        stored = await self._store(wanted)
        if stored:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.zrem(URGENT, *stored)
                pipe.delete(*(b"arq:job:" + job_id for job_id in stored))
                await pipe.execute()
        return bool(stored) and len(job_ids) == TAKEN_MAX

    async def _store(self, wanted: Mapping[bytes, Wanted]) -> list[bytes]:
        """Those that need not stay in the queue: stored, or refused."""
        groups: dict[tuple[str, Kind], list[bytes]] = defaultdict(list)
        for job_id, (account, kind, _) in wanted.items():
            groups[account, kind].append(job_id)
        done: list[bytes] = []
        for (account, kind), job_ids in groups.items():
            try:
                await self._request(account, kind, {wanted[job_id][2] for job_id in job_ids})
            except ResyncRejected as error:
                log.warning("resync_rejected", account=account, kind=kind, count=len(job_ids), reason=str(error))
            except SavvycalSyncError as error:
                if not self._context.is_already_logged(error):
                    log.warning("job_failed", job="resync", account=account, error=str(error))
                continue  # ARQ tries them again, one by one
            done += job_ids
        return done

    async def _request(self, account: str, kind: Kind, object_ids: Iterable[str]) -> None:
        answers = await requests.resync_objects(self._context, kind, object_ids, account)
        log.info("resync_requested", account=account, kind=kind, **answers)


def _wanted(payload: bytes | None) -> Wanted | None:
    """What a job asks for, None when it is not a request for one object or cannot be read: that is left to ARQ."""
    if payload is None:
        return None
    try:
        job = queue.unpack(payload)
        given = dict(zip(NAMES, job["a"], strict=False)) | job["k"]
        if job["f"] != RESYNC or len(given) != len(job["a"]) + len(job["k"]) or not set(given) <= set(NAMES):
            return None
        target, *more = targets_of(given.get("target", ""), given.get("product"))
    except ResyncRejected:
        return None
    if more or target.object_id is None:
        return None
    return given.get("account", DEFAULT_ACCOUNT), target.product.kind, target.object_id

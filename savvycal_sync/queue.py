"""How a job travels in Redis, and the push that is confirmed or fails.

The wire format is open to every language (docs/queue.md): one string with a time to live, one sorted set.

    MULTI
    PSETEX arq:job:<job id> 86400000 {"t":null,"f":"resync","a":["event_..."],"k":{},"et":<now, epoch ms>}
    ZADD savvycal:urgent <now, epoch ms> <job id>
    LPUSH savvycal:wakeups savvycal:urgent
    LTRIM savvycal:wakeups 0 63
    EXEC

LPUSH and LTRIM are optional: they wake a worker at once; without them it reads the queue each second.

A push returns once Redis has confirmed it. The work queue merges requests, so pushing twice is harmless.
"""

import json
import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from savvycal_sync.errors import QueueUnavailable

if TYPE_CHECKING:
    from redis.asyncio import Redis

URGENT, BULK, CLOCK = "savvycal:urgent", "savvycal:bulk", "savvycal:clock"
"""Queues: what people and programs push, the worker's own jobs, and the schedule. None of them holds up the others."""

WAKEUPS, WAKEUPS_MAX = "savvycal:wakeups", 64
"""A list of queue names that workers wait for: each push of a job adds the name of its queue. Losing it is harmless."""

DEFAULT_ACCOUNT = "default"
RESYNC = "resync"
"""The one job that other applications push."""
JOB_KEY = "arq:job:"
JOB_TTL_MS = 86_400_000
HEAD_START_MS = 86_400_000
"""Jobs are due a day before they are pushed: a worker whose clock is behind that of the sender does not wait."""


class Call(NamedTuple):
    """One call of a job: its name and its arguments."""

    job: str
    arguments: tuple[str, ...]


def pack(job: Mapping[str, Any]) -> bytes:
    """A job, or a result, as JSON; what JSON cannot hold goes in as the name of its type."""
    return json.dumps(job, separators=(",", ":"), default=lambda value: type(value).__name__).encode()


async def push(redis: "Redis", queue: str, call: Call, account: str = DEFAULT_ACCOUNT, once: bool = False) -> str:
    """Puts one job into a queue; its id, once Redis has confirmed it. With `once` it is there at most once.

    Raises:
        QueueUnavailable: Redis did not confirm. The job may be there or not; pushing again is harmless.
    """
    from redis.exceptions import RedisError

    job_id = ":".join(("once", call.job, account, *call.arguments)) if once else f"{call.job}:{os.urandom(16).hex()}"
    now_ms = int(time.time() * 1000)
    named = {"account": account} if account != DEFAULT_ACCOUNT else {}
    payload = pack({"t": None, "f": call.job, "a": list(call.arguments), "k": named, "et": now_ms})
    try:
        async with redis.pipeline(transaction=True) as pipe:
            pipe.psetex(f"{JOB_KEY}{job_id}", JOB_TTL_MS, payload)
            pipe.zadd(queue, {job_id: now_ms - HEAD_START_MS}, nx=once)
            pipe.lpush(WAKEUPS, queue)
            pipe.ltrim(WAKEUPS, 0, WAKEUPS_MAX - 1)
            await pipe.execute()
    except (RedisError, OSError) as error:
        raise QueueUnavailable(f"Redis did not confirm the request ({type(error).__name__})") from None
    return job_id


async def push_resync(redis: "Redis | str | None", call: Call, account: str) -> str:
    """Pushes a request with a client, or with one that is opened for an address (None: the variable REDIS_URL).

    Raises:
        QueueUnavailable: no address is given, or Redis did not confirm.
    """
    address = redis or os.environ.get("REDIS_URL")
    if not address:
        raise QueueUnavailable("no Redis is given: pass the argument redis, or set REDIS_URL")
    if not isinstance(address, str):
        return await push(address, URGENT, call, account)
    from savvycal_sync.redis_pool import open_redis

    async with open_redis(address) as own:
        return await push(own, URGENT, call, account)

"""How the worker reads jobs from Redis, wakes itself, and counts waiting jobs. `savvycal_sync.queue` has the format."""

import contextlib
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from savvycal_sync.queue import BULK, CLOCK, RESYNC, URGENT, Call, push
from savvycal_sync.redis_pool import open_redis
from worker.errors import QueueUnavailable, ResyncRejected
from worker.settings import Address

INTERNAL_JOBS = ("schedule", "work", "scan", "purge", "audit")
CRON_PREFIX = "cron:"

MOMENT_MS_MAX = 32_503_680_000_000
"""The year 3000: ARQ makes a datetime of it, and what is none would end the worker."""

PAYLOAD_BYTES_MAX = 2048

Argument = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,128}$")]


class Job(BaseModel):
    """A job as it stands in Redis. Anything else is dropped before it can run."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    t: int | None
    f: str
    a: Annotated[list[Argument], Field(max_length=4)]
    k: Annotated[dict[str, Argument], Field(max_length=2)]
    et: Annotated[int, Field(ge=0, le=MOMENT_MS_MAX)]


def unpack(payload: bytes) -> dict[str, Any]:
    """A job from JSON.

    Raises:
        ResyncRejected: it is not a job of ours; the message names what is wrong, without values.
    """
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise ResyncRejected(f"a job may have {PAYLOAD_BYTES_MAX} bytes, this one has {len(payload)}")
    try:
        job = Job.model_validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        raise ResyncRejected(f"{_place(first['loc'])}: {first['msg']}") from None
    if job.f.removeprefix(CRON_PREFIX) not in (RESYNC, *INTERNAL_JOBS):
        raise ResyncRejected("f: no such job")
    return job.model_dump()


_NAMES = {*Job.model_fields, "account"}


def _place(found: tuple[int | str, ...]) -> str:
    """Where a job is wrong, in our own names; a key nobody asked for may be anything."""
    return ".".join(str(part) for part in found if isinstance(part, int) or part in _NAMES) or "job"


async def depths(url: Address) -> dict[str, int]:
    """How many jobs wait in each queue; empty while Redis does not answer."""
    try:
        async with open_redis(url, attempts=1, deadline_seconds=1) as redis:
            return {name: int(await redis.zcard(name)) for name in (URGENT, BULK, CLOCK)}
    except (RedisError, OSError):
        return {}


async def wake(redis: Redis, job: str, *arguments: str, once: bool = False) -> None:
    """Wakes workers for an internal job. Best effort: its work is stored in Postgres."""
    with contextlib.suppress(QueueUnavailable):
        await push(redis, BULK, Call(job, arguments), once=once)

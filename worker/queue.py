"""What other applications import: `await request_resync("event_...")`, and the JSON in which a job travels.

The wire format is open to every language (docs/queue.md): one string with a time to live, one sorted set.

    MULTI
    PSETEX arq:job:<job id> 86400000 {"t":null,"f":"resync","a":["event_..."],"k":{},"et":<now, epoch ms>}
    ZADD savvycal:urgent <now, epoch ms> <job id>
    LPUSH savvycal:wakeups savvycal:urgent
    LTRIM savvycal:wakeups 0 63
    EXEC

LPUSH and LTRIM are optional: they wake a worker at once; without them it reads the queue each second.

A request returns once Redis has confirmed the push. The work queue merges requests, so pushing twice is harmless.
"""

import contextlib
import os
import re
import time
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from worker.core.kinds import KINDS, Product
from worker.errors import QueueUnavailable, ResyncRejected
from worker.redis_pool import connection_pool
from worker.settings import Address

URGENT, BULK, CLOCK = "savvycal:urgent", "savvycal:bulk", "savvycal:clock"
"""Queues: what people and programs push, our own jobs, and the schedule. However full one is, the others go on."""

WAKEUPS, WAKEUPS_MAX = "savvycal:wakeups", 64
"""A list of queue names that workers wait for: each push of a job adds the name of its queue. Losing it is harmless."""

DEFAULT_ACCOUNT = "default"
RESYNC = "resync"
"""The one job that other applications push."""
INTERNAL_JOBS = ("schedule", "work", "scan", "purge", "audit")
CRON_PREFIX = "cron:"
JOB_TTL_MS = 86_400_000
HEAD_START_MS = 86_400_000
"""Jobs are due a day before they are pushed: a worker whose clock is behind that of the sender does not wait."""

MOMENT_MS_MAX = 32_503_680_000_000
"""The year 3000: ARQ makes a datetime of it, and what is none would end the worker."""

PAYLOAD_BYTES_MAX = 2048
RANGE_DAYS_MAX = 3660

_RANGE = re.compile(r"^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$")
_ID = re.compile(r"^[A-Za-z0-9_.:-]{1,128}$")

Argument = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,128}$")]


class Job(BaseModel):
    """A job as it stands in Redis. Anything else is dropped before it can run."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    t: int | None
    f: str
    a: Annotated[list[Argument], Field(max_length=4)]
    k: Annotated[dict[str, Argument], Field(max_length=2)]
    et: Annotated[int, Field(ge=0, le=MOMENT_MS_MAX)]


def pack(job: dict[str, Any]) -> bytes:
    """A job, or a result, as JSON; what JSON cannot hold goes in as the name of its type."""
    return msgspec.json.encode(job, enc_hook=lambda value: type(value).__name__)


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


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a job: its name and its arguments."""

    job: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a request names of one product: one object, the days of a range (both included), or else everything."""

    product: Product
    object_id: str | None = None
    days: tuple[date, date] | None = None

    def __str__(self) -> str:
        return self.object_id or (f"{self.days[0]}..{self.days[1]}" if self.days else "all")


def targets_of(text: str, product: str | None = None) -> list[Target]:
    """What a text names: an id, `2026-01-01..2026-02-01`, or `all`; of each product, or of the one that is given.

    `product` is written as in the table `coverage`. It also names the kind of an id that does not start as its kind
    does, such as `event_` or `appt_`. Links have no times, so a range holds none of them.

    Raises:
        ResyncRejected: the text names nothing that can be synced; the message tells why.
    """
    if product not in {None, *Product}:
        raise ResyncRejected(f"the product is one of {', '.join(Product)}")
    products = [Product(product)] if product else [spec.listing for spec in KINDS.values()]
    if text == "all":
        return [Target(each) for each in products]
    if found := _RANGE.fullmatch(text):
        days = parse_range(found[1], found[2])
        return [Target(each, days=days) for each in products if product or KINDS[each.kind].start_column]
    return [_object_of(text, product)]


def _object_of(text: str, product: str | None) -> Target:
    prefixes = ", ".join(f"{spec.id_prefix}..." for spec in KINDS.values())
    if not _ID.fullmatch(text):
        raise ResyncRejected(f"pass an id ({prefixes}), a range like 2026-01-01..2026-02-01, or all")
    named = next((spec for spec in KINDS.values() if text.startswith(spec.id_prefix)), None)
    if named and product not in {None, named.listing}:
        raise ResyncRejected(f"that id is of no object of {product}")
    if named or product:
        return Target(named.listing if named else Product(product or ""), text)
    raise ResyncRejected(f"cannot tell what that id is: it starts with none of {prefixes}; name the product")


def parse_range(first: str, last: str) -> tuple[date, date]:
    """Two dates, in order and not absurdly far apart.

    Raises:
        ResyncRejected: they break a rule, which the message names.
    """
    try:
        start, until = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise ResyncRejected("a range is two dates, 2026-01-01..2026-02-01") from None
    if until < start:
        raise ResyncRejected("the range ends before it starts")
    if (until - start).days > RANGE_DAYS_MAX:
        raise ResyncRejected(f"a range may span {RANGE_DAYS_MAX} days; use all for everything")
    return start, until


async def push(redis: Redis, queue: str, call: Call, account: str = DEFAULT_ACCOUNT, once: bool = False) -> str:
    """Puts one job into a queue; its id, once Redis has confirmed it. With `once` it is there at most once.

    Raises:
        QueueUnavailable: Redis did not confirm. The job may be there or not; pushing again is harmless.
    """
    job_id = ":".join(("once", call.job, account, *call.arguments)) if once else f"{call.job}:{uuid4().hex}"
    now_ms = int(time.time() * 1000)
    named = {"account": account} if account != DEFAULT_ACCOUNT else {}
    payload = pack({"t": None, "f": call.job, "a": list(call.arguments), "k": named, "et": now_ms})
    try:
        async with redis.pipeline(transaction=True) as pipe:
            pipe.psetex(f"arq:job:{job_id}", JOB_TTL_MS, payload)
            pipe.zadd(queue, {job_id: now_ms - HEAD_START_MS}, nx=once)
            pipe.lpush(WAKEUPS, queue)
            pipe.ltrim(WAKEUPS, 0, WAKEUPS_MAX - 1)
            await pipe.execute()
    except (RedisError, OSError) as error:
        raise QueueUnavailable(f"Redis did not confirm the request ({type(error).__name__})") from None
    return job_id


async def depths(url: Address) -> dict[str, int]:
    """How many jobs wait in each queue; empty while Redis does not answer."""
    async with Redis(connection_pool=connection_pool(url, attempts=1, deadline_seconds=1)) as redis:
        try:
            return {name: int(await redis.zcard(name)) for name in (URGENT, BULK, CLOCK)}
        except (RedisError, OSError):
            return {}
        finally:
            await redis.connection_pool.disconnect()


async def wake(redis: Redis, job: str, *arguments: str, once: bool = False) -> None:
    """Wakes workers for an internal job. Best effort: its work is stored in Postgres."""
    with contextlib.suppress(QueueUnavailable):
        await push(redis, BULK, Call(job, arguments), once=once)


async def request_resync(
    target: str,
    *,
    product: str | None = None,
    account: str = DEFAULT_ACCOUNT,
    redis: Redis | None = None,
    redis_url: str | None = None,
) -> str:
    """Requests that the worker reads something at SavvyCal again: an id, a range of dates, or `all`.

    Uses the Redis given, or `redis_url`, or the variable REDIS_URL. Returns the id of the job.

    Raises:
        ResyncRejected: the target names nothing that can be synced, or the account's name is none.
        QueueUnavailable: Redis did not confirm the push.
    """
    targets_of(target, product)
    if not _ID.fullmatch(account):
        raise ResyncRejected("the account is not the name of an account")
    call = Call(RESYNC, (target, product) if product else (target,))
    if redis is not None:
        return await push(redis, URGENT, call, account)
    url = redis_url or os.environ.get("REDIS_URL")
    if not url:
        raise QueueUnavailable("no Redis is given: pass the argument redis or redis_url, or set REDIS_URL")
    async with Redis(connection_pool=connection_pool(url)) as own:
        try:
            return await push(own, URGENT, call, account)
        finally:
            await own.connection_pool.disconnect()

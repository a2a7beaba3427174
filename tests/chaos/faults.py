"""What can go wrong, one kind after the other: each is done to a site for some seconds and says how often it took hold.

A kind belongs to a lane: within a lane one fault follows the other, lanes overlap as they like.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.chaos.post import Mode
from tests.chaos.site import Site
from worker import queue

Strike = Callable[[Site, float], Awaitable[int]]
"""Does it for so many seconds and undoes it; how often it took hold."""

LIES_SECONDS_MAX = 20.0
"""How long a lie of the API is kept up until somebody asks; the fault's own seconds count from then on."""

LOOK_SECONDS = 0.1


class Lane(StrEnum):
    """Faults of one lane never overlap."""

    PROCESS = "process"
    PAUSE = "pause"
    POSTGRES = "postgres"
    REDIS = "redis"
    API = "api"
    HOOKS = "hooks"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault."""

    name: str
    lane: Lane
    seconds: float
    """How long it lasts; of what is over at once, how long the lane then rests."""
    strike: Strike
    is_fixed: bool = False
    """Whether its length is its point: it is never shortened."""


# -- lines -------------------------------------------------------------------------------------------------------------


def toxic(server: str, **toxics: Any) -> Strike:
    """Toxics on the lines to a server, of one daemon or of all."""

    async def strike(site: Site, seconds: float) -> int:
        chosen = site.some(server)
        before = sum(proxy.struck.total() for proxy in chosen)
        for proxy in chosen:
            proxy.toxics = replace(proxy.toxics, **toxics)
        try:
            await asyncio.sleep(seconds)
        finally:
            for proxy in chosen:
                proxy.heal()
        return sum(proxy.struck.total() for proxy in chosen) - before

    return strike


def cut_lines(server: str, way: str) -> Strike:
    """All lines to a server are reset, or half closed, every second."""

    async def strike(site: Site, seconds: float) -> int:
        count, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            count += sum(getattr(proxy, way)() for proxy in site.some(server))
            await asyncio.sleep(1)
        return count

    return strike


# -- processes ---------------------------------------------------------------------------------------------------------


async def kill_one(site: Site, _seconds: float) -> int:
    """SIGKILL of a daemon."""
    ready = await site.up()
    return int(bool(ready) and await site.rng.choice(ready).signal(signal.SIGKILL))


async def kill_all(site: Site, _seconds: float) -> int:
    """SIGKILL of all daemons that run."""
    return sum([await daemon.signal(signal.SIGKILL) for daemon in site.daemons if not daemon.is_paused])


async def terminate(site: Site, _seconds: float) -> int:
    """SIGTERM and a new start, as a deployment does."""
    ready = await site.up()
    return int(bool(ready) and await site.rng.choice(ready).terminate())


async def pause(site: Site, seconds: float) -> int:
    """SIGSTOP, and SIGCONT when leases have lapsed or have not."""
    ready = await site.up()
    if not ready:
        return 0
    chosen = site.rng.choice(ready)
    if not await chosen.signal(signal.SIGSTOP):
        return 0
    try:
        await asyncio.sleep(seconds)
    finally:
        await chosen.signal(signal.SIGCONT)
    return 1


def freeze(pid: Callable[[Site], int]) -> Strike:
    """SIGSTOP of a server: it keeps its connections and says nothing."""

    async def strike(site: Site, seconds: float) -> int:
        os.kill(pid(site), signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            os.kill(pid(site), signal.SIGCONT)
        return 1

    return strike


# -- Postgres ----------------------------------------------------------------------------------------------------------


def end_postgres(number: signal.Signals) -> Strike:
    """Ended by a signal, away for a while, and started again with recovery where it needs one."""

    async def strike(site: Site, seconds: float) -> int:
        os.kill(site.servers.postgres.pid, number)
        try:
            await asyncio.sleep(seconds)
        finally:
            site.servers.restart_postgres()
        return 1

    return strike


async def terminate_backends(site: Site, seconds: float) -> int:
    """pg_terminate_backend of every connection, every second."""
    count, until = 0, time.monotonic() + seconds
    connection = await site.servers.connect()
    try:
        while time.monotonic() < until:
            count += await connection.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'savvycal-sync'"
            )
            await asyncio.sleep(1)
    finally:
        await connection.close()
    return count


async def lock_table(site: Site, seconds: float) -> int:
    """Somebody else holds a table; counts the looks at which a daemon waited for it."""
    names = ("events", "appointments", "_targets", "_passes", "snapshots", "webhook_deliveries")
    holder, watcher, count = await site.servers.connect(), await site.servers.connect(), 0
    waiting = (
        "select count(*) from pg_stat_activity where application_name = 'savvycal-sync' and wait_event_type = 'Lock'"
    )
    try:
        async with holder.transaction():
            await holder.execute(f"lock table savvycal.{site.rng.choice(names)} in access exclusive mode")
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                count += await watcher.fetchval(waiting)
                await asyncio.sleep(LOOK_SECONDS)
    finally:
        await holder.close()
        await watcher.close()
    return count


async def read_only(site: Site, seconds: float) -> int:
    """As after a failover to a server that may not write yet; counts refused statements."""
    before, connection = (
        _said(site.servers.postgres.log_path, b"in a read-only transaction"),
        await site.servers.connect(),
    )
    try:
        await _set(connection, "on")
        await asyncio.sleep(seconds)
    finally:
        await _set(connection, "off")
        await connection.close()
    return _said(site.servers.postgres.log_path, b"in a read-only transaction") - before


async def _set(connection: Any, value: str) -> None:
    await connection.execute(f"alter system set default_transaction_read_only = {value}")
    await connection.execute("select pg_reload_conf()")


async def refuse_connections(site: Site, seconds: float) -> int:
    """The database takes no connections, and ends those it has; counts refusals."""
    said, name = b"is not currently accepting connections", "savvycal"
    before, connection = _said(site.servers.postgres.log_path, said), await site.servers.connect("postgres")
    try:
        await connection.execute(f"alter database {name} allow_connections false")
        await connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        await asyncio.sleep(seconds)
    finally:
        await connection.execute(f"alter database {name} allow_connections true")
        await connection.close()
    return _said(site.servers.postgres.log_path, said) - before


def _said(path: Path, text: bytes) -> int:
    return path.read_bytes().count(text)


# -- Redis -------------------------------------------------------------------------------------------------------------


async def kill_valkey(site: Site, seconds: float) -> int:
    """SIGKILL, away for a while, and a new start with what it had."""
    os.kill(site.servers.valkey.pid, signal.SIGKILL)
    try:
        await asyncio.sleep(seconds)
    finally:
        site.servers.restart_valkey()
    return 1


_TAKE_ALL = """
local found = {}
for _, key in ipairs(redis.call('keys', 'arq:job:*')) do found[#found + 1] = redis.call('get', key) end
redis.call('flushall')
return found
"""


async def flush_valkey(site: Site, _seconds: float) -> int:
    """FLUSHALL: the queue forgets everything."""
    redis: Any
    async with site.servers.redis() as redis:
        payloads = await redis.eval(_TAKE_ALL, 0)
    jobs = [queue.unpack(payload) for payload in payloads if payload != b"{"]
    site.forgotten += [(time.time(), job["a"][0]) for job in jobs if job["f"].startswith("resync_")]
    return 1


def misconfigure(on: tuple[str, ...], off: tuple[str, ...], error: str) -> Strike:
    """A command, and later its opposite; counts the errors of that name which Valkey gave."""

    async def strike(site: Site, seconds: float) -> int:
        redis: Any
        async with site.servers.redis() as redis:
            before = await _errors(redis, error)
            await redis.execute_command(*on)
            try:
                await asyncio.sleep(seconds)
            finally:
                await redis.execute_command(*off)
            return await _errors(redis, error) - before

    return strike


async def _errors(redis: Any, name: str) -> int:
    found: Any = (await redis.info("errorstats")).get(f"errorstat_{name}", {})
    return int(found.get("count", 0)) if isinstance(found, dict) else 0


async def poison_queue(site: Site, _seconds: float) -> int:
    """Members of the queue that are no text, and jobs that are no jobs."""
    async with site.servers.redis() as redis:
        for name in (queue.URGENT, queue.BULK):
            await redis.zadd(name, {b"\xff\xfe": 1})
            await redis.set("arq:job:nonsense", "{", ex=60)
            await redis.zadd(name, {"nonsense": 1})
    return 4


# -- SavvyCal ----------------------------------------------------------------------------------------------------------

LISTS = r"^GET /(meetings|appointments)/v1/(events|appointments)\?"
ONE = r"^GET /(meetings|appointments)/v1/(events|appointments)/"


def lie(*faults: dict[str, Any]) -> Strike:
    """Scripted faults of the simulator, kept up until they struck."""

    async def strike(site: Site, seconds: float) -> int:
        await site.savvycal.control("POST", "fault", {"faults": list(faults)})
        count, began, until = 0, time.monotonic(), time.monotonic() + LIES_SECONDS_MAX
        try:
            while time.monotonic() < until and not (count and time.monotonic() - began > seconds):
                await asyncio.sleep(LOOK_SECONDS)
                told = (await site.savvycal.control("GET", "fault"))["faults"]
                if not count and any(fault["struck"] for fault in told):
                    began = time.monotonic()
                    until = began + seconds
                count = sum(fault["struck"] for fault in told)
        finally:
            await site.savvycal.control("DELETE", "fault")
        return count

    return strike


def status(code: int, times: int | None = None, match: str = "", share: float = 0.5, **headers: str) -> Strike:
    """Answers with a status."""
    arguments = {"status": code, "headers": {name.replace("_", "-"): value for name, value in headers.items()}}
    return lie({"kind": "status", "probability": share, "times": times, "match": match, "args": arguments})


# -- webhooks ----------------------------------------------------------------------------------------------------------


def post(mode: Mode) -> Strike:
    """The post behaves like that for a while."""

    async def strike(site: Site, seconds: float) -> int:
        before, site.post.mode = site.post.struck[mode], mode
        try:
            await asyncio.sleep(seconds)
        finally:
            site.post.mode = Mode.HONEST
        return site.post.struck[mode] - before

    return strike


async def repeat_letters(site: Site, _seconds: float) -> int:
    """Old webhooks come again."""
    return await site.post.repeat(20)


async def forge_letters(site: Site, _seconds: float) -> int:
    """Webhooks whose body was changed on the way."""
    return await site.post.forge(5)


# -- all of them -------------------------------------------------------------------------------------------------------

_LONG_PAUSE_SECONDS = 62.0
_DEADLINE_SECONDS = 33.0
"""Beyond the deadline of a statement, and of a request to SavvyCal (30 s each)."""

OOM = misconfigure(("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0"), "OOM")
REPLICA = misconfigure(("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"), "READONLY")

KINDS: tuple[Kind, ...] = (
    Kind("daemon killed", Lane.PROCESS, 20, kill_one),
    Kind("all daemons killed", Lane.PROCESS, 20, kill_all),
    Kind("daemon terminated", Lane.PROCESS, 20, terminate),
    Kind("daemon paused briefly", Lane.PROCESS, 8, pause),
    Kind("daemon paused beyond its leases", Lane.PAUSE, _LONG_PAUSE_SECONDS, pause, is_fixed=True),
    Kind("Postgres stopped at once", Lane.POSTGRES, 1, end_postgres(signal.SIGQUIT)),
    Kind("Postgres killed", Lane.POSTGRES, 1, end_postgres(signal.SIGKILL)),
    Kind("Postgres away for a while", Lane.POSTGRES, 8, end_postgres(signal.SIGINT)),
    Kind("Postgres backends terminated", Lane.POSTGRES, 3, terminate_backends),
    Kind("Postgres table locked", Lane.POSTGRES, 7, lock_table),
    Kind("Postgres read-only", Lane.POSTGRES, 5, read_only),
    Kind("Postgres takes no connections", Lane.POSTGRES, 4, refuse_connections),
    Kind("Postgres late", Lane.POSTGRES, 4, toxic("postgres", latency_seconds=0.1)),
    Kind("Postgres slow", Lane.POSTGRES, 4, toxic("postgres", bytes_per_second=50_000)),
    Kind("Postgres in slices", Lane.POSTGRES, 3, toxic("postgres", slice_bytes=50)),
    Kind("Postgres swallowed", Lane.POSTGRES, 6, toxic("postgres", swallows=True)),
    Kind(
        "Postgres swallowed beyond deadlines", Lane.POSTGRES, _DEADLINE_SECONDS, toxic("postgres", swallows=True), True
    ),
    Kind("Postgres lines reset", Lane.POSTGRES, 4, cut_lines("postgres", "reset")),
    Kind("Postgres lines half closed", Lane.POSTGRES, 3, cut_lines("postgres", "half_close")),
    Kind("Postgres answers to COMMIT lost", Lane.POSTGRES, 5, toxic("postgres", cut_answer_to=b"COMMIT;\x00")),
    Kind("Postgres answers cut short", Lane.POSTGRES, 3, toxic("postgres", cut_answers_after_bytes=5000)),
    Kind("Valkey killed", Lane.REDIS, 3, kill_valkey),
    Kind("Valkey frozen", Lane.REDIS, 9, freeze(lambda site: site.servers.valkey.pid)),
    Kind("Valkey emptied", Lane.REDIS, 1, flush_valkey),
    Kind("Valkey out of memory", Lane.REDIS, 4, OOM),
    Kind("Valkey read-only", Lane.REDIS, 4, REPLICA),
    Kind("Valkey queue poisoned", Lane.REDIS, 1, poison_queue),
    Kind("Valkey late", Lane.REDIS, 3, toxic("valkey", latency_seconds=0.1)),
    Kind("Valkey in slices", Lane.REDIS, 3, toxic("valkey", slice_bytes=1)),
    Kind("Valkey swallowed", Lane.REDIS, 8, toxic("valkey", swallows=True)),
    Kind("Valkey lines reset", Lane.REDIS, 4, cut_lines("valkey", "reset")),
    Kind("Valkey lines half closed", Lane.REDIS, 3, cut_lines("valkey", "half_close")),
    Kind("Valkey answers cut short", Lane.REDIS, 3, toxic("valkey", cut_answers_after_bytes=100)),
    Kind("Valkey refuses", Lane.REDIS, 3, toxic("valkey", refuses=True)),
    Kind("API 500", Lane.API, 3, status(500)),
    Kind("API 503 for everything", Lane.API, 3, status(503, share=1.0)),
    Kind("API 429", Lane.API, 3, status(429, times=4, retry_after="3")),
    Kind("API 429 with nonsense", Lane.API, 2, status(429, times=1, retry_after="soon")),
    Kind("API 401", Lane.API, 2, status(401, times=2)),
    Kind("API 403", Lane.API, 2, status(403, times=3, match=ONE)),
    Kind("API 404 for what is there", Lane.API, 3, status(404, match=ONE)),
    Kind("API hangs", Lane.API, 4, lie({"kind": "hang", "probability": 0.3})),
    Kind("API hangs in a body", Lane.API, 4, lie({"kind": "hang", "probability": 0.3, "args": {"where": "body"}})),
    Kind("API hangs beyond deadlines", Lane.API, _DEADLINE_SECONDS, lie({"kind": "hang", "times": 6}), True),
    Kind("API drips", Lane.API, 3, lie({"kind": "drip", "probability": 0.3, "args": {"chunk_bytes": 200}})),
    Kind("API resets", Lane.API, 3, lie({"kind": "reset", "probability": 0.3})),
    Kind("API resets in a body", Lane.API, 3, lie({"kind": "reset", "probability": 0.3, "args": {"where": "body"}})),
    Kind("API cuts bodies", Lane.API, 3, lie({"kind": "truncate", "probability": 0.3})),
    Kind("API sends half a document", Lane.API, 3, lie({"kind": "malformed_json", "probability": 0.3})),
    Kind("API sends a web page", Lane.API, 3, lie({"kind": "html_200", "probability": 0.3})),
    Kind("API lists are empty", Lane.API, 5, lie({"kind": "empty_list", "match": LISTS})),
    Kind("API lists lack rows", Lane.API, 5, lie({"kind": "drop_page_rows", "match": LISTS, "args": {"count": 5}})),
    Kind("API lists never end", Lane.API, 3, lie({"kind": "same_cursor", "match": LISTS, "probability": 0.5})),
    Kind("API reads are stale", Lane.API, 5, lie({"kind": "stale", "probability": 0.5})),
    Kind("API redirects", Lane.API, 2, lie({"kind": "redirect", "times": 3})),
    Kind("API sends a bomb", Lane.API, 2, lie({"kind": "gzip_bomb", "times": 2})),
    Kind("API late", Lane.API, 3, toxic("savvycal", latency_seconds=0.5)),
    Kind("API slow", Lane.API, 3, toxic("savvycal", bytes_per_second=100_000)),
    Kind("API swallowed", Lane.API, 5, toxic("savvycal", swallows=True)),
    Kind("API lines reset", Lane.API, 3, cut_lines("savvycal", "reset")),
    Kind("API frozen", Lane.API, 5, freeze(lambda site: site.savvycal.process.pid)),
    Kind("webhooks lost", Lane.HOOKS, 6, post(Mode.LOST)),
    Kind("webhooks doubled", Lane.HOOKS, 5, post(Mode.DOUBLED)),
    Kind("webhooks delayed", Lane.HOOKS, 6, post(Mode.DELAYED)),
    Kind("webhooks repeated", Lane.HOOKS, 2, repeat_letters),
    Kind("webhooks forged", Lane.HOOKS, 2, forge_letters),
    Kind("webhook answers lost", Lane.HOOKS, 4, toxic("hooks", cut_answer_to=b"POST /webhooks/")),
    Kind("webhook lines reset", Lane.HOOKS, 3, cut_lines("hooks", "reset")),
)


async def heal(site: Site) -> None:
    """Whatever is still wrong is put right: the storm is over."""
    site.post.mode = Mode.HONEST
    for server in ("postgres", "valkey", "savvycal", "hooks"):
        for proxy in site.proxies(server):
            proxy.heal()
    await site.savvycal.control("DELETE", "fault")
    for daemon in site.daemons:
        if daemon.is_paused:
            with suppress(ProcessLookupError):
                await daemon.signal(signal.SIGCONT)

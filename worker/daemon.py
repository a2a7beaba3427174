"""Puts the house together: settings to servers, pools, clients, engine and web; takes it apart in reverse."""

import asyncio
import gc
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis

from worker import composition, demo, embedded, logs, queue, settings, status_text, web
from worker.arq_worker import ArqWorker
from worker.core import cadence
from worker.demo import Demo
from worker.errors import SavvycalSyncError, SettingError
from worker.savvycal.client import open_session
from worker.savvycal.rate_limit import RateLimit
from worker.settings import Account, Embedded, Settings
from worker.shared_rate_limit import RedisRateLimit
from worker.status_text import NO_KEYS, SIMULATED_DATABASE
from worker.store import notices, schema, status
from worker.store.database import Database
from worker.sync import schedule
from worker.sync.context import SyncContext, Wake
from worker.sync.monitor import Monitor
from worker.web.receiver import STORE_SECONDS

Say = Callable[[str], None]
"""Shows one line to the person who started the program."""

ADMIN_POOL, ADMIN_SECONDS = 3, 5.0
"""Connections of the admin side, and how long one of its statements may take."""

INBOX_POOL = 6
"""Connections of the receiver: enough to store a few hundred deliveries a second."""

LIVE_SECONDS, LIVE_SECONDS_MAX, LIVE_SHARE = 2.0, 600.0, 0.005
"""The live line counts rows: this often while that is quick, and so seldom that it takes no more of the time."""

GIVE_BACK_SECONDS = 4.0
"""Work that could not be given back by then is left to its lease: together with closing less than the ten seconds after
which container runtimes kill."""
CUT_SECONDS = 2.0
FIGURES_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where everything is: decided before anything starts."""

    settings: Settings
    accounts: tuple[Account, ...]
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    simulated: bool
    psql: str


class Role(StrEnum):
    """Which part of the daemon a process is: the one that works, the one that listens, or both."""

    WORKER = "worker"
    WEB = "web"
    ALL = "all"


def run(given: Settings, role: Role, seconds: float | None, say: Say, show_live: Callable[[str], None]) -> None:
    """Runs the daemon until SIGTERM, SIGINT or `seconds` have passed. Call it from the main thread.

    Raises:
        SavvycalSyncError: it could not start; the message says what to do.
    """
    if role is not Role.ALL and not (given.database_url and given.redis_url):
        raise SettingError(f"--role {role}: set DATABASE_URL and REDIS_URL, which the processes have to share")
    planned = composition.plan_accounts(given)
    composition.plan_privacy(given)  # a wrong key is said before anything starts
    with ExitStack() as stack:
        runtime = _start_embedded_servers(given, planned, stack, say)
        spare_the_collector()
        asyncio.run(_live(runtime, role, seconds, say, show_live))
        say("stopping the servers this run started" if runtime.psql else "stopped")


def spare_the_collector() -> None:
    """What is loaded now stays for good, and rows die by themselves: looking for cycles at each 700 objects was a
    sixth of a first load (measured), at each 50,000 it is not seen, and memory stays the same.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _start_embedded_servers(given: Settings, planned: tuple[Account, ...], stack: ExitStack, say: Say) -> Runtime:
    """Starts what is not configured. Children must be started here, before any loop or thread exists."""
    configured_db, configured_redis = given.database_url, given.redis_url
    for name, value in (("DATABASE_URL", configured_db), ("REDIS_URL", configured_redis)):
        if value is None and given.embedded is Embedded.NEVER:
            raise SettingError(
                f"{name} is not set, and SAVVYCAL_EMBEDDED=never keeps a server from being started for it"
            )
    psql = ""
    if configured_db is None:
        postgres = embedded.start_postgres(given.data_dir)
        stack.callback(postgres.stop)
        say(f"DATABASE_URL is not set: started {postgres.name}, data in {given.data_dir}")
        psql = postgres.psql or ""
    if configured_redis is None:
        valkey = embedded.start_valkey(given.data_dir)
        stack.callback(valkey.stop)
        say(f"REDIS_URL is not set: started {valkey.name}")
    database_url = configured_db.get_secret_value() if configured_db else postgres.url
    redis_url = configured_redis.get_secret_value() if configured_redis else valkey.url
    return Runtime(given, planned, database_url, redis_url, not planned, psql)


async def _live(
    runtime: Runtime, role: Role, seconds: float | None, say: Say, show_live: Callable[[str], None]
) -> None:
    stop = _stop_signal()
    asyncio.get_running_loop().set_exception_handler(logs.log_unhandled_loop_error)
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(_start(runtime, role, stack, say))
        if not await _ends_before(starting, stop):
            say("stopping: it had not started yet")
            return
        runtime, db, context = starting.result()
        before = await _figures_unless(db, timeout=FIGURES_SECONDS)
        arq_worker = asyncio.create_task(_work(runtime, context, role))
        await _until(stop, seconds, arq_worker, db, show_live)
        say("stopping: giving work back")
        arq_worker.cancel()
        await _give_back(arq_worker, db)
        _summarize(before, await _figures_unless(db, timeout=FIGURES_SECONDS), context, say)


async def _start(
    runtime: Runtime, role: Role, stack: AsyncExitStack, say: Say
) -> tuple[Runtime, Database, SyncContext]:
    """Everything but the engine. What can keep us from starting comes before we say that we have."""
    shown = None
    if runtime.simulated:
        shown = await demo.start(runtime.settings.data_dir, runtime.database_url, stack, say)
        runtime = _with(runtime, shown)
    db = await _database(runtime, stack, say)
    context = await _context(runtime, db, stack)
    if role is not Role.WEB:
        await schedule.plan_windows(context)
    admin = await _admin_side(runtime, context, role, stack, say)
    if role is not Role.WORKER:
        address = await _serve_http(runtime, context, admin, stack)
        _announce(runtime, address, say)
        if shown:
            shown.send_webhooks_to(address)
    if role is Role.WEB:
        context.wake = await _wakeups(runtime.redis_url, stack)
    return runtime, db, context


def _with(runtime: Runtime, shown: Demo) -> Runtime:
    own = urlsplit(runtime.database_url).path.lstrip("/")
    psql = f"{runtime.psql.removesuffix(own)}{SIMULATED_DATABASE}"
    return replace(runtime, accounts=(shown.account,), database_url=shown.database_url, psql=psql)


async def _ends_before(starting: asyncio.Task[Any], stop: asyncio.Event) -> bool:
    """Waits for a task, or to be asked to stop; then it is canceled."""
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    is_done = starting.done()
    if not is_done:
        starting.cancel()
        await asyncio.wait({starting}, timeout=CUT_SECONDS)
    return is_done


async def _give_back(arq_worker: asyncio.Task[None], db: Database) -> None:
    """The engine ends. When Postgres says nothing, what was not given back is left to its lease."""
    await asyncio.wait({arq_worker}, timeout=GIVE_BACK_SECONDS)
    if not arq_worker.done():
        db.cut()
        await asyncio.wait({arq_worker}, timeout=CUT_SECONDS)
    if arq_worker.done() and not arq_worker.cancelled():
        arq_worker.exception()  # looked at: it was told to stop


async def _work(runtime: Runtime, context: SyncContext, role: Role) -> None:
    """The engine, and an ear for what SQL asks for; in a process that only listens there is neither."""
    if role is Role.WEB:
        await asyncio.Event().wait()
    async with asyncio.TaskGroup() as group:
        group.create_task(ArqWorker(runtime.redis_url, context).run())
        group.create_task(notices.listen(runtime.database_url, lambda: context.wake("work")))


async def _database(runtime: Runtime, stack: AsyncExitStack, say: Say) -> Database:
    db = await connect(runtime.database_url, say)
    stack.push_async_callback(db.close)
    return db


async def _admin_side(runtime: Runtime, context: SyncContext, role: Role, stack: AsyncExitStack, say: Say) -> web.Admin:
    """Watches the mirror, and serves the admin side where it has an address of its own. Its connections are its own."""
    db = await Database.connect(runtime.database_url, ADMIN_POOL, command_seconds=ADMIN_SECONDS)
    stack.push_async_callback(db.close)
    bind = runtime.settings.admin_http
    monitor = Monitor(context, db, runtime.redis_url, asks=role is not Role.WEB)
    admin = web.Admin(monitor, settings.admin_token(runtime.settings), is_apart=bind is not None)
    await stack.enter_async_context(monitor.watching())
    await stack.enter_async_context(admin.metrics.reading(runtime.redis_url))
    if bind:
        say(f"open in a browser:   {await stack.enter_async_context(web.serve_admin(admin, bind, db))}/")
    return admin


async def _serve_http(runtime: Runtime, context: SyncContext, admin: web.Admin, stack: AsyncExitStack) -> str:
    """Serves HTTP. Webhooks have connections of their own, so that no sweep delays an answer."""
    inbox = await Database.connect(runtime.database_url, INBOX_POOL, command_seconds=STORE_SECONDS / 2)
    stack.push_async_callback(inbox.close)
    receivers = {account.name: composition.webhook_receivers_of(account) for account in runtime.accounts}
    return await stack.enter_async_context(web.serve(runtime.settings.http, context, inbox, receivers, admin))


async def _wakeups(redis_url: str, stack: AsyncExitStack) -> Wake:
    """The bell of a process that runs no jobs."""
    redis = await stack.enter_async_context(Redis(connection_pool=queue.connection_pool(redis_url)))
    stack.push_async_callback(redis.connection_pool.disconnect)
    return partial(queue.wake, redis)


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def connect(database_url: str, say: Say) -> Database:
    """The database with the right schema in it: applied when there is none, refused when it is another version."""
    db = await Database.connect(database_url)
    try:
        async with db.connection() as connection:
            if await schema.version(connection) is None:
                await schema.apply(connection)
                say("the database had no savvycal schema: applied it")
            await schema.check(connection)
            if not await schema.is_ours(connection):
                say("another build applied the schema: run `savvycal-sync schema apply` (and `schema roles`)")
    except SavvycalSyncError:
        await db.close()
        raise
    return db


async def _context(runtime: Runtime, db: Database, stack: AsyncExitStack) -> SyncContext:
    session = await stack.enter_async_context(open_session())
    per_minute = demo.REQUESTS_PER_MINUTE if runtime.simulated else runtime.settings.requests_per_minute
    every = demo.EVERY if runtime.simulated else runtime.settings.every()
    privacy, endpoints = composition.plan_privacy(runtime.settings), {}
    for account in runtime.accounts:
        shared = RedisRateLimit(runtime.redis_url, account.name)
        stack.push_async_callback(shared.aclose)
        endpoints[account.name] = composition.endpoints_of(account, session, RateLimit(per_minute, shared), privacy)
    webhooks = timedelta(days=runtime.settings.webhook_retention_days)
    history = runtime.settings.retention()
    return SyncContext(db, endpoints, cadence.windows(*every), webhook_retention=webhooks, retention=history)


def _announce(runtime: Runtime, address: str, say: Say) -> None:
    if runtime.settings.admin_http is None:
        say(f"open in a browser:   {address}/")
    if runtime.psql:
        say(f"look at the tables:  {runtime.psql}")
    if runtime.settings.admin_http is None:
        say(f"health and status:   {address}/health  {address}/status  {address}/metrics")
    say(f"webhooks come in at: {address}/webhooks/meetings  {address}/webhooks/appointments")
    say("ask for a resync:    savvycal-sync resync all")
    if runtime.settings.secret_keys is None:
        say(NO_KEYS)


async def _until(
    stop: asyncio.Event,
    seconds: float | None,
    arq_worker: asyncio.Task[None],
    db: Database,
    show: Callable[[str], None],
) -> None:
    """Until asked to stop, or the time is over, or the engine fails; shows a live line meanwhile."""
    ends_at = time.monotonic() + seconds if seconds is not None else float("inf")
    stopped = asyncio.create_task(stop.wait())
    took = 0.0
    while not stopped.done() and not arq_worker.done() and time.monotonic() < ends_at:
        pace = min(LIVE_SECONDS_MAX, max(LIVE_SECONDS, took / LIVE_SHARE))
        wait = min(pace, max(0.0, ends_at - time.monotonic()))
        await asyncio.wait({stopped, arq_worker}, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        began = time.monotonic()
        figures = await _figures_unless(db, stopped, arq_worker)
        if not stopped.done() and not arq_worker.done():  # else nobody waited for an answer of Postgres
            show(status_text.live_line(figures))
        took = time.monotonic() - began
    stopped.cancel()
    if arq_worker.done():
        arq_worker.result()


async def _figures(db: Database) -> Mapping[str, Any]:
    """The live figures; empty while the database is away (the log says so)."""
    try:
        async with db.connection() as connection:
            return await status.live(connection)
    except SavvycalSyncError:
        return {}


async def _figures_unless(db: Database, *ends: asyncio.Task[Any], timeout: float | None = None) -> Mapping[str, Any]:
    """The same, until something ends or the time is over: a Postgres that says nothing does not hold up the stop."""
    asked = asyncio.create_task(_figures(db))
    await asyncio.wait({asked, *ends}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    if asked.done():
        return asked.result()
    asked.cancel()
    return {}


def _summarize(before: Mapping[str, Any], after: Mapping[str, Any], context: SyncContext, say: Say) -> None:
    if not before or not after:
        return
    requests = sum(e.client.request_count for products in context.accounts.values() for e in products.values())
    names = ("events", "appointments", "meetings", "transitions")
    say(
        "summary: "
        + ", ".join(f"{after[name]} {name} (+{after[name] - before[name]})" for name in names)
        + f", {requests} requests to SavvyCal"
    )

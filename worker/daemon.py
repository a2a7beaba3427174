"""One process: starts servers, database, workers and web in order, and stops them in reverse."""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from typing import Any, Protocol
from urllib.parse import urlsplit

from savvycal_sync.redis_pool import open_redis
from worker import composition, demo, embedded, http_servers, logs, queue, settings, startup
from worker.arq_worker import ArqWorker
from worker.composition import Runtime
from worker.demo import Demo
from worker.errors import SavvycalSyncError, SettingError
from worker.locations import SIMULATED_DATABASE
from worker.reload import AccountReloader
from worker.settings import Account, Address, Embedded, Settings
from worker.startup import Announce
from worker.store import notices, status
from worker.store.database import Database
from worker.sync import schedule
from worker.sync.context import SyncContext
from worker.systemd import ServiceNotifier


class Watch(Protocol):
    """Shows how a running daemon does, until it is canceled."""

    async def __call__(self, db: Database) -> None:
        """Runs beside the work, on the daemon's connections."""


GIVE_BACK_SECONDS = 4.0
"""Work that could not be given back by then is left to its lease: together with closing less than the ten seconds after
which container runtimes kill."""
CUT_SECONDS = 2.0
FIGURES_SECONDS = 3.0


class Role(StrEnum):
    """What a process runs: the sync worker, the HTTP server, or both."""

    WORKER = "worker"
    WEB = "web"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Started:
    """What a daemon consists of once it has started."""

    runtime: Runtime
    db: Database
    context: SyncContext
    reloader: AccountReloader


def run(given: Settings, role: Role, seconds: float | None, announce: Announce, watch: Watch) -> None:
    """Runs the daemon until SIGTERM, SIGINT or `seconds` have passed. Call it from the main thread.

    Raises:
        SavvycalSyncError: it could not start; the message says what to do.
    """
    if role is not Role.ALL and not (given.database_url and given.redis_url):
        raise SettingError(f"--role {role}: set DATABASE_URL and REDIS_URL, which the processes have to share")
    planned = composition.plan_accounts(given)
    composition.plan_privacy(given)  # a wrong key is refused before anything starts
    if page := http_servers.expected_page(given, has_receiver=role is not Role.WORKER):
        announce(f"the page will be at: {page} in a few seconds")
    with ExitStack() as stack:
        runtime = _start_embedded_servers(given, planned, stack, announce)
        spare_the_collector()
        asyncio.run(_live(runtime, role, seconds, announce, watch))
        announce("stopping the servers this run started" if runtime.psql else "stopped")
        logs.log.info("stopped", role=role.value)


def spare_the_collector() -> None:
    """Makes garbage collection rare: what is loaded now stays for good, and rows are freed without it.

    Collecting after each 700 objects took a sixth of a first load (`make bench`); after each 50,000 it is not visible,
    and memory stays the same.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _start_embedded_servers(
    given: Settings, planned: tuple[Account, ...], stack: ExitStack, announce: Announce
) -> Runtime:
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
        announce(f"DATABASE_URL is not set: started {postgres.name}, data in {given.data_dir}")
        psql = postgres.psql or ""
    if configured_redis is None:
        valkey = embedded.start_valkey(given.data_dir)
        stack.callback(valkey.stop)
        announce(f"REDIS_URL is not set: started {valkey.name}")
    database_url: Address = settings.address(given, "database_url") or postgres.url
    redis_url: Address = settings.address(given, "redis_url") or valkey.url
    return Runtime(given, planned, database_url, redis_url, not planned, psql)


async def _live(runtime: Runtime, role: Role, seconds: float | None, announce: Announce, watch: Watch) -> None:
    stop = _stop_signal()
    hangup = _hangup_signal(stop)
    asyncio.get_running_loop().set_exception_handler(logs.log_unhandled_loop_error)
    notifier = ServiceNotifier()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(notifier.beating())
        starting = asyncio.create_task(_start(runtime, role, stack, announce, hangup))
        if not await _ends_before(starting, stop):
            notifier.stopping()
            announce("stopping: it had not started yet")
            return
        started = starting.result()
        db, context = started.db, started.context
        before = await _figures_in_time(db)
        arq_worker = asyncio.create_task(_work(started, role))
        watching = asyncio.create_task(watch(db))
        accounts = len(started.runtime.accounts)
        notifier.ready(f"syncing {accounts} accounts")
        logs.log.info("started", role=role.value, version=version("savvycal-sync"), accounts=accounts)
        try:
            await _until(stop, seconds, arq_worker)
        finally:
            watching.cancel()  # nobody waits for an answer of Postgres
        notifier.stopping()
        announce("stopping: giving work back")
        arq_worker.cancel()
        await _give_back(arq_worker, db)
        _summarize(before, await _figures_in_time(db), context, announce)


async def _start(
    runtime: Runtime, role: Role, stack: AsyncExitStack, announce: Announce, hangup: asyncio.Event
) -> Started:
    """Everything but the ARQ worker. What can prevent the start comes before the lines that announce it."""
    shown = None
    if runtime.simulated:
        server = str(runtime.database_url)  # an embedded one
        shown = await demo.start(runtime.settings.data_dir, server, stack, announce)
        runtime = _with(runtime, shown)
    db = await startup.open_database(runtime, announce)
    stack.push_async_callback(db.close)
    await startup.refuse_cluster(_redis_url(runtime), announce)
    privacy = composition.plan_privacy(runtime.settings)
    builder = composition.open_builder(runtime.requests_per_minute, privacy, runtime.redis_url)
    build = await stack.enter_async_context(builder)
    endpoints = {account.name: build(account) for account in runtime.accounts}
    context = composition.build_context(db, endpoints, runtime.settings, runtime.simulated)
    reloader = AccountReloader(runtime, context, build, hangup, serves_http=role is not Role.WORKER)
    if role is not Role.WEB:
        await schedule.plan_windows(context)
    admin = await http_servers.open_admin(runtime, context, stack, asks=role is not Role.WEB, announce=announce)
    if role is not Role.WORKER:
        address = await http_servers.serve_webhooks(runtime, context, admin, reloader.receivers, stack)
        http_servers.announce_ready(runtime, address, announce)
        if shown:
            shown.send_webhooks_to(address)
    if role is Role.WEB:
        redis = await stack.enter_async_context(open_redis(_redis_url(runtime)))
        context.wake = partial(queue.wake, redis)  # this process runs no jobs
    return Started(runtime, db, context, reloader)


def _with(runtime: Runtime, shown: Demo) -> Runtime:
    own = urlsplit(str(runtime.database_url)).path.lstrip("/")
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
    """The ARQ worker ends. When Postgres does not answer, work that was not given back is left to its lease."""
    await asyncio.wait({arq_worker}, timeout=GIVE_BACK_SECONDS)
    if not arq_worker.done():
        db.cut()
        await asyncio.wait({arq_worker}, timeout=CUT_SECONDS)
    if arq_worker.done() and not arq_worker.cancelled():
        arq_worker.exception()  # retrieved: it was told to stop


async def _work(started: Started, role: Role) -> None:
    """The ARQ worker, and the listener for requests from SQL; a process of role `web` runs neither."""
    runtime, context = started.runtime, started.context
    async with asyncio.TaskGroup() as group:
        group.create_task(started.reloader.run())
        if role is Role.WEB:
            return
        group.create_task(ArqWorker(_redis_url(runtime), context).run())
        if address := startup.direct_address(runtime, context.db):
            group.create_task(notices.listen(address, lambda: context.wake("work")))


def _redis_url(runtime: Runtime) -> Address:
    if runtime.redis_url is None:  # the daemon has started one where none is configured
        raise SettingError("REDIS_URL is not set")
    return runtime.redis_url


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _hangup_signal(stop: asyncio.Event) -> asyncio.Event:
    """Set by SIGHUP. On a terminal it means that the terminal was closed, so there the daemon stops."""
    hangup = asyncio.Event()
    with contextlib.suppress(AttributeError, ValueError):  # no standard input, or a closed one
        if sys.stdin.isatty():
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, stop.set)
            return hangup
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hangup.set)
    return hangup


async def _until(stop: asyncio.Event, seconds: float | None, arq_worker: asyncio.Task[None]) -> None:
    """Until asked to stop, or the time is over, or the worker fails; then its error is raised."""
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({stopped, arq_worker}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if arq_worker.done():
        arq_worker.result()


async def load_figures(db: Database) -> Mapping[str, Any]:
    """How much is stored and due; empty while Postgres does not answer (the log names it)."""
    try:
        async with db.connection() as connection:
            return await status.live(connection)
    except SavvycalSyncError:
        return {}


async def _figures_in_time(db: Database) -> Mapping[str, Any]:
    """The same, unless it takes too long: a Postgres that does not answer does not delay the start or the stop."""
    asked = asyncio.create_task(load_figures(db))
    done, _ = await asyncio.wait({asked}, timeout=FIGURES_SECONDS)
    if not done:
        asked.cancel()  # and not awaited: a frozen server delays the end of its cancellation, too
    return asked.result() if done else {}


def _summarize(before: Mapping[str, Any], after: Mapping[str, Any], context: SyncContext, announce: Announce) -> None:
    if not before or not after:
        return
    requests = sum(e.client.request_count for products in context.accounts.values() for e in products.values())
    names = ("events", "appointments", "meetings", "transitions")
    announce(
        "summary: "
        + ", ".join(f"{after[name]} {name} (+{after[name] - before[name]})" for name in names)
        + f", {requests} requests to SavvyCal"
    )

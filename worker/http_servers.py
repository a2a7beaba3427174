"""The HTTP servers of a daemon: webhooks and probes, and the admin side, at one address or at one each."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from worker import composition, settings, web
from worker.composition import Runtime
from worker.settings import Settings
from worker.status_text import NO_KEYS
from worker.sync.context import SyncContext
from worker.sync.monitor import Monitor
from worker.web.admin import host_of, is_loopback
from worker.web.receiver import STORE_SECONDS

INBOX_POOL = 6
"""Connections of the receiver: enough to store a few hundred deliveries a second."""

ADMIN_POOL, ADMIN_SECONDS = 3, 5.0
"""Connections of the admin side, and how long one of its statements may take."""


def expected_page(given: Settings, has_receiver: bool) -> str | None:
    """Where the page is going to be; None when there is none, or its port is not known yet."""
    bind = given.admin_http or (given.http if has_receiver else None)
    return None if bind is None or bind.endswith(":0") else f"http://{bind}/"


async def open_admin(
    runtime: Runtime, context: SyncContext, stack: AsyncExitStack, asks: bool, announce: Callable[[str], None]
) -> web.Admin:
    """Starts the monitor and the metrics, on connections of their own, and serves the admin side where it has an
    address of its own. `asks`: whether this process sends requests to SavvyCal.

    Raises:
        CannotListen: the address cannot be bound.
    """
    db = await stack.enter_async_context(composition.open_database(runtime.database_url, ADMIN_POOL, ADMIN_SECONDS))
    bind = runtime.settings.admin_http
    monitor = Monitor(context, db, runtime.redis_url, asks)
    admin = web.Admin(monitor, settings.admin_token(runtime.settings), is_apart=bind is not None)
    await stack.enter_async_context(monitor.watching())
    await stack.enter_async_context(admin.metrics.reading(runtime.redis_url))
    if bind:
        announce(f"open in a browser:   {await stack.enter_async_context(web.serve_admin(admin, bind, db))}/")
    return admin


async def serve_webhooks(
    runtime: Runtime, context: SyncContext, admin: web.Admin, receivers: web.ReceiverConfigs, stack: AsyncExitStack
) -> str:
    """Serves webhooks and probes, and the admin side unless it has an address of its own; returns the address.

    Webhooks have connections of their own, so that no scan delays an answer.
    """
    inbox = await stack.enter_async_context(
        composition.open_database(runtime.database_url, INBOX_POOL, STORE_SECONDS / 2)
    )
    return await stack.enter_async_context(web.serve(runtime.settings.http, context, inbox, receivers, admin))


def announce_ready(runtime: Runtime, address: str, announce: Callable[[str], None]) -> None:
    """Shows where everything is."""
    is_shared = runtime.settings.admin_http is None
    is_open = is_shared and (is_loopback(host_of(runtime.settings.http)) or runtime.settings.admin_token is not None)
    if is_open:
        announce(f"open in a browser:   {address}/")
    elif is_shared:
        announce(
            f"page and status:     closed on {address}, which others can reach; set SAVVYCAL_ADMIN_TOKEN to open them"
        )
    if runtime.psql:
        announce(f"query the tables:    {runtime.psql}")
    if is_open:
        announce(f"health and status:   {address}/health  {address}/status  {address}/metrics")
    announce(f"webhooks come in at: {address}/webhooks/meetings  {address}/webhooks/appointments")
    announce("request a resync:    savvycal-sync resync all")
    if runtime.settings.secret_keys is None:
        announce(NO_KEYS)

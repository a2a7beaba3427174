"""The web application: its routes, and a listening socket with bounds."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from worker.errors import CannotListen
from worker.logs import log
from worker.store.database import Database
from worker.sync.context import SyncContext
from worker.sync.monitor import Monitor
from worker.web import api, pages, probes, status
from worker.web.admin import Guard, Token, host_of, is_loopback
from worker.web.metrics import Metrics
from worker.web.receiver import BODY_BYTES_MAX, Receiver, ReceiverConfigs

HEAD_SECONDS = 5.0
"""For a request's head to arrive, and between two requests on one connection."""

CONNECTIONS_MAX = 512
STOP_SECONDS = 2.0
FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class _Refuse(asyncio.Protocol):
    """Answers a connection beyond the cap without reading from it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(FULL)
        transport.close()


class _Failures(logging.Handler):
    """aiohttp logs failed requests with their bytes: broken HTTP is not worth a line, of the rest the class is."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, HttpProcessingError):
            log.error("request_failed", error=type(error).__name__)


def _logger() -> logging.Logger:
    logger = logging.Logger("savvycal-sync.http", logging.ERROR)
    logger.addHandler(_Failures())
    return logger


@dataclass(frozen=True, slots=True)
class Admin:
    """The admin side: what it shows, who may see it, and whether it is apart from the webhooks' address."""

    monitor: Monitor
    token: Token | None = None
    is_apart: bool = False
    metrics: Metrics = field(init=False)

    def __post_init__(self) -> None:
        """The figures begin with the process."""
        object.__setattr__(self, "metrics", Metrics(self.monitor))


@asynccontextmanager
async def serve(
    bind: str, context: SyncContext, db: Database, receivers: ReceiverConfigs, admin: Admin | None = None
) -> AsyncIterator[str]:
    """Serves webhooks and probes until the block ends; yields the address. `db` is the receiver's own, so that a scan
    cannot delay it. `admin` is served on this address, too, unless it has one of its own.

    Raises:
        CannotListen: the address cannot be bound.
    """
    admin = admin or Admin(Monitor(context, context.db))
    receiver = Receiver(context, db, receivers, admin.metrics.count)
    app = web.Application(client_max_size=BODY_BYTES_MAX)
    _add_probes(app, db)
    for path in ("/webhooks/{product}", "/webhooks/{product}/{account}"):
        app.router.add_post(path + "{slashes:/*}", receiver.answer)  # people type one at the end
    if not admin.is_apart:
        _add_admin(app, admin, bind)
    async with receiver.waking(), _running(app, bind, "SAVVYCAL_HTTP") as address:
        yield address


@asynccontextmanager
async def serve_admin(admin: Admin, bind: str, db: Database) -> AsyncIterator[str]:
    """Serves the admin side on its own address until the block ends; yields the address.

    Raises:
        CannotListen: the address cannot be bound.
    """
    async with _running(admin_app(admin, bind, db), bind, "SAVVYCAL_ADMIN_HTTP") as address:
        yield address


def admin_app(admin: Admin, bind: str, db: Database) -> web.Application:
    """The admin side and the probes, as served on an address of their own."""
    app = web.Application(client_max_size=BODY_BYTES_MAX)
    _add_probes(app, db)
    _add_admin(app, admin, bind)
    return app


def _add_probes(app: web.Application, db: Database) -> None:
    app.router.add_get("/livez", probes.livez)
    app.router.add_get("/readyz", probes.Readiness(db).readyz)


def _add_admin(app: web.Application, admin: Admin, bind: str) -> None:
    guard = Guard(is_loopback(host_of(bind)), admin.token)
    app[status.MONITOR] = admin.monitor
    for path, answer in (("/health", status.health), ("/status", status.show), ("/metrics", admin.metrics.show)):
        app.router.add_get(path, guard.guarded(answer))
    pages.add(app, admin.monitor, guard, admin.metrics.rows)
    api.add(app, admin.monitor, guard)


@asynccontextmanager
async def _running(app: web.Application, bind: str, variable: str) -> AsyncIterator[str]:
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_logger(),
        shutdown_timeout=STOP_SECONDS,
        keepalive_timeout=HEAD_SECONDS,
        lingering_time=0,
        auto_decompress=False,
    )
    await runner.setup()
    try:
        async with _listening(bind, runner, variable) as address:
            yield address
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _listening(bind: str, runner: web.AppRunner, variable: str) -> AsyncIterator[str]:
    host, _, port = bind.rpartition(":")
    try:
        server = await asyncio.get_running_loop().create_server(_capped(runner), host.strip("[]"), int(port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CannotListen(f"{variable}: cannot listen on {bind} ({reason})") from None
    try:
        yield f"http://{_bound(server.sockets[0])}"
    finally:
        server.close()


def _capped(runner: web.AppRunner) -> Callable[[], asyncio.Protocol]:
    """Makes the protocol of each new connection; beyond the cap one that only refuses."""
    server = cast("web.Server", runner.server)
    return lambda: server() if len(server.connections) < CONNECTIONS_MAX else _Refuse()


def _bound(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

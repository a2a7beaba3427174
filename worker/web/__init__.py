"""What is served over HTTP: whether the mirror is alive and fresh, and what `savvycal-sync status` says, as JSON."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from worker.errors import SettingError, StoreError
from worker.store import status
from worker.store.database import Database

DATABASE: web.AppKey[Database] = web.AppKey("database", Database)


def to_json(report: Any) -> str:
    """A report as JSON; times in ISO 8601."""
    return json.dumps(report, default=lambda value: value.isoformat(), indent=2)


async def _health(request: web.Request) -> web.Response:
    """200 while the database answers and no window was left unswept for three times its usual age."""
    try:
        async with request.app[DATABASE].connection() as connection:
            report = await status.report(connection)
    except StoreError as error:
        return web.json_response({"ok": False, "reason": str(error)}, status=503)
    never = [w for w in report["windows"] if w["complete_as_of"] is None]
    return web.json_response({"ok": True, "incomplete_windows": len(never), "due": report["work"]["due"]})


async def _status(request: web.Request) -> web.Response:
    async with request.app[DATABASE].connection() as connection:
        report = await status.report(connection)
    return web.Response(text=to_json(report), content_type="application/json")


@asynccontextmanager
async def serve(bind: str, db: Database) -> AsyncIterator[str]:
    """Serves until the block ends; yields the address.

    Raises:
        SettingError: the address cannot be bound.
    """
    app = web.Application(client_max_size=256 * 1024)
    app[DATABASE] = db
    app.router.add_get("/health", _health)
    app.router.add_get("/status", _status)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    host, _, port = bind.rpartition(":")
    try:
        site = web.TCPSite(runner, host.strip("[]"), int(port))
        await site.start()
        yield f"http://{_bound(runner, bind)}"
    except OSError as error:
        raise SettingError(
            f"SAVVYCAL_HTTP: cannot listen on {bind} ({error.strerror or type(error).__name__})"
        ) from None
    finally:
        await runner.cleanup()


def _bound(runner: web.AppRunner, bind: str) -> str:
    host, port = runner.addresses[0][:2] if runner.addresses else bind.rsplit(":", 1)
    return f"{host}:{port}"

"""Whether the mirror is alive and fresh, and what `savvycal-sync status` says, as JSON."""

import json
from typing import Any

from aiohttp import web

from worker.errors import StoreError
from worker.store import status
from worker.store.database import Database

DATABASE: web.AppKey[Database] = web.AppKey("database", Database)


def to_json(report: Any) -> str:
    """A report as JSON; times in ISO 8601."""
    return json.dumps(report, default=lambda value: value.isoformat(), indent=2)


async def health(request: web.Request) -> web.Response:
    """200 while the database answers and no window was left unswept for three times its usual age."""
    try:
        async with request.app[DATABASE].connection() as connection:
            report = await status.report(connection)
    except StoreError as error:
        return web.json_response({"ok": False, "reason": str(error)}, status=503)
    never = [w for w in report["windows"] if w["complete_as_of"] is None]
    return web.json_response({"ok": True, "incomplete_windows": len(never), "due": report["work"]["due"]})


async def show(request: web.Request) -> web.Response:
    """The status report."""
    try:
        async with request.app[DATABASE].connection() as connection:
            report = await status.report(connection)
    except StoreError as error:
        return web.json_response({"reason": str(error)}, status=503)
    return web.Response(text=to_json(report), content_type="application/json")

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
    """200 while the database answers and every window is scanned in time; 503 with the reasons otherwise.

    A window is late when it has been due for ten minutes and no worker is scanning it.
    """
    try:
        async with request.app[DATABASE].connection() as connection:
            accounts = await status.health(connection)
    except StoreError as error:
        return web.json_response({"ok": False, "reasons": [str(error)]}, status=503)
    late = [account for account in accounts if account["windows_overdue"]]
    reasons = [f"account {a['account']}: {a['windows_overdue']} windows overdue" for a in late]
    body = to_json({"ok": not late, "reasons": reasons, "accounts": accounts})
    return web.Response(text=body, content_type="application/json", status=503 if late else 200)


async def show(request: web.Request) -> web.Response:
    """The status report."""
    try:
        async with request.app[DATABASE].connection() as connection:
            report = await status.report(connection)
    except StoreError as error:
        return web.json_response({"reason": str(error)}, status=503)
    return web.Response(text=to_json(report), content_type="application/json")

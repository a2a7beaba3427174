"""A mirror whose admin side has an address of its own, with a token."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.receiver import WebhookHarness, webhook_harness
from worker import web
from worker.sync.monitor import Monitor
from worker.web.app import admin_app

TOKEN = "admin_canary_of_the_tests"
PROBES = ("/livez", "/readyz")
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@asynccontextmanager
async def admin_side(
    url: str, token: str | None = TOKEN, bind: str = "127.0.0.1:0", redis_url: str | None = None
) -> AsyncIterator[WebhookHarness]:
    """The harness speaks to the admin side's address."""
    async with webhook_harness(url, redis_url) as it:
        admin = web.Admin(Monitor(it.context, it.db), (lambda: token) if token else None, is_apart=True)
        async with web.serve_admin(admin, bind, it.db) as address:
            it.address = address.replace("0.0.0.0", "127.0.0.1")
            yield it


async def get(it: WebhookHarness, path: str, **headers: str) -> tuple[int, str]:
    """Status and text."""
    async with it.session.get(it.address + path, headers=headers) as response:
        return response.status, await response.text()


def admin_routes(it: WebhookHarness) -> list[tuple[str, str]]:
    """Method and path of every route of the admin side but the probes, as the router has them."""
    app = admin_app(it.admin, "127.0.0.1:0", it.db)
    found = [(route.method, route.resource.canonical) for route in app.router.routes() if route.resource]
    return [(method, path) for method, path in found if method != "HEAD" and path not in PROBES]


@dataclass(frozen=True)
class Answered:
    """What the API answered."""

    status: int
    document: Any
    headers: dict[str, str]


async def ask(
    it: WebhookHarness, path: str, body: object = None, headers: dict[str, str] | None = None, **query: str
) -> Answered:
    """Asks the API: a GET, or a POST of a body as JSON."""
    url, chosen = f"{it.address}/api/v1{path}", BEARER if headers is None else headers
    method, more = ("GET", {}) if body is None else ("POST", {"Content-Type": "application/json"})
    data = body if isinstance(body, bytes) or body is None else json.dumps(body)
    async with it.session.request(method, url, data=data, params=query, headers=more | chosen) as response:
        return Answered(response.status, json.loads(await response.text()), dict(response.headers))

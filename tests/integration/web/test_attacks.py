"""Attacks on the admin side, at every route that its router has: a new route is attacked as soon as it exists."""

import asyncio
import contextlib
import re
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.admin_side import BEARER, TOKEN, admin_routes, admin_side
from tests.support.receiver import WebhookHarness, meetings_body, webhook_harness
from worker import web
from worker.sync.monitor import Monitor
from worker.web import pages, routes

EXAMPLES = {"kind": "event", "id": "event_1", "action": "retry", "ticket": "none"}
OWN_NAMES = ("default", "meetings", "event_", "SavvyCal")
"""What answers of the admin side hold and refusals must not."""

Sent = tuple[int, str, dict[str, str]]


def targets(it: WebhookHarness) -> list[tuple[str, str]]:
    """Every route with a path that it takes."""
    found = [
        (method, re.sub(r"\{(\w+)[^}]*\}", lambda name: EXAMPLES[name[1]], path)) for method, path in admin_routes(it)
    ]
    assert len(found) > 20
    return found


async def send(it: WebhookHarness, method: str, path: str, headers: dict[str, str], data: Any = None) -> Sent:
    """Status, text and headers."""
    kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
    more = {"Content-Type": kind} if method == "POST" else {}
    async with it.session.request(method, it.address + path, headers=more | headers, data=data) as response:
        return response.status, await response.text(), dict(response.headers)


def assert_refused(sent: Sent, statuses: set[int], where: object) -> None:
    """A refusal, with strict headers, and without a word of what is stored."""
    status, text, headers = sent
    assert status in statuses, where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert "Access-Control-Allow-Origin" not in headers, where
    assert not [name for name in (TOKEN, *OWN_NAMES) if name in text], where


WRONG_TOKENS: list[dict[str, str]] = [
    {},
    {"Authorization": "Bearer wrong"},
    {"Authorization": "Bearer"},
    {"Authorization": f"Bearer {TOKEN}x"},
    {"Authorization": f"Bearer {TOKEN[:-1]}"},
    {"Authorization": f"Token {TOKEN}"},
    {"Authorization": "Basic !!!"},
    {"Authorization": "Basic YWRtaW46"},
    {"Cookie": f"token={TOKEN}"},
]


async def test_no_route_opens_without_the_token(database_url: str) -> None:
    """401 at every route, and at paths that do not exist under the API; nothing is done."""
    async with admin_side(database_url) as it:
        await it.scan()
        before = await it.work_queue()
        for method, path in [*targets(it), ("GET", "/api/v1/nowhere"), ("DELETE", "/api/v1/status")]:
            for headers in WRONG_TOKENS:
                assert_refused(await send(it, method, path, headers, b"{}"), {401}, (method, path, headers))
        assert await it.work_queue() == before


async def test_no_route_answers_to_another_host_or_through_a_proxy(database_url: str) -> None:
    """Without a token this machine reads, and only under its own name."""
    strange: list[dict[str, str]] = [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost:80@evil.example"},
        {"Host": "[::1].evil.example"},
        {"Host": "evil.example@localhost"},
        {"Host": ""},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
    ]
    async with admin_side(database_url, token=None) as it:
        await it.scan()
        for headers in strange:
            for method, path in targets(it):
                sent = await send(it, method, path, headers, b"{}")
                assert_refused(sent, {400, 403} if headers == {"Host": ""} else {403}, (method, path, headers))


async def test_no_route_changes_anything_for_a_page_of_another_site(database_url: str) -> None:
    """Even with the token; and no answer may be read there."""
    foreign: list[dict[str, str]] = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ]
    async with admin_side(database_url) as it:
        for headers in foreign:
            for method, path in targets(it):
                body = b'{"target": "event_1", "name": "event_1", "product": "meetings", "count": 1}'
                status, _text, answered = await send(it, method, path, BEARER | headers, body)
                assert "Access-Control-Allow-Origin" not in answered, path
                assert answered["Cross-Origin-Resource-Policy"] == "same-origin", path
                assert method == "GET" or status == 403, path
            assert (await send(it, "OPTIONS", "/api/v1/resync", BEARER | headers))[0] == 405
        assert await it.work_queue() == []


async def test_no_route_takes_a_large_body(database_url: str) -> None:
    """Announced or in chunks: 413, or the connection is closed before the whole of it was read."""

    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 65536

    async with admin_side(database_url) as it:
        for method, path in [target for target in targets(it) if target[0] == "POST"]:
            for body in (b"x" * 400_000, endless()):
                with contextlib.suppress(OSError):  # a connection that is closed while we are sending is as good
                    assert (await send(it, method, path, BEARER, body))[0] == 413, path
        for method, path in targets(it):
            assert (await send(it, method, path + "?" + "x" * 9000, BEARER))[0] == 400, path


async def _until_closed(it: WebhookHarness, sent: bytes) -> bytes:
    parts = urlsplit(it.address)
    reader, writer = await asyncio.open_connection(str(parts.hostname), parts.port)
    writer.write(sent)
    try:
        return await asyncio.wait_for(reader.read(), 15)
    finally:
        writer.close()


async def test_no_route_waits_for_a_slow_body(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that never ends is hung up on; a body that never ends gets 408, with the token; without it 401 at once."""
    monkeypatch.setattr(web.app, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(routes, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(pages, "BODY_SECONDS", 0.3)
    async with admin_side(database_url) as it:
        host = it.address.removeprefix("http://")
        for method, path in targets(it):
            kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
            head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\nContent-Length: 100\r\n"
            token = f"Authorization: Bearer {TOKEN}\r\n"
            assert b" 401 " in await _until_closed(it, f"{head}\r\n{{".encode()), path
            if method == "POST":
                assert b" 408 " in await _until_closed(it, f"{head}{token}\r\n{{".encode()), path
        assert await _until_closed(it, head.encode()) == b""


async def test_a_head_that_comes_drop_by_drop_is_hung_up_on(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sending now and then does not lengthen the time for a head."""
    monkeypatch.setattr(web.app, "HEAD_SECONDS", 0.5)
    async with admin_side(database_url) as it:
        parts = urlsplit(it.address)
        reader, writer = await asyncio.open_connection(str(parts.hostname), parts.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        closed = asyncio.create_task(reader.read())
        began = time.monotonic()
        while not closed.done() and time.monotonic() - began < 10:
            writer.write(b"X-Drop: 1\r\n")
            await asyncio.wait({closed}, timeout=0.05)
        assert closed.done()
        writer.close()


async def test_a_crowd_at_every_route_delays_no_webhook(database_url: str) -> None:
    """200 at once with the token, many of them waiting; deliveries that come meanwhile are stored, quickly."""
    async with webhook_harness(database_url) as it:
        event = next(iter(it.simulator.world.documents("event")))
        admin = web.Admin(Monitor(it.context, it.db), lambda: TOKEN, is_apart=True)
        async with web.serve_admin(admin, "127.0.0.1:0", it.db) as address:
            paths = [path for method, path in targets(it) if method == "GET"]
            resync = {"target": event, "wait_seconds": 2}

            async def knock(number: int) -> int:
                if number % 4 == 0:
                    sending = it.session.post(f"{address}/api/v1/resync", json=resync, headers=BEARER)
                else:
                    sending = it.session.get(address + paths[number % len(paths)], headers=BEARER)
                async with sending as response:
                    await response.read()
                    return response.status

            crowd = [asyncio.create_task(knock(number)) for number in range(200)]
            took = []
            for number in range(30):
                began = time.monotonic()
                assert (await it.post(meetings_body(event, f"payload_{number}")))[0] == 200
                took.append(time.monotonic() - began)
            assert set(await asyncio.gather(*crowd)) <= {200, 400, 404, 429, 503}
        assert len(await it.deliveries()) == 30
        assert max(took) < 5.0, "the figures are those of `make bench-webhooks`; this only finds a receiver that waits"

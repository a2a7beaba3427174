"""A hostile upstream: refused per page or per record, never followed, and never larger than its bounds."""

import asyncio
import gzip
import json
import resource
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from tests.support.harness import Harness
from worker.core.model import Kind
from worker.core.windows import Bounds
from worker.errors import Crowded, Malformed, RecordError, Refused, TooLarge, UpstreamError
from worker.savvycal import appointment_requests, bodies, event_requests
from worker.savvycal.bodies import BODY_BYTES_MAX
from worker.savvycal.client import Client, open_session
from worker.savvycal.rate_limit import RateLimits
from worker.savvycal.records import DEPTH_MAX, decode
from worker.savvycal.wire import Request
from worker.simulator import Fault


@asynccontextmanager
async def _server(handler: Any) -> AsyncIterator[tuple[str, list[web.Request]]]:
    """A server whose every path is `handler`; its address and what it was asked."""
    asked: list[web.Request] = []

    async def noted(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        answer: web.StreamResponse = await handler(request)
        return answer

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", noted)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


async def _fetch(url: str) -> bytes:
    async with open_session() as session:
        return await Client(session, url, lambda: "the-token", RateLimits(100_000)).fetch(Request("/events"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int) -> None:
    """The other host is never asked, so the token cannot reach it."""

    async def elsewhere(_request: web.Request) -> web.Response:
        return web.Response(text="{}")

    async with _server(elsewhere) as (other, asked):

        async def away(_request: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Location": f"{other}/events"})

        async with _server(away) as (url, _):
            with pytest.raises(Refused, match="not followed"):
                await _fetch(url)
        assert asked == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_decompression_bomb_is_refused_in_little_memory(encoding: str) -> None:
    """150 MiB of zeros in less than one: the answer is refused at its bound."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
    bomb = b"".join([*(packer.compress(bytes(2**20)) for _ in range(150)), packer.flush()])

    async def explode(_request: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": encoding})

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with _server(explode) as (url, _):
        with pytest.raises(Malformed, match="larger"):
            await _fetch(url)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


async def test_a_header_beyond_the_bound_is_called_that() -> None:
    """Up to 64 KiB is taken; beyond that the message says what it is, and blames no network."""

    async def chatty(request: web.Request) -> web.Response:
        size = 60_000 if "small" in request.path else 70_000
        return web.Response(body=b"{}", headers={"X-Trace": "x" * size})

    async with _server(chatty) as (url, _):
        assert await _fetch(f"{url}/small") == b"{}"
        with pytest.raises(Malformed, match="header larger than 64 KiB"):
            await _fetch(f"{url}/large")


async def test_bombs_for_many_accounts_share_one_bound() -> None:
    """Forty at once take no more memory than the places there are for large bodies."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    bomb = b"".join([*(packer.compress(bytes(2**20)) for _ in range(60)), packer.flush()])

    async def explode(_request: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with _server(explode) as (url, _):
        answers = await asyncio.gather(*(_fetch(url) for _ in range(40)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {TooLarge}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


async def test_a_place_is_given_back_when_its_reader_is_canceled() -> None:
    """Whether it waits for one or has one: the next reader is not kept out."""
    places = bodies.Places(1)
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with places.one():
            entered.set()
            await go_on.wait()

    first = asyncio.create_task(hold())
    await entered.wait()
    second, third = asyncio.create_task(hold()), asyncio.create_task(hold())
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    go_on.set()
    await asyncio.gather(first, second, third, return_exceptions=True)
    async with asyncio.timeout(1), places.one():
        assert third.exception() is None


async def test_large_bodies_keep_their_places_until_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds no place is told to wait for a turn, which is no failure of SavvyCal; small bodies need none."""
    monkeypatch.setattr(bodies, "WAIT_SECONDS", 0.1)
    size = bodies.SMALL_BYTES + 1

    async def large(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * (10 if "small" in request.path else size))

    async with _server(large) as (url, _), open_session() as session:
        client = Client(session, url, lambda: "the-token", RateLimits(100_000))
        with bodies.holding() as hold:
            for _ in range(bodies.LARGE_MAX):
                assert len(await client.fetch(Request("/events"))) == size
            with pytest.raises(Crowded):
                await client.fetch(Request("/events"))
            assert not client.circuit.is_open
            assert len(await _fetch(f"{url}/small")) == 10
            hold.give_back(1)
            assert len(await client.fetch(Request("/events"))) == size
        assert len(await client.fetch(Request("/events"))) == size


async def test_an_endless_body_is_refused() -> None:
    """Chunk after chunk without an end: cut at the bound."""
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"[" * 65536)
            sent += 65536

    async with _server(endless) as (url, _):
        with pytest.raises(Malformed, match="larger"):
            await _fetch(url)
    assert sent < 4 * BODY_BYTES_MAX


async def test_an_announced_size_beyond_the_bound_is_not_read() -> None:
    """Content-Length alone is enough to refuse."""

    async def huge(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(BODY_BYTES_MAX + 1)})
        await response.prepare(request)
        await asyncio.sleep(30)
        return response

    async with _server(huge) as (url, _), asyncio.timeout(5):
        with pytest.raises(Malformed, match="larger"):
            await _fetch(url)


@pytest.mark.parametrize(
    "body", [b"not gzip at all", gzip.compress(b'{"entries": []}', mtime=0)[:-9], b"\x1f\x8b" + b"\x00" * 40]
)
async def test_a_broken_encoding_is_an_upstream_error(body: bytes) -> None:
    """What cannot be decompressed is tried again later, like any answer that did not arrive."""

    async def broken(_request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async with _server(broken) as (url, _):
        with pytest.raises(UpstreamError):
            event_requests.parse_page(await _fetch(url), None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xef\xbb\xbf{}",
        b"<html>We will be right back</html>",
        b'{"entries": 1, "metadata": {}}',
        b'{"entries": [], "metadata": {"after": 1}}',
        b"[" * 200_000,
        b'{"entries": [' + b"[" * 200_000,
        json.dumps({"entries": [], "metadata": {"after": "x" * 5000}}).encode(),
        json.dumps({"entries": [], "metadata": {"after": "a\x00b"}}).encode(),
    ],
)
def test_a_page_that_is_none_is_refused_as_a_whole(body: bytes) -> None:
    """Another envelope, another encoding, a cursor nobody would send back."""
    with pytest.raises(Malformed):
        event_requests.parse_page(body, None)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"id": "event_1", "id": "event_1"}',
        b'{"id": "event_1", "metadata": {"a": 1, "a": 1}}',
        b'{"id" : "event_1", "a": 1, "a": 2}',
        b'{"id" :"event_1","a":":b","a":2}',
        b'{"id"\n:"\\":","a":1,"a":2}',
        b'{"id": "event_1", "n": NaN}',
        b'{"id": "event_1", "s": "\xff"}',
        b'{"id": "event_1", "d": ' + b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1) + b"}",
        b'{"id": "event_1", "s": "' + b"x" * 1024 * 1024 + b'"}',
        b"[]",
        b"null",
    ],
)
def test_a_record_beyond_all_bounds_is_refused_alone(raw: bytes) -> None:
    """Repeated keys, giant numbers, deep nesting, bad text, sheer size."""
    with pytest.raises(RecordError):
        decode(raw)


def test_keys_inside_texts_are_no_repeated_keys() -> None:
    """Quotation marks, colons and braces in a text mean nothing."""
    document = {"id": "event_1", "a": '"id": "event_1", {"id": 1}', 'k"e\\y': [{"id": 1}, {"id": 1}], "": "\\"}
    assert decode(json.dumps(document).encode()) == document


async def test_no_link_of_a_payload_is_ever_followed(harness: Harness) -> None:
    """join_url, host_url, url, payment.url, next links: a server they all point to is never asked."""

    async def trap(_request: web.Request) -> web.Response:
        return web.Response(text="{}")

    async with _server(trap) as (url, asked):
        document = harness.world.book_event(state="confirmed")
        hostile = {"url": url, "payment": {"state": "paid", "url": url}, "next": url, "links": {"next": url}}
        hostile |= {"conferencing": {"type": "zoom", "join_url": url, "host_url": url}}
        harness.world.put("event", document | hostile)
        appointment = harness.world.book_appointment(meeting_status="created")
        harness.world.set_meeting_status(appointment["id"], "created", join_url=url, host_url=url)
        await harness.scan()
        await harness.reconcile(Kind.EVENT, document["id"])
        await harness.reconcile(Kind.APPOINTMENT, appointment["id"])
        assert asked == []


async def test_a_hostile_cursor_stays_inside_the_query(harness: Harness) -> None:
    """A cursor that looks like an address or a path is sent back as a value, to the same host and path."""
    for cursor in ("http://127.0.0.1:9/", "//evil.test", "../../admin", "x&state=none#y", "a b\u202e"):
        request = event_requests.list_request(Bounds(None, None), cursor)
        assert request.path == "/events"
        assert dict(request.query)["after"] == cursor
    assert appointment_requests.parse_page(_one_page("//evil.test"), None).cursor == "2"


def _one_page(link: str) -> bytes:
    meta = {"current_page": 1, "total_pages": 2, "total_count": 2, "next": link}
    return json.dumps({"data": [{"id": "appt_1"}], "meta": meta, "links": {"next": link}}).encode()


@pytest.mark.parametrize("kind", ["html_200", "malformed_json", "gzip_bomb", "redirect", "truncate", "reset"])
async def test_a_bad_answer_costs_a_retry_and_no_row(harness: Harness, kind: Any) -> None:
    """The scan waits and keeps the reason, and its next attempt reads everything (aiohttp asks once more after a
    reset)."""
    args = {"location": "http://127.0.0.1:9/"} if kind == "redirect" else {}
    times = {"reset": 2, "gzip_bomb": 5}.get(kind, 1)  # what is too large is asked for in pages of 100, 50, 25, 5 and 1
    harness.world.faults[:] = [Fault(kind, match="/events", times=times, args=args)]
    await harness.scan()
    assert await harness.value("select count(*) from savvycal._work where job = 'scan' and last_error is not null") == 1
    harness.world.faults.clear()
    await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
    await harness.scan()
    assert await harness.value("select count(*) from savvycal.events") == len(harness.world.documents("event"))

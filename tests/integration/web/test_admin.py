"""The admin side: every route without and with the token, from another host or origin; pages and actions."""

import asyncio
import re

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import make_mocked_request

from tests.support.admin_side import BEARER, TOKEN, admin_side, get
from tests.support.receiver import WebhookHarness, meetings_body, webhook_harness
from worker import web
from worker.sync.monitor import Monitor
from worker.web.admin import Guard
from worker.web.lists import LISTS

PAGES = ("/", "/bookings", "/bookings?q=a", *(f"/{name}" for name in LISTS), "/confirm/retry?name=event_1")
ADMIN = (*PAGES, "/health", "/status", "/metrics", "/static/style.css", "/objects/event/event_1")


async def test_every_route_needs_the_token_once_one_is_set(database_url: str) -> None:
    """Neither nothing nor a wrong one opens; a bearer or a browser's password does."""
    async with admin_side(database_url) as it:
        for path in ADMIN:
            assert (await get(it, path))[0] == 401, path
            assert (await get(it, path, Authorization="Bearer wrong"))[0] == 401, path
            assert (await get(it, path, **BEARER))[0] in {200, 404}, path
        basic = {"Authorization": "Basic YW55Ym9keTphZG1pbl9jYW5hcnlfb2ZfdGhlX3Rlc3Rz"}
        assert (await get(it, "/", **basic))[0] == 200
        assert (await get(it, "/livez"))[0] == (await get(it, "/readyz"))[0] == 200


def test_headers_of_any_bytes_are_refused() -> None:
    """aiohttp hands over what is no UTF-8 as surrogates; an origin may be no URL."""
    guard = Guard(is_local=True, token=lambda: TOKEN)
    assert not guard.is_known({"Authorization": "Bearer \udcff"})
    assert not guard.is_known({"Authorization": "Basic \udcff"})
    odd = make_mocked_request("POST", "/", headers={**BEARER, "Host": "localhost", "Origin": "http://["})
    assert not guard.may_act(odd)


async def test_an_open_address_answers_probes_only(database_url: str) -> None:
    """Without a token nothing is shown where others can reach it."""
    async with admin_side(database_url, token=None, bind="0.0.0.0:0") as it:
        assert {(await get(it, path))[0] for path in ADMIN} == {401}
        assert (await get(it, "/livez"))[0] == 200


async def test_without_a_token_only_localhost_reads(database_url: str) -> None:
    """A name that leads here by somebody else's DNS, and what came through a proxy, are refused."""
    async with admin_side(database_url, token=None) as it:
        assert (await get(it, "/"))[0] == 200
        assert (await get(it, "/", Host="evil.example"))[0] == 403
        assert (await get(it, "/", **{"X-Forwarded-For": "203.0.113.9"}))[0] == 403


async def test_pages_are_small_strict_and_escape(database_url: str) -> None:
    """No script but our own file, nothing from elsewhere, no frame; what SavvyCal sends stays text."""
    async with admin_side(database_url) as it:
        await it.scan()
        async with it.db.connection() as connection:
            await connection.execute(
                "update savvycal.events set summary = '<script>x</script>', start_at = now() + interval '1 h'"
            )
        for path in PAGES:
            async with it.session.get(it.address + path, headers=BEARER) as response:
                text = await response.text()
                assert response.status == 200, path
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
                assert response.headers["X-Frame-Options"] == "DENY"
            assert len(text) < 100_000
            assert text.count("<script") == text.count('<script src="/static/live.js')
            assert TOKEN not in text
        assert "&lt;script&gt;" in (await get(it, "/bookings", **BEARER))[1]


async def _post(it: WebhookHarness, action: str, headers: dict[str, str], **form: str) -> ClientResponse:
    return await it.session.post(f"{it.address}/actions/{action}", data=form, headers=headers)


async def test_a_dead_letter_is_retried_in_two_clicks(database_url: str) -> None:
    """The link leads to a form, the form's button tries it again."""
    async with admin_side(database_url) as it:
        dead = "insert into savvycal._work (kind, key, due_at, priority, dead_lettered_at) "
        dead += "values ('event', 'event_dead', now(), 1, now())"
        async with it.db.connection() as connection:
            await connection.execute(dead)
        link = re.search(r'href="(/confirm/retry[^"]*)"', (await get(it, "/dead-letters", **BEARER))[1])
        assert link
        page = (await get(it, link[1].replace("&amp;", "&"), **BEARER))[1]
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        done = await _post(it, "retry", BEARER, **form)
        assert (done.status, "1 tried again" in await done.text()) == (200, True)
        assert [row["dead_lettered_at"] for row in await it.work_queue() if row["key"] == "event_dead"] == [None]


@pytest.mark.parametrize(
    ("headers", "csrf"),
    [
        ({}, True),
        (BEARER, False),
        (BEARER | {"Origin": "https://evil.example"}, True),
        (BEARER | {"Sec-Fetch-Site": "cross-site"}, True),
    ],
    ids=["no token", "no form of ours", "foreign origin", "cross-site"],
)
async def test_what_others_send_changes_nothing(database_url: str, headers: dict[str, str], csrf: bool) -> None:
    """An action needs the token and a form that was made here."""
    async with admin_side(database_url) as it:
        found = re.search(r'name="csrf" value="(\w+)"', (await get(it, "/confirm/resync?name=all", **BEARER))[1])
        assert found
        answer = await _post(it, "resync", headers, name="event_1", csrf=found[1] if csrf else "")
        assert answer.status in {401, 403}
        assert await it.work_queue() == []
        answer = await _post(it, "resync", BEARER, name="event_1", csrf=found[1])
        assert (answer.status, len(await it.work_queue())) == (200, 1)


async def test_a_crowd_without_a_token_delays_no_webhook(database_url: str) -> None:
    """200 strangers at once are refused; deliveries that come meanwhile are stored, quickly."""
    async with webhook_harness(database_url) as it:
        admin = web.Admin(Monitor(it.context, it.db), lambda: TOKEN, is_apart=True)
        async with web.serve_admin(admin, "127.0.0.1:0", it.db) as address:

            async def knock() -> int:
                async with it.session.get(f"{address}/status", headers={"Authorization": "Bearer wrong"}) as response:
                    return response.status

            crowd = [asyncio.create_task(knock()) for _ in range(200)]
            event = next(iter(it.simulator.world.documents("event")))
            stored = [await it.post(meetings_body(event, f"payload_{number}")) for number in range(20)]
            assert {status for status, _ in stored} == {200}
            assert set(await asyncio.gather(*crowd)) == {401}
        assert len(await it.deliveries()) == 20


async def test_a_large_form_is_refused(database_url: str) -> None:
    """Even with the token: no form of ours is that long."""
    async with admin_side(database_url) as it:
        answer = await _post(it, "resync", BEARER, name="x" * 300_000)
        assert answer.status == 413

"""Whoever can reach the port: forgeries, broken HTTP, floods. Never a 500, never a forgery, always a bound."""

import asyncio
import json
import random
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.campaigns.fuzz import webhooks
from tests.support.receiver import WebhookHarness, appointments_body, meetings_body, webhook_harness
from worker import web
from worker.errors import StoreUnavailable
from worker.web import receiver


async def test_a_share_of_the_fuzz_target(database_url: str) -> None:
    """Some thousand mutated requests: nothing forged gets in, nothing but the allowed answers comes out."""
    async with webhook_harness(database_url) as it:
        findings = await webhooks.attack(it, 3000, seed=random.randrange(2**32))
        assert findings.forged == []
        assert findings.wrong == []
        assert findings.accepted > 100
        assert findings.answers[401] > 500
        assert (await it.post(meetings_body("event_1", "payload_last")))[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b'{"type":5}',
        b'{"type":"event.created\\n"}',
        b"[" * 200_000,
        b'{"data":{"type":"\xff"}}',
    ],
)
@pytest.mark.parametrize("product", ["meetings", "appointments"])
async def test_signed_nonsense_is_taken(database_url: str, product: str, body: bytes) -> None:
    """What is signed comes from SavvyCal: it is stored, once, and its window is scanned, since something did change."""
    async with webhook_harness(database_url) as it:
        assert (await it.post(body, product))[0] == 200
        assert (await it.post(body, product)) == (200, "stored already")
        (delivery,) = await it.deliveries()
        assert (delivery["type"], delivery["state"], delivery["object_id"]) == ("unreadable", "unmapped", None)
        assert [row["product"] for row in await it.rows("select product from savvycal._scans")] == [product]


async def test_a_delivery_without_a_type_is_followed_by_its_object(database_url: str) -> None:
    """The object it names is asked for, and its body is kept."""
    async with webhook_harness(database_url) as it:
        assert (await it.post(b'{"type":5,"payload":{"id":"event_1","state":"confirmed","start_at":"x"}}'))[0] == 200
        (delivery,) = await it.deliveries()
        assert (delivery["type"], delivery["state"], delivery["object_id"]) == ("unreadable", "received", "event_1")
        assert b"confirmed" in delivery["body"]


async def test_a_body_that_postgres_cannot_hold_is_left_out(latin1_url: str) -> None:
    """A database whose encoding lacks a letter takes the delivery all the same."""
    body = '{"id":"payload_1","type":"event.changed","payload":{"id":"event_1","summary":"\N{SNOWMAN}"}}'
    async with webhook_harness(latin1_url) as it:
        assert (await it.post(body.encode()))[0] == 200
        (delivery,) = await it.deliveries()
        assert (delivery["id"], delivery["state"], delivery["object_id"]) == ("payload_1", "received", "event_1")
        assert b"unreadable" in delivery["body"]


DAMAGED = {
    "half a surrogate pair": rb'"\ud83d"',
    "a control character": b'"a\x01b"',
    "no UTF-8": b'"\xff"',
    "a literal JSON does not know": b"NaN",
    "a huge number": b"1e400",
    "a key twice": b'{"a":1,"a":2}',
    "nested deeply": b'{"a":' * 1200 + b"1" + b"}" * 1200,
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("product", ["meetings", "appointments"])
async def test_a_signed_delivery_is_taken_whatever_its_texts(database_url: str, product: str, damage: bytes) -> None:
    """It is stored and followed: a refusal would only be answered by the same bytes again."""
    object_ = b'{"id":"event_1","object":"appointment","x":' + damage + b"}"
    raw = b'{"id":"evt_1","type":"event.changed","payload":' + object_ + b"}"
    if product == "appointments":
        raw = b'{"id":"evt_1","data":{"type":"appointment.canceled","object":' + object_ + b"}}"
    async with webhook_harness(database_url) as it:
        assert (await it.post(raw, product))[0] == 200
        (delivery,) = await it.deliveries()
        assert (delivery["id"], delivery["state"], delivery["object_id"]) == ("evt_1", "received", "event_1")


@pytest.mark.parametrize(
    "document",
    [
        {"type": "event.created"},
        {"type": "event.created", "payload": None, "id": None, "occurred_at": 5},
        {"type": "event.created", "payload": {"id": "x" * 500}, "id": "é", "occurred_at": "9999-12-31T23:59:59-23:59"},
        {"type": "event.created", "payload": {"id": "event_1\n"}, "id": "a\n"},
        {
            "type": "event.created",
            "payload": {"id": "event_1", "note": "\x00", "n": 10**30},
            "occurred_at": "0001-01-01",
        },
    ],
)
async def test_odd_envelopes_are_stored_and_followed_by_a_scan(database_url: str, document: dict[str, Any]) -> None:
    """Whatever has a type is recorded under some id; where no object can be read, a window is scanned."""
    async with webhook_harness(database_url) as it:
        await it.scan()
        for _ in range(2):
            assert (await it.post(json.dumps(document).encode()))[0] == 200
        [row] = await it.deliveries()
        assert row["duplicate_count"] == 1
        scans = await it.rows("select from savvycal._scans where window_name = 'near'")
        assert bool(scans) == (row["state"] == "unmapped")
        assert row["state"] in {"received", "unmapped"}


async def test_sizes_and_encodings(database_url: str) -> None:
    """Up to 256 KiB; beyond, chunked or announced, 413; compressed 415; the largest allowed one is stored."""
    async with webhook_harness(database_url) as it:
        envelope = len(meetings_body("event_1", note=""))
        largest = meetings_body("event_1", note="x" * (receiver.BODY_BYTES_MAX - envelope))
        assert len(largest) == receiver.BODY_BYTES_MAX
        assert (await it.post(largest))[0] == 200
        assert (await it.post(largest + b" "))[0] == 413

        async def endless() -> Any:
            for _ in range(100):
                yield b"x" * 65536

        url, headers = f"{it.address}/webhooks/meetings", {"x-savvycal-signature": "sha256=00"}
        try:
            async with it.session.post(url, data=endless(), headers=headers) as response:
                assert response.status == 413
        except OSError:
            # the receiver hung up while we were still sending, which is as good
            pass
        assert (await it.post(b"{}", headers={"Content-Encoding": "gzip"}))[0] == 415


async def _until_closed(it: WebhookHarness, sent: bytes) -> bytes:
    parts = urlsplit(it.address)
    reader, writer = await asyncio.open_connection(str(parts.hostname), parts.port)
    writer.write(sent)
    try:
        return await asyncio.wait_for(reader.read(), 15)
    finally:
        writer.close()


async def test_a_slow_head_and_a_slow_body_are_cut_off(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that never ends is hung up on, a body that never ends gets 408."""
    monkeypatch.setattr(web.app, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(receiver, "BODY_SECONDS", 0.3)
    async with webhook_harness(database_url) as it:
        head = b"POST /webhooks/meetings HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
        assert await _until_closed(it, head) == b""
        assert b" 408 " in await _until_closed(it, head + b"\r\n{")


async def test_beyond_the_cap_connections_are_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle connections cannot crowd out the receiver: one too many gets 503 at once, and after them it serves again."""
    monkeypatch.setattr(web.app, "CONNECTIONS_MAX", 3)
    async with webhook_harness(database_url) as it:
        parts = urlsplit(it.address)
        idle = [await asyncio.open_connection(str(parts.hostname), parts.port) for _ in range(3)]
        assert b" 503 " in await _until_closed(it, b"")
        for _, writer in idle:
            writer.close()

        async def served() -> bool:
            return (await it.post(meetings_body("event_1")))[0] == 200

        await it.until(served)


async def test_a_slow_postgres_means_come_back_later(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a delivery cannot be stored in time, or too many wait, the answer is 503 with Retry-After."""
    monkeypatch.setattr(receiver, "STORE_SECONDS", 0.3)
    monkeypatch.setattr(receiver, "ACTIVE_MAX", 2)
    async with webhook_harness(database_url) as it:
        async with it.db.transaction() as connection:
            await connection.execute("lock table savvycal.webhook_deliveries in access exclusive mode")
            answers = await asyncio.gather(*(it.post(meetings_body("event_1")) for _ in range(5)))
            assert {status for status, _ in answers} == {503}
        body, headers = meetings_body("event_1"), {"x-savvycal-signature": "x"}
        assert (await it.post(body))[0] == 200
        async with it.session.post(f"{it.address}/webhooks/meetings", data=body, headers=headers) as response:
            assert (response.status, "Retry-After" in response.headers) == (401, False)


async def test_strangers_who_send_slowly_keep_nobody_out(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is signed takes one of the places."""
    monkeypatch.setattr(receiver, "ACTIVE_MAX", 2)
    async with webhook_harness(database_url) as it:
        parts = urlsplit(it.address)
        slow = [await asyncio.open_connection(str(parts.hostname), parts.port) for _ in range(4)]
        for _, writer in slow:
            writer.write(b"POST /webhooks/meetings HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            await writer.drain()
        assert (await it.post(meetings_body("event_1")))[0] == 200
        for _, writer in slow:
            writer.close()


async def test_large_bodies_share_their_memory(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strangers are bounded by it; webhooks of the usual size do not need it, large ones come back later."""
    monkeypatch.setattr(receiver, "LARGE_BODIES_BYTES_MAX", 300_000)
    async with webhook_harness(database_url) as it:
        parts = urlsplit(it.address)
        head = b"POST /webhooks/meetings HTTP/1.1\r\nHost: x\r\nContent-Length: 250000\r\n\r\n"
        reader, writer = await asyncio.open_connection(str(parts.hostname), parts.port)
        writer.write(head + b"x" * 249_999)
        await writer.drain()
        large = meetings_body("event_2", note="x" * 200_000)

        async def is_full() -> bool:
            return (await it.post(large))[0] == 503

        await it.until(is_full)
        assert (await it.post(meetings_body("event_1")))[0] == 200
        writer.write(b"x")
        assert b" 401 " in await reader.readline()
        writer.close()
        assert (await it.post(large))[0] == 200


async def test_postgres_away_means_come_back_later(database_url: str) -> None:
    """Without Postgres nothing is acknowledged, and Retry-After says when to come back."""
    async with webhook_harness(database_url) as it:
        await it.db.close()
        body = meetings_body("event_1")
        headers = {"x-savvycal-signature": fuzz_signature(body)}
        async with it.session.post(f"{it.address}/webhooks/meetings", data=body, headers=headers) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert StoreUnavailable.transient


def fuzz_signature(body: bytes) -> str:
    """A good signature."""
    return webhooks.sign(webhooks.SECRET, body)


async def test_what_a_stranger_sends_becomes_no_label(database_url: str) -> None:
    """The metrics page counts by product and outcome only, and quotes nothing of a request."""
    async with webhook_harness(database_url) as it:
        await it.post(b"{}", "canary", signature="canary")
        await it.post(appointments_body({"id": "canary"}, "canary.type"), "appointments")
        await it.post(b"{}", signature="sha256=canary")
        async with it.session.get(f"{it.address}/metrics") as response:
            page = await response.text()
        assert 'savvycal_webhook_requests_total{outcome="nowhere",product="unknown"} 1.0' in page
        assert 'savvycal_webhook_requests_total{outcome="unsigned",product="meetings"} 1.0' in page
        assert 'savvycal_webhook_requests_total{outcome="accepted",product="appointments"} 1.0' in page
        assert "canary" not in page

"""Signed deliveries to a receiver: envelopes, types, retries, duplicates and their independence of the APIs."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from tests.support.simulator_client import NOW, savvycal
from worker.simulator import Options, World, signature

VECTOR = (
    b'{"type":"event.created","id":"payload_01J0000000000000000000TEST","version":"2020-11-18",'
    b'"occurred_at":"2026-01-02T03:04:05Z","payload":{"id":"event_01J0000000000000000000TEST","state":"confirmed"}}'
)


class Receiver:
    """Keeps what was delivered, answers with the next of `statuses` (200 when they are used up)."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[int] = []
        self.deliveries: list[tuple[dict[str, str], bytes]] = []
        self.scheduler = asyncio.Event()
        self.scheduler.set()
        self._changes = asyncio.Condition()

    async def accept(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        async with self._changes:
            self.deliveries.append((headers, await request.read()))
            self._changes.notify_all()
        await self.scheduler.wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def wait(self, enough: Callable[[], bool]) -> None:
        """Until the deliveries are enough."""
        async with self._changes:
            await asyncio.wait_for(self._changes.wait_for(enough), 10)

    async def bodies(self, count: int) -> list[Any]:
        """The parsed bodies, once there are at least `count`."""
        await self.wait(lambda: len(self.deliveries) >= count)
        return [json.loads(body) for _, body in self.deliveries]


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on a loopback port."""
    one = Receiver()
    application = web.Application()
    application.add_routes([web.post("/in", one.accept)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
    try:
        yield one
    finally:
        one.scheduler.set()
        await runner.cleanup()


def types_of(world: World) -> list[str]:
    """The types of everything told so far."""
    return [webhook_event.type for webhook_event in world.webhook_events]


def test_signature_vector() -> None:
    """The known vector: uppercase hex HMAC-SHA256 of the raw body, prefixed."""
    assert len(VECTOR) == 198
    assert signature("test-secret", VECTOR) == (
        "sha256=8A82248BC293B15DE9E688D145FD1085405C443D35D70942E45FB9FFBFFC1631"
    )


async def test_meetings_delivery() -> None:
    """A Meetings delivery carries the documented headers, a valid signature and the Event in its envelope."""
    async with receiver() as inbox, savvycal() as (sim, client):
        webhook = (await client.meetings("/webhooks", "POST", json={"url": inbox.url})).json
        event = sim.world.book_event(state="confirmed")
        [body] = await inbox.bodies(1)
        headers, raw = inbox.deliveries[0]
        raw_hash = hmac.new(webhook["secret"].encode(), raw, hashlib.sha256).hexdigest().upper()
        assert headers["x-savvycal-signature"] == f"sha256={raw_hash}"
        assert headers["x-savvycal-webhook-id"] == webhook["id"]
        assert headers["user-agent"] == "SavvyCal Webhooks (https://savvycal.com)"
        assert headers["content-type"] == "application/json"
        assert body.keys() == {"type", "id", "version", "occurred_at", "payload"}
        assert (body["type"], body["version"], body["payload"]) == ("event.created", "2020-11-18", event)
        assert body["id"].startswith("payload_")


async def test_appointments_delivery() -> None:
    """An Appointments delivery has its own envelope and agent, without the client's sensitive fields."""
    async with receiver() as inbox:
        hooks = (("appointments", inbox.url, "s3cret"),)
        async with savvycal(webhooks=hooks) as (sim, _):
            document = sim.world.book_appointment()
            [body] = await inbox.bodies(1)
            headers, raw = inbox.deliveries[0]
            assert headers["x-savvycal-signature"] == signature("s3cret", raw)
            assert headers["user-agent"] == "SavvyCal Webhooks (https://savvycal.app)"
            assert body.keys() == {"id", "account_id", "version", "created_at", "data"}
            assert (body["account_id"], body["version"]) == ("acct_0123456789ab", "1.0")
            assert body["data"]["type"] == "appointment.created"
            assert body["data"]["object"]["id"] == document["id"]
            assert "email" not in body["data"]["object"]["client"]


@pytest.mark.parametrize(
    ("state", "following", "types"),
    [
        ("confirmed", "canceled", ["event.created", "event.canceled"]),
        ("awaiting_approval", "confirmed", ["event.requested", "event.approved", "event.created"]),
        ("awaiting_approval", "declined", ["event.requested", "event.declined"]),
        ("awaiting_checkout", "confirmed", ["event.checkout.pending", "event.checkout.completed"]),
        ("awaiting_checkout", "checkout_expired", ["event.checkout.pending", "event.checkout.expired"]),
        ("awaiting_reschedule", "confirmed", ["event.rescheduled"]),
    ],
)
def test_types_of_event_changes(state: str, following: str, types: list[str]) -> None:
    """Each arrival in a state is told by its documented types, in order."""
    world = World(Options(now=NOW, events=0))
    world.set_event_state(world.book_event(state=state)["id"], following)
    assert types_of(world) == types


def test_types_of_appointment_changes() -> None:
    """Create, reschedule, confirm, replace, cancel and delete are told by their documented types."""
    world = World(Options(now=NOW))
    appointment_id = world.book_appointment(meeting_status="created")["id"]
    world.reschedule_appointment(appointment_id)
    world.confirm_appointment(appointment_id)
    world.replace_meeting(appointment_id)
    world.cancel_appointment(appointment_id)
    world.delete("appointment", appointment_id)
    assert types_of(world) == [
        "appointment.created",
        "appointment.rescheduled",
        "appointment.meeting.updated",
        "appointment.confirmed",
        "appointment.meeting.replaced",
        "appointment.canceled",
        "appointment.meeting.updated",
        "appointment.deleted",
    ]


@pytest.mark.parametrize(("shape", "expected"), [("meeting", "appointment_meeting"), ("appointment", "appointment")])
def test_object_of_meeting_webhooks_is_a_switch(shape: Any, expected: str) -> None:
    """appointment.meeting.* carries the meeting or the appointment, by the switch."""
    world = World(Options(now=NOW, meeting_webhook_object=shape))
    world.set_meeting_status(world.book_appointment()["id"], "created")
    assert world.webhook_events[-1].object["object"] == expected


def test_switches_of_undocumented_webhooks() -> None:
    """Late conferencing and a request to reschedule tell nobody unless a type is chosen."""
    for chosen in (None, "event.changed"):
        world = World(Options(now=NOW, events=0, conferencing_webhook=chosen, awaiting_reschedule_webhook=chosen))
        event_id = world.book_event()["id"]
        world.attach_conferencing(event_id)
        world.set_event_state(event_id, "awaiting_reschedule")
        assert types_of(world)[1:] == ([] if chosen is None else [chosen, chosen])


@pytest.mark.parametrize("stable", [True, False])
async def test_failed_deliveries_are_repeated(stable: bool) -> None:
    """Anything but a 2xx is tried again, under the same envelope id or a new one by the switch."""
    async with receiver() as inbox, savvycal(webhook_backoff_seconds=0.01, envelope_id_stable=stable) as (sim, client):
        await client.meetings("/webhooks", "POST", json={"url": inbox.url})
        inbox.statuses = [500, 302]
        sim.world.book_event()
        bodies = await inbox.bodies(3)
        assert len({body["id"] for body in bodies}) == (1 if stable else 3)
        assert len({body["payload"]["id"] for body in bodies}) == 1


async def test_giving_up_disables_the_webhook_if_chosen() -> None:
    """After the last attempt the payload is given up, and the webhook disabled by the switch."""
    switches = {"webhook_attempts": 2, "webhook_backoff_seconds": 0.01, "webhook_disable_after": 1}
    async with receiver() as inbox, savvycal(**switches) as (sim, client):
        made = (await client.meetings("/webhooks", "POST", json={"url": inbox.url})).json
        inbox.statuses = [500, 500]
        sim.world.book_event()
        while (await client.meetings(f"/webhooks/{made['id']}")).json["state"] == "active":
            pass
        assert len(inbox.deliveries) == 2
        assert (sim.dispatcher.counters.failed, sim.dispatcher.counters.given_up) == (2, 1)


async def test_duplicates() -> None:
    """With the switch a delivered payload comes once more, the same to the byte."""
    async with receiver() as inbox, savvycal(webhook_duplicate=1.0, webhook_attempts=1) as (sim, client):
        await client.meetings("/webhooks", "POST", json={"url": inbox.url})
        sim.world.book_event()
        await inbox.wait(lambda: len(inbox.deliveries) >= 2)
        assert inbox.deliveries[0][1] == inbox.deliveries[1][1]


async def test_reordering() -> None:
    """With the switch some payloads arrive behind later ones, and all arrive."""
    async with receiver() as inbox, savvycal(webhook_reorder=0.5, webhook_reorder_seconds=0.05) as (sim, client):
        await client.meetings("/webhooks", "POST", json={"url": inbox.url})
        order = [sim.world.book_event()["id"] for _ in range(20)]
        arrived = [body["payload"]["id"] for body in await inbox.bodies(20)]
        assert sorted(arrived) == sorted(order)
        assert arrived != order


async def test_a_hanging_receiver_does_not_hold_up_the_api() -> None:
    """The API answers while a delivery hangs, and stopping leaves nothing behind."""
    async with receiver() as inbox, savvycal() as (sim, client):
        await client.meetings("/webhooks", "POST", json={"url": inbox.url})
        inbox.scheduler.clear()
        sim.world.book_event()
        await inbox.wait(lambda: len(inbox.deliveries) == 1)
        assert (await client.meetings("/me")).status == 200


async def test_an_unreachable_receiver_is_only_counted() -> None:
    """Nobody listening is a failed attempt."""
    async with savvycal(webhook_attempts=1) as (sim, client):
        await client.meetings("/webhooks", "POST", json={"url": "http://127.0.0.1:9/in"})
        sim.world.book_event()
        while not sim.dispatcher.counters.given_up:
            await client.meetings("/me")
        assert sim.dispatcher.counters.failed == 1

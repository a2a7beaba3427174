"""What webhooks show of an account, beside what they ask for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.receiver import SECRET, WebhookHarness, appointments_body, meetings_body, webhook_harness
from worker import web
from worker.core.model import Kind, Product
from worker.sync import requests


async def facts_of(it: WebhookHarness) -> dict[str, str]:
    """By name."""
    return {row["fact"]: row["value"] for row in await it.rows("select fact, value from savvycal.account_facts")}


async def found(it: WebhookHarness, *names: str) -> list[str]:
    """Facts that are about to be found."""
    await it.until(
        lambda: it.rows(
            "select from savvycal.account_facts where fact = any ($1) having count(*) = $2", names, len(names)
        )
    )
    return [(await facts_of(it))[name] for name in names]


@pytest.mark.parametrize("again", ["payload_1", "payload_2"])
async def test_whether_a_repetition_keeps_its_id(database_url: str, again: str) -> None:
    """The same delivery once more, under its id or under another."""
    async with webhook_harness(database_url) as it:
        await it.post(meetings_body("event_1", "payload_1"))
        assert "webhook_id" not in await facts_of(it)
        await it.post(meetings_body("event_2", "payload_3"))
        assert "webhook_id" not in await facts_of(it)
        await it.post(meetings_body("event_1", again))
        expected = "the same" if again == "payload_1" else "another"
        assert (await facts_of(it))["webhook_id"] == expected


async def test_what_could_not_be_stored_counts_as_a_first_attempt(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SavvyCal repeats because we did not take it: that is when it shows."""
    async with webhook_harness(database_url) as it:
        with monkeypatch.context() as broken:
            broken.setattr("worker.web.receiver.STORE_SECONDS", 0.0)
            assert (await it.post(meetings_body("event_1", "payload_1")))[0] == 503
        assert (await it.post(meetings_body("event_1", "payload_2")))[0] == 200
        assert (await facts_of(it))["webhook_id"] == "another"


async def test_two_that_cannot_be_read_are_not_the_same(database_url: str) -> None:
    """Their bodies are not kept, so nobody can tell."""
    async with webhook_harness(database_url) as it:
        deep = b"[" * 2000 + b"]" * 2000
        for number in (1, 2):
            whole = meetings_body(f"event_{number}", f"payload_{number}", note=0).replace(
                b'"note": 0', b'"note": ' + deep
            )
            assert (await it.post(whole))[0] == 200
        assert "webhook_id" not in await facts_of(it)


@pytest.mark.parametrize("switch", ["meeting", "appointment"])
async def test_what_meeting_webhooks_carry(database_url: str, switch: Any) -> None:
    """The meeting or its appointment, and which types there are."""
    async with webhook_harness(database_url, meeting_webhook_object=switch) as it:
        it.register("appointments")
        one = it.simulator.world.book_appointment(meeting_status="pending")["id"]
        it.simulator.world.set_meeting_status(one, "created")
        expected = [switch, "appointment.meeting.updated"]
        assert await found(it, "meeting_webhook", "webhook_types:meeting") == expected


@pytest.mark.parametrize(("switch", "expected"), [(True, "carried"), (False, "omitted")])
async def test_contact_data_in_webhooks(database_url: str, switch: bool, expected: str) -> None:
    """By the names of fields."""
    async with webhook_harness(database_url, webhook_includes_sensitive=switch) as it:
        it.register("appointments")
        it.simulator.world.book_appointment()
        assert await found(it, "webhook_sensitive") == [expected]


async def test_which_webhook_tells_of_a_state(database_url: str) -> None:
    """Of those that are not documented."""
    async with webhook_harness(
        database_url, awaiting_reschedule_webhook="event.changed", tentative_webhook="event.held"
    ) as it:
        it.register("meetings")
        for state in ("awaiting_reschedule", "tentative"):
            it.simulator.world.set_event_state(next(iter(it.simulator.world.documents("event"))), state)
        names = "webhook_types:awaiting_reschedule", "webhook_types:tentative"
        assert await found(it, *names) == ["event.changed", "event.held"]


@pytest.mark.parametrize(("switch", "expected"), [("event.changed", "announced"), (None, None)])
async def test_whether_a_late_link_is_announced(database_url: str, switch: str | None, expected: str | None) -> None:
    """Only a read that a webhook asked for counts."""
    async with webhook_harness(database_url, events=0, conferencing_webhook=switch) as it:
        zoom = {"type": "zoom", "join_url": None, "meeting_id": None, "instructions": None}
        start_at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        one = it.simulator.world.book_event(start_at=start_at, conferencing=zoom)["id"]
        await it.scan()
        await it.work()
        it.register("meetings")
        it.simulator.world.attach_conferencing(one)
        if switch:
            await it.until(it.deliveries)
        else:
            await requests.resync_object(it.context, Kind.EVENT, one, "default")
        await it.work()
        assert await it.rows("select from savvycal.meetings where event_id = $1 and status = 'created'", one)
        assert (await facts_of(it)).get("late_conferencing") == expected


async def test_a_foreign_delivery_shows_nothing(database_url: str) -> None:
    """It belongs to another account, which may be otherwise. No fact holds what a field held."""
    receivers = {"default": {Product.APPOINTMENTS: web.ReceiverConfig(lambda: [SECRET], "X", "acct_0123456789ab")}}
    about = {"object": "appointment", "id": "appt_1", "client": {"email": "a@example.test"}}
    async with webhook_harness(database_url, receivers=receivers) as it:
        body = appointments_body(about, "appointment.created", account_id="acct_other0000000")
        assert (await it.post(body, "appointments"))[0] == 200
        assert await facts_of(it) == {}
        assert (await it.post(appointments_body(about, "appointment.created", "evt_2"), "appointments"))[0] == 200
        assert await facts_of(it) == {"webhook_sensitive": "carried"}


async def test_a_delivery_is_taken_where_facts_cannot_be_kept(database_url: str) -> None:
    """It is durable without them."""
    async with webhook_harness(database_url) as it:
        await it.rows("drop table savvycal.account_facts cascade")
        about = {"object": "appointment", "id": "appt_1", "client": {"id": "clnt_1"}}
        assert (await it.post(appointments_body(about, "appointment.created"), "appointments"))[0] == 200
        assert len(await it.deliveries()) == 1

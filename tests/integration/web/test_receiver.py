"""From a signed delivery to the row: durable first, a hint only, once however often it comes."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.receiver import (
    SECRET,
    WebhookHarness,
    appointments_body,
    default_receivers,
    meetings_body,
    webhook_harness,
)
from worker import web
from worker.core.model import Product
from worker.errors import SettingError
from worker.savvycal.webhooks import sign
from worker.sync.webhook import replay


async def test_a_change_reaches_the_row_by_webhook_alone(database_url: str, redis_url: str) -> None:
    """A booking and a cancellation at SavvyCal are in the tables through webhooks, of both products."""
    async with webhook_harness(database_url, redis_url) as it:
        await it.until(lambda: it.rows("select from savvycal.coverage having bool_and(complete_as_of is not null)"))
        it.register()
        event = it.simulator.world.book_event()["id"]
        appointment = it.simulator.world.book_appointment()["id"]
        it.simulator.world.cancel_event(event)
        both = """select from savvycal.events e, savvycal.appointments a
                  where e.id = $1 and e.state = 'canceled' and a.id = $2"""
        await it.until(lambda: it.rows(both, event, appointment))
        done = "select from savvycal.webhook_deliveries having bool_and(state = 'applied') and count(*) >= 3"
        await it.until(lambda: it.rows(done))


async def test_two_hundred_means_stored(database_url: str) -> None:
    """An accepted delivery is one masked row, marks its object before scans, and keeps SavvyCal's own times."""
    async with webhook_harness(database_url) as it:
        body = meetings_body("event_1", host_url="https://x/host?token=canary", conferencing={"password": "canary"})
        assert await it.post(body, headers={"x-savvycal-webhook-id": "wh_1"}) == (200, "stored")
        [row], [item] = await it.deliveries(), await it.work_queue()
        assert (row["id"], row["type"], row["state"], row["object_id"]) == (
            "payload_1",
            "event.changed",
            "received",
            "event_1",
        )
        assert (row["webhook_id"], row["secret_number"], row["is_known_type"]) == ("wh_1", 1, True)
        assert row["lag_seconds"] == (row["received_at"] - datetime(2026, 11, 21, 0, 45, tzinfo=UTC)).total_seconds()
        assert b"canary" not in row["body"]
        assert json.loads(row["body"])["payload"]["host_url"] == "[masked]"
        assert (item["kind"], item["key"], item["priority"], item["reasons"]) == (
            "event",
            "event_1",
            1,
            ["webhook"],
        )


async def test_the_commit_waits_for_the_disk(database_url: str) -> None:
    """The transaction that stores a delivery commits synchronously, also where the server's default is another."""
    async with webhook_harness(database_url) as it:
        await it.rows(
            """create function public.probe() returns trigger language plpgsql as $$ begin
                 new.webhook_id = current_setting('synchronous_commit'); return new; end $$"""
        )
        probe = "create trigger probe before insert on savvycal.webhook_deliveries for each row execute function {}()"
        await it.rows(probe.format("public.probe"))
        await it.post(meetings_body("event_1"))
        assert [row["webhook_id"] for row in await it.deliveries()] == ["on"]
        [row] = await it.rows("select current_setting('synchronous_commit') as outside")
        assert row["outside"] == "off"


async def test_the_content_is_never_applied(database_url: str) -> None:
    """What a webhook claims is not trusted: the row is what SavvyCal answers when it is asked."""
    async with webhook_harness(database_url) as it:
        event = it.simulator.world.book_event(state="confirmed")["id"]
        await it.post(meetings_body(event, state="canceled"))
        await it.work()
        [row] = await it.rows("select state from savvycal.events where id = $1", event)
        assert row["state"] == "confirmed"


async def test_a_duplicate_is_counted_and_raises_nothing(database_url: str) -> None:
    """A hundred copies are one row and one generation, and each of them is acknowledged."""
    async with webhook_harness(database_url) as it:
        answers = await asyncio.gather(*(it.post(meetings_body("event_1")) for _ in range(100)))
        assert {status for status, _ in answers} <= {200, 503}
        accepted = [text for status, text in answers if status == 200]
        assert accepted.count("stored") == 1
        [row], [item] = await it.deliveries(), await it.work_queue()
        assert row["duplicate_count"] == len(accepted) - 1
        assert item["requested_gen"] == 1


async def test_a_replayed_history_changes_nothing(database_url: str) -> None:
    """All deliveries again, shuffled and ten times: the tables stay as they are and SavvyCal is not asked."""
    async with webhook_harness(database_url) as it:
        world = it.simulator.world
        bodies = [meetings_body(world.book_event()["id"], f"payload_{n}") for n in range(10)]
        for body in bodies:
            await it.post(body)
        await it.work()
        before = await it.rows("select id, version from savvycal.events order by id")
        asked = len(world.requests)
        for body in sorted(bodies * 10, key=hash):
            assert (await it.post(body))[0] == 200
        await it.work()
        assert await it.rows("select id, version from savvycal.events order by id") == before
        assert len(world.requests) == asked


async def test_every_active_secret_is_tried(database_url: str) -> None:
    """During rotation the old and the new secret both open, and the row says which one it was."""
    async with webhook_harness(database_url) as it:
        it.secrets[:] = ["new", "old"]
        for number, secret in enumerate(it.secrets, 1):
            body = meetings_body("event_1", f"payload_{number}")
            assert (await it.post(body, signature=sign(secret, body)))[0] == 200
        assert sorted(row["secret_number"] for row in await it.deliveries()) == [1, 2]
        it.secrets[:] = ["new"]
        body = meetings_body("event_1", "payload_3")
        assert (await it.post(body, signature=sign("old", body)))[0] == 401


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=zz", f"sha256={'0' * 64}", "sha256=ü", "md5=00", "sha256=\udcff" * 3, "a" * 4000],
)
async def test_every_bad_signature_gets_the_same_answer(database_url: str, signature: str) -> None:
    """Missing, short, non-ASCII or wrong: 401 with the same words, and nothing is stored."""
    async with webhook_harness(database_url) as it:
        headers = {"x-savvycal-signature": signature} if signature.isascii() else {}
        async with it.session.post(f"{it.address}/webhooks/meetings", data=b"{}", headers=headers) as response:
            assert (response.status, await response.text()) == (401, "not accepted")
        assert await it.deliveries() == []


@pytest.mark.parametrize("path", ["meetings", "meetings/", "meetings//", "meetings/default", "meetings/default/"])
async def test_a_slash_at_the_end_is_no_other_address(database_url: str, path: str) -> None:
    """People type one when they register an address."""
    async with webhook_harness(database_url) as it:
        assert await it.post(meetings_body("event_1"), path) == (200, "stored")


async def test_what_is_turned_away_leaves_a_line(database_url: str) -> None:
    """With the product and the reason, and nothing that a stranger has sent."""
    async with webhook_harness(database_url) as it:
        with capture_logs() as logged:
            await it.post(b"canary", signature="wrong")
            await it.post(b"canary", "canary")
            await it.post(b"canary", "meetings/canary/")
            assert (await it.post(meetings_body("event_1")))[0] == 200
    assert [(entry["event"], entry["product"], entry["reason"]) for entry in logged] == [
        ("webhook_rejected", "meetings", "unsigned"),
        ("webhook_rejected", "unknown", "nowhere"),
        ("webhook_rejected", "meetings", "nowhere"),
    ]


async def test_without_a_secret_the_receiver_is_closed(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No secret: 503 for every request, and one log line that names the setting; a broken file closes it too."""
    given: list[str] = []

    def secrets() -> list[str]:
        if given == ["broken"]:
            raise SettingError("the file cannot be read")
        return given

    receivers = {"default": {Product.MEETINGS: web.ReceiverConfig(secrets, "SAVVYCAL_MEETINGS_WEBHOOK_SECRETS")}}
    async with webhook_harness(database_url, receivers=receivers) as it:
        for _ in range(3):
            assert (await it.post(b"{}"))[0] == 503
        said = capsys.readouterr()
        assert (said.out + said.err).count("SAVVYCAL_MEETINGS_WEBHOOK_SECRETS") == 1
        given[:] = ["broken"]
        assert (await it.post(b"{}"))[0] == 503
        given[:] = [SECRET]
        assert (await it.post(meetings_body("event_1")))[0] == 200
        assert (await it.post(b"{}", product="appointments"))[0] == 404


async def test_unknown_types_and_other_accounts_are_stored_and_not_followed(database_url: str) -> None:
    """A type no document names, a type about nothing mirrored, and another account's object only leave a row."""
    receiver_config = web.ReceiverConfig(lambda: [SECRET], "X", account_id="acct_0123456789ab")
    async with webhook_harness(database_url, receivers={"default": dict.fromkeys(Product, receiver_config)}) as it:
        about = {"object": "appointment", "id": "appt_1"}
        for product, body in (
            ("meetings", meetings_body("x", "payload_1", "ping")),
            ("meetings", meetings_body("x", "payload_2", "poll.response.created")),
            ("appointments", appointments_body({"object": "client", "id": "clnt_1"}, "client.updated", "evt_1")),
            ("appointments", appointments_body(about, "appointment.canceled", "evt_2", account_id="acct_other")),
        ):
            assert (await it.post(body, product))[0] == 200
        rows = await it.deliveries()
        assert {row["state"] for row in rows} == {"ignored"}
        assert [row["type"] for row in rows if not row["is_known_type"]] == ["ping"]
        assert await it.work_queue() == []


async def _bare(it: WebhookHarness, **meeting: Any) -> dict[str, Any]:
    about = {
        "object": "appointment_meeting",
        "id": "amtg_unknown00001",
        "status": "created",
        "host_url": None,
    } | meeting
    assert (await it.post(appointments_body(about, "appointment.meeting.updated"), "appointments"))[0] == 200
    [row] = await it.deliveries()
    return row


async def test_a_bare_meeting_is_mapped_by_its_stored_row(database_url: str) -> None:
    """A meeting whose appointment is stored leads to that appointment."""
    async with webhook_harness(database_url) as it:
        appointment = it.simulator.world.book_appointment(meeting_status="created")
        await it.scan()
        row = await _bare(it, id=appointment["meeting"]["id"])
        assert (row["kind"], row["object_id"], row["state"]) == ("appointment", appointment["id"], "received")


async def test_a_bare_meeting_is_mapped_by_its_host_url(database_url: str) -> None:
    """An unknown meeting is mapped by the appointment in its host_url, of which nothing else is kept."""
    async with webhook_harness(database_url) as it:
        url = "https://book.example.com/p/appointments/appt_0123456789ab/host?token=canary"
        row = await _bare(it, host_url=url)
        assert (row["kind"], row["object_id"], row["state"]) == ("appointment", "appt_0123456789ab", "received")
        assert b"canary" not in row["body"]
        assert b"book.example.com" not in row["body"]


async def test_a_bare_meeting_that_cannot_be_mapped_opens_a_scan(database_url: str) -> None:
    """Else the upcoming window is scanned, which finds the change, and the change counts as announced."""
    async with webhook_harness(database_url) as it:
        await it.scan()
        changed = it.simulator.world.book_appointment(meeting_status="created")
        row = await _bare(it, id=changed["meeting"]["id"])
        assert (row["kind"], row["state"]) == ("meeting", "unmapped")
        [waiting] = await it.rows("select key, priority from savvycal._work where job = 'scan'")
        assert waiting == {"key": "upcoming", "priority": 1}
        await it.scan()
        [found] = await it.rows("select verdict from savvycal.polled_changes where id = $1", changed["id"])
        assert found["verdict"] == "announced"


async def test_a_replaced_meeting_is_linked(database_url: str, redis_url: str) -> None:
    """appointment.meeting.replaced, with a bare meeting of a new id, ends in two rows that point at each other."""
    async with webhook_harness(database_url, redis_url) as it:
        appointment = it.simulator.world.book_appointment(meeting_status="created")
        await it.until(lambda: it.rows("select from savvycal.meetings where id = $1", appointment["meeting"]["id"]))
        it.register("appointments")
        new = it.simulator.world.replace_meeting(appointment["id"])["meeting"]["id"]
        linked = "select from savvycal.meetings where id = $1 and replaced_by = $2 and not is_current"
        await it.until(lambda: it.rows(linked, appointment["meeting"]["id"], new))


async def test_a_webhook_may_come_before_its_object_is_readable(database_url: str) -> None:
    """A 404 for an id that was never stored is asked again, makes no tombstone, and ends in the row, via webhook."""
    async with webhook_harness(database_url) as it:
        assert (await it.post(meetings_body("event_early")))[0] == 200
        await it.work()
        [item], [delivery] = await it.work_queue(), await it.deliveries()
        assert item["missing_since"] is not None
        assert item["due_at"] - item["missing_since"] < timedelta(seconds=10)
        assert delivery["state"] == "received"
        it.simulator.world.put("event", it.simulator.world.book_event() | {"id": "event_early"})
        await it.rows("update savvycal._work set due_at = now() where job = 'object'")
        await it.work()
        [snapshot], [delivery] = await it.rows("select via from savvycal.snapshots"), await it.deliveries()
        assert (snapshot["via"], delivery["state"]) == ("webhook", "applied")


async def test_an_id_that_never_becomes_readable_is_let_go(database_url: str) -> None:
    """After ten minutes of 404 the work queue is empty and no row was made."""
    async with webhook_harness(database_url) as it:
        await it.post(meetings_body("event_never"))
        await it.work()
        await it.rows(
            "update savvycal._work set due_at = now(), missing_since = now() - interval '11 minutes' "
            "where job = 'object'"
        )
        await it.work()
        assert await it.work_queue() == []
        assert (await it.deliveries())[0]["state"] == "applied"
        assert await it.rows("select from savvycal.events") == []


async def test_a_deleted_appointment_is_only_asked_for(database_url: str) -> None:
    """appointment.deleted marks the appointment; the tombstone waits for its two proofs."""
    async with webhook_harness(database_url) as it:
        appointment = it.simulator.world.book_appointment()
        await it.scan()
        it.simulator.world.delete("appointment", appointment["id"])
        await it.post(appointments_body(appointment, "appointment.deleted"), "appointments")
        await it.work()
        [row] = await it.rows("select deleted_at from savvycal.appointments where id = $1", appointment["id"])
        assert row["deleted_at"] is None
        assert [item["key"] for item in await it.work_queue() if item["missing_since"]] == [appointment["id"]]


async def test_replay_requests_the_objects_again(database_url: str) -> None:
    """Stored deliveries can be followed once more, by id or by time."""
    async with webhook_harness(database_url) as it:
        event = it.simulator.world.book_event()["id"]
        await it.post(meetings_body(event))
        await it.work()
        await it.rows("delete from savvycal._work where job = 'object'")
        assert len(await replay(it.context, it.db, "default", "payload_1", None)) == 1
        assert [item["reasons"] for item in await it.work_queue()] == [["webhook"]]
        await it.work()
        assert (await it.deliveries())[0]["state"] == "applied"
        assert len(await replay(it.context, it.db, "default", None, datetime.now(UTC) - timedelta(hours=1))) == 1
        assert await replay(it.context, it.db, "default", "payload_2", None) == []


async def test_old_deliveries_are_forgotten(database_url: str) -> None:
    """The schedule deletes what is past its retention, and nothing else."""
    async with webhook_harness(database_url) as it:
        for number in (1, 2):
            await it.post(meetings_body("event_1", f"payload_{number}"))
        await it.rows(
            "update savvycal.webhook_deliveries set received_at = now() - interval '36 days' where id = 'payload_1'"
        )
        await it.scan()
        assert [row["id"] for row in await it.deliveries()] == ["payload_2"]


async def test_accounts_have_receiver_urls_of_their_own(database_url: str) -> None:
    """A delivery belongs to the account of its path; without one there must be no doubt."""
    receivers = {name: default_receivers([SECRET])["default"] for name in ("north", "south")}
    async with webhook_harness(database_url, receivers=receivers) as it:
        assert (await it.post(meetings_body("event_1"), "meetings/north"))[0] == 200
        assert (await it.post(meetings_body("event_1"), "meetings"))[0] == 404
        assert (await it.post(meetings_body("event_1"), "meetings/east"))[0] == 404
        assert [row["account"] for row in await it.deliveries()] == ["north"]

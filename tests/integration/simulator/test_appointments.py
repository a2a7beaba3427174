"""The Appointments API: pages, sensitive fields, actions, meetings and error bodies."""

import json
import re
from datetime import datetime
from typing import Any

import pytest

from tests.support.simulator_client import NOW, savvycal
from worker.simulator import Options, World

MEETING_KEYS = {
    "id",
    "object",
    "status",
    "conferencing_provider",
    "external_meeting_id",
    "join_url",
    "host_url",
    "password",
    "error_message",
}
STATUSES = {"pending", "created", "failed", "skipped", "update_pending", "cancel_pending", "canceled"}
UPCOMING = json.dumps([{"field": "period", "op": "==", "value": "upcoming"}])
TIMES = {"start_at": "2026-11-25T10:00:00+01:00", "end_at": "2026-11-25T10:45:00+01:00", "time_zone": "Europe/Paris"}


def wish_of(world: World) -> dict[str, Any]:
    """A valid create-appointment request."""
    client = {"first_name": "Ada", "last_name": "Silva", "email": "ada@example.test", "time_zone": "Europe/Paris"}
    return {"service_id": world.catalog.services[0]["id"], "client_data": client, **TIMES}


def test_meetings_have_nine_properties_and_every_status_occurs() -> None:
    """A meeting is the nine documented properties; details and host URL come with `created`."""
    meetings = [
        (one["id"], one["meeting"])
        for one in World(Options(now=NOW, appointments=400)).documents("appointment").values()
        if one["meeting"]
    ]
    shape = r"https://book\.example\.test/p/appointments/{}/host\?token=[\w-]{{43}}"
    assert {meeting["status"] for _, meeting in meetings} == STATUSES
    for appointment_id, meeting in meetings:
        assert meeting.keys() == MEETING_KEYS
        assert re.fullmatch(r"amtg_\w{12}", meeting["id"])
        assert bool(meeting["join_url"]) == (meeting["status"] not in {"pending", "failed", "skipped"})
        assert bool(meeting["error_message"]) == (meeting["status"] == "failed")
        if meeting["host_url"]:
            assert re.fullmatch(shape.format(appointment_id), meeting["host_url"])
    assert {bool(meeting["password"]) for _, meeting in meetings if meeting["host_url"]} == {True, False}
    assert any(meeting["join_url"] and not meeting["host_url"] for _, meeting in meetings)


@pytest.mark.parametrize("offset", [True, False])
def test_zoned_date_times_agree_with_themselves(offset: bool) -> None:
    """`utc`, `unix_ts` and `local` name one instant; `local` carries an offset or not, by the switch."""
    for one in World(Options(now=NOW, local_has_offset=offset)).documents("appointment").values():
        start = one["start_at"]
        assert datetime.fromisoformat(start["utc"]).timestamp() == start["unix_ts"]
        local = datetime.fromisoformat(start["local"])
        assert bool(local.tzinfo) == offset
        assert not offset or local.timestamp() == start["unix_ts"]


async def test_pages_cover_everything_once() -> None:
    """Reading all pages yields every appointment once, with all four integers of `meta`."""
    async with savvycal(appointments=33) as (sim, client):
        pages = [
            await client.appointments("/appointments", params={"page": str(n), "page_size": "10"}) for n in range(1, 5)
        ]
        meta = {"current_page": 4, "page_size": 10, "total_count": 33, "total_pages": 4}
        assert pages[-1].json["meta"] == meta
        assert [len(page.ids) for page in pages] == [10, 10, 10, 3]
        assert {one for page in pages for one in page.ids} == sim.world.documents("appointment").keys()
        assert (await client.appointments("/appointments", params={"page": "9", "page_size": "10"})).ids == []


async def test_offset_pages_shift_when_something_is_deleted() -> None:
    """Deleting a row of an earlier page pulls the next page's first row out of sight."""
    async with savvycal(appointments=10) as (sim, client):
        order = (await client.appointments("/appointments")).ids
        sim.world.delete("appointment", order[0])
        second = await client.appointments("/appointments", params={"page": "2", "page_size": "5"})
        assert second.ids == order[6:]


async def test_order_and_upcoming_filter() -> None:
    """`order_by[]=start_at_utc` sorts either way and the documented filter leaves what is ahead."""
    async with savvycal() as (sim, client):
        params = {"order_by[]": "start_at_utc", "order_directions[]": "desc", "filters": UPCOMING}
        rows = (await client.appointments("/appointments", params=params)).json["data"]
        starts = [row["start_at"]["unix_ts"] for row in rows]
        ahead = [one for one in sim.world.documents("appointment").values() if one["start_at"]["unix_ts"] >= NOW]
        assert starts == sorted(starts, reverse=True)
        assert len(rows) == len(ahead) > 0


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"page": "0"}, "/page"),
        ({"page_size": "x"}, "/page_size"),
        ({"order_by[]": "updated_at"}, "/order_by"),
        ({"order_directions[]": "up"}, "/order_directions"),
        ({"filters": "["}, "/filters"),
        ({"filters": '[{"field":"updated_at","op":">","value":1}]'}, "/filters"),
        ({"include_sensitive": "yes"}, "/include_sensitive"),
    ],
)
async def test_bad_list_parameters(params: dict[str, str], pointer: str) -> None:
    """What the documentation does not allow is 422 with a pointer."""
    async with savvycal() as (_, client):
        answer = await client.appointments("/appointments", params=params)
        assert answer.status == 422
        assert answer.json["errors"][0]["source"] == {"pointer": pointer}


async def test_page_size_is_clamped_or_rejected() -> None:
    """A page size above the assumed maximum is clamped, or rejected by the switch."""
    async with savvycal(page_size_max=5, page_size_default=3) as (_, client):
        assert len((await client.appointments("/appointments")).ids) == 3
        assert (await client.appointments("/appointments", params={"page_size": "50"})).json["meta"]["page_size"] == 5
    async with savvycal(page_size_max=5, page_size_default=3, limit_out_of_range="reject") as (_, client):
        assert (await client.appointments("/appointments", params={"page_size": "50"})).status == 422


async def test_sensitive_keys_are_omitted() -> None:
    """Without include_sensitive the client's name, email and phone are absent, not null."""
    async with savvycal() as (_, client):
        for path in ("/appointments", f"/appointments/{(await client.appointments('/appointments')).ids[0]}"):
            plain, full = [
                (await client.appointments(path, params={"include_sensitive": flag})).json["data"]
                for flag in ("false", "true")
            ]
            hidden, shown = (one[0] if isinstance(one, list) else one for one in (plain, full))
            for name in ("client", "client_data"):
                assert shown[name].keys() - hidden[name].keys() == {"email", "first_name", "last_name", "phone"}


async def test_meeting_property_and_list_embedding_are_switches() -> None:
    """The meeting's property has a chosen name, and lists may leave it out."""
    async with savvycal(meeting_property="conferencing", list_embeds_meeting=False) as (sim, client):
        row = (await client.appointments("/appointments")).json["data"][0]
        one = (await client.appointments(f"/appointments/{row['id']}")).json["data"]
        assert "conferencing" in one
        assert "meeting" not in one
        assert "conferencing" not in row
        assert sim.world.documents("appointment")[row["id"]]["conferencing"] == one["conferencing"]


async def test_appointments_errors() -> None:
    """401 and 404 carry `detail` and a string `status`; account context can be demanded with 400."""
    async with savvycal() as (_, client):
        refused = await client.appointments("/account", token="wrong")
        assert (refused.status, refused.json) == (401, {"errors": [{"detail": "Unauthorized", "status": "401"}]})
        missing = await client.appointments("/appointments/appt_000000000000")
        assert (missing.status, missing.json) == (404, {"errors": [{"detail": "Not Found", "status": "404"}]})
    async with savvycal(require_account_header=True, appointment_404="json_error") as (_, client):
        unscoped = await client.appointments("/account")
        assert unscoped.status == 400
        assert unscoped.json["errors"][0]["detail"].startswith("You must use an account-scoped token")
        account = {"x-savvycal-account": "acct_0123456789ab"}
        assert (await client.appointments("/account", headers=account)).json["data"]["id"] == "acct_0123456789ab"
        other = await client.appointments("/appointments/appt_000000000000", headers=account)
        assert other.json["errors"][0].keys() == {"title", "detail", "source"}


@pytest.mark.parametrize("product", ["meetings", "appointments"])
@pytest.mark.parametrize("retry_after", ["seconds", "absent"])
async def test_rate_limit(product: str, retry_after: str) -> None:
    """Beyond the rate 429 answers, with or without `retry-after`."""
    rates = {"meetings_rate_per_minute": 2, "appointments_rate_per_minute": 2}
    async with savvycal(retry_after=retry_after, **rates) as (_, client):
        ask, path = (client.meetings, "/me") if product == "meetings" else (client.appointments, "/account")
        # A fixed minute may turn between two requests, but not twice.
        answers = [await ask(path) for _ in range(6)]
        limited = next(answer for answer in answers if answer.status == 429)
        assert limited.headers.get("retry-after") == ("30" if retry_after == "seconds" else None)
        assert limited.json["errors"]


def test_create_appointment() -> None:
    """A booking has a meeting not attempted yet, and the client's snapshot."""
    world = World(Options(now=NOW))
    document = world.create_appointment(world.catalog.services[0]["id"], wish_of(world))
    assert (document["status"], document["meeting"]["status"]) == ("scheduled", "pending")
    assert document["client_data"]["email"] == "ada@example.test" == document["client"]["email"]
    assert document["start_at"]["utc"] == "2026-11-25T09:00:00Z"
    assert document == world.document("appointment", document["id"])


def test_cancel_appointment() -> None:
    """Cancel notes an entry and turns a created meeting to cancel_pending."""
    world = World(Options(now=NOW))
    appointment_id = world.book_appointment(meeting_status="created")["id"]
    document = world.cancel_appointment(appointment_id, world.catalog.reason["id"], "Ill", "user")
    [entry] = document["cancellation_events"]
    assert (document["status"], document["meeting"]["status"]) == ("canceled", "cancel_pending")
    assert (entry["initiated_by"], entry["custom_reason_text"]) == ("user", "Ill")
    assert entry["cancellation_reason"]["name"] == "No longer needed"


def test_confirm_appointment() -> None:
    """Confirm sets `confirmed_at` and notes an entry with the times confirmed."""
    world = World(Options(now=NOW))
    document = world.confirm_appointment(world.book_appointment()["id"])
    assert document["confirmed_at"] == "2026-11-21T00:45:00Z"
    assert document["confirmation_events"][0]["start_at"] == document["start_at"]


def test_reschedule_appointment() -> None:
    """Reschedule notes old and new times, and leaves the same meeting update_pending."""
    world = World(Options(now=NOW))
    before = world.book_appointment(meeting_status="created")
    document = world.reschedule_appointment(before["id"], **TIMES)
    entry = document["reschedule_events"][0]
    assert (entry["previous_start_at"], entry["new_start_at"]) == (before["start_at"], document["start_at"])
    assert document["meeting"] == before["meeting"] | {"status": "update_pending"}


def test_reschedule_to_another_host_replaces_the_meeting() -> None:
    """Another provider means a brand-new meeting with a new id, not attempted yet."""
    world = World(Options(now=NOW))
    before = world.book_appointment(meeting_status="created")
    other = next(one["id"] for one in world.catalog.providers if one["id"] != before["provider"]["id"])
    document = world.reschedule_appointment(before["id"], **TIMES, provider_id=other)
    assert document["provider"]["id"] == other
    assert document["meeting"]["id"] != before["meeting"]["id"]
    assert (document["meeting"]["status"], document["meeting"]["host_url"]) == ("pending", None)


@pytest.mark.parametrize("bumps", [True, False])
def test_whether_a_meeting_change_moves_updated_at(bumps: bool) -> None:
    """`updated_at` follows the meeting or does not, by the switch."""
    world = World(Options(now=NOW, updated_at_bumps_on_meeting=bumps, lifecycle=False))
    before = world.book_appointment()
    world.advance(5)
    after = world.set_meeting_status(before["id"], "created")
    assert (after["updated_at"] != before["updated_at"]) == bumps


def test_rotation_changes_the_host_url_alone() -> None:
    """Rotating gives a new token under the same meeting."""
    world = World(Options(now=NOW))
    document = world.book_appointment(meeting_status="created")
    before, after = document["meeting"], world.rotate_host_url(document["id"])["meeting"]
    assert after["host_url"] != before["host_url"]
    assert after | {"host_url": None} == before | {"host_url": None}

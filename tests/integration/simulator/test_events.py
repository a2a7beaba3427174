"""Single events: documents in every generation, booking, cancellation, webhooks' REST and error bodies."""

import json
import re

import pytest

from tests.support.simulator_client import EVERYTHING, NOW, savvycal
from worker.simulator import Options, World

BOOKING = {
    "display_name": "Zoë Novák",
    "email": "zoe@example.test",
    "start_at": "2026-11-25T10:00:00Z",
    "end_at": "2026-11-25T10:30:00Z",
    "time_zone": "Europe/Paris",
}
STATES = {
    "confirmed",
    "canceled",
    "awaiting_reschedule",
    "awaiting_checkout",
    "checkout_expired",
    "awaiting_approval",
    "declined",
    "tentative",
}


def world_of(generation: str) -> World:
    """Three hundred events of one generation."""
    return World(Options(now=NOW, event_generation=generation, events=300))  # type: ignore[arg-type]  # parametrized


def test_newest_documents_have_the_documented_properties() -> None:
    """Every property the newest schema requires is there, ids read real, and legacy ones are absent."""
    for event in world_of("newest").documents("event").values():
        assert re.fullmatch(r"event_[0-9A-HJKMNP-TV-Z]{26}", event["id"])
        assert {"description_settings", "buffer_before", "buffer_after", "maximum_group_size"} <= event.keys()
        assert not {"uuid", "updated_at"} & event.keys()
        for person in event["attendees"]:
            assert "is_scheduler" not in person
            assert isinstance(person["marketing_opt_in"], bool)
            assert person["email"].endswith("@example.test")


def test_legacy_documents_are_the_legacy_subset() -> None:
    """Legacy events lack the newer properties and carry `is_scheduler` and `amount_subtotal`."""
    events = world_of("legacy").documents("event").values()
    for event in events:
        assert not {"location_settings", "description_settings", "buffer_before", "is_group_session"} & event.keys()
        assert [person for person in event["attendees"] if person["is_scheduler"]] == (
            [event["scheduler"]] if event["scheduler"] else []
        )
        assert isinstance(event["location"], str)
    assert all("amount_subtotal" in event["payment"] for event in events if event["payment"])


def test_mixed_worlds_hold_every_generation() -> None:
    """`mixed` shows newest, older (with uuid) and legacy documents side by side."""
    events = world_of("mixed").documents("event").values()
    assert {("uuid" in event, "description_settings" in event) for event in events} == {
        (False, True),
        (True, True),
        (False, False),
    }


def test_seeded_events_are_lifelike() -> None:
    """All states occur, with one to four attendees, about 2.9 kB each, from a year back to 60 days ahead."""
    events = list(World(Options(now=NOW, events=1000)).documents("event").values())
    sizes = [len(json.dumps(event, separators=(",", ":"))) for event in events]
    attendees = [len(event["attendees"]) for event in events]
    assert {event["state"] for event in events} == STATES
    assert set(attendees) == {1, 2, 3, 4}
    assert 2.0 < sum(attendees) / len(events) < 2.3
    assert 2_500 < sum(sizes) / len(events) < 3_300
    assert "2025-11-20" < min(event["start_at"] for event in events) < "2026-01-01"
    assert "2027-01-01" < max(event["start_at"] for event in events) < "2027-01-22"


def test_times_of_a_document_agree() -> None:
    """An event ends its duration after it starts, and was created before now and before its start."""
    for event in world_of("newest").documents("event").values():
        assert event["created_at"] < min("2026-11-21T00:45:00Z", event["start_at"])
        assert event["end_at"] > event["start_at"]
        assert bool(event["rescheduled_at"]) == bool(event["original_start_at"])
        assert bool(event["canceled_at"]) == (event["state"] == "canceled")


def test_same_seed_same_world() -> None:
    """Same seed and start: identical documents; another seed: others."""
    first, same, other = (World(Options(now=NOW, seed=seed)) for seed in (7, 7, 8))
    assert first.documents("event") == same.documents("event")
    assert first.documents("appointment") == same.documents("appointment")
    assert first.documents("event").keys().isdisjoint(other.documents("event"))


async def test_get_and_list_show_the_same_document() -> None:
    """An event reads the same alone and in a list."""
    async with savvycal() as (_, client):
        row = (await client.meetings("/events", params=EVERYTHING)).json["entries"][3]
        assert (await client.meetings(f"/events/{row['id']}")).json == row


async def test_me() -> None:
    """GET /me is the token's user, bare."""
    async with savvycal() as (_, client):
        user = (await client.meetings("/me")).json
        assert user["time_format"] in {"12hr", "24hr"}
        assert user["id"].startswith("user_")


async def test_meetings_errors_have_the_two_documented_shapes() -> None:
    """401 and 404 carry a list of errors, 422 a map from field to messages."""
    async with savvycal() as (_, client):
        unauthenticated = await client.meetings("/me", token="wrong")
        assert (unauthenticated.status, unauthenticated.json) == (401, {"errors": [{"message": "Unauthenticated"}]})
        for path in ("/events/event_nothing", "/nothing"):
            missing = await client.meetings(path)
            assert (missing.status, missing.json) == (404, {"errors": [{"message": "Not found"}]})
        invalid = await client.meetings("/webhooks", "POST", json={"url": "nonsense"})
        assert (invalid.status, invalid.json) == (422, {"errors": {"url": [{"message": "must be a valid URL"}]}})


@pytest.mark.parametrize(
    ("slug", "state"),
    [("intro", "confirmed"), ("interview", "awaiting_approval"), ("consultation", "awaiting_checkout")],
)
async def test_create_event(slug: str, state: str) -> None:
    """A booking becomes what its link makes of it; Zoom is attached later."""
    async with savvycal() as (sim, client):
        link = next(link for link in sim.world.catalog.links if link.slug == slug)
        event = sim.world.create_event(link.id, BOOKING | {"metadata": {"n": 1}})
        assert (event["state"], event["metadata"]) == (state, {"n": 1})
        assert event["conferencing"] == {"type": "zoom", "join_url": None, "meeting_id": None, "instructions": None}
        assert event["scheduler"]["display_name"] == "Zoë Novák"
        assert (await client.meetings(f"/events/{event['id']}")).json == event


async def test_webhook_rest() -> None:
    """Webhooks are created with a secret, listed in the envelope, read, and deleted into state `deleted`."""
    async with savvycal() as (_, client):
        made = await client.meetings("/webhooks", "POST", json={"url": "https://hooks.example.test/in"})
        path = f"/webhooks/{made.json['id']}"
        assert made.status == 201
        assert made.json.keys() == {"id", "url", "state", "version", "secret", "created_at"}
        listed = (await client.meetings("/webhooks")).json
        assert listed == {"entries": [made.json], "metadata": {"before": None, "after": None, "limit": 20}}
        assert (await client.meetings(path)).json == made.json
        deleted = await client.meetings(path, "DELETE")
        assert (deleted.status, deleted.json["state"]) == (200, "deleted")
        assert (await client.meetings(path)).status == 404


async def test_hostile_records_are_served_as_stored() -> None:
    """put_event serves any document and put_raw any bytes, alone and inside a page."""
    async with savvycal(events=0) as (sim, client):
        odd = {"id": "event_odd", "state": ["nonsense"], "start_at": 5, "attendees": "none", "new": {"deep": [1]}}
        sim.world.put_event(odd)
        sim.world.put_raw("event", "event_raw", b'{"id": "event_raw", "n": 1e999}')
        assert (await client.meetings("/events/event_odd")).json == odd
        assert (await client.meetings("/events/event_raw")).text == '{"id": "event_raw", "n": 1e999}'
        page = await client.meetings("/events", params=EVERYTHING)
        assert '{"id": "event_raw", "n": 1e999}' in page.text
        assert page.ids == ["event_odd", "event_raw"]


async def test_unknown_properties_can_appear() -> None:
    """Both APIs may add properties at any time; the switch adds one."""
    async with savvycal(unknown_fields=True, events=3, appointments=3) as (sim, _):
        for kind in ("event", "appointment"):
            assert all("future_field" in one for one in sim.world.documents(kind).values())

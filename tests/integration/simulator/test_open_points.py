"""Each open point of the documentation, turned: what the simulated SavvyCal answers then."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.simulator_client import EVERYTHING, Client, savvycal
from worker.cli import main
from worker.simulator.damage import DAMAGES

FIXED = {name: value for name, value in EVERYTHING.items() if name != "period"} | {"period": "fixed"}


async def pages_of_appointments(client: Client, size: int) -> list[list[str]]:
    """Ids on each page, up to the last that is promised."""
    pages: list[list[str]] = []
    last = 1
    while len(pages) < last:
        answer = await client.appointments("/appointments", params={"page": len(pages) + 1, "page_size": size})
        last = answer.json["meta"]["total_pages"]
        pages.append(answer.ids)
    return pages


@pytest.mark.parametrize("appointments", [0, 1, 4, 5, 6, 9, 40])
async def test_pages_overlap_by_one_record(appointments: int) -> None:
    """In both products; every record is still on some page."""
    async with savvycal(pages_overlap=True, appointments=appointments) as (sim, client):
        pages = await pages_of_appointments(client, 5)
        assert [page[0] for page in pages[1:]] == [page[-1] for page in pages[:-1]]
        assert {one for page in pages for one in page} == set(sim.world.documents("appointment"))
        events = [page.ids for page in await client.iterate_events(**EVERYTHING | {"limit": "7"})]
        assert [page[0] for page in events[1:]] == [page[-1] for page in events[:-1]]
        assert {one for page in events for one in page} == set(sim.world.documents("event"))


@pytest.mark.parametrize("most", [7, 10, 50])
async def test_a_page_without_a_size_is_always_granted(most: int) -> None:
    """However few records a page may have: the default is no size that would be refused."""
    options: dict[str, Any] = {"limit_max": most, "page_size_max": most, "limit_out_of_range": "reject"}
    async with savvycal(**options, page_size_default=50, appointments=40) as (_, client):
        params = {name: value for name, value in EVERYTHING.items() if name != "limit"}
        events = await client.meetings("/events", params=params)
        assert (events.status, len(events.ids)) == (200, min(20, most))
        assert len((await client.appointments("/appointments")).ids) == min(40, most)


async def test_one_more_page_is_promised_at_the_end() -> None:
    """And is empty."""
    async with savvycal(extra_page=True) as (_, client):
        assert [len(page) for page in await pages_of_appointments(client, 20)] == [20, 20, 0]
        pages = await client.iterate_events(**EVERYTHING | {"limit": "30"})
        assert [len(page.ids) for page in pages] == [30, 30, 0]


@pytest.mark.parametrize("status", [400, 422])
async def test_each_third_cursor_has_expired(status: int) -> None:
    """Counted over all lists; the same cursor is good again afterwards."""
    async with savvycal(cursor_refused_every=3, bad_cursor_status=status) as (_, client):
        params = EVERYTHING | {"limit": "5"}
        after = (await client.meetings("/events", params=params)).json["metadata"]["after"]
        found = [(await client.meetings("/events", params=params | {"after": after})).status for _ in range(6)]
    assert found == [200, 200, status, 200, 200, status]


async def test_from_itself_may_be_left_out() -> None:
    """The first day that is listed is then the next one."""
    days = {"from": "2026-11-25", "until": "2026-12-20"}
    async with savvycal(from_inclusive=False, events=300) as (_, client):
        rows = (await client.meetings("/events", params=FIXED | days)).json["entries"]
        assert rows
        assert min(row["start_at"] for row in rows) >= "2026-11-26"


async def test_fixed_periods_may_be_unknown() -> None:
    """Refused, or answered with everything."""
    days = {"from": "2026-11-25", "until": "2026-11-26"}
    async with savvycal(period_fixed="refused") as (_, client):
        assert (await client.meetings("/events", params=FIXED | days)).status == 422
        assert (await client.meetings("/events", params=EVERYTHING)).status == 200
    async with savvycal(period_fixed="ignored") as (_, client):
        assert len((await client.meetings("/events", params=FIXED | days)).ids) == 60


async def test_sensitive_fields_may_not_be_asked_for() -> None:
    """Neither in lists nor by id."""
    async with savvycal(include_sensitive_taken=False) as (sim, client):
        one = next(iter(sim.world.documents("appointment")))
        for path in ("/appointments", f"/appointments/{one}"):
            assert (await client.appointments(path, params={"include_sensitive": "false"})).status == 422
            assert (await client.appointments(path)).status == 200


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, dict),
        ({"list_embeds_meeting": False}, str),
        ({"list_embeds_meeting": False, "list_meeting_null": True}, type(None)),
        ({"list_embeds_meeting": False, "list_meeting_id": True}, str),
    ],
)
async def test_what_a_list_says_of_the_meeting(options: dict[str, Any], shown: type) -> None:
    """All of it, nothing, null, or its id; a single answer always has all of it."""
    async with savvycal(**options) as (sim, client):
        with_meeting = {key for key, one in sim.world.documents("appointment").items() if one["meeting"]}
        rows = (await client.appointments("/appointments", params={"page_size": "100"})).json["data"]
        listed = [row.get("meeting", "absent") for row in rows if row["id"] in with_meeting]
        assert {type(one) for one in listed} == {shown}
        one = (await client.appointments(f"/appointments/{next(iter(with_meeting))}")).json["data"]
        assert isinstance(one["meeting"], dict)


@pytest.mark.parametrize(("word", "said"), [("phone", {"phone"}), ("null", {None}), ("no_object", {"no object"})])
async def test_words_for_no_conferencing(word: str, said: set[str | None]) -> None:
    """A type, a type that is null, or no object at all."""
    async with savvycal(conferencing_none=word) as (sim, _):
        found = [
            (one["conferencing"] or {"type": "no object"})["type"] for one in sim.world.documents("event").values()
        ]
        assert set(found) == said | {"zoom"}


async def test_refusals_may_be_text() -> None:
    """401 and 404, as text/plain."""
    async with savvycal(error_body="text") as (_, client):
        refused = await client.meetings("/me", token="wrong")
        assert (refused.status, refused.text) == (401, "Unauthenticated")
        assert refused.headers["content-type"].startswith("text/plain")
        assert (await client.meetings("/events/event_0")).headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(("name", "status"), [("bom", 200), ("poisoned", 500), ("bomb", 200)])
async def test_a_damage_may_spoil_the_whole_answer(name: str, status: int) -> None:
    """A list that holds such a record, and the record by id; a list that does not is as ever."""
    assert DAMAGES[name].spoil
    for share, spoiled in ((1.0, True), (0.0, False)):
        async with savvycal(damage=((name, share),), events=3) as (sim, client):
            one = next(iter(sim.world.documents("event")))
            for path in ("/events", f"/events/{one}"):
                url = sim.meetings_url + path
                headers = {"authorization": "Bearer pt_secret_simulator", "accept-encoding": "gzip"}
                params = EVERYTHING if path == "/events" else {}
                async with client.session.get(url, headers=headers, params=params) as answer:
                    assert answer.status == (status if spoiled else 200)
                    assert (answer.headers.get("content-encoding") == "gzip") is (spoiled and name == "bomb")
                    body = await answer.read() if name != "bomb" else b""
                    assert body.startswith(b"\xef\xbb\xbf") is (spoiled and name == "bom")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--assume", "lists_embed_meetings=no"), ("did you mean lists_embed_meeting?", "page_size_max")),
        (("--assume", "order_taken=loud"), ("any or brackets or bare or none",)),
        (("--damage", "surogate=1/100"), ("did you mean surrogate?", "broken_utf8")),
        (("--damage", "surrogate=2"), ("between 0 and 1",)),
    ],
)
def test_a_wrong_word_on_the_command_line_ends_with_2(arguments: tuple[str, ...], said: tuple[str, ...]) -> None:
    """With what was probably meant, and all there is."""
    result = CliRunner().invoke(main, ["simulate", *arguments])
    assert result.exit_code == 2
    assert not [part for part in said if part not in result.output]


async def test_the_world_is_the_same_in_each_of_these_worlds() -> None:
    """Switches about answers change no document."""
    worlds = []
    for options in ({}, {"pages_overlap": True, "extra_page": True, "list_embeds_meeting": False}):
        async with savvycal(**options) as (sim, _):
            worlds.append(json.dumps(sim.world.documents("appointment")))
    assert worlds[0] == worlds[1]

"""GET /v1/events: every documented parameter, and keyset pages that shift under change."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.simulator_client import EVERYTHING, NOW, savvycal
from worker.simulator.collection import Collection, Record

NOW_TEXT = "2026-11-21T00:45:00Z"


async def test_defaults_show_only_confirmed_upcoming_attended_events() -> None:
    """Without parameters a list holds confirmed, upcoming events the user attends, 20 at most."""
    async with savvycal(events=400) as (sim, client):
        page = (await client.meetings("/events")).json
        me = sim.world.catalog.me["email"]
        assert page["metadata"]["limit"] == 20 == len(page["entries"])
        for event in page["entries"]:
            assert event["state"] == "confirmed"
            assert event["start_at"] >= NOW_TEXT
            assert me in {person["email"] for person in event["attendees"]}


async def test_an_iteration_over_everything_is_the_world() -> None:
    """Following `after` to its end yields every event exactly once, ordered by start and id."""
    async with savvycal(events=257) as (sim, client):
        rows = [
            row for page in await client.iterate_events(**EVERYTHING | {"limit": "7"}) for row in page.json["entries"]
        ]
        assert [(row["start_at"], row["id"]) for row in rows] == sorted((row["start_at"], row["id"]) for row in rows)
        assert {row["id"]: row for row in rows} == sim.world.documents("event")
        assert len(rows) == 257


async def test_a_descending_iteration_is_the_ascending_one_reversed() -> None:
    """`direction=desc` turns the order around, ties included."""
    async with savvycal() as (_, client):
        up = [one for page in await client.iterate_events(**EVERYTHING | {"limit": "9"}) for one in page.ids]
        down = await client.iterate_events(**EVERYTHING | {"limit": "9", "direction": "desc"})
        assert [one for page in down for one in page.ids] == up[::-1]


@pytest.mark.parametrize("direction", ["asc", "desc"])
async def test_before_leads_back_to_the_first_page(direction: str) -> None:
    """`before` of a later page is the page in front of it, in the same order; the first page has none."""
    async with savvycal() as (_, client):
        params = EVERYTHING | {"limit": "10", "direction": direction}
        first, second, *_ = await client.iterate_events(**params)
        assert first.json["metadata"]["before"] is None
        back = await client.meetings("/events", params=params | {"before": second.json["metadata"]["before"]})
        assert back.ids == first.ids
        assert back.json["metadata"]["before"] is None
        again = await client.meetings("/events", params=params | {"after": back.json["metadata"]["after"]})
        assert again.ids == second.ids


@pytest.mark.parametrize(
    "state", ["confirmed", "canceled", "awaiting_reschedule", "awaiting_approval", "declined", "tentative"]
)
async def test_state_filter(state: str) -> None:
    """`state` keeps exactly the events in that state, of which there are some."""
    async with savvycal() as (sim, client):
        pages = await client.iterate_events(**EVERYTHING | {"state": state})
        listed = {one for page in pages for one in page.ids}
        expected = {one for one, event in sim.world.documents("event").items() if event["state"] == state}
        assert listed == expected != set()


async def test_past_and_upcoming_part_the_list_at_now() -> None:
    """`period` past and upcoming are disjoint, meet at the present and together are everything."""
    async with savvycal() as (sim, client):
        past, ahead = [
            [
                row
                for page in await client.iterate_events(**EVERYTHING | {"period": period})
                for row in page.json["entries"]
            ]
            for period in ("past", "upcoming")
        ]
        assert max(row["start_at"] for row in past) < NOW_TEXT <= min(row["start_at"] for row in ahead)
        assert len(past) + len(ahead) == len(sim.world.documents("event"))


@pytest.mark.parametrize(("inclusive", "last"), [(True, "2026-12-02"), (False, "2026-12-01")])
async def test_fixed_period_is_bounded_by_dates(inclusive: bool, last: str) -> None:
    """`from` and `until` bound the start date, `until` itself inside or not by the switch."""
    async with savvycal(events=0, until_inclusive=inclusive) as (sim, client):
        for day in range(10):
            start = datetime(2026, 11, 28, 23, 45, tzinfo=UTC) + timedelta(days=day)
            sim.world.book_event(start_at=start.strftime("%Y-%m-%dT%H:%M:%SZ"))
        params = EVERYTHING | {"period": "fixed", "from": "2026-11-30", "until": "2026-12-02"}
        days = [row["start_at"][:10] for row in (await client.meetings("/events", params=params)).json["entries"]]
        assert (days[0], days[-1]) == ("2026-11-30", last)
        open_ended = {name: value for name, value in params.items() if name != "until"}
        assert len((await client.meetings("/events", params=open_ended)).ids) == 8


async def test_dates_are_read_in_the_chosen_zone() -> None:
    """The zone in which `from` is a calendar day is a switch."""
    async with savvycal(events=0, from_until_time_zone="Asia/Tokyo") as (sim, client):
        late = sim.world.book_event(start_at="2026-11-29T15:00:00Z")  # midnight of the 30th in Tokyo
        sim.world.book_event(start_at="2026-11-29T14:45:00Z")
        params = EVERYTHING | {"period": "fixed", "from": "2026-11-30"}
        assert (await client.meetings("/events", params=params)).ids == [late["id"]]


async def test_link_filter() -> None:
    """`link` keeps the events booked through that link."""
    async with savvycal() as (sim, client):
        link = sim.world.catalog.links[1].id
        rows = (await client.meetings("/events", params=EVERYTHING | {"link": link})).json["entries"]
        assert {row["link"]["id"] for row in rows} == {link}


async def test_attendance_any_shows_colleagues_events_too() -> None:
    """`attendance=attending` hides events of the account that the user does not attend."""
    async with savvycal() as (_, client):
        everything = {one for page in await client.iterate_events(**EVERYTHING) for one in page.ids}
        own = {
            one for page in await client.iterate_events(**EVERYTHING | {"attendance": "attending"}) for one in page.ids
        }
        assert own < everything


@pytest.mark.parametrize(("limit", "used"), [("0", 1), ("-3", 1), ("100", 100), ("101", 100), ("5000", 100)])
async def test_limit_is_clamped(limit: str, used: int) -> None:
    """An out-of-range limit is clamped to 1..100 by default."""
    async with savvycal(events=120) as (_, client):
        page = (await client.meetings("/events", params=EVERYTHING | {"limit": limit})).json
        assert page["metadata"]["limit"] == used == len(page["entries"])


@pytest.mark.parametrize(("status", "shape"), [(422, dict), (400, list)])
async def test_limit_can_be_rejected(status: int, shape: type) -> None:
    """With the switch, an out-of-range limit is an error in the shape of its status."""
    async with savvycal(limit_out_of_range="reject", limit_reject_status=status) as (_, client):
        answer = await client.meetings("/events", params={"limit": "101"})
        assert (answer.status, type(answer.json["errors"])) == (status, shape)


@pytest.mark.parametrize("name", ["state", "period", "direction", "attendance"])
async def test_unknown_filter_values(name: str) -> None:
    """A value outside the documented ones is 422 with the map shape, or ignored by the switch."""
    async with savvycal() as (_, client):
        answer = await client.meetings("/events", params={name: "nonsense"})
        assert answer.status == 422
        assert answer.json == {"errors": {name: [{"message": "is invalid"}]}}
    async with savvycal(unknown_filter="ignore") as (_, client):
        assert (await client.meetings("/events", params={name: "nonsense"})).status == 200


@pytest.mark.parametrize("cursor", ["", "nonsense", "g3QAAAABZAACaWRiAAAbFA==", "gwAAAAA="])
async def test_bad_cursor(cursor: str) -> None:
    """A cursor that is not ours is refused with the chosen status."""
    async with savvycal(bad_cursor_status=410) as (_, client):
        answer = await client.meetings("/events", params={"after": cursor})
        assert answer.status == 410
        assert answer.json == {"errors": [{"message": "Invalid cursor"}]}


async def test_rows_that_move_across_the_cursor_are_skipped_or_repeated() -> None:
    """Pages are no snapshot: an event moved forward is seen twice, one moved back is not seen at all."""
    async with savvycal(events=0) as (sim, client):
        for hour in range(10, 16):
            sim.world.book_event(id=f"event_{hour}", start_at=f"2026-11-25T{hour}:00:00Z")
        params = EVERYTHING | {"limit": "3"}
        first = await client.meetings("/events", params=params)
        sim.world.reschedule_event("event_10", "2026-11-26T10:00:00Z")
        sim.world.reschedule_event("event_15", "2026-11-24T10:00:00Z")
        second = await client.meetings("/events", params=params | {"after": first.json["metadata"]["after"]})
        assert first.ids == ["event_10", "event_11", "event_12"]
        assert second.ids == ["event_13", "event_14", "event_10"]


async def test_a_cursor_survives_the_removal_of_its_row() -> None:
    """A cursor names a place in the order, not a row."""
    async with savvycal() as (sim, client):
        params = EVERYTHING | {"limit": "5"}
        first, second, *_ = await client.iterate_events(**params)
        sim.world.delete("event", first.ids[-1])
        again = await client.meetings("/events", params=params | {"after": first.json["metadata"]["after"]})
        assert again.ids == second.ids


async def test_events_with_equal_start_are_ordered_by_id() -> None:
    """Ties on start_at break on the id, so that no page boundary can lose one."""
    async with savvycal(events=0) as (sim, client):
        for name in "dbca":
            sim.world.book_event(id=f"event_{name}", start_at="2026-11-25T10:00:00Z")
        pages = await client.iterate_events(**EVERYTHING | {"limit": "1"})
        assert [page.ids[0] for page in pages] == ["event_a", "event_b", "event_c", "event_d"]


async def test_from_without_until_can_be_rejected() -> None:
    """Whether `from` works alone is a switch."""
    async with savvycal(from_without_until="reject") as (_, client):
        answer = await client.meetings("/events", params={"period": "fixed", "from": "2026-11-30"})
        assert answer.status == 422


async def test_from_is_ignored_outside_the_fixed_period() -> None:
    """`from` belongs to `period=fixed` only."""
    async with savvycal() as (_, client):
        params: dict[str, Any] = EVERYTHING | {"from": "2100-01-01"}
        assert len((await client.meetings("/events", params=params)).ids) == 60


@pytest.mark.parametrize("text", ["2026-11", "20261130", "2026-W01-1", "tomorrow", "²"])
async def test_unreadable_dates_and_limits(text: str) -> None:
    """Only `YYYY-MM-DD` is a date, and only a decimal number a limit."""
    async with savvycal() as (_, client):
        for params in ({"period": "fixed", "from": text}, {"limit": text + "x"}, {"limit": "²"}):
            assert (await client.meetings("/events", params=params)).status == 422


@given(
    starts=st.lists(st.integers(0, 9), max_size=25),
    limit=st.integers(1, 7),
    descending=st.booleans(),
    modulus=st.integers(1, 3),
)
def test_any_iteration_sees_every_kept_row_once(starts: list[int], limit: int, descending: bool, modulus: int) -> None:
    """Whatever the starts, filter, limit and direction, an iteration lists what passes once, in order, and back
    again."""
    collection = Collection(lambda record: {"id": record.id}, {"full": lambda document: document}, 100)
    collection.fill([Record(f"e{number:02}", number, start, 0, "confirmed") for number, start in enumerate(starts)])
    kept = [key for key in collection.keys if collection.records[key[1]].number % modulus == 0]
    turn = partial(
        collection.page,
        collection.bounds(None, None),
        lambda record: record.number % modulus == 0,
        descending=descending,
        limit=limit,
    )
    pages = [turn(after=None, before=None)]
    while pages[-1].after:
        pages.append(turn(after=pages[-1].after, before=None))
    back = [turn(after=None, before=pages[-1].before)] if pages[-1].before else []
    while back and back[-1].before:
        back.append(turn(after=None, before=back[-1].before))
    listed = [record.key for page in pages for record in page.records]
    assert listed == (kept[::-1] if descending else kept)
    assert [page.records for page in back[::-1]] == [page.records for page in pages[:-1]]


async def test_twenty_thousand_events_are_served_page_by_page() -> None:
    """A large world starts without building its documents, and a page builds only its own rows."""
    async with savvycal(events=20_000) as (sim, client):
        page = await client.meetings("/events", params=EVERYTHING)
        assert len(page.ids) == 100
        assert len(sim.world.collections["event"].records) == 20_000
        assert sim.world.now == NOW

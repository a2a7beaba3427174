"""What the running mirror finds of the points that `check --live` cannot see, beside its work."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.harness import Harness, running_harness
from worker.core.model import Kind, Product
from worker.core.windows import Bounds
from worker.errors import NotThere, RateLimited, Refused
from worker.simulator import Fault
from worker.sync import learn
from worker.sync.learned import Learned


async def facts_of(harness: Harness) -> dict[str, str]:
    """By name, after everything in memory was stored."""
    for product, endpoint in harness.context.accounts["default"].items():
        await learn.save(harness.db, "default", product, endpoint.learned)
    return {row["fact"]: row["value"] for row in await harness.rows("select fact, value from savvycal.account_facts")}


@pytest.mark.parametrize(("switch", "expected"), [("json", "json"), ("text", "text")])
async def test_bodies_of_errors(mirrored_url: str, switch: Any, expected: str) -> None:
    """Of an answer that is not there."""
    async with running_harness(mirrored_url, appointments=0, events=1, error_body=switch) as harness:
        endpoint = harness.context.accounts["default"][Product.MEETINGS]
        with pytest.raises(NotThere):
            await endpoint.fetch_one("event_unknown")
        rows = await harness.rows("select * from savvycal.account_facts")
        assert not rows  # nothing is written for an error alone
        assert (await facts_of(harness))["error_body:404"] == expected
        assert await harness.value("select source from savvycal.account_facts where fact = 'error_body:404'") == "error"


@pytest.mark.parametrize(("switch", "expected"), [("seconds", "seconds"), ("absent", "absent")])
async def test_retry_after(mirrored_url: str, switch: Any, expected: str) -> None:
    """Of a 429."""
    async with running_harness(mirrored_url, events=1, meetings_rate_per_minute=1, retry_after=switch) as harness:
        endpoint = harness.context.accounts["default"][Product.MEETINGS]
        await endpoint.probe()
        with pytest.raises(RateLimited):
            await endpoint.probe()
        assert (await facts_of(harness))["retry_after"] == expected


@pytest.mark.parametrize(("switch", "expected"), [(True, "moves"), (False, "stays")])
async def test_whether_updated_at_moves_with_the_meeting(mirrored_url: str, switch: bool, expected: str) -> None:
    """A meeting that is made: by lists, and where lists lack meetings, by reads."""
    async with running_harness(mirrored_url, appointments=0, events=0, updated_at_bumps_on_meeting=switch) as harness:
        one = harness.world.book_appointment(meeting_status="pending")["id"]
        await harness.scan(Product.APPOINTMENTS)
        assert "updated_at" not in await facts_of(harness)
        harness.world.advance(90)
        harness.world.set_meeting_status(one, "created")
        await harness.scan(Product.APPOINTMENTS)
        assert (await facts_of(harness))["updated_at"] == expected


async def test_what_follows_failed(mirrored_url: str) -> None:
    """Of an AppointmentMeeting."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        one = harness.world.book_appointment(meeting_status="failed")["id"]
        await harness.scan(Product.APPOINTMENTS)
        harness.world.set_meeting_status(one, "created")
        await harness.reconcile(Kind.APPOINTMENT, one)
        assert (await facts_of(harness))["after_failed"] == "created"


async def test_whether_events_can_vanish(mirrored_url: str) -> None:
    """Known when one is proven to be gone."""
    async with running_harness(mirrored_url, appointments=0, events=3) as harness:
        await harness.scan(Product.MEETINGS)
        one = next(iter(harness.world.documents("event")))
        harness.world.delete("event", one)
        await harness.reconcile(Kind.EVENT, one)
        assert "events_vanish" not in await facts_of(harness)
        await harness.advance_a_minute()
        await harness.work_as_if_due()
        assert (await facts_of(harness))["events_vanish"] == "yes: 404"


@pytest.mark.parametrize(
    ("zone", "hour", "expected"),
    [
        ("UTC", 20, None),
        ("Pacific/Kiritimati", 20, "a zone east of UTC"),
        ("Pacific/Pago_Pago", 4, "a zone west of UTC"),
    ],
)
async def test_days_of_lists(mirrored_url: str, zone: str, hour: int, expected: str | None) -> None:
    """Events near midnight show in which zone days are counted."""
    async with running_harness(mirrored_url, appointments=0, events=0, from_until_time_zone=zone) as harness:
        day = datetime(2026, 6, 10, tzinfo=UTC)
        for offset in (-1, 0, 1, 2, 3):
            harness.world.book_event(start_at=(day + timedelta(days=offset, hours=hour)).isoformat())
        endpoint = harness.context.accounts["default"][Product.MEETINGS]
        await endpoint.fetch_page(Bounds(day.date(), (day + timedelta(days=2)).date()), None)
        assert (await facts_of(harness)).get("days_of_lists") == expected


async def test_how_long_a_cursor_lives(mirrored_url: str) -> None:
    """Told in spans, as far as a process has waited."""
    async with running_harness(mirrored_url, appointments=0, events=30, limit_max=10) as harness:
        endpoint, everything = harness.context.accounts["default"][Product.MEETINGS], Bounds(None, None)

        async def later(seconds: float, fault: Fault | None = None) -> dict[str, str]:
            page = await endpoint.fetch_page(everything, None)
            assert page.cursor
            endpoint.learned.cursors[page.cursor] -= seconds
            harness.world.faults[:] = [fault] if fault else []
            with pytest.raises(Refused) if fault else nullcontext():
                await endpoint.fetch_page(everything, page.cursor)
            harness.world.faults.clear()
            return {name: value for name, value in (await facts_of(harness)).items() if name.startswith("cursor")}

        assert await later(1) == {}
        assert await later(700) == {"cursor_lifetime:worked": "10 minutes"}
        assert await later(70) == {"cursor_lifetime:worked": "10 minutes"}
        refused = Fault(kind="status", match="after=", args={"status": 400})
        assert (await later(4000, refused))["cursor_lifetime:refused"] == "1 hour"


async def test_signs_cost_no_write_once_they_are_known(mirrored_url: str) -> None:
    """A fact that is seen again is no row."""
    async with running_harness(mirrored_url, appointments=3, events=3) as harness:
        await harness.scan()
        await facts_of(harness)
        written = await harness.rows("select fact, xmin::text as row from savvycal.account_facts order by 1")
        for _ in range(5):
            await harness.scan()
        assert await harness.rows("select fact, xmin::text as row from savvycal.account_facts order by 1") == written


async def test_two_processes_find_two_things_of_one_fact(mirrored_url: str) -> None:
    """Neither takes away what the other one saw."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        for word in ("json", "text"):
            other = Learned()
            other.note_words("error_body:404", {word}, "error")
            await learn.save(harness.db, "default", Product.MEETINGS, other)
        assert (await facts_of(harness))["error_body:404"] == "json, text"
        assert other.known["error_body:404"] == "json, text"
        drift = await harness.value("select name from savvycal.drift where what = 'finding that changed'")
        assert drift == "error_body:404: json -> json, text"

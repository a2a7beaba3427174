"""The benchmark's data is what SavvyCal would send: the mirror reads all of it."""

from datetime import timedelta

import pytest

from tests.campaigns.bench import pages
from tests.campaigns.bench.appointments import build_appointment
from tests.campaigns.bench.events import build_event, event_id, starts, today
from tests.campaigns.bench.server import World
from worker.core.hashing import hash_raw_bytes
from worker.savvycal import appointment_requests, appointments, event_requests, events
from worker.savvycal.records import REPAIRED


def test_events_are_of_the_promised_size() -> None:
    """About 2.9 kB with two to three attendees, all distinct, in order of their start."""
    base = today()
    records = [build_event(i, at, base, 0) for i, at in enumerate(starts(1000, base))]
    snapshots = [events.parse_record(record) for record in records]

    assert 2700 < sum(map(len, records)) / 1000 < 3100
    assert {len(one.children["event_attendees"]) for one in snapshots} == {2, 3}
    assert len({one.id for one in snapshots}) == 1000
    assert [one.id for one in snapshots[:2]] == [event_id(0), event_id(1)]
    assert sorted(one.start_at for one in snapshots if one.start_at) == [one.start_at for one in snapshots]
    assert not any(one.unknown_fields for one in snapshots)


@pytest.mark.parametrize("number", [1, 2])
def test_a_revision_is_a_change(number: int) -> None:
    """Another revision differs in its meaning, for odd and even numbers; the same one does not."""
    base = today()
    at = base + timedelta(days=3)

    for build, parse in ((build_event, events.parse_record), (build_appointment, appointments.parse_record)):
        first, again, second = (build(number, at, base, revision) for revision in (0, 0, 1))
        assert hash_raw_bytes(first) == hash_raw_bytes(again)
        assert parse(first).content_hash != parse(second).content_hash


def test_the_server_pages_as_savvycal_does() -> None:
    """Both lists are read to their end by the mirror's own requests, and a change is one record in a hundred."""
    world = World(250, 250, ahead_only=False)
    first = event_requests.parse_page(world.answer("/v1/events?period=all&limit=100") or b"", None)
    last = event_requests.parse_page(
        world.answer("/v1/events?period=all&limit=100&after=cursor_200") or b"", first.cursor
    )
    appointment_page = world.answer("/v1/appointments?page=3&page_size=100") or b""

    assert (len(first.records), first.cursor, len(last.records), last.cursor) == (100, "cursor_100", 50, None)
    assert len(appointment_requests.parse_page(appointment_page, "3").records) == 50
    assert world.change() == 6
    assert world.answer("/v1/events/nothing") is None


def test_the_damaged_page_is_one() -> None:
    """It holds as many records as the other, one of them repaired."""
    whole, damaged = (event_requests.parse_page(pages.page(text), None).records for text in (b"", rb"\ud83d "))
    assert len(whole) == len(damaged) == pages.RECORDS
    assert sum(REPAIRED in events.parse_record(record).unknown_fields for record in damaged) == 1

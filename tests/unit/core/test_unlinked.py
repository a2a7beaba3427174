"""When a conferencing type counts as one without links."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.savvycal.examples import EVENT, raw
from worker.core import findings
from worker.core.findings import JOINABLE, WITHOUT_LINK
from worker.core.model import Snapshot
from worker.core.unlinked import BEHIND, EVENTS, PACE_MIN, PATIENCE, READS, READS_OF_FEW, WATCHED_MAX, Unlinked
from worker.savvycal import events

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)


def waiting(event_id: str, created_at: datetime | None = LONG_AGO, **changes: Any) -> Snapshot:
    """A confirmed event that has no link."""
    phone = {"type": "phone", "join_url": None}
    at = created_at.isoformat() if created_at else None
    document = EVENT | {"id": event_id, "state": "confirmed", "created_at": at, "rescheduled_at": None}
    return events.parse_record(raw(document | {"conferencing": phone} | changes))


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=40))
def test_only_patient_reads_of_several_events_settle_a_type(reads: list[tuple[str, bool]]) -> None:
    """Whatever the order; a read of an event that was booked a moment ago proves nothing."""
    unlinked = Unlinked()
    for event_id, is_old in reads:
        unlinked.saw(waiting(event_id, LONG_AGO if is_old else NOW - PATIENCE / 2), NOW)
    patient = [event_id for event_id, is_old in reads if is_old]
    enough = len(patient) >= READS and len(set(patient)) >= EVENTS
    assert unlinked.has_none is (enough or len(patient) >= READS_OF_FEW or _was_enough(patient))


def _was_enough(patient: list[str]) -> bool:
    """Once it is settled, nothing more is counted."""
    return any(n >= READS and len(set(patient[:n])) >= EVENTS for n in range(len(patient) + 1))


@pytest.mark.parametrize(
    "event",
    [
        waiting("a", NOW - timedelta(minutes=1)),
        waiting("a", rescheduled_at=(NOW - timedelta(minutes=1)).isoformat()),
        waiting("a", state="awaiting_approval"),
        waiting("a", None),
    ],
    ids=["just booked", "just moved", "not confirmed", "no time at all"],
)
def test_what_may_still_get_a_link_counts_for_nothing(event: Snapshot) -> None:
    """However often it is read at once."""
    unlinked = Unlinked()
    for _ in range(READS_OF_FEW):
        unlinked.saw(event, NOW)
    assert not unlinked.reads


def test_an_event_without_a_time_counts_from_its_first_read_on() -> None:
    """Some minutes later."""
    unlinked = Unlinked()
    unlinked.saw(waiting("a", None), NOW)
    unlinked.saw(waiting("a", None), NOW + PATIENCE)
    assert unlinked.reads == {"a": 1}


def test_a_few_are_watched_closely() -> None:
    """The others come later; when one of the few is settled, another one takes its place."""
    unlinked, soon = Unlinked(), NOW + timedelta(seconds=15)
    reconciles = [unlinked.reconcile_at(f"event_{n}", soon, NOW) for n in range(10)]
    assert reconciles == [NOW + PACE_MIN] * WATCHED_MAX + [soon + BEHIND] * (10 - WATCHED_MAX)
    assert unlinked.reconcile_at("event_0", soon, NOW) == NOW + PACE_MIN
    unlinked.release("event_0")
    assert unlinked.reconcile_at("event_9", soon, NOW) == NOW + PACE_MIN


@pytest.mark.parametrize(
    ("type_", "known", "has_link", "has_none", "expected"),
    [
        ("phone", None, False, False, None),
        ("phone", None, False, True, WITHOUT_LINK),
        ("phone", WITHOUT_LINK, True, True, JOINABLE),
        ("phone", JOINABLE, False, True, JOINABLE),
        ("phone", WITHOUT_LINK, False, False, WITHOUT_LINK),
        ("zoom", None, False, True, None),
        ("Zoom", None, False, True, None),
        ("zoom", None, True, False, JOINABLE),
    ],
)
def test_what_is_found_of_a_type(
    type_: str, known: str | None, has_link: bool, has_none: bool, expected: str | None
) -> None:
    """The documented type is never settled, and a link takes any other finding back."""
    assert findings.conferencing_finding(type_, known, has_link, has_none) == expected


@pytest.mark.parametrize("text", ["zoom", "google_meet", "Microsoft Teams", "in-person", "web3", "phone call 2"])
def test_names_of_types(text: str) -> None:
    """They may stand in the table of facts."""
    assert findings.is_conferencing_type(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "none",
        "None",
        "+1 555 0100",
        "Call 5550100",
        "ann@example.test",
        "https://x.test/1",
        "a" * 41,
        "call\nme",
    ],
)
def test_what_a_person_wrote_is_no_type(text: str | None) -> None:
    """A number, an address, a link: nothing is learned of it."""
    assert not findings.is_conferencing_type(text)

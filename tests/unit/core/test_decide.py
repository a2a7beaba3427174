"""Observed against stored: what is written, what is not, and that the history of transitions is a chain."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.unit.core.examples import NOW, OFTEN, meeting, seen, snapshot, written
from worker.core.decide import Change, MeetingWrite, Record, Superseded, Transition, Unchanged, decide
from worker.core.lifecycle import APPOINTMENT, DELETED, EVENT, MEETING, Label
from worker.core.model import Kind, Observation, Stored

MEETING_ID, OTHER_ID = "amtg_000000000001", "amtg_000000000002"


def recorded(observed: Observation, stored: Stored | None = None) -> Record:
    """The decision, which has to be to write."""
    decision = decide(observed, stored)
    assert isinstance(decision, Record)
    return decision


def stored_after(*observations: Observation) -> Stored:
    """What is stored after these were seen one after another."""
    stored: Stored | None = None
    for observed in observations:
        stored = written(recorded(observed, stored), stored)
    assert stored
    return stored


def test_first_sight() -> None:
    """What was never seen becomes version 1, with a first edge for itself and one for its meeting."""
    observed = seen(snapshot("scheduled", meeting(status="created"), occurred_at={"scheduled": NOW}))
    assert decide(observed, None) == Record(
        observation=observed,
        change=Change.CREATED,
        version=1,
        changed_fields=(),
        transition_seq=1,
        transitions=(
            Transition(Kind.APPOINTMENT, "appt_000000000001", 1, None, "scheduled", Label.INITIAL, NOW),
            Transition(Kind.MEETING, MEETING_ID, 1, None, "created", Label.INITIAL, None),
        ),
        meeting=MeetingWrite(meeting(status="created"), 1, True, None),
        retired_meetings=(),
    )


def test_first_sight_without_a_meeting() -> None:
    """An object that carries no meeting writes none."""
    record = recorded(seen(snapshot("scheduled")))
    assert record.meeting is None
    assert [edge.kind for edge in record.transitions] == [Kind.APPOINTMENT]


def test_the_same_again_is_unchanged() -> None:
    """A later read that sees the same writes nothing."""
    what = snapshot("scheduled", meeting())
    assert decide(seen(what, 2), stored_after(seen(what, 1))) == Unchanged()


@pytest.mark.parametrize(
    ("fence", "state", "expected"),
    [
        (4, "canceled", Superseded()),
        (5, "canceled", Superseded()),
        (4, "scheduled", Unchanged()),
        (5, "scheduled", Unchanged()),
    ],
)
def test_an_earlier_read_never_writes(fence: int, state: str, expected: object) -> None:
    """A read with an earlier fence, or the one that has already written, is superseded; but what is equal is unchanged
    whatever its fence: nobody needs to read it again for being late.
    """
    assert decide(seen(snapshot(state), fence), stored_after(seen(snapshot("scheduled"), 5))) == expected


def test_a_changed_state_is_an_edge() -> None:
    """A new state raises the version, names the field and appends one edge with the time the API tells."""
    at = NOW - timedelta(minutes=1)
    stored = stored_after(seen(snapshot("scheduled", occurred_at={"scheduled": NOW}), 1))
    record = recorded(seen(snapshot("canceled", occurred_at={"canceled": at}), 2), stored)
    assert (record.change, record.version, record.transition_seq) == (Change.UPDATED, 2, 2)
    assert record.changed_fields == ("state",)
    assert record.transitions == (
        Transition(Kind.APPOINTMENT, "appt_000000000001", 2, "scheduled", "canceled", Label.DIRECT, at),
    )
    assert record.meeting is None


def test_a_change_without_a_new_state_is_no_edge() -> None:
    """A moved or renamed object is a new version, and the history of transitions stays as it is."""
    record = recorded(seen(snapshot(title="b"), 2), stored_after(seen(snapshot(title="a"), 1)))
    assert (record.version, record.transition_seq, record.transitions) == (2, 1, ())
    assert record.changed_fields == ("title",)


def test_edges_of_an_event_follow_its_own_table() -> None:
    """An event's states and its conferencing have tables of their own."""
    before = snapshot("awaiting_approval", meeting(status="pending"), kind=Kind.EVENT)
    after = snapshot("confirmed", meeting(status="created"), kind=Kind.EVENT)
    record = recorded(seen(after, 2), stored_after(seen(before, 1)))
    assert [(edge.from_status, edge.to_status, edge.label) for edge in record.transitions] == [
        ("awaiting_approval", "confirmed", Label.DIRECT),
        ("pending", "created", Label.DIRECT),
    ]


@pytest.mark.parametrize(
    ("before", "after", "label"),
    [
        ("pending", "created", Label.DIRECT),
        ("created", "canceled", Label.GAP),
        ("canceled", "created", Label.ANOMALOUS),
        ("created", "postponed", Label.ANOMALOUS),
        ("postponed", "created", Label.ANOMALOUS),
    ],
)
def test_a_meeting_moves(before: str, after: str, label: Label) -> None:
    """A meeting's edge is recorded with its label, never refused."""
    stored = stored_after(seen(snapshot(carried=meeting(status=before)), 1))
    record = recorded(seen(snapshot(carried=meeting(status=after)), 2), stored)
    assert record.transitions == (Transition(Kind.MEETING, MEETING_ID, 2, before, after, label, None),)
    assert record.meeting == MeetingWrite(meeting(status=after), 2, False, None)
    assert record.retired_meetings == ()


def test_a_meeting_that_only_learns_its_link_has_no_edge() -> None:
    """New details of a meeting are written without a transition."""
    stored = stored_after(seen(snapshot(carried=meeting(status="created")), 1))
    known = meeting(status="created", join_url="https://zoom.us/j/1")
    record = recorded(seen(snapshot(carried=known), 2), stored)
    assert record.transitions == ()
    assert record.meeting == MeetingWrite(known, 1, False, None)


def test_an_untouched_meeting_is_not_written() -> None:
    """When only its appointment changed, the meeting's row stays as it is."""
    stored = stored_after(seen(snapshot("scheduled", meeting(), title="a"), 1))
    record = recorded(seen(snapshot("scheduled", meeting(), title="b"), 2), stored)
    assert record.meeting is None
    assert record.retired_meetings == ()


def test_a_replaced_meeting_is_a_link_and_no_edge() -> None:
    """A new id beside a current meeting replaces it: it begins its own chain, and the old one is retired."""
    stored = stored_after(seen(snapshot(carried=meeting(MEETING_ID, "update_pending")), 1))
    record = recorded(seen(snapshot(carried=meeting(OTHER_ID, "created")), 2), stored)
    assert record.meeting == MeetingWrite(meeting(OTHER_ID, "created"), 1, True, MEETING_ID)
    assert record.retired_meetings == (MEETING_ID,)
    assert record.transitions == (Transition(Kind.MEETING, OTHER_ID, 1, None, "created", Label.INITIAL, None),)


def test_a_former_meeting_that_returns_goes_on_with_its_chain() -> None:
    """A retired meeting that is seen again is current again, and counts on from where it stood."""
    stored = stored_after(
        seen(snapshot(carried=meeting(MEETING_ID, "created")), 1),
        seen(snapshot(carried=meeting(OTHER_ID, "created")), 2),
    )
    record = recorded(seen(snapshot(carried=meeting(MEETING_ID, "failed")), 3), stored)
    assert record.meeting == MeetingWrite(meeting(MEETING_ID, "failed"), 2, False, OTHER_ID)
    assert record.retired_meetings == (OTHER_ID,)
    assert [(edge.id, edge.seq, edge.from_status) for edge in record.transitions] == [(MEETING_ID, 2, "created")]


def test_a_former_meeting_that_returns_unchanged_is_written() -> None:
    """A retired meeting that comes back in the very same words becomes current again, without an edge."""
    stored = stored_after(seen(snapshot(carried=meeting()), 1), seen(snapshot(carried=None), 2))
    record = recorded(seen(snapshot(carried=meeting()), 3), stored)
    assert record.meeting == MeetingWrite(meeting(), 1, False, None)
    assert record.transitions == ()


def test_a_meeting_that_is_no_longer_carried_is_retired() -> None:
    """An object that lost its meeting retires it, with nothing in its place."""
    record = recorded(seen(snapshot(carried=None), 2), stored_after(seen(snapshot(carried=meeting()), 1)))
    assert (record.meeting, record.retired_meetings) == (None, (MEETING_ID,))


@pytest.mark.parametrize("title", ["a", "b"])
def test_what_was_deleted_and_is_there_again_is_restored(title: str) -> None:
    """A tombstone ends with the next read that finds the object, changed or not."""
    deleted = replace(stored_after(seen(snapshot(title="a"), 1)), deleted=True, fence=2)
    record = recorded(seen(snapshot(title=title), 3), deleted)
    assert (record.change, record.version) == (Change.RESTORED, 2)
    assert record.changed_fields == (() if title == "a" else ("title",))
    (edge,) = record.transitions
    assert (edge.from_status, edge.to_status, edge.label) == ("deleted", "scheduled", Label.ANOMALOUS)


def test_a_late_read_does_not_restore() -> None:
    """A read that began before the object was found gone cannot bring it back."""
    deleted = replace(stored_after(seen(snapshot(), 1)), deleted=True, fence=3)
    assert decide(seen(snapshot(), 2), deleted) == Superseded()


@dataclass(frozen=True)
class Step:
    """One read of a random history: what it finds (None: gone), and how its fence stands to the last one."""

    what: dict[str, Any] | None
    fence_step: int


FOUND = st.fixed_dictionaries(
    {
        "state": st.sampled_from([*APPOINTMENT.phases, "postponed"]),
        "meeting_id": st.sampled_from([None, MEETING_ID, OTHER_ID, "amtg_000000000003"]),
        "status": st.sampled_from([*MEETING.phases, "postponed"]),
        "join_url": st.sampled_from([None, "https://zoom.us/j/1"]),
        "title": st.sampled_from("ab"),
    }
)
HISTORIES = st.lists(
    st.builds(Step, st.none() | FOUND | FOUND | FOUND, st.sampled_from([1, 1, 1, 2, 0, -1])), max_size=12
)


def observation(found: dict[str, Any], fence: int) -> Observation:
    """The observation a step makes."""
    carried = meeting(found["meeting_id"], found["status"], join_url=found["join_url"]) if found["meeting_id"] else None
    return seen(snapshot(found["state"], carried, title=found["title"]), fence)


class Tables:
    """What decisions leave behind when they are applied one after another, checked with each of them."""

    def __init__(self) -> None:
        self.stored: Stored | None = None
        self.transitions: list[Transition] = []
        self.fence = 10

    def take(self, step: Step) -> None:
        """Applies one step."""
        fence = self.fence + step.fence_step
        if step.what is None:
            self._lose(fence)
            return
        observed = observation(step.what, fence)
        decision = decide(observed, self.stored)
        is_equal = (
            self.stored and not self.stored.deleted and self.stored.content_hash == observed.snapshot.content_hash
        )
        if self.stored and fence <= self.stored.fence and not is_equal:
            assert decision == Superseded()
        elif isinstance(decision, Record):
            self._write(decision)
            assert self.stored
            self.fence = fence
            assert decide(observed, self.stored) == Unchanged()
            assert decide(structs.replace(observed, fence=fence + 1), self.stored) == Unchanged()
        else:
            assert decision == Unchanged()
            assert self.stored
            assert self.stored.content_hash == observed.snapshot.content_hash
            assert not self.stored.deleted

    def _lose(self, fence: int) -> None:
        if self.stored and fence > self.stored.fence:
            was, seq = self.stored, self.stored.transition_seq
            if not was.deleted:  # as record_deletion() writes it
                seq += 1
                edge = Transition(Kind.APPOINTMENT, was.id, seq, was.state, DELETED, Label.DIRECT, None)
                self.transitions.append(edge)
            retired = tuple(replace(known, is_current=False) for known in was.meetings)
            version = was.version + (not was.deleted)
            self.stored = replace(was, deleted=True, fence=fence, version=version, transition_seq=seq, meetings=retired)
            self.fence = fence

    def _write(self, record: Record) -> None:
        before = self.stored
        assert record.version == (before.version if before else 0) + 1
        current = [known.id for known in before.meetings if known.is_current] if before else []
        if record.meeting:
            assert record.meeting.replaces in {None, *current} - {record.meeting.content.id}
        assert set(record.retired_meetings) <= set(current)
        self.stored = written(record, before)
        self.transitions += record.transitions


def chains(transitions: Iterable[Transition]) -> dict[tuple[Kind, str], list[Transition]]:
    """The edges of each (kind, id), in the order they were recorded."""
    found: dict[tuple[Kind, str], list[Transition]] = defaultdict(list)
    for edge in transitions:
        found[edge.kind, edge.id].append(edge)
    return found


@OFTEN
@given(steps=HISTORIES)
def test_any_history_leaves_chains_without_gaps(steps: list[Step]) -> None:
    """Whatever is seen, in whichever order: edges count from 1, each begins where the last one ended, labels agree."""
    tables = Tables()
    for step in steps:
        tables.take(step)
    for (kind, _), edges in chains(tables.transitions).items():
        table = MEETING if kind is Kind.MEETING else APPOINTMENT
        assert [edge.seq for edge in edges] == list(range(1, len(edges) + 1))
        assert [edge.from_status for edge in edges] == [None, *(edge.to_status for edge in edges[:-1])]
        assert all(edge.from_status != edge.to_status for edge in edges)
        assert all(edge.label is table.label(edge.from_status, edge.to_status) for edge in edges)


@OFTEN
@given(steps=HISTORIES)
def test_any_history_ends_where_its_chains_end(steps: list[Step]) -> None:
    """The stored state and each meeting's status are the ends of their chains, and at most one meeting is current."""
    tables = Tables()
    for step in steps:
        tables.take(step)
    if tables.stored is None:
        return
    ends = {key: edges[-1] for key, edges in chains(tables.transitions).items()}
    own = ends.pop((Kind.APPOINTMENT, tables.stored.id))
    status = DELETED if tables.stored.deleted else tables.stored.state
    assert (own.to_status, own.seq) == (status, tables.stored.transition_seq)
    assert {(edge.id, edge.to_status, edge.seq) for edge in ends.values()} == {
        (known.id, known.status, known.transition_seq) for known in tables.stored.meetings
    }
    assert sum(known.is_current for known in tables.stored.meetings) <= 1


@OFTEN
@given(last=FOUND, steps=HISTORIES)
def test_the_latest_read_always_wins(last: dict[str, Any], steps: list[Step]) -> None:
    """After any history a read with a later fence is what is stored."""
    tables = Tables()
    for step in steps:
        tables.take(step)
    tables.take(Step(last, 3))
    assert tables.stored
    what = observation(last, 0).snapshot
    assert (tables.stored.state, tables.stored.body, tables.stored.deleted) == (what.state, what.body, False)
    current = [known.content for known in tables.stored.meetings if known.is_current]
    assert current == ([what.meeting] if what.meeting else [])


def test_the_table_of_events_is_used_for_events() -> None:
    """An event that goes from declined to confirmed is anomalous by its own table."""
    before, after = (snapshot(state, kind=Kind.EVENT) for state in ("declined", "confirmed"))
    (edge,) = recorded(seen(after, 2), stored_after(seen(before, 1))).transitions
    assert edge.label is EVENT.label("declined", "confirmed") is Label.ANOMALOUS

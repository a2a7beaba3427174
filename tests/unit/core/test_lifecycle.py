"""The tables of statuses: total over every pair of words, and true to SavvyCal's documentation."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.examples import OFTEN
from worker.core.lifecycle import APPOINTMENT, CONFERENCING, EVENT, MEETING, Label, Lifecycle, Phase

TABLES = pytest.mark.parametrize(
    "table", [MEETING, CONFERENCING, EVENT, APPOINTMENT], ids=["meeting", "conferencing", "event", "appointment"]
)
NOVEL = "postponed"
"""A status that no table knows."""

DOCUMENTED = [
    ("pending", "created"),
    ("pending", "failed"),
    ("pending", "skipped"),
    ("created", "update_pending"),
    ("created", "cancel_pending"),
    ("cancel_pending", "canceled"),
]
"""AppointmentMeeting: the steps that the documentation states; all others are inferred."""


def steps_from(table: Lifecycle, before: str) -> dict[str, int]:
    """How many edges away each status is (at least one: a status may come back to itself)."""
    found: dict[str, int] = {}
    frontier = {before}
    for count in itertools.count(1):
        frontier = {after for status in frontier for after in table.edges.get(status, ())} - found.keys()
        if not frontier:
            return found
        found |= dict.fromkeys(frontier, count)
    raise AssertionError


def words(table: Lifecycle) -> list[str]:
    """Every status of a table, and one it does not know."""
    return [*table.phases, NOVEL]


@TABLES
def test_label_names_every_pair(table: Lifecycle) -> None:
    """An edge of the table is direct, a longer way is a gap, and everything else is anomalous."""
    for before, after in itertools.product(words(table), repeat=2):
        count = steps_from(table, before).get(after)
        expected = {None: Label.ANOMALOUS, 1: Label.DIRECT}.get(count, Label.GAP)
        assert table.label(before, after) is expected, (before, after)


@TABLES
def test_direct_is_exactly_the_edge_table(table: Lifecycle) -> None:
    """The pairs labelled direct are the edges of the table, no more and no fewer."""
    pairs = itertools.product(words(table), repeat=2)
    direct = {(before, after) for before, after in pairs if table.label(before, after) is Label.DIRECT}
    assert direct == {(before, after) for before, following in table.edges.items() for after in following}


@TABLES
@OFTEN
@given(before=st.none() | st.text(max_size=20), after=st.text(max_size=20))
def test_label_is_total(table: Lifecycle, before: str | None, after: str) -> None:
    """Whatever words SavvyCal uses, an edge has a label, and it is `initial` only where nothing was stored."""
    assert (table.label(before, after) is Label.INITIAL) == (before is None)


@TABLES
def test_initial_needs_no_known_status(table: Lifecycle) -> None:
    """What is seen for the first time is `initial`, whichever status it has."""
    assert {table.label(None, word) for word in words(table)} == {Label.INITIAL}


@TABLES
def test_every_status_has_an_edge_list_and_a_phase(table: Lifecycle) -> None:
    """Edges, phases and the statuses in progress name the same words."""
    following = set().union(*table.edges.values())
    assert table.edges.keys() == table.phases.keys()
    assert following | table.in_progress <= table.edges.keys()
    assert Phase.UNKNOWN not in table.phases.values()


@TABLES
def test_a_new_status_has_the_phase_unknown(table: Lifecycle) -> None:
    """A status that the table does not list is kept and shown as unknown."""
    assert table.phase(NOVEL) is Phase.UNKNOWN


@TABLES
def test_canceled_is_final(table: Lifecycle) -> None:
    """Nothing follows a cancellation."""
    assert table.edges["canceled"] == frozenset()
    assert table.phase("canceled") is Phase.CANCELED


@TABLES
def test_no_unsettled_status_is_final(table: Lifecycle) -> None:
    """What SavvyCal is still working on can become something else."""
    assert all(table.edges[status] for status in table.in_progress)


def test_documented_steps_are_direct() -> None:
    """Every step that the documentation states for an AppointmentMeeting is in the table."""
    assert {MEETING.label(before, after) for before, after in DOCUMENTED} == {Label.DIRECT}


@pytest.mark.parametrize(
    ("before", "after", "label"),
    [
        ("pending", "update_pending", Label.GAP),
        ("created", "canceled", Label.GAP),
        ("update_pending", "canceled", Label.GAP),
        ("canceled", "created", Label.ANOMALOUS),
        ("skipped", "created", Label.ANOMALOUS),
        ("created", "pending", Label.ANOMALOUS),
    ],
)
def test_meeting_labels_by_example(before: str, after: str, label: Label) -> None:
    """A step over statuses nobody saw is a gap; one that leads back out of the end is anomalous."""
    assert MEETING.label(before, after) is label


@pytest.mark.parametrize(
    ("table", "phase", "statuses"),
    [
        (EVENT, "pending", "awaiting_approval awaiting_checkout awaiting_reschedule tentative"),
        (EVENT, "created", "confirmed"),
        (EVENT, "canceled", "canceled declined checkout_expired"),
        (APPOINTMENT, "created", "scheduled"),
        (APPOINTMENT, "canceled", "canceled"),
        (MEETING, "pending", "pending"),
        (MEETING, "created", "created update_pending"),
        (MEETING, "failed", "failed"),
        (MEETING, "skipped", "skipped"),
        (MEETING, "canceled", "cancel_pending canceled"),
        (CONFERENCING, "pending", "pending"),
        (CONFERENCING, "created", "created"),
        (CONFERENCING, "skipped", "skipped"),
        (CONFERENCING, "canceled", "canceled"),
    ],
)
def test_phases(table: Lifecycle, phase: str, statuses: str) -> None:
    """A phase gathers exactly these statuses."""
    assert {status for status in table.phases if table.phase(status) == phase} == set(statuses.split())

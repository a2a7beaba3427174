"""The lifecycles: which statuses exist, which edges are known, what each means for the reader.

The tables are advisory: SavvyCal owns the lifecycle, we observe it. An edge that is not in the table is recorded and
labelled, never refused. Sources: SavvyCal Appointments API, AppointmentMeeting status (arrows stated there, or inferred
where marked I); SavvyCal Meetings API, Event state enum and the webhook table that goes with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Phase(StrEnum):
    """What a status means to somebody who waits for a meeting."""

    PENDING = "pending"
    CREATED = "created"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELED = "canceled"
    UNKNOWN = "unknown"
    """A status SavvyCal added after this version was written; kept as text and shown in the view `drift`."""


class Label(StrEnum):
    """What the table says of an observed edge."""

    INITIAL = "initial"
    """Nothing was stored before."""
    DIRECT = "direct"
    """The edge is in the table."""
    GAP = "gap"
    """Reachable only through statuses that nobody saw."""
    ANOMALOUS = "anomalous"
    """Not reachable by the table, or a status the table does not know."""


DELETED = "deleted"
"""Where every lifecycle may end: the object was proven to be absent at SavvyCal. No status of SavvyCal's own."""


@dataclass(frozen=True)
class Lifecycle:
    """One table of statuses. `edges` maps a status to those that may follow it directly."""

    edges: Mapping[str, frozenset[str]]
    phases: Mapping[str, Phase]
    in_progress: frozenset[str]
    """Statuses that SavvyCal itself will change soon: objects in them are read by id until they settle."""

    def phase(self, status: str) -> Phase:
        """The phase of a status; `unknown` for one the table does not list."""
        return self.phases.get(status, Phase.UNKNOWN)

    def label(self, before: str | None, after: str) -> Label:
        """Names the edge `before` -> `after`; `before` is None when nothing was stored."""
        if before is None:
            return Label.INITIAL
        if after == DELETED or after in self.edges.get(before, frozenset()):
            return Label.DIRECT
        return Label.GAP if after in self._reachable.get(before, frozenset()) else Label.ANOMALOUS

    @cached_property
    def _reachable(self) -> Mapping[str, frozenset[str]]:
        return {status: _closure(status, self.edges) for status in self.edges}


def _closure(start: str, edges: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    frontier = set(edges[start])
    while frontier:
        found |= frontier
        frontier = {after for status in frontier for after in edges.get(status, frozenset())} - found
    return frozenset(found)


def _edges(**table: str) -> dict[str, frozenset[str]]:
    return {status: frozenset(after.split()) for status, after in table.items()}


def _phases(**table: str) -> dict[str, Phase]:
    return {status: Phase(phase) for phase, statuses in table.items() for status in statuses.split()}


MEETING = Lifecycle(
    edges=_edges(
        pending="created failed skipped cancel_pending canceled",  # the two cancellations: I
        created="update_pending cancel_pending",
        failed="created",  # I: «most recent attempt» implies further ones
        update_pending="created failed cancel_pending",  # I
        cancel_pending="canceled failed",  # failed: I
        skipped="",
        canceled="",
    ),
    phases=_phases(
        pending="pending",
        created="created update_pending",  # the meeting exists, its new time is on the way
        failed="failed",
        skipped="skipped",
        canceled="cancel_pending canceled",  # nobody should join any more
    ),
    in_progress=frozenset({"pending", "failed", "update_pending", "cancel_pending"}),
)
"""AppointmentMeeting.status."""

CONFERENCING = Lifecycle(
    edges=_edges(
        pending="created canceled skipped",
        created="canceled pending skipped",
        skipped="pending created",
        canceled="",
    ),
    phases=_phases(pending="pending", created="created", skipped="skipped", canceled="canceled"),
    in_progress=frozenset({"pending"}),
)
"""The conferencing of an Event, derived (see `savvycal.events`): it has no provider-side steps of its own."""

EVENT = Lifecycle(
    edges=_edges(
        awaiting_approval="confirmed declined canceled awaiting_checkout",  # the last two: I
        awaiting_checkout="confirmed checkout_expired canceled",  # canceled: I
        awaiting_reschedule="confirmed canceled",  # I
        tentative="confirmed declined canceled",  # I
        confirmed="canceled awaiting_reschedule",  # awaiting_reschedule: I
        declined="",
        canceled="",
        checkout_expired="",
    ),
    phases=_phases(
        pending="awaiting_approval awaiting_checkout awaiting_reschedule tentative",
        created="confirmed",
        canceled="canceled declined checkout_expired",
    ),
    in_progress=frozenset(),  # these wait for people, not for SavvyCal: scanning the windows is enough
)
"""Event.state."""

APPOINTMENT = Lifecycle(
    edges=_edges(scheduled="canceled", canceled=""),
    phases=_phases(created="scheduled", canceled="canceled"),
    in_progress=frozenset(),
)
"""Appointment.status."""

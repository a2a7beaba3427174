"""How the world moves with time: a heap of due moves, each of which makes one step and plans the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from . import appointments, events
from .collection import Record
from .object_store import Kind, UnknownObjectError

if TYPE_CHECKING:
    from .formats import Document
    from .world import World

Move = tuple[float, int, str, str]
"""(due at, sequence, name of the step, object id)."""

CHANGES: tuple[tuple[str, int], ...] = (
    ("reschedule_event", 20),
    ("ask_reschedule", 8),
    ("cancel_event", 14),
    ("edit_event", 14),
    ("reschedule_appointment", 14),
    ("cancel_appointment", 8),
    ("confirm_appointment", 8),
    ("rotate_host_url", 7),
    ("replace_meeting", 7),
)
REASONS = ("Conflict", "Illness", "No longer needed", None)


class Lifecycle:
    """The clockwork of one world; deterministic under its seed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._options = world.options
        self._rng = Random(f"{world.options.seed}:lifecycle")
        self._heap: list[Move] = []
        self._sequence = 0
        self._booked = 0
        self.unmade = 0
        """Moves whose object was gone or had become a document that no lifecycle can read."""
        self._steps: dict[str, Callable[[str], None]] = {
            "book": self._book,
            "change": self._change,
            "settle_event": self._settle_event,
            "attach": self._attach,
            "settle_meeting": self._settle_meeting,
            "vanish": self._vanish,
        }

    def start(self) -> None:
        """Plan the first booking and change, and the settling of everything that starts in progress."""
        self._plan_rate("book", self._options.bookings_per_minute)
        self._plan_rate("change", self._options.changes_per_minute)
        waiting = [(step, record.id) for kind, step in self._first_steps() for record in kind]
        # However large the world, its old business settles at two a second, not all at once.
        spread = max(self._options.settle_seconds[1], len(waiting) / 2)
        for step, object_id in waiting:
            self._plan(step, object_id, self._rng.uniform(0, spread))

    def _first_steps(self) -> list[tuple[list[Record], str]]:
        event_records = self._world.collections["event"].records.values()
        appointment_records = self._world.collections["appointment"].records.values()
        return [
            ([one for one in event_records if one.state in events.UNSETTLED], "settle_event"),
            ([one for one in event_records if one.seeded == "late"], "attach"),
            ([one for one in appointment_records if one.seeded in appointments.UNSETTLED], "settle_meeting"),
        ]

    def run_until(self, end: float) -> int:
        """Make every move due by `end`, the clock standing at each move's own time; returns how many."""
        made = 0
        while self._heap and self._heap[0][0] <= end:
            due_at, _, step, object_id = heapq.heappop(self._heap)
            self._world.now = max(self._world.now, due_at)
            try:
                self._steps[step](object_id)
            except (UnknownObjectError, AttributeError, KeyError, TypeError, ValueError):
                self.unmade += 1
                continue
            made += 1
        return made

    def follow(self, kind: Kind, document: Document) -> None:
        """Plan what an object's present state leads to; called after every change."""
        if not self._options.lifecycle:
            return
        object_id = str(document.get("id"))
        if kind == "appointment":
            meeting = document.get(self._options.meeting_property)
            if isinstance(meeting, dict) and str(meeting.get("status")) in appointments.UNSETTLED:
                self._plan("settle_meeting", object_id)
        elif str(document.get("state")) in events.UNSETTLED:
            self._plan("settle_event", object_id)
        elif document.get("state") == "canceled" and self._rng.random() < self._options.canceled_events_vanish:
            self._plan("vanish", object_id)
        elif document.get("state") == "confirmed" and _lacks_conferencing(document):
            self._plan("attach", object_id)

    def _plan(self, step: str, object_id: str, delay: float | None = None) -> None:
        seconds = self._rng.uniform(*self._options.settle_seconds) if delay is None else delay
        self._sequence += 1
        heapq.heappush(self._heap, (self._world.now + seconds, self._sequence, step, object_id))

    def _plan_rate(self, step: str, per_minute: float) -> None:
        if per_minute > 0:
            self._plan(step, "", self._rng.expovariate(per_minute / 60))

    def _book(self, _: str) -> None:
        self._booked += 1
        if self._booked < self._options.bookings_max:
            self._plan_rate("book", self._options.bookings_per_minute)
        if self._rng.random() < 1 / 3:
            status = self._rng.choices(("pending", "in_person"), (85, 15))[0]
            self._world.book_appointment(meeting_status=status)
            return
        states = ("confirmed", "awaiting_approval", "awaiting_checkout", "tentative")
        self._world.book_event(state=self._rng.choices(states, (64, 16, 14, 6))[0])

    def _change(self, _: str) -> None:
        self._plan_rate("change", self._options.changes_per_minute)
        name = self._rng.choices([name for name, _ in CHANGES], [weight for _, weight in CHANGES])[0]
        kind: Kind = "event" if name.endswith(("event", "ask_reschedule")) else "appointment"
        object_id = self._someone(kind, "confirmed" if kind == "event" else "scheduled")
        if object_id is not None:
            self._disturb(name, object_id)

    def _someone(self, kind: Kind, state: str) -> str | None:
        """An object that is still ahead and in that state, if five draws find one."""
        collection = self._world.collections[kind]
        low, high = collection.bounds(int(self._world.now), None)
        for _ in range(5 if high > low else 0):
            record = collection.records[collection.keys[self._rng.randrange(low, high)][1]]
            if record.state == state and record.raw is None:
                return record.id
        return None

    def _disturb(self, name: str, object_id: str) -> None:
        world, reason = self._world, self._rng.choice(REASONS)
        if name == "ask_reschedule":
            world.set_event_state(object_id, "awaiting_reschedule")
        elif name in {"reschedule_event", "cancel_event"}:
            getattr(world, name)(object_id, reason=reason)
        elif name == "cancel_appointment":
            world.cancel_appointment(object_id, text=reason)
        elif name in {"rotate_host_url", "replace_meeting"}:
            meeting = world.document("appointment", object_id).get(self._options.meeting_property)
            if meeting and meeting["status"] == "created" and (name == "replace_meeting" or meeting["host_url"]):
                getattr(world, name)(object_id)
        else:
            getattr(world, name)(object_id)

    def _settle_event(self, event_id: str) -> None:
        state, world = self._world.record("event", event_id).state, self._world
        if state == "awaiting_approval":
            world.set_event_state(event_id, self._rng.choices(("confirmed", "declined"), (80, 20))[0])
        elif state == "awaiting_checkout":
            world.set_event_state(event_id, self._rng.choices(("confirmed", "checkout_expired"), (75, 25))[0])
        elif state == "awaiting_reschedule":
            world.reschedule_event(event_id, reason=self._rng.choice(REASONS))
        elif state == "tentative":
            world.set_event_state(event_id, "confirmed")

    def _attach(self, event_id: str) -> None:
        document = self._world.document("event", event_id)
        if document["state"] == "confirmed" and _lacks_conferencing(document):
            self._world.attach_conferencing(event_id)

    def _vanish(self, event_id: str) -> None:
        self._world.delete("event", event_id)

    def _settle_meeting(self, appointment_id: str) -> None:
        """One attempt at the provider: it works, or fails and is tried again."""
        document = self._world.document("appointment", appointment_id)
        status = document[self._options.meeting_property]["status"]
        if status == "cancel_pending":
            self._world.set_meeting_status(appointment_id, "canceled")
        elif status in {"pending", "update_pending", "failed"} and document["status"] == "scheduled":
            outcome = self._rng.random()
            if status == "pending" and outcome > 0.95:
                self._world.set_meeting_status(appointment_id, "skipped", conferencing_provider=None)
                return
            worked = outcome >= self._options.meeting_failure
            self._world.set_meeting_status(appointment_id, "created" if worked else "failed")


def _lacks_conferencing(document: Document) -> bool:
    """A Zoom event whose meeting was not attached yet."""
    conferencing = document.get("conferencing")
    return (
        isinstance(conferencing, dict) and conferencing.get("type") == "zoom" and conferencing.get("join_url") is None
    )

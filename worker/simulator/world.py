"""The source of truth the mirror is checked against: every verb, and the clock that moves it."""

from __future__ import annotations

from .appointment_actions import AppointmentActions
from .collection import Record
from .event_actions import EventActions
from .formats import Document
from .lifecycle import Lifecycle
from .object_store import Kind
from .options import Options


class World(EventActions, AppointmentActions):
    """A whole SavvyCal without a socket: synchronous, seeded, and moved by `advance` alone."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.life = Lifecycle(self)
        if options.lifecycle:
            self.life.start()

    def advance(self, seconds: float) -> int:
        """Advance simulated time; returns the number of lifecycle steps taken."""
        end = self.now + seconds
        moves = self.life.run_until(end)
        self.now = max(self.now, end)
        return moves

    def commit(self, kind: Kind, record: Record, document: Document) -> Document:
        """As Store.commit, and what the new state leads to is planned."""
        super().commit(kind, record, document)
        self.life.follow(kind, document)
        return document

    def summary(self) -> Document:
        """Counts of everything, as JSON."""
        states: dict[str, dict[str, int]] = {}
        for kind, collection in self.collections.items():
            states[kind] = {}
            for record in collection.records.values():
                states[kind][record.state] = states[kind].get(record.state, 0) + 1
        return {
            "now": self.now,
            "events": len(self.collections["event"].records),
            "appointments": len(self.collections["appointment"].records),
            "states": states,
            "webhooks": len(self.webhooks),
            "notices": len(self.webhook_events),
            "requests": sum(self.counters.values()),
            "counters": dict(self.counters),
            "faults": len(self.faults),
            "unmade_moves": self.life.unmade,
        }

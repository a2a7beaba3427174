"""The source of truth the mirror is judged against: every verb, and the clock that moves it."""

from __future__ import annotations

from .appointment_acts import AppointmentActs
from .event_acts import EventActs
from .formats import Document
from .lifecycle import Lifecycle
from .options import Options
from .shelf import Record
from .store import Kind


class World(EventActs, AppointmentActs):
    """A whole SavvyCal without a socket: synchronous, seeded, and moved by `advance` alone."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.life = Lifecycle(self)
        if options.lifecycle:
            self.life.start()

    def advance(self, seconds: float) -> int:
        """Let simulated time pass; returns how many lifecycle moves it brought."""
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
        for kind, shelf in self.shelves.items():
            states[kind] = {}
            for record in shelf.records.values():
                states[kind][record.state] = states[kind].get(record.state, 0) + 1
        return {
            "now": self.now,
            "events": len(self.shelves["event"].records),
            "appointments": len(self.shelves["appointment"].records),
            "states": states,
            "webhooks": len(self.webhooks),
            "notices": len(self.notices),
            "requests": sum(self.counters.values()),
            "counters": dict(self.counters),
            "faults": len(self.faults),
            "unmade_moves": self.life.unmade,
        }

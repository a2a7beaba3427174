"""What happens at SavvyCal during a simulation: bookings, moves, disappearances and returns; and the faults in its
answers."""

from collections.abc import Callable
from random import Random
from typing import Any, Literal

from tests.campaigns.simulation import damaged
from tests.campaigns.simulation.checker import mask
from tests.campaigns.simulation.mode import FaultPlan, Mode
from tests.campaigns.simulation.scheduler import Scheduler
from tests.campaigns.simulation.store import Lines
from worker.simulator import World
from worker.simulator.formats import encode

DELETIONS_MAX = 3
"""Of one run: fewer than the delete guard would hold until a person approves them."""

STALE_SECONDS = 120
"""How long after a change SavvyCal may answer with the older copy; a confirmation always gets the newest."""

STALE_SHARE = 0.9
"""Of the reads to which a stale answer would bring a change."""

LIST_FAULTS = (
    "500",
    "429",
    "401",
    "truncated",
    "empty",
    "dropped rows",
    "cut short",
    "cut short",
    "cut short",
    "stale list",
)
RECONCILE_FAULTS = ("500", "429", "401", "404", "404", "truncated")


Kind = Literal["event", "appointment", "link"]
BOOKED: tuple[Kind, ...] = ("event", "appointment")
KINDS: tuple[Kind, ...] = (*BOOKED, "link")
LINK_CHANGES_MAX = 4
"""Links are few; more changes of them would leave the others too little."""


def kind_of(object_id: str) -> Kind:
    """Which kind of object has such an id."""
    return "event" if object_id.startswith("event_") else "link" if object_id.startswith("link_") else "appointment"


class WorldChanges:
    """Changes one world as its seed draws."""

    def __init__(
        self, world: World, lines: Lines, scheduler: Scheduler, random: Random, mode: Mode, fault_plan: FaultPlan
    ) -> None:
        self._world, self._lines, self._scheduler = world, lines, scheduler
        self._random, self._mode, self._fault_plan = random, mode, fault_plan
        self.is_calm = False
        self._deletions = self._link_changes = 0
        self.last: str | None = None
        """What changed last."""
        self._denied: set[str] = set()
        self._deleted: list[tuple[Kind, dict[str, Any]]] = []
        self.poisoned: set[str] = set()
        """Everything that was unreadable for a while."""

    def change(self) -> None:
        """One change, of whatever kind is possible."""
        verbs = [self._book, self._move, self._cancel, self._edit, self._meeting, self._book, self._move, self._vanish]
        verbs += [self._poison, self._heal] if self._mode is not Mode.WEBHOOK else []
        verbs += [self._link] if self._mode not in {Mode.WEBHOOK, Mode.POLL} else []  # only a scan of all sees links
        self._random.choice(verbs)()
        self._scheduler.note("the world changed")

    def _book(self) -> None:
        if self._random.random() < 0.5:
            self._world.book_event(
                state=self._random.choice(("confirmed", "confirmed", "awaiting_approval", "tentative"))
            )
        else:
            self._world.book_appointment(meeting_status=self._random.choice(("pending", "pending", "in_person")))

    def _someone(self, kind: Kind) -> str | None:
        """An object that is still ahead and on; as often as not the one that changed last."""
        collection, state = self._world.collections[kind], "confirmed" if kind == "event" else "scheduled"
        low, high = collection.bounds(int(self._world.now) + 3600, None)
        ids = [object_id for _, object_id in collection.keys[low:high] if collection.records[object_id].state == state]
        if self.last not in ids or self._random.random() < 0.5:
            self.last = self._random.choice(ids) if ids else None
        return self.last

    def _either(self, event: Callable[[str], object], appointment: Callable[[str], object]) -> None:
        kind = self._random.choice(BOOKED)
        found = self._someone(kind)
        if found is not None:
            (event if kind == "event" else appointment)(found)

    def _move(self) -> None:
        self._either(self._world.reschedule_event, self._world.reschedule_appointment)

    def _cancel(self) -> None:
        self._either(self._world.cancel_event, self._world.cancel_appointment)

    def _edit(self) -> None:
        """An edit, or (as often) there and back again: a flip nobody may miss the end of."""
        found = self._someone("event")
        if found is None:
            return
        before = self._world.document("event", found)["summary"]
        self._world.edit_event(found, summary=f"{before}, moved" if not before.endswith(", moved") else before[:-7])

    def edit_one_of(self, event_ids: list[str]) -> str | None:
        """Edits one of these events, if any is still there; which."""
        records = self._world.collections["event"].records
        there = [one for one in event_ids if one in records and not records[one].raw]
        if not there or self._mode is Mode.WEBHOOK:
            return None
        self.last = self._random.choice(there)
        document = self._world.document("event", self.last)
        self._world.put("event", document | {"summary": f"{document['summary']}, again"})
        return self.last

    def _meeting(self) -> None:
        found = self._someone("appointment")
        meeting = self._world.document("appointment", found).get("meeting") if found else None
        if found is None or not meeting or meeting["status"] != "created":
            return
        turn = self._random.random()
        if turn < 0.15:
            self._world.put("appointment", self._world.document("appointment", found) | {"meeting": None})
        elif turn < 0.5:
            self._world.replace_meeting(found)
        elif meeting["host_url"]:
            self._world.rotate_host_url(found)
        else:
            self._world.confirm_appointment(found)

    def _vanish(self) -> None:
        """Deletes an object, or brings a deleted one back."""
        if self._deleted and self._mode is not Mode.WEBHOOK and self._random.random() < 0.5:
            self._world.put(*self._deleted.pop())
            return
        kind: Kind = "appointment" if self._mode is Mode.WEBHOOK else self._random.choice(BOOKED)
        found = self._someone(kind)
        if found is not None and self._deletions < DELETIONS_MAX:
            self._deletions += 1
            self._deleted.append((kind, self._world.document(kind, found)))
            self._world.delete(kind, found)

    def _link(self) -> None:
        """A link is renamed, switched on or off, deleted, or made."""
        ids = sorted(self._world.documents("link"))
        if self._link_changes == LINK_CHANGES_MAX or not ids:
            return
        self._link_changes += 1
        found, turn = self._random.choice(ids), self._random.random()
        document = self._world.document("link", found)
        if turn < 0.2:
            self._world.delete("link", found)
        elif turn < 0.4:
            self._world.put("link", document | {"id": f"link_new{self._link_changes}"})
        elif turn < 0.6:
            self._world.put("link", document | {"state": "active" if document["state"] == "disabled" else "disabled"})
        else:
            self._world.put("link", document | {"name": f"{document['name']}, renamed"})

    def _poison(self) -> None:
        """One object is served in a form that cannot be read, until it is healed or changes."""
        kind = self._random.choice(BOOKED)
        found = self._someone(kind)
        if found is not None:
            self.poisoned.add(found)
            document = self._world.document(kind, found)
            self._world.put_raw(kind, found, encode(document | {"end_at": "whenever"}))

    def _heal(self) -> None:
        self.heal(1)

    def heal(self, count: int | None = None) -> None:
        """So many (None: all) of them become readable again."""
        for object_id in sorted(self.poisoned)[:count]:
            kind = kind_of(object_id)
            record = self._world.collections[kind].records.get(object_id)
            if record is not None and record.raw is not None:
                self._world.put(kind, self._world.document(kind, object_id))

    # -- faults --------------------------------------------------------------------------------------------------------

    async def draw_fault(self, how: str, object_id: str | None) -> str | None:
        """Which fault to inject into this answer, if any."""
        if self.is_calm:
            return None
        shows_change = how == "get" and object_id is not None and await self._would_show_change(object_id)
        if shows_change and self._random.random() < STALE_SHARE:
            return "stale"
        if self._random.random() >= self._fault_plan.upstream_fault_share * (2 if how == "list" else 1):
            return None
        if how == "list":
            return self._random.choice(LIST_FAULTS)
        fault = self._random.choice(RECONCILE_FAULTS)
        if how == "probe" or object_id is None:
            return fault if fault in {"429", "401"} else "500"
        return fault if fault != "404" or self._may_deny(object_id) else None

    def _may_deny(self, object_id: str) -> bool:
        """A false 404 comes once for an object: two would be the proof of its absence."""
        is_first = object_id not in self._denied
        self._denied.add(object_id)
        return is_first

    async def _would_show_change(self, object_id: str) -> bool:
        """Whether a stale answer would differ from what is stored. Only such answers are given, soon after a change:
        one that equals what is stored looks like no change, and only a later scan could repair that.
        """
        record = self._world.collections[kind_of(object_id)].records.get(object_id)
        if record is None or record.previous is None:
            return False
        changed_at = self._world.history(kind_of(object_id), object_id)[-1][0]
        if self._scheduler.now - changed_at >= STALE_SECONDS:
            return False
        stored = await self._lines.stored(object_id)
        return stored is not None and stored != mask(damaged.stored(self._world, record.previous))

"""Everything that can happen to an Event, each with the webhook types that mark it."""

from __future__ import annotations

from typing import Any

from .collection import Record
from .events import QUARTER, attendee, build_event, build_newest, in_generation, plan_event, zoom, zoom_pending
from .formats import DAY, Document, iso, parse_instant
from .object_store import Store

# "Event states and the webhook that goes with each transition"
ARRIVALS = {
    "awaiting_approval": ("event.requested",),
    "confirmed": ("event.created",),
    "declined": ("event.declined",),
    "awaiting_checkout": ("event.checkout.pending",),
    "checkout_expired": ("event.checkout.expired",),
    "canceled": ("event.canceled",),
}


class EventActions(Store):
    """The Events half of the world's verbs; each returns the new document."""

    def book_event(self, **fields: Any) -> Document:
        """A new booking, ahead of now; `fields` replace top-level properties (`state`, `start_at`, `metadata` ...)."""
        record = self._plan_booking(str(fields.get("state", "confirmed")))
        document = build_event(record, self.catalog, self.options, int(self.now)) | _unmoved() | fields
        if "start_at" in fields and "end_at" not in fields:
            start_at = parse_instant(fields["start_at"]) or record.start_at
            document["end_at"] = iso(start_at + 60 * int(document["duration"]))
        record.id = str(document["id"])
        self.commit("event", record, document)
        self._announce(document, *self._arrival(str(document["state"])))
        return document

    def _plan_booking(self, state: str) -> Record:
        record = plan_event(self.rng, self.next_number("event"), int(self.now), self.catalog, self.options)
        if record.start_at <= self.now:
            record.start_at = int(self.now + self.rng.uniform(QUARTER, 30 * DAY)) // QUARTER * QUARTER + QUARTER
        record.created_at, record.state = int(self.now), state
        late = state == "confirmed" and self.rng.random() < self.options.late_conferencing
        record.seeded = "late" if late else ""
        return record

    def create_event(self, link_id: str, wish: Document) -> Document:
        """POST /links/{link_id}/events: the scheduler's booking, whose Zoom meeting is attached later."""
        link = self.catalog.links_by_id[link_id]
        state = "awaiting_approval" if link.approval else "awaiting_checkout" if link.paid else "confirmed"
        record = self._plan_booking(state)
        record.link_id, record.seeded, record.attended = link.id, "late", True
        first, _, last = str(wish["display_name"]).partition(" ")
        person = attendee(self.rng, self.now, email=str(wish["email"]), first_name=first, last_name=last)
        person |= {"time_zone": wish["time_zone"], "phone_number": wish.get("phone_number")}
        person |= {"fields": wish.get("fields") or []}
        record.start_at = parse_instant(wish["start_at"], wish["time_zone"]) or record.start_at
        end_at = parse_instant(wish["end_at"], wish["time_zone"]) or record.start_at
        document = build_newest(record, self.catalog, self.options, int(self.now)) | _unmoved()
        document |= {"summary": f"{link.name}: {person['display_name']}", "metadata": wish.get("metadata") or {}}
        document |= {"end_at": iso(end_at), "duration": (end_at - record.start_at) // 60}
        document |= {"scheduler": person, "attendees": [document["organizer"], person]}
        document = in_generation(document, record.number, self.options)
        self.commit("event", record, document)
        self._announce(document, *self._arrival(state))
        return document

    def set_event_state(self, event_id: str, state: str) -> Document:
        """Move an event to any state, legal or not, with the webhooks that belong to that step."""
        record = self.record("event", event_id)
        before = self.document("event", event_id)
        marks: Document = {"state": state}
        if state == "canceled":
            marks["canceled_at"] = iso(self.now)
        if state == "confirmed":
            marks |= self._confirmation(before)
        document = self.commit("event", record, before | marks)
        self._announce(document, *self._arrival(state, before.get("state")))
        return document

    def _confirmation(self, before: Document) -> Document:
        """What else changes when an event is confirmed: it is paid for, and its Zoom meeting made at once or later."""
        marks: Document = {}
        if before.get("payment"):
            marks["payment"] = before["payment"] | {"state": "paid"}
        if before.get("conferencing") == zoom_pending() and self.rng.random() >= self.options.late_conferencing:
            marks["conferencing"] = zoom(self.rng)
            marks["location"] = marks["conferencing"]["join_url"]
        return marks

    def _arrival(self, state: str, before: str | None = None) -> tuple[str | None, ...]:
        """The webhook types sent when an event arrives in `state`."""
        if state == "awaiting_reschedule":
            return (self.options.awaiting_reschedule_webhook,)
        if state == "tentative":
            return (self.options.tentative_webhook,)
        if state == "confirmed" and before == "awaiting_approval":
            return ("event.approved", "event.created")
        if state == "confirmed" and before == "awaiting_checkout":
            created = "event.created" if self.options.checkout_completed_sends_created else None
            return ("event.checkout.completed", created)
        if state == "confirmed" and before == "awaiting_reschedule":
            return ("event.rescheduled",)
        return ARRIVALS.get(state, ())

    def _announce(self, document: Document, *types: str | None) -> None:
        for webhook_event_type in types:
            self.publish("meetings", webhook_event_type, document)

    def reschedule_event(
        self, event_id: str, start_at: str | None = None, reason: str | None = None, **fields: Any
    ) -> Document:
        """Move an event in time: same id, new start, the former one in `original_*`."""
        before = self.document("event", event_id)
        minutes = before["duration"]
        new_start = parse_instant(start_at) or self._other_time(before)
        document = before | {
            "state": "confirmed",
            "start_at": iso(new_start),
            "end_at": iso(new_start + 60 * minutes),
            "rescheduled_at": iso(self.now),
            "reschedule_reason": reason,
            "original_start_at": before["start_at"],
            "original_end_at": before["end_at"],
        }
        self.commit("event", self.record("event", event_id), document | fields)
        self._announce(document | fields, "event.rescheduled")
        return document | fields

    def _other_time(self, document: Document) -> int:
        """Another quarter hour within two weeks of the old one, still ahead."""
        start_at = parse_instant(document.get("start_at")) or int(self.now)
        moved = start_at + self.rng.choice((-1, 1)) * self.rng.randrange(1, 1344) * QUARTER
        return moved if moved > self.now else max(start_at, int(self.now)) + self.rng.randrange(1, 1344) * QUARTER

    def cancel_event(self, event_id: str, reason: str | None = None) -> Document:
        """Cancel, whoever asks."""
        record = self.record("event", event_id)
        marks = {"state": "canceled", "canceled_at": iso(self.now), "cancel_reason": reason}
        document = self.commit("event", record, self.document("event", event_id) | marks)
        self._announce(document, "event.canceled")
        return document

    def attach_conferencing(self, event_id: str) -> Document:
        """Attach the Zoom meeting that was missing at booking; whether a webhook tells is a switch."""
        before = self.document("event", event_id)
        conferencing = zoom(self.rng)
        marks = {"conferencing": conferencing, "location": conferencing["join_url"]}
        document = self.commit("event", self.record("event", event_id), before | marks)
        self._announce(document, self.options.conferencing_webhook)
        return document

    def detach_conferencing(self, event_id: str) -> Document:
        """Take the conferencing away again, as after a provider was disconnected."""
        document = self.document("event", event_id) | {"conferencing": zoom_pending()}
        return self.commit("event", self.record("event", event_id), document)

    def edit_event(self, event_id: str, **fields: Any) -> Document:
        """Change properties in place, by default `additional_info`."""
        fields = fields or {"additional_info": f"Room {self.rng.randrange(1, 99)}, second floor"}
        document = self.commit("event", self.record("event", event_id), self.document("event", event_id) | fields)
        self._announce(document, "event.changed")
        return document

    def put_event(self, document: Document) -> Document:
        """Store an Event document verbatim, silently."""
        return self.put("event", document)


def _unmoved() -> Document:
    """A new booking was never rescheduled."""
    names = ("rescheduled_at", "reschedule_reason", "original_start_at", "original_end_at")
    return dict.fromkeys(names)

"""What the simulated SavvyCal holds: both collections, their history, sent webhook events and served requests."""

from __future__ import annotations

import copy
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from .appointments import build_appointment, plan_appointment, without_sensitive
from .catalog import ME_EMAIL, Catalog
from .collection import Collection, Record
from .damage import DAMAGES, damage_of
from .envelopes import Product, Webhook, WebhookEvent, webhook_event_id
from .events import build_event, plan_event
from .faults import Fault
from .formats import DAY, Document, parse_instant
from .options import Options

Kind = Literal["event", "appointment", "link"]
Version = tuple[float, Document | None]
"""(simulated unix seconds, document); None marks a deletion."""


class UnknownObjectError(LookupError):
    """No such object: the APIs answer 404."""


@dataclass(slots=True)
class Request:
    """One request served; `status` is None while it is under way."""

    method: str
    path: str
    query: str
    at: float
    """Real unix seconds."""
    status: int | None = None


class Store:
    """The truth, and the only way to change it: `commit`, `put`, `put_raw` and `delete`."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.started_at = int(time.time() if options.now is None else options.now)
        self.now: float = self.started_at
        self.catalog = Catalog(options, self.started_at)
        self.rng = Random(f"{options.seed}:life")
        self.fault_rng = Random(f"{options.seed}:faults")
        self._webhook_event_rng = Random(f"{options.seed}:notices")
        self.collections = {"event": self._event_collection(), "appointment": self._appointment_collection()}
        self.collections["link"] = self._link_collection()
        # The first numbers of each kind are set pieces (every state once), so bookings count from beyond them.
        self._numbers = {"event": max(options.events, 10), "appointment": max(options.appointments, 10)}
        self.webhooks: dict[str, Webhook] = {}
        self.faults: list[Fault] = []
        self.webhook_events: deque[WebhookEvent] = deque(maxlen=options.requests_max)
        self.listeners: list[Callable[[WebhookEvent], None]] = []
        self.requests: deque[Request] = deque(maxlen=options.requests_max)
        self.counters: Counter[str] = Counter()
        self._cursor_count = 0
        for product, url, secret in options.webhooks:
            self.register_webhook(product, url, secret)
        self._history: dict[tuple[str, str], deque[Version]] = {}

    def _event_collection(self) -> Collection:
        options, catalog, now = self.options, self.catalog, self.started_at
        collection = Collection(
            lambda record: build_event(record, catalog, options, now),
            {"full": lambda it: it},
            options.cache_count_max,
            self.damaged,
        )
        rng = Random(f"{options.seed}:events")
        collection.fill([plan_event(rng, number, now, catalog, options) for number in range(options.events)])
        return collection

    def _appointment_collection(self) -> Collection:
        """Views: `full` and `plain` (no sensitive keys), each also as a list may show them."""
        options, catalog, now, meeting = self.options, self.catalog, self.started_at, self.options.meeting_property

        def listed(document: Document) -> Document:
            if options.list_embeds_meeting:
                return document
            if options.list_meeting_null:
                return document | {meeting: None}
            if options.list_meeting_id:
                return document | {meeting: (document.get(meeting) or {}).get("id")}
            return {name: value for name, value in document.items() if name != meeting}

        views: dict[str, Callable[[Document], Document]] = {
            "full": lambda it: it,
            "plain": without_sensitive,
            "list_full": listed,
            "list_plain": lambda it: listed(without_sensitive(it)),
        }
        collection = Collection(
            lambda record: build_appointment(record, catalog, options, now),
            views,
            options.cache_count_max,
            self.damaged,
        )
        rng = Random(f"{options.seed}:appointments")
        collection.fill([plan_appointment(rng, number, now) for number in range(options.appointments)])
        return collection

    def _link_collection(self) -> Collection:
        """The links of the catalog, in the order in which they were made; the last one is disabled."""
        links, born_at = self.catalog.links, self.catalog.born_at

        def build(record: Record) -> Document:
            link = links[record.number]
            return {
                "id": link.id,
                "name": link.name,
                "private_name": None,
                "slug": link.slug,
                "description": f"{link.name} of {link.duration_minutes} minutes.",
                "type": "single" if link.paid else "recurring",
                "state": record.state,
            }

        collection = Collection(build, {"full": lambda it: it}, self.options.cache_count_max, self.damaged)
        states = ["active"] * (len(links) - 1) + ["disabled"]
        collection.fill([Record(link.id, n, born_at, born_at, states[n]) for n, link in enumerate(links)])
        return collection

    def damaged(self, object_id: str, body: bytes) -> bytes:
        """The bytes of an object, or of a webhook about it, with the damage that strikes it."""
        name = damage_of(self.options.seed, object_id, self.options.damage)
        return DAMAGES[name].apply(body) if name else body

    def cursor_expires(self) -> bool:
        """Whether the cursor that has just come back counts as expired; each call is one cursor."""
        self._cursor_count += 1
        every = self.options.cursor_refused_every
        return bool(every) and self._cursor_count % every == 0

    # -- reading -------------------------------------------------------------------------------------------------------

    def record(self, kind: Kind, object_id: str) -> Record:
        """The record of an object, or UnknownObjectError."""
        try:
            return self.collections[kind].records[object_id]
        except KeyError:
            raise UnknownObjectError(f"no {kind} {object_id}") from None

    def document(self, kind: Kind, object_id: str) -> Document:
        """The current document; an appointment with its sensitive fields."""
        return self.collections[kind].document(self.record(kind, object_id))

    def documents(self, kind: Kind) -> dict[str, Document]:
        """Every current document by id, as GET serves it; raw bytes that are no JSON object are left out."""
        collection = self.collections[kind]
        found = ((record.id, _readable(collection, record)) for record in collection.records.values())
        return {object_id: document for object_id, document in found if document is not None}

    def history(self, kind: Kind, object_id: str) -> list[Version]:
        """All kept versions, oldest first; without `keep_history` only the present one."""
        kept = self._history.get((kind, object_id))
        if kept is not None:
            return list(kept)
        return [(float(self.started_at), self.document(kind, object_id))]

    # -- changing ------------------------------------------------------------------------------------------------------

    def commit(self, kind: Kind, record: Record, document: Document) -> Document:
        """Make `document` the object's present: list place, filters, history and served bytes follow."""
        collection = self.collections[kind]
        if record.id in collection.records:
            record.previous = collection.document(record)
        record.document, record.raw = document, None
        record.state = str(document.get("status" if kind == "appointment" else "state"))
        record.attended, record.link_id = _attended(document), _link_id(document)
        collection.place(record, _start_of(document, record.start_at))
        self._keep(kind, record, document)
        return document

    def put(self, kind: Kind, document: Document) -> Document:
        """Store any document verbatim under its `id`; it may be as malformed as a test wants."""
        object_id = str(document["id"])
        record = self.collections[kind].records.get(object_id) or self.blank(object_id)
        return self.commit(kind, record, copy.deepcopy(document))

    def put_raw(self, kind: Kind, object_id: str, body: bytes) -> None:
        """Serve exactly these bytes for an object, alone and inside list pages; an unknown id becomes a new object."""
        collection = self.collections[kind]
        record = collection.records.get(object_id) or self.blank(object_id)
        if object_id not in collection.records:
            record.document = {"id": object_id}
            collection.place(record, record.start_at)
        record.raw = body

    def next_number(self, kind: Kind) -> int:
        """The number of the next booking."""
        self._numbers[kind] += 1
        return self._numbers[kind]

    def blank(self, object_id: str) -> Record:
        """A record for an object from outside: tomorrow, confirmed, attended."""
        return Record(object_id, -1, int(self.now) + DAY, int(self.now), "confirmed")

    def delete(self, kind: Kind, object_id: str) -> None:
        """Remove an object: it leaves every list and answers 404; only appointments have a webhook for it."""
        record = self.record(kind, object_id)
        document = self.collections[kind].document(record)
        record.previous = document
        self.collections[kind].remove(record)
        self._keep(kind, record, None)
        if kind == "appointment":
            self.publish("appointments", "appointment.deleted", document)

    def _keep(self, kind: Kind, record: Record, document: Document | None) -> None:
        if not self.options.keep_history:
            return
        versions = self._history.setdefault((kind, record.id), deque(maxlen=self.options.history_max))
        if not versions and record.previous is not None:
            versions.append((float(self.started_at), record.previous))
        versions.append((self.now, document))

    def publish(self, product: Product, webhook_event_type: str | None, payload: Document) -> None:
        """Tell every listener; None is a change that no webhook marks."""
        if webhook_event_type is None:
            return
        webhook_event = WebhookEvent(
            product, webhook_event_type, payload, self.now, webhook_event_id(self._webhook_event_rng, product, self.now)
        )
        self.webhook_events.append(webhook_event)
        for listener in self.listeners:
            listener(webhook_event)

    def register_webhook(self, product: Product, url: str, secret: str | None = None) -> Webhook:
        """Add a receiver; the Appointments API has no endpoint for it, only its dashboard."""
        rng = self._webhook_event_rng
        webhook = Webhook(
            f"wh_{webhook_event_id(rng, product, self.now).partition('_')[2]}",
            product,
            url,
            secret or f"whsec_{rng.getrandbits(128):032x}",
            int(self.now),
        )
        self.webhooks[webhook.id] = webhook
        return webhook


def _readable(collection: Collection, record: Record) -> Document | None:
    if record.raw is None:
        return collection.document(record)
    try:
        document = json.loads(record.raw)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _start_of(document: Document, default: int) -> int:
    """Where a document stands in lists: its start, if it has a readable one."""
    start: Any = document.get("start_at")
    start = start.get("utc") if isinstance(start, dict) else start
    found = parse_instant(start)
    return default if found is None else found


def _attended(document: Document) -> bool:
    """Whether the token's user is among the attendees."""
    people = document.get("attendees")
    if not isinstance(people, list):
        return True
    return any(isinstance(person, dict) and person.get("email") == ME_EMAIL for person in people)


def _link_id(document: Document) -> str | None:
    link = document.get("link")
    return str(link.get("id")) if isinstance(link, dict) else None

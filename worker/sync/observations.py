"""Notes what answers, changes and webhooks show about an account beside their content. Nothing depends on it."""

import time
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from worker.core import json_text, observations
from worker.core.decide import Record
from worker.core.facts import Fact
from worker.core.model import Kind, Product
from worker.core.windows import Bounds
from worker.savvycal.webhooks import Envelope
from worker.sync.learned import Learned

CURSORS_MAX, DELIVERIES_MAX = 256, 1000
"""How many cursors and deliveries a process remembers."""

ERRORS = frozenset({400, 401, 403, 404, 410, 422, 429})
"""Statuses whose bodies come from SavvyCal; those of other statuses may come from a proxy in between."""


def saw_error(learned: Learned, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Notes an error response."""
    named = {name.lower(): value for name, value in headers.items()}
    if status in ERRORS:
        kind = observations.body_kind(named.get("content-type", ""), body)
        learned.note_words(f"{Fact.ERROR_BODY}:{status}", {kind}, "error")
    if status == 429:
        learned.note_words(Fact.RETRY_AFTER, {observations.retry_after_kind(named.get("retry-after"))}, "error")


def gave_cursor(learned: Learned, cursor: str | None) -> None:
    """Notes that SavvyCal returned a cursor."""
    if cursor is not None:
        learned.cursors[cursor] = time.monotonic()
        _forget_oldest(learned.cursors, CURSORS_MAX)


def took_cursor(learned: Learned, cursor: str, is_taken: bool) -> None:
    """Notes that a cursor was sent back, and whether SavvyCal accepted it."""
    given_at = learned.cursors.get(cursor)
    if given_at is None:
        return
    word = observations.age_word(timedelta(seconds=time.monotonic() - given_at))
    if is_taken:
        name = f"{Fact.CURSOR_LIFETIME}:worked"
        learned.note(name, observations.longer(learned.known.get(name), word), "list")
    else:
        learned.note_words(f"{Fact.CURSOR_LIFETIME}:refused", {word or "less than 1 minute"}, "error")


def saw_dates(learned: Learned, asked: Bounds, starts: Iterable[datetime | None]) -> None:
    """Notes on which days the events of a list start."""
    if learned.form.period == "fixed":
        words = observations.dates_words(asked, [start for start in starts if start is not None])
        learned.note_words(Fact.DATES, words, "list")


def saw_changes(learned: Learned, records: Collection[Record], is_single: bool) -> None:
    """Notes what changes show, before they are written."""
    source = "get" if is_single else "list"
    for record in records:
        moved = observations.updated_at_word(record, learned.meeting_property)
        if moved and (moved == "moves" or learned.known.get(Fact.LISTS_EMBED_MEETING) == "yes"):
            learned.note_words(Fact.UPDATED_AT, {moved}, source)  # else a list may have brought `updated_at` before
        learned.note_words(Fact.AFTER_FAILED, observations.after_failed(record), source)
        if observations.is_late_link(record) and record.observation.via == "webhook":
            learned.note_words(Fact.LATE_CONFERENCING, {"announced"}, "webhook")


def saw_vanish(learned: Learned, kind: Kind, status: int | None) -> None:
    """Notes that an event was deleted. For appointments this is documented."""
    if kind is Kind.EVENT:
        learned.note_words(Fact.EVENTS_VANISH, {f"yes: {status}"}, "get")


def saw_delivery(learned: Learned, product: Product, envelope: Envelope, webhook_id: str | None) -> None:
    """Notes a webhook with a valid signature, even one that cannot be stored: SavvyCal sends that one again."""
    document = json_text.decode(envelope.body)
    if not isinstance(document, dict) or "unreadable" in document:
        return
    key = observations.delivery_key(document, webhook_id)
    if before := learned.deliveries.get(key):
        word = "the same" if before == envelope.id else "another"
        learned.note_words(Fact.WEBHOOK_ID, {word}, "webhook")
    learned.deliveries[key] = envelope.id
    _forget_oldest(learned.deliveries, DELIVERIES_MAX)
    if product is Product.MEETINGS:
        if state := observations.told_state(document):
            learned.note_words(f"{Fact.WEBHOOK_TYPES}:{state}", {envelope.type}, "webhook")
        return
    sensitive = observations.sensitive_word(document)
    learned.note_words(Fact.WEBHOOK_SENSITIVE, {sensitive} if sensitive else (), "webhook")
    if envelope.type.startswith(observations.MEETING_WEBHOOKS):
        word = str(envelope.hint.kind) if envelope.hint.kind else "something else"
        learned.note_words(Fact.MEETING_WEBHOOK, {word}, "webhook")
        learned.note_words(f"{Fact.WEBHOOK_TYPES}:meeting", {envelope.type}, "webhook")


def _forget_oldest(memory: dict[bytes, str] | dict[str, float], most: int) -> None:
    while len(memory) > most:
        del memory[next(iter(memory))]  # type: ignore[arg-type]  # the key comes from the same dict

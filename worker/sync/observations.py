"""What answers, changes and webhooks show of an account beside their content, taken in. Nothing waits for it."""

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
"""Remembered in a process."""

ERRORS = frozenset({400, 401, 403, 404, 410, 422, 429})
"""Statuses whose bodies are SavvyCal's own; those of others may come from whatever stands in between."""


def saw_error(learned: Learned, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """An answer that is an error."""
    named = {name.lower(): value for name, value in headers.items()}
    if status in ERRORS:
        kind = observations.body_kind(named.get("content-type", ""), body)
        learned.note_words(f"{Fact.ERROR_BODY}:{status}", {kind}, "error")
    if status == 429:
        learned.note_words(Fact.RETRY_AFTER, {observations.retry_after_kind(named.get("retry-after"))}, "error")


def gave_cursor(learned: Learned, cursor: str | None) -> None:
    """SavvyCal handed out a cursor."""
    if cursor is not None:
        learned.cursors[cursor] = time.monotonic()
        _forget_oldest(learned.cursors, CURSORS_MAX)


def took_cursor(learned: Learned, cursor: str, is_taken: bool) -> None:
    """A cursor was sent back, and taken or refused."""
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
    """Events of a list of days."""
    if learned.form.period == "fixed":
        words = observations.dates_words(asked, [start for start in starts if start is not None])
        learned.note_words(Fact.DATES, words, "list")


def saw_changes(learned: Learned, records: Collection[Record], is_single: bool) -> None:
    """Objects that are about to be written."""
    source = "get" if is_single else "list"
    for record in records:
        moved = observations.updated_at_word(record, learned.meeting_property)
        if moved and (moved == "moves" or learned.known.get(Fact.LISTS_EMBED_MEETING) == "yes"):
            learned.note_words(Fact.UPDATED_AT, {moved}, source)  # else a list had brought the new `updated_at` before
        learned.note_words(Fact.AFTER_FAILED, observations.after_failed(record), source)
        if observations.is_late_link(record) and record.observation.via == "webhook":
            learned.note_words(Fact.LATE_CONFERENCING, {"announced"}, "webhook")


def saw_vanish(learned: Learned, kind: Kind, status: int | None) -> None:
    """An object is gone for good. That an appointment may go is documented."""
    if kind is Kind.EVENT:
        learned.note_words(Fact.EVENTS_VANISH, {f"yes: {status}"}, "get")


def saw_delivery(learned: Learned, product: Product, envelope: Envelope, webhook_id: str | None) -> None:
    """A webhook with a good signature, whether it can be stored or not: what cannot is sent once more."""
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
        del memory[next(iter(memory))]  # type: ignore[arg-type]  # a key of its own

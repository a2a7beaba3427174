"""What single answers, changes and webhooks show of an account besides their content. Pure.

Nothing depends on it but what people read in `account_facts`. Each observation adds one keyword to a fact; a fact keeps
all of its keywords, so that one which is seen in two ways names both and never changes back and forth.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from worker.core.decide import Record
from worker.core.hashing import canonical
from worker.core.kinds import KINDS, Conferencing
from worker.core.model import Kind
from worker.core.windows import FAR, Bounds

WORDS_MAX = 16
"""Of one fact; what goes on beyond that is no list of words."""

_WORD = re.compile(r"[A-Za-z0-9_.:` -]{1,60}")

AGES = (
    (timedelta(days=1), "1 day"),
    (timedelta(hours=1), "1 hour"),
    (timedelta(minutes=10), "10 minutes"),
    (timedelta(minutes=1), "1 minute"),
)
STATES_WITHOUT_WEBHOOK = frozenset({"awaiting_reschedule", "tentative"})
"""Of events; no documentation says which webhook tells of them."""

MEETING_WEBHOOKS = "appointment.meeting."


def joined(known: str | None, words: Iterable[str]) -> str:
    """Words of a fact with further ones, sorted."""
    found = set((known or "").split(", ")) - {""}
    more = sorted({word for word in words if _WORD.fullmatch(word)} - found)[: max(0, WORDS_MAX - len(found))]
    return ", ".join(sorted({*found, *more}))


def body_kind(content_type: str, body: bytes) -> str:
    """What the body of an error is: json, text, html, empty or other."""
    if not body.strip():
        return "empty"
    kind = content_type.partition(";")[0].strip().lower()
    if kind.endswith("json"):
        return "json" if _is_json(body) else "other"
    return {"text/plain": "text", "text/html": "html"}.get(kind, "other")


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return False
    return True


def retry_after_kind(text: str | None) -> str:
    """How a 429 says when to come back: seconds, date or absent."""
    if text is None or not text.strip():
        return "absent"
    return "seconds" if text.strip().isdigit() else "date"


def age_word(age: timedelta) -> str | None:
    """The longest of some time spans that has passed, None for less than a minute."""
    return next((word for span, word in AGES if age >= span), None)


def longer(known: str | None, word: str | None) -> str | None:
    """The longer of two such words."""
    order = [each for _, each in reversed(AGES)]
    found = [each for each in (known, word) if each in order]
    return max(found, key=order.index, default=None)


def updated_at_word(record: Record, meeting_property: str) -> str | None:
    """Whether a change of nothing but the meeting moved the appointment's `updated_at`: moves, stays, or None when the
    record shows no such change.
    """
    changed = set(record.changed_fields)
    rest = {name for name in changed if name.partition(".")[0] != meeting_property}
    edges = [edge for edge in record.transitions if edge.kind is Kind.MEETING and edge.from_status]
    if _conferencing(record) is not Conferencing.EMBEDDED or not edges or rest - {"updated_at"}:
        return None
    return "moves" if rest else "stays"


def _conferencing(record: Record) -> Conferencing:
    return KINDS[record.observation.snapshot.kind].conferencing


def after_failed(record: Record) -> set[str]:
    """Statuses that followed `failed` in an AppointmentMeeting."""
    if _conferencing(record) is not Conferencing.EMBEDDED:
        return set()
    return {edge.to_status for edge in record.transitions if edge.kind is Kind.MEETING and edge.from_status == "failed"}


CONFERENCING_FIELDS = frozenset({"conferencing", "location", "location_settings"})


def is_late_link(record: Record) -> bool:
    """Whether an event got its link late, and changed in nothing else."""
    changed = {name.partition(".")[0] for name in record.changed_fields}
    edges = {(edge.from_status, edge.to_status) for edge in record.transitions}
    is_derived = _conferencing(record) is Conferencing.DERIVED
    return is_derived and edges == {("pending", "created")} and changed <= CONFERENCING_FIELDS


def dates_words(asked: Bounds, starts: Collection[datetime]) -> set[str]:
    """What a list reveals about the time zone of `from` and `until`: an event one UTC day outside the requested days is
    inside them in a zone east or west of UTC. An event further outside shows that the range was not followed.
    """
    if asked.start is None:
        return set()
    last = asked.until if asked.until not in {None, FAR} else None
    return {word for start in starts if (word := _date_word(asked.start, last or date.max, start.date()))}


def _date_word(first: date, last: date, day: date) -> str | None:
    if first <= day <= last:
        return None
    if first - day == timedelta(days=1):
        return "a zone east of UTC"
    return "a zone west of UTC" if day - last == timedelta(days=1) else "the range is not followed"


def delivery_key(document: Mapping[str, Any], webhook_id: str | None) -> bytes:
    """Stands for a delivery without its id: equal for all attempts at one."""
    rest = canonical({name: value for name, value in document.items() if name != "id"})
    return hashlib.sha256(rest + (webhook_id or "").encode()).digest()[:16]


def sensitive_word(document: Mapping[str, Any]) -> str | None:
    """Whether an appointment in a webhook carries contact data of its client: carried or omitted, None without one."""
    about = _object(_object(document.get("data")).get("object"))
    people = [_object(about.get(name)) for name in ("client", "client_data")]
    if about.get("object") != "appointment" or not any(people):
        return None
    return "carried" if any({"email", "first_name", "last_name"} & person.keys() for person in people) else "omitted"


def told_state(document: Mapping[str, Any]) -> str | None:
    """The state of an event in a webhook, where it is one of those that no documented webhook tells of."""
    state = _object(document.get("payload")).get("state")
    return state if isinstance(state, str) and state in STATES_WITHOUT_WEBHOOK else None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

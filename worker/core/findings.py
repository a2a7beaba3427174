"""How an account shows what SavvyCal's documentation leaves open: the finding of each fact from what was seen. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from worker.core import observations
from worker.core.facts import Fact

NO_CONFERENCING = frozenset({"", "none"})
"""Words for «no conferencing» that need no proof."""

DOCUMENTED_CONFERENCING = frozenset({"zoom"})
"""Attached late, as the documentation says: never taken for «no conferencing»."""

_TYPE = re.compile(r"[A-Za-z]{1,20}(?:[ _.-]?[A-Za-z0-9]{1,20}){0,4}")


def is_conferencing_type(text: str | None) -> bool:
    """Whether a text names a type of which something may be found out, and is nothing that a person wrote: it will
    stand in facts and in the log.
    """
    if text is None or text.lower() in NO_CONFERENCING:
        return False
    return len(text) <= 40 and sum(map(str.isdigit, text)) <= 2 and bool(_TYPE.fullmatch(text))


JOINABLE, WITHOUT_LINK = "joinable", "without a link"


def conferencing_finding(type_: str, known: str | None, has_link: bool, has_none: bool) -> str | None:
    """What is known of a conferencing type after one more event of that type; None while it is undecided. `has_none`:
    enough events waited for a link in vain.

    The first join_url takes back any other finding.
    """
    if has_link:
        return JOINABLE
    if known is not None or type_.lower() in DOCUMENTED_CONFERENCING:
        return known
    return WITHOUT_LINK if has_none else None


def embedding_finding(known: str | None, list_shows: bool, single_shows_what_list_lacks: bool) -> str | None:
    """Whether lists embed the meeting: one list record with a meeting proves it, and a single answer with a meeting
    that its list record lacks proves the opposite, as long as no list ever showed one.
    """
    if list_shows:
        return "yes"
    return "no" if single_shows_what_list_lacks and known is None else known


def order_finding(starts: Sequence[datetime | None], descending: bool) -> str | None:
    """Whether a page is sorted as asked; None when it shows nothing: fewer than three different starts, or one that
    cannot be read.
    """
    known = [start for start in starts if start is not None]
    if len(known) < len(starts) or len(set(known)) < 3:
        return None
    if known == sorted(known, reverse=descending):
        return "as asked"
    return "the other way round" if known == sorted(known, reverse=not descending) else "unsorted"


WORDS = frozenset(
    {
        *(Fact.ERROR_BODY, Fact.RETRY_AFTER, Fact.DATES, Fact.UPDATED_AT, Fact.AFTER_FAILED, Fact.LATE_CONFERENCING),
        *(Fact.EVENTS_VANISH, Fact.WEBHOOK_ID, Fact.WEBHOOK_TYPES, Fact.WEBHOOK_SENSITIVE, Fact.MEETING_WEBHOOK),
    }
)
"""Facts whose values are words that add up (see `worker/core/observations.py`)."""


def merged(fact: str, stored: str | None, found: str) -> str:
    """A finding beside what another process may have stored meanwhile."""
    if fact.partition(":")[0] in WORDS or fact == f"{Fact.CURSOR_LIFETIME}:refused":
        return observations.joined(stored, found.split(", "))
    return (observations.longer(stored, found) or found) if fact == f"{Fact.CURSOR_LIFETIME}:worked" else found


def changed_facts(known: Mapping[str, str], found: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Findings that replaced another value: name to (before, after)."""
    return {name: (known[name], value) for name, value in found.items() if name in known and known[name] != value}

"""What the documents of an account show: fields and states without documentation, their generation. Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from worker.core.findings import NO_CONFERENCING
from worker.core.lifecycle import APPOINTMENT, EVENT, MEETING, Lifecycle
from worker.core.model import Product, Snapshot
from worker.errors import RecordError
from worker.live_check.answers import Document, moment
from worker.live_check.appointments import carrying_field
from worker.live_check.points import NONE
from worker.savvycal.api import PARSERS
from worker.savvycal.error_text import shown
from worker.savvycal.records import REPAIRED

NAMES_MAX = 12
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}(?:\.[a-z][a-z0-9_]{0,40}){0,3}")
LEGACY_APPOINTMENT = frozenset({"client_time_zone", "client_locale", "client_reference_id"})
EVENTS_WITHOUT_LINK_MIN = 2
"""A type with this many confirmed events, one of them over and none with a `join_url`, means no conferencing."""

Values = dict[str, str | None]


def of_events(found: list[Document], now: datetime) -> Values:
    """What the events of a page show."""
    values = _of_records(found, Product.MEETINGS, (EVENT,))
    values["generation"] = _listing({_event_generation(one) for one in found}) if found else None
    values["words_for_no_conferencing"] = _words(found, now)
    return values


def of_appointments(found: list[Document]) -> Values:
    """What the appointments of a page show."""
    values = _of_records(found, Product.APPOINTMENTS, (APPOINTMENT, MEETING))
    if found:
        values["generation"] = "legacy" if any(LEGACY_APPOINTMENT & one.keys() for one in found) else "newest"
    return values


def _of_records(found: list[Document], product: Product, lifecycles: tuple[Lifecycle, ...]) -> Values:
    if not found:
        return {}
    parse = PARSERS[product.kind]
    snapshots, reasons = [], []
    for one in found:
        try:
            snapshots.append(parse(json.dumps(one).encode()))
        except RecordError as error:
            reasons.append(error.reason)
    carriers = {carrying_field(one) for one in found}  # have a point of their own
    own = carriers | {REPAIRED}  # what is repaired is a remark of our own, no field of SavvyCal's
    names = (name for each in snapshots for name in each.unknown_fields if name.partition(".")[0] not in own)
    return {
        "unknown_fields": _listing(_named(names)),
        "unknown_states": _listing(_named(state for each in snapshots for state in _unknown(each, lifecycles))),
        "unreadable": f"{len(reasons)} of {len(found)}: {shown(reasons[0])}" if reasons else NONE,
    }


def _named(names: Iterable[str]) -> set[str]:
    """Names as an API has them; one of another form may be somebody's text."""
    return {name if _NAME.fullmatch(name) else "(another form of name)" for name in names}


def _unknown(each: Snapshot, lifecycles: tuple[Lifecycle, ...]) -> Iterator[str]:
    """The states of an object, and of its meeting where it has a lifecycle of its own, that no table knows."""
    states = (each.state, each.meeting.status if each.meeting else None)
    return (state for state, table in zip(states, lifecycles, strict=False) if state and state not in table.edges)


def _listing(names: set[str]) -> str:
    listed = sorted(names)
    return (
        ", ".join(listed[:NAMES_MAX]) + (f" and {len(listed) - NAMES_MAX} more" if len(listed) > NAMES_MAX else "")
        or NONE
    )


def _event_generation(event: Document) -> str:
    if "uuid" in event:
        return "older (with uuid)"
    return "newest" if "description_settings" in event else "legacy"


def _words(found: list[Document], now: datetime) -> str | None:
    """Conferencing types that never have a join_url; `none` when only the known ones have none."""
    linked, bare, over = set(), [], set()
    for event in (one for one in found if one.get("state") == "confirmed"):
        conferencing = event.get("conferencing")
        kind = str(conferencing.get("type") or "").lower() if isinstance(conferencing, dict) else ""
        if isinstance(conferencing, dict) and conferencing.get("join_url"):
            linked.add(kind)
        else:
            bare.append(kind)
            end = moment(event.get("end_at"))
            over |= {kind} if end and end < now else set()
    words = {kind for kind in bare if bare.count(kind) >= EVENTS_WITHOUT_LINK_MIN and kind in over - linked}
    return _listing(_named(words - NO_CONFERENCING)) if bare else None

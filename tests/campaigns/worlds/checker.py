"""What has to hold in every world, in plain sentences; each names the object or the figure that is wrong."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.campaigns.worlds import expected
from tests.campaigns.worlds.expected import Document
from tests.campaigns.worlds.world import World
from tests.support.harness import Harness
from worker.core.kinds import PRODUCTS
from worker.core.model import Product
from worker.core.unlinked import PATIENCE
from worker.simulator.damage import DAMAGES, damage_of

REQUESTS_SHARE = 1.3
"""Of the least that a world allows."""

SHOWN_MAX = 5
UNSETTLED = frozenset({"pending", "failed", "update_pending", "cancel_pending"})
OVER = frozenset({"canceled", "declined", "checkout_expired"})
TABLES = {"event": "events", "appointment": "appointments"}


def shortened(found: list[str]) -> list[str]:
    """The first few sentences, and how many more there are."""
    return found if len(found) <= SHOWN_MAX else [*found[:SHOWN_MAX], f"and {len(found) - SHOWN_MAX} more"]


# -- the tables --------------------------------------------------------------------------------------------------------


@dataclass
class Tables:
    """What is stored of one kind of object."""

    rows: dict[str, Document]
    bodies: dict[str, Any]
    held: set[str]
    """Ids in quarantine, unresolved."""
    meetings: dict[str, list[Document]] = field(default_factory=dict)
    people: dict[str, list[Document]] = field(default_factory=dict)


async def _tables(harness: Harness, kind: str) -> Tables:
    table, key = TABLES[kind], f"{kind}_id"
    rows = await harness.rows(f"select to_jsonb(t)::text as row from savvycal.{table} t where deleted_at is null")
    bodies = await harness.rows(
        f"select s.id, s.body::text as body from savvycal.snapshots s join savvycal.{table} t on "
        "(t.account, t.id, t.version) = (s.account, s.id, s.version) where s.kind = $1",
        kind,
    )
    held = await harness.rows("select id from savvycal.quarantine where kind = $1 and resolved_at is null", kind)
    found = Tables(
        {row["id"]: row for row in (expected.row_of(one["row"]) for one in rows)},
        {one["id"]: expected.row_of(one["body"]) for one in bodies},
        {one["id"] for one in held},
    )
    for one in await harness.rows(
        f"select to_jsonb(m)::text as row from savvycal.meetings m where is_current and {key} is not null"
    ):
        row = expected.row_of(one["row"])
        found.meetings.setdefault(row[key], []).append(row)
    if kind == "event":
        statement = "select to_jsonb(a)::text as row from savvycal.event_attendees a where is_listed order by position"
        for one in await harness.rows(statement):
            row = expected.row_of(one["row"])
            found.people.setdefault(row["event_id"], []).append(row)
    return found


async def differing(harness: Harness, world: World) -> list[str]:
    """Every object of the source against its rows; then what is stored and has no source."""
    found: list[str] = []
    for kind in TABLES:
        tables = await _tables(harness, kind)
        collection = harness.world.collections[kind]
        lost = await _lost_beside(harness, world)
        for object_id, record in collection.records.items():
            if object_id in lost:
                continue
            damage = damage_of(world.seed, object_id, harness.world.options.damage)
            flaw = _flaw(kind, object_id, collection.body(record, _view(harness, kind)), damage, tables)
            found += [f"{kind} {object_id} {flaw}"] if flaw else []
        there = set(collection.records)
        found += [f"{kind} {one} is stored and was deleted" for one in sorted(tables.rows.keys() - there)]
        struck = {one for one in there if damage_of(world.seed, one, harness.world.options.damage)}
        named = {one for one in tables.held if not one.startswith("unreadable:")}
        found += [f"{kind} {one} is in quarantine undamaged" for one in sorted((named & there) - struck)]
    return shortened(found)


async def _lost_beside(harness: Harness, world: World) -> set[str]:
    """Where pages cannot be made smaller, smaller ones begin elsewhere because pages overlap, or days are not followed
    (then two such answers hide what lies between), what stands beside an answer that is never served cannot be had.
    """
    options = harness.world.options
    is_fixed = not options.page_size_taken or options.pages_overlap or options.period_fixed == "ignored"
    return await _beside_missing(harness) if is_fixed and may_spoil_pages(world) else set()


def _view(harness: Harness, kind: str) -> str:
    """How a single answer shows a kind of object to whoever asks for all that may be asked for."""
    return "plain" if kind == "appointment" and not harness.world.options.include_sensitive_taken else "full"


def _flaw(kind: str, object_id: str, raw: bytes, damage: str | None, tables: Tables) -> str | None:
    """What is wrong with one object, None when nothing is."""
    right = DAMAGES[damage].right if damage else "kept"
    if right == "missing":
        return None  # its range is named by coverage; a row may be left from before
    remark = f" ({damage})" if damage else ""
    if (right == "quarantined") != (object_id in tables.held):
        return ("is not in quarantine" if right == "quarantined" else "is in quarantine") + remark
    if right == "quarantined":
        return None
    row = tables.rows.get(object_id)
    flaw = _row_flaw(kind, row, raw, right == "repaired", tables) if row else "is not stored"
    return flaw and flaw + remark


def _row_flaw(kind: str, row: Document, raw: bytes, is_repaired: bool, tables: Tables) -> str | None:
    object_id, document = row["id"], expected.read(raw)
    if columns := expected.differences(kind, row, document):
        return f"differs in {', '.join(columns)}"
    body = expected.body_of(document) | ({"$repaired": True} if is_repaired else {})
    if other := _differing_names(tables.bodies.get(object_id), body):
        return f"is stored with another body: {', '.join(other)}"
    if is_repaired != ("$repaired" in row["extra"]):
        return "is not said to be repaired" if is_repaired else "is said to be repaired"
    return _meeting_flaw(kind, object_id, document, tables) or _people_flaw(kind, object_id, document, tables)


def _differing_names(stored: Any, body: Document) -> list[str]:
    stored = stored or {}
    return sorted(name for name in stored.keys() | body.keys() if stored.get(name, "-") != body.get(name, "-"))


def _meeting_flaw(kind: str, object_id: str, document: Document, tables: Tables) -> str | None:
    if kind == "event":
        return _conferencing_flaw(document, tables.meetings.get(object_id, []))
    meeting = expected.meeting_of(document)
    stored = [{name: row[name] for name in expected.MEETING} for row in tables.meetings.get(object_id, [])]
    return None if stored == ([meeting] if meeting else []) else f"has the meetings {stored}, not {meeting}"


def _conferencing_flaw(event: Document, rows: list[Document]) -> str | None:
    """A link that SavvyCal shows is in `meetings`, and none that it does not show."""
    link = (event["conferencing"] or {}).get("join_url")
    stored = [row["join_url"] for row in rows if row["join_url"]]
    return None if stored == ([link] if link else []) else f"has the links {stored}, not {link}"


def _people_flaw(kind: str, object_id: str, document: Document, tables: Tables) -> str | None:
    if kind != "event":
        return None
    stored = [{name: row[name] for name in expected.ATTENDEE} for row in tables.people.get(object_id, [])]
    listed = [{name: person.get(name) for name in expected.ATTENDEE} for person in document["attendees"]]
    return None if stored == listed else "has other attendees"


# -- windows, work, versions -------------------------------------------------------------------------------------------


async def windows(harness: Harness, world: World) -> list[str]:
    """Every window is complete; it says what is missing where an answer is never served, and only there."""
    rows = await harness.rows("select product, window_name, complete_as_of, missing::text from savvycal.coverage")
    names = {(row["product"], row["window_name"]): row for row in rows}
    found = [
        f"the window {'/'.join(key)} was never complete" for key, row in names.items() if row["complete_as_of"] is None
    ]
    for product in PRODUCTS:
        missing = json.loads(names[product.value, "all"]["missing"] or "[]")
        lost = _missing(harness, world, product.kind.value)
        found += [f"{product}: nothing is said to be missing, though {len(lost)} are"] if lost and not missing else []
        may_be_lost = lost or (may_spoil_pages(world) and not harness.world.options.page_size_taken)
        found += [f"{product}: said to be missing: {missing}"] if missing and not may_be_lost else []
        found += [
            f"{one} is not within what is said to be missing" for one, at in lost.items() if not _within(missing, at)
        ]
    return shortened(found)


def _missing(harness: Harness, world: World, kind: str) -> dict[str, datetime]:
    shares = harness.world.options.damage
    ids = [
        one
        for one in harness.world.collections[kind].records
        if (name := damage_of(world.seed, one, shares)) and is_lost(name)
    ]
    return {one: start_of(harness.world.document(kind, one)) for one in ids}


def is_lost(damage: str) -> bool:
    """Whether a record with this damage can be had in no way."""
    return DAMAGES[damage].right == "missing"


def is_seen(world: World, shares: tuple[tuple[str, float], ...], key: tuple[str, str]) -> bool:
    """Whether anybody can read this object."""
    damage = damage_of(world.seed, key[1], shares)
    return damage is None or DAMAGES[damage].right in {"kept", "repaired"}


def start_of(document: Document) -> datetime:
    """When an object starts."""
    start = document["start_at"]
    return datetime.fromisoformat(start["utc"] if isinstance(start, dict) else start)


def _within(ranges: list[dict[str, Any]], at: datetime) -> bool:
    return any(
        (one["first"] is None or datetime.fromisoformat(one["first"]) <= at)
        and (one["last"] is None or datetime.fromisoformat(one["last"]) >= at)
        for one in ranges
    )


async def versions(harness: Harness) -> dict[tuple[str, str], int]:
    """How many versions are stored of each object."""
    rows = await harness.rows("select kind, id, count(*) as versions from savvycal.snapshots group by kind, id")
    return {(row["kind"], row["id"]): row["versions"] for row in rows}


def version_flaws(
    before: dict[tuple[str, str], int], after: dict[tuple[str, str], int], changes: Counter[tuple[str, str]]
) -> list[str]:
    """One version for each real change; changes that follow each other at once may be seen as one."""
    found = []
    for key, count in after.items():
        fresh, made = count - before.get(key, 0), changes[key]
        if fresh > made or (made and not fresh):
            found.append(f"{key[0]} {key[1]} has {fresh} new versions after {made} changes")
    return shortened(found)


def unsettled(harness: Harness) -> set[str]:
    """Objects that SavvyCal itself will change: what a careful reader watches."""
    events = {
        one
        for one, document in harness.world.documents("event").items()
        if document["state"] not in OVER and (document["conferencing"] or {"join_url": "-"})["join_url"] is None
    }
    appointments = {
        one
        for one, document in harness.world.documents("appointment").items()
        if (expected.meeting_of(document) or {"status": ""})["status"] in UNSETTLED
    }
    return events | appointments


def over(harness: Harness) -> set[str]:
    """Objects that have ended."""
    now = datetime.fromtimestamp(harness.world.now, UTC)
    kinds = {kind: harness.world.documents(kind) for kind in TABLES}
    return {one for documents in kinds.values() for one, document in documents.items() if start_of(document) < now}


def never_joined(harness: Harness) -> set[str]:
    """Events whose conferencing has a type that never has a link: watched only until that is known."""
    documents = harness.world.documents("event")
    return {one for one, document in documents.items() if (document["conferencing"] or {}).get("type") != "zoom"}


def telling(harness: Harness) -> set[str]:
    """Those of them whose reads count: they might have had a link for a while. Others may get one when confirmed."""
    documents, long_ago = (
        harness.world.documents("event"),
        datetime.fromtimestamp(harness.world.now, UTC) - 2 * PATIENCE,
    )
    waiting = never_joined(harness) & unsettled(harness) - over(harness)
    confirmed = {one for one in waiting if documents[one]["state"] == "confirmed"}
    return {one for one in confirmed if datetime.fromisoformat(documents[one]["created_at"]) < long_ago}


# -- requests ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Requests:
    """What was asked for in a stretch of a run."""

    lists: int
    """Pages that were answered."""
    refused: int
    """Lists that were refused."""
    single: Counter[str]
    """Reads by id, by object."""


def requests_of(harness: Harness, since: int) -> Requests:
    """Everything after the first so many requests."""
    asked = list(harness.world.requests)[since:]
    single = Counter(last for one in asked if re.match(r"(event|appt)_", last := one.path.rpartition("/")[2]))
    lists = [one for one in asked if re.search(r"/(events|appointments)$", one.path)]
    answered = sum(one.status == 200 for one in lists)
    return Requests(answered, len(lists) - answered, single)


def least_pages(harness: Harness, world: World, product: Product) -> int:
    """Pages of the whole list at the size that this world grants."""
    options, count = harness.world.options, len(harness.world.collections[product.kind.value].records)
    if product is Product.MEETINGS:
        size = min(100, options.limit_max) if options.page_size_taken else 20
        size -= int(options.pages_overlap)
    else:
        size = min(100, options.page_size_max) if options.page_size_taken else options.page_size_default
    return max(1, -(-count // size)) + int(options.extra_page)


async def reads_of(harness: Harness, world: World, since: int) -> Counter[str]:
    """Reads by id, without those of objects beside an answer that is never served: no list tells of them."""
    single = requests_of(harness, since).single
    beside = await _beside_missing(harness) if may_spoil_pages(world) else set()
    return Counter({one: count for one, count in single.items() if one not in beside})


async def _beside_missing(harness: Harness) -> set[str]:
    found = set()
    for row in await harness.rows("select product, missing::text from savvycal.coverage where missing is not null"):
        kind = Product(row["product"]).kind.value
        documents, ranges = harness.world.documents(kind), json.loads(row["missing"])
        found |= {one for one, document in documents.items() if _within(ranges, start_of(document))}
    return found


def may_spoil_pages(world: World) -> bool:
    """Whether pages have to be cut up, which costs requests that no formula here counts."""
    return any(name in {"oversize_record", "poisoned", "bomb"} for name in world.damages)


async def request_flaws(
    harness: Harness, world: World, since: int, scans: int, may_be_read: Iterable[str]
) -> list[str]:
    """Quiet scans: the pages of the list, once each, and no read by id but of these objects."""
    asked, found = requests_of(harness, since), []
    least = scans * sum(least_pages(harness, world, product) for product in PRODUCTS)
    share = REQUESTS_SHARE + (1 if world.options.get("cursor_refused_every") else 0)
    if asked.lists + asked.refused > share * least and not may_spoil_pages(world):
        found.append(f"{asked.lists} lists and {asked.refused} refused in {scans} quiet scans, {least} would do")
    reads = await reads_of(harness, world, since)
    strangers = reads.keys() - set(may_be_read)
    if strangers:
        count = sum(reads[one] for one in strangers)
        found.append(f"{count} reads by id in quiet scans, of {len(strangers)} objects such as {min(strangers)}")
    return found

"""The checker: reads what was served, what was asked for and what the tables hold, and names every broken invariant.

It knows nothing of the mirror's code: its tables of lifecycles and its masking are its own, written from SavvyCal's
documentation. `violations` runs every check; each check returns plain sentences and is tested on bad histories made by
hand (`test_checker.py`). The numbers (I1, I2, ...) are those of the list of invariants in docs/reliability.md.
"""

import hashlib
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

Document = dict[str, Any]
Row = Mapping[str, Any]
Key = tuple[str, str]
"""(kind, id)."""

PROOF_SECONDS = 60
WATCHED_PAST_ITS_END = timedelta(hours=6)
SAME_MOMENT_SECONDS = 0.001
"""What happened at one moment has no order; Postgres keeps microseconds, Python keeps floats."""

TOMBSTONES_MIN, TOMBSTONES_SHARE = 20, 0.01
UNSETTLED = frozenset({"pending", "failed", "update_pending", "cancel_pending"})
SECRETS = ("host_url", "password")

EDGES: dict[str, dict[str, str]] = {
    "appointment meeting": {
        "pending": "created failed skipped cancel_pending canceled",
        "created": "update_pending cancel_pending",
        "failed": "created",
        "update_pending": "created failed cancel_pending",
        "cancel_pending": "canceled failed",
    },
    "event meeting": {
        "pending": "created canceled skipped",
        "created": "canceled pending skipped",
        "skipped": "pending created",
    },
    "event": {
        "awaiting_approval": "confirmed declined canceled awaiting_checkout",
        "awaiting_checkout": "confirmed checkout_expired canceled",
        "awaiting_reschedule": "confirmed canceled",
        "tentative": "confirmed declined canceled",
        "confirmed": "canceled awaiting_reschedule",
    },
    "appointment": {"scheduled": "canceled"},
}


@dataclass(frozen=True)
class Served:
    """One answer about one object; `document` is None for 404 and 410. A probe has no id."""

    step: int
    at: float
    kind: str
    id: str | None
    how: Literal["get", "list", "probe"]
    status: int
    document: Document | None = None
    fault: str | None = None
    """The injected fault, None when the answer was right."""


@dataclass(frozen=True)
class Mark:
    """Somebody asked for a read of an object."""

    step: int
    kind: str
    id: str


@dataclass(frozen=True)
class Claim:
    """A worker took an object: the fence its read carries, under which lease."""

    kind: str
    id: str
    fence: int
    token: str


@dataclass(frozen=True)
class ListFault:
    """A list that was not answered as it should have been."""

    at: float
    kind: str


@dataclass
class History:
    """Everything a run left behind."""

    source: dict[str, dict[str, Document]]
    """kind -> id -> what SavvyCal holds in the end."""
    versions: dict[Key, list[tuple[float, Document | None]]]
    """(unix seconds, document) in order; None is a deletion. Objects that never changed may be missing."""
    served: list[Served]
    marks: list[Mark]
    tables: dict[str, list[Row]]
    """Table name -> rows, jsonb decoded."""
    acknowledged: set[str] = field(default_factory=set)
    """Webhook deliveries that were answered with success, by their id."""
    claims: list[Claim] = field(default_factory=list)
    writes: list[Row] = field(default_factory=list)
    """Effective writes and claims in their true order: seq, op, kind, id, fence, version, deleted, token."""
    list_faults: list[ListFault] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    """Objects that were served for a while in a form nobody can read."""
    unfenced: list[str] = field(default_factory=list)
    """Lists that were asked for before their fence was taken."""
    wrong_readings: list[str] = field(default_factory=list)
    """What functions for readers told otherwise than the stored versions (`readings.py`)."""
    crashes: list[str] = field(default_factory=list)
    """Errors that left a job and are none of its own."""
    scope_from: datetime | None = None
    """Only objects that start from then on are in the reach of the layers that ran; None: all."""
    knows_links: bool = True
    """Whether a layer ran that scans links."""
    missing_min: int = TOMBSTONES_MIN
    is_watched: bool = True
    """Whether meetings in progress were to be watched."""
    ended_at: datetime | None = None
    """When the tables were read; None: before anything in them was over."""
    is_quiescent: bool = True
    """Whether the run reached quiescence: nothing failed and nothing moved any more."""


Check = Callable[[History], list[str]]
TABLES = {"event": "events", "appointment": "appointments", "link": "links"}
LISTED = {"meetings": "event", "appointments": "appointment", "links": "link"}
STATE = {"event": "state", "appointment": "status", "link": "state"}


def violations(history: History) -> list[str]:
    """Everything that is wrong."""
    return [found for check in CHECKS for found in check(history)]


# -- what is mirrored --------------------------------------------------------------------------------------------------


def mask(value: Any, top: bool = True) -> Any:
    """A document as it may be kept: credentials replaced, wherever they stand; action links at the top."""
    if isinstance(value, dict):
        return {name: _masked(name, item, top) for name, item in value.items()}
    if isinstance(value, list):
        return [mask(item, top=False) for item in value]
    return value


def _masked(name: str, item: Any, top: bool) -> Any:
    if name in SECRETS:
        return None if item is None else "[masked]"
    if top and name == "urls":
        return dict.fromkeys(item, "[masked]") if isinstance(item, dict) else None if item is None else "[masked]"
    return mask(item, top=False)


def start_of(document: Document) -> datetime | None:
    """When it starts; links never do."""
    start = document.get("start_at")
    return moment(start["utc"] if isinstance(start, dict) else start) if start else None


def moment(text: str) -> datetime:
    """An instant from its text."""
    return datetime.fromisoformat(text)


def by_key(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    """Rows of each object, in order of appearance."""
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[str(row["kind"]), str(row["id"])].append(row)
    return found


def stored(history: History) -> dict[Key, Row]:
    """The current rows."""
    return {(kind, str(row["id"])): row for kind, table in TABLES.items() for row in history.tables[table]}


def in_scope(history: History, start: datetime | None) -> bool:
    """Whether the layers that ran could know of an object that starts then, or of links."""
    if start is None:
        return history.knows_links
    return history.scope_from is None or start >= history.scope_from


# -- I1 ----------------------------------------------------------------------------------------------------------------


def check_convergence(history: History) -> list[str]:
    """I1: after quiescence, every object of the source is stored as it is, and nothing else counts as present."""
    if not history.is_quiescent:
        return [f"I1: the mirror did not come to rest: {_restless(history)}"]
    found = []
    rows, bodies = stored(history), _current_bodies(history)
    for kind, documents in history.source.items():
        for object_id, document in documents.items():
            if in_scope(history, start_of(document)):
                found += _differences(kind, object_id, document, rows.get((kind, object_id)), bodies)
    for (kind, object_id), row in rows.items():
        is_there = object_id in history.source[kind]
        if row["deleted_at"] is None and not is_there and in_scope(history, row.get("start_at")):
            found.append(f"I1: {kind} {object_id} is stored, but no longer at SavvyCal")
    return found


def _restless(history: History) -> str:
    """What the work queue still wants."""
    names = (
        "window_name",
        "kind",
        "job",
        "key",
        "id",
        "attempts",
        "due_at",
        "lease_until",
        "dead_lettered_at",
        "last_error",
        "next_due_at",
    )
    rows = [row for table in ("_work", "coverage") for row in history.tables[table]]
    return "; ".join(" ".join(f"{name}={row[name]}" for name in names if row.get(name) is not None) for row in rows)


def _current_bodies(history: History) -> dict[Key, Any]:
    found: dict[Key, tuple[int, Any]] = {}
    for row in history.tables["snapshots"]:
        key = (str(row["kind"]), str(row["id"]))
        if key not in found or row["version"] > found[key][0]:
            found[key] = (row["version"], row["body"])
    return {key: body for key, (_, body) in found.items()}


def _differences(
    kind: str, object_id: str, document: Document, row: Row | None, bodies: Mapping[Key, Any]
) -> list[str]:
    name = f"I1: {kind} {object_id}"
    if row is None:
        return [f"{name} is not stored"]
    if row["deleted_at"] is not None:
        return [f"{name} counts as deleted, but SavvyCal has it"]
    if bodies.get((kind, object_id)) != mask(document):
        return [f"{name} is stored with another body: {_differing(bodies.get((kind, object_id)), mask(document))}"]
    found = []
    if row[STATE[kind]] != document[STATE[kind]]:
        found.append(f"{name}: column {STATE[kind]} says {row[STATE[kind]]}, the body {document[STATE[kind]]}")
    if row.get("start_at") != start_of(document):
        found.append(f"{name}: column start_at differs from the body")
    return found


def _differing(before: Any, after: Any) -> str:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return "no document"
    return ", ".join(sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k)))


def check_digest(history: History) -> list[str]:
    """I1, all at once: the tables, as one digest, are the source."""
    there, here = raw_hash(source_of(history)), raw_hash(mirrored(history))
    return (
        [f"I1: the tables ({here[:12]}) are not the source ({there[:12]})"]
        if history.is_quiescent and here != there
        else []
    )


def source_of(history: History) -> dict[Key, Any]:
    """What SavvyCal holds, as it may be kept, within the reach of the layers that ran."""
    documents = ((kind, key, document) for kind, found in history.source.items() for key, document in found.items())
    return {(k, key): mask(document) for k, key, document in documents if in_scope(history, start_of(document))}


def mirrored(history: History) -> dict[Key, Any]:
    """What the tables show as present, within the same reach."""
    bodies, starts = _current_bodies(history), {key: row.get("start_at") for key, row in stored(history).items()}
    for kind, found in history.source.items():
        starts |= {(kind, key): start_of(document) for key, document in found.items()}
    rows = stored(history).items()
    return {key: bodies.get(key) for key, row in rows if row["deleted_at"] is None and in_scope(history, starts[key])}


def raw_hash(documents: Mapping[Key, Any]) -> str:
    """Equal for equal documents under equal keys."""
    lines = [json.dumps([key, documents[key]], sort_keys=True) for key in sorted(documents)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def check_meetings(history: History) -> list[str]:
    """I1 for conferencing: one current meeting for each object that has one, in the status of its object's body."""
    found = []
    current: dict[Key, list[Row]] = defaultdict(list)
    for row in history.tables["meetings"]:
        key = ("event", row["event_id"]) if row["event_id"] else ("appointment", row["appointment_id"])
        if row["is_current"]:
            current[key].append(row)
    bodies = _current_bodies(history)
    deleted = {key for key, row in stored(history).items() if row["deleted_at"] is not None}
    for key, meetings in current.items():
        if len(meetings) > 1:
            found.append(f"I1: {key[0]} {key[1]} has {len(meetings)} current meetings")
        expected = meeting_of(key[0], bodies.get(key) or {})
        shown = [(row["id"], row["status"], row["join_url"]) for row in meetings]
        if len(meetings) == 1 and expected is not None and shown != [expected]:
            found.append(f"I1: {key[0]} {key[1]} has the meeting {shown[0]}, its body says {expected}")
    for key, body in bodies.items():
        if key[0] == "appointment" and current.get(key) and body.get("meeting") is None:
            found.append(f"I1: appointment {key[1]} keeps a meeting that its body has not")
        if key in deleted and current.get(key):
            found.append(f"I1: {key[0]} {key[1]} is deleted, and its meeting is still current")
        if key not in deleted and meeting_of(key[0], body) is not None and not current.get(key):
            found.append(f"I1: {key[0]} {key[1]} has lost its meeting")
    return found


def meeting_of(kind: str, body: Document) -> tuple[str, str, str | None] | None:
    """(id, status, join_url) of the conferencing a body carries, None without."""
    if kind == "appointment":
        meeting = body.get("meeting")
        return (meeting["id"], meeting["status"], meeting["join_url"]) if isinstance(meeting, dict) else None
    conferencing, state = body.get("conferencing"), body.get("state")
    if not isinstance(conferencing, dict) or conferencing.get("type") in {None, "", "none"}:
        return None  # how an event without conferencing is read is the mirror's own affair
    if state in {"canceled", "declined", "checkout_expired"}:
        return body["id"], "canceled", conferencing.get("join_url")
    if conferencing.get("join_url"):
        return body["id"], "created", conferencing["join_url"]
    return (body["id"], "pending", None) if state == "confirmed" else None


def check_children(history: History) -> list[str]:
    """I1 for people: the listed attendees of each event, in order."""
    people: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(history.tables["event_attendees"], key=lambda row: row["position"]):
        if row["is_listed"]:
            people[str(row["event_id"])].append(row["email"])
    return [
        f"I1: event {object_id}: its attendees differ from its body"
        for (kind, object_id), body in _current_bodies(history).items()
        if kind == "event" and people[object_id] != [person["email"] for person in body["attendees"]]
    ]


# -- I2, I3 ------------------------------------------------------------------------------------------------------------


def check_no_invention(history: History) -> list[str]:
    """I2: every stored body was really served for that object, or is a list record that shows no meeting with the
    meeting that was stored before: such a list says nothing about meetings until lists are known to show them.
    """
    served: dict[Key, list[Document]] = defaultdict(list)
    silent: dict[Key, list[Document]] = defaultdict(list)
    for answer in history.served:
        if answer.document is not None and answer.id is not None:
            masked = mask(answer.document)
            if masked not in served[answer.kind, answer.id][-3:]:
                served[answer.kind, answer.id].append(masked)
            if answer.how == "list" and masked.get("meeting") is None:
                silent[answer.kind, answer.id].append(masked)
    bodies = {(row["kind"], row["id"], row["version"]): row["body"] for row in history.tables["snapshots"]}

    def is_merged(kind: str, object_id: str, version: int, body: Document) -> bool:
        meeting = bodies.get((kind, object_id, version - 1), {}).get("meeting")
        return any(body == document | {"meeting": meeting} for document in silent[kind, object_id])

    return [
        f"I2: {kind} {object_id} version {version} was never served like that"
        for (kind, object_id, version), body in bodies.items()
        if body not in served[kind, object_id] and not is_merged(kind, object_id, version, body)
    ]


def check_strangers(history: History) -> list[str]:
    """I2: what SavvyCal never had has no row: neither an object, nor a tombstone, nor anything that belongs to it."""
    known = {object_id for documents in history.source.values() for object_id in documents}
    known |= {object_id for _, object_id in history.versions}
    known |= {
        str(row["id"]) for row in history.tables["meetings"] if (row["event_id"] or row["appointment_id"]) in known
    }
    tables = (*TABLES.values(), "meetings", "snapshots", "transitions", "changes")
    rows = [(table, row["id"]) for table in tables for row in history.tables[table] if row["id"] not in known]
    return [f"I2: {object_id} was never at SavvyCal, and is in {table}" for table, object_id in rows]


def check_fences(history: History) -> list[str]:
    """I3: each effective write of a row carries a later fence than the one before, and the next version; each fence
    was taken before its read."""
    found = [f"I3: {request} went out before its fence was taken" for request in history.unfenced]
    for (kind, object_id), writes in by_key(row for row in history.writes if row["op"] == "write").items():
        for before, after in pairwise(writes):
            if after["fence"] <= before["fence"]:
                fences = f"{after['fence']} after {before['fence']}"
                found.append(f"I3: {kind} {object_id} was overwritten by an earlier read ({fences})")
            if after["version"] - before["version"] not in {0, 1}:
                found.append(f"I3: {kind} {object_id} went from version {before['version']} to {after['version']}")
    return found


# -- I4 ----------------------------------------------------------------------------------------------------------------


def check_wake_ups(history: History) -> list[str]:
    """I4: after somebody asked for an object, a GET for it begins before its work item is done."""
    last: dict[Key, int] = {}
    for answer in history.served:
        if answer.how == "get" and answer.id is not None:
            last[answer.kind, answer.id] = answer.step
    return [
        f"I4: {mark.kind} {mark.id} was asked for at step {mark.step}, and never read afterwards"
        for mark in history.marks
        if last.get((mark.kind, mark.id), -1) < mark.step
    ]


def check_work_queue(history: History) -> list[str]:
    """I4, I12: after quiescence the work queue holds watch reads of meetings in progress, and nothing else."""
    if not history.is_quiescent:
        return []
    deleted = {object_id for (_, object_id), row in stored(history).items() if row["deleted_at"] is not None}
    unsettled = {row["event_id"] or row["appointment_id"] for row in history.tables["meetings"] if _is_unsettled(row)}
    unsettled -= deleted
    found = []
    reads = [row for row in history.tables["_work"] if row["job"] == "object"]
    for row in reads:
        name = f"{row['kind']} {row['key']}"
        if row["dead_lettered_at"] is not None:
            found.append(f"I12: {name} is a dead letter: {row['last_error']}")
        elif row["key"] not in unsettled:
            found.append(f"I4: {name} is settled, but stays in the work queue for {row['reasons']}")
        elif row["requested_gen"] != row["done_gen"]:
            found.append(f"I4: {name} was asked for and is not done")
    watched = {row["key"] for row in reads}
    if history.is_watched:
        over = {object_id for (_, object_id), row in stored(history).items() if _is_over(row, history.ended_at)}
        found += [
            f"I4: the meeting of {object_id} is unsettled, and nobody watches it"
            for object_id in unsettled - watched - over
        ]
    scans = [row for row in history.tables["_work"] if row["job"] == "scan"]
    found += [f"I4: the scan of {row['kind']}s, {row['key']}, is still open" for row in scans]
    return found


def _is_over(row: Row, now: datetime | None) -> bool:
    """Whether it ended so long ago that nobody has to watch it any more."""
    end = row.get("end_at") or row.get("start_at")
    return now is not None and end is not None and bool(end < now - WATCHED_PAST_ITS_END)


def _is_unsettled(row: Row) -> bool:
    return bool(row["is_current"] and row["status"] in UNSETTLED)


# -- I6, I7 ------------------------------------------------------------------------------------------------------------


def check_transitions(history: History) -> list[str]:
    """I6: each lifecycle is a chain from its first row to the status that is stored, each edge with its right label."""
    found = []
    statuses = {
        key: row[STATE[key[0]]] if row["deleted_at"] is None else "deleted"
        for key, row in stored(history).items()
        if key[0] in EDGES
    }
    statuses |= {("meeting", str(row["id"])): row["status"] for row in history.tables["meetings"]}
    parents = {str(row["id"]): "event" if row["event_id"] else "appointment" for row in history.tables["meetings"]}
    chains = by_key(sorted(history.tables["transitions"], key=lambda row: row["seq"]))
    for key, chain in chains.items():
        table = f"{parents.get(key[1], 'appointment')} meeting" if key[0] == "meeting" else key[0]
        found += [f"I6: {key[0]} {key[1]}: {flaw}" for flaw in _chain_flaws(chain, statuses.get(key), table)]
    found += [f"I6: {key[0]} {key[1]} has no transition" for key in statuses if key not in chains]
    return found


def _chain_flaws(chain: Sequence[Row], status: str | None, table: str) -> list[str]:
    flaws = []
    if [row["seq"] for row in chain] != list(range(1, len(chain) + 1)):
        flaws.append(f"its transitions are numbered {[row['seq'] for row in chain]}")
    before = None
    for row in chain:
        if row["from_status"] != before:
            flaws.append(f"transition {row['seq']} starts from {row['from_status']}, the last one led to {before}")
        if row["label"] != label(table, row["from_status"], row["to_status"]):
            flaws.append(f"{row['from_status']} to {row['to_status']} is not {row['label']}")
        before = row["to_status"]
    if before != status:
        flaws.append(f"its transitions lead to {before}, its row says {status}")
    return flaws


def label(table: str, before: str | None, after: str) -> str:
    """What an edge is to be called."""
    if before is None:
        return "initial"
    if after == "deleted":
        return "direct"
    edges = EDGES[table]
    if after in edges.get(before, "").split():
        return "direct"
    reached, frontier = set[str](), {before}
    while frontier:
        frontier = {status for one in frontier for status in edges.get(one, "").split()} - reached
        reached |= frontier
    return "gap" if after in reached else "anomalous"


def check_versions(history: History) -> list[str]:
    """I7: versions count without gaps, differ from one to the next, and the last one says whether it is deleted."""
    found = []
    rows = stored(history)
    versions = by_key(sorted(history.tables["snapshots"], key=lambda row: row["version"]))
    for key, row in rows.items():
        chain = versions.get(key, [])
        name = f"I7: {key[0]} {key[1]}"
        if [one["version"] for one in chain] != list(range(1, row["version"] + 1)):
            found.append(f"{name} is at version {row['version']}, its snapshots are {[o['version'] for o in chain]}")
        if chain and chain[-1]["is_deleted"] != (row["deleted_at"] is not None):
            found.append(f"{name}: its last version and its row differ in whether it is deleted")
    changed = by_key(history.tables["changes"])
    for key, chain in versions.items():
        may_equal = {row["version"] for row in changed.get(key, []) if row["change"] in {"deleted", "restored"}}
        for before, after in pairwise(chain):
            if before["body"] == after["body"] and after["version"] not in may_equal:
                found.append(f"I7: {key[0]} {key[1]}: versions {before['version']} and {after['version']} are equal")
    return found


def check_changes(history: History) -> list[str]:
    """I7: the change feed has one row for each version, in order."""
    found = []
    changes = by_key(sorted(history.tables["changes"], key=lambda row: row["position"]))
    for key, row in stored(history).items():
        kinds = [change["change"] for change in changes.get(key, [])]
        numbered = [change["version"] for change in changes.get(key, [])]
        if numbered != list(range(1, row["version"] + 1)):
            found.append(f"I7: {key[0]} {key[1]}: the change feed holds versions {numbered} of {row['version']}")
        is_deleted, last = row["deleted_at"] is not None, kinds.count("deleted") - kinds.count("restored")
        if last != int(is_deleted):
            found.append(f"I7: {key[0]} {key[1]}: deleted and restored do not match its row")
    return found


# -- I8, I9, I10, I11 --------------------------------------------------------------------------------------------------


def check_single_writer(history: History) -> list[str]:
    """I8: a read writes only while its own lease is the last one that was taken."""
    tokens = {(claim.kind, claim.id, claim.fence): claim.token for claim in history.claims}
    found, held = [], dict[Key, str]()
    for row in history.writes:
        key = (str(row["kind"]), str(row["id"]))
        if row["op"] == "claim":
            held[key] = str(row["token"])
        elif (token := tokens.get((*key, row["fence"]))) is not None and held.get(key) != token:
            found.append(f"I8: {key[0]} {key[1]} was written under a lease that was lost (fence {row['fence']})")
    return found


def check_tombstones(history: History) -> list[str]:
    """I9: a tombstone rests on 404s or 410s in a row, by id, a minute or more apart, and a healthy probe."""
    answers: dict[Key, list[Served]] = defaultdict(list)
    for answer in history.served:
        if answer.how == "get" and answer.id is not None and answer.status in {200, 404, 410}:
            answers[answer.kind, answer.id].append(answer)
    probes = [answer.at for answer in history.served if answer.how == "probe" and answer.status == 200]
    found, deleted = [], dict[Key, bool]()
    for row in history.writes:
        key = (str(row["kind"]), str(row["id"]))
        if row["op"] != "write":
            continue
        if row["deleted"] and not deleted.get(key, False):
            found += _unproven(key, answers[key], probes, row["at"].timestamp())
        deleted[key] = row["deleted"]
    return found


def _unproven(key: Key, answers: Sequence[Served], probes: Sequence[float], at: float) -> list[str]:
    absent: list[float] = []
    for answer in answers:
        if answer.at <= at + SAME_MOMENT_SECONDS:
            absent = [] if answer.status == 200 else [*absent, answer.at]
    if not absent or absent[-1] - absent[0] < PROOF_SECONDS:
        return [f"I9: {key[0]} {key[1]} counts as deleted after {len(absent)} absences, not {PROOF_SECONDS} s apart"]
    proofs = [absence for absence in absent if absence - absent[0] >= PROOF_SECONDS]
    # not only the last: one more read may have been answered at the very moment of the tombstone
    if not any(proof <= probe <= at + SAME_MOMENT_SECONDS for proof in proofs for probe in probes):
        return [f"I9: {key[0]} {key[1]} counts as deleted without a healthy probe of the account"]
    return []


def check_delete_guard(history: History) -> list[str]:
    """I9: a scan that misses more than max(20, 1 %) of what is stored is suspect, and asks for none of it."""
    limit = max(history.missing_min, int(len(stored(history)) * TOMBSTONES_SHARE))
    asked: dict[Any, int] = defaultdict(int)
    for row in history.writes:
        if row["op"] == "ask":
            asked[row["xid"]] += 1
    return [
        f"I9: one scan asked for {count} missing objects (limit {limit})" for count in asked.values() if count > limit
    ]


def check_runs(history: History) -> list[str]:
    """I10: what a run read is what it wrote, found unchanged, superseded or unreadable."""
    found = []
    for run in history.tables["runs"]:
        if run.get("job") == "audit":  # it writes nothing
            if run["rows_read"] < run["rows_unchanged"] + run["rows_differing"]:
                found.append(f"I10: an audit read {run['rows_read']} rows and compared more")
            continue
        parts = [run[f"rows_{name}"] for name in ("written", "unchanged", "superseded", "quarantined")]
        if run["rows_read"] != sum(parts) or min(parts) < 0:
            found.append(f"I10: a run over {run['window_name']} read {run['rows_read']} rows and accounts for {parts}")
        if run["result"] in {"ok", "partial"} and run["finished_at"] is None:
            found.append(f"I10: a run over {run['window_name']} is ok, but not finished")
    results = {run["id"]: run["result"] for run in history.tables["runs"]}
    covers = [row for row in history.writes if row["op"] == "cover"]
    found += [
        f"I11: {row['kind']} {row['id']} counts as complete by a run that is {results.get(row['version'])}"
        for row in covers
        if results.get(row["version"]) not in {"ok", "partial"}
    ]
    return found


def check_completeness(history: History) -> list[str]:
    """I11: what existed during a whole scan that ended well, within its range, is stored when it ends."""
    rows, found = stored(history), []
    windows = {row["id"]: row for row in history.tables.get("_bounds", [])}
    for run in history.tables["runs"]:
        if run["result"] != "ok" or run["id"] not in windows:
            continue
        kind = LISTED[run["product"]]
        began, ended = run["started_at"].timestamp(), run["finished_at"].timestamp()
        if any(
            fault.kind == kind and began - SAME_MOMENT_SECONDS <= fault.at <= ended + SAME_MOMENT_SECONDS
            for fault in history.list_faults
        ):
            continue
        for object_id in _there_all_along(history, kind, began, ended, windows[run["id"]]):
            row = rows.get((kind, object_id))
            if row is None or row["first_seen_at"].timestamp() > ended + SAME_MOMENT_SECONDS:
                found.append(f"I11: {kind} {object_id} was there during a whole scan of {run['window_name']}, unseen")
    return found


def _there_all_along(history: History, kind: str, began: float, ended: float, bounds: Row) -> list[str]:
    found = []
    for (of_kind, object_id), versions in history.versions.items():
        if of_kind != kind or object_id in history.unreadable:
            continue
        first = bisect_left([at for at, _ in versions], began - SAME_MOMENT_SECONDS) - 1
        during = [document for at, document in versions[max(first, 0) :] if at <= ended + SAME_MOMENT_SECONDS]
        if first >= 0 and during and all(_is_within(document, bounds) for document in during):
            found.append(object_id)
    return found


def _is_within(document: Document | None, bounds: Row) -> bool:
    if document is None:
        return False
    start = start_of(document)
    if start is None:
        return True
    day = start.date()
    return (bounds["from"] is None or day >= bounds["from"]) and (bounds["until"] is None or day < bounds["until"])


def check_inbox(history: History) -> list[str]:
    """I5, I7: what was acknowledged is stored, once; after quiescence all of it has been followed."""
    rows = history.tables.get("webhook_deliveries", [])
    stored_ids = {row["id"] for row in rows}
    found = [f"I5: delivery {one} was acknowledged and is not stored" for one in history.acknowledged - stored_ids]
    waiting = [row["id"] for row in rows if row["state"] == "received"]
    return found + [f"I4: delivery {one} waits for its read" for one in waiting if history.is_quiescent]


def check_crashes(history: History) -> list[str]:
    """I15: no job ends with an error that is none of the mirror's own."""
    return [f"I15: {crash}" for crash in history.crashes]


def check_readings(history: History) -> list[str]:
    """I27: as_of, diff and timeline tell what the stored versions hold."""
    return history.wrong_readings


CHECKS: tuple[Check, ...] = (
    check_crashes,
    check_readings,
    check_convergence,
    check_digest,
    check_meetings,
    check_children,
    check_no_invention,
    check_strangers,
    check_fences,
    check_wake_ups,
    check_inbox,
    check_work_queue,
    check_transitions,
    check_versions,
    check_changes,
    check_single_writer,
    check_tombstones,
    check_delete_guard,
    check_runs,
    check_completeness,
)

"""What a campaign leaves behind: whether tables and source agree, a history for the checker, and secrets in logs."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.campaigns.chaos.asking import Asked
from tests.campaigns.simulation.checker import History, Mark, Served, mask
from tests.campaigns.simulation.history import TABLES

Document = dict[str, Any]

_WORD = re.compile(r"[A-Za-z0-9_\-]{12,}")
_STORED = """
select s.kind, s.id, s.version, s.body::text as body from savvycal.snapshots s
where not s.is_deleted and not exists (
  select from savvycal.snapshots n
  where (n.account, n.kind, n.id, n.version) = (s.account, s.kind, s.id, s.version + 1))
"""


@dataclass
class Told:
    """What SavvyCal tells in the end."""

    source: dict[str, dict[str, Document]]
    versions: dict[tuple[str, str], list[tuple[float, Document | None]]]
    requests: list[tuple[str, float, int]]
    """(path, unix seconds at which it came in, status)."""
    counters: dict[str, int]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Told":
        """From its JSON."""
        versions = {(kind, key): [(at, document) for at, document in kept] for kind, key, kept in told["versions"]}
        for kind, documents in told["source"].items():
            for key, document in documents.items():
                versions.setdefault((kind, key), [(0.0, document)])
        return cls(told["source"], versions, [tuple(one) for one in told["requests"]], told["tally"])

    def raw_hashes(self) -> dict[tuple[str, str], str]:
        """A digest of each object as it may be kept."""
        return {
            (kind, key): raw_hash(mask(document))
            for kind, documents in self.source.items()
            for key, document in documents.items()
        }


def raw_hash(document: Any) -> str:
    """Equal for equal documents."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


@dataclass
class Stored:
    """Digests of what the tables hold; a body is read once for each of its versions."""

    known: dict[tuple[str, str, int], str] = field(default_factory=dict)

    async def raw_hashes(self, connection: Any) -> dict[tuple[str, str], str]:
        """A digest of each object that counts as present."""
        found = {}
        for row in await connection.fetch(_STORED):
            version = (row["kind"], row["id"], row["version"])
            if version not in self.known:
                self.known[version] = raw_hash(json.loads(row["body"]))
            found[version[:2]] = self.known[version]
        return found


def differing(source: Mapping[tuple[str, str], str], stored: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
    """Objects that are missing, too many, or not the same."""
    return sorted(key for key in source.keys() | stored.keys() if source.get(key) != stored.get(key))


_WANTED = """
select w.*, p.started_at from savvycal._work w
left join savvycal._scans p
  on (w.job, p.account, p.window_name) = ('scan', w.account, w.key) and p.product = savvycal._product(w.kind)
where not (reasons <@ array['watch'] and requested_gen = done_gen and dead_lettered_at is null and last_error is null)
"""
"""Work that is open: what is only watched may wait for an hour."""


async def open_work(connection: Any, since: datetime) -> list[str]:
    """What the work queue still wants, but for watching, and for scans that began after the faults."""
    rows = await connection.fetch(
        f"""
        select concat_ws(' ', nullif(job, 'object'), kind, key, reasons, attempts, last_error) as what
        from ({_WANTED}) t
        where job = 'object' or coalesce(started_at, due_at) < $1 or dead_lettered_at is not null
        union all
        select concat_ws(' ', 'delivery', id) from savvycal.webhook_deliveries where state = 'received'
        """,
        since,
    )
    return [row["what"] for row in rows]


def _is_young_scan(row: Mapping[str, Any], quiescent_since: datetime) -> bool:
    return row["job"] == "scan" and bool((row["started_at"] or row["due_at"]) >= quiescent_since)


async def collect(
    connection: Any,
    told: Told,
    asked: Iterable[Asked],
    forgotten: Collection[tuple[float, str]],
    acknowledged: set[str],
    quiescent_since: datetime,
) -> tuple[History, int]:
    """Everything for the checker, read at one instant; and how many requests Redis took along with its memory.

    `forgotten` are (unix seconds, id) of what was still in the queue when it was emptied.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        tables: dict[str, list[Any]] = {name: await _dump(connection, f"savvycal.{name}") for name in TABLES}
        writes = await _dump(connection, "sim.writes order by seq")
        tables["_work"] = await _dump(connection, f"({_WANTED}) as wanted")
    tables["runs"] = [row for row in tables["runs"] if row["job"] != "audit"]  # it compares, and writes nothing
    tables["_work"] = [row for row in tables["_work"] if not _is_young_scan(row, quiescent_since)]
    served = _served(told)
    promised, lost = promises(asked, forgotten, served)
    marks = [Mark(_step(one.at), one.kind, one.id) for one in promised]
    found = History(told.source, told.versions, served, marks, tables, acknowledged=acknowledged, writes=writes)
    found.is_watched = False  # what starts long ago may stay in progress, and nobody has to watch it
    return found, lost


def promises(
    asked: Iterable[Asked], forgotten: Collection[tuple[float, str]], served: Iterable[Served]
) -> tuple[list[Asked], int]:
    """Requests that have to be followed, and how many got lost with Redis's memory, as docs/queue.md says they may."""
    last: dict[tuple[str, str | None], float] = {}
    for answer in served:
        if answer.how == "get":
            last[answer.kind, answer.id] = max(last.get((answer.kind, answer.id), 0.0), answer.at)
    kept, lost = [], 0
    for one in asked:
        is_forgotten = one.way == "queue" and any(at >= one.at and key == one.id for at, key in forgotten)
        if is_forgotten and last.get((one.kind, one.id), 0.0) < one.at:
            lost += 1
        else:
            kept.append(one)
    return kept, lost


def _step(at: float) -> int:
    return int(at * 1_000_000)


def _served(told: Told) -> list[Served]:
    """Every version that was ever true counts as served; every answered read and probe stands with its time."""
    found = [
        Served(0, at, kind, key, "list", 200, document)
        for (kind, key), versions in told.versions.items()
        for at, document in versions
        if document is not None
    ]
    found += [answer for request in told.requests if (answer := _as_served(*request)) is not None]
    return found


def _as_served(path: str, at: float, status: int) -> Served | None:
    product, _, rest = path.strip("/").partition("/v1/")
    kind = "event" if product == "meetings" else "appointment"
    if rest in {"me", "account"}:
        return Served(_step(at), at, kind, None, "probe", status)
    collection, _, key = rest.partition("/")
    if not key or collection not in {"events", "appointments"}:
        return None
    # An answer may have been garbage, or cut, or its write may have failed: then nobody has seen the object.
    return Served(_step(at), at, kind, key, "get", 0 if status == 200 else status)


async def _dump(connection: Any, table: str) -> list[Any]:
    rows = await connection.fetch(f"select * from {table}")
    return [{name: _plain(name, value) for name, value in row.items()} for row in rows]


def _plain(name: str, value: Any) -> Any:
    return json.loads(value) if name == "body" and value is not None else value


# -- secrets -----------------------------------------------------------------------------------------------------------


def secrets_of(told: Told, fixed: Iterable[str]) -> set[str]:
    """Credentials of all meetings there ever were, and those of the campaign; each as the longest word in it."""
    texts = set(fixed)
    for versions in told.versions.values():
        for _, document in versions:
            meeting = (document or {}).get("meeting") or {}
            texts |= {str(meeting[name]) for name in ("host_url", "password") if meeting.get(name)}
    words = [_WORD.findall(text.rpartition("=")[2]) for text in texts]
    return {max(found, key=len) for found in words if found}  # six digits stand in any log


def leaks(secrets: set[str], logs: Iterable[Path]) -> list[str]:
    """Log files with a secret in them; the secret itself is not repeated."""
    said = {path: set(_WORD.findall(path.read_text("utf-8", errors="replace"))) & secrets for path in logs}
    return [f"I16: {path.name} holds {len(found)} secrets" for path, found in said.items() if found]


def tracebacks(logs: Iterable[Path]) -> list[str]:
    """Crashes that were written down."""
    words = ("Traceback", "was never awaited")
    return [
        f"I15: {path.name}: {line[:200]}"
        for path in logs
        for line in path.read_text("utf-8", errors="replace").splitlines()
        if any(word in line for word in words)
    ]

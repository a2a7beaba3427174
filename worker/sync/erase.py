"""Takes a person out of everything that is stored: current rows, all versions, quarantine, deliveries.

A keyed fingerprint of the address stays, so that a later look does not bring the person back. The stored documents are
rewritten the same way a fresh one is read, and the rows made anew from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from worker.core.decide import Change, Record
from worker.core.fingerprint import canonical
from worker.core.keyring import Keyring
from worker.core.model import Kind, Meeting, Observation, Via
from worker.core.redaction import IsErased, Redaction, forget, normalized
from worker.errors import BadTrigger
from worker.savvycal import appointments, events
from worker.store import apply, objects, people
from worker.store.database import Connection, Database

PARSE = {Kind.EVENT: events.parse_record, Kind.APPOINTMENT: appointments.parse_record}


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was rewritten."""

    objects: int
    versions: int
    quarantined: int
    deliveries: int


async def erase(db: Database, ring: Keyring, account: str, email: str, drop: tuple[tuple[str, ...], ...]) -> Erasure:
    """Erases a person from an account, in one transaction that no look writes beside.

    Needs the owner of the tables: the worker's role may not change history.

    Raises:
        BadTrigger: that is not an address.
    """
    address = normalized(email)
    if "@" not in address:
        raise BadTrigger("say the email address of the person")

    def is_erased(found: str) -> bool:
        return found == address

    patterns = _patterns(address)
    async with db.transaction() as connection:
        await connection.execute(people.SQL["lock"], account)
        await people.suppress(connection, ring, account, address)
        rows = await connection.fetch(people.SQL["snapshots_with"], account, patterns)
        for row in rows:
            key = (account, row["kind"], row["id"], row["version"])
            forgotten = _forgotten(row["body"], is_erased)
            await connection.execute(people.SQL["rewrite_snapshot"], *key, forgotten)
            await _rewrite_meeting(connection, account, Kind(row["kind"]), row["body"], forgotten)
        current = [(Kind(row["kind"]), row["id"]) for row in rows if row["is_current"]]
        await _rewrite_rows(connection, account, current, Redaction(drop, is_erased), db.clock.now())
        quarantined = await _rewrite_quarantine(connection, account, patterns, is_erased)
        deliveries = await _rewrite_deliveries(connection, account, patterns, is_erased)
    return Erasure(len(current), len(rows), quarantined, deliveries)


def _patterns(address: str) -> list[str]:
    """LIKE patterns of an address as it may stand in a document: plain, or inside a link."""
    escaped = [text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for text in {address, quote(address)}]
    return [f"%{text.lower()}%" for text in escaped]


def _forgotten(body: bytes, is_erased: IsErased) -> bytes:
    document: dict[str, Any] = msgspec.json.decode(body)
    return canonical(forget(document, is_erased))


async def _rewrite_rows(
    connection: Connection, account: str, found: Iterable[tuple[Kind, str]], redaction: Redaction, now: datetime
) -> None:
    ids: dict[Kind, list[str]] = {}
    for kind, object_id in found:
        ids.setdefault(kind, []).append(object_id)
    for kind, mine in ids.items():
        fence = await objects.take_fence(connection)
        stored = await objects.load_stored(connection, account, kind, mine)
        records = []
        for old in stored.values():
            snapshot = PARSE[kind](old.body, redaction)
            seen = Observation(snapshot, old.digest, fence, now, Via.AUDIT)
            records.append(Record(seen, Change.ERASED, old.version, (), old.transition_seq, (), None, ()))
        await apply.rewrite(connection, account, kind, records)


async def _rewrite_meeting(connection: Connection, account: str, kind: Kind, before: bytes, after: bytes) -> None:
    """The meeting of a version, also one that another has replaced since: its row says what its last version said."""
    old, new = PARSE[kind](before).meeting, PARSE[kind](after).meeting
    if old and new and old != new:
        await connection.execute(people.SQL["rewrite_meeting"], account, new.id, *_texts(old), *_texts(new))


def _texts(meeting: Meeting) -> tuple[str | None, ...]:
    return (meeting.conferencing_provider, meeting.external_meeting_id, meeting.join_url, meeting.error_message)


async def _rewrite_quarantine(connection: Connection, account: str, patterns: list[str], is_erased: IsErased) -> int:
    rows = await connection.fetch(people.SQL["quarantine_with"], account, patterns)
    for row in rows:
        body = _forgotten(row["body"], is_erased)
        await connection.execute(people.SQL["rewrite_quarantine"], account, row["kind"], row["id"], body)
    return len(rows)


async def _rewrite_deliveries(connection: Connection, account: str, patterns: list[str], is_erased: IsErased) -> int:
    if not await connection.fetchval(people.SQL["has_deliveries"]):
        return 0
    rows = await connection.fetch(people.SQL["deliveries_with"], account, patterns)
    for row in rows:
        await connection.execute(people.SQL["rewrite_delivery"], row["place"], _forgotten(row["body"], is_erased))
    return len(rows)

"""Erases a person from everything that is stored: current rows, all versions, quarantine, deliveries.

A keyed hash of the address stays, so that a later read does not store the person again. The code that reads new
documents also rewrites the stored ones, and the rows are rebuilt from them.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from savvycal_sync.keyring import Keyring
from worker.core import json_text
from worker.core.decide import Change, Record
from worker.core.hashing import canonical
from worker.core.model import Kind, Meeting, Observation, Via
from worker.errors import RecordError, ResyncRejected
from worker.privacy.redaction import IsErased, Redaction, forget, normalized
from worker.savvycal.api import PARSERS
from worker.store import apply, change_feed, objects, suppression
from worker.store.database import Connection, Database

UNUSUAL = r"[^\u0001-\u007f][^\s\"]{0,255}(@|%40|＠)|(@|%40)[^\s\"]{0,255}[^\u0001-\u007f]|＠"
"""Addresses with letters that Postgres lowers or composes unlike our comparison; documents with one are read, too."""

ERASE_SECONDS = 3600.0
"""Every stored document is searched; a large history takes minutes (measured: 30,000 documents in 1.5 s)."""

WIDE_SHARE, WIDE_OBJECTS_MIN = 0.2, 10
"""An address on a larger share of the objects is refused at first. With fewer objects the share means nothing."""

MEETING_TEXTS = ("conferencing_provider", "external_meeting_id", "join_url", "error_message")


@dataclass(frozen=True, slots=True)
class Erasure:
    """How many items were rewritten."""

    objects: int
    versions: int
    quarantined: int
    deliveries: int
    total_objects: int = 0
    """All objects of the account."""

    @property
    def is_wide(self) -> bool:
        """Whether the address is probably a host's: it is on more than a fifth of the objects."""
        return self.objects >= WIDE_OBJECTS_MIN and self.objects > WIDE_SHARE * self.total_objects


async def erase(
    db: Database,
    keyring: Keyring,
    account: str,
    email: str,
    drop: tuple[tuple[str, ...], ...],
    is_dry: bool = False,
) -> Erasure:
    """Erases a person from an account, in one transaction during which no reconcile of the account is written.

    With `is_dry` the transaction is rolled back, so that it counts exactly what would be rewritten.

    It must run as the owner of the tables: the worker's role may not change history.

    Raises:
        ResyncRejected: `email` is not an address, or the account is not mirrored.
    """
    address = normalized(email)
    if "@" not in address:
        raise ResyncRejected("name the person by an email address")

    def is_erased(found: str) -> bool:
        return found == address

    patterns = _patterns(address)
    async with db.connection() as connection, _transaction(connection, is_dry):
        await connection.execute("set local statement_timeout = 0")
        if not await connection.fetchval(suppression.SQL["is_mirrored"], account):
            raise ResyncRejected(f"no account {account} is mirrored here")
        await connection.execute(suppression.SQL["lock"], account)
        await suppression.suppress(connection, keyring, account, address)
        found = await connection.fetch(
            suppression.SQL["snapshots_with"], account, patterns, UNUSUAL, timeout=ERASE_SECONDS
        )
        rows = [(row, forgotten) for row in found if (forgotten := _forgotten(row["body"], is_erased)) is not None]
        for row, forgotten in rows:
            key = (account, row["kind"], row["id"], row["version"])
            await connection.execute(suppression.SQL["rewrite_snapshot"], *key, forgotten)
            await _rewrite_meeting(connection, account, Kind(row["kind"]), row["body"], forgotten)
        await _blank_meetings(connection, account, patterns, is_erased)
        current = [(Kind(row["kind"]), row["id"]) for row, _ in rows if row["is_current"]]
        await _rewrite_rows(connection, account, current, Redaction(drop, is_erased), db.clock.now())
        quarantined = await _rewrite_quarantine(connection, account, patterns, is_erased)
        deliveries = await _rewrite_deliveries(connection, account, patterns, is_erased)
        objects_of = {(str(row["kind"]), str(row["id"])) for row, _ in rows}
        await suppression.blank_reasons(connection, account, objects_of, patterns, UNUSUAL)
        total = await connection.fetchval(suppression.SQL["object_count"], account)
    if not is_dry:
        await change_feed.publish(db)
    return Erasure(len(current), len(rows), quarantined, deliveries, total)


@asynccontextmanager
async def _transaction(connection: Connection, is_dry: bool) -> AsyncIterator[None]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    except BaseException:
        await transaction.rollback()
        raise
    await (transaction.rollback() if is_dry else transaction.commit())


def _patterns(address: str) -> list[str]:
    """LIKE patterns of the spellings of an address in a document: plain, or inside a link."""
    spelt = {address.replace("+", plus).replace("@", at) for plus in ("+", "%2b") for at in ("@", "%40")}
    escaped = [text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for text in spelt | {quote(address)}]
    return [f"%{text.lower()}%" for text in escaped]


def _forgotten(body: bytes, is_erased: IsErased) -> bytes | None:
    """The document without the person; None when the person is not in it (ann@ is not joann@)."""
    document: dict[str, Any] = json_text.decode(body)
    kept = forget(document, is_erased)
    return None if kept is document else canonical(kept)


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
            snapshot = PARSERS[kind](old.body, redaction)
            seen = Observation(snapshot, old.raw_hash, fence, now, Via.AUDIT)
            records.append(Record(seen, Change.ERASED, old.version, (), old.transition_seq, (), None, ()))
        await apply.rewrite(connection, account, kind, records)


async def _rewrite_meeting(connection: Connection, account: str, kind: Kind, before: bytes, after: bytes) -> None:
    """Rewrites the row of a version's meeting, even of a replaced one: its row has the content of its last version."""
    try:
        old, new = PARSERS[kind](before).meeting, PARSERS[kind](after).meeting
    except RecordError:
        return  # written by an older program with another parser: the meeting is blanked
    if old and new and old != new:
        await connection.execute(suppression.SQL["rewrite_meeting"], account, new.id, *_texts(old), *_texts(new))


async def _blank_meetings(connection: Connection, account: str, patterns: list[str], is_erased: IsErased) -> None:
    """Blanks whole texts of meetings that are in no stored version: a name beside the address cannot be recognized."""
    for row in await connection.fetch(
        suppression.SQL["meetings_with"], account, patterns, UNUSUAL, timeout=ERASE_SECONDS
    ):
        said = {name: row[name] for name in MEETING_TEXTS}
        kept = forget(said, is_erased)
        blank = [text if kept[name] == text else None for name, text in said.items()]
        await connection.execute(suppression.SQL["rewrite_meeting"], account, row["id"], *said.values(), *blank)


def _texts(meeting: Meeting) -> tuple[str | None, ...]:
    provider, number, url, error = (getattr(meeting, name) for name in MEETING_TEXTS)
    return provider, number, url, error


async def _rewrite_quarantine(connection: Connection, account: str, patterns: list[str], is_erased: IsErased) -> int:
    count = 0
    for row in await connection.fetch(
        suppression.SQL["quarantine_with"], account, patterns, UNUSUAL, timeout=ERASE_SECONDS
    ):
        if body := _forgotten(row["body"], is_erased):
            await connection.execute(suppression.SQL["rewrite_quarantine"], account, row["kind"], row["id"], body)
            count += 1
    return count


async def _rewrite_deliveries(connection: Connection, account: str, patterns: list[str], is_erased: IsErased) -> int:
    if not await connection.fetchval(suppression.SQL["has_deliveries"]):
        return 0
    count = 0
    for row in await connection.fetch(
        suppression.SQL["deliveries_with"], account, patterns, UNUSUAL, timeout=ERASE_SECONDS
    ):
        if body := _forgotten(row["body"], is_erased):
            await connection.execute(suppression.SQL["rewrite_delivery"], row["place"], body)
            count += 1
    return count

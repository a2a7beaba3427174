"""What is stored of objects: digests to skip the unchanged, rows to decide with, and tombstones."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import asyncpg

from worker.core.model import Kind, Meeting, Stored, StoredMeeting, Via
from worker.logs import log
from worker.store import vault
from worker.store.database import Connection
from worker.store.queries import load

SQL = load("objects")

NO_BODY = b"{}"
"""For an object whose current snapshot somebody deleted: then all of its fields have changed."""


async def take_fences(connection: Connection, count: int) -> list[int]:
    """The next fences, rising; taken before the requests they belong to."""
    return [row["nextval"] for row in await connection.fetch(SQL["fences"], count)]


async def take_fence(connection: Connection) -> int:
    """One of them."""
    return (await take_fences(connection, 1))[0]


async def advance_fence_sequence(connection: Connection, fence: int) -> None:
    """Makes sure that fences go on after this one, which something stored carries.

    They do, unless Postgres lost its last commits or came without its sequence: in a failover, or as a logical copy.
    What looks that had begun before have written would overtake all that follow until then.
    """
    if fence and await connection.fetchval(SQL["advance_fence_sequence"], fence):
        log.warning("fence_sequence_advanced", reason="rows are later than any look this Postgres knows of")


async def load_unlike(
    connection: Connection, account: str, kind: Kind, raw_hashes: Mapping[str, bytes]
) -> dict[str, bytes | None]:
    """Of these digests by id, those that are not stored: with the stored one, None without one or when it is gone."""
    rows = await connection.fetch(SQL[f"{kind}_unlike"], account, list(raw_hashes), list(raw_hashes.values()))
    return {row["id"]: row["raw_hash"] for row in rows}


async def load_stored(
    connection: Connection, account: str, kind: Kind, ids: Collection[str], is_any_new: bool = False
) -> dict[str, Stored]:
    """What decide() needs, locked until the transaction ends.

    With `is_any_new` ids that are not stored stay ours to insert till then. That lock comes before those of rows: in
    the other order two batches over the same new object wait for each other.
    """
    if is_any_new:
        await connection.execute(SQL["lock_new"], account, kind)
    rows = {row["id"]: row for row in await connection.fetch(SQL[f"{kind}_stored"], account, sorted(ids))}
    if not rows:
        return {}
    versions = [row["version"] for row in rows.values()]
    found = await connection.fetch(SQL["bodies"], account, kind, list(rows), versions)
    bodies = {row["id"]: row["body"] for row in found}
    meetings: dict[str, list[StoredMeeting]] = {object_id: [] for object_id in rows}
    for meeting in await connection.fetch(SQL[f"{kind}_meetings"], account, list(rows)):
        meetings[meeting["object_id"]].append(_meeting(meeting))
    return {i: Stored(**dict(row), body=bodies.get(i, NO_BODY), meetings=tuple(meetings[i])) for i, row in rows.items()}


def _meeting(row: Any) -> StoredMeeting:
    content = Meeting(**{name: row[name] for name in Meeting.__struct_fields__})
    return StoredMeeting(row["id"], row["status"], row["transition_seq"], row["is_current"], content)


async def remember_digests(connection: Connection, account: str, kind: Kind, raw_hashes: Mapping[str, bytes]) -> None:
    """Keeps the bytes that lists serve of unchanged objects, where an answer by id has other bytes for the same: else
    each scan would decode them again.
    """
    if raw_hashes:
        await connection.execute(SQL[f"{kind}_digests"], account, list(raw_hashes), list(raw_hashes.values()))


async def known_since(connection: Connection, account: str, kind: Kind, object_id: str) -> datetime | None:
    """When the object last changed, None when it is not stored or gone."""
    changed_at: datetime | None = await connection.fetchval(SQL[f"{kind}_known"], account, object_id)
    return changed_at


async def record_deletion(
    connection: Connection, account: str, kind: Kind, object_id: str, fence: int, now: datetime, reason: str, via: Via
) -> bool:
    """Records a deletion as the next version; the row keeps its last body. False when a later read has written."""
    version = await connection.fetchval(SQL[f"{kind}_deleted"], account, object_id, now, reason, fence, via)
    if version is not None:
        if kind is Kind.APPOINTMENT:
            await vault.drop(connection, account, [object_id], fence)
    else:
        await advance_fence_sequence(
            connection, await connection.fetchval(SQL[f"{kind}_fence"], account, object_id) or 0
        )
    return version is not None


async def record_quarantine(
    connection: Connection,
    account: str,
    kind: Kind,
    object_id: str,
    reason: str,
    byte_count: int,
    body: object,
    now: datetime,
) -> None:
    """Quarantines one unreadable record; `body` is its masked document or None. A body that Postgres cannot hold, such
    as one with letters that the encoding of the database lacks, is left out.
    """
    row = (account, kind, object_id, reason, now, byte_count)
    try:
        async with connection.transaction():  # a savepoint
            await connection.execute(SQL["quarantine"], *row, body)
    except (asyncpg.DataError, asyncpg.ProgramLimitExceededError):
        plain = reason.encode("ascii", "backslashreplace").decode()
        row = (account, kind, object_id, plain, now, byte_count)
        await connection.execute(SQL["quarantine"], *row, None)


async def resolve_quarantine(
    connection: Connection, account: str, kind: Kind, ids: Collection[str], now: datetime
) -> None:
    """Marks parked records as resolved, now that readable versions arrived."""
    await connection.execute(SQL["resolve_quarantine"], account, kind, list(ids), now)

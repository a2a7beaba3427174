"""Stored objects: raw hashes to skip unchanged records, rows for decisions, deletions, and quarantine."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import asyncpg

from worker.core.kinds import KINDS, Conferencing
from worker.core.model import Kind, Meeting, Stored, StoredMeeting, Via
from worker.logs import log
from worker.store import vault
from worker.store.database import Connection
from worker.store.queries import load, load_for

SQL = load("objects")

NO_BODY = b"{}"
"""The body of an object whose current snapshot was deleted by hand: then all of its fields count as changed."""


async def take_fences(connection: Connection, count: int) -> list[int]:
    """Takes the next fences, in rising order, before the requests that they belong to."""
    return [row["nextval"] for row in await connection.fetch(SQL["fences"], count)]


async def take_fence(connection: Connection) -> int:
    """Takes the next fence."""
    return (await take_fences(connection, 1))[0]


async def advance_fence_sequence(connection: Connection, fence: int) -> None:
    """Ensures that the sequence is at least at this fence, which a stored row has.

    The sequence is behind only when Postgres lost its last commits in a failover, or is a logical copy without
    sequences. Rows of earlier reconciles would then supersede every new write until the sequence reaches their fences.
    """
    if fence and await connection.fetchval(SQL["advance_fence_sequence"], fence):
        log.warning(
            "fence_sequence_advanced", reason="stored rows carry later fences than the sequence of this Postgres"
        )


async def load_unlike(
    connection: Connection, account: str, kind: Kind, raw_hashes: Mapping[str, bytes]
) -> dict[str, bytes | None]:
    """The ids whose stored raw hash differs from the given one, with the stored hash; None when no object is stored."""
    rows = await connection.fetch(
        load_for("objects", kind)["unlike"], account, list(raw_hashes), list(raw_hashes.values())
    )
    return {row["id"]: row["raw_hash"] for row in rows}


async def load_stored(
    connection: Connection, account: str, kind: Kind, ids: Collection[str], is_any_new: bool = False
) -> dict[str, Stored]:
    """Loads what decide() needs, and locks these rows until the transaction ends.

    With `is_any_new` no other transaction can insert new objects meanwhile. That lock is taken before the row locks: in
    the opposite order two batches with the same new object would wait for each other.
    """
    if is_any_new:
        await connection.execute(SQL["lock_new"], account, kind)
    sql = load_for("objects", kind)
    rows = {row["id"]: row for row in await connection.fetch(sql["stored"], account, sorted(ids))}
    if not rows:
        return {}
    versions = [row["version"] for row in rows.values()]
    found = await connection.fetch(SQL["bodies"], account, kind, list(rows), versions)
    bodies = {row["id"]: row["body"] for row in found}
    meetings: dict[str, list[StoredMeeting]] = {object_id: [] for object_id in rows}
    has_meetings = KINDS[kind].conferencing is not Conferencing.NONE
    for meeting in await connection.fetch(sql["meetings"], account, list(rows)) if has_meetings else ():
        meetings[meeting["object_id"]].append(_meeting(meeting))
    return {i: Stored(**dict(row), body=bodies.get(i, NO_BODY), meetings=tuple(meetings[i])) for i, row in rows.items()}


def _meeting(row: Any) -> StoredMeeting:
    content = Meeting(**{name: row[name] for name in Meeting.__struct_fields__})
    return StoredMeeting(row["id"], row["status"], row["transition_seq"], row["is_current"], content)


async def remember_raw_hashes(
    connection: Connection, account: str, kind: Kind, raw_hashes: Mapping[str, bytes]
) -> None:
    """Stores the raw hashes of list records whose objects are unchanged but whose answers by id have other bytes.

    Otherwise each scan would decode these records again.
    """
    if raw_hashes:
        statement = load_for("objects", kind)["raw_hashes"]
        await connection.execute(statement, account, list(raw_hashes), list(raw_hashes.values()))


async def known_since(connection: Connection, account: str, kind: Kind, object_id: str) -> datetime | None:
    """When the object last changed, None when it is not stored or is deleted."""
    changed_at: datetime | None = await connection.fetchval(load_for("objects", kind)["known"], account, object_id)
    return changed_at


async def record_deletion(
    connection: Connection, account: str, kind: Kind, object_id: str, fence: int, now: datetime, reason: str, via: Via
) -> bool:
    """Records a deletion as the next version; the row keeps its last body. False when a later fence has written."""
    sql = load_for("objects", kind)
    version = await connection.fetchval(sql["deleted"], account, object_id, now, reason, fence, via)
    if version is not None:
        if KINDS[kind].conferencing is not Conferencing.NONE:
            await connection.execute(sql["retire_meetings"], account, object_id, now)
        if KINDS[kind].has_credentials:
            await vault.drop(connection, account, [object_id], fence)
    else:
        await advance_fence_sequence(connection, await connection.fetchval(sql["fence"], account, object_id) or 0)
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
    """Marks quarantined records as resolved, now that readable versions arrived."""
    await connection.execute(SQL["resolve_quarantine"], account, kind, list(ids), now)

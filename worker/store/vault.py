"""The vault: sealed credentials of meetings, one row per appointment, written in the transaction of its object.

Without keys nothing is stored. Dates follow the database's clock.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from savvycal_sync.keyring import Key, Keyring, Sealed
from savvycal_sync.vault import COLUMNS, place
from worker.core.kinds import KINDS
from worker.core.model import Credentials, Kind, Observation
from worker.store.database import Connection
from worker.store.queries import load

SQL = load("vault")

PURGE_BATCH = 1000
ROTATE_BATCH = 200


async def differing(
    connection: Connection, keyring: Keyring, account: str, kind: Kind, served: Mapping[str, bytes]
) -> set[str]:
    """Ids whose credentials, as served, differ from the stored ones.

    `served` contains only records with credentials: a credential that was removed changes the raw hash.
    """
    if not served or not KINDS[kind].has_credentials:
        return set()
    rows = await connection.fetch(SQL["heads"], account, list(served))
    return {row["id"] for row in rows if not _same(keyring, account, row["id"], row, served[row["id"]])}


def _same(keyring: Keyring, account: str, appointment_id: str, row: Any, served: bytes) -> bool:
    key = keyring.get(row["key_id"]) if row["key_id"] else None
    return key is not None and row["keyed_hash"] == _keyed_hash(key, account, appointment_id, served)


def _keyed_hash(key: Key, account: str, appointment_id: str, served: bytes) -> bytes:
    return key.keyed_hash(account.encode(), appointment_id.encode(), served)


async def keep(
    connection: Connection, keyring: Keyring | None, account: str, seen: Sequence[Observation]
) -> dict[str, int]:
    """Stores the observed credentials in the vault. The caller holds the locks that `load_stored` took.

    Returns the appointments whose secret was written under a later fence, each with that fence.
    """
    if not seen:
        return {}
    ends = {o.snapshot.id: o.snapshot.end_at for o in seen}
    await connection.execute(SQL["move"], account, list(ends), list(ends.values()))
    if keyring is None:
        return {}
    rows = await connection.fetch(SQL["stored"], account, list(ends))
    stored = {row["appointment_id"]: row for row in rows}
    superseded: dict[str, int] = {}
    for one in seen:
        row = stored.get(one.snapshot.id)
        if _is_kept(keyring, account, one, row):
            continue
        if row is not None and row["fence"] >= one.fence:
            superseded[one.snapshot.id] = row["fence"]
        elif one.snapshot.credentials is None:
            await drop(connection, account, [one.snapshot.id], one.fence)
        else:
            await _put(connection, keyring.first, account, one, one.snapshot.credentials)
    return superseded


def _is_kept(keyring: Keyring, account: str, seen: Observation, row: Any) -> bool:
    """Whether the vault already has the observed secret, or correctly has none."""
    found = seen.snapshot.credentials
    if found is None or row is None:
        return found is None and row is None
    return row["meeting_id"] == found.meeting_id and _same(keyring, account, seen.snapshot.id, row, found.served)


async def _put(connection: Connection, key: Key, account: str, seen: Observation, found: Credentials) -> None:
    sealed = [
        key.seal(place(account, found.meeting_id or "", column), plain).data if plain else None
        for column, plain in zip(COLUMNS, (found.host_url, found.password), strict=True)
    ]
    mark = _keyed_hash(key, account, seen.snapshot.id, found.served)
    end_at: datetime | None = seen.snapshot.end_at
    await connection.execute(
        SQL["put"], account, seen.snapshot.id, found.meeting_id, key.id, *sealed, mark, seen.fence, end_at
    )


async def drop(connection: Connection, account: str, appointment_ids: Collection[str], fence: int) -> None:
    """Deletes the secrets of appointments that no longer have any or are deleted."""
    await connection.execute(SQL["drop"], account, list(appointment_ids), fence)


async def purge_due(connection: Connection) -> bool:
    """Whether any secret is past its date."""
    return bool(await connection.fetchval(SQL["purge_due"]))


async def purge(connection: Connection) -> int:
    """Deletes a batch of secrets past their date; returns how many."""
    return int((await connection.execute(SQL["purge"], PURGE_BATCH)).split()[-1])


async def retain(connection: Connection, table: str, keep_days: int) -> int:
    """Deletes a batch of history that is older than `keep_days`; returns how many rows."""
    count: int = await connection.fetchval(SQL["retain"], table, keep_days)
    return count


async def rotate(connection: Connection, keyring: Keyring) -> int:
    """Re-encrypts a batch with the first key; returns how many. Rows locked by other transactions are left out.

    Raises:
        KeyMissing: a key that sealed one of them is not in the keyring.
        TamperedSecret: a value was changed.
    """
    rows = await connection.fetch(SQL["outdated"], keyring.first.id, ROTATE_BATCH)
    for row in rows:
        sealed = [_resealed(keyring, row, column) for column in COLUMNS]
        await connection.execute(SQL["reseal"], row["account"], row["appointment_id"], keyring.first.id, *sealed, b"")
    return len(rows)


async def rotate_all(connection: Connection, keyring: Keyring) -> int:
    """Re-encrypts everything with the first key, each batch in its own transaction; returns how many."""
    total = count = await _rotate_batch(connection, keyring)
    while count:
        count = await _rotate_batch(connection, keyring)
        total += count
    return total


async def _rotate_batch(connection: Connection, keyring: Keyring) -> int:
    async with connection.transaction():
        return await rotate(connection, keyring)


def _resealed(keyring: Keyring, row: Any, column: str) -> bytes | None:
    if row[column] is None:
        return None
    where = place(row["account"], row["meeting_id"] or "", column)
    return keyring.first.seal(where, keyring.open(where, Sealed(row["key_id"], row[column]))).data


async def outdated_count(connection: Connection, keyring: Keyring) -> int:
    """How many secrets are sealed with a key other than the first one."""
    count: int = await connection.fetchval(SQL["outdated_count"], keyring.first.id)
    return count


async def summary(connection: Connection) -> dict[str, int]:
    """How many secrets are stored, and how many of them are past their date."""
    return dict(await connection.fetchrow(SQL["summary"]) or {})

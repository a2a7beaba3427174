"""The suppression list: a keyed hash of each erased person's address, so that a resync does not store the person again.

The key of these hashes is random, one per account, and stored sealed; it stays the same when the keyring is rotated.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from savvycal_sync.keyring import Key, Keyring, Place, Sealed, generate
from worker.errors import KeyMissing
from worker.privacy.redaction import IsErased
from worker.store.database import Connection
from worker.store.queries import load

SQL = load("suppression")


def _place(account: str) -> Place:
    return ("_suppression_keys", account, account, "sealed")


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased from an account; `is_erased` is None when nobody was."""

    count: int
    is_erased: IsErased | None


async def load_erased(connection: Connection, keyring: Keyring | None, account: str) -> Erased:
    """Loads who was erased from an account.

    Raises:
        KeyMissing: a person was erased, and the key that tells whom is not in the keyring: nothing may be stored then.
    """
    rows = await connection.fetch(SQL["suppressed"], account)
    if not rows:
        return Erased(0, None)
    key, known = await _key(connection, keyring, account), {row["keyed_hash"] for row in rows}
    return Erased(len(known), lambda address: mark(key, address) in known)


def mark(key: Key, address: str) -> bytes:
    """The keyed hash of a normalized address."""
    return key.keyed_hash(address.encode())


async def _key(connection: Connection, keyring: Keyring | None, account: str) -> Key:
    row = await connection.fetchrow(SQL["suppression"], account)
    key = keyring.get(row["key_id"]) if keyring and row else None
    if key is None or row is None:
        raise KeyMissing("SAVVYCAL_SECRET_KEYS lacks the key that tells who was erased: put it back to sync on")
    return Keyring.parse(key.open(_place(account), row["sealed"])).first


async def hold(connection: Connection, account: str) -> int:
    """Blocks erasures until the transaction ends; returns how many people were erased so far."""
    await connection.execute(SQL["hold"], account)
    count: int = await connection.fetchval(SQL["erased_count"], account)
    return count


async def suppress(connection: Connection, keyring: Keyring, account: str, address: str) -> None:
    """Stores a normalized address as erased, as a keyed hash only."""
    fresh = keyring.first.seal(_place(account), generate())
    await connection.execute(SQL["put_suppression"], account, fresh.key_id, fresh.data)
    key = await _key(connection, keyring, account)
    await connection.execute(SQL["suppress"], account, mark(key, address))


async def rotate(connection: Connection, keyring: Keyring) -> int:
    """Re-encrypts the keys of all suppression lists with the first key; returns how many."""
    rows = await connection.fetch(SQL["outdated_suppression"], keyring.first.id)
    for row in rows:
        where = _place(row["account"])
        sealed = keyring.first.seal(where, keyring.open(where, Sealed(row["key_id"], row["sealed"])))
        await connection.execute(SQL["reseal_suppression"], row["account"], sealed.key_id, sealed.data)
    return len(rows)


async def blank_reasons(
    connection: Connection, account: str, found: Collection[tuple[str, str]], patterns: Sequence[str], unusual: str
) -> None:
    """Blanks the reasons of transitions of these (kind, id), of their meetings, and wherever a pattern matches."""
    kinds, ids = [kind for kind, _ in found], [object_id for _, object_id in found]
    await connection.execute(SQL["blank_reasons"], account, kinds, ids, patterns, unusual)

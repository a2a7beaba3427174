"""Database access of audits: samples, stored ids and hashes, and the results in `runs`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.core.missing import Missing
from worker.core.model import Kind, Product
from worker.core.windows import Bounds
from worker.store.database import Connection
from worker.store.queries import load, load_for

SQL = load("audits")


async def sample(connection: Connection, account: str, kind: Kind, size: int, salt: str) -> list[str]:
    """Ids of stored objects. `salt` determines which ones, so a random salt gives a random sample."""
    return [row["id"] for row in await connection.fetch(load_for("audits", kind)["sample"], account, size, salt)]


async def content_hash_of(connection: Connection, account: str, kind: Kind, object_id: str) -> bytes | None:
    """The stored content hash, None when the object is not stored."""
    found: bytes | None = await connection.fetchval(load_for("audits", kind)["content_hash"], account, object_id)
    return found


async def ids_in_range(
    connection: Connection, account: str, kind: Kind, inner: Bounds, stored_before: datetime, unread: Sequence[Missing]
) -> set[str]:
    """Objects of a range that were stored before the audit began, without those in ranges that it could not read."""
    ranges = [one.first for one in unread], [one.last for one in unread]
    rows = await connection.fetch(
        load_for("audits", kind)["ids"], account, inner.start, inner.until, stored_before, *ranges
    )
    return {row["id"] for row in rows}


async def record(
    connection: Connection, account: str, product: Product, started_at: datetime, read: int, match: int, differing: int
) -> None:
    """Records the result in `runs`."""
    await connection.execute(SQL["record"], account, product, started_at, read, match, differing)


@dataclass(frozen=True, slots=True)
class Due:
    """A sample that the background audit reads now."""

    account: str
    product: Product


async def plan(connection: Connection, account: str, product: Product) -> None:
    """Adds a product of an account to the background audit; a new one is due at once."""
    await connection.execute(SQL["plan"], account, product)


async def claim_due(
    connection: Connection, reachable: Collection[tuple[str, Product]], most: int, every_seconds: float
) -> list[Due]:
    """Claims up to `most` products whose sample is due, oldest first; each is due again after `every_seconds`."""
    accounts, products = [account for account, _ in reachable], [product for _, product in reachable]
    rows = await connection.fetch(SQL["claim_due"], accounts, products, most, every_seconds)
    return [Due(row["account"], Product(row["product"])) for row in rows]


async def is_due(connection: Connection, reachable: Collection[tuple[str, Product]]) -> bool:
    """Whether a sample of the background audit is due."""
    accounts, products = [account for account, _ in reachable], [product for _, product in reachable]
    return bool(await connection.fetchval(SQL["is_due"], accounts, products))

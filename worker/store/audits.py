"""What an audit needs of the tables, and where its result goes."""

from collections.abc import Sequence
from datetime import datetime

from worker.core.cadence import Bounds
from worker.core.model import Kind, Product
from worker.core.split import Missing
from worker.store.database import Connection
from worker.store.queries import load, load_for

SQL = load("audits")


async def sample(connection: Connection, account: str, kind: Kind, size: int) -> list[str]:
    """Ids of stored objects, chosen by chance."""
    return [row["id"] for row in await connection.fetch(load_for("audits", kind)["sample"], account, size)]


async def content_hash_of(connection: Connection, account: str, kind: Kind, object_id: str) -> bytes | None:
    """The content hash that is stored, None when the object is not."""
    found: bytes | None = await connection.fetchval(load_for("audits", kind)["content_hash"], account, object_id)
    return found


async def ids_in_range(
    connection: Connection, account: str, kind: Kind, inner: Bounds, stored_before: datetime, unread: Sequence[Missing]
) -> set[str]:
    """Objects of a range that were stored before the audit began and do not lie where it could not read."""
    ranges = [one.first for one in unread], [one.last for one in unread]
    rows = await connection.fetch(
        load_for("audits", kind)["ids"], account, inner.start, inner.until, stored_before, *ranges
    )
    return {row["id"] for row in rows}


async def record(
    connection: Connection, account: str, product: Product, started_at: datetime, read: int, match: int, differing: int
) -> None:
    """Writes the result among the runs."""
    await connection.execute(SQL["record"], account, product, started_at, read, match, differing)


async def claim_continuous(connection: Connection, account: str, product: Product, every_seconds: float) -> bool:
    """Whether the slow audit is due; whoever asks first does it."""
    return bool(await connection.fetchval(SQL["claim_continuous"], account, product, every_seconds))

"""Actions of a person, from the page or the command line: retry, discard, approve deletions."""

from worker.core.model import Product
from worker.errors import ResyncRejected
from worker.store import scans, work_queue
from worker.store.database import Connection

APPROVED_MAX = 100_000_000


async def retry(
    connection: Connection, account: str, name: str | None, kind: str | None = None, reason: str | None = None
) -> int:
    """Retries dead letters: one object or scan by name, or all of the account that match. Returns how many."""
    return await _each(connection, "retry", account, name, kind, reason)


async def discard(
    connection: Connection, account: str, name: str | None, kind: str | None = None, reason: str | None = None
) -> int:
    """Discards pending work on one object or scan, or all of the account that match. Returns how many.

    No stored row is removed.
    """
    return await _each(connection, "discard", account, name, kind, reason)


async def _each(connection: Connection, statement: str, *given: str | None) -> int:
    done = [await connection.execute(each.SQL[statement], *given) for each in (work_queue, scans)]
    return sum(int(status.split()[1]) for status in done)


async def approve_deletions(connection: Connection, account: str, product: str, count: str) -> int:
    """Approves up to `count` deletions of a product for a day; returns the count.

    Raises:
        ResyncRejected: the account does not mirror the product, or `count` is not a number.
    """
    if product not in set(Product) or not count.isascii() or not count.isdigit() or int(count) > APPROVED_MAX:
        raise ResyncRejected("name a product and a number of deletions")
    if not await scans.approve_deletions(connection, account, Product(product), int(count)):
        raise ResyncRejected(f"account {account} mirrors no {product}")
    return int(count)

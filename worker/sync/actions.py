"""Actions of a person, from the page or the command line: retry, discard, approve deletions."""

from worker.core.kinds import KINDS
from worker.core.model import Kind, Product
from worker.errors import ResyncRejected
from worker.store import coverage, scans, work_queue
from worker.store.database import Connection

APPROVED_MAX = 100_000_000


async def retry(
    connection: Connection, account: str, name: str | None, kind: str | None = None, reason: str | None = None
) -> int:
    """Retries dead letters: one object or scan by name, or all of the account that match. Returns how many."""
    return await _both(connection, "retry", account, name, kind, reason)


async def discard(
    connection: Connection, account: str, name: str | None, kind: str | None = None, reason: str | None = None
) -> int:
    """Discards pending work on one object or scan, or all of the account that match. Returns how many.

    No stored row is removed.
    """
    return await _both(connection, "discard", account, name, kind, reason)


async def _both(
    connection: Connection, statement: str, account: str, name: str | None, kind: str | None, reason: str | None
) -> int:
    """Runs a statement about objects and the one about scans; returns how many rows they met."""
    done = [
        await connection.execute(work_queue.SQL[statement], account, name, kind, reason),
        await connection.execute(scans.SQL[statement], account, name, product_of(kind), reason),
    ]
    return sum(int(status.split()[1]) for status in done)


def product_of(kind: str | None) -> Product | None:
    """The product whose lists show this kind."""
    return KINDS[Kind(kind)].listing if kind else None


async def approve_deletions(connection: Connection, account: str, product: str, count: str) -> int:
    """Approves up to `count` deletions of a product for a day; returns the count.

    Raises:
        ResyncRejected: the account does not mirror the product, or `count` is not a number.
    """
    if product not in set(Product) or not count.isascii() or not count.isdigit() or int(count) > APPROVED_MAX:
        raise ResyncRejected("name a product and a number of deletions")
    if not await coverage.approve_deletions(connection, account, Product(product), int(count)):
        raise ResyncRejected(f"account {account} mirrors no {product}")
    return int(count)

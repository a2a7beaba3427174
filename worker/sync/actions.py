"""Actions of a person, from a page, the command line or the HTTP API: on work, deletions and accounts."""

from typing import Any

from worker.core.model import Product
from worker.errors import ResyncRejected
from worker.store import accounts, coverage, work_queue
from worker.store.database import Connection

APPROVED_MAX = 100_000_000

NAMES_MAX = 10
"""Names that an error lists."""


async def list_work(
    connection: Connection, limit: int, account: str | None, kind: str | None, reason: str | None
) -> list[dict[str, Any]]:
    """Pending work on objects and scans: dead letters first, then by priority."""
    return [dict(row) for row in await connection.fetch(work_queue.SQL["open_work"], limit, account, kind, reason)]


async def retry(
    connection: Connection, account: str, name: str | None, kind: str | None = None, reason: str | None = None
) -> int:
    """Retries dead letters: one object or scan by name, or all of the account that match. Returns how many."""
    return await _count(connection, "retry", account, name, kind, reason)


async def discard(
    connection: Connection, account: str, name: str | None, kind: str | None = None, reason: str | None = None
) -> int:
    """Discards pending work on one object or scan, or all of the account that match. Returns how many.

    No stored row is removed.
    """
    return await _count(connection, "discard", account, name, kind, reason)


async def _count(
    connection: Connection, statement: str, account: str, name: str | None, kind: str | None, reason: str | None
) -> int:
    status = await connection.execute(work_queue.SQL[statement], account, name, kind, reason)
    return int(status.split()[1])


async def approve_deletions(connection: Connection, account: str, product: Product, count: int) -> None:
    """Approves up to `count` deletions of a product for a day.

    Raises:
        ResyncRejected: the account does not mirror the product.
    """
    if not await coverage.approve_deletions(connection, account, product, count):
        raise ResyncRejected(f"account {account} mirrors no {product}")


async def list_accounts(connection: Connection) -> list[accounts.Row]:
    """Every product of every account, ordered by both."""
    return await accounts.load_rows(connection)


async def pause(connection: Connection, account: str, product: str | None, by: str) -> list[accounts.Row]:
    """Pauses all products of an account, or one of them; returns their rows. Work that is running ends within half a
    minute. Webhooks are stored and requests kept meanwhile. `by`: who it was.

    Raises:
        ResyncRejected: there is no such account or product; the message names those that exist.
    """
    await _refuse_unknown(connection, account, product)
    await accounts.pause(connection, account, product, by)
    return await accounts.load_rows(connection, account, product)


async def resume(connection: Connection, account: str, product: str | None) -> list[accounts.Row]:
    """Ends a pause; returns the rows. What is due is done now, the windows first.

    Raises:
        ResyncRejected: there is no such account or product; the message names those that exist.
    """
    await _refuse_unknown(connection, account, product)
    await accounts.resume(connection, account, product)
    return await accounts.load_rows(connection, account, product)


async def _refuse_unknown(connection: Connection, account: str, product: str | None) -> None:
    known = await accounts.load_rows(connection)
    mine = [row["product"] for row in known if row["account"] == account]
    if not mine:
        names = list(dict.fromkeys(row["account"] for row in known))
        raise ResyncRejected(f"no account is called {account}; {_listed(names)}")
    if product is not None and product not in mine:
        raise ResyncRejected(f"account {account} has no {product}; {_listed(mine)}")


def _listed(names: list[str]) -> str:
    if not names:
        return "none was ever synced into this database: start `savvycal-sync run`"
    more = f" and {len(names) - NAMES_MAX} more" if len(names) > NAMES_MAX else ""
    return f"known: {', '.join(names[:NAMES_MAX])}{more}"

"""What a person may do to the mirror, from the page or the command line: retry, discard, approve deletions, resync."""

from worker import queue
from worker.core.model import Product
from worker.errors import ResyncRejected
from worker.store import scans, work_queue
from worker.store.database import Connection
from worker.sync import requests
from worker.sync.context import SyncContext

APPROVED_MAX = 100_000_000


async def retry(
    connection: Connection, account: str, name: str | None, kind: str | None = None, reason: str | None = None
) -> int:
    """Tries dead letters again: one object or scan by name, or all of the account that match; how many."""
    return await _each(connection, "retry", account, name, kind, reason)


async def discard(
    connection: Connection, account: str, name: str | None, kind: str | None = None, reason: str | None = None
) -> int:
    """Discards pending work on one object or scan, or all of the account that match; how many. No stored row is
    removed.
    """
    return await _each(connection, "discard", account, name, kind, reason)


async def _each(connection: Connection, statement: str, *given: str | None) -> int:
    done = [await connection.execute(each.SQL[statement], *given) for each in (work_queue, scans)]
    return sum(int(status.split()[1]) for status in done)


async def approve_deletions(connection: Connection, account: str, product: str, count: str) -> int:
    """Approves up to `count` deletions of a product for a day; the count.

    Raises:
        ResyncRejected: no such product in that account, or no count.
    """
    if product not in set(Product) or not count.isascii() or not count.isdigit() or int(count) > APPROVED_MAX:
        raise ResyncRejected("name a product and a number of deletions")
    if not await scans.approve_deletions(connection, account, Product(product), int(count)):
        raise ResyncRejected(f"account {account} mirrors no {product}")
    return int(count)


async def resync(context: SyncContext, account: str, target: str, product: str | None = None) -> list[str]:
    """Asks for an id, a range of dates or `all`; an answer for each request made.

    Raises:
        ResyncRejected: the target names nothing that this account can be asked for.
    """
    return [await _request(context, account, call) for call in queue.calls_for(target, product)]


async def _request(context: SyncContext, account: str, call: queue.Call) -> str:
    if call.job == "resync_all":
        return await requests.resync_all(context, Product(call.arguments[0]), account)
    if call.job == "resync_window":
        product, first, last = call.arguments
        return await requests.resync_window(context, Product(product), first, last, account)
    return await requests.resync_object(context, call.kind, call.arguments[0], account)

"""Public requests for a resync: each enqueues work and wakes a worker.

Each returns `queued`, `merged` (it was queued already) or `running` (one more run follows).
"""

from collections.abc import Iterable

from savvycal_sync.targets import Target, parse_range, targets_of
from worker.core import windows
from worker.core.kinds import KINDS
from worker.core.model import Kind, Product
from worker.core.result import Priority
from worker.core.windows import Bounds
from worker.errors import ResyncRejected
from worker.savvycal.wire import is_id
from worker.store import coverage, scans, work_queue
from worker.store.database import Connection
from worker.store.scans import WindowKey
from worker.sync.context import SyncContext


async def resync(context: SyncContext, text: str, product: str | None, account: str) -> list[tuple[Target, str]]:
    """Requests an id, a range of dates or `all`; returns an answer for each target.

    Without a product, products that this account does not mirror are left out.

    Raises:
        ResyncRejected: the text names nothing that this account mirrors.
    """
    answers, refusals = [], []
    for target in targets_of(text, product):
        try:
            answers.append((target, await _resync(context, target, account)))
        except ResyncRejected as error:
            refusals.append(error)
    if not answers:
        raise refusals[0]
    return answers


async def _resync(context: SyncContext, target: Target, account: str) -> str:
    if target.object_id:
        return await resync_object(context, target.product.kind, target.object_id, account)
    if target.days:
        first, last = (day.isoformat() for day in target.days)
        return await resync_window(context, target.product, first, last, account)
    return await resync_all(context, target.product, account)


async def resync_object(context: SyncContext, kind: Kind, object_id: str, account: str) -> str:
    """Requests a re-read of one object, with the highest priority while its account has few such requests.

    Raises:
        ResyncRejected: not an id, a kind without a token in this account, or too many pending requests of the account.
    """
    if not is_id(object_id):
        raise ResyncRejected("that is not an id")
    async with context.db.connection() as connection:
        await _refuse_unknown(context, connection, account, KINDS[kind].listing, f"{kind}s")
        answer = await work_queue.request_for_user(connection, account, kind, object_id)
    if answer == "refused":
        raise ResyncRejected("too many objects of that account wait to be read again")
    await context.wake("work")
    return answer


async def resync_objects(context: SyncContext, kind: Kind, object_ids: Iterable[str], account: str) -> dict[str, int]:
    """Requests several objects of one account in one transaction; counts those queued, merged, running and refused.

    Raises:
        ResyncRejected: the account has no token for this kind.
        StoreError: nothing was requested.
    """
    async with context.db.transaction() as connection:
        await _refuse_unknown(context, connection, account, KINDS[kind].listing, f"{kind}s")
        answers = await work_queue.request_many_for_user(connection, account, kind, list(filter(is_id, object_ids)))
    await context.wake("work")
    return answers


async def resync_window(context: SyncContext, product: Product, first: str, last: str, account: str) -> str:
    """Requests a scan of the objects that start from `first` to `last` (dates, both included).

    Raises:
        ResyncRejected: not a range, objects without times, or a product that is not configured.
    """
    if KINDS[product.kind].start_column is None:
        raise ResyncRejected(f"{product} have no times: ask for all of them")
    start, until = parse_range(first, last)
    bounds = windows.padded(start, until)
    return await _scan(context, WindowKey(account, product, f"{start}..{until}"), bounds)


async def resync_all(context: SyncContext, product: Product, account: str) -> str:
    """Requests a scan of everything.

    Raises:
        ResyncRejected: a product that is not configured.
    """
    return await _scan(context, WindowKey(account, product, "all"), Bounds(None, None))


async def _scan(context: SyncContext, key: WindowKey, bounds: Bounds) -> str:
    async with context.db.connection() as connection:
        await _refuse_unknown(context, connection, key.account, key.product, key.product)
        answer = await scans.open_scan(connection, key, "resync", Priority.USER, bounds)
    await context.wake("scan")
    return answer


async def _refuse_unknown(
    context: SyncContext, connection: Connection, account: str, product: Product, what: str
) -> None:
    """Rejects requests for unknown accounts. A request for an account of another process waits for that process.

    Raises:
        ResyncRejected: no process has ever mirrored this product of the account.
    """
    if context.endpoint(account, product) is None and not await coverage.is_planned(connection, account, product):
        raise ResyncRejected(f"no token is configured for {what} of that account")

"""The public triggers: each marks the ledger and rings. Answers queued, merged, or running (one more run follows)."""

from worker.core import cadence
from worker.core.cadence import Bounds
from worker.core.model import Kind, Product
from worker.errors import BadTrigger
from worker.queue import parse_range
from worker.savvycal.wire import is_id
from worker.store import passes, targets
from worker.store.passes import WindowKey
from worker.sync.mirror import Mirror


async def resync_object(mirror: Mirror, kind: Kind, object_id: str, account: str) -> str:
    """Asks for one look at one object, before everything else.

    Raises:
        BadTrigger: not an id, or nothing that this account can be asked for.
    """
    if not is_id(object_id):
        raise BadTrigger("that is not an id")
    if mirror.endpoint_for(account, kind) is None:
        raise BadTrigger(f"no token is configured for {kind}s of that account")
    async with mirror.db.connection() as connection:
        answer = await targets.request(connection, account, kind, object_id, targets.PRIORITY_USER, "resync")
    await mirror.ring("work")
    return answer


async def resync_window(mirror: Mirror, product: Product, first: str, last: str, account: str) -> str:
    """Asks for a sweep over the objects that start from `first` to `last` (dates, both included).

    Raises:
        BadTrigger: not a range, or a product that is not configured.
    """
    start, until = parse_range(first, last)
    bounds = cadence.padded(start, until)
    return await _sweep(mirror, WindowKey(account, product, f"{start}..{until}"), bounds)


async def resync_all(mirror: Mirror, product: Product, account: str) -> str:
    """Asks for a sweep over everything.

    Raises:
        BadTrigger: a product that is not configured.
    """
    return await _sweep(mirror, WindowKey(account, product, "all"), Bounds(None, None))


async def _sweep(mirror: Mirror, key: WindowKey, bounds: Bounds) -> str:
    if mirror.endpoint(key.account, key.product) is None:
        raise BadTrigger(f"no token is configured for {key.product} of that account")
    async with mirror.db.connection() as connection:
        answer = await passes.open_pass(connection, key, "resync", targets.PRIORITY_USER, bounds)
    await mirror.ring("poll", *key.key)
    return answer

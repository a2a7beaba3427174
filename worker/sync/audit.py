"""Audits: re-reads objects from SavvyCal and counts how many rows match. Each difference is queued for a reconcile.

A sample reads stored objects by id. A range reads SavvyCal's list, so it also finds objects that were never stored.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from worker import errors
from worker.core import windows
from worker.core.missing import Missing
from worker.core.model import Kind, Product
from worker.core.result import Priority
from worker.core.split import Split
from worker.core.windows import Bounds
from worker.logs import log
from worker.savvycal.bodies import Hold, holding
from worker.savvycal.wire import peek_id
from worker.store import audits, work_queue
from worker.store.audits import Due
from worker.sync.batch import load_rules
from worker.sync.context import Endpoint, SyncContext
from worker.sync.iteration import ITERATION_PAGES_MAX
from worker.sync.lane import FreeSlots, Supply
from worker.sync.pages import listed

CONTINUOUS_SAMPLE = 20
CONTINUOUS_EVERY_SECONDS = 900.0
"""The background audit: 80 objects of each product an hour, a two-hundredth of the default rate limit."""

AUDITS_MAX = 16
"""Audits that the background audit runs at the same time in one process."""

Progress = Callable[[int], None]
"""Called with the number of objects that have been compared so far."""


@dataclass(slots=True)
class Audit:
    """The result of an audit: how many objects match, and the ids of all others."""

    account: str
    product: Product
    match: int = 0
    stale: list[str] = field(default_factory=list)
    """The stored version differs from what SavvyCal serves."""
    missing: list[str] = field(default_factory=list)
    """Served by SavvyCal, not stored."""
    extra: list[str] = field(default_factory=list)
    """Stored and not marked as deleted, but not served by SavvyCal (404, or not listed)."""
    unreadable: list[str] = field(default_factory=list)
    """Served in a form that goes to quarantine."""

    @property
    def differing(self) -> list[str]:
        """Ids of all objects that are to be reconciled."""
        return self.stale + self.missing + self.extra

    @property
    def compared(self) -> int:
        """How many objects were compared."""
        return self.match + len(self.differing) + len(self.unreadable)


async def audit_sample(context: SyncContext, account: str, product: Product, size: int, progress: Progress) -> Audit:
    """Reads `size` random stored objects by id and compares them."""
    endpoint = _endpoint(context, account, product)
    found, started_at = Audit(account, product), context.db.clock.now()
    async with context.db.connection() as connection:
        ids = await audits.sample(connection, account, product.kind, size, str(context.random.random()))
    for object_id in ids:
        try:
            await _compare(context, endpoint, found, object_id, await endpoint.fetch_one(object_id))
        except errors.NotThere:
            found.extra.append(object_id)
        progress(found.compared)
    await _conclude(context, found, started_at)
    return found


async def audit_range(
    context: SyncContext, account: str, product: Product, bounds: Bounds, progress: Progress
) -> Audit:
    """Reads SavvyCal's list of a range of start dates and compares every object in it."""
    endpoint = _endpoint(context, account, product)
    found, started_at, seen = Audit(account, product), context.db.clock.now(), set[str]()
    unread: list[Missing] = []
    with holding() as hold:
        async for raw in _listed(endpoint, bounds, unread, hold):
            try:
                object_id = peek_id(raw)
                if object_id not in seen:
                    await _compare(context, endpoint, found, object_id, raw)
                seen.add(object_id)
            except errors.RecordError:
                found.unreadable.append("?")
            progress(found.compared)
    async with context.db.connection() as connection:
        inner = windows.inside(bounds)
        stored = await audits.ids_in_range(connection, account, product.kind, inner, started_at, unread)
    found.extra += sorted(stored - seen)
    await _conclude(context, found, started_at)
    return found


def _endpoint(context: SyncContext, account: str, product: Product) -> Endpoint:
    endpoint = context.endpoint(account, product)
    if endpoint is None:
        raise errors.ResyncRejected(f"no token is configured for {product} of account {account}")
    return endpoint


async def _listed(endpoint: Endpoint, bounds: Bounds, unread: list[Missing], hold: Hold) -> AsyncIterator[bytes]:
    """Yields all records that can be read; ranges that cannot be read are appended to `unread`."""
    async with aclosing(listed(endpoint, bounds, None, Split(is_known=True), 1)) as steps:
        for _ in range(ITERATION_PAGES_MAX):
            step = await anext(steps)
            for raw in step.page.records:
                yield raw
            if step.split.is_over:
                unread += step.split.missing
                return
            del step
            hold.give_back(hold.count)  # before the next page is requested
    raise errors.Suspect("the list does not end")


async def _compare(context: SyncContext, endpoint: Endpoint, found: Audit, object_id: str, raw: bytes) -> None:
    async with context.db.connection() as connection:
        redaction = (await load_rules(connection, endpoint.source, found.account)).redaction
    try:
        content_hash = endpoint.source.parse_record(raw, redaction).content_hash
    except errors.RecordError:
        found.unreadable.append(object_id)
        return
    async with context.db.connection() as connection:
        stored = await audits.content_hash_of(connection, found.account, found.product.kind, object_id)
    if stored is None:
        found.missing.append(object_id)
    elif stored == content_hash:
        found.match += 1
    else:
        found.stale.append(object_id)


async def _conclude(context: SyncContext, found: Audit, started_at: datetime) -> None:
    """Records the run, and requests a reconcile of every object that differs."""
    kind: Kind = found.product.kind
    async with context.db.transaction() as connection:
        for object_id in sorted(found.differing):  # the order in which all writers lock work items
            await work_queue.request(connection, found.account, kind, object_id, Priority.CONFIRM, "audit")
        await audits.record(
            connection, found.account, found.product, started_at, found.compared, found.match, len(found.differing)
        )
    if found.differing:
        await context.wake("work")


async def work(context: SyncContext) -> None:
    """The background audit: reads a small sample of each product whose last sample is older than the interval."""

    async def claim(free_slots: FreeSlots) -> Sequence[Due]:
        asked = [(account, product) for account, product in context.reachable() if account in free_slots]
        async with context.db.connection() as connection:
            return await audits.claim_due(connection, asked, AUDITS_MAX, CONTINUOUS_EVERY_SECONDS)

    async def run(due: Due) -> None:
        try:
            await audit_sample(context, due.account, due.product, CONTINUOUS_SAMPLE, lambda _count: None)
        except errors.SavvycalSyncError as error:
            if not context.is_already_logged(error):
                log.warning("audit_failed", account=due.account, product=due.product, error=str(error))
        except Exception as error:  # noqa: BLE001 - the audits of other accounts must go on
            log.error("audit_crashed", account=due.account, product=due.product, error=type(error).__name__)

    await context.audits.work(Supply(context.reachable_accounts, AUDITS_MAX, claim, run, lambda: context.wake("audit")))

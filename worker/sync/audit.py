"""Re-reads and compares: how much of the mirror is true, as a number. What differs is asked for, so it mends itself.

A sample reads stored objects by id; a range walks SavvyCal's list, so it also finds what the tables never had.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from worker import errors
from worker.core import windows
from worker.core.model import Kind, Product
from worker.core.result import Priority
from worker.core.split import Missing, Split
from worker.core.windows import Bounds
from worker.logs import log
from worker.savvycal.bodies import Hold, holding
from worker.savvycal.wire import peek_id
from worker.store import audits, work_queue
from worker.store.audits import Due
from worker.sync.batch import load_rules
from worker.sync.context import Endpoint, SyncContext
from worker.sync.iteration import ITERATION_PAGES_MAX
from worker.sync.lane import Rooms, Supply
from worker.sync.pages import listed

CONTINUOUS_SAMPLE = 20
CONTINUOUS_EVERY_SECONDS = 900.0
"""The slow audit in the background: 80 objects an hour and product, a two-hundredth of the default budget."""

AUDITS_MAX = 16
"""Of the slow audit, side by side in one process."""

Progress = Callable[[int], None]
"""Told how many objects have been compared so far."""


@dataclass(slots=True)
class Audit:
    """What an audit found; ids of everything that is not a match."""

    account: str
    product: Product
    match: int = 0
    stale: list[str] = field(default_factory=list)
    """Stored otherwise than SavvyCal serves it."""
    missing: list[str] = field(default_factory=list)
    """Served by SavvyCal, not stored."""
    extra: list[str] = field(default_factory=list)
    """Stored as being there, not served (404, or not listed)."""
    unreadable: list[str] = field(default_factory=list)
    """Served in a form that goes to quarantine."""

    @property
    def differing(self) -> list[str]:
        """Everything worth another look."""
        return self.stale + self.missing + self.extra

    @property
    def compared(self) -> int:
        """How many objects were compared."""
        return self.match + len(self.differing) + len(self.unreadable)


async def audit_sample(context: SyncContext, account: str, product: Product, size: int, progress: Progress) -> Audit:
    """Reads `size` stored objects, chosen by chance, by id."""
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
    """Walks SavvyCal's list over a range of start dates and compares every object of it."""
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
    """All records that can be read; `unread` is told of the ranges that cannot."""
    async with aclosing(listed(endpoint, bounds, None, Split(is_known=True), 1)) as steps:
        for _ in range(ITERATION_PAGES_MAX):
            step = await anext(steps)
            for raw in step.page.records:
                yield raw
            if step.split.is_over:
                unread += step.split.missing
                return
            del step
            hold.give_back(hold.count)  # before the next one is asked for
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
    """Writes the run, and asks for everything that differs."""
    kind: Kind = found.product.kind
    async with context.db.transaction() as connection:
        for object_id in sorted(found.differing):  # in the order in which everybody locks targets
            await work_queue.request(connection, found.account, kind, object_id, Priority.CONFIRM, "audit")
        await audits.record(
            connection, found.account, found.product, started_at, found.compared, found.match, len(found.differing)
        )
    if found.differing:
        await context.wake("work")


async def work(context: SyncContext) -> None:
    """The slow audit: a small sample of each product of each account whose last one is long enough ago."""

    async def claim(rooms: Rooms) -> Sequence[Due]:
        asked = [(account, product) for account, product in context.reachable() if account in rooms]
        async with context.db.connection() as connection:
            return await audits.claim_due(connection, asked, AUDITS_MAX, CONTINUOUS_EVERY_SECONDS)

    async def run(due: Due) -> None:
        try:
            await audit_sample(context, due.account, due.product, CONTINUOUS_SAMPLE, lambda _count: None)
        except errors.SavvycalSyncError as error:
            if not context.is_already_logged(error):
                log.warning("audit_failed", account=due.account, product=due.product, error=str(error))
        except Exception as error:  # noqa: BLE001 - the audits of other accounts have nothing to do with it
            log.error("audit_crashed", account=due.account, product=due.product, error=type(error).__name__)

    await context.audits.work(
        Supply(context.reachable_accounts, lambda: AUDITS_MAX, claim, run, lambda: context.wake("audit"))
    )

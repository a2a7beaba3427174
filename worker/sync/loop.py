"""Drains the ledger: claims due objects in batches and reconciles each: GET, decide, apply."""

import asyncio
import time
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from worker import errors
from worker.core.cadence import CONFIRM_AFTER
from worker.core.model import via_of
from worker.logs import log
from worker.savvycal.bodies import holding
from worker.savvycal.wire import peek_id
from worker.store import deliveries, tickets, work_queue
from worker.store.database import Connection
from worker.store.tickets import TicketResult
from worker.store.work_queue import WorkItem
from worker.sync import deletion, learn
from worker.sync.batch import Provenance
from worker.sync.context import Endpoint, SyncContext
from worker.sync.retry import ATTEMPTS_MAX, plan_retry
from worker.sync.write import Outcome, write_records

SLICE_SECONDS = 20.0
BATCH = 16
"""Objects looked at side by side; the request budget, not this, sets the pace."""

DRAINS_MAX = 4
"""Runs side by side in one process. More would claim objects that then wait for the budget longer than their lease."""

RETRY_TURN_SECONDS = 10.0

UNREADABLE_AGAIN = timedelta(minutes=15)
"""A watch or a confirming look that met a record nobody can read is still owed, this much later. Lists bring a watch
back, but at their own pace, and a confirming look never."""


async def work(context: SyncContext) -> None:
    """Works off what is due until nothing is, or the time slice is over (then it rings for more).

    When enough runs are at it already, one of them looks once more before it ends.
    """
    context.claim_again = True
    if context.drains >= DRAINS_MAX:
        return
    context.drains += 1
    token = uuid4()
    try:
        is_done = await _drain(context, token)
    except asyncio.CancelledError:
        await asyncio.shield(_give_back(context, token))
        raise
    finally:
        context.drains -= 1
    if not is_done:
        await context.wake("work")


async def _drain(context: SyncContext, token: UUID) -> bool:
    """Whether nothing is due any more; else the time is over."""
    deadline = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < deadline:
        context.claim_again = False
        if not await _one_batch(context, token) and not context.claim_again:
            return True
    return False


async def _one_batch(context: SyncContext, token: UUID) -> bool:
    async with context.db.connection() as connection:
        asked_at = time.monotonic()
        batch = await work_queue.claim(connection, context.reachable(), BATCH, token)
    if batch:
        context.db.clock.set(batch[0].claimed_at, asked_at)
    async with asyncio.TaskGroup() as group:
        for item in batch:
            group.create_task(reconcile(context, item))
    return bool(batch)


async def reconcile(context: SyncContext, item: WorkItem) -> None:
    """One look at one object. A failure goes back to the ledger with its reason."""
    try:
        endpoint = _admitted(context, item)
        with holding():
            raw = await _fetch(context, endpoint, item)
            if raw is not None:
                item = replace(item, missing_since=None)  # it is there, even if writing that should fail
                await _take(context, item, endpoint, raw)
    except errors.LeaseLost:
        log.info("work_lease_lost", kind=item.kind, id=item.id)
    except errors.SavvycalSyncError as error:
        if isinstance(error, errors.Malformed):
            item = replace(item, missing_since=None)  # whatever was said, it was not that it is gone
        await _postpone(context, item, error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the objects beside it have nothing to do with it
        log.error("reconcile_crashed", kind=item.kind, id=item.id, error=type(error).__name__)
        await _postpone(context, item, errors.Unexpected(f"a look at it ended with {type(error).__name__}"))


def _admitted(context: SyncContext, item: WorkItem) -> Endpoint:
    """Where to look, if that is worth trying now.

    Raises:
        SavvycalSyncError: it is not.
    """
    endpoint = context.endpoint_for(item.account, item.kind)
    if endpoint is None:
        raise errors.Refused(f"no token is configured for {item.kind}s of account {item.account}")
    if item.attempts > ATTEMPTS_MAX:
        raise errors.Unexpected(f"{item.attempts - 1} looks at it ended together with their worker")
    if not context.retries.admits(item.attempts):
        raise errors.Paused("too many retries at once; waiting for a turn", RETRY_TURN_SECONDS)
    return endpoint


async def _fetch(context: SyncContext, endpoint: Endpoint, item: WorkItem) -> bytes | None:
    """The object, or None when it is not there; what that means is in the ledger then."""
    try:
        raw = await endpoint.fetch_one(item.id, is_scan=set(item.reasons) == {"meeting"})
    except errors.NotThere as error:
        await deletion.note(context, endpoint, item, error)
        return None
    _must_be(endpoint, raw, item.id)
    return raw


async def _take(context: SyncContext, item: WorkItem, endpoint: Endpoint, raw: bytes) -> None:
    """Writes what was seen, and finishes the target in the same transaction."""
    now = context.db.clock.now()
    provenance = Provenance(
        item.account, item.fence, now, via_of(item.reasons), is_confirmation="confirm" in item.reasons, is_single=True
    )

    async def before(connection: Connection, _outcome: Outcome) -> None:
        await work_queue.hold(connection, item)

    async def after(connection: Connection, outcome: Outcome) -> None:
        await _finish(connection, item, outcome, now)

    product = endpoint.source.product
    await learn.refresh(context.db, item.account, product, endpoint.learned)
    await write_records(context.db, endpoint.source, provenance, [raw], before, after, endpoint.learned)
    await learn.save(context.db, item.account, product, endpoint.learned)


def _must_be(endpoint: Endpoint, raw: bytes, object_id: str) -> None:
    """What has an id may still be unreadable, and goes to the quarantine; what has none was no look at the object."""
    try:
        found = peek_id(raw)
    except errors.RecordError as error:
        raise errors.Malformed(f"SavvyCal answered with something that names no object: {error.reason}") from None
    if found != object_id:
        raise errors.Malformed("SavvyCal answered with another object than the one asked for")


async def _finish(connection: Connection, item: WorkItem, outcome: Outcome, now: datetime) -> None:
    """A change that a single look saw is looked at once more, and no sooner than its time; an unsettled object is
    watched; else it is done. What was doubted gets a look that insists: a watch would only doubt it again. What was
    watched or to be confirmed and cannot be read stays so.
    """
    next_reconciles = [
        (at, work_queue.PRIORITY_WATCH, "watch") for at in outcome.next_reconciles.values() if not outcome.needs_recheck
    ]
    has_changes = bool(outcome.records) and set(item.reasons) != {"meeting"}  # a list has just shown all the rest
    if has_changes or outcome.needs_recheck or "unconfirmed" in item.reasons:
        next_reconciles.append((now + CONFIRM_AFTER, work_queue.PRIORITY_CONFIRM, "confirm"))
    owed = {"watch", "confirm", "unconfirmed"}.intersection(item.reasons)
    if outcome.count.quarantined and owed:
        reason = "watch" if owed == {"watch"} else "confirm"
        next_reconciles.append((now + UNREADABLE_AGAIN, work_queue.PRIORITY_WATCH, reason))
    await deliveries.settle(connection, item)
    if not outcome.needs_recheck:  # else the next read answers who waits
        await tickets.settle(connection, item, _result(outcome))
    if next_reconciles:
        await work_queue.finish(connection, item, *min(next_reconciles))
    else:
        await work_queue.finish(connection, item, None)


def _result(outcome: Outcome) -> TicketResult:
    if outcome.count.quarantined:
        return TicketResult.UNREADABLE
    return TicketResult.DONE if outcome.records else TicketResult.UNCHANGED


async def _postpone(context: SyncContext, item: WorkItem, error: errors.SavvycalSyncError) -> None:
    retry = plan_retry(error, item.attempts, context.random)
    if not context.is_already_logged(error):
        log.warning(
            "reconcile_failed",
            kind=item.kind,
            id=item.id,
            error=str(error),
            retry_seconds=round(retry.seconds),
            dead_lettered=retry.dead_letter,
        )
    try:
        async with context.db.transaction() as connection:
            await work_queue.postpone(connection, item, str(error), retry.seconds, retry.dead_letter, retry.counts)
            if retry.dead_letter:
                await tickets.settle_dead_letter(connection, item, str(error))
    except errors.StoreError as away:
        if not context.is_already_logged(away):
            log.warning("work_left_to_lease", kind=item.kind, id=item.id, error=str(away))


async def _give_back(context: SyncContext, token: UUID) -> None:
    async with context.db.connection() as connection:
        await work_queue.give_back(connection, token)

"""Claims due objects, of several accounts concurrently, and reconciles each: GET, decide, apply."""

from dataclasses import replace
from functools import partial

from worker import errors
from worker.core.model import via_of
from worker.core.result import ATTEMPTS_MAX, DeadLetter, Result, RetryAfter, after_failure, after_read
from worker.logs import log
from worker.savvycal.bodies import holding
from worker.savvycal.wire import peek_id
from worker.store import change_feed, deliveries, tickets, work_queue
from worker.store.database import Connection
from worker.store.tickets import TicketResult
from worker.store.work_queue import Job, WorkItem
from worker.sync import deletion, learn, unit_of_work
from worker.sync.batch import Batch, Provenance, read
from worker.sync.claims import work_off
from worker.sync.context import Endpoint, SyncContext
from worker.sync.write import Outcome, write

OBJECTS_MAX = 32
"""Objects reconciled side by side in one process, shared out to its accounts. The rate limit, not this, sets the pace;
more would wait for it longer than their lease.
"""

RETRY_TURN_SECONDS = 10.0


async def work(context: SyncContext) -> None:
    """Reconciles what is due until nothing is, or the time slice is over (then it wakes another run)."""
    await work_off(context, Job.OBJECT, context.objects, OBJECTS_MAX, reconcile, "work")


async def reconcile(context: SyncContext, item: WorkItem) -> None:
    """Reads one object and writes what changed. A failure returns to the work queue with its reason."""
    try:
        endpoint = _admitted(context, item)
        with holding():
            raw = await _fetch(context, endpoint, item)
            if raw is not None:
                item = replace(item, missing_since=None)  # it exists, even if the write should fail
                await _take(context, item, endpoint, raw)
    except errors.LeaseLost:
        log.info("work_lease_lost", kind=item.kind, id=item.key)
    except errors.SavvycalSyncError as error:
        if isinstance(error, errors.Malformed):
            item = replace(item, missing_since=None)  # an unreadable answer does not prove absence
        await _postpone(context, item, error)
    except Exception as error:  # noqa: BLE001 - one object's failure must not stop the others
        log.error("reconcile_crashed", kind=item.kind, id=item.key, error=type(error).__name__)
        await _postpone(context, item, errors.Unexpected(f"the reconcile ended with {type(error).__name__}"))


def _admitted(context: SyncContext, item: WorkItem) -> Endpoint:
    """The endpoint to read from, if a request may be sent now.

    Raises:
        SavvycalSyncError: it is not.
    """
    endpoint = context.endpoint_for(item.account, item.kind)
    if endpoint is None:
        raise errors.Refused(f"no token is configured for {item.kind}s of account {item.account}")
    if item.attempts > ATTEMPTS_MAX:
        raise errors.Unexpected(f"{item.attempts - 1} reconciles of it ended together with their worker")
    if not context.retries.admits(item.attempts):
        raise errors.Paused("too many retries at once; waiting for a turn", RETRY_TURN_SECONDS)
    return endpoint


async def _fetch(context: SyncContext, endpoint: Endpoint, item: WorkItem) -> bytes | None:
    """The object, or None when SavvyCal does not have it; the work queue then holds what follows from that."""
    try:
        raw = await endpoint.fetch_one(item.key, is_scan=set(item.reasons) == {"meeting"})
    except errors.NotThere as error:
        await deletion.note(context, endpoint, item, error)
        return None
    _must_be(endpoint, raw, item.key)
    return raw


async def _take(context: SyncContext, item: WorkItem, endpoint: Endpoint, raw: bytes) -> None:
    """Writes what was read, and settles the work item in the same transaction."""
    product, now, is_confirmation = endpoint.source.product, context.db.clock.now(), "confirm" in item.reasons
    provenance = Provenance(item.account, item.fence, now, via_of(item.reasons), is_confirmation, is_single=True)
    await learn.refresh(context.db, item.account, product, endpoint.learned)
    batch = await read(context.db, endpoint.source, [(provenance, [raw])], learned=endpoint.learned)
    outcome = await unit_of_work.run(context.db, batch, partial(_write_and_settle, item))
    if outcome.records:
        await change_feed.publish(context.db)
    await learn.save(context.db, item.account, product, endpoint.learned)


async def _write_and_settle(item: WorkItem, connection: Connection, batch: Batch) -> Outcome:
    await work_queue.hold(connection, item)
    outcome = await write(connection, batch)
    await deliveries.settle(connection, item)
    if not outcome.needs_recheck:  # else the next read answers who waits
        await tickets.settle(connection, item, _answer(outcome))
    await work_queue.settle(connection, item, _result(item, outcome, batch.provenance))
    return outcome


def _must_be(endpoint: Endpoint, raw: bytes, object_id: str) -> None:
    """The answer must carry this id. Whether the rest can be read is decided later: it may go to the quarantine."""
    try:
        found = peek_id(raw)
    except errors.RecordError as error:
        raise errors.Malformed(f"SavvyCal answered with something that names no object: {error.reason}") from None
    if found != object_id:
        raise errors.Malformed("SavvyCal answered with another object than the one asked for")


def _answer(outcome: Outcome) -> TicketResult:
    if outcome.count.quarantined:
        return TicketResult.UNREADABLE
    return TicketResult.DONE if outcome.records else TicketResult.UNCHANGED


def _result(item: WorkItem, outcome: Outcome, provenance: Provenance) -> Result:
    watch_at, is_unreadable = list(outcome.next_reconciles.values()), bool(outcome.count.quarantined)
    has_changes, needs_recheck = bool(outcome.records), bool(outcome.needs_recheck)
    return after_read(item.reasons, provenance.observed_at, watch_at, has_changes, needs_recheck, is_unreadable)


async def _postpone(context: SyncContext, item: WorkItem, error: errors.SavvycalSyncError) -> None:
    result = after_failure(error, item.attempts, context.random)
    if not context.is_already_logged(error):
        log.warning(
            "reconcile_failed",
            kind=item.kind,
            id=item.key,
            error=str(error),
            retry_seconds=round(result.seconds) if isinstance(result, RetryAfter) else None,
            dead_lettered=isinstance(result, DeadLetter),
        )
    try:
        async with context.db.transaction() as connection:
            if await work_queue.settle(connection, item, result, str(error)):
                await tickets.settle(connection, item, TicketResult.DEAD_LETTER, str(error))
    except errors.StoreError as away:
        if not context.is_already_logged(away):
            log.warning("work_left_to_lease", kind=item.kind, id=item.key, error=str(away))

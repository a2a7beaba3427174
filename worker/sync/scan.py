"""Scans of a window: the list is read again until an iteration finds no changes.

Rows shift between pages, so a list is never a consistent snapshot, and absence from it proves nothing: objects that a
complete scan did not list are read by id, and that answer decides.
"""

import asyncio
import time
from dataclasses import replace

from worker import errors
from worker.core import windows
from worker.core.delete_guard import Assessment, Result, assess
from worker.core.kinds import KINDS
from worker.core.model import Kind
from worker.core.result import DeadLetter, Priority, RetryAfter, after_failed_scan, must_start_over
from worker.core.windows import Bounds
from worker.logs import log
from worker.store import coverage, objects, scans, work_queue
from worker.store.database import Connection
from worker.store.scans import Scan, WindowKey
from worker.store.work_queue import Job, WorkItem
from worker.sync import iteration, learn
from worker.sync.claims import work_off
from worker.sync.context import Endpoint, SyncContext

ITERATIONS_MAX = 4
"""With constant changes, 4 iterations missed nothing in 600 listings, 1 missed 1 % of lasting objects (measured)."""

SCANS_MAX = 20
"""Concurrent scans in one process, divided among its accounts."""

SLICE_SECONDS = 20.0
"""After this time a scan releases its slot and continues later, so that near windows never wait for a backfill."""

SUSPECT_RETRY_SECONDS = 300.0


async def work(context: SyncContext) -> None:
    """Runs due scans, each for a time slice, until none is due; wakes another run when its time is over."""
    await work_off(context, Job.SCAN, context.scans, SCANS_MAX, run, "scan")


async def run(context: SyncContext, item: WorkItem) -> None:
    """Continues a claimed scan for a time slice. A failure returns to the work queue with its reason."""
    try:
        async with context.db.connection() as connection:
            claimed = await scans.load_position(connection, item)
        await _run(context, claimed)
    except asyncio.CancelledError:
        await asyncio.shield(work_queue.give_back(context.db, item))
        raise
    except errors.LeaseLost:
        log.info("scan_lease_lost", account=item.account, product=KINDS[item.kind].listing, window=item.key)
    except errors.StoreError as away:  # nothing can be written down now: the lease lapses, and other scans go on
        if not context.is_already_logged(away):
            log.warning("work_left_to_lease", kind=item.kind, id=item.key, error=str(away))


async def _run(context: SyncContext, claimed: Scan) -> None:
    endpoint = context.endpoint(claimed.account, claimed.product)
    if endpoint is None:  # the account was removed a moment ago
        await work_queue.give_back(context.db, claimed.item)
        return
    try:
        await _scan(context, endpoint, claimed)
    except errors.LeaseLost:
        raise
    except errors.SavvycalSyncError as error:
        await _postpone(context, claimed, error)
    except Exception as error:  # noqa: BLE001 - it may fail here again, so each retry waits longer
        log.error("scan_crashed", **_names(claimed), error=type(error).__name__)
        await _postpone(context, claimed, errors.Unexpected(f"the scan ended with {type(error).__name__}"))


def _names(claimed: WindowKey) -> dict[str, str]:
    return {"account": claimed.account, "product": claimed.product, "window": claimed.window_name}


async def _scan(context: SyncContext, endpoint: Endpoint, claimed: Scan) -> None:
    await learn.refresh(context.db, claimed.account, claimed.product, endpoint.learned)
    position = claimed if claimed.started_gen is not None else await _begin(context, claimed)
    deadline = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < deadline:
        if position.iteration_ended and is_complete(position):
            if await _finish(context, position):
                await context.wake("schedule", once=True)
            return
        if position.page >= iteration.ITERATION_PAGES_MAX and not position.iteration_ended:
            await _end_as_suspect(context, position)
            return
        position = await iteration.run(
            context, endpoint, next_iteration(position) if position.iteration_ended else position, deadline
        )
    await work_queue.give_back(context.db, position.item)
    await context.wake("scan")


def is_complete(position: Scan) -> bool:
    """Whether the scan is complete: its last iteration found no changes, or it was the last one allowed."""
    return position.iteration_changes == 0 or position.iteration >= ITERATIONS_MAX


def next_iteration(position: Scan) -> Scan:
    """The position at the start of the next iteration."""
    split = position.split.next_iteration()
    fresh = replace(
        position, page=0, cursor=None, split=split, iteration_ended=False, iteration_rows=0, iteration_changes=0
    )
    return replace(fresh, iteration=position.iteration + 1)


async def _begin(context: SyncContext, claimed: Scan) -> Scan:
    """Starts a scan and fixes its bounds: for a standing window as of now, for a requested range as requested."""
    window = context.window(claimed.product, claimed.window_name)
    bounds = windows.bounds(window, context.db.clock.now()) if window else claimed.bounds
    async with context.db.transaction() as connection:
        return await scans.begin(connection, claimed, bounds)


async def _finish(context: SyncContext, done: Scan) -> bool:
    """Assesses a complete scan. A trusted one updates the coverage of its window and requests a read of each absent
    object; a suspect one changes nothing. Returns whether first loads of other windows may have waited for it.
    """
    async with context.db.transaction() as connection:
        await work_queue.hold(connection, done.item)
        inner = windows.inside(done.bounds)
        missing = await scans.missing(connection, done, inner)
        stored, latest = await scans.stored(connection, done, inner)
        await objects.advance_fence_sequence(connection, latest)  # otherwise missing objects would count as seen since
        allowed = await coverage.approved_deletions(connection, done.account, done.product)
        unread = [one for one in done.split.missing if one.touches(inner)]
        assessment = assess(done.iteration_rows, stored, len(missing), allowed, unread)
        if unread:
            missing += await scans.unread(connection, done)
        await _conclude(context, connection, done, inner, assessment, missing)
        waiting = await coverage.first_loads(connection, [done.account])
    _log_assessment(done, assessment)
    return assessment.result is Result.OK and any(key.product is done.product for key in waiting)


async def _end_as_suspect(context: SyncContext, position: Scan) -> None:
    """A list that never ends proves no absence; the objects it listed are stored."""
    assessment = Assessment(Result.SUSPECT, f"the list does not end: {position.page} pages read")
    async with context.db.transaction() as connection:
        await work_queue.hold(connection, position.item)
        await _conclude(context, connection, position, windows.inside(position.bounds), assessment, [])
    _log_assessment(position, assessment)


def _log_assessment(done: Scan, assessment: Assessment) -> None:
    """An ordinary scan is logged at debug level, a backfill or resync at info, a partial or suspect one as warning."""
    facts = {**_names(done), "job": done.job, "rows": done.iteration_rows, "iterations": done.iteration}
    if assessment.result is not Result.OK:
        is_partial = assessment.result is Result.PARTIAL
        log.warning("scan_partial" if is_partial else "scan_suspect", **facts, reason=assessment.reason)
    elif done.job == "poll":
        log.debug("scan_finished", **facts)
    else:
        log.info("scan_finished", **facts)


async def _conclude(
    context: SyncContext, connection: Connection, done: Scan, inner: Bounds, assessment: Assessment, missing: list[str]
) -> None:
    if done.run_id is not None:
        await scans.finish_run(connection, done.account, done.run_id, assessment.result, assessment.reason)
    window = context.window(done.product, done.window_name)
    if assessment.result in {Result.OK, Result.PARTIAL}:
        await _ask_for(connection, done.account, done.product.kind, missing)
        if window:
            await coverage.cover(connection, done, inner, window.every.total_seconds())
        await _cover_contained(context, connection, done, inner)
    elif window:
        await coverage.retry_window(connection, done, SUSPECT_RETRY_SECONDS)
    await scans.close(connection, done)


async def _cover_contained(context: SyncContext, connection: Connection, done: Scan, inner: Bounds) -> None:
    """Records that the standing windows inside a completed range are complete as well."""
    for window in context.windows:
        key = WindowKey(done.account, window.product, window.name)
        if window.product is not done.product or key.key == done.key or done.started_at is None:
            continue
        vouched = windows.inside(windows.bounds(window, done.started_at))
        if windows.contains(inner, vouched):
            count, _ = await scans.stored(connection, done, vouched)
            await coverage.cover_inner(connection, key, done, vouched, count, window.every.total_seconds())


async def _ask_for(connection: Connection, account: str, kind: Kind, missing: list[str]) -> None:
    for object_id in sorted(missing):  # the order in which all writers lock work items
        await work_queue.request(connection, account, kind, object_id, Priority.CONFIRM, "missing")


async def _postpone(context: SyncContext, claimed: Scan, error: errors.SavvycalSyncError) -> None:
    """Makes a failed scan due later, at its position or from the start of its iteration; a requested range may become a
    dead letter.
    """
    window = context.window(claimed.product, claimed.window_name)
    result = after_failed_scan(error, claimed.item.attempts, context.random, window.every if window else None)
    if not context.is_already_logged(error):
        log.warning(
            "scan_failed",
            **_names(claimed),
            error=str(error),
            retry_seconds=round(result.seconds) if isinstance(result, RetryAfter) else None,
            dead_lettered=isinstance(result, DeadLetter),
        )
    async with context.db.transaction() as connection:
        await work_queue.hold(connection, claimed.item)
        if must_start_over(error, claimed.item.attempts):
            await scans.restart_iteration(connection, claimed)
        is_dead = await work_queue.settle(connection, claimed.item, result, str(error))
        if is_dead and claimed.run_id is not None:
            await scans.finish_run(connection, claimed.account, claimed.run_id, Result.FAILED, str(error))

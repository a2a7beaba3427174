"""Handles a 404 or 410 for an object: the first one causes another read; after two, a minute apart, it is deleted."""

from datetime import datetime, timedelta

from worker import errors
from worker.core.delete_guard import missing_max
from worker.core.kinds import KINDS
from worker.core.model import Via, via_of
from worker.core.result import PROOF_APART, Done, after_absence, after_deletion
from worker.logs import log
from worker.store import change_feed, coverage, deliveries, objects, tickets, work_queue
from worker.store.database import Connection
from worker.store.tickets import TicketResult
from worker.store.work_queue import WorkItem
from worker.sync import observations
from worker.sync.context import Endpoint, SyncContext

PROOF_LAPSES = timedelta(hours=1)
"""The longest time between the two answers. A list may have shown the object in between, which leaves no trace."""


async def note(context: SyncContext, endpoint: Endpoint, item: WorkItem, error: errors.NotThere) -> None:
    """Handles a 404 or 410 for one object. The second one, a minute later while the account answers, deletes it."""
    async with context.db.connection() as connection:
        known = await objects.known_since(connection, item.account, item.kind, item.key)
        now = await work_queue.now(connection)
        group = 0
        if known is None and Via.WEBHOOK not in item.reasons:
            group = await work_queue.missing_count(connection, item.account, item.kind)
    since = item.missing_since or now
    if item.claimed_at - since > PROOF_LAPSES or (known and known > since):
        since = now  # the first answer is too old, or a list has shown the object since
    proven = known is not None and item.claimed_at - since >= PROOF_APART
    if proven:
        await _must_be_healthy(endpoint)
    priority, reason = item.priority, Via.WEBHOOK if Via.WEBHOOK in item.reasons else "missing"
    async with context.db.transaction() as connection:
        await work_queue.hold(connection, item)
        if proven:
            await _believable(connection, item)
            why = f"SavvyCal answered {error.status} twice, {int((now - since).total_seconds())} s apart"
            is_written = await _bury(connection, item, now, why)
            if is_written:
                await tickets.settle(connection, item, TicketResult.DELETED)
                observations.saw_vanish(endpoint.learned, item.kind, error.status)
            result = after_deletion(now, is_written, priority, reason, since)
        else:
            result = after_absence(known is not None, now, since, group, priority, reason)
        if known is None:
            await tickets.settle(connection, item, TicketResult.UNKNOWN_ID)
        if isinstance(result, Done):
            await deliveries.settle(connection, item)
        await work_queue.settle(connection, item, result)
    if proven:
        await change_feed.publish(context.db)


async def _must_be_healthy(endpoint: Endpoint) -> None:
    """Checks that the account itself answers.

    Raises:
        errors.Suspect: the account answers 404 or a refusal as well, so a 404 proves nothing about an object.
        errors.UpstreamError: the account could not be read.
    """
    try:
        await endpoint.probe()
    except (errors.NotThere, errors.Refused) as error:
        raise errors.Suspect(f"the object is not there, and neither is its account ({error})") from None


async def _bury(connection: Connection, item: WorkItem, now: datetime, reason: str) -> bool:
    """Writes a tombstone, unless a read with a later fence has written meanwhile; returns whether it was written."""
    via = via_of(item.reasons)
    if not await objects.record_deletion(connection, item.account, item.kind, item.key, item.fence, now, reason, via):
        return False
    log.info("object_deleted", kind=item.kind, id=item.key)
    return True


async def _believable(connection: Connection, item: WorkItem) -> None:
    """Limits the tombstones of an hour to what a single scan may delete: with a wrong token everything may answer 404.

    Raises:
        errors.Suspect: there are too many; the deletion waits until some are an hour old, or a person approves more.
    """
    deleted, stored = await work_queue.deleted_lately(connection, item.account, item.kind)
    allowed = await coverage.approved_deletions(connection, item.account, KINDS[item.kind].listing)
    limit = max(missing_max(stored), allowed)
    if deleted >= limit:
        raise errors.Suspect(f"{deleted} objects gone within an hour (limit {limit}): is the token the right one?")

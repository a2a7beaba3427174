"""What it means that an object is not there: one answer only asks again, two a minute apart make a tombstone."""

from datetime import datetime, timedelta

from worker import errors
from worker.core.cadence import CONFIRM_AFTER
from worker.core.delete_guard import missing_max
from worker.core.model import Kind, Product, Via, via_of
from worker.logs import log
from worker.store import change_feed, deliveries, objects, scans, tickets, work_queue
from worker.store.database import Connection
from worker.store.tickets import TicketResult
from worker.store.work_queue import WorkItem
from worker.sync import observations
from worker.sync.context import Endpoint, SyncContext

PROOF_APART = timedelta(seconds=60)
"""Two 404s count as gone only this far apart, ..."""

PROOF_LAPSES = timedelta(hours=1)
"""... and no further: lists may have shown the object in between, and leave no trace where nothing changed."""

NEVER_SEEN_PATIENCE = timedelta(minutes=10)
"""How long an id that was never stored may answer 404 (a webhook can come before its object is readable)."""


async def note(context: SyncContext, endpoint: Endpoint, item: WorkItem, error: errors.NotThere) -> None:
    """Two direct 404s a minute apart, with the account answering, make a tombstone. One alone only asks again."""
    async with context.db.connection() as connection:
        known = await objects.known_since(connection, item.account, item.kind, item.id)
        now = await work_queue.now(connection)
    since = item.missing_since or now
    if item.claimed_at - since > PROOF_LAPSES or (known and known > since):
        since = now  # too long ago, or a list has shown it meanwhile
    proven = known is not None and item.claimed_at - since >= PROOF_APART
    if proven:
        await _must_be_healthy(endpoint)
    async with context.db.transaction() as connection:
        await work_queue.hold(connection, item)
        if proven:
            await _believable(connection, item)
            reason = f"SavvyCal answered {error.status} twice, {int((now - since).total_seconds())} s apart"
            again = await _bury(connection, item, now, reason)
            if again is None:
                observations.saw_vanish(endpoint.learned, item.kind, error.status)
        else:
            again = _ask_again(known is not None, now, since)
        if known is None:
            await tickets.settle(connection, item, TicketResult.UNKNOWN_ID)
        if again is None:
            await deliveries.settle(connection, item)
            await tickets.settle(connection, item, TicketResult.DELETED)
        reason = Via.WEBHOOK if Via.WEBHOOK in item.reasons else "missing"
        await work_queue.finish(connection, item, again, item.priority, reason, since if again else None)
    if proven and again is None:
        await change_feed.publish(context.db)


async def _must_be_healthy(endpoint: Endpoint) -> None:
    """Whether the account answers.

    Raises:
        errors.Suspect: it is not there or refused, either: then 404 says nothing about an object.
        errors.UpstreamError: it could not be asked.
    """
    try:
        await endpoint.probe()
    except (errors.NotThere, errors.Refused) as error:
        raise errors.Suspect(f"the object is not there, and neither is its account ({error})") from None


async def _bury(connection: Connection, item: WorkItem, now: datetime, reason: str) -> datetime | None:
    """A tombstone. When a look with a later fence has written meanwhile: when to look again, to be sure."""
    account, kind = item.account, item.kind
    if not await objects.record_deletion(
        connection, account, kind, item.id, item.fence, now, reason, via_of(item.reasons)
    ):
        return now + CONFIRM_AFTER
    log.info("object_deleted", kind=kind, id=item.id)
    return None


async def _believable(connection: Connection, item: WorkItem) -> None:
    """More tombstones in an hour than a pass may bring are held: a wrong token can make everything answer 404.

    Raises:
        errors.Suspect: too many; it waits until some are an hour old, or a person allows more.
    """
    product = Product.MEETINGS if item.kind is Kind.EVENT else Product.APPOINTMENTS
    deleted, stored = await work_queue.deleted_lately(connection, item.account, item.kind)
    allowed = await scans.approved_deletions(connection, item.account, product)
    limit = max(missing_max(stored), allowed)
    if deleted >= limit:
        raise errors.Suspect(f"{deleted} objects gone within an hour (limit {limit}): is the token the right one?")


def _ask_again(known: bool, now: datetime, since: datetime) -> datetime | None:
    if known:
        return since + PROOF_APART
    waited = now - since
    return None if waited > NEVER_SEEN_PATIENCE else now + max(timedelta(seconds=2), waited)

"""What it means that an object is not there: one answer only asks again, two a minute apart make a tombstone."""

from datetime import datetime, timedelta

from worker import errors
from worker.core.cadence import CONFIRM_AFTER
from worker.core.model import Kind, Product, Via
from worker.core.verdict import missing_max
from worker.store import inbox, objects, passes, targets
from worker.store.database import Connection
from worker.store.targets import Target
from worker.sync import shown
from worker.sync.mirror import Endpoint, Mirror
from worker.telemetry import log

PROOF_APART = timedelta(seconds=60)
"""Two 404s count as gone only this far apart, ..."""

PROOF_LAPSES = timedelta(hours=1)
"""... and no further: lists may have shown the object in between, and leave no trace where nothing changed."""

NEVER_SEEN_PATIENCE = timedelta(minutes=10)
"""How long an id that was never stored may answer 404 (a webhook can come before its object is readable)."""


async def note(mirror: Mirror, endpoint: Endpoint, target: Target, error: errors.NotThere) -> None:
    """Two direct 404s a minute apart, with the account answering, make a tombstone. One alone only asks again."""
    async with mirror.db.connection() as connection:
        known = await objects.known_since(connection, target.account, target.kind, target.id)
        now = await targets.now(connection)
    since = target.missing_since or now
    if target.claimed_at - since > PROOF_LAPSES or (known and known > since):
        since = now  # too long ago, or a list has shown it meanwhile
    proven = known is not None and target.claimed_at - since >= PROOF_APART
    if proven:
        await _must_be_healthy(endpoint)
    async with mirror.db.transaction() as connection:
        await targets.hold(connection, target)
        if proven:
            await _believable(connection, target)
            reason = f"SavvyCal answered {error.status} twice, {int((now - since).total_seconds())} s apart"
            again = await _bury(connection, target, now, reason)
            if again is None:
                shown.saw_vanish(endpoint.learned, target.kind, error.status)
        else:
            again = _ask_again(known is not None, now, since)
        if again is None:
            await inbox.settle(connection, target)
        reason = Via.WEBHOOK if Via.WEBHOOK in target.reasons else "missing"
        await targets.finish(connection, target, again, target.priority, reason, since if again else None)


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


async def _bury(connection: Connection, target: Target, now: datetime, reason: str) -> datetime | None:
    """A tombstone. When a look with a later fence has written meanwhile: when to look again, to be sure."""
    account, kind = target.account, target.kind
    if not await objects.record_gone(connection, account, kind, target.id, target.fence, now, reason):
        return now + CONFIRM_AFTER
    log.info("object_gone", kind=kind, id=target.id)
    return None


async def _believable(connection: Connection, target: Target) -> None:
    """More tombstones in an hour than a pass may bring are held: a wrong token can make everything answer 404.

    Raises:
        errors.Suspect: too many; it waits until some are an hour old, or a person allows more.
    """
    product = Product.MEETINGS if target.kind is Kind.EVENT else Product.APPOINTMENTS
    gone, stored = await targets.gone_lately(connection, target.account, target.kind)
    allowed = await passes.missing_allowed(connection, target.account, product)
    limit = max(missing_max(stored), allowed)
    if gone >= limit:
        raise errors.Suspect(f"{gone} objects gone within an hour (limit {limit}): is the token the right one?")


def _ask_again(known: bool, now: datetime, since: datetime) -> datetime | None:
    if known:
        return since + PROOF_APART
    waited = now - since
    return None if waited > NEVER_SEEN_PATIENCE else now + max(timedelta(seconds=2), waited)

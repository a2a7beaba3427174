"""Drains the ledger: claims due objects in batches and reconciles each: GET, decide, apply."""

import asyncio
import time
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from worker import errors
from worker.core.cadence import CONFIRM_AFTER
from worker.core.model import Via
from worker.savvycal.bodies import holding
from worker.savvycal.wire import peek_id
from worker.store import inbox, targets
from worker.store.database import Connection
from worker.store.targets import Target
from worker.sync import absence, learn
from worker.sync.batch import Look
from worker.sync.ingest import Outcome, ingest
from worker.sync.mirror import Endpoint, Mirror
from worker.sync.retry import ATTEMPTS_MAX, plan_retry
from worker.telemetry import log

SLICE_SECONDS = 20.0
BATCH = 16
"""Objects looked at side by side; the request budget, not this, sets the pace."""

DRAINS_MAX = 4
"""Runs side by side in one process. More would claim objects that then wait for the budget longer than their lease."""

RETRY_TURN_SECONDS = 10.0

UNREADABLE_AGAIN = timedelta(minutes=15)
"""A watch or a confirming look that met a record nobody can read is still owed, this much later. Lists bring a watch
back, but at their own pace, and a confirming look never."""


async def work(mirror: Mirror) -> None:
    """Works off what is due until nothing is, or the time slice is over (then it rings for more).

    When enough runs are at it already, one of them looks once more before it ends.
    """
    mirror.look_again = True
    if mirror.drains >= DRAINS_MAX:
        return
    mirror.drains += 1
    token = uuid4()
    try:
        is_done = await _drain(mirror, token)
    except asyncio.CancelledError:
        await asyncio.shield(_give_back(mirror, token))
        raise
    finally:
        mirror.drains -= 1
    if not is_done:
        await mirror.ring("work")


async def _drain(mirror: Mirror, token: UUID) -> bool:
    """Whether nothing is due any more; else the time is over."""
    deadline = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < deadline:
        mirror.look_again = False
        if not await _one_batch(mirror, token) and not mirror.look_again:
            return True
    return False


async def _one_batch(mirror: Mirror, token: UUID) -> bool:
    async with mirror.db.connection() as connection:
        asked_at = time.monotonic()
        batch = await targets.claim(connection, mirror.askable(), BATCH, token)
    if batch:
        mirror.db.clock.set(batch[0].claimed_at, asked_at)
    async with asyncio.TaskGroup() as group:
        for target in batch:
            group.create_task(reconcile(mirror, target))
    return bool(batch)


async def reconcile(mirror: Mirror, target: Target) -> None:
    """One look at one object. A failure goes back to the ledger with its reason."""
    try:
        endpoint = _admitted(mirror, target)
        with holding():
            raw = await _fetch(mirror, endpoint, target)
            if raw is not None:
                target = replace(target, missing_since=None)  # it is there, even if writing that should fail
                await _take(mirror, target, endpoint, raw)
    except errors.LeaseLost:
        log.info("target_taken_over", kind=target.kind, id=target.id)
    except errors.SavvycalSyncError as error:
        if isinstance(error, errors.Malformed):
            target = replace(target, missing_since=None)  # whatever was said, it was not that it is gone
        await _postpone(mirror, target, error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the objects beside it have nothing to do with it
        log.error("look_crashed", kind=target.kind, id=target.id, error=type(error).__name__)
        await _postpone(mirror, target, errors.Unexpected(f"a look at it ended with {type(error).__name__}"))


def _admitted(mirror: Mirror, target: Target) -> Endpoint:
    """Where to look, if that is worth trying now.

    Raises:
        SavvycalSyncError: it is not.
    """
    endpoint = mirror.endpoint_for(target.account, target.kind)
    if endpoint is None:
        raise errors.Refused(f"no token is configured for {target.kind}s of account {target.account}")
    if target.attempts > ATTEMPTS_MAX:
        raise errors.Unexpected(f"{target.attempts - 1} looks at it ended together with their worker")
    if not mirror.retries.admits(target.attempts):
        raise errors.Paused("too many retries at once; waiting for a turn", RETRY_TURN_SECONDS)
    return endpoint


async def _fetch(mirror: Mirror, endpoint: Endpoint, target: Target) -> bytes | None:
    """The object, or None when it is not there; what that means is in the ledger then."""
    try:
        raw = await endpoint.fetch_one(target.id, is_sweep=set(target.reasons) == {"meeting"})
    except errors.NotThere as error:
        await absence.note(mirror, endpoint, target, error)
        return None
    _must_be(endpoint, raw, target.id)
    return raw


async def _take(mirror: Mirror, target: Target, endpoint: Endpoint, raw: bytes) -> None:
    """Writes what was seen, and finishes the target in the same transaction."""
    now = mirror.db.clock.now()
    look = Look(target.account, target.fence, now, _via(target), insists="confirm" in target.reasons, is_single=True)

    async def before(connection: Connection, _outcome: Outcome) -> None:
        await targets.hold(connection, target)

    async def after(connection: Connection, outcome: Outcome) -> None:
        await _finish(connection, target, outcome, now)

    product = endpoint.source.product
    await learn.refresh(mirror.db, target.account, product, endpoint.learned)
    await ingest(mirror.db, endpoint.source, look, [raw], before, after, endpoint.learned)
    await learn.save(mirror.db, target.account, product, endpoint.learned)


def _must_be(endpoint: Endpoint, raw: bytes, object_id: str) -> None:
    """What has an id may still be unreadable, and goes to the quarantine; what has none was no look at the object."""
    try:
        found = peek_id(raw)
    except errors.RecordError as error:
        raise errors.Malformed(f"SavvyCal answered with something that names no object: {error.reason}") from None
    if found != object_id:
        raise errors.Malformed("SavvyCal answered with another object than the one asked for")


def _via(target: Target) -> Via:
    for reason in (Via.WEBHOOK, Via.RESYNC, Via.AUDIT):
        if reason in target.reasons:
            return reason
    return Via.POLL if "missing" in target.reasons else Via.WATCH


async def _finish(connection: Connection, target: Target, outcome: Outcome, now: datetime) -> None:
    """A change that a single look saw is looked at once more, and no sooner than its time; an unsettled object is
    watched; else it is done. What was doubted gets a look that insists: a watch would only doubt it again. What was
    watched or to be confirmed and cannot be read stays so.
    """
    looks = [(at, targets.PRIORITY_WATCH, "watch") for at in outcome.next_looks.values() if not outcome.doubtful]
    is_news = bool(outcome.records) and set(target.reasons) != {"meeting"}  # a list has just shown all the rest
    if is_news or outcome.doubtful or "unconfirmed" in target.reasons:
        looks.append((now + CONFIRM_AFTER, targets.PRIORITY_CONFIRM, "confirm"))
    owed = {"watch", "confirm", "unconfirmed"}.intersection(target.reasons)
    if outcome.count.quarantined and owed:
        reason = "watch" if owed == {"watch"} else "confirm"
        looks.append((now + UNREADABLE_AGAIN, targets.PRIORITY_WATCH, reason))
    await inbox.settle(connection, target)
    if looks:
        await targets.finish(connection, target, *min(looks))
    else:
        await targets.finish(connection, target, None)


async def _postpone(mirror: Mirror, target: Target, error: errors.SavvycalSyncError) -> None:
    retry = plan_retry(error, target.attempts, mirror.random)
    if not mirror.is_told(error):
        log.warning(
            "look_failed",
            kind=target.kind,
            id=target.id,
            error=str(error),
            retry_seconds=round(retry.seconds),
            parked=retry.park,
        )
    try:
        async with mirror.db.connection() as connection:
            await targets.postpone(connection, target, str(error), retry.seconds, retry.park, retry.counts)
    except errors.StoreError as away:
        if not mirror.is_told(away):
            log.warning("target_left_to_its_lease", kind=target.kind, id=target.id, error=str(away))


async def _give_back(mirror: Mirror, token: UUID) -> None:
    async with mirror.db.connection() as connection:
        await targets.give_back(connection, token)

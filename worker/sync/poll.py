"""One pass over a window: walked until a walk brings no news.

Listing finds, GET decides: a list is never a snapshot (rows shift between pages), so what a complete pass did not see
is only asked for by id.
"""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from worker import errors
from worker.core import cadence
from worker.core.cadence import Bounds, Window
from worker.core.model import Kind
from worker.core.verdict import Result, Verdict, judge
from worker.store import inbox, objects, passes, targets
from worker.store.database import Connection
from worker.store.passes import Pass, WindowKey
from worker.sync import learn
from worker.sync import walk as walking
from worker.sync.mirror import Endpoint, Mirror
from worker.sync.retry import UNAUTHORIZED_SECONDS, Retry, plan_retry
from worker.sync.walk import walk
from worker.telemetry import log

WALKS_MAX = 4
"""Measured: under churn 4 walks missed nothing in 600 listings, 1 walk missed 1 % of what was there all along."""

SLICE_SECONDS = 20.0
"""A pass gives its place back after this long and goes on where it stands: near windows never wait for a history."""

SUSPECT_RETRY_SECONDS = 300.0

START_OVER_ATTEMPTS = 6
"""About a minute of trying."""


async def poll(mirror: Mirror, key: WindowKey) -> None:
    """Works on one pass for a time slice. Returns at once when somebody else has it or it is not due."""
    endpoint = mirror.endpoint(key.account, key.product)
    async with mirror.db.connection() as connection:
        asked_at = time.monotonic()
        claimed = await passes.claim(connection, key, uuid4()) if endpoint else None
    if endpoint is None or claimed is None:
        return
    mirror.db.clock.set(claimed.claimed_at, asked_at)
    try:
        await _sweep(mirror, endpoint, claimed)
    except asyncio.CancelledError:
        await asyncio.shield(_give_back(mirror, claimed))
        raise
    except errors.LeaseLost:
        log.info("pass_taken_over", **_names(claimed))
    except errors.SavvycalSyncError as error:
        await _postpone(mirror, claimed, error)
    except Exception as error:  # noqa: BLE001 - it may come back at the same place: later and later, then
        log.error("pass_crashed", **_names(claimed), error=type(error).__name__)
        await _postpone(mirror, claimed, errors.Unexpected(f"the sweep ended with {type(error).__name__}"))


def _names(claimed: WindowKey) -> dict[str, str]:
    return {"account": claimed.account, "product": claimed.product, "window": claimed.window_name}


async def _sweep(mirror: Mirror, endpoint: Endpoint, claimed: Pass) -> None:
    await learn.refresh(mirror.db, claimed.account, claimed.product, endpoint.learned)
    position = claimed if claimed.started_gen is not None else await _begin(mirror, claimed)
    deadline = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < deadline:
        if position.walk_ended and is_complete(position):
            if await _finish(mirror, position):
                await mirror.ring("tick", once=True)
            return
        if position.page >= walking.ITERATION_PAGES_MAX and not position.walk_ended:
            await _end_as_suspect(mirror, position)
            return
        position = await walk(mirror, endpoint, next_walk(position) if position.walk_ended else position, deadline)
    await _give_back(mirror, position)
    await mirror.ring("poll", *position.key)


def is_complete(position: Pass) -> bool:
    """A pass ends with a walk that brought no news, or after so many walks."""
    return position.walk_news == 0 or position.walk >= WALKS_MAX


def next_walk(position: Pass) -> Pass:
    """From the first page again."""
    split = position.split.next_iteration()
    fresh = replace(position, page=0, cursor=None, split=split, walk_ended=False, walk_rows=0, walk_news=0)
    return replace(fresh, walk=position.walk + 1)


async def _begin(mirror: Mirror, claimed: Pass) -> Pass:
    """Freezes the bounds: a standing window is seen from now, an ad hoc range brought its own."""
    window = mirror.window(claimed.product, claimed.window_name)
    bounds = cadence.bounds(window, mirror.db.clock.now()) if window else claimed.bounds
    async with mirror.db.transaction() as connection:
        return await passes.begin(connection, claimed, bounds)


async def _finish(mirror: Mirror, done: Pass) -> bool:
    """The verdict: a believable pass vouches for its window and asks for what it did not see; others change nothing.
    Whether first loads of other windows may have waited for it.
    """
    async with mirror.db.transaction() as connection:
        if not await passes.hold(connection, done):
            raise errors.LeaseLost("another worker holds this pass")
        inner = cadence.inside(done.bounds)
        missing = await passes.missing(connection, done, inner)
        stored, latest = await passes.stored(connection, done, inner)
        await objects.catch_up(connection, latest)  # or what is missing would be taken for seen since
        allowed = await passes.missing_allowed(connection, done.account, done.product)
        unread = [one for one in done.split.missing if one.touches(inner)]
        verdict = judge(done.walk_rows, stored, len(missing), allowed, unread)
        if unread:
            missing += await passes.unread(connection, done)
        await _conclude(mirror, connection, done, inner, verdict, missing)
        waiting = await passes.first_loads(connection, [done.account])
    _log_verdict(done, verdict)
    return verdict.result is Result.OK and any(key.product is done.product for key in waiting)


async def _end_as_suspect(mirror: Mirror, position: Pass) -> None:
    """A list that never ends vouches for nothing; what it brought is stored."""
    verdict = Verdict(Result.SUSPECT, f"the list does not end: {position.page} pages read")
    async with mirror.db.transaction() as connection:
        if not await passes.hold(connection, position):
            raise errors.LeaseLost("another worker holds this pass")
        await _conclude(mirror, connection, position, cadence.inside(position.bounds), verdict, [])
    _log_verdict(position, verdict)


def _log_verdict(done: Pass, verdict: Verdict) -> None:
    """A sweep that went well is not worth a line; a history that arrived is, and so is one that is not believed."""
    facts = {**_names(done), "job": done.job, "rows": done.walk_rows, "walks": done.walk}
    if verdict.result is not Result.OK:
        log.warning(f"pass_{verdict.result}", **facts, reason=verdict.reason)
    elif done.job == "poll":
        log.debug("pass_finished", **facts)
    else:
        log.info("pass_finished", **facts)


async def _conclude(
    mirror: Mirror, connection: Connection, done: Pass, inner: Bounds, verdict: Verdict, missing: list[str]
) -> None:
    if done.run_id is not None:
        await passes.finish_run(connection, done.account, done.run_id, verdict.result, verdict.reason)
    window = mirror.window(done.product, done.window_name)
    if verdict.result in {Result.OK, Result.PARTIAL}:
        await _ask_for(connection, done.account, done.product.kind, missing)
        if window:
            await passes.cover(connection, done, inner, await _pace(mirror, connection, done, window))
        await _cover_contained(mirror, connection, done, inner)
    elif window:
        await passes.retry_window(connection, done, SUSPECT_RETRY_SECONDS)
    await passes.close(connection, done)


async def _cover_contained(mirror: Mirror, connection: Connection, done: Pass, inner: Bounds) -> None:
    """What was complete for a range was complete for the standing windows inside it."""
    for window in mirror.windows:
        key = WindowKey(done.account, window.product, window.name)
        if window.product is not done.product or key.key == done.key or done.started_at is None:
            continue
        vouched = cadence.inside(cadence.bounds(window, done.started_at))
        if cadence.contains(inner, vouched):
            count, _ = await passes.stored(connection, done, vouched)
            await passes.cover_inner(connection, key, done, vouched, count, window.every.total_seconds())


async def _pace(mirror: Mirror, connection: Connection, done: Pass, window: Window) -> float:
    """Seconds to the next sweep. When webhooks went missing, the product's other windows are tightened too."""
    webhooks = await inbox.health(connection, done.account, done.product)
    if not webhooks.is_good:
        for other in mirror.windows:
            if other.product is done.product:
                key = WindowKey(done.account, other.product, other.name)
                await passes.tighten(connection, key, other.every.total_seconds())
    stored = await passes.load_pace(connection, done)
    before = timedelta(seconds=stored) if stored else window.every
    quiet = done.walk == 1 and done.walk_news == 0
    return cadence.pace(window.every, before, quiet, webhooks).total_seconds()


async def _ask_for(connection: Connection, account: str, kind: Kind, missing: list[str]) -> None:
    for object_id in sorted(missing):  # in the order in which everybody locks targets
        await targets.request(connection, account, kind, object_id, targets.PRIORITY_CONFIRM, "missing")


async def _give_back(mirror: Mirror, claimed: Pass) -> None:
    async with mirror.db.connection() as connection:
        await passes.give_back(connection, claimed)


async def _postpone(mirror: Mirror, claimed: Pass, error: errors.SavvycalSyncError) -> None:
    """Due again later where it stands, or from the start of its walk; an ad hoc range may be parked."""
    retry = plan_retry(error, claimed.attempts, mirror.random)
    if isinstance(error, errors.Unauthorized):
        retry = replace(retry, seconds=UNAUTHORIZED_SECONDS, counts=False)  # rights come back without telling us
    if window := mirror.window(claimed.product, claimed.window_name):
        retry = _at_its_own_pace(retry, window)
    if not mirror.is_told(error):
        log.warning(
            "pass_failed", **_names(claimed), error=str(error), retry_seconds=round(retry.seconds), parked=retry.park
        )
    async with mirror.db.transaction() as connection:
        restart = _must_start_over(error, claimed.attempts)
        given = (str(error), retry.seconds, retry.park, restart, retry.counts)
        if await passes.postpone(connection, claimed, *given) and claimed.run_id is not None:
            await passes.finish_run(connection, claimed.account, claimed.run_id, Result.FAILED, str(error))


def _at_its_own_pace(retry: Retry, window: Window) -> Retry:
    """A standing window is never given up, and its failures delay it no further than its pace: when SavvyCal is back
    after hours, nobody waits another hour for what is near. The circuit is what keeps an outage quiet.
    """
    most = max(UNAUTHORIZED_SECONDS, window.every.total_seconds()) if retry.counts else retry.seconds
    return replace(retry, park=False, seconds=min(retry.seconds, most))


def _must_start_over(error: errors.SavvycalSyncError, attempts: int) -> bool:
    """Whether it is the position that SavvyCal cannot go on from. How it says so, and how long cursors live, is not
    documented: refused or not there at once, and whatever else it answers (5xx, nonsense) after some tries.
    """
    if isinstance(error, errors.Refused | errors.NotThere):
        return True
    return isinstance(error, errors.ServerFault | errors.Malformed) and attempts >= START_OVER_ATTEMPTS

"""One iteration over a list, from the first to the last page.

Three steps overlap: pages are prefetched, the next batch is read (unchanged records are skipped, the others decoded),
and the previous batch is written in one transaction with the position.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

from worker.core.model import Via
from worker.core.split import Split
from worker.savvycal.bodies import Hold, holding
from worker.savvycal.wire import Page
from worker.store import change_feed, objects, scans, work_queue
from worker.store.database import Connection
from worker.store.scans import Scan
from worker.sync import learn, unit_of_work
from worker.sync.batch import Batch, Provenance, read, with_unreadable
from worker.sync.context import Endpoint, SyncContext
from worker.sync.pages import Step, listed
from worker.sync.prefetch import Permits, ahead
from worker.sync.write import Outcome, unchanged, write

PAGES_MAX = 5
"""Pages in one transaction, and pages prefetched. Twice as many are a tenth faster and need 15 MB more (measured)."""

ITERATION_PAGES_MAX = 100_000
"""Ten million objects in pages of 100. A longer list counts as one that never ends."""

PAGE_BYTES_USUAL = 512 * 1024

VIA = {"poll": Via.POLL, "backfill": Via.BACKFILL, "resync": Via.RESYNC}


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page as received, with the position after it.

    A large page is divided into slices, of which only the last one moves the position.
    """

    provenance: Provenance
    step: Step
    large_count: int = 0
    """Permits for large bodies that are released when it is written."""
    page_count: int = 1
    """Pages that end with this slice: 1 for the last slice of a page, else 0."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive pages, with what is needed to move the position. Their records are in the batch."""

    page_count: int
    cursor: str | None
    split: Split
    total: int | None
    large_count: int


async def run(context: SyncContext, endpoint: Endpoint, position: Scan, deadline: float) -> Scan:
    """Continues an iteration until it ends or the deadline has passed; the position as stored."""
    with (
        holding() as hold,
        context.page_limiter.share() as page_permits,
        context.batch_limiter.share() as batch_permits,
    ):
        async with (
            aclosing(_fetch(context, endpoint, position, deadline, page_permits, hold)) as fetched,
            aclosing(ahead(fetched, PAGES_MAX, batch_permits.take, _weight)) as batches,
            aclosing(_read(context, endpoint, batches, page_permits)) as readings,
            aclosing(ahead(readings, 1)) as ready,
        ):
            async for [(stretch, batch)] in ready:
                position = await _store(context, endpoint, position, stretch, batch)
                batch_permits.give_back()
                del batch  # frees the records before their permits are released
                hold.give_back(stretch.large_count)
    return position


def _weight(fetched: Fetched) -> int:
    """A large page counts as several pages, so that a transaction never holds more than a few megabytes."""
    return 1 + sum(map(len, fetched.step.page.records)) // PAGE_BYTES_USUAL


def _slices(page: Page) -> list[Page]:
    """Divides a page into slices of usual size, at least one: decoded records take many times their bytes."""
    slices: list[list[bytes]] = [[]]
    size = 0
    for record in page.records:
        size += len(record)
        if slices[-1] and size > PAGE_BYTES_USUAL:
            slices.append([])
            size = len(record)
        slices[-1].append(record)
    return [replace(page, records=tuple(records)) for records in slices]


async def _fetch(
    context: SyncContext, endpoint: Endpoint, position: Scan, deadline: float, share: Permits, hold: Hold
) -> AsyncGenerator[Fetched, None]:
    """Yields pages from the position on. Each gets its fence before its request is sent; several fences are taken at
    once.

    A fence that is taken a few pages early only loses more often to reads by id; objects that these change are read
    again.
    """
    fences: list[int] = []
    cursor, split = position.cursor, position.split
    given = position.bounds, cursor, split, position.item.attempts
    left = ITERATION_PAGES_MAX - position.page
    async with aclosing(listed(endpoint, *given)) as steps:
        while left > 0 and time.monotonic() < deadline:
            left -= 1
            if not fences:
                async with context.db.connection() as connection:
                    fences = await objects.take_fences(connection, PAGES_MAX)
            fence = fences.pop(0)
            had = hold.kept_count
            step = await anext(steps)
            large_count = hold.kept_count - had
            seen_at = context.db.clock.now()
            await share.take()  # not earlier: waiting for the rate limit or an answer must not block others
            provenance = Provenance(position.account, fence, seen_at, VIA[position.job])
            *firsts, last = _slices(step.page)
            for part in firsts:
                yield Fetched(provenance, Step(part, cursor, split), 0, 0)
                del part
            cursor, split, step = step.cursor, step.split, replace(step, page=last)
            yield Fetched(provenance, step, large_count)
            if split.is_over:
                return
            del step, firsts, last  # otherwise they stay in memory until the next page has arrived


async def _read(
    context: SyncContext, endpoint: Endpoint, batches: AsyncIterator[list[Fetched]], share: Permits
) -> AsyncGenerator[tuple[Stretch, Batch], None]:
    """Yields batches to be written. Records of the previous batch may not be stored yet, so they are decoded again."""
    before = frozenset[str]()
    async for pages in batches:
        answers, last = [(one.provenance, one.step.page.records) for one in pages], pages[-1].step
        batch = await read(context.db, endpoint.source, answers, before, endpoint.learned)
        share.give_back(sum(one.page_count for one in pages))
        before = frozenset(batch.ids)
        large_count = sum(one.large_count for one in pages)
        lost = [record for one in pages for record in one.step.unreadable]
        page_count = sum(one.page_count for one in pages)
        stretch = Stretch(page_count, last.cursor, last.split, last.page.total, large_count)
        batch = with_unreadable(batch, lost)
        del pages, answers, last  # frees them while the next pages are awaited
        yield stretch, batch
        del batch


async def _store(context: SyncContext, endpoint: Endpoint, position: Scan, stretch: Stretch, batch: Batch) -> Scan:
    """Writes a batch and the new position; when nothing changed, only the position, in one statement."""
    if batch.has_changes:
        unit = partial(_write_and_advance, position, stretch)
        position, outcome = await unit_of_work.run(context.db, batch, unit)
        if outcome.records:
            await change_feed.publish(context.db)
    else:
        async with context.db.connection() as connection:
            position = await _advance(connection, position, stretch, unchanged(batch), alone=True)
    await learn.save(context.db, position.account, position.product, endpoint.learned)
    return position


async def _write_and_advance(
    position: Scan, stretch: Stretch, connection: Connection, batch: Batch
) -> tuple[Scan, Outcome]:
    await work_queue.hold(connection, position.item)
    outcome = await write(connection, batch)
    return await _advance(connection, position, stretch, outcome), outcome


async def _advance(
    connection: Connection, position: Scan, stretch: Stretch, outcome: Outcome, alone: bool = False
) -> Scan:
    """Stores and returns the position after a stretch."""
    moved = replace(
        position,
        page=position.page + stretch.page_count,
        cursor=stretch.cursor,
        split=stretch.split,
        iteration_ended=stretch.split.is_over,
        iteration_rows=position.iteration_rows + outcome.count.read,
        iteration_changes=position.iteration_changes + outcome.count.written,
    )
    await scans.advance(connection, moved, stretch.page_count, outcome.count, stretch.total, outcome.ids, alone)
    return moved

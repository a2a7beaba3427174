"""One iteration over a list. Three steps overlap: pages are fetched ahead, the next batch of them is read (what is
stored already is skipped, the rest is decoded), and the batch before is written, in one transaction with the position.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from worker import errors
from worker.core.model import Via
from worker.core.split import Split
from worker.savvycal.bodies import Hold, holding
from worker.savvycal.wire import Page
from worker.store import objects, scans
from worker.store.database import Connection
from worker.store.scans import Scan
from worker.sync import learn
from worker.sync.batch import Batch, Provenance, read, with_unreadable
from worker.sync.context import Endpoint, SyncContext
from worker.sync.pages import Step, listed
from worker.sync.prefetch import Permits, ahead
from worker.sync.write import Outcome, unchanged, write

PAGES_MAX = 5
"""Pages of one transaction, and pages fetched ahead of it. Twice as many: a tenth faster, 15 MB more (measured)."""

ITERATION_PAGES_MAX = 100_000
"""Ten million objects in pages of 100. A list that goes on beyond that never ends."""

PAGE_BYTES_USUAL = 512 * 1024

VIA = {"poll": Via.POLL, "backfill": Via.BACKFILL, "resync": Via.RESYNC}


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page as it came, and where the list goes on behind it. A large page comes in slices, none of which but the
    last moves the position.
    """

    provenance: Provenance
    step: Step
    large_count: int = 0
    """Places for large bodies that are free when it is written."""
    page_count: int = 1
    """Pages that end with it: none before the last slice of one."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some pages in a row: what the position needs to know of them. Their records are in the batch by then."""

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
                del batch  # its records go before their places
                hold.give_back(stretch.large_count)
    return position


def _weight(fetched: Fetched) -> int:
    """Large pages count for several, so that a transaction never holds more than a few megabytes of them."""
    return 1 + sum(map(len, fetched.step.page.records)) // PAGE_BYTES_USUAL


def _slices(page: Page) -> list[Page]:
    """A page as pages of a usual size, at least one: what is decoded at once takes many times its bytes."""
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
    """Pages from where the position stands. Each has its fence before its request goes out; some are taken at once.

    Taken a few pages early it only loses more often, to single looks; what these change is looked at again.
    """
    fences: list[int] = []
    cursor, split = position.cursor, position.split
    given = position.bounds, cursor, split, position.attempts
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
            await share.take()  # not before: who waits for a budget or an answer holds up no other
            provenance = Provenance(position.account, fence, seen_at, VIA[position.job])
            *firsts, last = _slices(step.page)
            for part in firsts:
                yield Fetched(provenance, Step(part, cursor, split), 0, 0)
                del part
            cursor, split, step = step.cursor, step.split, replace(step, page=last)
            yield Fetched(provenance, step, large_count)
            if split.is_over:
                return
            del step, firsts, last  # or they would stay until the next page has come


async def _read(
    context: SyncContext, endpoint: Endpoint, batches: AsyncIterator[list[Fetched]], share: Permits
) -> AsyncGenerator[tuple[Stretch, Batch], None]:
    """Batches as they will be written. What the batch before held may not be stored yet, so it is decoded again."""
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
        del pages, answers, last  # while the next pages are waited for
        yield stretch, batch
        del batch


async def _store(context: SyncContext, endpoint: Endpoint, position: Scan, stretch: Stretch, batch: Batch) -> Scan:
    """Writes a batch and the position after it; only the position, in one statement, when there is nothing to write."""
    stored: list[Scan] = []

    async def store(connection: Connection, outcome: Outcome) -> None:
        moved = replace(
            position,
            page=position.page + stretch.page_count,
            cursor=stretch.cursor,
            split=stretch.split,
            iteration_ended=stretch.split.is_over,
            iteration_rows=position.iteration_rows + outcome.count.read,
            iteration_changes=position.iteration_changes + outcome.count.written,
        )
        await scans.advance(
            connection, moved, stretch.page_count, outcome.count, stretch.total, outcome.ids, not batch.has_changes
        )
        stored[:] = [moved]

    if batch.has_changes:
        await write(context.db, endpoint.source, batch, _hold(position), store)
    else:
        async with context.db.connection() as connection:
            await store(connection, unchanged(batch))
    await learn.save(context.db, position.account, position.product, endpoint.learned)
    return stored[0]


def _hold(position: Scan) -> Callable[[Connection, Outcome], Awaitable[None]]:
    async def check(connection: Connection, _outcome: Outcome) -> None:
        if not await scans.hold(connection, position):
            raise errors.LeaseLost("another worker holds this pass")

    return check

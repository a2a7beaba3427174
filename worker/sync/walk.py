"""One walk over a list. Three steps overlap: pages are fetched ahead, the next batch of them is read (what is stored
already is skipped, the rest is decoded), and the batch before is written, in one transaction with the position.
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
from worker.store import objects, passes
from worker.store.database import Connection
from worker.store.passes import Pass
from worker.sync import learn
from worker.sync.ahead import Share, ahead
from worker.sync.batch import Batch, Look, read, with_unreadable
from worker.sync.ingest import Outcome, unchanged, write
from worker.sync.mirror import Endpoint, Mirror
from worker.sync.pages import Step, listed

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

    look: Look
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


async def walk(mirror: Mirror, endpoint: Endpoint, position: Pass, deadline: float) -> Pass:
    """Goes on with a walk until it ends or the deadline has passed; the position as stored."""
    with holding() as hold, mirror.page_room.share() as page_share, mirror.batch_room.share() as batch_share:
        async with (
            aclosing(_fetch(mirror, endpoint, position, deadline, page_share, hold)) as fetched,
            aclosing(ahead(fetched, PAGES_MAX, batch_share.take, _weight)) as batches,
            aclosing(_read(mirror, endpoint, batches, page_share)) as readings,
            aclosing(ahead(readings, 1)) as ready,
        ):
            async for [(stretch, batch)] in ready:
                position = await _store(mirror, endpoint, position, stretch, batch)
                batch_share.give_back()
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
    mirror: Mirror, endpoint: Endpoint, position: Pass, deadline: float, share: Share, hold: Hold
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
                async with mirror.db.connection() as connection:
                    fences = await objects.take_fences(connection, PAGES_MAX)
            fence = fences.pop(0)
            had = hold.kept_count
            step = await anext(steps)
            large_count = hold.kept_count - had
            seen_at = mirror.db.clock.now()
            await share.take()  # not before: who waits for a budget or an answer holds up no other
            look = Look(position.account, fence, seen_at, VIA[position.job])
            *firsts, last = _slices(step.page)
            for part in firsts:
                yield Fetched(look, Step(part, cursor, split), 0, 0)
                del part
            cursor, split, step = step.cursor, step.split, replace(step, page=last)
            yield Fetched(look, step, large_count)
            if split.is_over:
                return
            del step, firsts, last  # or they would stay until the next page has come


async def _read(
    mirror: Mirror, endpoint: Endpoint, batches: AsyncIterator[list[Fetched]], share: Share
) -> AsyncGenerator[tuple[Stretch, Batch], None]:
    """Batches as they will be written. What the batch before held may not be stored yet, so it is decoded again."""
    before = frozenset[str]()
    async for pages in batches:
        answers, last = [(one.look, one.step.page.records) for one in pages], pages[-1].step
        batch = await read(mirror.db, endpoint.source, answers, before, endpoint.learned)
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


async def _store(mirror: Mirror, endpoint: Endpoint, position: Pass, stretch: Stretch, batch: Batch) -> Pass:
    """Writes a batch and the position after it; only the position, in one statement, when there is nothing to write."""
    stored: list[Pass] = []

    async def store(connection: Connection, outcome: Outcome) -> None:
        moved = replace(
            position,
            page=position.page + stretch.page_count,
            cursor=stretch.cursor,
            split=stretch.split,
            walk_ended=stretch.split.is_over,
            walk_rows=position.walk_rows + outcome.count.read,
            walk_news=position.walk_news + outcome.count.written,
        )
        await passes.advance(
            connection, moved, stretch.page_count, outcome.count, stretch.total, outcome.ids, not batch.is_news
        )
        stored[:] = [moved]

    if batch.is_news:
        await write(mirror.db, endpoint.source, batch, _hold(position), store)
    else:
        async with mirror.db.connection() as connection:
            await store(connection, unchanged(batch))
    await learn.save(mirror.db, position.account, position.product, endpoint.learned)
    return stored[0]


def _hold(position: Pass) -> Callable[[Connection, Outcome], Awaitable[None]]:
    async def check(connection: Connection, _outcome: Outcome) -> None:
        if not await passes.hold(connection, position):
            raise errors.LeaseLost("another worker holds this pass")

    return check

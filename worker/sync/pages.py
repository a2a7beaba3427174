"""Reads the pages of a list one after the other, and around pages that fail. Used by scans and audits of a range."""

import hashlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from msgspec.structs import replace

from worker import errors
from worker.core import split as splitting
from worker.core.kinds import KINDS
from worker.core.split import Split
from worker.core.windows import FAR, Bounds
from worker.savvycal.wire import Page, Place, first_id
from worker.sync.batch import Unreadable
from worker.sync.context import Endpoint

TRIES = 3
"""Consecutive failures of one page that make it a bad page, provided that SavvyCal answers other requests."""

TRIES_KNOWN = 2
"""The same when the previous scan found a bad page."""

NOTHING = Page((), None)

NO_DAYS = Bounds(FAR, FAR)
"""A range with next to no objects, requested to prove that SavvyCal answers lists."""


@dataclass(frozen=True, slots=True)
class Step:
    """One page, or an empty one where it could not be read, and the position at which the list continues."""

    page: Page
    cursor: str | None
    split: Split
    unreadable: tuple[Unreadable, ...] = ()
    """A record that is larger than the limit of a body."""


async def listed(
    endpoint: Endpoint, bounds: Bounds, cursor: str | None, split: Split, tries: int
) -> AsyncGenerator[Step, None]:
    """Yields the pages of a list from a position on. `tries`: how often the first one was requested, this time
    included.

    Raises:
        errors.UpstreamError: SavvyCal did not answer with a page, and it is not known yet whether it always fails.
    """
    sent = {hash((split.is_backwards, split.part, cursor))}
    while not split.is_over:
        try:
            asked = split.asked(bounds), cursor, split.size, split.is_backwards
            step = _after_page(endpoint, bounds, cursor, split, await endpoint.fetch_page(*asked))
        except errors.UpstreamError as error:
            if not _may_be_the_page(error, split):
                raise
            is_last = splitting.smaller_page(split, _place(endpoint, cursor).size, 0) is None
            split = splitting.failed(split, str(error), is_last or not isinstance(error, errors.TooLarge))
            if tries < _tries_needed(split, error, is_last):
                if not split.is_known:
                    raise
                tries += 1
                continue
            if not isinstance(error, errors.TooLarge):
                await endpoint.probe()
            if split.may_be_down:
                split = splitting.saw_days(split, NO_DAYS, await endpoint.probe_lists(NO_DAYS))
            step = _around(endpoint, bounds, cursor, split, error)
        here = hash((step.split.is_backwards, step.split.part, step.cursor))
        if step.page is not NOTHING and not step.split.is_over:
            if here in sent:
                raise errors.Malformed("SavvyCal answered with a cursor that was sent before: the list does not end")
            sent.add(here)
        cursor, split, tries = step.cursor, step.split, 1
        yield step
        del step  # otherwise it stays in memory until the next one has arrived


def _may_be_the_page(error: errors.UpstreamError, split: Split) -> bool:
    if isinstance(error, errors.Untaken):  # then every list is refused
        return False
    if isinstance(error, errors.Refused | errors.NotThere) and split.skipped:  # the page is behind the end of the list
        return True
    if isinstance(error, errors.Refused):  # the page size or direction may be refused
        return error.is_about_parameters and (split.is_small or split.is_backwards)
    return isinstance(error, errors.ServerFault | errors.Malformed | errors.Unreachable)


def _tries_needed(split: Split, error: errors.UpstreamError, is_last: bool) -> int:
    """How many failures are needed. Smaller pages cost only requests; leaving a record out needs proof first."""
    if isinstance(error, errors.Refused | errors.NotThere):
        return 1
    if split.part is not None or (
        not is_last and (split.is_small or split.is_known or isinstance(error, errors.TooLarge))
    ):
        return 1
    return TRIES_KNOWN if split.is_known else TRIES


def _place(endpoint: Endpoint, cursor: str | None) -> Place:
    """Number and size of a page. With SavvyCal's own cursors, each page is the first one after its cursor."""
    form, numbers = endpoint.learned.form, endpoint.source.numbers
    return numbers.place_of(cursor, form) if numbers else Place(1, form.page_size)


def _cursor_at(endpoint: Endpoint, cursor: str | None, offset: int, size: int | None) -> str | None:
    """The cursor of the same position for pages of another size."""
    numbers = endpoint.source.numbers
    return numbers.cursor_of(Place(offset // size + 1, size)) if numbers and size else cursor


def _after_page(endpoint: Endpoint, bounds: Bounds, cursor: str | None, split: Split, page: Page) -> Step:
    source, place = endpoint.source, _place(endpoint, cursor)
    if source.numbers and page.cursor and page.granted and place.size and page.granted != place.size:
        if page.granted > place.size and place.offset:
            raise errors.Malformed(f"SavvyCal answered with pages of {page.granted} instead of {place.size}")
        if page.granted < place.size and place.offset:  # so the page began at another record
            again = splitting.capped(split, page.granted, place.offset)
            return Step(NOTHING, _cursor_at(endpoint, cursor, place.offset, again.size), again)
    starts = [start for raw in page.records if (start := source.start_of(raw))]
    if splitting.is_not_backwards(split, starts):
        return Step(NOTHING, None, splitting.around(replace(split, is_one_way=True), bounds, _today(), can_turn=False))
    after = splitting.after_page(split, starts, page.granted, source.descends or split.is_backwards)
    after = after if source.numbers else splitting.saw_days(after, split.asked(bounds), starts)
    is_past = not split.is_small and source.is_past_range(page, bounds)
    if page.cursor is None or is_past or splitting.is_met(after):
        return Step(page, None, splitting.after_part(after))
    following = page.cursor
    if source.numbers and split.is_small:
        behind = source.numbers.place_of(following, endpoint.learned.form)
        following = _cursor_at(endpoint, following, behind.offset, after.size or split.usual) or following
    return Step(page, following, after)


def _around(endpoint: Endpoint, bounds: Bounds, cursor: str | None, split: Split, error: errors.UpstreamError) -> Step:
    """The step after a page that cannot be fetched."""
    source, place = endpoint.source, _place(endpoint, cursor)
    is_refused = isinstance(error, errors.Refused | errors.NotThere)
    if is_refused and split.skipped:
        return Step(NOTHING, None, splitting.after_part(split))
    less = None if is_refused else splitting.smaller_page(split, place.size, place.offset)
    if less is not None:
        return Step(NOTHING, _cursor_at(endpoint, cursor, place.offset, less.size), less)
    is_alone = (split.size or place.size) == 1  # otherwise it is unknown which record it is
    lost = (_unreadable(endpoint, bounds, cursor, error),) if isinstance(error, errors.TooLarge) and is_alone else ()
    if source.numbers:
        after = splitting.skip(split)
        behind = place._replace(page=place.page + 1)
        size = after.size or split.usual if split.is_small else place.size
        following = _cursor_at(endpoint, None, behind.offset, size) or source.numbers.cursor_of(behind)
        return Step(NOTHING, following, after, lost)
    if KINDS[source.kind].start_column is None:
        return Step(NOTHING, None, splitting.without_rest(split), lost)
    form = endpoint.learned.form
    after = splitting.around(split, bounds, _today(), form.order != "none", can_halve=form.period != "all")
    return Step(NOTHING, None, after, lost)


def _today() -> date:
    return datetime.now(UTC).date()


def _unreadable(endpoint: Endpoint, bounds: Bounds, cursor: str | None, error: errors.TooLarge) -> Unreadable:
    """A record for the quarantine, named by its id, or by a hash of its position when the id cannot be read."""
    place = f"{endpoint.source.product} {bounds} {cursor}"
    name = first_id(error.beginning) or f"unreadable:{hashlib.sha256(place.encode()).hexdigest()[:16]}"
    return Unreadable(name, str(error), b"")

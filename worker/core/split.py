"""How a list is read around a page that SavvyCal cannot serve. Pure.

The page is asked for in smaller ones, down to one record. Lists with numbered pages skip that record. Lists with
cursors are read from the other end until the same record fails again; if records between the two ends are left, their
days are halved and read by themselves. What could not be read in the end is a missing range.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from worker.core.missing import Missing
from worker.core.page_size import grown, smaller
from worker.core.windows import FAR, PAD, Bounds

FAILURES_MAX = 120
"""Failed requests of one iteration after which nothing is split any further: what fails then is missing as a whole."""

FAILURES_IN_ROW = 16
"""Failed requests, without a single page in between, after which the list itself may not work."""

MISSING_MAX = 50
"""Missing ranges that are told apart; further ones are joined to the last of them."""

DAY = timedelta(days=1)
NEAR = 32 * DAY
BEGINNING = date(1970, 1, 1)


class Split(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an iteration stands, beside its cursor. The default is an iteration without any failure."""

    size: int | None = None
    """Records of a page for now; None: as many as usual."""
    usual: int | None = None
    """As many as usual, once `size` is set."""
    offset: int = 0
    """Records before this page, counted so that whole usual pages fit."""
    part: Bounds | None = None
    """Days that are being read by themselves, both included; None: the range of the scan."""
    is_backwards: bool = False
    low: datetime | None = None
    """Start of the last record read forwards in this part."""
    high: datetime | None = None
    """Start of the last record read backwards in it."""
    is_unordered: bool = False
    """A page was not sorted by start, so the starts of its records do not show how far the list was read."""
    skipped: str | None = None
    """Why the records before this page were skipped."""
    pending: tuple[Bounds, ...] = ()
    missing: tuple[Missing, ...] = ()
    failure_count: int = 0
    failed_in_row: int = 0
    """Of these, those since the last page that came."""
    reason: str = ""
    """Why the last one failed."""
    is_known: bool = False
    """Whether this range was already partial: a failure needs no second proof."""
    is_one_way: bool = False
    """Whether SavvyCal takes no notice of the direction asked for."""
    ignores_days: bool = False
    """Whether a page showed that SavvyCal takes no notice of the days asked for."""
    is_over: bool = False

    @property
    def is_small(self) -> bool:
        """Whether pages are smaller than usual."""
        return self.size is not None

    @property
    def may_be_down(self) -> bool:
        """Whether it may be the list that does not work, not a page of it."""
        return self.failed_in_row >= FAILURES_IN_ROW

    def asked(self, whole: Bounds) -> Bounds:
        """The range to ask for. Whether the day of `until` is included is not documented, so it is one day later; a
        range without an end stays one, which accounts may want to be asked for in their own way.
        """
        part = self.part
        has_end = part is not None and part.until not in {None, FAR}
        return whole if part is None else Bounds(part.start, part.until + DAY if part.until and has_end else part.until)

    def next_iteration(self) -> "Split":
        """From the first page again; what was missing is known by then."""
        return Split(is_known=self.is_known or bool(self.missing), is_one_way=self.is_one_way)


def after_page(split: Split, starts: Sequence[datetime], granted: int | None, descends: bool) -> Split:
    """A page has come, whose records start at `starts` as far as these can be read.

    `granted`: records of a full page, where SavvyCal says so.
    """
    is_sorted = all(a >= b if descends else a <= b for a, b in pairwise(starts))
    split = replace(split, failed_in_row=0)
    if not is_sorted or not _goes_on(split, starts, descends):
        split = _unordered(split)
    if starts:
        split = _closed(split, starts[0] if is_sorted else None)
        split = replace(split, **{"high" if descends else "low": starts[-1]})
    if split.size is None or split.usual is None:
        return split
    offset = split.offset + min(split.size, granted or split.size)
    size = grown(offset, split.usual)
    return replace(split, offset=offset, size=size) if size < split.usual else replace(split, size=None, offset=0)


def _goes_on(split: Split, starts: Sequence[datetime], descends: bool) -> bool:
    """Whether a page begins where the one before it ended, or behind that: pages of one record are always sorted."""
    before = split.high if descends else split.low
    return not starts or before is None or (starts[0] <= before if descends else starts[0] >= before)


def _unordered(split: Split) -> Split:
    """The order cannot be trusted, so the edges of missing ranges, which came from it, are removed."""
    if split.is_unordered:
        return split
    missing = (Missing(None, None, split.missing[0].reason),) if split.missing else ()
    return replace(split, is_unordered=True, missing=missing)


def saw_days(split: Split, asked: Bounds, starts: Sequence[datetime]) -> Split:
    """A page whose records all start days away from those requested shows that SavvyCal does not follow the days: then
    reading single days would bring the same page each time.
    """
    low = _midnight(asked.start, -DAY) if asked.start else None
    high = _midnight(asked.until, 2 * DAY) if asked.until not in {None, FAR} else None
    is_elsewhere = all((low and start < low) or (high and start >= high) for start in starts)
    return _undivided(split) if starts and is_elsewhere and not split.ignores_days else split


def _undivided(split: Split) -> Split:
    """All days that are left to be read are one part."""
    parts = [part for part in (split.part, *split.pending) if part]
    starts, ends = [part.start or BEGINNING for part in parts], [part.until or FAR for part in parts]
    part = Bounds(min(starts), max(ends)) if parts else None
    return replace(split, ignores_days=True, part=part, pending=())


def smaller_page(split: Split, usual: int | None, offset: int) -> Split | None:
    """The same page with fewer records, None when it cannot be smaller. Days by themselves go down to 1 at once.

    `usual` and `offset` are those of the page that failed, for the first time it does.
    """
    size = split.size or usual
    less = smaller(size) if size else None
    if less is None or split.failure_count >= FAILURES_MAX:
        return None
    begun = split if split.size else replace(split, usual=usual, offset=offset)
    return replace(begun, size=1 if split.part else less)


def failed(split: Split, reason: str, counts: bool = True) -> Split:
    """One request more that failed. Pages that are only too large do not count."""
    more = int(counts)
    count, in_row = split.failure_count + more, split.failed_in_row + more
    return replace(split, failure_count=count, failed_in_row=in_row, reason=reason)


def capped(split: Split, granted: int, offset: int) -> Split:
    """Pages are never larger than `granted`: the page at `offset` is asked for once more, so that it begins there."""
    return replace(split, usual=granted, size=grown(offset, granted), offset=offset)


def skip(split: Split) -> Split:
    """What a page holds is left out; where that ends shows in the next one. When page after page fails, the rest is."""
    usual, size = split.usual, split.size
    split = replace(split, skipped=split.skipped or split.reason, is_known=True)
    if split.failed_in_row >= FAILURES_MAX:
        return after_part(split)
    if size is None or usual is None:
        return split
    offset = split.offset + size
    return replace(split, offset=offset, size=grown(offset, usual)) if offset % usual else replace(split, size=None)


def around(split: Split, whole: Bounds, today: date, can_turn: bool, can_halve: bool = True) -> Split:
    """A record cannot be read, nor skipped: the list is read from its other end, then its days by halves.

    `can_turn`: whether the list can be asked for backwards. `can_halve`: whether it can be asked for by days.
    """
    split = replace(split, is_known=True)
    first, last = _days(split, split.part or whole)
    is_worth_it = split.part is None or split.low is not None or first >= last
    if can_turn and is_worth_it and not (split.is_backwards or split.is_unordered or split.is_one_way):
        return replace(split, is_backwards=True, size=None, offset=0)
    if first >= last or not can_halve or split.ignores_days or split.failure_count >= FAILURES_MAX:
        return after_part(_with_missing(split, _between(split, whole)))
    middle = _middle(split, first, last, today)
    return after_part(replace(split, pending=(*split.pending, Bounds(first, middle), Bounds(middle + DAY, last))))


def without_rest(split: Split) -> Split:
    """A record of a list without times cannot be read, nor skipped: the list ends there."""
    return after_part(_with_missing(replace(split, is_known=True), Missing(None, None, split.reason)))


def is_met(split: Split) -> bool:
    """Whether reading backwards has come to what was read forwards, so that nothing lies between."""
    met = split.low is not None and split.high is not None and split.high < split.low
    return split.is_backwards and met and not split.is_unordered


def is_not_backwards(split: Split, starts: Sequence[datetime]) -> bool:
    """Whether the first page backwards shows that SavvyCal does not list backwards."""
    if not split.is_backwards or split.high is not None or not starts:
        return False
    is_below = split.low is not None and starts[0] <= split.low  # the record in between would have failed before
    return is_below or list(starts) != sorted(starts, reverse=True)


def after_part(split: Split) -> Split:
    """A part has been read to its end: the next one, or the end of the iteration."""
    split = _closed(split, None)
    if not split.pending:
        return replace(split, is_over=True)
    fresh = {"is_backwards": False, "low": None, "high": None, "size": None, "offset": 0, "is_unordered": False}
    return replace(split, part=split.pending[0], pending=split.pending[1:], **fresh)


def _closed(split: Split, next_start: datetime | None) -> Split:
    """What was skipped lies between the last record read and the next one."""
    if split.skipped is None:
        return split
    edges = (None, None) if split.is_unordered else (next_start, split.high)
    return _with_missing(replace(split, skipped=None), Missing(*edges, split.skipped))


def _with_missing(split: Split, missing: Missing) -> Split:
    *others, last = split.missing or (missing,)
    if len(split.missing) < MISSING_MAX:
        return replace(split, missing=(*split.missing, missing))
    first = None if None in {last.first, missing.first} else min(filter(None, (last.first, missing.first)))
    end = None if None in {last.last, missing.last} else max(filter(None, (last.last, missing.last)))
    return replace(split, missing=(*others, Missing(first, end, last.reason)))


def _days(split: Split, part: Bounds) -> tuple[date, date]:
    """The days of a part that must contain the record that failed."""
    first, last = part.start or BEGINNING, part.until or FAR
    if split.is_unordered:
        return first, last
    return max(first, split.low.date()) if split.low else first, min(last, split.high.date()) if split.high else last


def _middle(split: Split, first: date, last: date, today: date) -> date:
    """Where to divide these days: near the side from which something was read, if it is one only."""
    half = first + (last - first) // 2
    if last == FAR:
        half = min(half, _ahead(first, today))
    if split.is_unordered or (split.low is None) == (split.high is None):
        return half
    return max(half, last - NEAR) if split.low is None else min(half, first + NEAR)


def _ahead(first: date, today: date) -> date:
    """Where to divide days without an end: today, then farther each time. Hundreds of years may be refused."""
    return today if first < today else first + max(NEAR, first - today)


def _between(split: Split, whole: Bounds) -> Missing:
    """The missing range around what failed. Days are a day wider: nobody knows in which zone SavvyCal reads them."""
    low, high = (None, None) if split.is_unordered else (split.low, split.high)
    part = split.part or whole
    first = low or (_midnight(part.start, -PAD) if part.start else None)
    last = high or (_midnight(part.until, 2 * PAD) if part.until not in {None, FAR} else None)
    return Missing(first, last, split.reason)


def _midnight(day: date | None, shift: timedelta) -> datetime:
    """Some days from a day, or the end of the calendar, behind which there are none."""
    day = day or BEGINNING
    shifted = min(max(day.toordinal() + shift.days, date.min.toordinal()), date.max.toordinal())
    return datetime.combine(date.fromordinal(shifted), time(), UTC)

"""Windows: standing ranges of start times, the dates to ask for, and which window waits for another. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from worker.core.kinds import KINDS, Interval
from worker.core.model import Product

PAD = timedelta(days=1)
"""The time zone of `from` and `until` is not documented, so each requested range is a day wider on both sides."""

UNTIL_PAD = 2 * PAD
"""It is not documented either whether the day of `until` is included, so there is one more day at that end."""

FAR = date(2200, 1, 1)
"""Stands for «no end»: whether `from` works without `until` is not documented."""


@dataclass(frozen=True, slots=True)
class Window:
    """A standing range of start times that is scanned periodically. Offsets count from now; None means no bound."""

    name: str
    product: Product
    from_offset: timedelta | None
    until_offset: timedelta | None
    every: timedelta
    priority: int
    """Smaller goes first."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The dates a scan asks for, frozen when it starts. None on both sides: all of history."""

    start: date | None
    until: date | None


def standing(near: timedelta, month: timedelta, later: timedelta, everything: timedelta) -> tuple[Window, ...]:
    """The standing windows of all kinds, most urgent first, given how often each is scanned."""
    every = {
        Interval.NEAR: near,
        Interval.MONTH: month,
        Interval.LATER: later,
        Interval.EVERYTHING: everything,
    }
    found = (
        Window(one.name, spec.listing, one.from_offset, one.until_offset, every[one.interval], one.priority)
        for spec in KINDS.values()
        for one in spec.windows
    )
    return tuple(sorted(found, key=lambda window: window.priority))


def contains(outer: Bounds, inner: Bounds) -> bool:
    """Whether a scan of `outer` reads all of `inner`; both are padded bounds, or neither is."""
    starts = outer.start is None or (inner.start is not None and outer.start <= inner.start)
    ends = outer.until is None or (inner.until is not None and inner.until <= outer.until)
    return starts and ends


def waits_for(window: Window, all_windows: Iterable[Window], first_loads: Collection[str]) -> bool:
    """Whether a window that was never complete waits for a nearer one that is still on its first load.

    This way the next two days are stored within seconds, and no two first loads read the same list at the same time.
    `first_loads` are the names of the windows that were never complete and are not failing.
    """
    nearer = (w.name for w in all_windows if w.product is window.product and w.priority < window.priority)
    return window.name in first_loads and any(name in first_loads for name in nearer)


@dataclass(frozen=True, slots=True)
class Running:
    """A scan that is under way: what it asks for, when it began, and how long the last one of its window took."""

    bounds: Bounds
    began_at: datetime
    last_seconds: float | None


def is_served(window: Window, running: Iterable[Running], now: datetime) -> bool:
    """Whether a scan under way makes one of this window unnecessary: it reads all of the range, and it will have ended,
    going by the last of its kind, before the window is half an interval late.
    """
    latest = now + window.every / 2
    return any(
        scan.last_seconds is not None
        and contains(scan.bounds, bounds(window, now))
        and now - scan.began_at < window.every / 2
        and scan.began_at + timedelta(seconds=2 * scan.last_seconds) < latest
        for scan in running
    )


def bounds(window: Window, now: datetime) -> Bounds:
    """The padded dates of a standing window as of now."""
    if window.from_offset is None and window.until_offset is None:
        return Bounds(None, None)
    start = (now + window.from_offset - PAD).date() if window.from_offset is not None else None
    until = (now + window.until_offset + UNTIL_PAD).date() if window.until_offset is not None else FAR
    return Bounds(start, until)


def padded(start: date, until: date) -> Bounds:
    """The bounds to request so that both days are certainly covered."""
    return Bounds(max(start, date.min + PAD) - PAD, min(until, date.max - UNTIL_PAD) + UNTIL_PAD)


def inside(asked: Bounds) -> Bounds:
    """The part of padded bounds that a list certainly covered, whichever time zone SavvyCal reads dates in.

    `until` becomes exclusive: the first day that is not covered.
    """
    start = min(asked.start, date.max - PAD) + PAD if asked.start else None
    return Bounds(start, None if asked.until in {None, FAR} else asked.until - PAD)

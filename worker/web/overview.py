"""What the overview draws: the freshness bar of each window, and the sparkline of the last hour. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from worker.core.kinds import KINDS
from worker.core.problem_rules import is_late
from worker.core.problems import WindowState

WINDOWS_MAX = 40
"""With more windows only those furthest behind are shown, so that a thousand accounts make no page of a megabyte."""

BEHIND = 1.25
"""A window older than this share of its interval is behind: a scan takes a moment, too."""

MINUTES, MINUTE_WIDTH, SPARK_HEIGHT = 60, 4, 40
_ORDER = {
    (kind.listing.value, window.name): (n, m)
    for n, kind in enumerate(KINDS.values())
    for m, window in enumerate(kind.windows)
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """One bar. `age_seconds` is None before the first complete scan; `percent` (0 to 100) is the length of the bar, on
    which the interval stands in the middle.
    """

    window: WindowState
    age_seconds: float | None
    percent: int
    word: str
    colour: str


def freshness(windows: Sequence[WindowState], now: datetime) -> list[Freshness]:
    """The bars of all windows, in the order of accounts, products and nearness; at most WINDOWS_MAX."""
    bars = sorted((_bar(window, now) for window in windows), key=lambda bar: -bar.percent)[:WINDOWS_MAX]
    return sorted(
        bars, key=lambda bar: (bar.window.account, _ORDER.get((bar.window.product, bar.window.window_name), (9, 9)))
    )


def _bar(window: WindowState, now: datetime) -> Freshness:
    if window.complete_as_of is None:
        return Freshness(window, None, 0, *_state(window, 0.0, now))
    age = max(0.0, (now - window.complete_as_of).total_seconds())
    share = age / window.interval_seconds if window.interval_seconds else 0.0
    return Freshness(window, age, min(100, round(50 * share)), *_state(window, share, now))


def _state(window: WindowState, share: float, now: datetime) -> tuple[str, str]:
    """The word and the colour of a bar."""
    if window.is_paused:
        return "paused", "grey"
    if window.complete_as_of is None:
        return ("first scan", "blue") if window.is_scanning else ("not complete yet", "yellow")
    if is_late(window, now):
        return "late", "red"
    return ("behind", "yellow") if share > BEHIND else ("on time", "green")


def sparkline(rows: Iterable[Mapping[str, Any]]) -> str:
    """The path of an SVG of 60 bars, one for each minute, the current one last; from rows of `minute` and `changes`."""
    counts = {row["minute"]: row["changes"] for row in rows if 0 <= row["minute"] < MINUTES}
    highest = max(counts.values(), default=0)
    return "".join(_minute(minute, count / highest) for minute, count in sorted(counts.items()))


def _minute(minute: int, share: float) -> str:
    height = max(2, round(SPARK_HEIGHT * share))
    return f"M{minute * MINUTE_WIDTH} {SPARK_HEIGHT}v-{height}h{MINUTE_WIDTH - 1}v{height}z"

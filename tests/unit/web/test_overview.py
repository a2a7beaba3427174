"""What the overview draws: bars of freshness, and the sparkline."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.core.problems import WindowState
from worker.web.overview import MINUTES, SPARK_HEIGHT, WINDOWS_MAX, freshness, sparkline

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def window(age: float | None, account: str = "default", name: str = "near", is_scanning: bool = False) -> WindowState:
    """A window scanned every 100 seconds, complete so many seconds ago."""
    complete = None if age is None else NOW - timedelta(seconds=age)
    due = (complete or NOW) + timedelta(seconds=100)
    return WindowState(account, "meetings", name, complete, due, 100.0, is_scanning)


@pytest.mark.parametrize(
    ("age", "is_scanning", "word", "colour", "percent"),
    [
        (0, False, "on time", "green", 0),
        (100, False, "on time", "green", 50),
        (126, False, "behind", "yellow", 63),
        (3600, False, "late", "red", 100),
        (3600, True, "behind", "yellow", 100),
        (None, True, "first scan", "blue", 0),
        (None, False, "not complete yet", "yellow", 0),
    ],
)
def test_a_bar_names_its_state(age: float | None, is_scanning: bool, word: str, colour: str, percent: int) -> None:
    """The interval is in the middle of the bar, and twice the interval is its end."""
    [bar] = freshness([window(age, is_scanning=is_scanning)], NOW)

    assert (bar.word, bar.colour, bar.percent) == (word, colour, percent)


def test_a_paused_window_is_neither_late_nor_behind() -> None:
    """A person has stopped it, and the problem says so."""
    [bar] = freshness([replace(window(3600), is_paused=True)], NOW)

    assert (bar.word, bar.colour) == ("paused", "grey")


def test_windows_are_in_order_and_the_furthest_behind_are_never_left_out() -> None:
    """By account, then from near to all; of many windows those that are fresh are dropped."""
    few = freshness([window(1, name="all"), window(1, name="near"), window(1, "another", "later")], NOW)
    assert [(bar.window.account, bar.window.window_name) for bar in few] == [
        ("another", "later"), ("default", "near"), ("default", "all"),
    ]  # fmt: skip
    many = freshness([*(window(1, f"account_{n}") for n in range(1000)), window(180, "zz")], NOW)
    assert (len(many), many[-1].window.account) == (WINDOWS_MAX, "zz")


def test_a_sparkline_has_a_bar_for_each_minute_with_changes() -> None:
    """The highest fills it; one change is visible beside a thousand; nothing draws nothing."""
    path = sparkline([{"minute": MINUTES - 1, "changes": 1000}, {"minute": 0, "changes": 1}])

    assert path == f"M0 {SPARK_HEIGHT}v-2h3v2zM236 {SPARK_HEIGHT}v-{SPARK_HEIGHT}h3v{SPARK_HEIGHT}z"
    assert sparkline([]) == ""

"""The log: one schema for all that is written, and a bound on how often."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from worker import logs
from worker.log_limit import ENTRIES_MAX, WINDOW_SECONDS, LogLimit


class Clock:
    """Time that passes when told to."""

    seconds = 100.0

    def __call__(self) -> float:
        """Now."""
        return self.seconds


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Standard error, with the log set up as JSON."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    logs.configure("info", as_json=True)
    yield capsys
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def entries(written: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was written, line by line."""
    return [json.loads(line) for line in written.readouterr().err.splitlines()]


def test_so_many_entries_of_one_name() -> None:
    """Names do not share their limit; what is left out is counted once the time is over, and then it begins again."""
    now = Clock()
    limit = LogLimit(now)
    assert [limit.admits("a") for _ in range(ENTRIES_MAX + 2)] == [True] * ENTRIES_MAX + [False] * 2
    assert limit.admits("b")
    now.seconds += WINDOW_SECONDS - 1
    assert limit.take_ended() == {}
    assert not limit.admits("a")
    now.seconds += 1
    assert limit.take_ended() == {"a": 3}
    assert limit.take_ended() == {}
    assert limit.admits("a")


def test_what_was_left_out_is_reported(written: pytest.CaptureFixture[str]) -> None:
    """With name, number and time."""
    now = Clock()
    structlog.configure(processors=[logs.limited(LogLimit(now)), *structlog.get_config()["processors"][1:]])
    for _ in range(ENTRIES_MAX + 7):
        logs.log.warning("reconcile_failed")
    now.seconds += WINDOW_SECONDS
    logs.log.info("redis_reconnected")
    reported, last = entries(written)[ENTRIES_MAX:]
    assert (reported["event"], reported["name"], reported["count"]) == ("log_suppressed", "reconcile_failed", 7)
    assert last["event"] == "redis_reconnected"


def test_libraries_and_crashes_have_the_same_schema(written: pytest.CaptureFixture[str]) -> None:
    """Each is one line of JSON with event, level and timestamp; a flood of one library hides no other."""
    for number in range(ENTRIES_MAX + 1):
        logging.getLogger("aiohttp").error("refused %s", number)
    misfit = {"name": "asyncio", "levelno": logging.WARNING, "msg": "took %d", "args": ("text that does not fit",)}
    logging.getLogger().handlers[0].handle(logging.makeLogRecord(misfit))
    try:
        raise ValueError("nobody caught it")
    except ValueError:
        sys.excepthook(*sys.exc_info())
    found = entries(written)
    assert [entry["event"] for entry in found] == ["library_message"] * (ENTRIES_MAX + 1) + ["crashed"]
    assert [entry["logger"] for entry in found[-3:-1]] == ["aiohttp", "asyncio"]
    assert found[-1]["level"] == "critical"
    assert "nobody caught it" in found[-1]["exception"]
    assert all({"event", "level", "timestamp"} <= entry.keys() for entry in found)

"""The tree of errors that is drawn is the tree of errors that there is."""

import inspect
import re

import pytest

from worker import errors
from worker.errors import SavvycalSyncError

LINE = re.compile(r"^(?P<branch>[│ ]*(?:├── |└── )?)(?P<name>[A-Z]\w+)(?: {2,}(?P<text>.*))?$")
CLASSES = {
    name: found
    for name, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, SavvycalSyncError) and found.__module__ == errors.__name__
}


def drawn() -> dict[str, tuple[str | None, str]]:
    """Each error of the drawing with the one above it and the words beside it."""
    found: dict[str, tuple[str | None, str]] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := LINE.match(line):
            depth = len(match["branch"]) // 4
            above[depth:] = [match["name"]]
            found[match["name"]] = (above[depth - 1] if depth else None, match["text"] or "")
    return found


def test_every_error_is_drawn_below_its_parent() -> None:
    """The drawing holds each class once, and nothing else, and shows where it comes from."""
    parents = {name: parent for name, (parent, _) in drawn().items()}
    bases = {name: found.__bases__[0].__name__ for name, found in CLASSES.items()}
    assert parents == bases | {"SavvycalSyncError": None}


def test_transient_errors_are_marked() -> None:
    """The word stands beside exactly those errors that a retry can repair."""
    marked = {name for name, (_, text) in drawn().items() if text.endswith("transient")}
    assert marked == {name for name, found in CLASSES.items() if found.transient}


def test_every_error_has_a_sentence() -> None:
    """Each class says in its own words when it is raised."""
    assert [name for name, found in CLASSES.items() if not (vars(found).get("__doc__") or "").strip()] == []


def test_every_error_of_this_program_can_be_caught_as_one() -> None:
    """The root is an ordinary exception, and no error stands beside the tree."""
    strays = [
        name
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, BaseException) and found.__module__ == errors.__name__ and name not in CLASSES
    ]
    assert strays == []
    assert SavvycalSyncError.__bases__ == (Exception,)


def test_an_upstream_error_keeps_its_status() -> None:
    """The status is a figure beside the message, None when nothing was answered."""
    assert errors.Refused("no", 422).status == 422
    assert errors.Unreachable("no answer").status is None


@pytest.mark.parametrize("seconds", [None, 0.0, 30.0])
def test_rate_limited_keeps_its_wait(seconds: float | None) -> None:
    """A 429 knows its status, and how long SavvyCal asked to wait if it did."""
    error = errors.RateLimited("slow down", seconds)
    assert (error.status, error.retry_after_seconds, str(error)) == (429, seconds, "slow down")


def test_paused_keeps_its_wait() -> None:
    """What was not even sent has no status, and knows how long asking is pointless."""
    error = errors.Paused("SavvyCal asked for a cool-down", 12.5)
    assert (error.status, error.seconds, str(error)) == (None, 12.5, "SavvyCal asked for a cool-down")


def test_a_record_error_keeps_its_reason() -> None:
    """The reason is the message, and the id stands beside it."""
    error = errors.RecordError("state: Field required", "event_1")
    assert (str(error), error.reason, error.record_id) == ("state: Field required", "state: Field required", "event_1")
    assert errors.RecordError("is not JSON").record_id is None


def test_an_embedded_error_says_what_to_do() -> None:
    """What happened comes first, then the next step."""
    error = errors.EmbeddedError("The port is taken.", "Choose another one.")
    assert str(error) == "The port is taken. Choose another one."
    assert (error.problem, error.next_step) == ("The port is taken.", "Choose another one.")

"""The trees of errors that are drawn are the trees of errors that there are."""

import inspect
import re
from types import ModuleType

import pytest

from savvycal_sync import errors as of_applications
from savvycal_sync.errors import SavvycalSyncError
from worker import errors

LINE = re.compile(r"^(?P<branch>[│ ]*(?:├── |└── )?)(?P<name>[A-Z]\w+)(?: {2,}(?P<text>.*))?$")
MODULES = pytest.mark.parametrize("module", [errors, of_applications], ids=["worker", "savvycal_sync"])


def classes(module: ModuleType) -> dict[str, type[SavvycalSyncError]]:
    """The errors of a module, with those that it takes from the other one."""
    members = inspect.getmembers(module, inspect.isclass)
    return {name: found for name, found in members if issubclass(found, SavvycalSyncError)}


def drawn(module: ModuleType) -> dict[str, tuple[str | None, str]]:
    """Each error of the drawing with the one above it and the words beside it."""
    found: dict[str, tuple[str | None, str]] = {}
    above: list[str] = []
    for line in (module.__doc__ or "").splitlines():
        if match := LINE.match(line):
            depth = len(match["branch"]) // 4
            above[depth:] = [match["name"]]
            found[match["name"]] = (above[depth - 1] if depth else None, match["text"] or "")
    return found


@MODULES
def test_every_error_is_drawn_below_its_parent(module: ModuleType) -> None:
    """The drawing holds each class once, and nothing else, and shows where it comes from."""
    parents = {name: parent for name, (parent, _) in drawn(module).items()}
    bases = {name: found.__bases__[0].__name__ for name, found in classes(module).items()}
    assert parents == bases | {"SavvycalSyncError": None}


@MODULES
def test_transient_errors_are_marked(module: ModuleType) -> None:
    """The word stands beside exactly those errors that a retry can repair."""
    marked = {name for name, (_, text) in drawn(module).items() if text.endswith("transient")}
    assert marked == {name for name, found in classes(module).items() if found.transient}


@MODULES
def test_every_error_has_a_sentence(module: ModuleType) -> None:
    """Each class says in its own words when it is raised."""
    assert [name for name, found in classes(module).items() if not (vars(found).get("__doc__") or "").strip()] == []


def test_every_error_of_this_program_can_be_caught_as_one() -> None:
    """The root is an ordinary exception, and no error stands beside the tree."""
    strays = [
        name
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, BaseException) and found.__module__ == errors.__name__ and name not in classes(errors)
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

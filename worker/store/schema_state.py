"""Compares the schema of a database with the one this program needs, for `run`, `check` and `schema check`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

APPLY = "run `savvycal-sync schema apply`"
UNNUMBERED = -1
"""The version of schemas made before migrations had numbers: no migration was applied yet."""

_NAMED_MAX = 3


class Answer(StrEnum):
    """How the schema of a database compares with the one this program needs."""

    AS_NEEDED = "as_needed"
    COMPATIBLE = "compatible"
    MISSING = "missing"
    OLDER = "older"
    NEWER = "newer"
    ALTERED = "altered"
    OTHER_BUILD = "other_build"


EXIT_CODES = {
    Answer.AS_NEEDED: 0,
    Answer.COMPATIBLE: 0,
    Answer.MISSING: 3,
    Answer.OLDER: 4,
    Answer.NEWER: 5,
    Answer.ALTERED: 6,
    Answer.OTHER_BUILD: 7,
}
"""Exit codes of `schema check`. 1 and 2 keep their meaning: failure, invalid configuration."""

_REFUSED = {Answer.MISSING, Answer.OLDER, Answer.NEWER}


@dataclass(frozen=True, slots=True)
class Expected:
    """The schema that this program needs: its version, and the hash of its schema.sql."""

    version: int
    build: str


@dataclass(frozen=True, slots=True)
class Found:
    """The schema that a database holds.

    `version` is None without a schema. `shape` and `oldest_program` are as `schema apply` recorded them, None when
    nothing comparable was recorded. `current_shape` is the present shape.
    """

    version: int | None
    oldest_program: int | None = None
    comment: str = ""
    shape: Mapping[str, str] | None = None
    current_shape: Mapping[str, str] | None = None

    def altered(self) -> list[str]:
        """Names of objects that were altered since they were applied. Objects added by users are not compared."""
        if self.shape is None or self.current_shape is None:
            return []
        return sorted(name for name, hash_ in self.shape.items() if self.current_shape.get(name) != hash_)


@dataclass(frozen=True, slots=True)
class State:
    """The answer, with a line of text for people."""

    answer: Answer
    text: str

    @property
    def may_run(self) -> bool:
        """Whether this program can run with the schema. An altered schema or another build only causes a warning."""
        return self.answer not in _REFUSED

    @property
    def exit_code(self) -> int:
        """The exit code of `schema check`."""
        return EXIT_CODES[self.answer]


def decide_state(found: Found, expected: Expected) -> State:
    """Compares what a database holds with what this program needs."""
    if found.version is None:
        return State(Answer.MISSING, f"DATABASE_URL has no savvycal schema yet: {APPLY}")
    if found.version < expected.version:
        return State(Answer.OLDER, f"{_holds(found)}, this program needs {expected.version}: {APPLY}")
    if found.version > expected.version:
        return _newer(found, expected)
    if altered := found.altered():
        named = ", ".join(altered[:_NAMED_MAX]) + (
            f" and {len(altered) - _NAMED_MAX} more" * (len(altered) > _NAMED_MAX)
        )
        step = f"after a restored dump {APPLY}, else restore it by hand"
        return State(Answer.ALTERED, f"schema version {found.version} was altered by hand: {named}; {step}")
    if expected.build not in found.comment:
        return State(
            Answer.OTHER_BUILD, f"another build applied schema version {found.version}: {APPLY} (and `schema roles`)"
        )
    return State(Answer.AS_NEEDED, f"schema version {found.version}, as needed")


def _newer(found: Found, expected: Expected) -> State:
    if found.oldest_program is not None and found.oldest_program <= expected.version:
        return State(
            Answer.COMPATIBLE,
            f"schema version {found.version} is newer and works with this program ({expected.version})",
        )
    return State(Answer.NEWER, f"{_holds(found)}, this program needs {expected.version}: upgrade savvycal-sync")


def _holds(found: Found) -> str:
    if found.version == UNNUMBERED:
        return "the database holds the schema of a build before version 1"
    return f"the database holds schema version {found.version}"

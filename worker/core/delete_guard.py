"""Can a pass be believed? Emptiness is suspicious, and so is a list that lost much of what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from worker.core.split import Missing

MISSING_MIN = 20
MISSING_SHARE = 0.01
"""More than max(20, 1 %) of the stored objects missing from a complete pass: nothing is asked, a person decides."""


class Result(StrEnum):
    """What came of a run."""

    RUNNING = "running"
    OK = "ok"
    PARTIAL = "partial"
    """Like ok, but for a range that could not be read."""
    SUSPECT = "suspect"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Assessment:
    """`reason` says in one line why a pass is suspect."""

    result: Result
    reason: str | None = None


def missing_max(stored_count: int) -> int:
    """How many objects may be missing from one pass before it is held."""
    return max(MISSING_MIN, int(stored_count * MISSING_SHARE))


def assess(
    seen_count: int, stored_count: int, missing_count: int, allowed: int = 0, unread: Sequence[Missing] = ()
) -> Assessment:
    """A complete pass saw `seen_count` objects of a range of which the tables hold `stored_count`.

    `allowed` is how many a person said may be missing this once; `unread` are the ranges that could not be read, of
    which nothing is counted.
    """
    limit = max(missing_max(stored_count), allowed)
    if seen_count == 0 and stored_count > limit:
        return Assessment(Result.SUSPECT, f"SavvyCal listed nothing where {stored_count} objects are stored")
    if missing_count > limit:
        return Assessment(
            Result.SUSPECT, f"{missing_count} of {stored_count} stored objects were not listed (limit {limit})"
        )
    if unread:
        return Assessment(Result.PARTIAL, f"{len(unread)} ranges could not be read: {unread[0]}")
    return Assessment(Result.OK)

"""The delete guard: decides whether a complete scan can be trusted.

An empty list is suspicious, and so is a list from which many stored objects are absent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from worker.core.missing import Missing

MISSING_MIN = 20
MISSING_SHARE = 0.01
"""When more than max(20, 1 %) of the stored objects are absent from a complete scan, none of them is read by id, and a
person decides."""


class Result(StrEnum):
    """How a run ended, as in `runs.result`."""

    RUNNING = "running"
    OK = "ok"
    PARTIAL = "partial"
    """Like ok, except for ranges that could not be read."""
    SUSPECT = "suspect"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of a complete scan; `reason` explains in one line why it is not ok."""

    result: Result
    reason: str | None = None


def missing_max(stored_count: int) -> int:
    """How many objects may be absent from one scan before it is held."""
    return max(MISSING_MIN, int(stored_count * MISSING_SHARE))


def assess(
    seen_count: int, stored_count: int, missing_count: int, allowed: int = 0, unread: Sequence[Missing] = ()
) -> Assessment:
    """Assesses a complete scan that saw `seen_count` objects of a range for which the tables hold `stored_count`.

    `allowed` is the number of deletions that a person approved; `unread` are the ranges that could not be read, whose
    objects are not counted.
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

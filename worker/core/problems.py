"""What is wrong with the mirror, as values. Health, status, the page, metrics and the log all show these.

Pure: facts in, problems out. A problem that only follows from another one is not listed beside its cause.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

CREDENTIALS_GRACE = timedelta(minutes=5)
FEED_GRACE = timedelta(minutes=1)
AUDIT_DIFFERENCES_NORMAL = 2
"""Something changes between the two reads of an audit on a busy account."""


class Cause(StrEnum):
    """Everything that can be wrong. The values are the labels of the metric and the names in the log."""

    POSTGRES_DOWN = "postgres_down"
    POSTGRES_READ_ONLY = "postgres_read_only"
    REDIS_DOWN = "redis_down"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a name, no token
    UPSTREAM_DOWN = "upstream_down"
    WINDOW_LATE = "window_late"
    CREDENTIALS_OVERDUE = "credentials_overdue"
    RATE_LIMITED = "rate_limited"
    WINDOW_PARTIAL = "window_partial"
    SCAN_SUSPECT = "scan_suspect"
    DEAD_LETTERS = "dead_letters"
    QUARANTINE = "quarantine"
    AUDIT_DIFFERS = "audit_differs"
    FEED_HELD_BACK = "feed_held_back"
    PAUSED = "paused"


class Severity(StrEnum):
    """Red: the mirror is not current. Yellow: something waits for a person, or for time."""

    RED = "red"
    YELLOW = "yellow"


RED = frozenset(
    {
        Cause.POSTGRES_DOWN,
        Cause.POSTGRES_READ_ONLY,
        Cause.REDIS_DOWN,
        Cause.TOKEN_REFUSED,
        Cause.UPSTREAM_DOWN,
        Cause.WINDOW_LATE,
        Cause.CREDENTIALS_OVERDUE,
    }
)

PER_PROCESS = frozenset({Cause.POSTGRES_DOWN, Cause.REDIS_DOWN})
"""What each process sees for itself; everything else is read from the database, where all see the same."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `scope` names what it is about: an account, account/product or account/product/window;
    empty for the whole installation. No field holds a person's data or a credential.
    """

    cause: Cause
    scope: str
    since: datetime
    sentence: str
    next_step: str

    @property
    def severity(self) -> Severity:
        """Follows from the cause alone."""
        return Severity.RED if self.cause in RED else Severity.YELLOW


@dataclass(frozen=True, slots=True)
class Upstream:
    """How SavvyCal answered last, for one product of an account; `cause` is None when it answered well."""

    account: str
    product: str
    observed_at: datetime
    cause: str | None = None
    since: datetime | None = None
    error: str | None = None
    cooldown_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WindowState:
    """One row of `coverage`, and what its scans did."""

    account: str
    product: str
    window_name: str
    complete_as_of: datetime | None
    next_due_at: datetime
    interval_seconds: float | None = None
    is_scanning: bool = False
    is_paused: bool = False
    """A person paused its product, so it is never late."""
    missing: str | None = None
    suspect_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PausedAccount:
    """An account of which a person paused these products, the first one then."""

    account: str
    products: Sequence[str]
    since: datetime


@dataclass(frozen=True, slots=True)
class Pile:
    """So many things of an account that wait, the oldest since then."""

    account: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database knows at `now`."""

    now: datetime
    is_read_only: bool = False
    upstreams: Sequence[Upstream] = ()
    windows: Sequence[WindowState] = ()
    dead_letters: Sequence[Pile] = ()
    quarantined: Sequence[Pile] = ()
    credentials_overdue: Sequence[Pile] = ()
    audit_differences: Sequence[Pile] = ()
    feeds_held_back: Sequence[Pile] = ()
    paused: Sequence[PausedAccount] = ()

    def of_accounts(self, accounts: Collection[str]) -> "Facts":
        """The facts about these accounts alone: rows of a removed account stay, and no process renews them."""
        about: dict[str, Any] = {
            field.name: [one for one in getattr(self, field.name) if one.account in accounts]
            for field in fields(self)
            if field.name not in {"now", "is_read_only"}
        }
        return replace(self, **about)


def in_order(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """By urgency, then by age."""
    urgency = list(Cause)
    return tuple(sorted(found, key=lambda one: (urgency.index(one.cause), one.since, one.scope)))


def began_and_ended(before: Sequence[Problem], now: Sequence[Problem]) -> tuple[list[Problem], list[Problem]]:
    """The problems that hold now and did not before, and those that held before and do not now. A problem is the same
    while its cause and its scope are, whatever its sentence.
    """
    held, holding = ({(one.cause, one.scope) for one in problems} for problems in (before, now))
    began = [one for one in now if (one.cause, one.scope) not in held]
    return began, [one for one in before if (one.cause, one.scope) not in holding]


def summary(problems: Sequence[Problem]) -> str:
    """One sentence: that all is well, or the most urgent problem and how many more there are."""
    if not problems:
        return "All is well."
    more = len(problems) - 1
    return problems[0].sentence + (f" ({more} more problem{'s' if more > 1 else ''})" if more else "")


def postgres_down(since: datetime, error: str) -> Problem:
    """Postgres does not answer this process."""
    return Problem(
        Cause.POSTGRES_DOWN,
        "",
        since,
        f"Postgres does not answer: {error}.",
        "Check the server of DATABASE_URL. Nothing is lost; work goes on when it answers.",
    )


def redis_down(since: datetime, error: str) -> Problem:
    """Redis does not answer this process."""
    return Problem(
        Cause.REDIS_DOWN,
        "",
        since,
        f"Redis does not answer ({error}); syncing goes on from Postgres, requests through the queue wait.",
        "Check the server of REDIS_URL. No work is lost.",
    )


def span(seconds: float) -> str:
    """A length of time in one rounded unit: `40 s`, `4 min`, `3 h`, `2 d`."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"

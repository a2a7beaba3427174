"""The JSON documents that commands print with `--json` and that the HTTP API answers with (docs/json.md).

Each document is one class, whose fields are its members. docs/openapi.json describes those of the API.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from savvycal_sync.feed import Change
from savvycal_sync.tickets import Answer
from worker.core.problems import Problem
from worker.sync.monitor import Report

Rows = list[dict[str, Any]]


def to_json(document: Any, indent: int | None = 2) -> str:
    """A document as JSON, on one line without `indent`; times in ISO 8601, lengths of time in seconds."""
    return json.dumps(document, default=_plain, indent=indent)


def _plain(value: Any) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, timedelta):
        return value.total_seconds()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem that holds now."""

    cause: str
    scope: str
    severity: Literal["red", "yellow"]
    since: datetime
    sentence: str
    next_step: str


def problem_rows(problems: Sequence[Problem]) -> list[ProblemRow]:
    """Problems in their order."""
    return [ProblemRow(p.cause.value, p.scope, p.severity.value, p.since, p.sentence, p.next_step) for p in problems]


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the mirror is current: `ok` is false while a problem is red; `reasons` are the sentences of red ones."""

    ok: bool
    reasons: list[str]
    as_of: datetime
    sentence: str
    problems: list[ProblemRow]


def health(report: Report) -> Health:
    """What `/health` says."""
    rows = problem_rows(report.problems)
    return Health(
        not report.is_red, [row.sentence for row in rows if row.severity == "red"], report.at, report.sentence, rows
    )


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One product of an account. `served_by`: host:pid:start of the process that has it in its settings."""

    account: str
    product: str
    state: Literal["synced", "paused", "not configured"]
    served_by: str | None
    seen_at: datetime
    accepts_webhooks: bool | None
    paused_at: datetime | None
    paused_by: str | None
    last_problem: str | None
    last_problem_at: datetime | None


@dataclass(frozen=True, slots=True)
class Accounts:
    """Products of accounts, ordered by both."""

    accounts: list[AccountRow]


def accounts(rows: Iterable[Mapping[str, Any]]) -> Accounts:
    """What `accounts list`, `accounts pause` and `accounts resume` show; `rows`: the answers of `actions`."""
    return Accounts([AccountRow(**row) for row in rows])


@dataclass(frozen=True, slots=True)
class Status:
    """What is wrong, what is synced, how fresh it is, what is running and what failed recently."""

    sentence: str
    problems: list[ProblemRow]
    accounts: list[AccountRow]
    counts: Rows
    windows: Rows
    scans: Rows
    work: dict[str, Any]
    webhooks: Rows
    recent_problems: Rows
    quarantine: dict[str, Any]
    drift: Rows
    secrets: dict[str, Any]


def status(report: Report, found: Mapping[str, Any]) -> Status:
    """What `status` says; `found`: the answer of `store.status.report`."""
    own = {"accounts": accounts(found["accounts"]).accounts}
    return Status(report.sentence, problem_rows(report.problems), **(dict(found) | own))


@dataclass(frozen=True, slots=True)
class WatchStarted:
    """The first line of `watch`: where it began."""

    what: str
    cursor: str


@dataclass(frozen=True, slots=True)
class WatchedChange:
    """One row of the change feed, as `watch` prints it."""

    what: str
    cursor: str
    account: str
    kind: str
    id: str
    version: int
    change: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class WatchedProblem:
    """A problem that began or ended, as `watch` prints it."""

    what: str
    cause: str
    scope: str
    severity: Literal["red", "yellow"]
    since: datetime
    sentence: str
    next_step: str


def watched(what: str, about: Change | Problem | str) -> WatchedChange | WatchedProblem | WatchStarted:
    """One line of `watch`."""
    if isinstance(about, Change):
        return WatchedChange(what, *about)
    if isinstance(about, str):
        return WatchStarted(what, about)
    p = about
    return WatchedProblem(what, p.cause.value, p.scope, p.severity.value, p.since, p.sentence, p.next_step)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """Pending work. `what`: an id, or product/window of a scan."""

    account: str
    what: str
    state: Literal["dead letter", "leased", "waiting"]
    due_at: datetime
    reasons: list[str]
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """The work queue: dead letters first, then by priority."""

    work: list[WorkRow]


def work(rows: Iterable[Mapping[str, Any]]) -> Work:
    """What `work list` says; `rows`: the answer of `actions.list_work`."""
    return Work([_work_row(row) for row in rows])


def _work_row(row: Mapping[str, Any]) -> WorkRow:
    state: Literal["dead letter", "leased", "waiting"] = "leased" if row["lease_until"] else "waiting"
    return WorkRow(
        row["account"],
        row["name"],
        "dead letter" if row["dead_lettered_at"] else state,
        row["due_at"],
        row["reasons"],
        row["attempts"],
        row["last_error"],
    )


@dataclass(frozen=True, slots=True)
class Retried:
    """How many dead letters are tried again."""

    retried: int


@dataclass(frozen=True, slots=True)
class Discarded:
    """How many work items were discarded."""

    discarded: int


@dataclass(frozen=True, slots=True)
class Approval:
    """How many deletions of a product are approved for 24 hours."""

    account: str
    product: str
    approved_deletions: int


@dataclass(frozen=True, slots=True)
class ResyncResult:
    """The result of a ticket (docs/queue.md), null while it is open; `version`: that of the object stored then."""

    result: str | None
    version: int | None
    detail: str | None


def resync_result(answer: Answer) -> ResyncResult:
    """What `resync --wait` says."""
    return ResyncResult(*answer)


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """A requested scan: `queued`, `merged` (it was queued already) or `running` (one more follows)."""

    product: str
    answer: str


@dataclass(frozen=True, slots=True)
class Resync:
    """A request over HTTP. One object has a ticket and its result; a range and `all` have a scan of each product."""

    ticket: str | None
    result: str | None
    version: int | None
    detail: str | None
    scans: list[ScanRequest]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing that happened to an object, or the next that is planned."""

    at: datetime
    what: str
    version: int | None
    status: str | None
    via: str | None
    fields: list[str] | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is known of one object, in order."""

    timeline: list[TimelineRow]


def timeline(rows: Iterable[Mapping[str, Any]]) -> Timeline:
    """What `explain` says; `rows`: the answer of `store.timeline.load`."""
    return Timeline([TimelineRow(**row) for row in rows])

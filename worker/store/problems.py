"""The facts that problems follow from, and the rows of problems that have begun."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from worker.core.problems import (
    AUDIT_DIFFERENCES_NORMAL,
    CREDENTIALS_GRACE,
    FEED_GRACE,
    PER_PROCESS,
    Cause,
    Facts,
    PausedAccount,
    Pile,
    Problem,
    Upstream,
    WindowState,
)
from worker.store.database import Connection
from worker.store.queries import load

SQL = load("problems")

ERROR_CHARS_MAX = 300


@dataclass(frozen=True, slots=True)
class Ended:
    """A problem that has ended."""

    cause: Cause
    scope: str
    since: datetime
    lasted_seconds: float


@dataclass(frozen=True, slots=True)
class Answered:
    """How a product of an account answered this process last; ages in seconds."""

    account: str
    product: str
    age_seconds: float
    cause: Cause | None = None
    failing_seconds: float | None = None
    error: str | None = None
    cooldown_seconds: float | None = None


async def load_facts(connection: Connection) -> Facts:
    """Loads the facts for `find_problems`. This is cheap: it reads small tables and partial indexes."""
    about = dict(await connection.fetchrow(SQL["now"]) or {})
    return Facts(
        about["now"],
        about["is_read_only"],
        [Upstream(**dict(row)) for row in await connection.fetch(SQL["upstreams"])],
        [WindowState(**dict(row)) for row in await connection.fetch(SQL["windows"])],
        await _piles(connection, "dead_letters"),
        await _piles(connection, "quarantined"),
        await _piles(connection, "credentials_overdue", CREDENTIALS_GRACE),
        await _piles(connection, "audit_differences", AUDIT_DIFFERENCES_NORMAL),
        await _piles(connection, "feeds_held_back", FEED_GRACE),
        [PausedAccount(**dict(row)) for row in await connection.fetch(SQL["paused"])],
    )


async def _piles(connection: Connection, name: str, *arguments: object) -> list[Pile]:
    return [Pile(**dict(row)) for row in await connection.fetch(SQL[name], *arguments)]


async def record_answer(connection: Connection, found: Answered) -> None:
    """Stores how a product answered, unless a newer answer is stored already."""
    error = found.error[:ERROR_CHARS_MAX] if found.error else None
    values = (found.cause, found.failing_seconds, error, found.cooldown_seconds)
    await connection.execute(SQL["record_upstream"], found.account, found.product, found.age_seconds, *values)


async def claim_probe(connection: Connection, account: str, product: str, quiet_seconds: float) -> bool:
    """Whether this process must probe a product to which no request was sent for `quiet_seconds`."""
    return bool(await connection.fetchval(SQL["claim_probe"], account, product, quiet_seconds))


async def try_lock(connection: Connection) -> bool:
    """Whether this transaction may record problems; otherwise another process is doing it."""
    return bool(await connection.fetchval(SQL["try_lock"]))


async def record(
    connection: Connection, problems: Sequence[Problem], accounts: Sequence[str]
) -> tuple[list[Problem], list[Ended]]:
    """Stores the current problems of these accounts; returns those that have begun and those that have ended."""
    named = [[p.cause.value for p in problems], [p.scope for p in problems]]
    rows = await connection.fetch(
        SQL["begin"],
        *named,
        [p.severity.value for p in problems],
        [p.since for p in problems],
        [p.sentence for p in problems],
        [p.next_step for p in problems],
    )
    new = {(row["cause"], row["scope"]) for row in rows if row["is_new"]}
    ended = await connection.fetch(SQL["end"], *named, [cause.value for cause in PER_PROCESS], accounts)
    begun = [problem for problem in problems if (problem.cause, problem.scope) in new]
    return begun, [Ended(**(dict(row) | {"cause": Cause(row["cause"])})) for row in ended]


async def with_beginnings(connection: Connection, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The same problems, each with the time at which it was first recorded."""
    known: dict[Any, datetime] = {(r["cause"], r["scope"]): r["since"] for r in await connection.fetch(SQL["known"])}
    return tuple(replace(p, since=min(p.since, known.get((p.cause, p.scope), p.since))) for p in problems)

"""The table `accounts`: which products of which accounts are configured where, and which are paused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worker.core.problems import Cause, Problem
from worker.store.database import Connection
from worker.store.queries import load

SQL = load("accounts")

Row = dict[str, Any]
"""One product of an account, with the columns of `savvycal-sync accounts list`."""


@dataclass(frozen=True, slots=True)
class Configured:
    """One product of an account, as the settings of a process have it."""

    account: str
    product: str
    accepts_webhooks: bool | None = None
    """Whether there is a secret for its webhooks; None in a process that does not serve HTTP."""
    problem: str | None = None
    """Why its settings cannot be used."""


async def report(connection: Connection, process: str, configured: Sequence[Configured]) -> None:
    """Records what a process has in its settings, and what no process has any more."""
    accounts, products = [one.account for one in configured], [one.product for one in configured]
    webhooks, problems = [one.accepts_webhooks for one in configured], [one.problem for one in configured]
    await connection.execute(SQL["report"], accounts, products, webhooks, problems, process)
    await connection.execute(SQL["remove"], accounts, products, process)


async def leave(connection: Connection, process: str) -> None:
    """Records that a process stops. What no other process has two minutes later is not configured."""
    await connection.execute(SQL["leave"], process)


async def load_rows(connection: Connection, account: str | None = None, product: str | None = None) -> list[Row]:
    """All products of all accounts, or of one account, or one product of it; ordered by both."""
    return [dict(row) for row in await connection.fetch(SQL["list"], account, product)]


async def pause(connection: Connection, account: str, product: str | None, by: str) -> None:
    """Pauses all products of an account, or one of them."""
    await connection.execute(SQL["pause"], account, product, by)


async def resume(connection: Connection, account: str, product: str | None) -> None:
    """Ends the pause of all products of an account, or of one of them."""
    await connection.execute(SQL["resume"], account, product)


async def note_problems(connection: Connection, begun: Sequence[Problem]) -> None:
    """Notes problems that began, the most urgent first, on the products that they are about. A pause is no problem."""
    found = [problem for problem in begun if problem.cause is not Cause.PAUSED]
    if found:
        columns = [one.scope for one in found], [one.sentence for one in found], [one.since for one in found]
        await connection.execute(SQL["note_problems"], *columns)

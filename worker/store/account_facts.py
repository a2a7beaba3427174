"""Facts about an account: one row per fact, written when a finding is new or changes."""

from collections.abc import Mapping
from datetime import datetime

from worker.core import schedule
from worker.core.lifecycle import CONFERENCING
from worker.core.model import Kind, Product
from worker.core.result import Priority
from worker.store import work_queue
from worker.store.database import Connection
from worker.store.queries import load as load_queries

SQL = load_queries("account_facts")


async def load(connection: Connection, account: str, product: Product) -> Mapping[str, tuple[str, datetime]]:
    """Value and time of each fact of one product of an account."""
    rows = await connection.fetch(SQL["load"], account, product)
    return {row["fact"]: (row["value"], row["observed_at"]) for row in rows}


async def record(connection: Connection, account: str, product: Product, fact: str, value: str, source: str) -> None:
    """Stores a finding; `source` is where it was observed: list, get, webhook, error or probe."""
    await connection.execute(SQL["record"], account, product, fact, value, source)


async def record_check(connection: Connection, account: str, values: Mapping[tuple[str, str], str]) -> None:
    """Stores the findings of `check --live` under names that begin with `check.`, apart from what the mirror learns
    itself.

    `values`: (product, name of the point) to the finding. Findings of earlier checks of these products are deleted.
    """
    products, names = {product for product, _ in values}, [f"check.{name}" for _, name in values]
    await connection.execute(SQL["forget_checked"], account, sorted(products), names)
    for (product, name), value in sorted(values.items()):
        await record(connection, account, Product(product), f"check.{name}", value, "probe")


async def joinable(connection: Connection, account: str) -> set[str]:
    """Conferencing types of which a stored event had a join_url."""
    return {row["conferencing_type"] for row in await connection.fetch(SQL["joinable"], account)}


async def settle_conferencing(
    connection: Connection, account: str, type_: str, without_link: bool, now: datetime
) -> int:
    """Applies a finding about a conferencing type to the meetings of all its events; returns how many changed.

    Meetings that wait for a link become `skipped`. When the finding is withdrawn, they are `pending` and watched again.
    """
    before, after = ("pending", "skipped") if without_link else ("skipped", "pending")
    rows = await connection.fetch(SQL["settle"], account, type_, after, CONFERENCING.phase(after), before)
    if without_link:
        await connection.execute(SQL["end_watch"], account, [row["id"] for row in rows])
    else:
        next_reconciles = {row["id"]: schedule.watch_at(row["start_at"], row["end_at"], now) for row in rows}
        await work_queue.plan_others(
            connection, account, Kind.EVENT, {i: at for i, at in next_reconciles.items() if at}
        )
    return len(rows)


async def request_meetings(connection: Connection, account: str) -> None:
    """Requests reads by id of all stored appointments that may have a meeting and show none, soonest start first."""
    await connection.execute(SQL["without_meeting"], account, Priority.MEETING)


async def drop_requests_for_meetings(connection: Connection, account: str) -> None:
    """Removes requests that exist only because lists seemed to show no meetings."""
    await connection.execute(SQL["drop_meeting_reads"], account)

"""Windows: which standing ranges are due, and which are complete as of when (the table `coverage`)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from worker.core.model import Product
from worker.core.windows import Bounds
from worker.store.database import Connection
from worker.store.queries import load
from worker.store.scans import Scan, WindowKey

SQL = load("coverage")


async def plan_window(connection: Connection, key: WindowKey) -> None:
    """Adds a standing window to `coverage`; a new one is due at once."""
    await connection.execute(SQL["plan_window"], *key.key)


async def is_planned(connection: Connection, account: str, product: Product) -> bool:
    """Whether any process has ever mirrored this product of this account."""
    found: bool = await connection.fetchval(SQL["is_planned"], account, product)
    return found


async def due_windows(connection: Connection, accounts: Collection[str]) -> list[tuple[WindowKey, bool]]:
    """Standing windows that are due, each with whether it was never complete."""
    rows = await connection.fetch(SQL["due_windows"], list(accounts))
    return [(_key(row), row["never_complete"]) for row in rows]


def _key(row: object) -> WindowKey:
    return WindowKey(row["account"], Product(row["product"]), row["window_name"])  # type: ignore[index]  # asyncpg.Record


async def first_loads(connection: Connection, accounts: Collection[str]) -> set[WindowKey]:
    """Standing windows that were never complete and whose scans are not failing."""
    return {_key(row) for row in await connection.fetch(SQL["first_loads"], list(accounts))}


async def approved_deletions(connection: Connection, account: str, product: Product) -> int:
    """How many deletions of a product a person has approved."""
    count: int = await connection.fetchval(SQL["approved_deletions"], account, product)
    return count


async def approve_deletions(connection: Connection, account: str, product: Product, count: int) -> bool:
    """Approves up to `count` deletions of a product for a day, and makes its windows due now."""
    return await connection.execute(SQL["approve_deletions"], account, product, count) != "UPDATE 0"


async def cover(connection: Connection, done: Scan, inner: Bounds, every_seconds: float) -> None:
    """Records that the window is complete as of the start of this scan, within the inner bounds."""
    given = _completed(done, inner, done.iteration_rows, every_seconds)
    await connection.execute(SQL["cover"], *done.key, *given)


async def cover_inner(
    connection: Connection, key: WindowKey, done: Scan, inner: Bounds, row_count: int, every_seconds: float
) -> None:
    """Records that a scan also completed another window inside its range, unless that window was completed later."""
    await connection.execute(SQL["cover_inner"], *key.key, *_completed(done, inner, row_count, every_seconds))


def _completed(done: Scan, inner: Bounds, row_count: int, every_seconds: float) -> tuple[object, ...]:
    """What both statements store: range, time, rows, run, interval and what could not be read."""
    missing = _missing_in(done, inner)
    return (inner.start, _last_day(inner), done.started_at, row_count, done.run_id, every_seconds, missing)


def _last_day(inner: Bounds) -> date | None:
    return inner.until - timedelta(days=1) if inner.until else None


def _missing_in(done: Scan, inner: Bounds) -> list[dict[str, str | None]] | None:
    """The parts of a range that could not be read, for `coverage.missing`."""
    found = [one for one in done.split.missing if one.touches(inner)]
    return [{name: _to_text(getattr(one, name)) for name in ("first", "last", "reason")} for one in found] or None


def _to_text(value: datetime | str | None) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else value


async def retry_window(connection: Connection, done: Scan, seconds: float) -> None:
    """Makes the window of a suspect scan due again after `seconds`; its coverage stays."""
    await connection.execute(SQL["retry_window"], *done.key, seconds, done.run_id)

"""Scans: which ranges are to be listed, and the position of each scan."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

import msgspec

from worker.core.kinds import KINDS
from worker.core.model import Product
from worker.core.result import Done
from worker.core.split import Split
from worker.core.windows import Bounds, Running
from worker.errors import LeaseLost
from worker.store import work_queue
from worker.store.database import Connection
from worker.store.queries import load, load_for
from worker.store.work_queue import LEASE_SECONDS, Job, WorkItem

SQL = load("scans")


@dataclass(frozen=True, slots=True)
class WindowKey:
    """Names a range: account, product, and the window's name (or `first..last` of a resync)."""

    account: str
    product: Product
    window_name: str

    @property
    def key(self) -> tuple[str, Product, str]:
        """The first arguments of every statement about this range."""
        return (self.account, self.product, self.window_name)


@dataclass(frozen=True, slots=True)
class Scan(WindowKey):
    """One claimed scan and its position."""

    item: WorkItem
    """Its lease."""
    job: str
    """poll, backfill or resync."""
    started_gen: int | None
    starts_from: date | None
    starts_until: date | None
    started_at: datetime | None
    run_id: int | None
    fence: int | None
    iteration: int
    page: int
    cursor: str | None
    split: Split
    iteration_ended: bool
    iteration_rows: int
    iteration_changes: int

    @property
    def bounds(self) -> Bounds:
        """The range, fixed when the scan began."""
        return Bounds(self.starts_from, self.starts_until)


@dataclass(frozen=True, slots=True)
class PageCount:
    """Counts of the records of some pages."""

    read: int = 0
    written: int = 0
    unchanged: int = 0
    superseded: int = 0
    quarantined: int = 0
    repaired: int = 0


async def running(connection: Connection, accounts: Collection[str]) -> dict[tuple[str, Product], list[Running]]:
    """Scans that are under way, by account and product."""
    found: dict[tuple[str, Product], list[Running]] = {}
    for row in await connection.fetch(SQL["running"], list(accounts)):
        scan = Running(Bounds(row["starts_from"], row["starts_until"]), row["started_at"], row["last_seconds"])
        found.setdefault((row["account"], Product(row["product"])), []).append(scan)
    return found


async def open_scan(connection: Connection, key: WindowKey, job: str, priority: int, bounds: Bounds) -> str:
    """Requests a scan. Returns queued, merged or running (one more scan follows)."""
    given = (job, bounds.start, bounds.until, key.product.kind, priority)
    answer: str = await connection.fetchval(SQL["open_scan"], *key.key, *given)
    return answer


async def load_position(connection: Connection, item: WorkItem) -> Scan:
    """The position of a claimed scan.

    Raises:
        LeaseLost: the scan was discarded.
    """
    key = (item.account, KINDS[item.kind].listing, item.key)
    row = await connection.fetchrow(SQL["position"], *key)
    if row is None:
        raise LeaseLost("the scan was discarded")
    return Scan(*key, item, **(dict(row) | {"split": _to_split(row["split"])}))


def _to_split(text: str | None) -> Split:
    return msgspec.json.decode(text, type=Split) if text else Split()


def _from_split(split: Split) -> str | None:
    return None if split == Split() else msgspec.json.encode(split).decode()


async def begin(connection: Connection, claimed: Scan, bounds: Bounds) -> Scan:
    """Fixes the bounds, opens the run and takes the fence of the scan, in the caller's transaction.

    Raises:
        LeaseLost: another worker holds the scan.
    """
    await work_queue.hold(connection, claimed.item)
    await connection.execute(SQL["forget_seen"], *claimed.key)
    split = Split(is_known=bool(await connection.fetchval(SQL["is_partial"], *claimed.key)))
    given = (claimed.item.requested_gen, claimed.job, bounds.start, bounds.until, _from_split(split))
    row = await connection.fetchrow(SQL["begin"], *claimed.key, *given)
    if row is None:
        raise LeaseLost("the scan was discarded")
    return replace(
        claimed,
        started_gen=claimed.item.requested_gen,
        started_at=row["started_at"],
        starts_from=bounds.start,
        starts_until=bounds.until,
        run_id=row["run_id"],
        fence=row["fence"],
        iteration=1,
        page=0,
        cursor=None,
        split=split,
        iteration_ended=False,
        iteration_rows=0,
        iteration_changes=0,
    )


async def advance(
    connection: Connection,
    to: Scan,
    page_count: int,
    count: PageCount,
    total: int | None,
    ids: Collection[str],
    alone: bool = False,
) -> None:
    """Stores the position after some pages, their counts and their ids.

    This runs in the transaction that writes the pages, or `alone` when there was nothing to write.

    Raises:
        LeaseLost: another worker holds the scan.
    """
    position = (
        to.iteration,
        to.page,
        to.cursor,
        to.iteration_ended,
        to.iteration_rows,
        to.iteration_changes,
        LEASE_SECONDS[Job.SCAN],
    )
    counts = [getattr(count, field.name) for field in fields(count)]
    if not await connection.fetchval(
        SQL["advance"],
        *to.key,
        to.item.token,
        *position,
        list(ids),
        *counts,
        total,
        page_count,
        alone,
        _from_split(to.split),
        to.item.kind,
        to.run_id,
    ):
        raise LeaseLost("another worker holds this scan")


async def missing(connection: Connection, done: Scan, inner: Bounds) -> list[str]:
    """Stored objects of the range that this scan did not list and that were not written since it began.

    Objects in ranges that the scan could not read are left out.
    """
    statement = load_for("scans", done.product.kind)["missing"]
    given = (done.run_id, done.fence, inner.start, inner.until, *_ranges(done))
    return [row["id"] for row in await connection.fetch(statement, *done.key, *given)]


def _ranges(done: Scan) -> tuple[list[datetime | None], list[datetime | None]]:
    missing = done.split.missing
    return [one.first for one in missing], [one.last for one in missing]


async def unread(connection: Connection, done: Scan) -> list[str]:
    """A few stored objects in ranges that this scan could not read, read longest ago, not in the work queue already."""
    statement = load_for("scans", done.product.kind)["unread"]
    return [row["id"] for row in await connection.fetch(statement, done.account, *_ranges(done))]


async def stored(connection: Connection, done: Scan, inner: Bounds) -> tuple[int, int]:
    """Counts the stored objects of the range that this scan could read; also returns the latest fence among them."""
    given = (inner.start, inner.until, *_ranges(done))
    row = await connection.fetchrow(load_for("scans", done.product.kind)["stored"], done.account, *given)
    return (row["count"], row["fence"]) if row else (0, 0)


async def close(connection: Connection, done: Scan) -> None:
    """Ends the scan under a lease that is held; it starts again if a request came after it began."""
    await connection.execute(SQL["forget_seen"], *done.key)
    began = done.item.requested_gen if done.started_gen is None else done.started_gen
    await work_queue.settle(connection, replace(done.item, requested_gen=began), Done())
    if await connection.execute(SQL["forget_position"], *done.key, done.item.kind) != "DELETE 1":
        await connection.execute(SQL["start_over"], *done.key)


async def restart_iteration(connection: Connection, claimed: Scan) -> None:
    """Moves the position back to the start of its iteration, under a lease that is held."""
    await connection.execute(SQL["restart_iteration"], *claimed.key)


async def finish_run(connection: Connection, account: str, run_id: int, result: str, error: str | None) -> None:
    """Records the result of a run."""
    await connection.execute(SQL["finish_run"], account, run_id, result, error)

"""Scans: which ranges are to be listed, and the position of each scan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from uuid import UUID

import msgspec

from worker.core.model import Product
from worker.core.result import ASKED_AGAIN_SECONDS, DeadLetter, RetryAfter
from worker.core.split import Split
from worker.core.windows import Bounds, Running
from worker.errors import LeaseLost
from worker.store.database import Connection
from worker.store.queries import load, load_for

SQL = load("scans")

LEASE_SECONDS = 60.0
"""Renewed with each stored page."""


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

    job: str
    priority: int
    requested_gen: int
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
    attempts: int
    claimed_at: datetime
    """By the database's clock."""
    token: UUID

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
    answer: str = await connection.fetchval(SQL["open_scan"], *key.key, job, priority, bounds.start, bounds.until)
    return answer


async def is_any_due(connection: Connection, reachable: Collection[tuple[str, Product]]) -> bool:
    """Whether a scan of the (account, product) pairs that may be read now could be claimed."""
    accounts, products = [account for account, _ in reachable], [product for _, product in reachable]
    return bool(await connection.fetchval(SQL["is_any_due"], accounts, products))


async def claim_due(
    connection: Connection, reachable: Collection[tuple[str, Product]], free_slots: Mapping[str, int]
) -> list[Scan]:
    """Claims due scans under a lease, up to `free_slots` of each account, highest priority first."""
    asked = [(account, product) for account, product in reachable if free_slots.get(account, 0) > 0]
    accounts, products = [account for account, _ in asked], [product for _, product in asked]
    counts = [free_slots[account] for account in accounts]
    rows = await connection.fetch(SQL["claim_due"], accounts, products, counts, LEASE_SECONDS)
    return sorted(map(_to_scan, rows), key=lambda scan: scan.priority)


async def claim(connection: Connection, key: WindowKey, token: UUID) -> Scan | None:
    """Claims one scan under a lease; None when another worker has it or it is not due."""
    row = await connection.fetchrow(SQL["claim"], *key.key, token, LEASE_SECONDS)
    return _to_scan(row) if row else None


def _to_scan(row: object) -> Scan:
    given = dict(row)  # type: ignore[call-overload]  # asyncpg.Record
    return Scan(**(given | {"product": Product(given["product"]), "split": _to_split(given["split"])}))


def _to_split(text: str | None) -> Split:
    return msgspec.json.decode(text, type=Split) if text else Split()


def _from_split(split: Split) -> str | None:
    return None if split == Split() else msgspec.json.encode(split).decode()


async def begin(connection: Connection, claimed: Scan, bounds: Bounds) -> Scan:
    """Fixes the bounds, opens the run and takes the fence of the scan.

    Raises:
        LeaseLost: another worker holds the scan.
    """
    await connection.execute(SQL["forget_seen"], *claimed.key)
    split = Split(is_known=bool(await connection.fetchval(SQL["is_partial"], *claimed.key)))
    given = (claimed.token, claimed.requested_gen, claimed.job, bounds.start, bounds.until, _from_split(split))
    row = await connection.fetchrow(SQL["begin"], *claimed.key, *given)
    if row is None:
        raise LeaseLost("another worker holds this scan")
    return replace(
        claimed,
        started_gen=claimed.requested_gen,
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


async def hold(connection: Connection, claimed: Scan) -> None:
    """Locks our lease until the transaction ends.

    Raises:
        LeaseLost: another worker holds the scan.
    """
    if not await connection.fetchval(SQL["hold"], *claimed.key, claimed.token):
        raise LeaseLost("another worker holds this scan")


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
        LEASE_SECONDS,
    )
    counts = [getattr(count, field.name) for field in fields(count)]
    if not await connection.fetchval(
        SQL["advance"],
        *to.key,
        to.token,
        *position,
        list(ids),
        *counts,
        total,
        page_count,
        alone,
        _from_split(to.split),
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
    """Ends the scan; it starts again if a request came meanwhile."""
    await connection.execute(SQL["forget_seen"], *done.key)
    if await connection.execute(SQL["close_scan"], *done.key, done.token, done.started_gen) != "DELETE 1":
        await connection.execute(SQL["reopen_scan"], *done.key, done.token, done.started_gen)


async def give_back(connection: Connection, claimed: Scan) -> None:
    """Releases the lease, when the time slice is over or the worker stops; the scan continues from its position."""
    await connection.execute(SQL["release_scan"], *claimed.key, claimed.token)


async def settle_failed(
    connection: Connection, claimed: Scan, result: RetryAfter | DeadLetter, error: str, restart_iteration: bool
) -> bool:
    """Makes a failed scan due later, at its position or from the start of its iteration.

    Returns whether it is a dead letter now; it is not when it was requested meanwhile or another worker has it.
    """
    seconds, counts = (result.seconds, result.counts) if isinstance(result, RetryAfter) else (ASKED_AGAIN_SECONDS, True)
    given = (error, seconds, isinstance(result, DeadLetter), restart_iteration, counts, claimed.requested_gen)
    return bool(await connection.fetchval(SQL["postpone_scan"], *claimed.key, claimed.token, *given))


async def finish_run(connection: Connection, account: str, run_id: int, result: str, error: str | None) -> None:
    """Records the result of a run."""
    await connection.execute(SQL["finish_run"], account, run_id, result, error)

"""The work queue: which objects are to be read and which ranges to be listed. A request raises a generation, a worker
takes a lease.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from worker.core.model import Kind, Product
from worker.core.result import ASKED_AGAIN_SECONDS, DeadLetter, Done, Priority, RequeueAt, Result, RetryAfter
from worker.errors import LeaseLost
from worker.store.database import Connection, Database
from worker.store.queries import load, load_for

SQL = load("work_queue")


class Job(StrEnum):
    """What a work item asks for."""

    OBJECT = "object"
    """To read one object by its id."""
    SCAN = "scan"
    """To list a range of a kind."""


LEASE_SECONDS = {Job.OBJECT: 45.0, Job.SCAN: 60.0}
"""Longer than the longest reconcile: a request may take 30 s, its transaction a few more. That of a scan is renewed
with each stored page.
"""

UNKNOWN_COUNT_MAX = 300
"""Objects that answer 404 are counted up to this number."""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One claimed object or scan, with the requested generation and the fence under which an object is written."""

    account: str
    job: Job
    kind: Kind
    key: str
    """The id of the object, or the name of the scanned window."""
    requested_gen: int
    attempts: int
    priority: int
    reasons: tuple[str, ...]
    missing_since: datetime | None
    claimed_at: datetime
    """By the database's clock. This reconcile answers every request made until then."""
    fence: int
    token: UUID

    @property
    def lease(self) -> tuple[str, Job, Kind, str, UUID]:
        """The first arguments of every statement about this item."""
        return (self.account, self.job, self.kind, self.key, self.token)


async def request(connection: Connection, account: str, kind: Kind, object_id: str, priority: int, reason: str) -> str:
    """Requests a reconcile. Returns queued, merged (it was waiting already) or running (one more follows)."""
    answer: str = await connection.fetchval(SQL["request"], account, Job.OBJECT, kind, object_id, priority, reason)
    return answer


async def request_for_user(connection: Connection, account: str, kind: Kind, object_id: str) -> str:
    """Requests a reconcile for a person or program. Also returns refused: too many requests are pending."""
    answer: str = await connection.fetchval(SQL["request_for_user"], account, kind, object_id)
    return answer


async def request_many_for_user(
    connection: Connection, account: str, kind: Kind, object_ids: Collection[str]
) -> dict[str, int]:
    """Requests reconciles of several objects; counts each answer."""
    rows = await connection.fetch(SQL["request_many_for_user"], account, kind, list(object_ids))
    return {row["answer"]: row["count"] for row in rows}


async def missing_count(connection: Connection, account: str, kind: Kind) -> int:
    """How many objects that answered 404 will be read again, up to UNKNOWN_COUNT_MAX."""
    count: int = await connection.fetchval(SQL["missing_count"], account, kind, UNKNOWN_COUNT_MAX)
    return count


async def plan(connection: Connection, account: str, kind: Kind, next_reconciles: Mapping[str, datetime]) -> None:
    """Plans the next reconciles of objects in progress."""
    if next_reconciles:
        await connection.execute(
            SQL["plan"], account, kind, list(next_reconciles), list(next_reconciles.values()), Priority.WATCH
        )


async def plan_others(
    connection: Connection, account: str, kind: Kind, next_reconciles: Mapping[str, datetime]
) -> None:
    """Plans reconciles in a transaction that has already locked the objects."""
    if next_reconciles:
        await connection.execute(
            SQL["plan_others"], account, kind, list(next_reconciles), list(next_reconciles.values()), Priority.WATCH
        )


async def plan_meetings(connection: Connection, account: str, next_reconciles: Mapping[str, datetime]) -> None:
    """Plans reads by id of appointments whose meetings no list shows."""
    if next_reconciles:
        await connection.execute(
            SQL["plan_meetings"], account, list(next_reconciles), list(next_reconciles.values()), Priority.MEETING
        )


Reachable = Collection[tuple[str, Product]]
"""The (account, product) pairs to which requests may be sent now; work of others waits."""


def _columns(reachable: Reachable) -> tuple[list[str], list[str]]:
    return [account for account, _ in reachable], [product.kind for _, product in reachable]


async def claim(
    connection: Connection,
    job: Job,
    reachable: Reachable,
    free_slots: Mapping[str, int],
    token: UUID,
) -> list[WorkItem]:
    """Claims due work under a lease, up to the number that `free_slots` has for each account."""
    asked = [(account, product) for account, product in reachable if free_slots.get(account, 0) > 0]
    accounts, kinds = _columns(asked)
    counts = [free_slots[account] for account in accounts]
    rows = await connection.fetch(SQL["claim"], accounts, kinds, token, LEASE_SECONDS[job], counts, job)
    return sorted((_to_item(dict(row)) for row in rows), key=lambda item: item.priority)


def _to_item(row: dict[str, object]) -> WorkItem:
    row["job"], row["kind"] = Job(str(row["job"])), Kind(str(row["kind"]))
    row["reasons"] = tuple(row["reasons"])  # type: ignore[arg-type]  # text[] arrives as a list of str
    return WorkItem(**row)  # type: ignore[arg-type]  # the statement returns exactly these columns


async def now(connection: Connection) -> datetime:
    """The current time by the database's clock."""
    found: datetime = await connection.fetchval(SQL["now"])
    return found


async def hold(connection: Connection, item: WorkItem) -> None:
    """Locks our lease until the transaction ends.

    Raises:
        LeaseLost: another worker has taken the item.
    """
    if not await connection.fetchval(SQL["hold"], *item.lease):
        raise LeaseLost(f"another worker holds this {item.job}")


async def settle(connection: Connection, item: WorkItem, result: Result, error: str = "") -> bool:
    """Applies the result to an item in the caller's transaction. Does nothing when the lease is no longer ours.

    A request that came after the claim gets another run, whatever the result. Returns whether the item is a dead letter
    now.
    """
    match result:
        case Done():
            await _finish(connection, item, None)
        case RequeueAt():
            await _finish(connection, item, result)
        case RetryAfter(seconds, counts):
            await _postpone(connection, item, error, seconds, dead_letter=False, counts=counts)
        case DeadLetter():
            return await _postpone(connection, item, error, ASKED_AGAIN_SECONDS, dead_letter=True, counts=True)
    return False


async def _finish(connection: Connection, item: WorkItem, again: RequeueAt | None) -> None:
    """Closes the claimed generation; deletes the row unless a read is planned or was requested meanwhile."""
    if again is None:
        status = await connection.execute(SQL["forget"], *item.lease, item.requested_gen)
        if status == "DELETE 1":
            return
    planned = (again.when, again.missing_since, again.priority, again.reason) if again else _ASKED_MEANWHILE
    await connection.execute(SQL["release"], *item.lease, item.requested_gen, *planned)


_ASKED_MEANWHILE = (None, None, Priority.WATCH, "watch")


async def _postpone(
    connection: Connection, item: WorkItem, error: str, seconds: float, dead_letter: bool, counts: bool
) -> bool:
    given = (error, seconds, dead_letter, counts, item.missing_since, item.requested_gen)
    return bool(await connection.fetchval(SQL["postpone"], *item.lease, *given))


async def give_back(db: Database, item: WorkItem) -> None:
    """Releases the lease of an item whose time slice is over: it is due at once, and no attempt is counted."""
    async with db.connection() as connection:
        await connection.execute(SQL["give_back"], *item.lease)


async def give_back_all(db: Database, token: UUID) -> None:
    """The same for all items under the token of a run, when the worker stops."""
    async with db.connection() as connection:
        await connection.execute(SQL["give_back_all"], token)


async def deleted_lately(connection: Connection, account: str, kind: Kind) -> tuple[int, int]:
    """Counts tombstones of the last hour and stored objects. No other tombstone is added until the transaction ends."""
    await connection.execute(SQL["lock_tombstones"], account, kind)
    row = await connection.fetchrow(load_for("work_queue", kind)["deleted_lately"], account)
    return (row["deleted"], row["stored"]) if row else (0, 0)


async def is_any_due(connection: Connection, job: Job, reachable: Reachable) -> bool:
    """Whether work could be claimed now."""
    return bool(await connection.fetchval(SQL["is_any_due"], *_columns(reachable), job))

"""The ledger of intent: which objects want a look. A request raises a generation, a worker takes a lease."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from worker.core.model import Kind, Product
from worker.errors import LeaseLost
from worker.store.database import Connection
from worker.store.queries import load, load_for

SQL = load("work_queue")

LEASE_SECONDS = 45.0
"""Longer than the longest look: a request may take 30 s, its transaction a few more."""

PRIORITY_USER, PRIORITY_WEBHOOK, PRIORITY_WATCH, PRIORITY_CONFIRM, PRIORITY_MEETING = 0, 1, 5, 8, 9


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One claimed object: the generation that was asked for, and the fence its look carries."""

    account: str
    kind: Kind
    id: str
    requested_gen: int
    attempts: int
    priority: int
    reasons: tuple[str, ...]
    missing_since: datetime | None
    claimed_at: datetime
    """By the database's clock: what was asked for until then is answered by this look."""
    fence: int
    token: UUID

    @property
    def key(self) -> tuple[str, Kind, str, UUID]:
        """What every statement about it starts with."""
        return (self.account, self.kind, self.id, self.token)


async def request(connection: Connection, account: str, kind: Kind, object_id: str, priority: int, reason: str) -> str:
    """Asks for a look. Answers queued, merged (it was waiting already) or running (one more run follows)."""
    answer: str = await connection.fetchval(SQL["request"], account, kind, object_id, priority, reason)
    return answer


async def plan(connection: Connection, account: str, kind: Kind, next_reconciles: Mapping[str, datetime]) -> None:
    """Plans looks at objects that are not settled, by id."""
    if next_reconciles:
        await connection.execute(
            SQL["plan"], account, kind, list(next_reconciles), list(next_reconciles.values()), PRIORITY_WATCH
        )


async def plan_others(
    connection: Connection, account: str, kind: Kind, next_reconciles: Mapping[str, datetime]
) -> None:
    """The same in a transaction that has locked the objects themselves."""
    if next_reconciles:
        await connection.execute(
            SQL["plan_others"], account, kind, list(next_reconciles), list(next_reconciles.values()), PRIORITY_WATCH
        )


async def plan_meetings(connection: Connection, account: str, next_reconciles: Mapping[str, datetime]) -> None:
    """Asks for appointments by id whose meetings no list shows."""
    if next_reconciles:
        await connection.execute(
            SQL["plan_meetings"], account, list(next_reconciles), list(next_reconciles.values()), PRIORITY_MEETING
        )


Reachable = Collection[tuple[str, Product]]
"""The (account, product) pairs that may be asked now; what belongs to others waits."""


def _columns(reachable: Reachable) -> tuple[list[str], list[str]]:
    return [account for account, _ in reachable], [product.kind for _, product in reachable]


async def claim(connection: Connection, reachable: Reachable, limit: int, token: UUID) -> list[WorkItem]:
    """Takes up to `limit` due objects under a lease."""
    accounts, kinds = _columns(reachable)
    rows = await connection.fetch(SQL["claim"], accounts, limit, token, LEASE_SECONDS, kinds)
    return sorted((_target(dict(row), token) for row in rows), key=lambda item: item.priority)


def _target(row: dict[str, object], token: UUID) -> WorkItem:
    row["kind"] = Kind(str(row["kind"]))
    row["reasons"] = tuple(row["reasons"])  # type: ignore[arg-type]  # text[] arrives as a list of str
    return WorkItem(**row, token=token)  # type: ignore[arg-type]  # the statement returns exactly these columns


async def now(connection: Connection) -> datetime:
    """By the database's clock."""
    found: datetime = await connection.fetchval(SQL["now"])
    return found


async def hold(connection: Connection, item: WorkItem) -> None:
    """Locks our lease until the transaction ends.

    Raises:
        LeaseLost: another worker has it meanwhile.
    """
    if not await connection.fetchval(SQL["hold"], *item.key):
        raise LeaseLost("another worker holds this object")


async def finish(
    connection: Connection,
    item: WorkItem,
    next_due_at: datetime | None,
    priority: int = PRIORITY_WATCH,
    reason: str = "watch",
    missing_since: datetime | None = None,
) -> None:
    """Done with the generation that was claimed; the row goes unless something is planned or was asked meanwhile."""
    if next_due_at is None:
        status = await connection.execute(SQL["forget"], *item.key, item.requested_gen)
        if status == "DELETE 1":
            return
    await connection.execute(
        SQL["release"], *item.key, item.requested_gen, next_due_at, missing_since, priority, reason
    )


async def postpone(
    connection: Connection, item: WorkItem, error: str, seconds: float, dead_letter: bool, counts: bool
) -> None:
    """Failed: due again later, or parked until somebody acts. `counts`: towards the attempts after which it is."""
    since, generation = item.missing_since, item.requested_gen
    await connection.execute(SQL["postpone"], *item.key, error, seconds, dead_letter, counts, since, generation)


async def give_back(connection: Connection, token: UUID) -> None:
    """Stopped in the middle: all objects under this lease are due at once, and the attempt does not count."""
    await connection.execute(SQL["give_back"], token)


async def deleted_lately(connection: Connection, account: str, kind: Kind) -> tuple[int, int]:
    """Tombstones of the last hour, and how many objects are stored. Nobody else adds one until the transaction ends."""
    await connection.execute(SQL["lock_tombstones"], account, kind)
    row = await connection.fetchrow(load_for("work_queue", kind)["deleted_lately"], account)
    return (row["deleted"], row["stored"]) if row else (0, 0)


async def due_count(connection: Connection, reachable: Reachable) -> int:
    """How many objects are due now."""
    count: int = await connection.fetchval(SQL["due_count"], *_columns(reachable))
    return count

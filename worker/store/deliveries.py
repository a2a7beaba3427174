"""Webhook deliveries, stored before they are acknowledged. What they request is in the work queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from worker.core.model import Kind, Product, Via
from worker.core.result import Priority
from worker.store.database import Connection
from worker.store.queries import load
from worker.store.work_queue import WorkItem

SQL = load("deliveries")


class State(StrEnum):
    """The state of a delivery."""

    RECEIVED = "received"
    APPLIED = "applied"
    IGNORED = "ignored"
    UNMAPPED = "unmapped"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of webhook_deliveries, in the order of its columns. `body` is masked."""

    account: str
    product: Product
    id: str
    type: str
    state: State
    kind: Kind | None
    object_id: str | None
    occurred_at: datetime | None
    webhook_id: str | None
    secret_number: int
    is_known_type: bool
    body: bytes


async def record(connection: Connection, delivery: Delivery) -> bool:
    """Stores a delivery durably and requests the object it names; False when it is a duplicate, which is counted."""
    columns = (getattr(delivery, name) for name in delivery.__slots__)
    return bool(await connection.fetchval(SQL["record"], *columns, Priority.WEBHOOK))


async def appointment_of(connection: Connection, account: str, meeting_id: str) -> str | None:
    """The appointment a stored meeting belongs to."""
    found: str | None = await connection.fetchval(SQL["appointment_of"], account, meeting_id)
    return found


async def settle(connection: Connection, item: WorkItem) -> None:
    """Marks the deliveries that this reconcile answers, if any requested it."""
    if Via.WEBHOOK in item.reasons:
        await connection.execute(SQL["settle"], item.account, item.kind, item.key, item.claimed_at)


async def reopen(
    connection: Connection, account: str, delivery_id: str | None, since: datetime | None
) -> list[Mapping[str, Any]]:
    """Opens stored deliveries again, by id or by time. Returns their product, id, kind and object_id."""
    return [dict(row) for row in await connection.fetch(SQL["reopen"], account, delivery_id, since)]


async def forget(connection: Connection, older_than: timedelta) -> None:
    """Deletes a batch of deliveries whose retention time is over."""
    await connection.execute(SQL["forget"], older_than)

"""Stores a webhook with a valid signature and enqueues the object it names, in one durable transaction."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from worker import errors
from worker.core import json_text, windows
from worker.core.hashing import canonical
from worker.core.kinds import KINDS
from worker.core.model import Kind, Product, Via
from worker.core.result import Priority
from worker.logs import log
from worker.privacy.redaction import NOTHING, redact_delivery
from worker.savvycal.webhooks import Envelope, Hint
from worker.store import deliveries, scans, suppression, work_queue
from worker.store.database import Connection, Database
from worker.store.deliveries import Delivery, State
from worker.store.scans import WindowKey
from worker.sync import learn, observations
from worker.sync.batch import load_rules
from worker.sync.context import SyncContext
from worker.sync.learned import Learned

Job = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery with a valid signature: its account and product, the secret that signed it, and its content."""

    account: str
    product: Product
    webhook_id: str | None
    secret_number: int
    envelope: Envelope
    is_foreign: bool
    """Whether it belongs to a SavvyCal account other than the configured one."""


async def receive(context: SyncContext, db: Database, arrived: Arrival) -> tuple[bool, Job | None]:
    """Stores a delivery durably. Returns whether it was new, and the job to wake.

    Acknowledge the delivery only after this returned. A body that Postgres cannot hold is left out.

    Raises:
        errors.StoreError: it may or may not be stored; SavvyCal sends it again, and it counts once.
    """
    endpoint = context.endpoint(arrived.account, arrived.product)
    learned = endpoint.learned if endpoint and not arrived.is_foreign else None
    if learned:
        observations.saw_delivery(learned, arrived.product, arrived.envelope, arrived.webhook_id)
    answer = await _receive_some_way(context, db, arrived)
    if learned:
        await _keep(db, arrived, learned)
    return answer


async def _receive_some_way(context: SyncContext, db: Database, arrived: Arrival) -> tuple[bool, Job | None]:
    """Stores the delivery with its body, or without it when Postgres refuses the body."""
    try:
        return await _receive(context, db, arrived)
    except errors.StoreError as error:
        if error.transient or isinstance(error, errors.StoreConflict):
            raise
        refused = str(error)
    log.warning("webhook_body_left_out", account=arrived.account, product=arrived.product, reason=refused)
    envelope = replace(arrived.envelope, body=canonical({"unreadable": refused}))
    return await _receive(context, db, replace(arrived, envelope=envelope))


async def _receive(context: SyncContext, db: Database, arrived: Arrival) -> tuple[bool, Job | None]:
    async with db.transaction() as connection:
        delivery = await _delivery(connection, arrived, await _kept(context, connection, arrived))
        is_new = await deliveries.record(connection, delivery)
        job = await _job(context, connection, delivery) if is_new else None
    return is_new, job


async def _keep(db: Database, arrived: Arrival, learned: Learned) -> None:
    """Stores what the delivery showed about the account. A failure here does not matter: the delivery is stored."""
    with suppress(errors.StoreError):
        await learn.refresh(db, arrived.account, arrived.product, learned)
        await learn.save(db, arrived.account, arrived.product, learned)


async def _delivery(connection: Connection, arrived: Arrival, body: bytes) -> Delivery:
    envelope, hint = arrived.envelope, await _resolve(connection, arrived.account, arrived.envelope.hint)
    return Delivery(
        arrived.account,
        arrived.product,
        envelope.id,
        envelope.type,
        State.IGNORED if arrived.is_foreign else _state(hint),
        hint.kind,
        hint.id,
        envelope.occurred_at,
        arrived.webhook_id,
        arrived.secret_number,
        envelope.is_known,
        body,
    )


async def _kept(context: SyncContext, connection: Connection, arrived: Arrival) -> bytes:
    """The body without dropped fields and erased people; empty when the key that tells who was erased is missing."""
    endpoint, body = context.endpoint(arrived.account, arrived.product), arrived.envelope.body
    if endpoint is None:
        return body
    try:
        if endpoint.source.privacy.keys():
            await suppression.hold(connection, arrived.account)
        redaction = (await load_rules(connection, endpoint.source, arrived.account)).redaction
    except errors.KeyMissing:
        return b"{}"
    if redaction == NOTHING:
        return body
    document: dict[str, Any] = json_text.decode(body)
    return canonical(redact_delivery(document, redaction))


async def _resolve(connection: Connection, account: str, hint: Hint) -> Hint:
    """Finds the appointment of a meeting that arrived alone: by the stored row, or by the id in its host_url."""
    if hint.kind is not Kind.MEETING or hint.id is None:
        return hint
    found = await deliveries.appointment_of(connection, account, hint.id) or hint.appointment_id
    return Hint(Kind.APPOINTMENT, found) if found else hint


def _state(hint: Hint) -> State:
    if not hint.is_ours:
        return State.IGNORED
    return State.UNMAPPED if hint.id is None or hint.kind in {None, Kind.MEETING} else State.RECEIVED


async def _job(context: SyncContext, connection: Connection, delivery: Delivery) -> Job | None:
    """The job to wake. The named object was enqueued with the delivery; when none is named, a window is scanned."""
    if delivery.state is State.UNMAPPED:
        return await _scan(context, connection, delivery.account, delivery.product)
    return ("work",) if delivery.state is State.RECEIVED else None


async def ask(
    context: SyncContext,
    connection: Connection,
    account: str,
    product: Product,
    kind: Kind | None,
    object_id: str | None,
) -> Job:
    """Enqueues the object that a delivery names, or a scan of its window; returns the job to wake."""
    if object_id is not None and kind is not None and kind in KINDS:
        await work_queue.request(connection, account, kind, object_id, Priority.WEBHOOK, Via.WEBHOOK)
        return ("work",)
    return await _scan(context, connection, account, product)


async def _scan(context: SyncContext, connection: Connection, account: str, product: Product) -> Job:
    key = WindowKey(account, product, KINDS[product.kind].named_window)
    window = context.window(product, key.window_name)
    if window is None:
        return ("schedule",)
    bounds = windows.bounds(window, context.db.clock.now())
    await scans.open_scan(connection, key, "poll", Priority.WEBHOOK, bounds)
    return ("scan",)


async def replay(
    context: SyncContext, db: Database, account: str, delivery_id: str | None, since: datetime | None
) -> list[Mapping[str, Any]]:
    """Enqueues the objects of stored deliveries again, as if they had just arrived; returns these deliveries."""
    async with db.transaction() as connection:
        found = await deliveries.reopen(connection, account, delivery_id, since)
        for row in found:
            kind = Kind(row["kind"]) if row["kind"] else None
            hint = await _resolve(connection, account, Hint(kind, row["object_id"]))
            await ask(context, connection, account, Product(row["product"]), hint.kind, hint.id)
    return found

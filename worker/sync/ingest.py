"""Records to rows: peek, skip what is stored as it is, decode the rest, decide, apply. One transaction a batch.

A record that cannot be read is parked and never stops its batch.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.core import cadence
from worker.core.decide import Overtaken, Record, decide
from worker.core.fingerprint import digest_raw
from worker.core.model import Kind, Observation, Via
from worker.errors import RecordError, StoreConflict, StoreError
from worker.savvycal.records import masked_body
from worker.savvycal.source import Source
from worker.store import apply, objects, targets
from worker.store.database import Connection, Database
from worker.store.passes import PageCount
from worker.telemetry import log

Also = Callable[[Connection, "Outcome"], Awaitable[None]]
"""What else belongs into the transaction of a batch: the ledger entry that asked for it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record for the quarantine."""

    id: str
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """What all records of one answer share."""

    account: str
    fence: int
    observed_at: datetime
    via: Via


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch."""

    records: tuple[Record, ...]
    count: PageCount
    next_looks: Mapping[str, datetime]
    """For objects that were decoded and are not settled."""
    ids: tuple[str, ...]
    """All ids that were readable, unchanged ones included."""


async def ingest(db: Database, source: Source, look: Look, raws: Sequence[bytes], before: Also, after: Also) -> Outcome:
    """Takes raw records of one answer into the tables.

    `before` runs first in the transaction (it may refuse by raising LeaseLost), `after` runs last, with the outcome.
    When Postgres refuses the batch for a reason that lies in its data, the records go in one by one, and the one that
    is refused again is parked.
    """
    batch = await _read(db, source, look, raws)
    try:
        return await _write_again_on_conflict(db, source, look, batch, before, after)
    except StoreError as error:
        lies_in_data = isinstance(error, StoreConflict) or not error.transient
        if not lies_in_data or not batch.observations:
            raise
        log.warning("batch_refused", kind=source.product.kind, records=len(raws), reason=str(error))
    alone = [await _write_alone(db, source, look, one) for one in batch.observations]
    refused = tuple(record for record in alone if record)
    rest = replace(
        batch, observations=(), unreadable=batch.unreadable + refused, written_alone=len(alone) - len(refused)
    )
    return await _write(db, source, look, rest, before, after)


async def _write_again_on_conflict(
    db: Database, source: Source, look: Look, batch: "_Batch", before: Also, after: Also
) -> Outcome:
    try:
        return await _write(db, source, look, batch, before, after)
    except StoreConflict:
        return await _write(db, source, look, batch, before, after)


@dataclass(frozen=True, slots=True)
class _Batch:
    read: int
    unchanged: int
    observations: tuple[Observation, ...]
    unreadable: tuple[Unreadable, ...]
    ids: tuple[str, ...]
    written_alone: int = 0


async def _read(db: Database, source: Source, look: Look, raws: Sequence[bytes]) -> _Batch:
    """Peeks at all, decodes only what is new or differs in its bytes."""
    peeked, unreadable = _peek_all(source, raws)
    async with db.connection() as connection:
        heads = await objects.load_heads(connection, look.account, source.product.kind, list(peeked))
    digests = {object_id: digest_raw(raw) for object_id, raw in peeked.items()}
    differing = {i: raw for i, raw in peeked.items() if heads.get(i) != digests[i]}
    observations = []
    for object_id, raw in differing.items():
        try:
            snapshot = source.parse_record(raw)
            observations.append(Observation(snapshot, digests[object_id], look.fence, look.observed_at, look.via))
        except RecordError as error:
            unreadable.append(Unreadable(object_id, error.reason, raw))
    unchanged = len(peeked) - len(differing)
    return _Batch(len(raws), unchanged, tuple(observations), tuple(unreadable), tuple(peeked))


def _peek_all(source: Source, raws: Iterable[bytes]) -> tuple[dict[str, bytes], list[Unreadable]]:
    """Records by id (of two with the same id in one answer the later counts), and those without a readable id."""
    peeked: dict[str, bytes] = {}
    unreadable = []
    for raw in raws:
        try:
            peeked[source.parse_peek(raw).id] = raw
        except RecordError as error:
            name = f"unreadable:{hashlib.sha256(raw).hexdigest()[:16]}"
            unreadable.append(Unreadable(name, error.reason, raw))
    return peeked, unreadable


async def _write(db: Database, source: Source, look: Look, batch: _Batch, before: Also, after: Also) -> Outcome:
    async with db.transaction() as connection:
        await before(connection, _EMPTY)
        outcome = await _decide_and_apply(connection, source.product.kind, look, batch)
        await after(connection, outcome)
    return outcome


async def _decide_and_apply(connection: Connection, kind: Kind, look: Look, batch: _Batch) -> Outcome:
    seen = {observation.snapshot.id: observation for observation in batch.observations}
    stored = await objects.load_stored(connection, look.account, kind, list(seen)) if seen else {}
    decisions = [decide(observation, stored.get(object_id)) for object_id, observation in seen.items()]
    records = tuple(decision for decision in decisions if isinstance(decision, Record))
    overtaken = sum(isinstance(decision, Overtaken) for decision in decisions)
    await apply.apply(connection, look.account, kind, records)
    await _quarantine(connection, kind, look, batch.unreadable)
    if seen:
        await objects.resolve_quarantine(connection, look.account, kind, list(seen), look.observed_at)
    looks = {i: at for i, o in seen.items() if (at := cadence.next_look(o.snapshot, look.observed_at))}
    await targets.plan(connection, look.account, kind, looks)
    return Outcome(records, _count(batch, len(records), overtaken), looks, batch.ids)


def _count(batch: _Batch, written: int, overtaken: int) -> PageCount:
    written += batch.written_alone
    same = batch.read - written - overtaken - len(batch.unreadable)
    return PageCount(batch.read, written, same, overtaken, len(batch.unreadable))


async def _quarantine(connection: Connection, kind: Kind, look: Look, unreadable: Sequence[Unreadable]) -> None:
    for record in unreadable:
        log.warning("record_quarantined", kind=kind, id=record.id, reason=record.reason)
        body = masked_body(record.raw)
        await objects.record_quarantine(
            connection, look.account, kind, record.id, record.reason, len(record.raw), body, look.observed_at
        )


async def _write_alone(db: Database, source: Source, look: Look, one: Observation) -> Unreadable | None:
    """One record in a transaction of its own; what Postgres refuses is returned for the quarantine."""
    try:
        async with db.transaction() as connection:
            batch = _Batch(1, 0, (one,), (), ())
            await _decide_and_apply(connection, source.product.kind, look, batch)
    except StoreError as error:
        if error.transient and not isinstance(error, StoreConflict):
            raise
        return Unreadable(one.snapshot.id, str(error), one.snapshot.body)
    return None


_EMPTY = Outcome((), PageCount(), {}, ())


async def nothing_else(_connection: Connection, _outcome: Outcome) -> None:
    """For batches that no ledger entry asked for."""

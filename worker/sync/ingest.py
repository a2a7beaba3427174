"""Records to rows: peek, skip what is stored as it is, decode the rest, decide, apply. One transaction a batch.

A record that cannot be read is parked and never stops its batch.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.core import cadence
from worker.core.decide import Lagging, Overtaken, Record, decide
from worker.core.fingerprint import credential_bytes, digest_plain, digest_raw
from worker.core.keyring import Keyring
from worker.core.model import Kind, Observation, Via
from worker.core.redaction import Redaction
from worker.errors import RecordError, StoreConflict, StoreError, StoreUnavailable
from worker.savvycal.records import masked_body
from worker.savvycal.source import Source
from worker.savvycal.wire import peek_id
from worker.store import apply, objects, people, targets, vault
from worker.store.database import Connection, Database
from worker.store.passes import PageCount
from worker.telemetry import log

Also = Callable[[Connection, "Outcome"], Awaitable[None]]
"""What else belongs into the transaction of a batch: the ledger entry that asked for it."""


BREATH = 4
"""Records decoded between two pauses, in which the batch before goes on being written. With 25, Postgres stood idle
while they were decoded: a first load took a quarter longer (measured)."""


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
    insists: bool = False
    """A confirming look (see `Observation`)."""
    is_single: bool = False
    """A look by id: decoded even when its bytes are known, because an unsettled object wants its next look planned."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch."""

    records: tuple[Record, ...]
    count: PageCount
    next_looks: Mapping[str, datetime]
    """For objects that were decoded and are not settled."""
    ids: tuple[str, ...]
    """All ids that were readable, unchanged ones included."""
    lagging: tuple[str, ...] = ()
    """What was seen older than it is stored: to be looked at once more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of some answers, read: what is not stored as it is has been decoded. `look` is the last of them."""

    look: Look
    read: int
    observations: tuple[Observation, ...]
    unreadable: tuple[Unreadable, ...]
    ids: tuple[str, ...]
    privacy: "Rules"
    written_alone: int = 0

    @property
    def is_news(self) -> bool:
        """Whether there is anything to decide or to park."""
        return bool(self.observations or self.unreadable)


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be kept, as of the moment a batch was read: the ring, what to leave out, how many were erased so far."""

    ring: Keyring | None
    redaction: Redaction
    erased_count: int


Answers = Sequence[tuple[Look, Sequence[bytes]]]
"""Raw records with the look they came by."""


async def ingest(db: Database, source: Source, look: Look, raws: Sequence[bytes], before: Also, after: Also) -> Outcome:
    """Takes raw records of one answer into the tables: `read`, then `write`."""
    return await write(db, source, await read(db, source, [(look, raws)]), before, after)


async def read(db: Database, source: Source, answers: Answers, unsure: Container[str] = ()) -> Batch:
    """Peeks at all; decodes what is new or differs in its bytes, single looks, and what is `unsure` to be stored so."""
    peeked, unreadable = _peek_all(answers)
    last, drop, ring = answers[-1][0], source.privacy.drop, source.privacy.keys()
    plain = {object_id: digest_plain(raw, drop) for object_id, (_, raw) in peeked.items()}
    async with db.connection() as connection:
        unlike = await objects.load_unlike(connection, last.account, source.product.kind, plain)
        other = {i for i, stored in unlike.items() if stored is None or digest_raw(peeked[i][1], drop) != stored}
        other |= await _rotated(connection, ring, last.account, source.product.kind, peeked)
        wanted = {i: found for i, found in peeked.items() if i in other or i in unsure or found[0].is_single}
        is_news = bool(wanted or unreadable)
        rules = await load_rules(connection, source, last.account) if is_news else Rules(ring, Redaction(drop), 0)
    observations, refused = await _decode_all(source, rules.redaction, wanted)
    count = sum(len(raws) for _, raws in answers)
    return Batch(last, count, tuple(observations), (*unreadable, *refused), tuple(peeked), rules)


async def _decode_all(
    source: Source, redaction: Redaction, wanted: Mapping[str, tuple[Look, bytes]]
) -> tuple[list[Observation], list[Unreadable]]:
    """Records as observations, and those that cannot be read."""
    observations, refused = [], []
    for place, (object_id, (look, raw)) in enumerate(wanted.items(), 1):
        try:
            snapshot = source.parse_record(raw, redaction)
        except RecordError as error:
            refused.append(Unreadable(object_id, error.reason, raw))
        else:
            digest = digest_raw(raw, source.privacy.drop)
            observations.append(Observation(snapshot, digest, look.fence, look.observed_at, look.via, look.insists))
        if place % BREATH == 0:
            await asyncio.sleep(0)
    return observations, refused


def unchanged(batch: Batch) -> Outcome:
    """The outcome of a batch that is stored as it is."""
    return Outcome((), _count(batch, 0, 0), {}, batch.ids)


async def load_rules(connection: Connection, source: Source, account: str) -> Rules:
    """What may be kept of an account's records right now.

    Raises:
        KeyMissing: somebody was erased, and without the key nobody knows whom.
    """
    ring = source.privacy.keys()
    erased = await people.load_erased(connection, ring, account)
    return Rules(ring, Redaction(source.privacy.drop, erased.is_erased), erased.count)


async def _rotated(
    connection: Connection, ring: Keyring | None, account: str, kind: Kind, peeked: Mapping[str, tuple[Look, bytes]]
) -> set[str]:
    """Records whose credentials changed: their digest blanks these on purpose. Without keys no work at all."""
    if ring is None or kind is not Kind.APPOINTMENT:
        return set()
    served = {i: found for i, (_, raw) in peeked.items() if (found := credential_bytes(raw))}
    return await vault.differing(connection, ring, account, kind, served)


def _peek_all(answers: Answers) -> tuple[dict[str, tuple[Look, bytes]], list[Unreadable]]:
    """Records by id (of two with the same id the later counts), and those without a readable id."""
    peeked: dict[str, tuple[Look, bytes]] = {}
    unreadable = []
    for look, raws in answers:
        for raw in raws:
            try:
                peeked[peek_id(raw)] = (look, raw)
            except RecordError as error:
                name = f"unreadable:{hashlib.sha256(raw).hexdigest()[:16]}"
                unreadable.append(Unreadable(name, error.reason, raw))
    return peeked, unreadable


async def write(db: Database, source: Source, batch: Batch, before: Also, after: Also) -> Outcome:
    """Writes a batch in one transaction.

    `before` runs first in it (it may refuse by raising LeaseLost), `after` runs last, with the outcome. When Postgres
    refuses the batch for a reason that lies in its data, the records go in one by one, and the one that is refused
    again is parked.
    """
    kind = source.product.kind
    try:
        return await _write_again_on_conflict(db, kind, batch, before, after)
    except StoreError as error:
        lies_in_data = isinstance(error, StoreConflict) or not error.transient
        if not lies_in_data or not batch.observations:
            raise
        log.warning("batch_refused", kind=kind, records=batch.read, reason=str(error))
    alone = [await _write_alone(db, kind, batch, one) for one in batch.observations]
    refused = tuple(record for record in alone if record)
    rest = replace(
        batch, observations=(), unreadable=batch.unreadable + refused, written_alone=len(alone) - len(refused)
    )
    return await _write(db, kind, rest, before, after)


async def _write_again_on_conflict(db: Database, kind: Kind, batch: Batch, before: Also, after: Also) -> Outcome:
    try:
        return await _write(db, kind, batch, before, after)
    except StoreConflict:
        return await _write(db, kind, batch, before, after)


async def _write(db: Database, kind: Kind, batch: Batch, before: Also, after: Also) -> Outcome:
    async with db.transaction() as connection:
        await before(connection, _EMPTY)
        outcome = await _decide_and_apply(connection, kind, batch)
        await after(connection, outcome)
    return outcome


async def _decide_and_apply(connection: Connection, kind: Kind, batch: Batch) -> Outcome:
    seen = {observation.snapshot.id: observation for observation in batch.observations}
    account, now = batch.look.account, batch.look.observed_at
    if batch.privacy.ring and await people.hold(connection, account) != batch.privacy.erased_count:
        raise StoreUnavailable("somebody was erased while this was read: it is read again")
    looks = {i: at for i, o in seen.items() if (at := cadence.next_look(o.snapshot, o.observed_at))}
    await targets.plan(connection, account, kind, looks)  # before the objects: a look locks its target first, too
    stored = await objects.load_stored(connection, account, kind, list(seen)) if seen else {}
    decisions = {object_id: decide(observation, stored.get(object_id)) for object_id, observation in seen.items()}
    records = tuple(decision for decision in decisions.values() if isinstance(decision, Record))
    lagging = tuple(object_id for object_id, decision in decisions.items() if isinstance(decision, Lagging))
    late = {object_id for object_id, decision in decisions.items() if isinstance(decision, Lagging | Overtaken)}
    await apply.apply(connection, account, kind, records)
    if kind is Kind.APPOINTMENT:
        current = [observation for object_id, observation in seen.items() if object_id not in late]
        await vault.keep(connection, batch.privacy.ring, account, current)
    await _quarantine(connection, kind, batch)
    if seen:
        await objects.resolve_quarantine(connection, account, kind, list(seen), now)
    await targets.plan(connection, account, kind, dict.fromkeys(lagging, now + cadence.CONFIRM_AFTER))
    return Outcome(records, _count(batch, len(records), len(late)), looks, batch.ids, lagging)


def _count(batch: Batch, written: int, overtaken: int) -> PageCount:
    written += batch.written_alone
    same = batch.read - written - overtaken - len(batch.unreadable)
    return PageCount(batch.read, written, same, overtaken, len(batch.unreadable))


async def _quarantine(connection: Connection, kind: Kind, batch: Batch) -> None:
    account, now = batch.look.account, batch.look.observed_at
    for record in batch.unreadable:
        log.warning("record_quarantined", kind=kind, id=record.id, reason=record.reason)
        body, size = masked_body(record.raw, batch.privacy.redaction), len(record.raw)
        await objects.record_quarantine(connection, account, kind, record.id, record.reason, size, body, now)


async def _write_alone(db: Database, kind: Kind, batch: Batch, one: Observation) -> Unreadable | None:
    """One record in a transaction of its own; what Postgres refuses is returned for the quarantine."""
    try:
        async with db.transaction() as connection:
            await _decide_and_apply(connection, kind, Batch(batch.look, 1, (one,), (), (), batch.privacy))
    except StoreError as error:
        if error.transient and not isinstance(error, StoreConflict):
            raise
        return Unreadable(one.snapshot.id, str(error), one.snapshot.body)
    return None


_EMPTY = Outcome((), PageCount(), {}, ())


async def nothing_else(_connection: Connection, _outcome: Outcome) -> None:
    """For batches that no ledger entry asked for."""

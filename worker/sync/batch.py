"""Reads the records of some answers: takes each id, compares hashes with what is stored, and decodes what differs.

A record that cannot be read never stops its batch.
"""

import asyncio
import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from savvycal_sync.keyring import Keyring
from worker.core.hashing import credential_bytes, hash_plain_bytes, hash_raw_bytes
from worker.core.kinds import KINDS
from worker.core.model import Kind, Observation, Via
from worker.errors import RecordError
from worker.privacy.redaction import Redaction
from worker.savvycal.api import Api
from worker.savvycal.wire import peek_id
from worker.store import objects, suppression, vault
from worker.store.database import Connection, Database
from worker.sync.learned import Learned

YIELD_EVERY = 4
"""Records decoded between two pauses; during a pause the previous batch continues to be written. With 25, Postgres was
idle while records were decoded, and a backfill took a quarter longer (measured)."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record for the quarantine."""

    id: str
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Provenance:
    """The properties that all records of one answer share."""

    account: str
    fence: int
    observed_at: datetime
    via: Via
    is_confirmation: bool = False
    """Whether this read is a confirmation (see `Observation`)."""
    is_single: bool = False
    """A read by id. It is decoded even when its bytes are known, because its next read may have to be planned."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Privacy rules as of the read of a batch: the keyring, the fields to leave out, the number of erased people."""

    keyring: Keyring | None
    redaction: Redaction
    erased_count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The records of some answers; those that differ from what is stored are decoded. `provenance`: of the last."""

    kind: Kind
    provenance: Provenance
    read: int
    observations: tuple[Observation, ...]
    unreadable: tuple[Unreadable, ...]
    ids: tuple[str, ...]
    privacy: Rules
    learned: Learned | None = None
    """What is known about the account; None means that lists show meetings."""
    is_any_new: bool = False
    """Whether a record may be stored for the first time. Rows are never removed, so a stored object stays stored."""
    is_divided: bool = False
    """Whether each record is written in a savepoint of its own, because Postgres refused them together."""

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to decide or to quarantine."""
        return bool(self.observations or self.unreadable)


Answers = Sequence[tuple[Provenance, Sequence[bytes]]]
"""Raw records with the provenance of their answer."""


async def read(
    db: Database, source: Api, answers: Answers, unsure: Container[str] = (), learned: Learned | None = None
) -> Batch:
    """Reads a batch: takes the id of every record and decodes those that need a decision.

    Decoded are records that are new or whose bytes differ, reads by id, and ids in `unsure`, whose rows may be about to
    change.
    """
    peeked, unreadable = _peek_all(answers)
    last, drop, keyring, kind = answers[-1][0], source.privacy.drop, source.privacy.keys(), source.product.kind
    plain = {object_id: hash_plain_bytes(raw, drop) for object_id, (_, raw) in peeked.items()}
    async with db.connection() as connection:
        unlike = await objects.load_unlike(connection, last.account, kind, plain)
        other = {i for i, stored in unlike.items() if stored is None or hash_raw_bytes(peeked[i][1], drop) != stored}
        other |= await _rotated(connection, keyring, last.account, kind, peeked)
        if learned:
            other |= learned.disproof({i: raw for i, (provenance, raw) in peeked.items() if not provenance.is_single})
        wanted = {i: found for i, found in peeked.items() if i in other or i in unsure or found[0].is_single}
        has_changes = bool(wanted or unreadable)
        rules = (
            await load_rules(connection, source, last.account) if has_changes else Rules(keyring, Redaction(drop), 0)
        )
    observations, refused = await _decode_all(source, rules.redaction, wanted)
    count = sum(len(raws) for _, raws in answers)
    is_any_new = None in unlike.values()
    bad = (*unreadable, *refused)
    return Batch(kind, last, count, tuple(observations), bad, tuple(peeked), rules, learned, is_any_new)


def with_unreadable(batch: Batch, more: Sequence[Unreadable]) -> Batch:
    """Adds records whose bytes were not received; they count as read and as seen."""
    ids = (*batch.ids, *(record.id for record in more))
    return (
        replace(batch, read=batch.read + len(more), unreadable=(*batch.unreadable, *more), ids=ids) if more else batch
    )


async def _decode_all(
    source: Api, redaction: Redaction, wanted: Mapping[str, tuple[Provenance, bytes]]
) -> tuple[list[Observation], list[Unreadable]]:
    """Decoded records as observations, and the records that cannot be read."""
    observations, refused = [], []
    for place, (object_id, (provenance, raw)) in enumerate(wanted.items(), 1):
        try:
            snapshot = source.parse_record(raw, redaction)
        except RecordError as error:
            refused.append(Unreadable(object_id, error.reason, raw))
        else:
            raw_hash = hash_raw_bytes(raw, source.privacy.drop)
            observations.append(
                Observation(
                    snapshot,
                    raw_hash,
                    provenance.fence,
                    provenance.observed_at,
                    provenance.via,
                    provenance.is_confirmation,
                )
            )
        if place % YIELD_EVERY == 0:
            await asyncio.sleep(0)
    return observations, refused


async def load_rules(connection: Connection, source: Api, account: str) -> Rules:
    """Loads the privacy rules of an account.

    Raises:
        KeyMissing: a person was erased, and the key that identifies the person is not in the keyring.
    """
    keyring = source.privacy.keys()
    erased = await suppression.load_erased(connection, keyring, account)
    return Rules(keyring, Redaction(source.privacy.drop, erased.is_erased), erased.count)


async def _rotated(
    connection: Connection,
    keyring: Keyring | None,
    account: str,
    kind: Kind,
    peeked: Mapping[str, tuple[Provenance, bytes]],
) -> set[str]:
    """Ids of records whose credentials changed, which raw hashes leave out on purpose. Without a keyring: none."""
    if keyring is None or not KINDS[kind].has_credentials:
        return set()
    served = {i: found for i, (_, raw) in peeked.items() if (found := credential_bytes(raw))}
    return await vault.differing(connection, keyring, account, kind, served)


def _peek_all(answers: Answers) -> tuple[dict[str, tuple[Provenance, bytes]], list[Unreadable]]:
    """Records by id (the later of two with the same id), and records without a readable id."""
    peeked: dict[str, tuple[Provenance, bytes]] = {}
    unreadable = []
    for provenance, raws in answers:
        for raw in raws:
            try:
                peeked[peek_id(raw)] = (provenance, raw)
            except RecordError as error:
                name = f"unreadable:{hashlib.sha256(raw).hexdigest()[:16]}"
                unreadable.append(Unreadable(name, error.reason, raw))
    return peeked, unreadable

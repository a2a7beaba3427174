"""Records of some answers, read: peeked at, compared with what is stored, and decoded where they differ.

A record that cannot be read never stops its batch.
"""

import asyncio
import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.core.fingerprint import credential_bytes, digest_plain, digest_raw
from worker.core.keyring import Keyring
from worker.core.model import Kind, Observation, Via
from worker.core.redaction import Redaction
from worker.errors import RecordError
from worker.savvycal.source import Source
from worker.savvycal.wire import peek_id
from worker.store import objects, people, vault
from worker.store.database import Connection, Database
from worker.sync.learned import Learned

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
class Rules:
    """What may be kept, as of the moment a batch was read: the ring, what to leave out, how many were erased so far."""

    ring: Keyring | None
    redaction: Redaction
    erased_count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of some answers, read: what is not stored as it is has been decoded. `look` is the last of them."""

    look: Look
    read: int
    observations: tuple[Observation, ...]
    unreadable: tuple[Unreadable, ...]
    ids: tuple[str, ...]
    privacy: Rules
    learned: Learned | None = None
    """What is known of the account; None: lists show meetings."""
    is_any_new: bool = False
    """Whether one of them may be stored for the first time. Rows stay, so what was stored when it was read still is."""

    @property
    def is_news(self) -> bool:
        """Whether there is anything to decide or to park."""
        return bool(self.observations or self.unreadable)


Answers = Sequence[tuple[Look, Sequence[bytes]]]
"""Raw records with the look they came by."""


async def read(
    db: Database, source: Source, answers: Answers, unsure: Container[str] = (), learned: Learned | None = None
) -> Batch:
    """Peeks at all; decodes what is new or differs in its bytes, single looks, and what is `unsure` to be stored so."""
    peeked, unreadable = _peek_all(answers)
    last, drop, ring = answers[-1][0], source.privacy.drop, source.privacy.keys()
    plain = {object_id: digest_plain(raw, drop) for object_id, (_, raw) in peeked.items()}
    async with db.connection() as connection:
        unlike = await objects.load_unlike(connection, last.account, source.product.kind, plain)
        other = {i for i, stored in unlike.items() if stored is None or digest_raw(peeked[i][1], drop) != stored}
        other |= await _rotated(connection, ring, last.account, source.product.kind, peeked)
        if learned:
            other |= learned.disproof({i: raw for i, (look, raw) in peeked.items() if not look.is_single})
        wanted = {i: found for i, found in peeked.items() if i in other or i in unsure or found[0].is_single}
        is_news = bool(wanted or unreadable)
        rules = await load_rules(connection, source, last.account) if is_news else Rules(ring, Redaction(drop), 0)
    observations, refused = await _decode_all(source, rules.redaction, wanted)
    count = sum(len(raws) for _, raws in answers)
    is_any_new = None in unlike.values()
    bad = (*unreadable, *refused)
    return Batch(last, count, tuple(observations), bad, tuple(peeked), rules, learned, is_any_new)


def with_unreadable(batch: Batch, more: Sequence[Unreadable]) -> Batch:
    """A batch with records that came without their bytes: they count as read and as seen."""
    ids = (*batch.ids, *(record.id for record in more))
    return (
        replace(batch, read=batch.read + len(more), unreadable=(*batch.unreadable, *more), ids=ids) if more else batch
    )


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

"""Writes a batch: decides and applies in the caller's transaction. Records that cannot be read go to quarantine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from msgspec import structs

from worker.core import schedule
from worker.core.decide import Record, StaleRead, Superseded, Unchanged, decide
from worker.core.kinds import KINDS, Conferencing
from worker.core.model import Kind, Observation, Snapshot
from worker.core.partial import with_stored_meeting, without_link
from worker.errors import StoreError, StoreUnavailable
from worker.logs import log
from worker.savvycal.records import REPAIRED, masked_body
from worker.store import apply, objects, suppression, vault, work_queue
from worker.store.database import Connection, savepoint
from worker.store.scans import PageCount
from worker.sync import observations
from worker.sync.batch import Batch, Unreadable
from worker.sync.learned import SAMPLE, Learned


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of writing a batch."""

    records: tuple[Record, ...]
    count: PageCount
    next_reconciles: Mapping[str, datetime]
    """When the decoded objects that are in progress are read next."""
    ids: tuple[str, ...]
    """All ids that were readable, unchanged ones included."""
    needs_recheck: tuple[str, ...] = ()
    """Objects whose observed version is older than the stored one, by `updated_at` or by fence: they are read again."""


def unchanged(batch: Batch) -> Outcome:
    """The outcome of a batch in which nothing changed."""
    return Outcome((), _count(batch, 0, 0), {}, batch.ids)


async def write(connection: Connection, batch: Batch) -> Outcome:
    """Decides about a batch and writes it, in the caller's transaction.

    A divided batch is written record by record, and a record that Postgres refuses goes to quarantine.
    """
    if not batch.is_divided:
        return await _decide_and_apply(connection, batch)
    in_order = sorted(batch.observations, key=lambda one: one.snapshot.id)  # in which everybody locks
    alone = [await _write_alone(connection, batch, one) for one in in_order]
    refused = tuple(each for each in alone if isinstance(each, Unreadable))
    written = [each for each in alone if isinstance(each, Outcome)]
    rest = replace(batch, observations=(), unreadable=batch.unreadable + refused)
    return _joined(rest, [*written, await _decide_and_apply(connection, rest)])


async def _write_alone(connection: Connection, batch: Batch, one: Observation) -> Outcome | Unreadable:
    """Writes one record in a savepoint; a record that Postgres refuses is returned for the quarantine."""
    try:
        async with savepoint(connection):
            return await _decide_and_apply(
                connection, replace(batch, read=1, observations=(one,), unreadable=(), ids=())
            )
    except StoreError as error:
        if not error.is_about_data:
            raise
        return Unreadable(one.snapshot.id, str(error), one.snapshot.body)


def _joined(batch: Batch, parts: Sequence[Outcome]) -> Outcome:
    records = tuple(record for part in parts for record in part.records)
    next_reconciles = {object_id: at for part in parts for object_id, at in part.next_reconciles.items()}
    needs_recheck = tuple(object_id for part in parts for object_id in part.needs_recheck)
    return Outcome(
        records,
        _count(batch, len(records), sum(p.count.superseded for p in parts)),
        next_reconciles,
        batch.ids,
        needs_recheck,
    )


async def _decide_and_apply(connection: Connection, batch: Batch) -> Outcome:
    kind = batch.kind
    batch, silent = _learn(batch)
    seen = {observation.snapshot.id: observation for observation in batch.observations}
    account, now = batch.provenance.account, batch.provenance.observed_at
    if batch.privacy.keyring and await suppression.hold(connection, account) != batch.privacy.erased_count:
        raise StoreUnavailable("somebody was erased while this was read: it is read again")
    next_reconciles = {i: at for i, o in seen.items() if (at := schedule.next_reconcile_at(o.snapshot, o.observed_at))}
    if batch.learned:
        next_reconciles = batch.learned.paced(next_reconciles, (o.snapshot for o in seen.values()), now)
    await work_queue.plan(
        connection, account, kind, next_reconciles
    )  # before the objects: a reconcile also locks its work item first
    stored = await objects.load_stored(connection, account, kind, list(seen), batch.is_any_new) if seen else {}
    named = batch.learned.meeting_property if batch.learned else ""
    seen |= {i: with_stored_meeting(seen[i], stored.get(i), named) for i in silent}
    decisions = {object_id: decide(observation, stored.get(object_id)) for object_id, observation in seen.items()}
    records = tuple(decision for decision in decisions.values() if isinstance(decision, Record))
    stale_reads = tuple(object_id for object_id, decision in decisions.items() if isinstance(decision, StaleRead))
    superseded = {i: stored[i].fence for i, decision in decisions.items() if isinstance(decision, Superseded)}
    late = {*stale_reads, *superseded}
    if batch.learned:
        observations.saw_changes(batch.learned, records, batch.provenance.is_single)
    await apply.apply(connection, account, kind, records)
    if KINDS[kind].has_credentials:
        current = [o for object_id, o in seen.items() if object_id not in late and object_id not in silent]
        superseded |= await vault.keep(connection, batch.privacy.keyring, account, current)
    if silent and batch.learned:
        same = [i for i in silent if isinstance(decisions[i], Unchanged)]
        new = [record.observation.snapshot for record in records if record.observation.snapshot.id in silent]
        if batch.learned.must_ask_for_meetings:
            await objects.remember_raw_hashes(connection, account, kind, {i: seen[i].raw_hash for i in same})
        else:  # while it is unknown what lists show, read a stored meeting that is not listed
            new += [seen[i].snapshot for i in same if seen[i].snapshot.meeting]
        await work_queue.plan_meetings(connection, account, _to_read(batch.learned, new, now))
    await objects.advance_fence_sequence(connection, max(superseded.values(), default=0))
    _tell_of_repairs(kind, records)
    await _quarantine(connection, batch)
    if seen:
        await objects.resolve_quarantine(connection, account, kind, list(seen), now)
    needs_recheck = (*stale_reads, *superseded)
    if not batch.provenance.is_single:  # a reconcile plans its next one itself
        await work_queue.plan_others(
            connection, account, kind, dict.fromkeys(needs_recheck, now + schedule.CONFIRM_AFTER)
        )
    return Outcome(records, _count(batch, len(records), len(late)), next_reconciles, batch.ids, needs_recheck)


def _learn(batch: Batch) -> tuple[Batch, frozenset[str]]:
    """Notes what the records show about the account.

    Returns the batch, adjusted to what is known by then, and the ids of appointments about whose meeting the list
    proves nothing.
    """
    learned, single = batch.learned, batch.provenance.is_single
    if learned is None or not batch.observations:
        return batch, frozenset()
    snapshots = [observation.snapshot for observation in batch.observations]
    conferencing = KINDS[snapshots[0].kind].conferencing
    if conferencing is Conferencing.NONE:
        return batch, frozenset()
    if conferencing is Conferencing.DERIVED:
        for snapshot in snapshots:
            learned.saw_event(snapshot, single, batch.provenance.observed_at)
        types = learned.types_without_link
        settled = tuple(structs.replace(o, snapshot=without_link(o.snapshot, types)) for o in batch.observations)
        return replace(batch, observations=settled), frozenset()
    learned.saw_property(snapshots, "get" if single else "list")
    if single:
        learned.saw_single(snapshots[0])
        return batch, frozenset()
    learned.saw_list(snapshots)
    if learned.lists_tell_of_meetings:
        return batch, frozenset()
    return batch, frozenset(snapshot.id for snapshot in snapshots if snapshot.meeting is None)


def _to_read(learned: Learned, new: Sequence[Snapshot], now: datetime) -> dict[str, datetime]:
    """Which of these appointments are read by id for their meeting, and when: soonest start first, past ones last.

    While it is unknown whether lists show meetings, only a few are read.
    """
    ordered = sorted(new, key=lambda one: ((one.end_at or now) < now, abs((one.start_at or now) - now)))
    chosen = ordered if learned.must_ask_for_meetings else ordered[:SAMPLE]
    return {one.id: now + timedelta(milliseconds=place) for place, one in enumerate(chosen)}


def _count(batch: Batch, written: int, superseded: int) -> PageCount:
    same = batch.read - written - superseded - len(batch.unreadable)
    repaired = sum(REPAIRED in observation.snapshot.unknown_fields for observation in batch.observations)
    return PageCount(batch.read, written, same, superseded, len(batch.unreadable), repaired)


def _tell_of_repairs(kind: Kind, records: Sequence[Record]) -> None:
    """Logs repaired records, once for each change: a damaged record that is served again is unchanged."""
    for snapshot in (record.observation.snapshot for record in records):
        if REPAIRED in snapshot.unknown_fields:
            log.info("record_repaired", kind=kind, id=snapshot.id)


async def _quarantine(connection: Connection, batch: Batch) -> None:
    kind, account, now = batch.kind, batch.provenance.account, batch.provenance.observed_at
    for record in batch.unreadable:
        log.warning("record_quarantined", kind=kind, id=record.id, reason=record.reason)
        body, size = masked_body(record.raw, batch.privacy.redaction), len(record.raw)
        await objects.record_quarantine(connection, account, kind, record.id, record.reason, size, body, now)

"""A simulated year of the vault: bookings, reschedules, rotations, replacements and cancellations, with skewed clocks.

After every step the vault holds exactly the credentials that SavvyCal still honours, by the database's clock.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.support.harness import Harness
from tests.support.vaulted import DAY, KEYRING, end_of
from tests.support.writing import write_records
from worker.core.model import Kind, Via
from worker.store import objects
from worker.sync import purge, schedule
from worker.sync.batch import Provenance

STEP = timedelta(hours=6)
SKEW_SECONDS = 3600


@dataclass
class Counters:
    """What happened in the simulated time."""

    steps: int = 0
    acts: int = 0
    reschedules: int = 0
    stored: int = 0
    purged: int = 0
    refused_late: int = 0


async def live(harness: Harness, days: int, seed: int) -> Counters:
    """Lives through so many days. Fails at the first credential that is missing, or there too long."""
    rng, counters = Random(seed), Counters()
    await _clock_from_a_table(harness)
    known: set[str] = set()
    for _ in range(days * 4):
        harness.world.advance(STEP.total_seconds())
        now = datetime.fromtimestamp(harness.world.now, UTC)
        await harness.execute("update public.test_clock set now = $1", now)
        await _refused_before_purge(harness, counters)
        before = await _stored(harness)
        if before and ("purge",) in await schedule.run(harness.context):
            await purge.purge(harness.context)
        counters.purged += len(before) - len(await _stored(harness))
        touched = {_act(harness, rng, known, counters) for _ in range(rng.randrange(1, 5))}
        known |= touched
        await _see(harness, [harness.world.document("appointment", i) for i in touched], now, rng)
        await _check(harness, known, now, counters)
        counters.steps += 1
    return counters


async def _clock_from_a_table(harness: Harness) -> None:
    await harness.execute("create table public.test_clock as select clock_timestamp() as now")
    await harness.execute(
        "create or replace function savvycal._now() returns timestamptz language sql volatile "
        "set search_path = pg_catalog, pg_temp as $$ select now from public.test_clock $$"
    )


def _act(harness: Harness, rng: Random, known: set[str], counters: Counters) -> str:
    """One thing that happens at SavvyCal; the id of the appointment it happened to."""
    counters.acts += 1
    ahead = [i for i in sorted(known) if end_of(_doc(harness, i)).timestamp() > harness.world.now]
    if not ahead or rng.random() < 0.4:
        return str(harness.world.book_appointment(meeting_status="created")["id"])
    appointment_id = rng.choice(ahead)
    act = rng.randrange(5)
    if act <= 1:
        start = datetime.fromtimestamp(harness.world.now + rng.randrange(900, 20 * 86400), UTC)
        harness.world.reschedule_appointment(appointment_id, start.isoformat())
        counters.reschedules += 1
    elif act == 2:
        harness.world.rotate_host_url(appointment_id)
    elif act == 3:
        harness.world.replace_meeting(appointment_id)
    harness.world.set_meeting_status(appointment_id, "created")
    return appointment_id


def _doc(harness: Harness, appointment_id: str) -> dict[str, Any]:
    document: dict[str, Any] = harness.world.document("appointment", appointment_id)
    return document


async def _see(harness: Harness, documents: list[dict[str, Any]], now: datetime, rng: Random) -> None:
    """The mirror sees them, with a clock of its own that is up to an hour off."""
    endpoint = harness.context.endpoint_for("default", Kind.APPOINTMENT)
    assert endpoint
    async with harness.db.connection() as connection:
        fence = await objects.take_fence(connection)
    skewed = now + timedelta(seconds=rng.uniform(-SKEW_SECONDS, SKEW_SECONDS))
    provenance = Provenance("default", fence, skewed, Via.POLL)
    raws = [json.dumps(document).encode() for document in documents]
    await write_records(harness.db, endpoint.source, provenance, raws)


async def _stored(harness: Harness) -> set[str]:
    return {row["id"] for row in await harness.rows("select appointment_id as id from savvycal._meeting_secrets")}


async def _refused_before_purge(harness: Harness, counters: Counters) -> None:
    """What is past its date is not given, although it is still there."""
    rows = await harness.rows(
        "select o.outcome from savvycal._meeting_secrets s, savvycal._now() n, "
        "savvycal.open_meeting_secret(s.meeting_id) o where s.purge_at <= n"
    )
    assert all(row["outcome"] == "expired" for row in rows)
    counters.refused_late += len(rows)


async def _check(harness: Harness, known: set[str], now: datetime, counters: Counters) -> None:
    honoured = {i: _doc(harness, i) for i in known}
    honoured = {i: d for i, d in honoured.items() if d["meeting"]["host_url"] and end_of(d) + DAY > now}
    assert await _stored(harness) == set(honoured)
    rows = await harness.rows("select appointment_id, meeting_id, key_id, purge_at from savvycal._meeting_secrets")
    for row in rows:
        document = honoured[row["appointment_id"]]
        assert (row["meeting_id"], row["purge_at"]) == (document["meeting"]["id"], end_of(document) + DAY)
        assert row["key_id"] == KEYRING.first.id
    counters.stored += len(rows)

"""A simulated year of the vault: bookings, reschedules, rotations, replacements and cancellations, with skewed clocks.

After every step the vault holds exactly the credentials that SavvyCal still honours, by the database's clock.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.privacy.vaulted import DAY, RING, end_of
from tests.sync.stage import Stage
from worker.core.model import Kind, Via
from worker.store import objects
from worker.sync import ingest, purge, tick
from worker.sync.batch import Look

STEP = timedelta(hours=6)
SKEW_SECONDS = 3600


@dataclass
class Tally:
    """What happened in the simulated time."""

    steps: int = 0
    acts: int = 0
    reschedules: int = 0
    stored: int = 0
    purged: int = 0
    refused_late: int = 0


async def live(stage: Stage, days: int, seed: int) -> Tally:
    """Lives through so many days. Fails at the first credential that is missing, or there too long."""
    rng, tally = Random(seed), Tally()
    await _clock_from_a_table(stage)
    known: set[str] = set()
    for _ in range(days * 4):
        stage.world.advance(STEP.total_seconds())
        now = datetime.fromtimestamp(stage.world.now, UTC)
        await stage.execute("update public.test_clock set now = $1", now)
        await _refused_before_purge(stage, tally)
        before = await _stored(stage)
        if before and ("purge",) in await tick.tick(stage.mirror):
            await purge.purge(stage.mirror)
        tally.purged += len(before) - len(await _stored(stage))
        touched = {_act(stage, rng, known, tally) for _ in range(rng.randrange(1, 5))}
        known |= touched
        await _see(stage, [stage.world.document("appointment", i) for i in touched], now, rng)
        await _check(stage, known, now, tally)
        tally.steps += 1
    return tally


async def _clock_from_a_table(stage: Stage) -> None:
    await stage.execute("create table public.test_clock as select clock_timestamp() as now")
    await stage.execute(
        "create or replace function savvycal._now() returns timestamptz language sql volatile "
        "set search_path = pg_catalog, pg_temp as $$ select now from public.test_clock $$"
    )


def _act(stage: Stage, rng: Random, known: set[str], tally: Tally) -> str:
    """One thing that happens at SavvyCal; the id of the appointment it happened to."""
    tally.acts += 1
    ahead = [i for i in sorted(known) if end_of(_doc(stage, i)).timestamp() > stage.world.now]
    if not ahead or rng.random() < 0.4:
        return str(stage.world.book_appointment(meeting_status="created")["id"])
    appointment_id = rng.choice(ahead)
    act = rng.randrange(5)
    if act <= 1:
        start = datetime.fromtimestamp(stage.world.now + rng.randrange(900, 20 * 86400), UTC)
        stage.world.reschedule_appointment(appointment_id, start.isoformat())
        tally.reschedules += 1
    elif act == 2:
        stage.world.rotate_host_url(appointment_id)
    elif act == 3:
        stage.world.replace_meeting(appointment_id)
    stage.world.set_meeting_status(appointment_id, "created")
    return appointment_id


def _doc(stage: Stage, appointment_id: str) -> dict[str, Any]:
    document: dict[str, Any] = stage.world.document("appointment", appointment_id)
    return document


async def _see(stage: Stage, documents: list[dict[str, Any]], now: datetime, rng: Random) -> None:
    """The mirror sees them, with a clock of its own that is up to an hour off."""
    endpoint = stage.mirror.endpoint_for("default", Kind.APPOINTMENT)
    assert endpoint
    async with stage.db.connection() as connection:
        fence = await objects.take_fence(connection)
    skewed = now + timedelta(seconds=rng.uniform(-SKEW_SECONDS, SKEW_SECONDS))
    look = Look("default", fence, skewed, Via.POLL)
    raws = [json.dumps(document).encode() for document in documents]
    await ingest.ingest(stage.db, endpoint.source, look, raws, ingest.nothing_else, ingest.nothing_else)


async def _stored(stage: Stage) -> set[str]:
    return {row["id"] for row in await stage.rows("select appointment_id as id from savvycal._meeting_secrets")}


async def _refused_before_purge(stage: Stage, tally: Tally) -> None:
    """What is past its date is not given, although it is still there."""
    rows = await stage.rows(
        "select o.outcome from savvycal._meeting_secrets s, savvycal._now() n, "
        "savvycal.open_meeting_secret(s.meeting_id) o where s.purge_at <= n"
    )
    assert all(row["outcome"] == "expired" for row in rows)
    tally.refused_late += len(rows)


async def _check(stage: Stage, known: set[str], now: datetime, tally: Tally) -> None:
    honoured = {i: _doc(stage, i) for i in known}
    honoured = {i: d for i, d in honoured.items() if d["meeting"]["host_url"] and end_of(d) + DAY > now}
    assert await _stored(stage) == set(honoured)
    rows = await stage.rows("select appointment_id, meeting_id, key_id, purge_at from savvycal._meeting_secrets")
    for row in rows:
        document = honoured[row["appointment_id"]]
        assert (row["meeting_id"], row["purge_at"]) == (document["meeting"]["id"], end_of(document) + DAY)
        assert row["key_id"] == RING.first.id
    tally.stored += len(rows)

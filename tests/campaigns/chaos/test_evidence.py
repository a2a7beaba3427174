"""The checks of a campaign find nothing wrong with a good mirror, and find each planted flaw."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from tests.campaigns.chaos import evidence
from tests.campaigns.chaos.asking import Asked
from tests.campaigns.chaos.evidence import Stored, Told
from tests.campaigns.simulation.audit_triggers import AUDIT_TRIGGERS, REAL_CLOCK
from tests.campaigns.simulation.checker import Served, violations
from tests.support.harness import Harness, running_harness
from worker.store import schema
from worker.store.database import Database


@dataclass
class Mirrored:
    """A mirror, and where its tables are."""

    harness: Harness
    url: str

    async def flaws(self, acknowledged: set[str] | None = None) -> list[str]:
        """Everything the checker finds, and what differs."""
        told, since = told_by(self.harness), datetime.now(UTC)
        connection = await asyncpg.connect(self.url)
        try:
            different = evidence.differing(told.raw_hashes(), await Stored().raw_hashes(connection))
            history, _ = await evidence.collect(connection, told, [], [], acknowledged or set(), since)
            return [f"differs: {key}" for key in different] + violations(history)
        finally:
            await connection.close()


@pytest.fixture
async def mirrored(database_url: str) -> AsyncIterator[Mirrored]:
    """A mirror that has seen a few changes, recorded by the audit triggers."""
    db = await Database.connect(database_url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
        await connection.execute(REAL_CLOCK + AUDIT_TRIGGERS)
    await db.close()
    async with running_harness(database_url) as harness:
        await harness.scan()
        event = next(key for key, one in harness.world.documents("event").items() if one["state"] == "confirmed")
        harness.world.cancel_event(event)
        await harness.scan()
        await harness.execute("delete from savvycal._work where job = 'object'")
        yield Mirrored(harness, database_url)


def told_by(harness: Harness) -> Told:
    """What the simulator would tell."""
    world = harness.world
    kinds = ("event", "appointment")
    return Told.of(
        {
            "source": {kind: world.documents(kind) for kind in kinds},
            "versions": [[*key, list(kept)] for key, kept in world._history.items()],
            "requests": [(one.path, one.at, one.status) for one in world.requests],
            "tally": {},
        }
    )


async def test_a_good_mirror_has_nothing_wrong(mirrored: Mirrored) -> None:
    """Tables that equal the source, told apart by nothing."""
    assert await mirrored.flaws() == []


PLANTED = {
    "a body that is not the source's": (
        "differs",
        """update savvycal.snapshots set body = (body::jsonb || '{"summary": "planted"}')::json
           where version = (select version from savvycal.events where id = snapshots.id)
           and id = (select min(id) from savvycal.events)""",
    ),
    "a wrong tombstone": (
        "I9",
        "update savvycal.events set deleted_at = now(), deleted_reason = '' "
        "where id = (select min(id) from savvycal.events)",
    ),
    "a fence that goes back": (
        "I3",
        """update savvycal.events set fence = fence where id = (select min(id) from savvycal.events);
           update savvycal.events set fence = fence - 1 where id = (select min(id) from savvycal.events)""",
    ),
    "a transition too many": (
        "I6",
        """insert into savvycal.transitions (account, kind, id, seq, from_status, to_status, label, observed_at, via)
           select account, kind, id, seq + 1, to_status, 'declined', 'anomalous', observed_at, via
           from savvycal.transitions
           where kind = 'event' and seq = 2""",
    ),
    "a dead letter": (
        "I12",
        """insert into savvycal._work (kind, key, due_at, priority, dead_lettered_at, last_error)
           values ('event', 'event_1', now(), 0, now(), 'planted')""",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
async def test_a_planted_flaw_is_found(mirrored: Mirrored, name: str) -> None:
    """One statement behind the mirror's back is enough."""
    said, statement = PLANTED[name]
    for one in statement.split(";"):
        await mirrored.harness.execute(one)
    found = await mirrored.flaws()
    assert any(flaw.startswith(said) for flaw in found), found


async def test_an_acknowledged_webhook_that_is_not_stored_is_found(mirrored: Mirrored) -> None:
    """Whatever the tables hold besides."""
    assert await mirrored.flaws({"payload_1"}) == ["I5: delivery payload_1 was acknowledged and is not stored"]


async def test_what_waits_in_the_work_queue_is_named(mirrored: Mirrored) -> None:
    """A read that somebody asked for is open, one that only watches is not."""
    since = datetime.now(UTC)
    async with mirrored.harness.db.connection() as connection:
        assert await evidence.open_work(connection, since) == []
        await connection.execute(
            "insert into savvycal._work (kind, key, due_at, priority, reasons, requested_gen, done_gen) values "
            "('event', 'watched', now(), 5, '{watch}', 3, 3), ('event', 'asked', now(), 0, '{resync}', 2, 1)"
        )
        (only,) = await evidence.open_work(connection, since)
    assert only.startswith("event asked")


def test_a_promise_counts_unless_redis_took_it_along() -> None:
    """A request in a queue that was emptied at once may be lost; one in SQL, or one that was followed, may not."""
    asked = [Asked(at, "event", f"event_{at:.0f}_{way}", way) for at in (10.0, 20.0) for way in ("sql", "queue")]
    read = [Served(0, 11.0, "event", "event_10_queue", "get", 200)]
    forgotten = [(12.0, "event_10_queue"), (21.0, "event_20_queue"), (21.0, "event_20_sql")]
    assert evidence.promises(asked, forgotten, read) == (asked[:3], 1)
    assert evidence.promises(asked, [(19.0, "event_20_queue")], read) == (asked, 0)


def test_secrets_are_found_in_logs_and_not_repeated(tmp_path: Path) -> None:
    """The token of a host link, a password, and a fixed secret; other words are none of our business."""
    meeting = {"host_url": "https://book.test/p/appointments/appt_1/host?token=abcdefghijklmnop", "password": "123456"}
    told = Told({}, {("appointment", "appt_1"): [(0.0, {"meeting": meeting})]}, [], {})
    secrets = evidence.secrets_of(told, {"whsec_0123456789abcdef"})
    clean, dirty = tmp_path / "clean.log", tmp_path / "dirty.log"
    clean.write_text("appt_1 https://book.test/p/appointments 123456 abcdefghijklmno\n")
    dirty.write_text("Authorization: whsec_0123456789abcdef and ?token=abcdefghijklmnop\n")
    assert evidence.leaks(secrets, [clean, dirty]) == ["I16: dirty.log holds 2 secrets"]


def test_crashes_in_logs_are_found(tmp_path: Path) -> None:
    """A traceback is never expected."""
    log = tmp_path / "daemon-1.log"
    log.write_text("fine\nTraceback (most recent call last):\n")
    assert evidence.tracebacks([log]) == ["I15: daemon-1.log: Traceback (most recent call last):"]

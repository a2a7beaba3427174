"""Databases of earlier builds, full of data, lead to the schema of today; what cannot is refused in words."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from savvycal_sync import reveal
from savvycal_sync.keyring import Keyring
from tests.support.harness import running_harness
from worker.core.model import Kind
from worker.errors import SchemaMismatch, StoreError, StoreUnavailable
from worker.savvycal.api import Privacy
from worker.store import schema
from worker.store.database import Connection, Database
from worker.store.migrations import all_migrations
from worker.store.queries import load
from worker.store.schema_state import UNNUMBERED, Answer
from worker.sync import audit
from worker.sync.erase import erase

DUMPS = Path(__file__).parent / "dumps"
BUILDS = sorted(path.stem for path in DUMPS.glob("*.sql"))
"""Made by the programs of those commits against their simulators, then a row for each table that was still empty."""

KEYS = "voulD0SSSxF6BOWz-lDhqE1y74tM9f9iDKiKHZsngK8"
"""Sealed the credentials in the dumps."""

WORDS = {"first": "created", "changed": "updated", "gone": "deleted", "revived": "restored"}
LABELS = {"first": "initial", "skipped": "gap"}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """A connection as the program has it."""
    db = await Database.connect(url, pool_size=1)
    try:
        async with db.connection() as connection:
            yield connection
    finally:
        await db.close()


async def restore(url: str, name: str) -> None:
    """Loads a dump."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute((DUMPS / f"{name}.sql").read_text())
    finally:
        await connection.close()


async def shape(connection: Connection) -> dict[str, str]:
    """Every object's name and definition hash."""
    return {row["name"]: row["hash"] for row in await connection.fetch(load("schema")["shape"])}


def pg_dump_version() -> int:
    """Of the one at hand, 0 without one; it reads no server that is newer."""
    if not shutil.which("pg_dump"):
        return 0
    text = subprocess.run(["pg_dump", "--version"], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"\d+", text)[0])


def dumped(url: str) -> list[str]:
    """The lines of `pg_dump -s`, in an order of their own: columns of older tables stand in another one."""
    command = ["pg_dump", "--schema-only", "--no-owner", "--no-privileges", "--dbname", url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sorted(line.rstrip(",") for line in text.splitlines() if not line.startswith(("\\", "--")))


HELD = """
select array(select id || version || summary from savvycal.events order by id) as events,
  array(select id || version || status from savvycal.appointments order by id) as appointments,
  array(select id || status || is_current from savvycal.meetings order by id) as meetings,
  array(select id || version || body::jsonb from savvycal.snapshots order by kind, id, version) as bodies,
  array(select change from savvycal.changes order by seq) as changes,
  array(select label from savvycal.transitions order by kind, id, seq) as labels
"""
HELD_WITHOUT_DELETIONS = """
with o as (
  select 'event' as kind, id, version, transition_seq, summary as said, deleted_at is not null as is_deleted
  from savvycal.events
  union all
  select 'appointment', id, version, transition_seq, status, deleted_at is not null from savvycal.appointments
), deleted as (
  select kind, id, version from o where is_deleted
)
select array(select id || version - is_deleted::int || said from o where kind = 'event' order by id) as events,
  array(select id || version - is_deleted::int || said from o where kind = 'appointment' order by id) as appointments,
  array(select id || status || (is_current
      or replaced_by is null and coalesce(event_id, appointment_id) in (select id from deleted))
    from savvycal.meetings order by id) as meetings,
  array(select id || version || body::jsonb from savvycal.snapshots where not is_deleted
    order by kind, id, version) as bodies,
  array(select change from savvycal.changes where (kind, id, version) not in (select * from deleted)
    order by position) as changes,
  array(select label from savvycal.transitions where to_status <> 'deleted' order by kind, id, seq) as labels,
  array(select id from o where
    is_deleted <> exists (
      select from savvycal.snapshots s where (s.kind, s.id, s.version) = (o.kind, o.id, o.version) and s.is_deleted)
    or is_deleted <> exists (select from savvycal.transitions t
      where (t.kind, t.id, t.seq, t.to_status, t.version) = (o.kind, o.id, o.transition_seq, 'deleted', o.version))
    or is_deleted <> exists (select from savvycal.changes c
      where (c.kind, c.id, c.version, c.change) = (o.kind, o.id, o.version, 'deleted'))
    or is_deleted and exists (
      select from savvycal.meetings m where o.id in (m.event_id, m.appointment_id) and m.is_current)) as wrong_deletions
"""
"""A deletion has become a version of its own; what was held before stands beside it."""


async def held(connection: Connection, statement: str = HELD) -> dict[str, Any]:
    """What must not get lost, and the words that change."""
    row = await connection.fetchrow(statement)
    assert row
    return dict(row)


@pytest.mark.parametrize("build", BUILDS)
async def test_a_database_of_an_earlier_build_becomes_the_schema_of_today(
    database_url: str, mirrored_url: str, build: str
) -> None:
    """It equals a fresh one, and holds what it held, in today's words."""
    await restore(database_url, build)
    async with connected(database_url) as connection, connected(mirrored_url) as fresh:
        before = await held(connection)
        assert await schema.version(connection) == UNNUMBERED
        assert (await schema.apply(connection)).answer is Answer.OLDER
        assert (await schema.check(connection)).answer is Answer.AS_NEEDED
        assert await held(connection, HELD_WITHOUT_DELETIONS) == before | {
            "changes": [WORDS.get(word, word) for word in before["changes"]],
            "labels": [LABELS.get(label, label) for label in before["labels"]],
            "wrong_deletions": [],
        }
        assert await shape(connection) == await shape(fresh)
        server = connection.get_server_version().major
    if pg_dump_version() >= server:
        assert dumped(database_url) == dumped(mirrored_url)


@pytest.mark.parametrize("build", BUILDS)
async def test_erase_audit_resync_and_reveal_work_on_it(database_url: str, build: str) -> None:
    """The upgraded database is worked with as any other."""
    await restore(database_url, build)
    async with connected(database_url) as connection:
        await schema.apply(connection)
    keyring = Keyring.parse(KEYS)
    async with running_harness(database_url, privacy=Privacy((), lambda: keyring)) as harness:
        await harness.execute("delete from savvycal._suppression_keys")  # the dump's was sealed by nobody
        secret = await harness.value("select max(meeting_id) from savvycal._meeting_secrets")
        if secret:
            async with harness.db.connection() as connection:
                found = await reveal(secret, database=connection, keys=keyring, reader="test")
            assert found.host_url or found.password
        email = await harness.value("select max(client_email) from savvycal.appointments")
        await erase(harness.db, keyring, "default", email, ())
        assert not await harness.value("select count(*) from savvycal.appointments where client_email = $1", email)
        await harness.scan()
        event = next(iter(harness.world.documents("event")))
        await harness.reconcile(Kind.EVENT, event)
        assert await harness.value("select true from savvycal.events where id = $1", event)
        for product in harness.context.accounts["default"]:
            await audit.audit_sample(harness.context, "default", product, 5, lambda *_: None)


async def test_applying_again_changes_nothing(mirrored_url: str) -> None:
    """Neither a row of _meta but its date, nor any object."""
    async with connected(mirrored_url) as connection:
        before = await shape(connection)
        assert (await schema.apply(connection)).answer is Answer.AS_NEEDED
        assert await shape(connection) == before


def test_schema_sql_names_the_newest_migration() -> None:
    """The last line of schema.sql, for those who apply it with psql, and the files in migrations/ agree."""
    last = schema.text().rstrip().splitlines()[-1]
    values = f"values ({schema.SCHEMA_VERSION}) on conflict do nothing;"
    assert last == f"insert into savvycal._meta (schema_version) {values}"
    numbers = [step.number for step in all_migrations()]
    assert numbers == list(range(len(numbers)))


def test_operations_names_every_migration() -> None:
    """With what it locks, and whether daemons of the previous version may keep running."""
    text = (Path(__file__).parents[3] / "docs" / "operations.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if re.match(r"\| \d{4}", line)]
    told = {int(number): cells[3] for cells in rows for number in cells[0].split(", ")}
    assert {number: answer.startswith("yes") for number, answer in told.items()} == {
        step.number: step.is_additive for step in all_migrations()
    }


async def test_a_newer_schema_is_refused_before_anything_is_touched(mirrored_url: str) -> None:
    """An older program's apply would bring back its own functions."""
    async with connected(mirrored_url) as connection:
        await connection.execute("update savvycal._meta set schema_version = schema_version + 1, oldest_program = 999")
        await connection.execute("drop view savvycal.upcoming cascade")
        with pytest.raises(SchemaMismatch, match="nothing was changed"):
            await schema.apply(connection)
        assert await connection.fetchval("select to_regclass('savvycal.upcoming')") is None
        with pytest.raises(SchemaMismatch, match="upgrade savvycal-sync"):
            await schema.check(connection)
        await connection.execute("update savvycal._meta set oldest_program = $1", schema.SCHEMA_VERSION)
        assert (await schema.check(connection)).answer is Answer.COMPATIBLE


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("alter table savvycal.events add column mine text", "table events"),
        ("drop index savvycal.runs_started_at", "index runs_started_at"),
        ("alter view savvycal.upcoming reset (security_barrier)", "view upcoming"),
        ("alter table savvycal.changes drop constraint changes_change_known", "table changes"),
        ("drop function savvycal.feed_cursor()", "function feed_cursor"),
    ],
)
async def test_what_was_altered_by_hand_is_named(mirrored_url: str, change: str, named: str) -> None:
    """The program goes on and names it; objects of others are not checked."""
    async with connected(mirrored_url) as connection:
        await connection.execute("create index my_own on savvycal.events (state)")
        await connection.execute("create view public.mine as select id from savvycal.upcoming")
        assert (await schema.state(connection)).answer is Answer.AS_NEEDED
        await connection.execute(change)
        found = await schema.state(connection)
        assert (found.answer, found.exit_code, found.may_run) == (Answer.ALTERED, 6, True)
        assert named in found.text


async def test_a_view_of_ones_own_in_the_way_is_named(database_url: str) -> None:
    """It is not dropped with ours; without it the upgrade goes on from where it was."""
    await restore(database_url, BUILDS[0])
    async with connected(database_url) as connection:
        await connection.execute("create view public.mine as select id from savvycal.upcoming")
        with pytest.raises(StoreError, match=r"view public\.mine depends on view savvycal\.upcoming"):
            await schema.apply(connection)
        await connection.execute("drop view public.mine")
        await schema.apply(connection)
        assert (await schema.state(connection)).answer is Answer.AS_NEEDED


async def test_a_held_table_is_waited_for_in_turns(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives up its place in the queue of locks, tries again, and says at the end who is in the way."""
    monkeypatch.setattr(schema, "LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(schema, "LOCK_PAUSE_SECONDS", 0.05)
    await restore(database_url, BUILDS[0])
    async with connected(database_url) as holder, connected(database_url) as connection:
        async with holder.transaction():
            await holder.execute("select from savvycal.events limit 1")
            with pytest.raises(StoreUnavailable, match="other sessions held the tables"):
                await schema.apply(connection)
            monkeypatch.setattr(schema, "LOCK_ATTEMPTS", 1000)
            upgrade = asyncio.create_task(schema.apply(connection))
            await asyncio.sleep(0)
        await upgrade
        assert (await schema.state(connection)).answer is Answer.AS_NEEDED


async def test_two_that_start_at_once_upgrade_once(database_url: str) -> None:
    """The second waits for the first and finds nothing left to do."""
    await restore(database_url, BUILDS[0])
    async with connected(database_url) as one, connected(database_url) as other:
        await asyncio.gather(schema.apply(one), schema.apply(other))
        assert (await schema.state(one)).answer is Answer.AS_NEEDED


async def test_scans_that_wait_or_run_go_on_after_the_upgrade(database_url: str) -> None:
    """Version 7 moves them into the work queue; the position of one that runs stays."""
    await restore(database_url, BUILDS[0])
    async with connected(database_url) as connection:
        for step in all_migrations():
            if step.number < 7:
                await schema._patiently(connection, step)
        await connection.execute(
            """delete from savvycal._scans;
            insert into savvycal._scans
              (product, window_name, job, due_at, priority, reasons, attempts, page, started_gen) values
              ('links', 'all', 'backfill', now(), 40, '{backfill}', 2, 3, 1),
              ('meetings', '2026-01-01..2026-01-02', 'resync', now(), 10, '{resync}', 0, 0, null)"""
        )
        await schema.apply(connection)
        rows = await connection.fetch(
            "select w.kind, w.key, w.priority, w.reasons, w.attempts, p.product, p.page, p.started_gen "
            "from savvycal._work w "
            "join savvycal._scans p on p.product = savvycal._product(w.kind) and p.window_name = w.key "
            "where w.job = 'scan' order by w.kind"
        )
    assert [tuple(row.values()) for row in rows] == [
        ("event", "2026-01-01..2026-01-02", 10, ["resync"], 0, "meetings", 0, None),
        ("link", "all", 40, ["backfill"], 2, "links", 3, 1),
    ]

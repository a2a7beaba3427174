"""Each role may do exactly what the committed matrix says, and the worker really runs as its role."""

import asyncio
import re
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from savvycal_sync import reveal
from tests.support import role_matrix
from tests.support.admin_side import BEARER, admin_routes, admin_side, ask, get
from tests.support.harness import Harness, running_harness
from tests.support.vaulted import DAY, KEYRING, KEYS, created_meeting, end_of, move_clock
from worker.core.model import Kind
from worker.errors import StoreError
from worker.savvycal.api import Privacy
from worker.store import accounts, schema
from worker.store.accounts import Configured
from worker.store.database import Database
from worker.sync import purge


async def _with_roles(url: str) -> None:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply_roles(connection)
    await db.close()


async def _login(url: str, role: str) -> str:
    """A database URL of a login that has one of the roles."""
    name, password = f"test_{role}", "pw-of-a-test"
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("select true from pg_roles where rolname = $1", name):
            await connection.execute(f"create role {name} login password '{password}' in role {role}")
    finally:
        await connection.close()
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{name}:{password}@{parts.hostname}:{parts.port}"))


@pytest.fixture
async def roles_url(mirrored_url: str) -> str:
    """A database with schema and roles."""
    await _with_roles(mirrored_url)
    return mirrored_url


async def test_rights_are_the_committed_matrix(roles_url: str) -> None:
    """Role × table × column × verb; applying the roles twice changes nothing."""
    await _with_roles(roles_url)
    connection = await asyncpg.connect(roles_url)
    try:
        assert await role_matrix.text(connection) == role_matrix.FILE.read_text()
    finally:
        await connection.close()


def test_the_matrix_keeps_its_promises() -> None:
    """Nobody but the secret reader's function gives ciphertext; readers write nothing; history is never deleted."""
    for line in role_matrix.FILE.read_text().splitlines()[4:]:
        what, *cells = line.split()
        if "." not in what:
            continue
        kind, public, worker, reader, pii, secret = cells
        table = what.split(".")[0]
        assert (public, secret) == ("-", "-"), line
        assert not set(reader + pii) & set("iudt"), line
        assert "s" not in reader or kind == "none", line
        assert "s" not in pii or kind in {"none", "personal"}, line
        assert "t" not in worker, line
        if table in {
            "events",
            "appointments",
            "meetings",
            "transitions",
            "snapshots",
            "changes",
            "runs",
            "_secret_reads",
        }:
            assert "d" not in worker, line
        if table == "_meeting_secrets" and kind == "secret":
            assert "s" not in worker, line


async def test_every_column_is_in_the_inventory(roles_url: str) -> None:
    """A column nobody classified fails here; so does an entry without a column."""
    connection = await asyncpg.connect(roles_url)
    try:
        found = await connection.fetch(
            "select table_name, column_name from information_schema.columns where table_schema = 'savvycal'"
        )
        known = await connection.fetch("select table_name, column_name from savvycal.data_inventory")
    finally:
        await connection.close()
    assert {tuple(row) for row in found} == {tuple(row) for row in known}


async def test_the_worker_runs_under_its_role(roles_url: str) -> None:
    """Scans, reads, lifecycles, secrets, tombstones, purge and retention, as savvycal_worker."""
    url = await _login(roles_url, "savvycal_worker")
    async with running_harness(url, privacy=Privacy(keys=KEYS)) as harness, running_harness(roles_url) as owner:
        await harness.scan()
        document = await created_meeting(harness)
        event = harness.world.book_event(state="confirmed")
        await harness.reconcile(Kind.EVENT, event["id"])
        harness.world.cancel_event(event["id"], "ill")
        harness.world.put_raw("event", "event_bad", b'{"id": "event_bad", "state": 1}')
        await harness.scan()
        harness.world.replace_meeting(document["id"])
        await harness.scan()
        harness.world.delete("event", event["id"])
        await harness.reconcile(Kind.EVENT, event["id"])
        await harness.advance_a_minute()
        await harness.work_as_if_due()
        assert await harness.value("select deleted_at is not null from savvycal.events where id = $1", event["id"])
        assert await harness.value("select count(*) from savvycal.quarantine") == 1
        await move_clock(owner, end_of(document) + DAY)
        harness.context.retention = {"snapshots": 1, "changes": 1, "runs": 1}
        await purge.purge(harness.context)
        assert await harness.value("select count(*) from savvycal.changes") == 0
        assert await harness.value("select user") == "test_savvycal_worker"
        assert await _denied(harness, "delete from savvycal.snapshots")
        assert await _denied(harness, "select host_url from savvycal._meeting_secrets")
        assert await _denied(harness, "create table savvycal.x ()")
        assert await _denied(harness, "select savvycal.open_meeting_secret('amtg_1')")


async def test_the_admin_side_works_under_the_role_of_the_worker(roles_url: str) -> None:
    """Every page is shown, and every operation of the HTTP API is carried out: none lacks a right."""
    async with admin_side(await _login(roles_url, "savvycal_worker")) as it:
        await it.scan()
        event = next(iter(it.simulator.world.documents("event")))
        async with it.db.connection() as connection:
            await accounts.report(connection, "one:1", [Configured("default", "meetings")])
        resync = await ask(it, "/resync", {"target": event, "wait_seconds": 0.1})
        names = {"kind": "event", "id": event, "action": "retry", "ticket": resync.document["ticket"]}
        for method, path in admin_routes(it):
            place = re.sub(r"\{(\w+)[^}]*\}", lambda name: names[name[1]], path)
            if method == "GET" and path != "/api/v1/timeline":
                assert (await get(it, place, **BEARER))[0] == 200, place
        assert (await ask(it, "/timeline", id=event)).status == 200
        for path in ("/resync", "/work-items/retry", "/work-items/discard"):
            assert (await ask(it, path, {"target" if path == "/resync" else "name": event})).status == 200, path
        for path in ("/accounts/pause", "/accounts/resume"):
            assert (await ask(it, path, {"account": "default"})).status == 200, path
        assert (await ask(it, "/approve-deletions", {"product": "meetings", "count": 1})).status == 200


async def _denied(harness: Harness, statement: str) -> bool:
    try:
        await harness.execute(statement)
    except StoreError as error:
        return "42501" in str(error)
    return False


async def test_secrets_are_read_by_their_role_alone(roles_url: str) -> None:
    """savvycal_secret_reader gets them through the audit, the other readers do not get them at all."""
    async with running_harness(roles_url, privacy=Privacy(keys=KEYS)) as harness:
        meeting_id = (await created_meeting(harness))["meeting"]["id"]
        urls = [await _login(roles_url, f"savvycal_{name}") for name in ("secret_reader", "reader", "pii_reader")]
        for url in urls:
            connection = await asyncpg.connect(url)
            if url is urls[0]:
                assert (await reveal(meeting_id, database=connection, keys=KEYRING)).host_url
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await reveal(meeting_id, database=connection, keys=KEYRING)
            await connection.close()
        assert await harness.rows("select role_name, outcome from savvycal._secret_reads") == [
            {"role_name": "test_savvycal_secret_reader", "outcome": "given"}
        ]


async def test_readers_see_what_they_may(roles_url: str) -> None:
    """The reader sees states and times and may ask for a resync; people only show to the other one."""
    async with running_harness(roles_url) as harness:
        await harness.scan()
        reader = await asyncpg.connect(await _login(roles_url, "savvycal_reader"))
        pii = await asyncpg.connect(await _login(roles_url, "savvycal_pii_reader"))
        try:
            assert await reader.fetchval("select count(id) from savvycal.upcoming") > 0
            assert await reader.fetchval("select count(id) from savvycal.changes_since()") > 0
            assert await reader.fetchval("select savvycal.request_resync('event', 'event_1')")
            assert await pii.fetchval("select count(email) from savvycal.event_attendees") > 0
            for statement in (
                "select email from savvycal.event_attendees",
                "select body from savvycal.snapshots",
                "select booked_by from savvycal.upcoming",
                "select * from savvycal._work",
                "update savvycal.events set state = 'x'",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await reader.execute(statement)
        finally:
            await asyncio.gather(reader.close(), pii.close())


async def _owner_does(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_schema_needs_no_superuser_and_says_what_roles_need(mirrored_url: str) -> None:
    """A plain owner applies the schema; who is no owner gets one clear line for the roles, which are optional."""
    await _with_roles(mirrored_url)
    connection = await asyncpg.connect(mirrored_url)
    if not await connection.fetchval("select true from pg_roles where rolname = 'test_plain_owner'"):
        await connection.execute("create role test_plain_owner login password 'pw-of-a-test'")
    await connection.execute("alter schema savvycal rename to another")
    await connection.execute("create schema savvycal create table t ()")
    name = urlsplit(mirrored_url).path.lstrip("/")
    await connection.execute(f'grant create on database "{name}" to test_plain_owner')
    await connection.close()
    parts = urlsplit(mirrored_url)
    url = urlunsplit(parts._replace(netloc=f"test_plain_owner:pw-of-a-test@{parts.hostname}:{parts.port}"))
    db = await Database.connect(url, pool_size=1)
    try:
        async with db.connection() as plain:
            with pytest.raises(StoreError, match="optional"):
                await schema.apply_roles(plain)
        await _owner_does(mirrored_url, "drop schema savvycal cascade")
        async with db.connection() as plain:
            await schema.apply(plain)
            await schema.check(plain)
    finally:
        await db.close()

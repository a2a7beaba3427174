"""Postgres as people have it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest

import savvycal_sync
from savvycal_sync import reveal
from tests.environments.programs import pgbouncer
from tests.process.test_run import QUIESCENT, SYNCED, reader, settings_for
from tests.process.test_watch import watching
from tests.support.daemon import daemon, run
from tests.support.harness import running_harness, until, working
from tests.support.ports import free_port
from tests.support.servers import Databases
from worker.core.model import Kind, Product
from worker.errors import NoSecret, StoreError, StoreUnavailable
from worker.simulator import Simulator
from worker.store import schema, server
from worker.store.connecting import SESSION
from worker.store.database import WRITABLE, Connection, Database

pytestmark = pytest.mark.timeout(240)

POOLERS = {
    "transaction": ("transaction", ""),
    "session": ("session", ""),
    "ignores parameters": (
        "transaction",
        f"ignore_startup_parameters = {','.join(SESSION)},extra_float_digits",
    ),
    "few connections": ("transaction", "max_db_connections = 3"),
}


@pytest.fixture(params=POOLERS, ids=list(POOLERS))
def pooled_url(request: pytest.FixtureRequest, database_url: str) -> Iterator[str]:
    """An empty database behind a pooler."""
    mode, extra = POOLERS[request.param]
    with pgbouncer(database_url, mode, extra) as url:
        yield url


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """A connection of the program."""
    db = await Database.connect(url, pool_size=4)
    try:
        async with db.connection() as connection:
            yield connection
    finally:
        await db.close()


def with_user(url: str, user: str, password: str = "", query: str = "") -> str:
    """The same place for another user."""
    parts = urlsplit(url)
    netloc = f"{user}:{quote(password, safe='')}@{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=netloc, query=query))


@pytest.mark.servers
async def test_a_daemon_mirrors_everything_through_a_pooler(pooled_url: str, database_url: str, redis_url: str) -> None:
    """Schema, scans, webhooks and status work in every mode; what SQL asks for is found by polling."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, pooled_url, redis_url)
        async with daemon(settings=settings) as running:
            await running.says("DATABASE_URL leads through a pooler")
            await running.says_like(SYNCED)
            assert await running.stop() == 0
            assert "rror" not in running.output, running.output
        assert run("schema", "check", settings=settings).returncode == 0
        found = run("check", settings=settings)
        assert "through a pooler, schema version" in found.stdout, found.stdout + found.stderr
        async with reader(database_url) as connection:
            assert await connection.fetchval("select count(*) from savvycal.events") == QUIESCENT.events


@pytest.mark.servers
async def test_a_mirror_behind_a_pooler_is_the_same_mirror(pooled_url: str) -> None:
    """Many at once, on few connections: no statement meets another's session, and credentials can be asked for."""
    async with connected(pooled_url) as connection:
        await schema.apply(connection)
    async with running_harness(pooled_url) as harness:
        assert harness.db.is_pooled
        await harness.scan()
        assert await harness.value("select count(*) from savvycal.events") == 30

        async def ask(number: int) -> None:
            for turn in range(20):
                assert (
                    await harness.value(f"select $1::int + {number}", turn) == number + turn
                )  # each its own statement
                assert await harness.value(f"select $1 || '{number}'", "x") == f"x{number}"

        await asyncio.gather(*map(ask, range(12)))
        event = next(iter(harness.world.documents("event")))
        harness.world.edit_event(event, summary="through the pooler")
        await harness.reconcile(Kind.EVENT, event)
        assert await harness.value("select summary from savvycal.events where id = $1", event) == "through the pooler"
        async with harness.db.transaction() as connection:
            for name in ("search_path", "statement_timeout", "timezone"):
                assert await connection.fetchval("select current_setting($1)", name) == SESSION[name]
        async with harness.db.connection() as connection:
            with pytest.raises(NoSecret, match="no credentials are stored"):
                await reveal("amtg_none", database=connection, keys="voulD0SSSxF6BOWz-lDhqE1y74tM9f9iDKiKHZsngK8")


@pytest.mark.servers
@pytest.mark.parametrize("name", ["transaction", "session"])
async def test_an_application_waits_behind_a_pooler(mirrored_url: str, name: str) -> None:
    """No notice arrives through one in transaction mode, and no statement stays prepared."""
    with pgbouncer(mirrored_url, *POOLERS[name]) as pooled:
        async with (
            running_harness(mirrored_url) as harness,
            await psycopg.AsyncConnection.connect(pooled, autocommit=True) as connection,
        ):
            event = harness.world.book_event(state="confirmed")["id"]
            waiting = asyncio.create_task(savvycal_sync.resync(event, database=connection, wait=20))
            await until(lambda: harness.value("select true from savvycal._work where key = $1", event))
            await asyncio.wait({waiting}, timeout=savvycal_sync.tickets.ASK_AGAIN_SECONDS * 8)
            async with working(harness):
                assert (await waiting).result == "done"
                cursor = (await savvycal_sync.changes("", database=connection, wait=10))[-1].cursor
            assert await savvycal_sync.changes(cursor, database=connection, wait=0.1) == []


@pytest.mark.servers
async def test_a_direct_address_hears_what_sql_asks_for(mirrored_url: str, redis_url: str) -> None:
    """With DATABASE_DIRECT_URL notices arrive at once again."""
    with pgbouncer(mirrored_url, "transaction") as pooled:
        async with Simulator(QUIESCENT) as simulator:
            settings = settings_for(simulator, pooled, redis_url) | {"DATABASE_DIRECT_URL": mirrored_url}
            async with daemon(settings=settings) as running, reader(mirrored_url) as connection:
                await running.says_like(SYNCED)
                assert "leads through a pooler" not in running.output
                listening = (
                    "select count(*) = 1 from pg_stat_activity "
                    "where (query ilike 'listen%' or query = $1) and datname = current_database()"
                )
                await until(lambda: connection.fetchval(listening, WRITABLE))  # the last one: it is probed now and then


@pytest.mark.parametrize(
    "setting",
    [
        "standard_conforming_strings = off",
        "default_transaction_isolation = 'serializable'",
        "default_transaction_isolation = 'repeatable read'",
        "search_path = public",
        "\"TimeZone\" = 'Pacific/Chatham'",
        "\"DateStyle\" = 'SQL, DMY'",
        "bytea_output = 'escape'",
        "\"IntervalStyle\" = 'sql_standard'",
        "statement_timeout = '1s'",
        "plan_cache_mode = 'force_generic_plan'",
    ],
)
@pytest.mark.parametrize("mode", ["direct", pytest.param("transaction", marks=pytest.mark.servers)])
async def test_settings_of_a_role_change_nothing(database_url: str, setting: str, mode: str) -> None:
    """What the program depends on is set by itself, for a session or for a transaction."""
    name = urlsplit(database_url).path.lstrip("/")
    async with reader(database_url) as connection:
        await connection.execute(f'alter database "{name}" set {setting}')
    if mode == "direct":
        return await _mirrors(database_url)
    with pgbouncer(database_url, mode) as url:
        await _mirrors(url)
    return None


async def _mirrors(url: str) -> None:
    async with connected(url) as connection:
        await schema.apply(connection)
        await schema.apply_roles(connection)
    async with running_harness(url, events=5, appointments=5) as harness:
        await harness.scan()
        await harness.scan(Product.LINKS)
        assert await harness.value("select count(*) from savvycal.events") == 5
        assert not await harness.value("select count(*) from savvycal.coverage where complete_as_of is null")


@pytest.mark.parametrize(
    "query",
    [
        "channel_binding=require&sslmode=disable",
        "connect_timeout=10",
        "keepalives=1&keepalives_idle=30&keepalives_interval=5&keepalives_count=3",
        "gssencmode=disable",
        "sslnegotiation=postgres",
        "pgbouncer=true&connection_limit=1",
        "application_name=mine&target_session_attrs=read-write",
        "options=-c%20statement_timeout%3D5000",
    ],
)
async def test_options_that_libpq_knows_work(mirrored_url: str, query: str) -> None:
    """Each is passed on, mapped, or left out."""
    async with connected(f"{mirrored_url}?{query}") as connection:
        assert (await schema.check(connection)).may_run


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_an_encoding_that_lacks_letters_is_refused(databases: Databases, redis_url: str, encoding: str) -> None:
    """By `check` and at the start, by name; SQL_ASCII takes every byte."""
    url = databases.create(encoding=encoding)
    settings = {
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_x",
        "SAVVYCAL_MEETINGS_URL": "http://127.0.0.1:9",
        "SAVVYCAL_HTTP": "127.0.0.1:0",
    }
    try:
        done, checked = run("run", "--for", "1s", settings=settings), run("check", settings=settings)
        is_refused = encoding == "LATIN1"
        assert ("the database's encoding is LATIN1" in done.stdout + done.stderr) == is_refused
        assert ("the database's encoding is LATIN1" in checked.stdout + checked.stderr) == is_refused
        assert (done.returncode == 1) == is_refused, done.stderr
    finally:
        databases.drop(url)


async def test_a_password_that_is_replaced_is_read_for_the_next_connection(mirrored_url: str, tmp_path: Path) -> None:
    """Old connections go on; new ones are made with what the file holds then."""
    async with reader(mirrored_url) as owner:
        await owner.execute("drop role if exists rotated; create role rotated superuser login password 'first-word'")
        path = tmp_path / "url"
        path.write_text(with_user(mirrored_url, "rotated", "first-word"))
        db = await Database.connect(path.read_text, pool_size=2)
        try:
            await owner.execute("alter role rotated password 'second/word#?'")
            path.write_text(with_user(mirrored_url, "rotated", "second/word#?"))
            db.cut()
            db = await Database.connect(path.read_text, pool_size=2)
            async with db.connection() as connection:
                await connection.execute("select 1")
                await owner.execute("alter role rotated password 'third'")
                path.write_text(with_user(mirrored_url, "rotated", "third"))
                async with db.connection() as another:
                    assert await another.fetchval("select current_user") == "rotated"
        finally:
            await db.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: with_user(url, "nobody_here", "x"), "refuses the password"),
        (lambda url: urlunsplit(urlsplit(url)._replace(path="/not_there")), "there is no database of that name"),
        (lambda _url: f"postgresql://u:p@127.0.0.1:{free_port()}/d", "nothing listens at that host and port"),
        (lambda _url: "postgresql://u:p@no-such-host.invalid/d", "the host name is not known"),
        (lambda _url: "postgresql:///d?host=/no/such/directory", "there is no socket at that path"),
        (lambda url: f"{url}?sslmode=require", "check sslmode"),
        (lambda url: f"{url}?options=-c%20no_such_setting%3D1", "does not know a setting"),
        (lambda url: f"{url}?target_session_attrs=standby", "target_session_attrs"),
    ],
)
async def test_what_is_wrong_is_named(mirrored_url: str, change: "object", said: str) -> None:
    """One line, with the next step and no value of the address but what is public."""
    assert callable(change)
    with pytest.raises((StoreUnavailable, StoreError), match=said):
        await Database.connect(change(mirrored_url))


async def test_rights_that_are_missing_are_named(mirrored_url: str) -> None:
    """Of a user who may connect and no more."""
    async with reader(mirrored_url) as owner:
        await owner.execute("drop role if exists bare; create role bare login password 'bare-word'")
    async with connected(with_user(mirrored_url, "bare", "bare-word")) as connection:
        with pytest.raises(StoreError, match="no right on the schema savvycal"):
            await server.examine(connection)
    async with reader(mirrored_url) as owner:
        await owner.execute("drop schema savvycal cascade")
    async with connected(with_user(mirrored_url, "bare", "bare-word")) as connection:
        with pytest.raises(StoreError, match="may not make one"):
            await server.examine(connection)


@pytest.mark.servers
async def test_a_lost_connection_of_a_pooler_is_made_again(mirrored_url: str) -> None:
    """The server ends all sessions; the same pool goes on."""
    with pgbouncer(mirrored_url, "transaction") as url:
        db = await Database.connect(url, pool_size=2)
        async with db.connection() as connection:
            assert await connection.fetchval("select 1") == 1
        async with reader(mirrored_url) as owner:
            await owner.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where pid <> pg_backend_pid() and datname = current_database()"
            )
        with suppress(StoreUnavailable):  # the pooler may have noticed first
            async with db.connection() as connection:
                await connection.fetchval("select 1")
        async with db.connection() as connection:
            assert await connection.fetchval("select 2") == 2
        await db.close()


@pytest.mark.servers
async def test_watch_follows_a_mirror_behind_a_pooler(mirrored_url: str) -> None:
    """No notification passes it, so the feed is read every two seconds."""
    with pgbouncer(mirrored_url, "transaction") as url:
        settings = {"DATABASE_URL": url, "SAVVYCAL_MEETINGS_TOKEN": "pt_of_a_test"}
        async with running_harness(mirrored_url) as harness, watching(settings=settings) as it:
            await it.next("started")
            await harness.scan(Product.MEETINGS)
            assert (await it.next("change"))["change"] == "created"
            assert await it.stop() == 0

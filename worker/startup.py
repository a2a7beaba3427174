"""What the daemon does with its Postgres and its Redis before it starts: tests them, and applies the schema."""

from collections.abc import Callable

from savvycal_sync.redis_options import is_unverified
from savvycal_sync.redis_pool import open_redis
from worker import composition, redis_probe, settings
from worker.composition import Runtime
from worker.errors import QueueUnavailable, SavvycalSyncError, SettingError
from worker.settings import Address, Settings
from worker.settings.postgres_options import read_address
from worker.store import schema, server
from worker.store.database import Database
from worker.store.schema_state import Answer

Announce = Callable[[str], None]
"""Shows one line to the person who started the program."""

NO_DIRECT_URL = (
    "DATABASE_URL leads through a pooler: requests from SQL are found by polling, within seconds; set "
    "DATABASE_DIRECT_URL to the server itself to be notified at once"
)
UNVERIFIED = "REDIS_URL: any certificate is accepted, as the address requests; the server is not authenticated"
PROBE_SECONDS = 2.0


async def open_database(runtime: Runtime, announce: Announce) -> Database:
    """The database of a daemon, with a line for each option of its address that has no effect.

    Raises:
        SchemaMismatch: it holds another version that this program cannot work with.
        StoreError: the server cannot hold the mirror.
    """
    given = runtime.settings
    for line in (*ignored_options(given), *proxies(runtime), *unusable_accounts(given)):
        announce(line)
    direct = settings.address(given, "database_direct_url")
    db = await connect(runtime.database_url, announce, direct, is_embedded=given.database_url is None)
    if db.is_pooled and direct is None:
        announce(NO_DIRECT_URL)
    return db


def direct_address(runtime: Runtime, db: Database) -> Address | None:
    """Where to listen for notifications, which do not pass a pooler; None without such an address."""
    return settings.address(runtime.settings, "database_direct_url") or (None if db.is_pooled else runtime.database_url)


def ignored_options(given: Settings) -> list[str]:
    """One line for each option of an address that has no effect here."""
    found = (("DATABASE_URL", given.database_url), ("DATABASE_DIRECT_URL", given.database_direct_url))
    return [
        f"{name}: {line}"
        for name, value in found
        if value is not None
        for line in read_address(value.get_secret_value()).ignored
    ]


def unusable_accounts(given: Settings) -> list[str]:
    """One line for each account that is not synced until its settings are corrected."""
    problems = settings.configured_accounts(given).problems
    return [f"account {name} is not synced: {problem}" for name, problem in problems.items()]


def proxies(runtime: Runtime) -> list[str]:
    """One line for each proxy that requests to SavvyCal go through."""
    found = {proxy for account in runtime.accounts for proxy in account.proxies.values() if proxy}
    return sorted(f"requests to SavvyCal go through the proxy {proxy.place} ({proxy.setting})" for proxy in found)


async def connect(
    database_url: Address, announce: Announce, direct_url: Address | None = None, is_embedded: bool = False
) -> Database:
    """The database with the right schema in it: applied when there is none, and upgraded where the database is this
    program's own.

    Raises:
        SchemaMismatch: it holds another version that this program cannot work with.
        StoreError: the server cannot hold the mirror.
    """
    db = await Database.connect(database_url)
    try:
        async with db.connection() as connection:
            await server.examine(connection)
            found = await schema.state(connection)
            if found.answer is Answer.MISSING or (is_embedded and found.answer is Answer.OLDER):
                await _apply(direct_url or database_url)
                had = "the database had no savvycal schema" if found.answer is Answer.MISSING else found.text
                announce(f"{had}: applied it")
                found = await schema.check(connection)
            elif found.answer is not Answer.AS_NEEDED:
                announce((await schema.check(connection)).text)
    except SavvycalSyncError:
        await db.close()
        raise
    return db


async def _apply(address: Address) -> None:
    async with composition.open_database(address, pool_size=1) as db, db.connection() as connection:
        await schema.apply(connection)


async def refuse_cluster(address: Address, announce: Announce) -> None:
    """Redis may be away when the daemon starts and return later; a cluster stays a cluster.

    Raises:
        SettingError: it is a cluster.
    """
    if is_unverified(address() if callable(address) else address):
        announce(UNVERIFIED)
    async with open_redis(address, attempts=0, deadline_seconds=PROBE_SECONDS) as redis:
        try:
            await redis_probe.probe(redis)
        except QueueUnavailable as error:
            if str(error) == redis_probe.CLUSTER:
                raise SettingError(f"REDIS_URL: {error}") from None
            announce(f"REDIS_URL: {error}; syncing goes on from Postgres meanwhile")

"""`savvycal-sync check`: probes every setting, server and token; each finding says what to do next."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from worker import composition, queue, settings, status_text
from worker.errors import SavvycalSyncError, SettingError, Unauthorized, Unreachable
from worker.live_check import run as live_check
from worker.live_check.report import Result
from worker.savvycal.client import open_session
from worker.savvycal.rate_limit import RateLimit
from worker.settings import Account, Embedded, Settings
from worker.shared_rate_limit import RedisRateLimit
from worker.store import account_facts, schema
from worker.store.database import Database
from worker.sync.context import Endpoint
from worker.web.admin import host_of, is_loopback


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was probed, whether it is well, and what it said or what to do."""

    what: str
    ok: bool
    said: str


async def run() -> list[Finding]:
    """Every finding, in the order one would mend them."""
    try:
        given = settings.load()
        found = composition.plan_accounts(given)
        composition.plan_privacy(given)
    except SettingError as error:
        return [Finding("settings", False, str(error))]
    findings = [Finding("settings", True, "readable")]
    findings += [await _database(given), await _redis(given), *_admin(given)]
    if not found:
        found = tuple(status_text.accounts(given))
        findings.append(Finding("SavvyCal", True, "no token set: `run` shows simulated data"))
    async with open_session() as session:
        for account in found:
            for product, endpoint in composition.endpoints_of(
                account, session, RateLimit(given.requests_per_minute)
            ).items():
                findings.append(await _token(f"{account.name}: {product} token", endpoint))
    return findings


async def live(account: str | None) -> Result:
    """What SavvyCal's documentation leaves open, found out in one account by reading; at most 40 requests.

    Raises:
        SettingError: no token is set, or several accounts are and none is named.
        UpstreamError: SavvyCal refused the token, asked for a pause, or is down.
    """
    given = settings.load()
    privacy = composition.plan_privacy(given)
    chosen = _chosen(status_text.accounts(given), account)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session())
        shared = RedisRateLimit(status_text.redis_url(given), chosen.name) if status_text.has_redis(given) else None
        if shared:
            stack.push_async_callback(shared.aclose)
        rate_limit = RateLimit(given.requests_per_minute, shared, is_patient=True)
        endpoints = composition.endpoints_of(chosen, session, rate_limit, privacy)
        return await live_check.run(chosen.name, endpoints, chosen.appointments_account is not None)


async def keep(result: Result) -> str | None:
    """Stores what was found, and says whether that could be done; None without a database. Never an error: the findings
    are shown already.
    """
    try:
        db = await Database.connect(status_text.database_url(settings.load()), pool_size=1)
    except SettingError:
        return None
    except SavvycalSyncError as error:
        return f"not stored: {error}"
    try:
        async with db.transaction() as connection:
            await schema.check(connection)
            await account_facts.record_check(connection, result.account, result.values)
    except SavvycalSyncError as error:
        return f"not stored: {error}"
    finally:
        await db.close()
    return "stored in savvycal.account_facts"


def _chosen(found: Sequence[Account], name: str | None) -> Account:
    if not found:
        raise SettingError("SAVVYCAL_MEETINGS_TOKEN or SAVVYCAL_APPOINTMENTS_TOKEN: set one")
    named = [account for account in found if name in {None, account.name}]
    if len(named) != 1:
        raise SettingError(f"--account: name one of {', '.join(account.name for account in found)}")
    return named[0]


async def _database(given: Settings) -> Finding:
    if given.database_url is None and given.embedded is Embedded.NEVER:
        return Finding("DATABASE_URL", False, "not set, and SAVVYCAL_EMBEDDED=never: set it")
    try:
        db = await Database.connect(status_text.database_url(given), pool_size=1)
    except SettingError:
        return Finding("DATABASE_URL", True, "not set: `run` starts an embedded Postgres")
    except SavvycalSyncError as error:
        return Finding("DATABASE_URL", False, str(error).removeprefix("DATABASE_URL: "))
    try:
        async with db.connection() as connection:
            version = str(await connection.fetchval("select current_setting('server_version')")).split()[0]
            await schema.check(connection)
    except SavvycalSyncError as error:
        return Finding("DATABASE_URL", False, str(error))
    finally:
        await db.close()
    return Finding("DATABASE_URL", True, f"PostgreSQL {version}, schema version {schema.SCHEMA_VERSION}")


async def _redis(given: Settings) -> Finding:
    if given.redis_url is None and given.embedded is Embedded.NEVER:
        return Finding("REDIS_URL", False, "not set, and SAVVYCAL_EMBEDDED=never: set it")
    try:
        url = status_text.redis_url(given)
    except SettingError:
        return Finding("REDIS_URL", True, "not set: `run` starts an embedded Valkey")
    async with Redis(connection_pool=queue.connection_pool(url)) as redis:
        try:
            about = await redis.info()
        except (RedisError, OSError) as error:
            return Finding("REDIS_URL", False, f"{type(error).__name__}: check host, port and password")
        finally:
            await redis.connection_pool.disconnect()
    name = f"Valkey {about['valkey_version']}" if "valkey_version" in about else f"Redis {about['redis_version']}"
    policy = about.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        return Finding("REDIS_URL", False, f"{name} may evict jobs (maxmemory-policy {policy}): set it to noeviction")
    return Finding("REDIS_URL", True, name)


def _admin(given: Settings) -> list[Finding]:
    """An address that others can reach shows them nothing without a token."""
    bind, name = (given.admin_http, "SAVVYCAL_ADMIN_HTTP") if given.admin_http else (given.http, "SAVVYCAL_HTTP")
    if is_loopback(host_of(bind)) or given.admin_token:
        return [Finding("admin page", True, f"{name} {bind}, {'with' if given.admin_token else 'without'} a token")]
    if given.admin_http:
        step = "others can reach it and no token is set: set SAVVYCAL_ADMIN_TOKEN_FILE, or use 127.0.0.1"
        return [Finding(name, False, step)]
    return [Finding("admin page", True, "closed; to open it set SAVVYCAL_ADMIN_TOKEN_FILE or SAVVYCAL_ADMIN_HTTP")]


async def _token(what: str, endpoint: Endpoint) -> Finding:
    try:
        await endpoint.probe()
    except Unauthorized as error:
        advice = "" if error.status == 401 else ": make a token that may see this and set it"
        return Finding(what, False, f"{error}{advice}")
    except Unreachable as error:
        return Finding(what, False, f"{error}: check the URL and the network")
    except SavvycalSyncError as error:
        return Finding(what, False, str(error))
    return Finding(what, True, "accepted")

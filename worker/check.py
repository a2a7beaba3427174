"""`savvycal-sync check`: tests every setting, server and token; each finding tells what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from savvycal_sync.redis_pool import open_redis
from worker import composition, locations, redis_probe, settings
from worker.core.kinds import PRODUCTS
from worker.errors import Intercepted, SavvycalSyncError, SettingError, Unauthorized, Unreachable
from worker.live_check import run as live_check
from worker.live_check.report import Result
from worker.settings import Account, Embedded, Settings
from worker.store import account_facts, schema, server
from worker.sync.context import Endpoint
from worker.web.admin import host_of, is_loopback


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tested, whether it is in order, and the answer or what to do."""

    what: str
    ok: bool
    said: str


async def run() -> list[Finding]:
    """Every finding, in the order in which to fix them."""
    try:
        given = settings.load()
        found = composition.plan_accounts(given)
        composition.plan_privacy(given)
    except SettingError as error:
        return [Finding("settings", False, str(error))]
    findings = [Finding("settings", True, "readable")]
    problems = settings.configured_accounts(given).problems
    findings += [Finding(f"{name}: account", False, problem) for name, problem in problems.items()]
    findings += [await _database(given), await _redis(given), *_admin(given)]
    if not found:
        found = tuple(locations.accounts(given))
        findings.append(Finding("SavvyCal", True, "no token set: `run` shows simulated data"))
    async with composition.open_endpoints(found, given.requests_per_minute) as opened:
        for name, endpoints in opened.items():
            for product, endpoint in ((one, endpoints[one]) for one in PRODUCTS if one in endpoints):
                findings.append(await _token(f"{name}: {product} token", endpoint))
    return findings


async def live(account: str | None) -> Result:
    """What SavvyCal's documentation leaves open, found out in one account by reading; at most 40 requests.

    Raises:
        SettingError: no token is set, or several accounts are and none is named.
        UpstreamError: SavvyCal refused the token, asked for a pause, or is down.
    """
    given = settings.load()
    privacy = composition.plan_privacy(given)
    chosen = _chosen(locations.accounts(given), account)
    redis_url = locations.shared_redis_url(given)
    async with composition.open_endpoints([chosen], given.requests_per_minute, privacy, redis_url, True) as found:
        return await live_check.run(chosen.name, found[chosen.name], chosen.appointments_account is not None)


async def keep(result: Result) -> str | None:
    """Stores the findings, and tells whether that succeeded; None without a database. Never raises: the findings are
    shown already.
    """
    try:
        url = locations.database_url(settings.load())
    except SettingError:
        return None
    try:
        async with composition.open_database(url, pool_size=1) as db, db.transaction() as connection:
            await schema.check(connection)
            await account_facts.record_check(connection, result.account, result.values)
    except SavvycalSyncError as error:
        return f"not stored: {error}"
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
        url = locations.database_url(given)
    except SettingError:
        return Finding("DATABASE_URL", True, "not set: `run` starts an embedded Postgres")
    try:
        async with composition.open_database(url, pool_size=1) as db, db.connection() as connection:
            name = await server.examine(connection)
            found = await schema.state(connection)
    except SavvycalSyncError as error:
        return Finding("DATABASE_URL", False, str(error).removeprefix("DATABASE_URL: "))
    return Finding(
        "DATABASE_URL",
        found.may_run,
        f"{name}{' through a pooler' * db.is_pooled}, {found.text}" if found.may_run else found.text,
    )


async def _redis(given: Settings) -> Finding:
    if given.redis_url is None and given.embedded is Embedded.NEVER:
        return Finding("REDIS_URL", False, "not set, and SAVVYCAL_EMBEDDED=never: set it")
    try:
        url = locations.redis_url(given)
    except SettingError:
        return Finding("REDIS_URL", True, "not set: `run` starts an embedded Valkey")
    async with open_redis(url) as redis:
        try:
            await redis_probe.probe(redis)
            name, policy = await redis_probe.describe(redis)
        except SavvycalSyncError as error:
            return Finding("REDIS_URL", False, str(error))
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
    except Intercepted as error:
        return Finding(what, False, str(error))
    except Unreachable as error:
        return Finding(what, False, f"{error}: check the URL and the network")
    except SavvycalSyncError as error:
        return Finding(what, False, str(error))
    proxy = endpoint.client.proxy
    return Finding(what, True, f"accepted, through the proxy {proxy.place} ({proxy.setting})" if proxy else "accepted")

"""Composition root: settings to database, endpoints, SyncContext and queue client. Used by daemon, commands, tests."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import aiohttp

from savvycal_sync.keyring import keys_from, no_keys
from worker import demo, locations, settings
from worker.core import windows
from worker.core.kinds import KINDS, Product
from worker.errors import SettingError
from worker.privacy import redaction
from worker.savvycal.advice import SettingNames
from worker.savvycal.api import APIS, EVERY_FIELD, Privacy
from worker.savvycal.client import Client, open_session
from worker.savvycal.rate_limit import RateLimits
from worker.settings import Account, Address, Embedded, Settings
from worker.shared_rate_limit import shared_rate_limits
from worker.store.database import COMMAND_SECONDS, Database
from worker.sync.context import Endpoint, SyncContext
from worker.web import ReceiverConfig

Endpoints = Mapping[str, Mapping[Product, Endpoint]]
"""By account's name and product."""

EndpointBuilder = Callable[[Account], Mapping[Product, Endpoint]]

POOL = 8
"""Connections of the daemon to Postgres."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where everything is, decided before anything is opened."""

    settings: Settings
    accounts: tuple[Account, ...]
    database_url: Address = field(repr=False)
    redis_url: Address | None = field(repr=False)
    """None: there is no Redis, so each process has the rate limit for itself."""
    simulated: bool
    psql: str = ""
    """The command that opens the tables of an embedded Postgres."""

    @property
    def requests_per_minute(self) -> int:
        """The rate limit of each account."""
        return demo.REQUESTS_PER_MINUTE if self.simulated else self.settings.requests_per_minute


def find_runtime(given: Settings) -> Runtime:
    """For commands beside a daemon: what is configured, or what the daemon of this directory has started.

    Raises:
        SettingError: there is no database.
    """
    accounts = tuple(locations.accounts(given))
    is_simulated = not settings.accounts(given)
    return Runtime(given, accounts, locations.database_url(given), locations.shared_redis_url(given), is_simulated)


@asynccontextmanager
async def open_database(
    url: Address, pool_size: int = POOL, command_seconds: float = COMMAND_SECONDS
) -> AsyncIterator[Database]:
    """A pool of connections, closed at the end.

    Raises:
        StoreUnavailable: Postgres cannot be reached or refuses the login.
    """
    db = await Database.connect(url, pool_size, command_seconds)
    try:
        yield db
    finally:
        await db.close()


@asynccontextmanager
async def open_builder(
    requests_per_minute: int,
    privacy: Privacy = EVERY_FIELD,
    redis_url: Address | None = None,
    is_patient: bool = False,
) -> AsyncIterator[EndpointBuilder]:
    """Builds the products of any account over one HTTP session. Each token has one rate limit, shared in Redis with
    other processes when `redis_url` is given. `is_patient`: wait for the rate limit however long it takes.
    """
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session())
        share = await stack.enter_async_context(shared_rate_limits(redis_url)) if redis_url else None
        limits = RateLimits(requests_per_minute, share, is_patient)
        yield lambda account: endpoints_of(account, session, limits, privacy)


@asynccontextmanager
async def open_endpoints(
    accounts: Iterable[Account],
    requests_per_minute: int,
    privacy: Privacy = EVERY_FIELD,
    redis_url: Address | None = None,
    is_patient: bool = False,
) -> AsyncIterator[Endpoints]:
    """The products of all accounts, as `open_builder` builds them."""
    async with open_builder(requests_per_minute, privacy, redis_url, is_patient) as build:
        yield {account.name: build(account) for account in accounts}


@asynccontextmanager
async def open_context(runtime: Runtime, db: Database, is_patient: bool = False) -> AsyncIterator[SyncContext]:
    """What every job and command that reads SavvyCal works with.

    Raises:
        SettingError: a key cannot be used, or a field cannot be dropped.
    """
    privacy = plan_privacy(runtime.settings)
    limit, redis_url = runtime.requests_per_minute, runtime.redis_url
    async with open_endpoints(runtime.accounts, limit, privacy, redis_url, is_patient) as endpoints:
        yield build_context(db, endpoints, runtime.settings, runtime.simulated)


def build_context(db: Database, endpoints: Endpoints, given: Settings, simulated: bool = False) -> SyncContext:
    """A context over clients that are open already, with the windows and retention of the settings."""
    every = demo.EVERY if simulated else given.every()
    webhooks = timedelta(days=given.webhook_retention_days)
    return SyncContext(db, endpoints, windows.standing(*every), webhook_retention=webhooks, retention=given.retention())


def plan_accounts(given: Settings) -> tuple[Account, ...]:
    """The accounts to mirror; none means the simulator.

    Raises:
        SettingError: no token where simulated data must not go.
    """
    accounts = tuple(settings.accounts(given))
    tokens = "SAVVYCAL_MEETINGS_TOKEN or SAVVYCAL_APPOINTMENTS_TOKEN"
    if not accounts and given.database_url:
        raise SettingError(
            f"{tokens}: set one; without a token only simulated data could be shown, and that never "
            "goes into a configured DATABASE_URL"
        )
    if not accounts and given.embedded is Embedded.NEVER:
        raise SettingError(f"{tokens}: set one (SAVVYCAL_EMBEDDED=never also rules out the simulator)")
    return accounts


def plan_privacy(given: Settings) -> Privacy:
    """What may be kept.

    Raises:
        SettingError: a key cannot be used, or a field cannot be dropped.
    """
    keys = settings.secret_keys(given)
    try:
        drop = redaction.parse_fields(given.drop_fields)
    except ValueError as error:
        raise SettingError(f"{settings.variable('drop_fields')}: {error}") from None
    return Privacy(drop, keys_from(keys) if keys else no_keys)


def endpoints_of(
    account: Account, session: aiohttp.ClientSession, rate_limits: RateLimits, privacy: Privacy = EVERY_FIELD
) -> Mapping[Product, Endpoint]:
    """How to ask for each kind of objects that an account has a token for. What has the same token shares its rate
    limit; no two kinds share a circuit breaker: what fails for one says nothing about the others.
    """
    access = {
        Product.MEETINGS: (account.meetings_url, account.meetings_token, None),
        Product.APPOINTMENTS: (account.appointments_url, account.appointments_token, account.appointments_account),
    }
    found: dict[Product, Endpoint] = {}
    for kind, spec in KINDS.items():
        url, token, header = access[spec.product]
        if token:
            names, proxy = _names(account, spec.product), account.proxies.get(url)
            client = Client(session, url, token, rate_limits, header, names, proxy)
            found[spec.listing] = Endpoint(APIS[kind](account.include_sensitive, privacy), client)
    return found


def _names(account: Account, product: str) -> SettingNames:
    return SettingNames(product, account.setting_of(f"{product}_token"), account.setting_of("appointments_account"))


def webhook_receivers_of(account: Account) -> Mapping[Product, ReceiverConfig]:
    """The webhook receivers of an account: one for each product it has a token for."""
    tokens = {Product.MEETINGS: account.meetings_token, Product.APPOINTMENTS: account.appointments_token}
    account_ids = {Product.APPOINTMENTS: account.appointments_account}
    return {
        product: ReceiverConfig(
            partial(account.webhook_secrets, product),
            settings.variable(f"{product}_webhook_secrets"),
            account_ids.get(product),
        )
        for product, token in tokens.items()
        if token
    }

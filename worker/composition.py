"""What an account is to the rest of the program: where to ask, what may be kept, and where its webhooks come in."""

from collections.abc import Mapping
from functools import partial

import aiohttp

from worker import settings
from worker.core.kinds import KINDS, Product
from worker.errors import SettingError
from worker.privacy import redaction
from worker.privacy.keyring import keys_from, no_keys
from worker.savvycal.advice import SettingNames
from worker.savvycal.api import APIS, EVERY_FIELD, Privacy
from worker.savvycal.client import Client
from worker.savvycal.rate_limit import RateLimit
from worker.settings import Account, Embedded, Settings
from worker.sync.context import Endpoint
from worker.web import ReceiverConfig


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
        SettingError: a key that is none, or a field that cannot be dropped.
    """
    keys = settings.secret_keys(given)
    try:
        drop = redaction.parse_fields(given.drop_fields)
    except ValueError as error:
        raise SettingError(f"{settings.variable('drop_fields')}: {error}") from None
    return Privacy(drop, keys_from(keys) if keys else no_keys)


def endpoints_of(
    account: Account, session: aiohttp.ClientSession, rate_limit: RateLimit, privacy: Privacy = EVERY_FIELD
) -> Mapping[Product, Endpoint]:
    """How to ask for each kind of objects that an account has a token for. All share one rate limit, none a circuit
    breaker: what fails for one kind says nothing about the others.
    """
    access = {
        Product.MEETINGS: (account.meetings_url, account.meetings_token, None),
        Product.APPOINTMENTS: (account.appointments_url, account.appointments_token, account.appointments_account),
    }
    found: dict[Product, Endpoint] = {}
    for kind, spec in KINDS.items():
        url, token, header = access[spec.product]
        if token:
            client = Client(session, url, token, rate_limit, header, _names(account, spec.product))
            found[spec.listing] = Endpoint(APIS[kind](account.include_sensitive, privacy), client)
    return found


def _names(account: Account, product: str) -> SettingNames:
    return SettingNames(product, account.setting_of(f"{product}_token"), account.setting_of("appointments_account"))


def webhook_receivers_of(account: Account) -> Mapping[Product, ReceiverConfig]:
    """Where an account's webhooks come in: a door for each product it has a token for."""
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

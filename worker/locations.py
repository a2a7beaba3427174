"""Where things are: what is configured, or else what a daemon that runs in this directory has started."""

import json

from worker import embedded, settings
from worker.errors import SettingError
from worker.settings import Account, Settings
from worker.store.database import sibling_database

SIMULATED_DATABASE = "simulated"
"""Database of the embedded server that holds simulated data, so that it never meets real rows."""

SIMULATED_ACCOUNT = "simulator.json"
"""File in the data directory: when the simulated world began, and its addresses."""


def database_url(given: Settings) -> str:
    """DATABASE_URL, or the embedded Postgres that a running daemon started.

    Raises:
        SettingError: neither is there.
    """
    if given.database_url:
        return given.database_url.get_secret_value()
    url = embedded.running_postgres_url(given.data_dir)
    if url is None:
        raise SettingError(
            f"DATABASE_URL is not set and no embedded Postgres runs in {given.data_dir}: set it, or start "
            "`savvycal-sync run` from this directory"
        )
    return url if settings.accounts(given) else sibling_database(url, SIMULATED_DATABASE)


def accounts(given: Settings) -> list[Account]:
    """The configured accounts, or the simulated one of a running daemon; empty when there is neither."""
    found = settings.accounts(given)
    if found or embedded.running_postgres_url(given.data_dir) is None:
        return found
    try:
        return [Account("default", json.loads((given.data_dir / SIMULATED_ACCOUNT).read_text("utf-8")))]
    except (OSError, ValueError, KeyError):
        return []


def known_products(given: Settings, account: str) -> set[str] | None:
    """The products that an account has tokens for here, empty when it is not configured; None without any account, as
    on a machine that only sends requests.
    """
    found = accounts(given)
    if not found:
        return None
    return {product for each in found if each.name == account for product in each.products}


def shared_redis_url(given: Settings) -> str | None:
    """The same as `redis_url`, None when there is no Redis to share with a daemon."""
    configured = given.redis_url
    return configured.get_secret_value() if configured else embedded.running_valkey_url(given.data_dir)


def redis_url(given: Settings) -> str:
    """REDIS_URL, or the embedded Valkey that a running daemon started.

    Raises:
        SettingError: neither is there.
    """
    url = shared_redis_url(given)
    if url is None:
        raise SettingError(
            f"REDIS_URL is not set and no embedded Valkey runs in {given.data_dir}: set it, or start "
            "`savvycal-sync run` from this directory"
        )
    return url

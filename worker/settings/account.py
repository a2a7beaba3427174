"""Accounts: one from single variables, or several from a TOML file."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from worker.errors import SettingError
from worker.settings.accounts_file import SECRETS, read_accounts
from worker.settings.environment import PRODUCTS, Settings, variable
from worker.settings.proxy import Proxy, find_proxy, refuse_missing_authorities
from worker.settings.secret_files import Token, file_token, parse_secrets
from worker.settings.tokens import token_flaw, value_flaw

_DEFAULTS = ("meetings_url", "appointments_url", "appointments_account", "appointments_include_sensitive")


class Account:
    """One SavvyCal account: its name in every table's key, and what is needed to ask its products."""

    def __init__(self, name: str, given: Mapping[str, Any], setting: Callable[[str], str] = str) -> None:
        """`setting` gives the name under which the user set a field, for errors.

        Raises:
            SettingError: a token file cannot be read, or a token is one that SavvyCal cannot accept.
        """
        self.name = name
        self._given, self._setting = given, setting
        self.meetings_url: str = given["meetings_url"]
        self.appointments_url: str = given["appointments_url"]
        self.appointments_account: str | None = given.get("appointments_account")
        self.include_sensitive: bool = given["appointments_include_sensitive"]
        self.proxies: Mapping[str, Proxy | None] = given.get("proxies", {})
        """How requests to a base URL leave this machine; None, and a URL that is not here: directly."""
        self.meetings_token = _token(given, "meetings_token", setting)
        self.appointments_token = _token(given, "appointments_token", setting)
        self._refuse_flaws()
        self._secrets = {product: _token(given, f"{product}_webhook_secrets", setting) for product in PRODUCTS}
        for product, secrets in self._secrets.items():
            if secrets and not given.get(f"{product}_token") and not given.get(f"{product}_token_file"):
                raise SettingError(f"{variable(f'{product}_webhook_secrets')} is set for account {name}, but no token")
            self.webhook_secrets(product)

    @property
    def products(self) -> tuple[str, ...]:
        """The products that it has a token for: meetings, appointments."""
        return tuple(product for product in PRODUCTS if getattr(self, f"{product}_token"))

    def has_settings_of(self, other: "Account") -> bool:
        """Whether both were set alike. Files of secrets are read at each use, so what they hold makes no difference."""
        return self._given == other._given

    def _refuse_flaws(self) -> None:
        for product, token in (("meetings", self.meetings_token), ("appointments", self.appointments_token)):
            if token and (flaw := token_flaw(product, token())):
                raise SettingError(f"{self.setting_of(f'{product}_token')} {flaw}")
        if flaw := value_flaw(self.appointments_account or ""):
            raise SettingError(f"{self.setting_of('appointments_account')} {flaw}")

    def setting_of(self, field: str) -> str:
        """The name under which the user set a field: a variable, or a key of the accounts file, the one with `_file`
        at its end when that is the one in use.
        """
        return self._setting(f"{field}_file" if self._given.get(f"{field}_file") else field)

    def webhook_secrets(self, product: str) -> tuple[str, ...]:
        """The secrets that webhooks of a product may be signed with; empty: none are accepted.

        Raises:
            SettingError: the file they come from cannot be read, or holds something else.
        """
        read = self._secrets[product]
        try:
            return parse_secrets(read()) if read else ()
        except ValueError as error:
            raise SettingError(f"{variable(f'{product}_webhook_secrets')}: {error}") from None


def _token(given: Mapping[str, Any], name: str, setting: Callable[[str], str]) -> Token | None:
    """A way to get a token: one from a file is read for each use, so that a replaced file needs no restart."""
    path = given.get(f"{name}_file")
    if path:
        return file_token(setting(f"{name}_file"), Path(path))
    value = given.get(name)
    return (lambda: str(value)) if value else None


def accounts(settings: Settings, environ: Mapping[str, str] | None = None) -> list[Account]:
    """The accounts that can be used; empty when no token is set.

    Raises:
        SettingError: the accounts file is wrong, it and single tokens are both set, or no account can be used.
    """
    found = configured_accounts(settings, environ)
    if found.problems and not found.usable:
        raise SettingError(next(iter(found.problems.values())))
    return list(found.usable)


@dataclass(frozen=True, slots=True)
class ConfiguredAccounts:
    """What the settings name: accounts that can be used, and for each other one why it cannot."""

    usable: tuple[Account, ...]
    problems: Mapping[str, str]
    products: Mapping[str, tuple[str, ...]]
    """The products that each of them names a token for: meetings, appointments."""


def configured_accounts(settings: Settings, environ: Mapping[str, str] | None = None) -> ConfiguredAccounts:
    """All accounts. A secret file that cannot be read or a flawed token makes its own account unusable, no other.

    Raises:
        SettingError: the accounts file is wrong, or it and single tokens are both set.
    """
    usable, problems, products = [], {}, {}
    for name, (table, setting) in _tables(settings, os.environ if environ is None else environ).items():
        products[name] = tuple(p for p in PRODUCTS if table.get(f"{p}_token") or table.get(f"{p}_token_file"))
        try:
            usable.append(Account(name, table, setting))
        except SettingError as error:
            problems[name] = str(error)
    return ConfiguredAccounts(tuple(usable), problems, products)


def _tables(settings: Settings, environ: Mapping[str, str]) -> dict[str, tuple[dict[str, Any], Callable[[str], str]]]:
    """What is set for each account, and what its fields are called where it is set."""
    defaults = {name: getattr(settings, name) for name in _DEFAULTS}
    if settings.accounts_file:
        _refuse_beside_accounts_file(settings)
        tables = {name: defaults | own for name, own in read_accounts(settings.accounts_file).items()}
        return {name: (own | _network(settings, own, environ), partial(_key_of, name)) for name, own in tables.items()}
    own = {f"{name}_file": environ.get(f"{variable(name)}_FILE") for name in SECRETS}
    own |= {name: found.get_secret_value() if (found := getattr(settings, name)) else None for name in SECRETS}
    if not any(own.values()):
        return {}
    return {"default": (defaults | own | _network(settings, defaults, environ), variable)}


def _network(settings: Settings, own: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    refuse_missing_authorities(environ)
    configured = settings.proxy.get_secret_value() if settings.proxy else None
    urls = (own["meetings_url"], own["appointments_url"])
    return {"proxies": {url: find_proxy(configured, environ, url) for url in urls}}


def _refuse_beside_accounts_file(settings: Settings) -> None:
    for what, said in (("token", "single tokens"), ("webhook_secrets", "single webhook secrets")):
        if any(getattr(settings, f"{product}_{what}") for product in PRODUCTS):
            raise SettingError(f"SAVVYCAL_ACCOUNTS_FILE and {said} are both set: keep one")


def _key_of(account: str, name: str) -> str:
    return f"SAVVYCAL_ACCOUNTS_FILE: [{account}] {name}"

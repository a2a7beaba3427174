"""Settings: the environment, accounts, secret files, connection strings. Errors name the variable in one line."""

from worker.settings.account import Account, ConfiguredAccounts, accounts, configured_accounts
from worker.settings.environment import (
    Embedded,
    Settings,
    address,
    admin_token,
    is_secret,
    load,
    secret_keys,
    variable,
)
from worker.settings.secret_files import Address, Token, file_token, hide_secret, read_secret_file

__all__ = [
    "Account",
    "Address",
    "ConfiguredAccounts",
    "Embedded",
    "Settings",
    "Token",
    "accounts",
    "address",
    "admin_token",
    "configured_accounts",
    "file_token",
    "hide_secret",
    "is_secret",
    "load",
    "read_secret_file",
    "secret_keys",
    "variable",
]

"""The TOML file of SAVVYCAL_ACCOUNTS_FILE: one table for each account, checked before anything is made of it."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from worker.errors import SettingError
from worker.settings.connection_strings import HttpUrl
from worker.settings.environment import PRODUCTS
from worker.settings.secret_files import hide_secret

ACCOUNT_PATTERN = re.compile(r"^[A-Za-z0-9_.-]{1,64}$")

SECRETS = tuple(f"{product}_{what}" for product in PRODUCTS for what in ("token", "webhook_secrets"))
"""Fields that may also be given as a file."""


class _AccountTable(BaseModel):
    """One table of the accounts file."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    meetings_url: HttpUrl | None = None
    meetings_token: str | None = None
    meetings_token_file: str | None = None
    appointments_url: HttpUrl | None = None
    appointments_account: str | None = None
    appointments_include_sensitive: bool | None = None
    appointments_token: str | None = None
    appointments_token_file: str | None = None
    meetings_webhook_secrets: str | None = None
    meetings_webhook_secrets_file: str | None = None
    appointments_webhook_secrets: str | None = None
    appointments_webhook_secrets_file: str | None = None


def read_accounts(path: Path) -> dict[str, dict[str, Any]]:
    """The tables of the file, by the name of their account.

    Raises:
        SettingError: it cannot be read, or a table is wrong.
    """
    where = "SAVVYCAL_ACCOUNTS_FILE"
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{where}: cannot be read ({type(error).__name__})") from None
    for name, own in document.items():
        for key in own if isinstance(own, dict) else ():
            if key in SECRETS:
                hide_secret(str(own[key]))
        if not ACCOUNT_PATTERN.fullmatch(name) or not isinstance(own, dict):
            raise SettingError(f"{where}: each account is a table [name], its name letters, digits, _ . - only")
        _check_table(f"{where}: [{name}]", own)
    if not document:
        raise SettingError(f"{where}: no account in it")
    return document


def _check_table(where: str, own: dict[str, Any]) -> None:
    unknown = sorted(own.keys() - _AccountTable.model_fields.keys())
    if unknown:
        raise SettingError(f"{where} has an unknown key {unknown[0]}")
    try:
        _AccountTable.model_validate(own)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        raise SettingError(f"{where} {first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}") from None
    doubled = [name for name in SECRETS if own.get(name) and own.get(f"{name}_file")]
    if doubled:
        raise SettingError(f"{where} {doubled[0]} and {doubled[0]}_file are both set: keep one")
    if not any(own.get(key) for key in own if "token" in key):
        raise SettingError(f"{where} has no token")

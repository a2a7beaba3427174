"""Settings: the environment first. A wrong one is one clear line naming the variable; nothing is ignored silently."""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from worker.errors import SettingError
from worker.log_redaction import hide
from worker.tokens import token_flaw, value_flaw

PREFIX = "SAVVYCAL_"
SECRETS_MAX = 4
"""Of one product: what a replacement needs, and a bound on what an unsigned request costs."""

ACCOUNT_PATTERN = re.compile(r"^[A-Za-z0-9_.-]{1,64}$")


class Embedded(StrEnum):
    """Whether what is not configured may be started from the wheels."""

    AUTO = "auto"
    NEVER = "never"


def _http_url(value: str) -> str:
    if not re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[^\s/?#@:]+)(:\d{1,5})?(/[^\s?#]*)?", value):
        raise ValueError("must be an http(s) URL without user, query or fragment")
    if value.startswith("http://") and urlsplit(value).hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("must be https: a token never goes out in clear")
    return value


def _bind(value: str) -> str:
    found = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^\s:]+):(\d{1,5})", value)
    if not found or int(found[2]) > 65535:
        raise ValueError("must be HOST:PORT, for instance 127.0.0.1:8321")
    return value


def _bind_unless_none(value: str | None) -> str | None:
    return value if value is None else _bind(value)


def _must_be_url(value: SecretStr | None) -> None:
    try:
        parts = urlsplit(value.get_secret_value() if value else "")
        for place in parts.netloc.rpartition("@")[2].split(","):  # Postgres takes several
            found = urlsplit(f"//{place}")
            host = found.hostname or ""
            _ = found.port, host if "%" in host else host.encode("idna")  # the first: a directory of sockets
    except ValueError:
        raise ValueError("is no URL: look at host and port, and at the brackets around an IPv6 address") from None


def _redis_takes(value: SecretStr | None) -> SecretStr | None:
    """redis-py hands what stands behind the ? to its connections, and each of them would fail at its first use."""
    try:
        if value is not None:
            pool: BlockingConnectionPool = BlockingConnectionPool.from_url(value.get_secret_value())
            pool.make_connection()  # type: ignore[no-untyped-call]
    except (TypeError, ValueError, RedisError):
        raise ValueError("has an option after its ? that does not go with this kind of address") from None
    return value


def _scheme(*schemes: str) -> Callable[[SecretStr | None], SecretStr | None]:
    def check(value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(tuple(f"{s}://" for s in schemes)):
            raise ValueError(f"must start with {' or '.join(f'{s}://' for s in schemes)}")
        _must_be_url(value)
        return value

    return check


def parse_secrets(text: str) -> tuple[str, ...]:
    """Webhook secrets from a list with commas between them.

    Raises:
        ValueError: none, more than four, one with a space inside, or all of it in quotes.
    """
    if text[:1] in {'"', "'"} and text[-1:] == text[:1]:
        raise ValueError(value_flaw(text))
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not 1 <= len(found) <= SECRETS_MAX or any(re.search(r"\s", secret) for secret in found):
        raise ValueError(f"must be 1 to {SECRETS_MAX} secrets with commas between them")
    return found


def _secrets(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        parse_secrets(value.get_secret_value())
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Secrets = Annotated[SecretStr | None, AfterValidator(_secrets)]


class Settings(BaseModel):
    """Everything that can be set. Each secret may also be given as NAME_FILE, the path of a file that holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    database_url: Annotated[SecretStr | None, AfterValidator(_scheme("postgresql", "postgres"))] = Field(
        None,
        description="Postgres that holds the mirror. Not set: an embedded one.",
    )
    redis_url: Annotated[
        SecretStr | None, AfterValidator(_scheme("redis", "rediss", "unix")), AfterValidator(_redis_takes)
    ] = Field(
        None,
        description="Redis or Valkey that carries the queue. Not set: an embedded Valkey.",
    )
    meetings_token: SecretStr | None = Field(
        None, description="Token of the Meetings API (`pt_secret_...`, SavvyCal: Settings, Developer)."
    )
    meetings_url: HttpUrl = Field("https://api.savvycal.com/v1", description="Base URL of the Meetings API.")
    appointments_token: SecretStr | None = Field(None, description="Account or platform token of the Appointments API.")
    appointments_url: HttpUrl = Field("https://api.savvycal.app/v1", description="Base URL of the Appointments API.")
    appointments_account: str | None = Field(
        None, description="Sent as `X-SavvyCal-Account`; needed with a platform token (`acct_...`)."
    )
    appointments_include_sensitive: bool = Field(
        True,
        description="Ask for names and contacts of clients. Off: they are not asked for, but webhooks may carry them.",
    )
    meetings_webhook_secrets: Secrets = Field(
        None, description="Secrets of Meetings webhooks, up to four, comma-separated (several while one is replaced)."
    )
    appointments_webhook_secrets: Secrets = Field(
        None, description="Secrets of Appointments webhooks, up to four, comma-separated."
    )
    webhook_retention_days: Annotated[int, Field(ge=1, le=3660)] = Field(
        35, description="How long received webhooks are kept; a replay of an older one only costs one look."
    )
    accounts_file: Path | None = Field(
        None, description="TOML file with several accounts, instead of the tokens above (docs/configuration.md)."
    )
    http: Annotated[str, AfterValidator(_bind)] = Field(
        "127.0.0.1:8321", description="Where webhooks come in, and the page, status, metrics and health are served."
    )
    admin_http: Annotated[str | None, AfterValidator(_bind_unless_none)] = Field(
        None, description="Where the page, status, metrics and health are served instead of SAVVYCAL_HTTP."
    )
    admin_token: SecretStr | None = Field(
        None,
        description="Token of the page, status, metrics and actions. Needed for actions, and for everything on an "
        "address that is not loopback.",
    )
    embedded: Embedded = Field(
        Embedded.AUTO, description="`auto` starts what is not configured from the wheels, `never` does not."
    )
    data_dir: Path = Field(
        Path(".savvycal-sync"), description="Where embedded servers keep their data (relative to where you start)."
    )
    secret_keys: SecretStr | None = Field(
        None,
        description="Keys that seal host_url and password, comma-separated, the first one seals "
        "(`savvycal-sync keys generate`). Not set: these are not stored.",
    )
    drop_fields: str = Field(
        "", description="Fields that are never stored, comma-separated dotted names such as `attendees.phone_number`."
    )
    snapshot_retention_days: Annotated[int | None, Field(ge=1, le=36600)] = Field(
        None, description="How long superseded versions are kept. Not set: for ever."
    )
    change_retention_days: Annotated[int | None, Field(ge=1, le=36600)] = Field(
        None, description="How long the change feed is kept. Not set: for ever."
    )
    run_retention_days: Annotated[int | None, Field(ge=1, le=36600)] = Field(
        90, description="How long finished runs are kept."
    )
    poll_near_seconds: Annotated[float, Field(ge=1, le=86400)] = Field(
        60, description="How often events of the next 48 hours, and upcoming appointments, are swept."
    )
    poll_month_seconds: Annotated[float, Field(ge=1, le=86400)] = Field(
        600, description="How often events of the next 30 days are swept."
    )
    poll_later_seconds: Annotated[float, Field(ge=1, le=604800)] = Field(
        3600, description="How often events beyond 30 days are swept."
    )
    poll_all_seconds: Annotated[float, Field(ge=1, le=2592000)] = Field(
        86400, description="How often everything is swept, the past included."
    )
    requests_per_minute: Annotated[int, Field(ge=1, le=100000)] = Field(
        240, description="Request budget per account (SavvyCal Appointments documents a limit of 300)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["text", "json"] = Field("text", description="Lines for people, or JSON.")

    def retention(self) -> dict[str, int]:
        """Days of history to keep, by table; a table that is not named is kept for ever."""
        days = {
            "snapshots": self.snapshot_retention_days,
            "changes": self.change_retention_days,
            "runs": self.run_retention_days,
        }
        return {table: count for table, count in days.items() if count is not None}

    def every(self) -> tuple[timedelta, timedelta, timedelta, timedelta]:
        """The four cadences: near, month, later, all."""
        seconds = (self.poll_near_seconds, self.poll_month_seconds, self.poll_later_seconds, self.poll_all_seconds)
        return tuple(timedelta(seconds=s) for s in seconds)  # type: ignore[return-value]  # four in, four out


def variable(field: str) -> str:
    """The environment variable of a field."""
    return {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}.get(field, PREFIX + field.upper())


def is_secret(field: str) -> bool:
    """Whether a field may also be given as NAME_FILE."""
    return "SecretStr" in str(Settings.model_fields[field].annotation)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment.

    Raises:
        SettingError: one line naming the variable and what is wrong with it, never its value.
    """
    given = os.environ if environ is None else environ
    _refuse_unknown(given)
    try:
        settings = Settings.model_validate(_values(given))
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        raise SettingError(f"{variable(str(first['loc'][0]))}: {message}") from None
    for field in filter(is_secret, Settings.model_fields):
        if value := getattr(settings, field):
            hide_secret(value.get_secret_value())
    return settings


def _values(given: Mapping[str, str]) -> dict[str, str]:
    found = {field: _value(field, given) for field in Settings.model_fields}
    return {field: value for field, value in found.items() if value}


def _value(field: str, given: Mapping[str, str]) -> str | None:
    name = variable(field)
    path = given.get(f"{name}_FILE") if is_secret(field) else None
    if path and given.get(name):
        raise SettingError(f"{name} and {name}_FILE are both set: keep one")
    return read_secret_file(f"{name}_FILE", Path(path)) if path else given.get(name)


def read_secret_file(name: str, path: Path) -> str:
    """The first line of a secret's file.

    Raises:
        SettingError: naming the variable that points to it.
    """
    try:
        text = path.read_text("utf-8-sig").strip()  # editors on Windows begin a file with a byte order mark
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or a path with a NUL in it
        raise SettingError(f"{name}: the file cannot be read ({type(error).__name__})") from None
    if not text:
        raise SettingError(f"{name}: the file is empty")
    text = text.splitlines()[0].rstrip()
    hide_secret(text)
    return text


def hide_secret(text: str) -> None:
    """Keeps a secret out of everything that is written: as a whole, the parts of a list, and the password of a URL."""
    for part in (text, *re.split(r"[\s,]+", text)):
        if part.lower() != "bearer":  # pasted in front of a token; the advice to remove it needs the word
            hide(part)
        with suppress(ValueError):  # no URL
            hide(urlsplit(part).password or "")


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = {variable(field) for field in Settings.model_fields}
    known |= {f"{variable(field)}_FILE" for field in Settings.model_fields if is_secret(field)}
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise SettingError(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))


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
        self.meetings_token = _token(given, "meetings_token", setting)
        self.appointments_token = _token(given, "appointments_token", setting)
        self._refuse_flaws()
        self._secrets = {product: _token(given, f"{product}_webhook_secrets", setting) for product in _PRODUCTS}
        for product, secrets in self._secrets.items():
            if secrets and not given.get(f"{product}_token") and not given.get(f"{product}_token_file"):
                raise SettingError(f"{variable(f'{product}_webhook_secrets')} is set for account {name}, but no token")
            self.webhook_secrets(product)

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


Token = Callable[[], str]


def _token(given: Mapping[str, Any], name: str, setting: Callable[[str], str]) -> Token | None:
    """A way to get a token: one from a file is read anew each time, so that a replaced file needs no restart."""
    path = given.get(f"{name}_file")
    if path:
        return file_token(setting(f"{name}_file"), Path(path))
    value = given.get(name)
    return (lambda: str(value)) if value else None


def file_token(name: str, path: Path) -> Token:
    """The text of a secret's file, read anew for each use, so that a replaced file needs no restart.

    A file that is away for a moment (while it is replaced) leaves the text it had.

    Raises:
        SettingError: it cannot be read the first time.
    """
    last = [read_secret_file(name, path)]

    def read() -> str:
        with suppress(SettingError):
            last[0] = read_secret_file(name, path)
        return last[0]

    return read


def secret_keys(settings: Settings, environ: Mapping[str, str] | None = None) -> Token | None:
    """A way to get the text of SAVVYCAL_SECRET_KEYS, None when it is not set."""
    given = os.environ if environ is None else environ
    path = given.get(f"{variable('secret_keys')}_FILE")
    text = settings.secret_keys
    if text is None:
        return None
    return file_token(f"{variable('secret_keys')}_FILE", Path(path)) if path else text.get_secret_value


def admin_token(settings: Settings, environ: Mapping[str, str] | None = None) -> Token | None:
    """A way to get SAVVYCAL_ADMIN_TOKEN, None when it is not set. A changed file is read by itself."""
    given = os.environ if environ is None else environ
    path = given.get(f"{variable('admin_token')}_FILE")
    if settings.admin_token is None:
        return None
    return file_token(f"{variable('admin_token')}_FILE", Path(path)) if path else settings.admin_token.get_secret_value


def accounts(settings: Settings, environ: Mapping[str, str] | None = None) -> list[Account]:
    """The configured accounts; empty when no token is set.

    Raises:
        SettingError: the accounts file is wrong, or it and single tokens are both set.
    """
    given = os.environ if environ is None else environ
    defaults = {name: getattr(settings, name) for name in _ACCOUNT_DEFAULTS}
    if settings.accounts_file:
        _refuse_beside_accounts_file(settings)
        tables = _read_accounts(settings.accounts_file)
        return [Account(name, defaults | own, partial(_key_of, name)) for name, own in tables.items()]
    own = {f"{name}_file": given.get(f"{variable(name)}_FILE") for name in _SECRETS}
    own |= {name: found.get_secret_value() if (found := getattr(settings, name)) else None for name in _SECRETS}
    return [Account("default", defaults | own, variable)] if any(own.values()) else []


def _refuse_beside_accounts_file(settings: Settings) -> None:
    for what, said in (("token", "single tokens"), ("webhook_secrets", "single webhook secrets")):
        if any(getattr(settings, f"{product}_{what}") for product in _PRODUCTS):
            raise SettingError(f"SAVVYCAL_ACCOUNTS_FILE and {said} are both set: keep one")


_PRODUCTS = ("meetings", "appointments")
_SECRETS = tuple(f"{product}_{what}" for product in _PRODUCTS for what in ("token", "webhook_secrets"))
_ACCOUNT_DEFAULTS = ("meetings_url", "appointments_url", "appointments_account", "appointments_include_sensitive")


def _key_of(account: str, name: str) -> str:
    return f"SAVVYCAL_ACCOUNTS_FILE: [{account}] {name}"


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


def _read_accounts(path: Path) -> dict[str, dict[str, Any]]:
    where = "SAVVYCAL_ACCOUNTS_FILE"
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{where}: cannot be read ({type(error).__name__})") from None
    for name, own in document.items():
        for key in own if isinstance(own, dict) else ():
            if key in _SECRETS:
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
    doubled = [name for name in _SECRETS if own.get(name) and own.get(f"{name}_file")]
    if doubled:
        raise SettingError(f"{where} {doubled[0]} and {doubled[0]}_file are both set: keep one")
    if not any(own.get(key) for key in own if "token" in key):
        raise SettingError(f"{where} has no token")

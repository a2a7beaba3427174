"""Settings: the environment first. A wrong one is one clear line naming the variable; nothing is ignored silently."""

import difflib
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from worker.errors import SettingError
from worker.settings.connection_strings import AdminBind, Bind, HttpUrl, PostgresUrl, ProxyUrl, RedisUrl
from worker.settings.flaws import flaw_of, is_service_link, marked_name
from worker.settings.secret_files import Token, file_token, hide_secret, parse_secrets, read_secret_file

PREFIX = "SAVVYCAL_"
PRODUCTS = ("meetings", "appointments")


class Embedded(StrEnum):
    """Whether what is not configured may be started from the wheels."""

    AUTO = "auto"
    NEVER = "never"


def _secrets(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        parse_secrets(value.get_secret_value())
    return value


Secrets = Annotated[SecretStr | None, AfterValidator(_secrets)]


class Settings(BaseModel):
    """Everything that can be set. Each secret may also be given as NAME_FILE, the path of a file that holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    database_url: PostgresUrl = Field(
        None,
        description="Postgres that holds the mirror. Not set: an embedded one.",
    )
    database_direct_url: PostgresUrl = Field(
        None,
        description="The same database without its pooler, where DATABASE_URL leads through one: for LISTEN and for "
        "`schema apply`. Not set: requests from SQL are found by polling.",
    )
    redis_url: RedisUrl = Field(
        None,
        description="Redis or Valkey that carries the queue. Not set: an embedded Valkey.",
    )
    meetings_token: SecretStr | None = Field(
        None, description="Token of the Meetings API (`pt_secret_...`, SavvyCal: Settings, Developer)."
    )
    meetings_url: HttpUrl = Field("https://api.savvycal.com/v1", description="Base URL of the Meetings API.")
    appointments_token: SecretStr | None = Field(None, description="Account or platform token of the Appointments API.")
    appointments_url: HttpUrl = Field("https://api.savvycal.app/v1", description="Base URL of the Appointments API.")
    proxy: ProxyUrl = Field(
        None,
        description="HTTP proxy for requests to SavvyCal (`http://user:password@host:port`). Not set: `HTTPS_PROXY`, "
        "unless `NO_PROXY` names the host.",
    )
    appointments_account: str | None = Field(
        None, description="Sent as `X-SavvyCal-Account`; needed with a platform token (`acct_...`)."
    )
    appointments_include_sensitive: bool = Field(
        True,
        description="Request names and contacts of clients. Off: not requested, but webhooks may contain them.",
    )
    meetings_webhook_secrets: Secrets = Field(
        None, description="Secrets of Meetings webhooks, up to four, comma-separated (several while one is replaced)."
    )
    appointments_webhook_secrets: Secrets = Field(
        None, description="Secrets of Appointments webhooks, up to four, comma-separated."
    )
    webhook_retention_days: Annotated[int, Field(ge=1, le=3660)] = Field(
        35, description="How long received webhooks are kept; replaying an older one costs one extra read."
    )
    accounts_file: Path | None = Field(
        None, description="TOML file with several accounts, instead of the tokens above (docs/configuration.md)."
    )
    http: Bind = Field(
        "127.0.0.1:8321",
        description="Where webhooks come in, and the page, status, metrics and health are served. Not set, while "
        "`PORT` is: `0.0.0.0:PORT`.",
    )
    admin_http: AdminBind = Field(
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
        None, description="How long superseded versions are kept. Not set: forever."
    )
    change_retention_days: Annotated[int | None, Field(ge=1, le=36600)] = Field(
        None, description="How long the change feed is kept. Not set: forever."
    )
    run_retention_days: Annotated[int | None, Field(ge=1, le=36600)] = Field(
        90, description="How long finished runs are kept."
    )
    poll_near_seconds: Annotated[float, Field(ge=1, le=86400)] = Field(
        60, description="How often events of the next 48 hours, and upcoming appointments, are scanned."
    )
    poll_month_seconds: Annotated[float, Field(ge=1, le=86400)] = Field(
        600, description="How often events of the next 30 days are scanned."
    )
    poll_later_seconds: Annotated[float, Field(ge=1, le=604800)] = Field(
        3600, description="How often events beyond 30 days are scanned."
    )
    poll_all_seconds: Annotated[float, Field(ge=1, le=2592000)] = Field(
        86400, description="How often everything is scanned, the past included."
    )
    requests_per_minute: Annotated[int, Field(ge=1, le=100000)] = Field(
        240, description="Rate limit of each token (SavvyCal Appointments documents a limit of 300)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["text", "json"] = Field("text", description="Lines for people, or JSON.")

    def retention(self) -> dict[str, int]:
        """Days of history to keep, by table; a table that is not named is kept forever."""
        days = {
            "snapshots": self.snapshot_retention_days,
            "changes": self.change_retention_days,
            "runs": self.run_retention_days,
        }
        return {table: count for table, count in days.items() if count is not None}

    def every(self) -> tuple[timedelta, timedelta, timedelta, timedelta]:
        """The four scan intervals: near, month, later, all."""
        seconds = (self.poll_near_seconds, self.poll_month_seconds, self.poll_later_seconds, self.poll_all_seconds)
        return tuple(timedelta(seconds=s) for s in seconds)  # type: ignore[return-value]  # four in, four out


_EXAMINED_LATER = {f"{product}_{what}" for product in PRODUCTS for what in ("token", "webhook_secrets", "account")}
"""Fields whose flaws are named where accounts are built, under the name of their account."""

_UNPREFIXED = {"database_url", "database_direct_url", "redis_url"}


def variable(field: str) -> str:
    """The environment variable of a field."""
    return field.upper() if field in _UNPREFIXED else PREFIX + field.upper()


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
    found["http"] = found["http"] or _all_addresses(given.get("PORT"))
    return {field: value for field, value in found.items() if value}


def _all_addresses(port: str | None) -> str | None:
    """The address that a platform (Fly, Heroku, Render) expects of a program that it has given a PORT."""
    if not port:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise SettingError(
            "PORT: must be a number from 1 to 65535; remove it, or set SAVVYCAL_HTTP, which wins over it"
        )
    return f"0.0.0.0:{port}"


def _value(field: str, given: Mapping[str, str]) -> str | None:
    name = variable(field)
    path = given.get(f"{name}_FILE") if is_secret(field) else None
    if path and given.get(name):
        raise SettingError(f"{name} and {name}_FILE are both set: keep one")
    value = read_secret_file(f"{name}_FILE", Path(path)) if path else given.get(name)
    if value and field not in _EXAMINED_LATER and (flaw := flaw_of(value)):
        raise SettingError(f"{name}_FILE: what it holds {flaw}" if path else f"{name}: {flaw}")
    return value


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = {variable(field) for field in Settings.model_fields}
    known |= {f"{variable(field)}_FILE" for field in Settings.model_fields if is_secret(field)}
    if marked := marked_name(given):
        raise SettingError(f"{marked}: its name begins with a byte order mark: save the env file without one")
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in known and not is_service_link(name, given[name]):
            near = difflib.get_close_matches(name, known, 1)
            raise SettingError(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))


def address(settings: Settings, field: str, environ: Mapping[str, str] | None = None) -> Token | None:
    """A way to get DATABASE_URL, DATABASE_DIRECT_URL or REDIS_URL, None when it is not set. One from a file is read
    again for each new connection: passwords are replaced while the daemon runs.
    """
    return _secret(settings, field, environ)


def secret_keys(settings: Settings, environ: Mapping[str, str] | None = None) -> Token | None:
    """A way to get the text of SAVVYCAL_SECRET_KEYS, None when it is not set."""
    return _secret(settings, "secret_keys", environ)


def admin_token(settings: Settings, environ: Mapping[str, str] | None = None) -> Token | None:
    """A way to get SAVVYCAL_ADMIN_TOKEN, None when it is not set."""
    return _secret(settings, "admin_token", environ)


def _secret(settings: Settings, field: str, environ: Mapping[str, str] | None) -> Token | None:
    """Returns the value, or reads the file it came from again, so that a replaced file needs no restart."""
    path = (os.environ if environ is None else environ).get(f"{variable(field)}_FILE")
    text: SecretStr | None = getattr(settings, field)
    if text is None:
        return None
    return file_token(f"{variable(field)}_FILE", Path(path)) if path else text.get_secret_value

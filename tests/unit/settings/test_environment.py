"""Settings: each one, each way to get one wrong, and that no value of a secret is ever told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.unit.settings.examples import CANARY, SECRETS, VALUES, file_with
from worker.errors import SettingError
from worker.settings import Embedded, Settings, accounts, is_secret, load, read_secret_file, variable


def plain(settings: Settings) -> dict[str, Any]:
    """Settings with their secrets told."""
    found = settings.model_dump()
    return {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in found.items()}


def refused(given: dict[str, str]) -> str:
    """The line that a wrong environment is refused with."""
    with pytest.raises(SettingError) as caught:
        load(given)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert CANARY not in repr(caught.value)
    return message


def test_nothing_has_to_be_set() -> None:
    """An empty environment gives the documented defaults."""
    assert plain(load({})) == {
        "database_url": None,
        "database_direct_url": None,
        "proxy": None,
        "redis_url": None,
        "meetings_token": None,
        "meetings_url": "https://api.savvycal.com/v1",
        "appointments_token": None,
        "appointments_url": "https://api.savvycal.app/v1",
        "appointments_account": None,
        "appointments_include_sensitive": True,
        "meetings_webhook_secrets": None,
        "appointments_webhook_secrets": None,
        "webhook_retention_days": 35,
        "secret_keys": None,
        "drop_fields": "",
        "snapshot_retention_days": None,
        "change_retention_days": None,
        "run_retention_days": 90,
        "accounts_file": None,
        "http": "127.0.0.1:8321",
        "admin_http": None,
        "admin_token": None,
        "embedded": Embedded.AUTO,
        "data_dir": Path(".savvycal-sync"),
        "poll_near_seconds": 60,
        "poll_month_seconds": 600,
        "poll_later_seconds": 3600,
        "poll_all_seconds": 86400,
        "requests_per_minute": 240,
        "log_level": "info",
        "log_format": "text",
    }


def test_everything_can_be_set() -> None:
    """Each variable reaches its field and no other."""
    assert plain(load(VALUES)) == {
        "database_url": "postgresql://u:p@db/mirror",
        "database_direct_url": "postgresql://u:p@server/mirror",
        "proxy": "http://u:p@proxy.example.test:3128/",
        "redis_url": "rediss://:p@queue/0",
        "meetings_token": "pt_secret_1",
        "meetings_url": "http://127.0.0.1:8000/v1",
        "appointments_token": "sk_1",
        "appointments_url": "https://api.example.test/v1",
        "appointments_account": "acct_000000000001",
        "appointments_include_sensitive": False,
        "meetings_webhook_secrets": "secret_1,secret_2",
        "appointments_webhook_secrets": "secret_3",
        "webhook_retention_days": 90,
        "secret_keys": "key_1,key_2",
        "drop_fields": "client.phone",
        "snapshot_retention_days": 400,
        "change_retention_days": 40,
        "run_retention_days": 30,
        "accounts_file": None,
        "http": "0.0.0.0:9000",
        "admin_http": "127.0.0.1:9001",
        "admin_token": "admin_1",
        "embedded": Embedded.NEVER,
        "data_dir": Path("/var/lib/savvycal-sync"),
        "poll_near_seconds": 30,
        "poll_month_seconds": 300.5,
        "poll_later_seconds": 7200,
        "poll_all_seconds": 43200,
        "requests_per_minute": 60,
        "log_level": "debug",
        "log_format": "json",
    }
    assert load({"SAVVYCAL_ACCOUNTS_FILE": "/etc/accounts.toml"}).accounts_file == Path("/etc/accounts.toml")


def test_every_setting_is_tried_here() -> None:
    """A new setting needs a line in these tests, and every setting says what it is for."""
    assert {variable(name) for name in Settings.model_fields} == {*VALUES, "SAVVYCAL_ACCOUNTS_FILE"}
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mapping the real environment is read."""
    for name in VALUES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SAVVYCAL_MEETINGS_TOKEN", "pt_secret_1")
    settings = load()
    assert plain(settings)["meetings_token"] == "pt_secret_1"
    assert [account.name for account in accounts(settings)] == ["default"]


def test_an_empty_variable_is_not_set() -> None:
    """A variable that is set to nothing has its default, as in a compose file with gaps."""
    assert load(dict.fromkeys([*VALUES, *(f"{name}_FILE" for name in SECRETS)], "")) == load({})


def test_other_variables_are_none_of_our_business() -> None:
    """Only names that begin like ours are read."""
    assert load({"PATH": "/bin", "SAVVY": "1", "savvycal_http": "x", "MY_SAVVYCAL_HTTP": "x"}) == load({})


def test_a_platform_gives_a_port() -> None:
    """Fly, Heroku and Render set PORT and send requests to it from elsewhere; an address of our own setting wins."""
    assert load({"PORT": "10000"}).http == "0.0.0.0:10000"
    assert load({"PORT": "10000", "SAVVYCAL_HTTP": "127.0.0.1:1"}).http == "127.0.0.1:1"
    assert load({"PORT": "not read", "SAVVYCAL_HTTP": "127.0.0.1:1"}).http == "127.0.0.1:1"
    assert load({"PORT": ""}) == load({})


@pytest.mark.parametrize("value", ["0", "65536", "-1", "80.0", "tcp://10.0.0.1:80", "٣", "8321\n", CANARY])
def test_a_port_that_is_none_is_refused(value: str) -> None:
    """By its own name, with the way out."""
    assert refused({"PORT": value}).startswith(
        "PORT: must be a number from 1 to 65535; remove it, or set SAVVYCAL_HTTP"
    )


def test_the_four_cadences() -> None:
    """Seconds become the cadences of near, month, later and all, in that order."""
    assert load(VALUES).every() == (
        timedelta(seconds=30),
        timedelta(seconds=300, milliseconds=500),
        timedelta(hours=2),
        timedelta(hours=12),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"mysql://{CANARY}"),
        ("DATABASE_URL", CANARY),
        ("DATABASE_URL", f" postgresql://{CANARY}"),
        ("REDIS_URL", f"http://{CANARY}"),
        ("REDIS_URL", f"{CANARY}:6379"),
        ("REDIS_URL", "redis://h:abc/0"),
        ("REDIS_URL", "redis://h:99999/0"),
        ("REDIS_URL", f"redis://h/0?foo={CANARY}"),
        ("REDIS_URL", "redis://h/0?ssl_cert_reqs=none"),
        ("REDIS_URL", f"redis://h/0?socket_timeout={CANARY}"),
        ("DATABASE_URL", "postgresql://h:abc/db"),
        ("DATABASE_URL", "postgresql://one,two:99999/db"),
        ("DATABASE_URL", "postgresql://a..b/db"),
        ("DATABASE_URL", "postgresql://[::1/db"),
        ("SAVVYCAL_MEETINGS_URL", f"ftp://{CANARY}"),
        ("SAVVYCAL_MEETINGS_URL", f"https://user:{CANARY}@host/v1"),
        ("SAVVYCAL_MEETINGS_URL", f"https://host/v1?token={CANARY}"),
        ("SAVVYCAL_APPOINTMENTS_URL", f"https://host/v1#{CANARY}"),
        ("SAVVYCAL_APPOINTMENTS_URL", "https://"),
        ("SAVVYCAL_APPOINTMENTS_URL", "https://host/v1\n"),
        ("SAVVYCAL_APPOINTMENTS_URL", "https://host:port/v1"),
        ("SAVVYCAL_APPOINTMENTS_INCLUDE_SENSITIVE", CANARY),
        ("SAVVYCAL_HTTP", CANARY),
        ("SAVVYCAL_HTTP", ":8321"),
        ("SAVVYCAL_HTTP", "127.0.0.1:"),
        ("SAVVYCAL_HTTP", "::1:8321"),
        ("SAVVYCAL_HTTP", "127.0.0.1:8321\n"),
        ("SAVVYCAL_HTTP", "127.0.0.1:65536"),
        ("SAVVYCAL_EMBEDDED", CANARY),
        ("SAVVYCAL_POLL_NEAR_SECONDS", CANARY),
        ("SAVVYCAL_POLL_NEAR_SECONDS", "0"),
        ("SAVVYCAL_POLL_NEAR_SECONDS", "nan"),
        ("SAVVYCAL_POLL_NEAR_SECONDS", "inf"),
        ("SAVVYCAL_POLL_MONTH_SECONDS", "86401"),
        ("SAVVYCAL_POLL_LATER_SECONDS", "604801"),
        ("SAVVYCAL_POLL_ALL_SECONDS", "2592001"),
        ("SAVVYCAL_REQUESTS_PER_MINUTE", "0"),
        ("SAVVYCAL_REQUESTS_PER_MINUTE", "1.5"),
        ("SAVVYCAL_REQUESTS_PER_MINUTE", CANARY),
        ("SAVVYCAL_LOG_LEVEL", CANARY),
        ("SAVVYCAL_LOG_LEVEL", "INFO"),
        ("SAVVYCAL_LOG_FORMAT", CANARY),
    ],
)
def test_a_wrong_value_names_its_variable_and_not_itself(name: str, value: str) -> None:
    """A wrong setting is one line that names the variable and the rule, never the value."""
    message = refused({name: value})
    assert message.startswith(f"{name}: ")
    assert len(message) > len(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://db/x"),
        ("DATABASE_URL", "postgresql://u:p%40@one:5432,two/x?target_session_attrs=primary"),
        ("DATABASE_URL", "postgresql://u@/x?host=/run/postgresql"),
        ("REDIS_URL", "redis://queue"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("REDIS_URL", "rediss://:p@queue:6380/1?ssl_cert_reqs=none&ssl_check_hostname=false"),
        ("REDIS_URL", "redis://queue/0?socket_timeout=3"),
        ("REDIS_URL", "redis://queue/0?timeout=20"),
        ("DATABASE_URL", f"postgresql://u@%2Fhome%2F{'x' * 70}%2F16/db"),
        ("SAVVYCAL_MEETINGS_URL", "https://host"),
        ("SAVVYCAL_MEETINGS_URL", "http://[::1]:8000/v1"),
        ("SAVVYCAL_HTTP", "[::1]:8321"),
        ("SAVVYCAL_HTTP", "localhost:1"),
        ("SAVVYCAL_HTTP", "127.0.0.1:65535"),
        ("SAVVYCAL_APPOINTMENTS_INCLUDE_SENSITIVE", "on"),
        ("SAVVYCAL_LOG_LEVEL", "warning"),
    ],
)
def test_right_values(name: str, value: str) -> None:
    """Every documented form is accepted."""
    assert load({name: value})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "SAVVYCAL_MEETING_TOKEN",
            "SAVVYCAL_MEETING_TOKEN is not a setting; did you mean SAVVYCAL_MEETINGS_TOKEN?",
        ),
        ("SAVVYCAL_HTTP_FILE", "SAVVYCAL_HTTP_FILE is not a setting; did you mean SAVVYCAL_HTTP?"),
        ("SAVVYCAL_QQQQQQQQQQQQQQQQQQQQQQQQQQQQ", "SAVVYCAL_QQQQQQQQQQQQQQQQQQQQQQQQQQQQ is not a setting"),
    ],
)
def test_an_unknown_variable_is_refused(name: str, message: str) -> None:
    """A name of ours that nobody knows is a typing mistake; the nearest setting is suggested where one is near."""
    assert refused({name: CANARY}) == message


def test_secrets() -> None:
    """Addresses with passwords and tokens are secrets, and print as stars."""
    assert [variable(name) for name in Settings.model_fields if is_secret(name)] == SECRETS
    shown = repr(load({name: VALUES[name] + CANARY for name in SECRETS}))
    assert CANARY not in shown
    assert shown.count("**********") == len(SECRETS)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_stand_in_a_file(name: str, tmp_path: Path) -> None:
    """NAME_FILE names a file that holds the secret; the line break at its end is no part of it."""
    (field,) = [field for field in Settings.model_fields if variable(field) == name]
    path = file_with(tmp_path, f"{VALUES[name]}\n")
    assert plain(load({f"{name}_FILE": path}))[field] == VALUES[name]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_given_once(name: str, tmp_path: Path) -> None:
    """A variable and its file together are a mistake that nobody should have to guess about."""
    path = file_with(tmp_path, CANARY)
    assert refused({name: CANARY, f"{name}_FILE": path}) == f"{name} and {name}_FILE are both set: keep one"


def test_a_secret_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    """What stands below the first line is no part of the secret."""
    assert read_secret_file("X", Path(file_with(tmp_path, "pt_secret_1\nmade in January\n"))) == "pt_secret_1"
    assert read_secret_file("X", Path(file_with(tmp_path, "\r\n pt_secret_1 \r\n"))) == "pt_secret_1"


@pytest.mark.parametrize("text", ["", "\n", " \t\n"])
def test_an_empty_file_is_no_secret(text: str, tmp_path: Path) -> None:
    """A file without a word in it is refused by the name of the variable."""
    path = file_with(tmp_path, text)
    assert refused({"SAVVYCAL_MEETINGS_TOKEN_FILE": path}) == "SAVVYCAL_MEETINGS_TOKEN_FILE: the file is empty"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a directory and bytes that are no text are refused with the kind of the error."""
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for path, found in (("", "IsADirectoryError"), ("bytes", "UnicodeDecodeError"), (CANARY, "FileNotFoundError")):
        message = refused({"DATABASE_URL_FILE": str(tmp_path / path)})
        assert message == f"DATABASE_URL_FILE: the file cannot be read ({found})"


def test_a_wrong_value_in_a_file_is_not_told(tmp_path: Path) -> None:
    """The rule that a file's content breaks is told by the name of the setting."""
    path = file_with(tmp_path, f"mysql://{CANARY}")
    assert refused({"DATABASE_URL_FILE": path}) == "DATABASE_URL: must start with postgresql:// or postgres://"

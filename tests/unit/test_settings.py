"""Settings: each one, each way to get one wrong, and that no value of a secret is ever told."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from worker.errors import SettingError
from worker.settings import Account, Embedded, Settings, accounts, is_secret, load, read_secret_file, variable

CANARY = "canary-7f3a"
SECRETS = ["DATABASE_URL", "REDIS_URL", "SAVVYCAL_MEETINGS_TOKEN", "SAVVYCAL_APPOINTMENTS_TOKEN"]
SECRETS += [
    "SAVVYCAL_MEETINGS_WEBHOOK_SECRETS",
    "SAVVYCAL_APPOINTMENTS_WEBHOOK_SECRETS",
    "SAVVYCAL_ADMIN_TOKEN",
    "SAVVYCAL_SECRET_KEYS",
]
VALUES = {
    "DATABASE_URL": "postgresql://u:p@db/mirror",
    "REDIS_URL": "rediss://:p@queue/0",
    "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_1",
    "SAVVYCAL_MEETINGS_URL": "http://127.0.0.1:8000/v1",
    "SAVVYCAL_APPOINTMENTS_TOKEN": "sk_1",
    "SAVVYCAL_APPOINTMENTS_URL": "https://api.example.test/v1",
    "SAVVYCAL_APPOINTMENTS_ACCOUNT": "acct_000000000001",
    "SAVVYCAL_APPOINTMENTS_INCLUDE_SENSITIVE": "false",
    "SAVVYCAL_MEETINGS_WEBHOOK_SECRETS": "secret_1,secret_2",
    "SAVVYCAL_APPOINTMENTS_WEBHOOK_SECRETS": "secret_3",
    "SAVVYCAL_WEBHOOK_RETENTION_DAYS": "90",
    "SAVVYCAL_SECRET_KEYS": "key_1,key_2",
    "SAVVYCAL_DROP_FIELDS": "client.phone",
    "SAVVYCAL_SNAPSHOT_RETENTION_DAYS": "400",
    "SAVVYCAL_CHANGE_RETENTION_DAYS": "40",
    "SAVVYCAL_RUN_RETENTION_DAYS": "30",
    "SAVVYCAL_HTTP": "0.0.0.0:9000",
    "SAVVYCAL_ADMIN_HTTP": "127.0.0.1:9001",
    "SAVVYCAL_ADMIN_TOKEN": "admin_1",
    "SAVVYCAL_EMBEDDED": "never",
    "SAVVYCAL_DATA_DIR": "/var/lib/savvycal-sync",
    "SAVVYCAL_POLL_NEAR_SECONDS": "30",
    "SAVVYCAL_POLL_MONTH_SECONDS": "300.5",
    "SAVVYCAL_POLL_LATER_SECONDS": "7200",
    "SAVVYCAL_POLL_ALL_SECONDS": "43200",
    "SAVVYCAL_REQUESTS_PER_MINUTE": "60",
    "SAVVYCAL_LOG_LEVEL": "debug",
    "SAVVYCAL_LOG_FORMAT": "json",
}
"""A value of its own for every setting but the accounts file."""


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


def file_with(directory: Path, text: str, name: str = "secret") -> str:
    """The path of a file with this text."""
    path = directory / name
    path.write_text(text, "utf-8")
    return str(path)


def accounts_from(directory: Path, text: str) -> list[Account]:
    """The accounts of an accounts file."""
    environ = {"SAVVYCAL_ACCOUNTS_FILE": file_with(directory, text, "accounts.toml")}
    return accounts(load(environ), environ)


def accounts_refused(directory: Path, text: str) -> str:
    """The line that an accounts file is refused with."""
    with pytest.raises(SettingError) as caught:
        accounts_from(directory, text)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert CANARY not in repr(caught.value)
    return message


def test_nothing_has_to_be_set() -> None:
    """An empty environment gives the documented defaults."""
    assert plain(load({})) == {
        "database_url": None,
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
    """Only names that begin like ours are looked at."""
    assert load({"PATH": "/bin", "SAVVY": "1", "savvycal_http": "x", "MY_SAVVYCAL_HTTP": "x"}) == load({})


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
        ("REDIS_URL", "rediss://:p@queue:6380/1?ssl_cert_reqs=none&ssl_ca_certs=/etc/ca.pem"),
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


def test_no_token_no_account() -> None:
    """Without a token there is nothing to ask."""
    assert accounts(load({}), {}) == []


def test_one_account_from_the_environment() -> None:
    """Single tokens make the account `default`, with what is set beside them."""
    (account,) = accounts(load(VALUES), VALUES)
    assert account.name == "default"
    assert account.meetings_url == "http://127.0.0.1:8000/v1"
    assert account.appointments_url == "https://api.example.test/v1"
    assert account.appointments_account == "acct_000000000001"
    assert account.include_sensitive is False
    assert account.meetings_token
    assert account.meetings_token() == "pt_secret_1"
    assert account.appointments_token
    assert account.appointments_token() == "sk_1"


def test_one_product_is_enough() -> None:
    """A product without a token is left out."""
    environ = {"SAVVYCAL_APPOINTMENTS_TOKEN": "sk_1"}
    (account,) = accounts(load(environ), environ)
    assert account.meetings_token is None
    assert account.appointments_token


def test_a_token_file_is_read_anew(tmp_path: Path) -> None:
    """A replaced file needs no restart; one that is away for a moment leaves the token it had."""
    path = file_with(tmp_path, "pt_secret_1\n")
    environ = {"SAVVYCAL_MEETINGS_TOKEN_FILE": path}
    (account,) = accounts(load(environ), environ)
    assert account.meetings_token
    assert account.meetings_token() == "pt_secret_1"
    file_with(tmp_path, "pt_secret_2\n")
    assert account.meetings_token() == "pt_secret_2"
    Path(path).unlink()
    assert account.meetings_token() == "pt_secret_2"


def test_a_token_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbfpt_secret_a1\r\n")
    given = {"SAVVYCAL_MEETINGS_TOKEN_FILE": str(tmp_path / "token")}
    (account,) = accounts(load(given), given)
    assert account.meetings_token is not None
    assert account.meetings_token() == "pt_secret_a1"


def test_several_accounts(tmp_path: Path) -> None:
    """Each table of the accounts file is an account; what it does not say comes from the environment's settings."""
    file_with(tmp_path, "sk_from_file\n")
    berlin, paris = accounts_from(
        tmp_path,
        f"""
        [berlin]
        meetings_token = "pt_secret_b"
        meetings_url = "https://b.example.test/v1"
        [paris]
        appointments_token_file = "{tmp_path / "secret"}"
        appointments_url = "https://p.example.test/v1"
        appointments_account = "acct_000000000002"
        appointments_include_sensitive = false
        """,
    )
    assert (berlin.name, berlin.meetings_url, berlin.appointments_url) == (
        "berlin",
        "https://b.example.test/v1",
        "https://api.savvycal.app/v1",
    )
    assert berlin.meetings_token
    assert berlin.meetings_token() == "pt_secret_b"
    assert (berlin.appointments_token, berlin.appointments_account, berlin.include_sensitive) == (None, None, True)
    assert paris.appointments_token
    assert paris.appointments_token() == "sk_from_file"
    assert (paris.name, paris.appointments_url) == ("paris", "https://p.example.test/v1")
    assert (paris.meetings_token, paris.appointments_account) == (None, "acct_000000000002")
    assert paris.include_sensitive is False
    file_with(tmp_path, "sk_replaced\n")
    assert paris.appointments_token() == "sk_replaced"


@pytest.mark.parametrize("name", ["SAVVYCAL_MEETINGS_TOKEN", "SAVVYCAL_APPOINTMENTS_TOKEN"])
def test_an_accounts_file_and_single_tokens_are_too_much(name: str, tmp_path: Path) -> None:
    """Which of the two is meant cannot be known."""
    environ = {"SAVVYCAL_ACCOUNTS_FILE": file_with(tmp_path, "[a]\nmeetings_token='x'"), name: CANARY}
    with pytest.raises(SettingError) as caught:
        accounts(load(environ), environ)
    assert str(caught.value) == "SAVVYCAL_ACCOUNTS_FILE and single tokens are both set: keep one"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no account in it"),
        (f"{CANARY}", r"cannot be read \(TOMLDecodeError\)"),
        (f'[a]\nmeetings_token = "{CANARY}', r"cannot be read \(TOMLDecodeError\)"),
        (f'meetings_token = "{CANARY}"', r"each account is a table \[name\]"),
        (f'[[a]]\nmeetings_token = "{CANARY}"', r"each account is a table \[name\]"),
        ('["a b"]\nmeetings_token = "x"', r"each account is a table \[name\]"),
        ('["a:b"]\nmeetings_token = "x"', r"each account is a table \[name\]"),
        ('["a\\n"]\nmeetings_token = "x"', r"each account is a table \[name\]"),
        ('[""]\nmeetings_token = "x"', r"each account is a table \[name\]"),
        (f'[{"x" * 65}]\nmeetings_token = "x"', r"each account is a table \[name\]"),
        (f'[a]\nmeeting_token = "{CANARY}"', r"\[a\] has an unknown key meeting_token"),
        ('[a.b]\nmeetings_token = "x"', r"\[a\] has an unknown key b"),
        ("[a]", r"\[a\] has no token"),
        ('[a]\nmeetings_token = ""\nmeetings_url = "https://x"', r"\[a\] has no token"),
        (f"[a]\nmeetings_token = ['{CANARY}']", r"\[a\] .*meetings_token"),
        ("[a]\nmeetings_token = 5", r"\[a\] .*meetings_token"),
        ("[a]\nmeetings_token_file = 5", r"\[a\] .*meetings_token_file"),
        (f'[a]\nmeetings_token = "x"\nmeetings_url = "ftp://{CANARY}"', r"\[a\] .*meetings_url"),
        ('[a]\nmeetings_token = "x"\nmeetings_url = 5', r"\[a\] .*meetings_url"),
        ('[a]\nmeetings_token = "x"\nappointments_account = 5', r"\[a\] .*appointments_account"),
        ('[a]\nmeetings_token = "x"\nappointments_include_sensitive = "maybe"', r"\[a\] .*appointments_include_sens"),
        ('[a]\nmeetings_token_file = "/nonexistent/token"', r"\[a\] .*meetings_token_file: the file cannot be read"),
        ('[a]\nmeetings_token_file = "a\\u0000b"', r"\[a\] .*meetings_token_file"),
        (
            f'[a]\nmeetings_token = "{CANARY}"\nmeetings_token_file = "/x"',
            r"\[a\] .*meetings_token and meetings_token_file are both set",
        ),
    ],
)
def test_a_wrong_accounts_file(text: str, message: str, tmp_path: Path) -> None:
    """Whatever is wrong in the file is one line that names the variable, the account and the key, never a value."""
    found = accounts_refused(tmp_path, text)
    assert re.match(f"SAVVYCAL_ACCOUNTS_FILE: {message}", found), found


def test_an_accounts_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file and bytes that are no text are refused with the kind of the error."""
    path = tmp_path / CANARY
    environ = {"SAVVYCAL_ACCOUNTS_FILE": str(path)}
    for found in ("FileNotFoundError", "UnicodeDecodeError"):
        with pytest.raises(SettingError) as caught:
            accounts(load(environ), environ)
        assert str(caught.value) == f"SAVVYCAL_ACCOUNTS_FILE: cannot be read ({found})"
        path.write_bytes(b"\xff\xfe")

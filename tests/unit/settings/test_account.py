"""Accounts: from single variables and from the accounts file, each way to get one wrong, and no secret ever told."""

import re
from pathlib import Path

import pytest

from tests.unit.settings.examples import CANARY, VALUES, file_with
from worker.errors import SettingError
from worker.settings import Account, accounts, load


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


def test_a_token_file_is_read_again(tmp_path: Path) -> None:
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
    """Each table of the accounts file is an account; what it does not set comes from the environment's settings."""
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

"""What to change in the settings: a flaw of a token is named at start and at a refusal; never the token itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.savvycal.examples import OFTEN
from worker import errors, settings
from worker.savvycal.advice import SettingNames, advised
from worker.settings.tokens import token_flaw

SECRET = "Zq8Kw1leak"
NAMES = SettingNames("appointments", "SAVVYCAL_APPOINTMENTS_TOKEN", "SAVVYCAL_APPOINTMENTS_ACCOUNT")
FLAWS = [
    ("meetings", f'"pt_secret_{SECRET}"', "is in quotes"),
    ("meetings", f"'pt_secret_{SECRET}'", "is in quotes"),
    ("meetings", f"“pt_secret_{SECRET}”", "is in quotes"),
    ("meetings", f"pt_secret_{SECRET}'", "is in quotes"),
    ("meetings", f"Bearer pt_secret_{SECRET}", "begins with the word Bearer"),
    ("appointments", f"bearer sk_{SECRET}", "begins with the word Bearer"),
    ("appointments", f" sk_{SECRET}", "white space at its beginning"),
    ("appointments", f"sk_{SECRET} ", "white space at its end"),
    ("appointments", f"sk_{SECRET}\n", "a line break at its end"),
    ("appointments", f"sk_{SECRET}\r\n", "a line break at its end"),
    ("appointments", f"sk_{SECRET}\nx", "a line break inside"),
    ("appointments", f"\ufeffsk_{SECRET}", "a byte order mark at its beginning"),
    ("appointments", f"sk_{SECRET}\u200b", "an invisible character at its end"),
    ("appointments", f"sk_{SECRET}…", "a character that is not ASCII at its end"),
    ("appointments", f"pt_secret_{SECRET}", "is a token of SavvyCal Meetings"),
    ("meetings", f"sk_{SECRET}", "is a token of SavvyCal Appointments"),
]


@pytest.mark.parametrize(("product", "token", "said"), FLAWS)
def test_a_flaw_is_one_line_at_start(product: str, token: str, said: str, tmp_path: Path) -> None:
    """From the environment and from an accounts file: the setting and what is wrong, without the token."""
    name = f"SAVVYCAL_{product.upper()}_TOKEN"
    environ = {name: token}
    path = tmp_path / "accounts.toml"
    path.write_text(f"[north]\n{product}_token = {_toml(token)}\n", "utf-8")
    in_file = {"SAVVYCAL_ACCOUNTS_FILE": str(path)}
    for given_, where in ((environ, name), (in_file, f"SAVVYCAL_ACCOUNTS_FILE: [north] {product}_token")):
        with pytest.raises(errors.SettingError) as caught:
            settings.accounts(settings.load(given_), given_)
        assert str(caught.value).startswith(f"{where} ")
        assert said in str(caught.value)
        assert SECRET not in repr(caught.value)


def _toml(text: str) -> str:
    return (
        '"'
        + "".join(letter if letter.isalnum() or letter in " _" else f"\\U{ord(letter):08x}" for letter in text)
        + '"'
    )


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Editors on Windows write one; quotes in a file are refused under the name of the variable that is set."""
    path = tmp_path / "token"
    path.write_bytes(b"\xef\xbb\xbfpt_secret_1\r\n")
    environ = {"SAVVYCAL_MEETINGS_TOKEN_FILE": str(path)}
    (account,) = settings.accounts(settings.load(environ), environ)
    assert account.meetings_token
    assert account.meetings_token() == "pt_secret_1"
    path.write_text('"pt_secret_1"\n')
    with pytest.raises(errors.SettingError, match=r"^SAVVYCAL_MEETINGS_TOKEN_FILE is in quotes"):
        settings.accounts(settings.load(environ), environ)


def test_settings_are_named_as_the_user_wrote_them(tmp_path: Path) -> None:
    """A variable, the variable of a file, or a key of the accounts file."""
    token, table = tmp_path / "token", tmp_path / "accounts.toml"
    token.write_text("sk_1\n")
    table.write_text(f'[north]\nappointments_token_file = "{token}"\n')
    names = {}
    for environ in ({"SAVVYCAL_APPOINTMENTS_TOKEN": "sk_1"}, {"SAVVYCAL_ACCOUNTS_FILE": str(table)}):
        (account,) = settings.accounts(settings.load(environ), environ)
        names[account.name] = [account.setting_of(f"appointments_{what}") for what in ("token", "account")]
    assert names == {
        "default": ["SAVVYCAL_APPOINTMENTS_TOKEN", "SAVVYCAL_APPOINTMENTS_ACCOUNT"],
        "north": [
            "SAVVYCAL_ACCOUNTS_FILE: [north] appointments_token_file",
            "SAVVYCAL_ACCOUNTS_FILE: [north] appointments_account",
        ],
    }


@pytest.mark.parametrize("name", ["SAVVYCAL_APPOINTMENTS_ACCOUNT", "SAVVYCAL_MEETINGS_WEBHOOK_SECRETS"])
def test_quotes_are_refused_wherever_they_break_something(name: str) -> None:
    """Whatever comes out of an env file with quotes: an account id, webhook secrets."""
    environ = {"SAVVYCAL_MEETINGS_TOKEN": "pt_secret_1", name: '"value"'}
    with pytest.raises(errors.SettingError, match=f"^{name}:? is in quotes"):
        settings.accounts(settings.load(environ), environ)


@OFTEN
@given(token=st.text("abcdefXYZ0189_-.~+/=", min_size=1))
def test_a_good_token_has_no_flaw(token: str) -> None:
    """Any text of the alphabet of bearer tokens, unless it begins like a token of the other product."""
    assert token_flaw("meetings", f"pt_secret_{token}") is None
    assert token_flaw("appointments", f"sk_{token}") is None
    assert token_flaw("appointments", f"e{token}") is None


@pytest.mark.parametrize(
    ("error", "token", "has_account", "said"),
    [
        (
            errors.Refused("SavvyCal answered 400: You must use an account-scoped token", 400),
            "sk_1",
            False,
            "needs SAVV",
        ),
        (
            errors.Refused("SavvyCal answered 400: You must use an account-scoped token", 400),
            "sk_1",
            True,
            "is set: does",
        ),
        (errors.Unauthorized("SavvyCal answered 401", 401), "pt_secret_1", False, "is a token of SavvyCal Meetings"),
        (
            errors.Unauthorized("SavvyCal answered 401", 401),
            '"sk_1"',
            False,
            "SAVVYCAL_APPOINTMENTS_TOKEN is in quotes",
        ),
        (errors.Unauthorized("SavvyCal answered 401", 401), "sk_1", False, "make a new token"),
        (errors.Refused("the request could not be built (ValueError)"), "sk\n1", False, "a line break"),
        (errors.Refused("SavvyCal answered 400: Invalid value", 400), "sk_1", False, None),
        (errors.Unauthorized("SavvyCal answered 403", 403), "sk_1", False, None),
        (errors.RateLimited("SavvyCal answered 429", 5), "sk\n1", False, None),
        (errors.ServerFault("SavvyCal answered 500: account", 500), "sk_1", False, None),
    ],
)
def test_an_error_names_the_setting_to_change(
    error: errors.UpstreamError, token: str, has_account: bool, said: str | None
) -> None:
    """Same kind, same status; errors that no setting causes stay as they are."""
    found = advised(error, NAMES, token, has_account)
    assert (type(found), found.status) == (type(error), error.status)
    assert (found is error) if said is None else (said in str(found))
    assert token not in str(found)

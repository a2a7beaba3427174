"""Which proxy leads to SavvyCal, and what an environment holds that nobody meant to set."""

from pathlib import Path

import pytest

from worker.errors import SettingError
from worker.settings import accounts, load
from worker.settings.proxy import find_proxy

URL = "https://api.savvycal.com/v1"
TOKEN = {"SAVVYCAL_MEETINGS_TOKEN": "pt_secret_1"}


def place(environ: dict[str, str], url: str = URL) -> str | None:
    """Where requests go first."""
    found = find_proxy(None, environ, url)
    return f"{found.setting} {found.place}" if found else None


def test_the_environment_is_read_as_other_programs_read_it() -> None:
    """Small letters win, a bare HOST:PORT is HTTP, and no proxy is used for addresses on this machine."""
    assert place({}) is None
    assert place({"HTTPS_PROXY": "http://u:p@proxy:3128"}) == "HTTPS_PROXY proxy:3128"
    assert place({"HTTPS_PROXY": "http://a:1", "https_proxy": "b:2"}) == "https_proxy b:2"
    assert place({"ALL_PROXY": "http://a:1"}) == "ALL_PROXY a:1"
    assert place({"HTTP_PROXY": "http://a:1"}) is None
    assert place({"HTTPS_PROXY": "http://a:1"}, "http://127.0.0.1:8322/v1") is None


@pytest.mark.parametrize(
    ("exceptions", "is_direct"),
    [
        ("*", True),
        ("api.savvycal.com", True),
        (".savvycal.com", True),
        ("localhost, savvycal.com", True),
        ("api.savvycal.com:443", False),
        ("vycal.com", False),
        ("localhost,10.0.0.0/8,", False),
        ("", False),
    ],
)
def test_no_proxy_names_hosts_and_domains(exceptions: str, is_direct: bool) -> None:
    """With or without a dot in front."""
    for name in ("NO_PROXY", "no_proxy"):
        assert (place({"HTTPS_PROXY": "http://a:1", name: exceptions}) is None) == is_direct
    assert place({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "h.test:8443"}, "https://h.test:8443/v1") is None


def test_the_setting_of_this_program_comes_first() -> None:
    """SAVVYCAL_PROXY is for SavvyCal alone, so NO_PROXY does not apply to it."""
    given = TOKEN | {"SAVVYCAL_PROXY": "http://u:pw@own:1", "HTTPS_PROXY": "http://a:1", "NO_PROXY": "*"}
    [account] = accounts(load(given), given)
    assert {found and found.place for found in account.proxies.values()} == {"own:1"}
    assert "pw" not in repr(account.proxies)


@pytest.mark.parametrize("name", ["SAVVYCAL_PROXY", "HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize("value", ["socks5://u:secret-of-it@proxy:1080", "http://", "http://proxy:notaport"])
def test_a_proxy_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    """In one line that names the variable and not its value."""
    given = TOKEN | {name: value}
    with pytest.raises(SettingError, match=f"^{name}: must be http://HOST:PORT") as found:
        accounts(load(given), given)
    assert "secret-of-it" not in str(found.value)


def test_a_missing_file_of_authorities_is_named(tmp_path: Path) -> None:
    """OpenSSL would ignore it and then trust nobody."""
    given = TOKEN | {"SSL_CERT_FILE": str(tmp_path / "ca.pem")}
    with pytest.raises(SettingError, match=f"^SSL_CERT_FILE: there is no file {tmp_path}/ca.pem$"):
        accounts(load(given), given)
    (tmp_path / "ca.pem").touch()
    assert accounts(load(given), given)


LINKS = {
    "SAVVYCAL_SYNC_SERVICE_HOST": "10.0.0.7",
    "SAVVYCAL_SYNC_SERVICE_PORT": "8321",
    "SAVVYCAL_SYNC_SERVICE_PORT_HTTP": "8321",
    "SAVVYCAL_SYNC_PORT": "tcp://10.0.0.7:8321",
    "SAVVYCAL_SYNC_PORT_8321_TCP": "tcp://10.0.0.7:8321",
    "SAVVYCAL_SYNC_PORT_8321_TCP_PROTO": "tcp",
    "SAVVYCAL_SYNC_PORT_8321_TCP_PORT": "8321",
    "SAVVYCAL_SYNC_PORT_8321_TCP_ADDR": "fd00::7",
    "SAVVYCAL_PORT": "tcp://10.0.0.7:8321",
}


def test_service_links_of_kubernetes_are_no_settings() -> None:
    """They are there for every Service of the namespace."""
    assert load(LINKS) == load({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAVVYCAL_SYNC_PORT", "8321x"),
        ("SAVVYCAL_PORT", "any"),
        ("SAVVYCAL_SYNC_PORT_8321_TCP_ADR", "10.0.0.7"),
        ("SAVVYCAL_SYNC_SERVICE_HOSTS", "10.0.0.7"),
        ("SAVVYCAL_HTTP_PORTS", "8321"),
    ],
)
def test_names_that_resemble_service_links_are_refused(name: str, value: str) -> None:
    """A mistyped setting is never ignored."""
    with pytest.raises(SettingError, match=f"^{name} is not a setting"):
        load({name: value})


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "SAVVYCAL_HTTP", "SAVVYCAL_SECRET_KEYS"])
@pytest.mark.parametrize(
    ("flawed", "said"),
    [
        ('"{}"', "is in quotes: remove them"),
        ("'{}'", "is in quotes: remove them"),
        ("\ufeff{}", "begins with a byte order mark"),
        ("{}\r", "ends with a line break of Windows"),
    ],
)
def test_marks_around_a_value_are_named(name: str, flawed: str, said: str) -> None:
    """Instead of a rule that the value seems to keep."""
    with pytest.raises(SettingError, match=f"^{name}: {said}"):
        load({name: flawed.format("postgresql://u:p@db/mirror")})


def test_a_byte_order_mark_before_a_name_is_named() -> None:
    """An env file of an editor on Windows: its first variable would be missing."""
    with pytest.raises(SettingError, match=r"^SAVVYCAL_MEETINGS_TOKEN: its name begins with a byte order mark"):
        load({"\ufeffSAVVYCAL_MEETINGS_TOKEN": "pt_secret_1"})


@pytest.mark.parametrize("line_end", ["", "\n", "\r\n"])
def test_a_secret_file_of_an_editor_on_windows_is_read(tmp_path: Path, line_end: str) -> None:
    """Its mark and its line end are no part of the secret; quotes in it are named with the file's variable."""
    path = tmp_path / "url"
    path.write_bytes(f"\ufeffpostgresql://u:p@db/mirror{line_end}".encode())
    found = load({"DATABASE_URL_FILE": str(path)}).database_url
    assert found
    assert found.get_secret_value() == "postgresql://u:p@db/mirror"
    path.write_text(f'"postgresql://u:p@db/mirror"{line_end}')
    with pytest.raises(SettingError, match=r"^DATABASE_URL_FILE: what it holds is in quotes"):
        load({"DATABASE_URL_FILE": str(path)})

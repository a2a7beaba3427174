"""What may stand behind the ? of a Postgres address."""

from pathlib import Path

import pytest

from worker.errors import SettingError
from worker.settings import load
from worker.settings.postgres_options import IGNORED, MAPPED, PASSED, REFUSED, read_address

PLACE = "postgresql://u:p@db.example.test:6432/d"


def test_each_option_has_one_place() -> None:
    """Passed on, read here, ignored or refused."""
    places = [PASSED, MAPPED, IGNORED.keys(), REFUSED.keys()]
    assert sum(map(len, places)) == len(set().union(*places))


@pytest.mark.parametrize("name", sorted(IGNORED))
def test_what_is_harmless_is_left_out_with_a_line(name: str) -> None:
    """The driver never sees it."""
    found = read_address(f"{PLACE}?{name}=1&sslmode=require")
    assert found.url == f"{PLACE}?sslmode=require"
    [line] = found.ignored
    assert line.startswith(f"{name} is ignored: ")


@pytest.mark.parametrize("name", [*sorted(REFUSED), "sslmod", "statement_timeout", "nonsense"])
def test_what_cannot_be_honoured_is_refused_by_name(name: str) -> None:
    """The variable and the option are named, the value is not."""
    with pytest.raises(SettingError, match=f"^DATABASE_URL: .*{name}") as found:
        load({"DATABASE_URL": f"{PLACE}?{name}=value-of-it"})
    assert "value-of-it" not in str(found.value)


def test_what_is_mapped() -> None:
    """A deadline, a pooler, and the authorities of the machine."""
    found = read_address(f"{PLACE}?connect_timeout=7&pgbouncer=true&sslrootcert=system")
    assert (found.connect_seconds, found.is_pooled, found.url) == (7.0, True, f"{PLACE}?sslmode=verify-full")
    assert read_address(f"{PLACE}?connect_timeout=0").connect_seconds is None


@pytest.mark.parametrize("sign", "#/?[")
def test_a_password_that_is_not_encoded_is_explained(sign: str) -> None:
    """Instead of a host that nobody knows."""
    with pytest.raises(SettingError, match="percent-encode") as found:
        load({"DATABASE_URL": f"postgresql://u:se{sign}cret@db.example.test/d"})
    assert "cret" not in str(found.value).replace("secret", "")


@pytest.mark.parametrize("name", ["sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    """By the option and its path."""
    path = tmp_path / "not-there.crt"
    with pytest.raises(SettingError, match=f"DATABASE_URL: {name}: there is no file {path}"):
        load({"DATABASE_URL": f"{PLACE}?{name}={path}"})


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p@h/d",
        "postgresql:///d?host=/var/run/postgresql",
        "postgresql://u:p@%2Fcloudsql%2Fp%3Ar%3Ai/d",
        "postgresql://u:p%2F%23@[::1]:5432/d",
        "postgresql://u:p@one:5432,two:5433/d?target_session_attrs=read-write",
    ],
)
def test_addresses_of_every_shape_are_read(url: str) -> None:
    """And reach the driver as they were."""
    load({"DATABASE_URL": url})
    assert read_address(url).url.partition("?")[0] == url.partition("?")[0]

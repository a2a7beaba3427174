"""What Redis addresses mean: redis://, rediss://, unix://, and redis+sentinel://host:port,host:port/master/db."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

SENTINEL = ("redis+sentinel://", "rediss+sentinel://")

TLS = frozenset(
    "ssl_cert_reqs ssl_check_hostname ssl_ca_certs ssl_ca_path ssl_certfile ssl_keyfile ssl_password".split()
)
TIMES = frozenset("socket_timeout socket_connect_timeout timeout max_connections retry_on_timeout".split())
"""Taken and without effect: every call has deadlines of its own."""
SENTINEL_OPTIONS = frozenset("sentinel_username sentinel_password".split())


@dataclass(frozen=True, slots=True)
class SentinelAddress:
    """Where the sentinels are, whom they watch, and how the servers behind them are talked to."""

    sentinels: tuple[tuple[str, int], ...]
    service: str
    server_options: Mapping[str, object] = field(repr=False)
    sentinel_options: Mapping[str, object] = field(repr=False)
    is_tls: bool


def tls_options(url: str) -> dict[str, object]:
    """What the address says about certificates; where it says nothing, they and the host's name are checked."""
    if not url.startswith("rediss"):
        return {}
    asked = dict(parse_qsl(urlsplit(url).query))
    is_checked = asked.get("ssl_cert_reqs", "required") == "required"
    return {"ssl_check_hostname": is_checked and asked.get("ssl_check_hostname", "true").lower() != "false"}


def is_unverified(url: str) -> bool:
    """Whether any certificate is taken, as the address asks."""
    return url.startswith("rediss") and not tls_options(url)["ssl_check_hostname"]


def read_sentinel(url: str) -> SentinelAddress:
    """An address of sentinels. User and password in it are those of the servers behind them; the sentinels' own are
    `sentinel_username` and `sentinel_password`.

    Raises:
        ValueError: no sentinel, or no name of a master.
    """
    parts = urlsplit(url)
    login, _, places = parts.netloc.rpartition("@")
    service, _, db = parts.path.strip("/").partition("/")
    if not service or not places or (db and not db.isdigit()):
        raise ValueError(
            "must be redis+sentinel://HOST:PORT,HOST:PORT/MASTER/DB, where MASTER is its name at the sentinels"
        )
    options = dict(parse_qsl(parts.query))
    username, _, password = (unquote(part) for part in login.partition(":"))
    server = {"username": username or None, "password": password or None, "db": int(db or 0)}
    server |= {name: value for name, value in options.items() if name in TLS | {"client_name"}}
    own = {name.removeprefix("sentinel_"): value for name, value in options.items() if name in SENTINEL_OPTIONS}
    is_tls = url.startswith("rediss")
    return SentinelAddress(tuple(map(_place, places.split(","))), service, server | tls_options(url), own, is_tls)


def _place(text: str) -> tuple[str, int]:
    found = urlsplit(f"//{text}")
    return found.hostname or "localhost", found.port or 26379


def without_times(url: str) -> str:
    """The address without what has no effect."""
    place, _, query = url.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name not in TIMES]
    return place + (f"?{urlencode(kept)}" if kept else "")

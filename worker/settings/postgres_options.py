"""What may stand behind the ? of a Postgres address: each option is passed on, ignored with a line, or refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from worker.settings.options import refuse_unknown

PASSED = frozenset(
    "host port dbname database user password passfile service sslmode sslcert sslkey sslrootcert sslcrl sslpassword "
    "ssl_min_protocol_version ssl_max_protocol_version sslnegotiation target_session_attrs krbsrvname gsslib options "
    "application_name".split()
)
"""What the driver takes as libpq does, or hands to the server."""

MAPPED = frozenset(("connect_timeout", "pgbouncer"))
"""Read here: seconds to connect in, and that a pooler is there (as other clients write it)."""

IGNORED: Mapping[str, str] = {
    "keepalives": "the operating system's are used",
    "keepalives_idle": "the operating system's are used",
    "keepalives_interval": "the operating system's are used",
    "keepalives_count": "the operating system's are used",
    "tcp_user_timeout": "every statement has a deadline",
    "fallback_application_name": "the name is savvycal-sync",
    "client_encoding": "it is always UTF8",
    "gssencmode": "encryption is that of sslmode",
    "gssdelegation": "no credentials are handed on",
    "channel_binding": "the server's certificate is checked instead (sslmode=verify-full)",
    "sslcompression": "there is none",
    "sslsni": "the host name is always sent",
    "sslcertmode": "sslcert decides",
    "load_balance_hosts": "hosts are tried in order",
    "connection_limit": "the pool has its own bound",
    "pool_timeout": "the pool has its own deadline",
    "statement_cache_size": "it follows from whether a pooler is met",
    "prepared_statements": "it follows from whether a pooler is met",
    "schema": "the schema is savvycal",
}
"""Harmless to do without: why."""

REFUSED: Mapping[str, str] = {
    "requirepeer": "cannot be checked by this program",
    "require_auth": "cannot be checked by this program",
    "requiressl": "is written sslmode=require today",
    "sslcrldir": "cannot be read by this program: use sslcrl",
    "sslkeylogfile": "would write keys to disk",
    "replication": "is not what this program does",
    "scram_client_key": "is not supported: give a password",
    "scram_server_key": "is not supported: give a password",
    "oauth_issuer": "is not supported: give a password",
    "oauth_client_id": "is not supported: give a password",
}
"""What would mean something else if it were ignored."""

_FILES = ("sslcert", "sslkey", "sslrootcert", "sslcrl", "passfile")
SERVER_SETTING = "a setting of the server is written options=-c%20NAME=VALUE"
ENCODE = "percent-encode it where it holds # / ? [ ] @ : or % (# is %23, / is %2F, ? is %3F, @ is %40)"


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """An address as the driver takes it, and what was read from its options."""

    url: str = field(repr=False)
    connect_seconds: float | None = None
    is_pooled: bool = False
    ignored: tuple[str, ...] = ()
    """One line for each option that was left out."""


def read_address(url: str) -> PostgresAddress:
    """Reads the options of an address.

    Raises:
        ValueError: an option is unknown or cannot be honoured, a file is not there, or a password is not encoded; the
            text never quotes a value but the path of a file.
    """
    refuse_unencoded(url)
    options = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    refuse_unknown(options, PASSED | MAPPED | IGNORED.keys(), REFUSED, "a Postgres address", SERVER_SETTING)
    ignored = tuple(f"{name} is ignored: {IGNORED[name]}" for name in options if name in IGNORED)
    passed = {name: value for name, value in options.items() if name in PASSED}
    if passed.get("sslrootcert") == "system":  # the authorities of this machine, and nothing less than the host's name
        del passed["sslrootcert"]
        passed["sslmode"] = "verify-full"
    _refuse_missing(passed)
    return PostgresAddress(
        url.partition("?")[0] + (f"?{urlencode(passed)}" if passed else ""),
        _seconds(options.get("connect_timeout")),
        options.get("pgbouncer", "false").lower() in {"true", "1", "yes"},
        ignored,
    )


def refuse_unencoded(url: str) -> None:
    """A password may hold what ends or splits an address.

    Raises:
        ValueError: it does, and so nothing behind it would be read as it was meant.
    """
    after = url.partition("://")[2]
    place = re.split("[/?#]", after)[0]
    if "#" in after or ("@" in after and "@" not in place) or "[" in after.rpartition("@")[0]:
        raise ValueError(f"the password breaks the address: {ENCODE}")


def _refuse_missing(options: Mapping[str, str]) -> None:
    for name in _FILES:
        path = options.get(name)
        if path and not Path(path).is_file():
            raise ValueError(f"{name}: there is no file {path}")


def _seconds(text: str | None) -> float | None:
    if not text:
        return None
    if not text.isdigit():
        raise ValueError("connect_timeout: must be a whole number of seconds")
    return float(max(2, int(text))) if int(text) else None  # as libpq reads it: 0 is no deadline, 1 is 2

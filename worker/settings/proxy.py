"""The proxy between this program and SavvyCal: SAVVYCAL_PROXY, or HTTPS_PROXY and NO_PROXY as other programs read them.

Servers of our own (Postgres, Redis) and addresses on this machine (http://) are never reached through a proxy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from worker.errors import SettingError
from worker.settings.secret_files import hide_secret

_NAMES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
CERTIFICATES = "SSL_CERT_FILE"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the setting it comes from."""

    setting: str
    url: str = field(repr=False)

    @property
    def place(self) -> str:
        """Host and port, without the login."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def check_proxy(url: str) -> str:
    """The URL of a proxy.

    Raises:
        ValueError: this program cannot use it; the text does not quote it.
    """
    try:
        parts = urlsplit(url)
        is_complete = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_complete = False
    if not is_complete:
        raise ValueError(
            "must be http://HOST:PORT, with USER:PASSWORD@ before the host if needed; SOCKS is not supported"
        )
    return url


def find_proxy(configured: str | None, environ: Mapping[str, str], url: str) -> Proxy | None:
    """How requests to a base URL leave this machine; None: directly.

    Raises:
        SettingError: HTTPS_PROXY holds something else than the URL of a proxy.
    """
    parts = urlsplit(url)
    if parts.scheme != "https":
        return None
    if configured:
        return Proxy("SAVVYCAL_PROXY", configured)
    name = next((name for name in _NAMES if environ.get(name)), None)
    exceptions = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if name is None or any(_names_host(each.strip().lower(), parts.netloc) for each in exceptions.split(",")):
        return None
    given = environ[name] if "://" in environ[name] else f"http://{environ[name]}"  # as curl reads it
    hide_secret(given)
    try:
        return Proxy(name, check_proxy(given))
    except ValueError as error:
        raise SettingError(f"{name}: {error}") from None


def _names_host(exception: str, place: str) -> bool:
    """Whether an entry of NO_PROXY covers a host: itself, with its port, a domain it is in, or every host (`*`)."""
    name = exception.lstrip(".")
    host = place.rpartition(":")[0] or place
    return exception == "*" or (bool(name) and (name in {host, place} or host.endswith(f".{name}")))


def refuse_missing_authorities(environ: Mapping[str, str]) -> None:
    """OpenSSL ignores a file of authorities that is not there, and then trusts nobody.

    Raises:
        SettingError: SSL_CERT_FILE names no file.
    """
    path = environ.get(CERTIFICATES)
    if path and not Path(path).is_file():
        raise SettingError(f"{CERTIFICATES}: there is no file {path}")

"""Why no answer of SavvyCal arrived: SavvyCal, a proxy in between, or a certificate. Pure."""

import ssl

import aiohttp

from worker.errors import Intercepted, Unreachable
from worker.settings.proxy import CERTIFICATES, Proxy

_LOGIN_WANTED = 407


def cause_of(error: Exception, proxy: Proxy | None) -> Unreachable:
    """The error for what aiohttp raised while no answer had begun."""
    if proxy and isinstance(error, aiohttp.ClientHttpProxyError):
        what = "user and password" if error.status == _LOGIN_WANTED else "whether it permits the host"
        return Intercepted(f"the proxy {proxy.place} answered {error.status}: check {what} ({proxy.setting})")
    if proxy and isinstance(error, aiohttp.ClientProxyConnectionError):
        return Intercepted(f"the proxy {proxy.place} could not be reached: check {proxy.setting}")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Intercepted(
            f"SavvyCal's certificate is not trusted ({_reason(error.certificate_error)}): where a proxy opens TLS, set "
            f"{CERTIFICATES} to a PEM file that holds its authority (docs/configuration.md)"
        )
    return Unreachable(f"SavvyCal could not be reached ({type(error).__name__})")


def _reason(error: Exception) -> str:
    return error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else type(error).__name__

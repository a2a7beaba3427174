"""Who may see the admin side: pages, status, metrics and actions. Webhooks and probes stand outside of it.

On a loopback address reading is open to everybody on the machine while no token is set. In every other case, and for
every action, the token of SAVVYCAL_ADMIN_TOKEN is needed, as a bearer or as the password of a browser's own dialog.
"""

import base64
import hmac
import ipaddress
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from aiohttp import web

from worker.errors import SettingError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Token = Callable[[], str]

PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
"""What came through a proxy came from elsewhere, whatever address it reached."""

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::\d{1,5})?", re.ASCII)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
BODY_SECONDS = 5.0
"""For the body of a request that acts to arrive."""

UNAUTHORIZED = "set SAVVYCAL_ADMIN_TOKEN and send it as a bearer token, or as the password of any user"
WRONG_HOST = "this address answers to localhost only; set SAVVYCAL_ADMIN_TOKEN to reach it by another name"


def is_loopback(host: str | None) -> bool:
    """Whether a host's name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address((host or "").strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(bind: str) -> str:
    """The host of HOST:PORT."""
    return bind.rpartition(":")[0].strip("[]")


@dataclass(frozen=True, slots=True)
class Guard:
    """The rule of one listening address. `token` is None when none is set; one from a file is read for each request."""

    is_local: bool
    token: Token | None = None

    def refusal(self, request: web.Request) -> web.Response | None:
        """The answer to a request that may not read, None for one that may."""
        if self.is_known(request.headers):
            return None
        if self.token or not self.is_local:
            return web.Response(
                status=401, text=UNAUTHORIZED, headers=HEADERS | {"WWW-Authenticate": 'Basic realm="savvycal-sync"'}
            )
        if not is_loopback(_name_of(request.headers.get("Host", ""))) or _is_proxied(request):
            return web.Response(status=403, text=WRONG_HOST, headers=HEADERS)
        return None

    def is_known(self, headers: Mapping[str, str]) -> bool:
        """Whether a request brings the token."""
        return self.token is not None and _is_equal(_given(headers), _read(self.token))

    def may_act(self, request: web.Request) -> bool:
        """Whether a request may change something: it brings the token, and a page of ours sent it."""
        return self.is_known(request.headers) and is_same_origin(request)

    def may_write(self, request: web.Request) -> bool:
        """Whether a program may change something: it sends the token as a bearer, which no browser does by itself."""
        return request.headers.get("Authorization", "").lower().startswith("bearer ") and self.may_act(request)

    def csrf(self) -> str:
        """What every form of ours carries: nobody without the token can know it."""
        key = _read(self.token) if self.token else ""
        return hmac.new(key.encode(), b"savvycal-sync form", sha256).hexdigest() if key else ""

    def is_csrf(self, text: str) -> bool:
        """Whether a form was ours."""
        return bool(self.csrf()) and _is_equal(text, self.csrf())

    def guarded(self, handler: Handler) -> Handler:
        """The handler behind this rule; all it answers carries the headers that keep a browser strict."""

        async def answer(request: web.Request) -> web.StreamResponse:
            return harden(self.refusal(request) or await handler(request))

        return answer


def harden(response: web.StreamResponse) -> web.StreamResponse:
    """The response with the headers that keep a browser strict."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def is_same_origin(request: web.Request) -> bool:
    """Whether a browser says that a page of this very address sent the request; programs do not."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("Host")
    except ValueError:  # no URL
        return False


def _name_of(host: str) -> str | None:
    """The name in a header Host, None for what is not NAME or NAME:PORT as a whole."""
    found = _HOST.fullmatch(host)
    return found[1].lower() if found else None


def _is_proxied(request: web.Request) -> bool:
    return any(name in request.headers for name in PROXY_HEADERS)


def _read(token: Token) -> str:
    try:
        return token()
    except SettingError:
        return ""


def _given(headers: Mapping[str, str]) -> str:
    """The token of a request: a bearer, or the password of basic authentication."""
    scheme, _, value = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _is_equal(given: str, wanted: str) -> bool:
    """Hashes of equal length are compared in constant time; an empty token is none."""
    raw = given.encode(errors="surrogateescape")  # a header may hold any bytes
    same = hmac.compare_digest(sha256(raw).digest(), sha256(wanted.encode()).digest())
    return same and bool(wanted)

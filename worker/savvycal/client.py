"""The only sockets to SavvyCal: one request with a deadline, a byte cap and no redirects. Everything else is pure."""

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp

from worker import __version__, errors
from worker.savvycal.advice import SettingNames, advised
from worker.savvycal.bodies import ENCODINGS, SMALL_BYTES, expecting, read_body
from worker.savvycal.circuit_breaker import CircuitBreaker
from worker.savvycal.rate_limit import RateLimit, RateLimits
from worker.savvycal.unreachable import cause_of
from worker.savvycal.wire import Request, decipher, retry_after
from worker.settings.proxy import Proxy

USER_AGENT = f"savvycal-sync/{__version__}"
HEADER_BYTES_MAX = 64 * 1024
"""Of one header, and of the status line."""

RETRY_AFTER_SECONDS_MAX = 300.0
RETRY_AFTER_SECONDS_DEFAULT = 10.0
TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10, sock_read=20)


OnError = Callable[[int, Mapping[str, str], bytes], None]
OnAnswer = Callable[[int | None, float], None]


def open_session() -> aiohttp.ClientSession:
    """Connections to SavvyCal: certificates checked, no cookies kept. Each `Client` knows its proxy, so aiohttp takes
    nothing from the environment (it would also read logins from ~/.netrc).
    """
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(), limit=0)  # claims are what bounds them
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        max_line_size=HEADER_BYTES_MAX,
        max_field_size=HEADER_BYTES_MAX,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status: for questions whose refusal is an answer."""

    status: int
    content_type: str
    """Without parameters such as the charset, in small letters; empty when there is none."""
    body: bytes


class Client:
    """Sends requests to one product of one account. `token` is called for each, so a changed secret file is used."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        token: Callable[[], str],
        rate_limits: RateLimits,
        account_header: str | None = None,
        names: SettingNames | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        """`names`: what its settings are called, so that errors can name the one to change."""
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._rate_limits = rate_limits
        self._account_header = account_header
        self._names = names
        self.proxy = proxy
        self.circuit = CircuitBreaker()
        self.request_count = 0
        self._is_large = False
        """Whether the last answer was large."""
        self.on_error: OnError | None = None
        """Called with each answer that is an error: its status, headers and body."""
        self.on_answer: OnAnswer | None = None
        """Called when a request has ended, with its status (None: there was no answer) and its seconds."""

    @property
    def may_be_asked(self) -> bool:
        """Whether a request by id would go out soon, as far as is known here."""
        return not self.circuit.is_open and self.rate_limit.may_be_asked

    async def fetch(self, request: Request, is_scan: bool = False) -> bytes:
        """The body of a 200 (of a 201 after a POST). Scans leave a part of the rate limit to other requests.

        Raises:
            errors.UpstreamError: anything else; see the tree in `errors`.
        """
        self.circuit.check()
        token = self._token()
        await self._rate_limits.of(token).take(
            is_scan
        )  # before a place for the body, so that waiting here holds up nobody
        try:
            async with expecting(self._is_large):
                body = await self._ask(request, is_scan, token)
            self._is_large = len(body) > SMALL_BYTES
        except errors.Crowded:
            self._is_large = True
            raise
        except errors.Paused:
            raise  # nothing was sent, so nothing is known of SavvyCal
        except errors.UpstreamError as error:
            self.circuit.note(error)
            raise
        self.circuit.note(None)
        return body

    @property
    def cool_down_seconds(self) -> float:
        """For how long nobody sends with this token, because SavvyCal answered 429."""
        return self.rate_limit.cool_down_seconds

    @property
    def rate_limit(self) -> RateLimit:
        """The rate limit of the token in use; who has the same token shares it."""
        return self._rate_limits.of(self._token())

    def without_account(self) -> "Client":
        """The same client, but it names no account."""
        return Client(self._session, self._base_url, self._token, self._rate_limits, None, self._names, self.proxy)

    async def answer_to(self, request: Request) -> Answer:
        """The answer as it is, refusals included. It counts against the rate limit and is never repeated.

        Raises:
            errors.Unreachable: there was no answer.
            errors.Unauthorized: 401.
            errors.RateLimited: 429; the account's requests pause as for any other.
            errors.Paused: the rate limit is used up.
            errors.Malformed: the answer is too large.
        """
        token = self._token()
        await self._rate_limits.of(token).take(is_scan=True)
        try:
            status, headers, body = await self._counted(request, token)
            if status in {401, 429}:
                decipher(status, headers, body, datetime.now(UTC))
        except errors.UpstreamError as error:
            raise self._advised(error, token) from None
        named = {name.lower(): value for name, value in headers.items()}
        kind = named.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(status, kind, body)

    async def _ask(self, request: Request, is_scan: bool, token: str) -> bytes:
        """One request; a second one only when the token was replaced while the first was refused."""
        try:
            return await self._ask_with(request, token)
        except errors.Unauthorized:
            if self._token() == token:
                raise
        token = self._token()
        await self._rate_limits.of(token).take(is_scan)
        return await self._ask_with(request, token)

    async def _ask_with(self, request: Request, token: str) -> bytes:
        try:
            status, headers, body = await self._counted(request, token)
            if status == 201 and request.method == "POST":
                return body
            return decipher(status, headers, body, datetime.now(UTC))
        except errors.UpstreamError as error:
            raise self._advised(error, token) from None

    def _advised(self, error: errors.UpstreamError, token: str) -> errors.UpstreamError:
        return advised(error, self._names, token, bool(self._account_header)) if self._names else error

    async def _counted(self, request: Request, token: str) -> tuple[int, dict[str, str], bytes]:
        self.request_count += 1
        status, headers, body = await self._timed(request, token)
        if self.on_error and status >= 400:
            self.on_error(status, headers, body)
        if status == 429:
            await self._pause(headers, token)
        return status, headers, body

    async def _timed(self, request: Request, token: str) -> tuple[int, dict[str, str], bytes]:
        began, status = time.monotonic(), None
        try:
            status, headers, body = await self._exchange(request, token)
            return status, headers, body
        finally:
            if self.on_answer:
                self.on_answer(status, time.monotonic() - began)

    async def _pause(self, headers: Mapping[str, str], token: str) -> None:
        """SavvyCal answered 429: starts a cool-down of the token, for as long as `Retry-After` demands."""
        wait = retry_after(headers, datetime.now(UTC))
        seconds = RETRY_AFTER_SECONDS_DEFAULT if wait is None else min(RETRY_AFTER_SECONDS_MAX, max(1.0, wait))
        await self._rate_limits.of(token).cool_down(seconds)

    async def _exchange(self, request: Request, token: str) -> tuple[int, dict[str, str], bytes]:
        url = self._base_url + request.path
        try:
            headers = self._headers(token) | ({"Content-Type": "application/json"} if request.body else {})
            async with self._session.request(
                request.method,
                url,
                params=list(request.query),
                data=request.body,
                headers=headers,
                allow_redirects=False,
                timeout=TIMEOUT,
                auto_decompress=False,
                proxy=self.proxy.url if self.proxy else None,
            ) as response:
                return response.status, dict(response.headers), await read_body(response)
        except TimeoutError:
            raise errors.Unreachable("SavvyCal did not answer in time") from None
        except aiohttp.ClientHttpProxyError as error:
            raise cause_of(error, self.proxy) from None
        except aiohttp.ClientResponseError as error:  # the answer is no HTTP that can be read; its text may quote it
            large = "more than" in error.message
            said = (
                f"has a header larger than {HEADER_BYTES_MAX // 1024} KiB" if large else "is not HTTP that can be read"
            )
            raise errors.Malformed(f"SavvyCal's answer {said}") from None
        except (aiohttp.ClientError, OSError) as error:
            raise cause_of(error, self.proxy) from None
        except ValueError as error:  # a header or URL that aiohttp refuses; its text may quote the token
            raise errors.Refused(f"the request could not be built ({type(error).__name__})") from None

    def _headers(self, token: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "User-Agent": USER_AGENT}
        headers |= {"Accept-Encoding": ENCODINGS}
        return headers | ({"X-SavvyCal-Account": self._account_header} if self._account_header else {})

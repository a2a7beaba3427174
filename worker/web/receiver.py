"""The receiver: raw bytes in, one status out. Nothing is acknowledged before it is on disk, nothing is ever a 500.

Whoever can reach the port can call it, so every request has a bound: bytes, seconds, requests side by side. All that
fails the signature gets the same answer.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from worker.core.model import Product
from worker.errors import SettingError, StoreError
from worker.logs import log
from worker.savvycal.webhooks import SIGNATURE_HEADER, WEBHOOK_ID_HEADER, Envelope, parse, signed_by
from worker.savvycal.wire import is_id
from worker.store.database import Database
from worker.sync.context import SyncContext
from worker.sync.webhook import Arrival, Job, receive

BODY_BYTES_MAX = 256 * 1024
BODY_SECONDS = 5.0
SMALL_BODY_BYTES, LARGE_BODIES_BYTES_MAX = 16 * 1024, 32 * 1024 * 1024
"""Every body has the first for itself, and what goes beyond it shares the second. So strangers can neither fill the
memory nor keep a webhook of the usual size out."""

STORE_SECONDS = 5.0
"""To store one delivery; SavvyCal's own deadline is not documented."""

ACTIVE_MAX = 64
"""Requests side by side: beyond them SavvyCal is asked to come back."""

RETRY_AFTER_SECONDS = 5
WAKE_PAUSE_SECONDS = 0.05
"""The first delivery wakes a worker at once; those that follow within this time share the next wake-up."""


WAKE_STOP_SECONDS = 2.0


class Reply(NamedTuple):
    """Status and text of an answer."""

    status: int
    text: str


class Outcome(Reply, Enum):
    """What becomes of a request, each with its answer. The names are the label of the metric."""

    ACCEPTED = Reply(200, "stored")
    DUPLICATE = Reply(200, "stored already")
    UNREADABLE = Reply(400, "the body did not arrive")
    UNSIGNED = Reply(401, "not accepted")
    NOWHERE = Reply(404, "no such receiver")
    TOO_SLOW = Reply(408, "the body took too long")
    TOO_LARGE = Reply(413, "the body is too large")
    ENCODED = Reply(415, "send the body without content encoding")
    CLOSED = Reply(503, "not configured")
    BUSY = Reply(503, "come back later")


REJECTED = frozenset(Outcome) - {Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.CLOSED, Outcome.BUSY}
"""What is logged here; the log names a missing secret and a Postgres that is away by themselves."""


class TurnedAway(Exception):
    """A request that is answered without being stored."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class ReceiverConfig:
    """Where one product's webhooks of one account come in."""

    secrets: Callable[[], Sequence[str]]
    """Read for each delivery, so that a replaced file needs no restart. May raise SettingError."""
    variable: str
    """The setting the secrets come from."""
    account_id: str | None = None
    """SavvyCal's id of the account, where it is configured: deliveries of another one are stored and not followed."""


ReceiverConfigs = Mapping[str, Mapping[Product, ReceiverConfig]]
Count = Callable[[str, Outcome, float], None]


class Receiver:
    """Takes deliveries for all accounts. A task of its own sends wake-ups, so that no answer waits for Redis."""

    def __init__(self, context: SyncContext, db: Database, receivers: ReceiverConfigs, count: Count) -> None:
        self._context = context
        self._db = db
        self._receivers = receivers
        self._count = count
        self._is_open = True
        self._active = 0
        self._large_bytes = 0
        self._jobs: set[Job] = set()
        self._woken = asyncio.Event()
        self._said_closed: set[str] = set()

    @asynccontextmanager
    async def waking(self) -> AsyncIterator[None]:
        """Wakes workers for what arrived, for as long as the block lasts."""
        task = asyncio.create_task(self._wake())
        try:
            yield
        finally:
            self._is_open = False
            task.cancel()
            await asyncio.wait({task}, timeout=WAKE_STOP_SECONDS)

    async def _wake(self) -> None:
        while self._is_open:  # a cancellation that meets a Redis call may get lost in it
            await self._woken.wait()
            self._woken.clear()
            jobs, self._jobs = self._jobs, set()
            for job in sorted(jobs):
                await self._context.wake(*job)
            await asyncio.sleep(WAKE_PAUSE_SECONDS)

    async def answer(self, request: web.Request) -> web.Response:
        """One delivery."""
        began = asyncio.get_running_loop().time()
        outcome = await self._outcome(request)
        product = request.match_info["product"]
        name = product if product in set(Product) else "unknown"
        self._count(name, outcome, asyncio.get_running_loop().time() - began)
        if outcome in REJECTED:
            log.warning("webhook_rejected", product=name, reason=outcome.name.lower())
        return _response(outcome)

    async def _outcome(self, request: web.Request) -> Outcome:
        try:
            account, product, receiver_config = self._find(
                request.match_info["product"], request.match_info.get("account")
            )
            secrets, body = self._secrets(receiver_config), await self._read(request)
            number = signed_by(secrets, body, request.headers.getall(SIGNATURE_HEADER, []))
            if number is None:
                return Outcome.UNSIGNED
            envelope = _parse(account, product, body)
        except TurnedAway as refusal:
            return refusal.outcome
        foreign = bool(
            receiver_config.account_id and envelope.account_id and receiver_config.account_id != envelope.account_id
        )
        return await self._store_unless_busy(Arrival(account, product, _webhook_id(request), number, envelope, foreign))

    async def _read(self, request: web.Request) -> bytes:
        """The raw body within its bounds."""
        _check_head(request)
        body, large = bytearray(), 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in request.content.iter_any():
                    body += chunk
                    large += self._take_permit(max(0, len(body) - SMALL_BODY_BYTES) - large, len(body))
        except TimeoutError:
            raise TurnedAway(Outcome.TOO_SLOW) from None
        except (web.RequestPayloadError, HttpProcessingError, OSError):
            raise TurnedAway(Outcome.UNREADABLE) from None
        finally:
            self._large_bytes -= large
        return bytes(body)

    def _take_permit(self, more: int, size: int) -> int:
        """Reserves `more` bytes for a body that has `size` bytes by now."""
        if size > BODY_BYTES_MAX:
            raise TurnedAway(Outcome.TOO_LARGE)
        if more and self._large_bytes + more > LARGE_BODIES_BYTES_MAX:
            raise TurnedAway(Outcome.BUSY)
        self._large_bytes += more
        return more

    async def _store_unless_busy(self, arrived: Arrival) -> Outcome:
        """Only what is signed takes a place: strangers who send slowly keep nobody out."""
        if self._active >= ACTIVE_MAX:
            return Outcome.BUSY
        self._active += 1
        try:
            return await self._store(arrived)
        finally:
            self._active -= 1

    def _find(self, product: str, account: str | None) -> tuple[str, Product, ReceiverConfig]:
        """The configuration for a path; without an account, that of the only account or of the one named default."""
        if account is None:
            account = next(iter(self._receivers)) if len(self._receivers) == 1 else "default"
        wanted = Product(product) if product in set(Product) else None
        receiver_config = self._receivers.get(account, {}).get(wanted) if wanted else None
        if wanted is None or receiver_config is None:
            raise TurnedAway(Outcome.NOWHERE)
        return account, wanted, receiver_config

    def _secrets(self, receiver_config: ReceiverConfig) -> Sequence[str]:
        try:
            secrets, reason = receiver_config.secrets(), "a webhook arrived and no secret is set"
        except SettingError as error:
            secrets, reason = (), str(error)
        if secrets:
            self._said_closed.discard(receiver_config.variable)
            return secrets
        if receiver_config.variable not in self._said_closed:
            self._said_closed.add(receiver_config.variable)
            log.error(
                "webhook_secret_missing",
                reason=reason,
                next_step=f"set {receiver_config.variable} to the secret of the webhook",
            )
        raise TurnedAway(Outcome.CLOSED)

    async def _store(self, arrived: Arrival) -> Outcome:
        try:
            async with asyncio.timeout(STORE_SECONDS):
                is_new, job = await receive(self._context, self._db, arrived)
        except (StoreError, TimeoutError) as error:
            reason = str(error) or "Postgres took too long"
            if not self._context.is_already_logged(error):
                log.warning("webhook_not_stored", account=arrived.account, product=arrived.product, reason=reason)
            return Outcome.BUSY
        self._context.note_writable()
        if job:
            self._jobs.add(job)
            self._woken.set()
        return Outcome.ACCEPTED if is_new else Outcome.DUPLICATE


def _check_head(request: web.Request) -> None:
    """Refuses a request whose headers announce a body that is too large or encoded."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise TurnedAway(Outcome.ENCODED)
    if (request.content_length or 0) > BODY_BYTES_MAX:
        raise TurnedAway(Outcome.TOO_LARGE)


def _parse(account: str, product: Product, body: bytes) -> Envelope:
    envelope = parse(product, body)
    if envelope.reason:
        log.warning("webhook_unreadable", account=account, product=product, id=envelope.id, reason=envelope.reason)
    return envelope


def _webhook_id(request: web.Request) -> str | None:
    found = request.headers.get(WEBHOOK_ID_HEADER, "")
    return found if is_id(found) else None


def _response(outcome: Outcome) -> web.Response:
    response = web.Response(status=outcome.status, text=outcome.text)
    if outcome.status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if outcome.status not in {200, 401}:
        response.force_close()
    return response

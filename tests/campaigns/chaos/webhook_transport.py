"""Carries webhooks from SavvyCal to the daemons: loses, doubles, delays, repeats or forges them, and notes which ones
were acknowledged."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

import aiohttp
from aiohttp import web

ATTEMPT_SECONDS = 8.0
AGAIN_SECONDS = 1.0
KEPT_MAX = 500
DELAY_SECONDS = (2.0, 12.0)


class Mode(StrEnum):
    """What becomes of a delivery."""

    HONEST = "honest"
    LOST = "lost"
    DOUBLED = "doubled"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True)
class WebhookInTransit:
    """A delivery as SavvyCal signed it."""

    product: str
    body: bytes
    headers: dict[str, str]

    @property
    def id(self) -> str:
        """The id of its envelope."""
        return str(json.loads(self.body)["id"])


class WebhookTransport:
    """Takes what SavvyCal delivers and brings it to one of the daemons."""

    def __init__(self, rng: Random, receivers: Callable[[], list[int]]) -> None:
        """`receivers` returns the ports at which a daemon may listen, those of dead ones included."""
        self.mode = Mode.HONEST
        self.struck: Counter[str] = Counter()
        self.acknowledged: set[str] = set()
        self.accepted_forgeries = 0
        self.address = ""
        self._rng, self._receivers = rng, receivers
        self._kept: list[WebhookInTransit] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Listens."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ATTEMPT_SECONDS))
        application = web.Application()
        application.router.add_post("/hooks/{product}", self._take)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hooks"

    async def stop(self) -> None:
        """Throws away what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def under_way(self) -> int:
        """How many deliveries are held back and not yet delivered."""
        return len(self._under_way)

    async def _take(self, request: web.Request) -> web.Response:
        headers = {
            name: value for name, value in request.headers.items() if name.lower().startswith(("x-", "content-t"))
        }
        delivery = WebhookInTransit(request.match_info["product"], await request.read(), headers)
        mode = self.mode
        if mode is not Mode.HONEST:
            self.struck[mode] += 1
        if mode is Mode.LOST:
            return web.Response()  # SavvyCal trusts that it arrived
        if mode is Mode.DELAYED:
            self._later(delivery)
            return web.Response()
        status = await self.carry(delivery)
        if mode is Mode.DOUBLED and status == 200:
            await self.carry(delivery)
        return web.Response(status=status)

    def _later(self, delivery: WebhookInTransit) -> None:
        task = asyncio.create_task(self._insist(delivery, self._rng.uniform(*DELAY_SECONDS)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _insist(self, delivery: WebhookInTransit, seconds: float) -> None:
        await asyncio.sleep(seconds)
        while await self.carry(delivery) != 200:
            await asyncio.sleep(AGAIN_SECONDS)

    async def carry(self, delivery: WebhookInTransit) -> int:
        """One attempt at one of the receivers; 502 when nobody answered."""
        status = await self._attempt(delivery)
        if status == 200:
            self.acknowledged.add(delivery.id)
            self._kept = [*self._kept[-KEPT_MAX:], delivery]
        return status

    async def _attempt(self, delivery: WebhookInTransit) -> int:
        assert self._session
        url = f"http://127.0.0.1:{self._rng.choice(self._receivers())}/webhooks/{delivery.product}"
        try:
            async with self._session.post(url, data=delivery.body, headers=delivery.headers) as answer:
                return answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 502

    async def repeat(self, count: int) -> int:
        """Old deliveries once more, in any order; how many were answered."""
        chosen = self._rng.sample(self._kept, min(count, len(self._kept)))
        return sum([await self.carry(delivery) == 200 for delivery in chosen])

    async def forge(self, count: int) -> int:
        """Old deliveries with a changed body under their old signature; how many were answered."""
        answered = 0
        for delivery in self._rng.sample(self._kept, min(count, len(self._kept))):
            body = delivery.body.replace(b'"id":', b'"id" :', 1)
            assert body != delivery.body
            status = await self._attempt(WebhookInTransit(delivery.product, body, delivery.headers))
            self.accepted_forgeries += status == 200
            answered += status != 502
        return answered

"""Delivers webhooks: at least once, with retries, apart from the APIs so that a slow receiver delays nobody."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from random import Random

import aiohttp

from .envelopes import Webhook, WebhookEvent, encode_envelope, headers, webhook_event_id
from .object_store import Store
from .options import Options

WAITING_MAX = 20_000
"""Payloads waiting per receiver; later ones are dropped and counted."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One payload on its way to one receiver."""

    webhook_event: WebhookEvent
    attempt: int = 1


@dataclass(slots=True)
class Counters:
    """What became of the payloads."""

    delivered: int = 0
    failed: int = 0
    """Attempts, not payloads."""
    given_up: int = 0
    dropped: int = 0


class Dispatcher:
    """One queue and one task per receiver: first attempts in order, retries when their backoff is over."""

    def __init__(self, store: Store) -> None:
        self.counters = Counters()
        self._store = store
        self._options: Options = store.options
        self._rng = Random(f"{store.options.seed}:courier")
        self._queues: dict[str, asyncio.Queue[Delivery]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._timers: set[asyncio.TimerHandle] = set()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Begin to listen to the world."""
        timeout = aiohttp.ClientTimeout(total=self._options.webhook_timeout_seconds)
        self._session = aiohttp.ClientSession(timeout=timeout, skip_auto_headers=("User-Agent",))
        self._store.listeners.append(self.accept)

    async def stop(self) -> None:
        """Drop what is under way."""
        if self.accept in self._store.listeners:
            self._store.listeners.remove(self.accept)
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._timers.clear()
        self._tasks.clear()
        self._queues.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def accept(self, webhook_event: WebhookEvent) -> None:
        """Queue a webhook event for every active receiver of its product."""
        for webhook in self._store.webhooks.values():
            if webhook.product == webhook_event.product and webhook.state == "active":
                held_back = self._rng.random() < self._options.webhook_reorder
                delay = self._options.webhook_reorder_seconds if held_back else 0
                self._put_later(webhook, Delivery(webhook_event), delay)

    def _put_later(self, webhook: Webhook, delivery: Delivery, delay: float) -> None:
        if delay <= 0:
            self._put(webhook, delivery)
            return

        def due() -> None:
            self._timers.discard(timer)
            self._put(webhook, delivery)

        timer = asyncio.get_running_loop().call_later(delay, due)
        self._timers.add(timer)

    def _put(self, webhook: Webhook, delivery: Delivery) -> None:
        if webhook.id not in self._queues:
            self._queues[webhook.id] = asyncio.Queue(WAITING_MAX)
            self._tasks.append(asyncio.get_running_loop().create_task(self._serve(webhook)))
        try:
            self._queues[webhook.id].put_nowait(delivery)
        except asyncio.QueueFull:
            self.counters.dropped += 1

    async def _serve(self, webhook: Webhook) -> None:
        """Deliver one receiver's deliveries, for as long as the dispatcher lives."""
        queue = self._queues[webhook.id]
        while True:
            delivery = await queue.get()
            if webhook.state != "active":
                continue
            if await self._deliver(webhook, delivery):
                self._delivered(webhook, delivery)
            else:
                self._failed(webhook, delivery)

    async def _deliver(self, webhook: Webhook, delivery: Delivery) -> bool:
        """One attempt; anything but a 2xx in time is a failure."""
        if self._session is None:
            return False
        body = encode_envelope(delivery.webhook_event, self._options, self._store.damaged)
        try:
            sent = self._session.post(webhook.url, data=body, headers=headers(webhook, body), allow_redirects=False)
            async with sent as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return False

    def _delivered(self, webhook: Webhook, delivery: Delivery) -> None:
        self.counters.delivered += 1
        webhook.given_up = 0
        if self._rng.random() < self._options.webhook_duplicate:
            self._put(webhook, replace(delivery, attempt=self._options.webhook_attempts))

    def _failed(self, webhook: Webhook, delivery: Delivery) -> None:
        """Retry with doubling backoff, or give up and perhaps disable the webhook."""
        self.counters.failed += 1
        if delivery.attempt < self._options.webhook_attempts:
            delay = self._options.webhook_backoff_seconds * 2 ** (delivery.attempt - 1)
            self._put_later(webhook, Delivery(self._again(delivery.webhook_event), delivery.attempt + 1), delay)
            return
        self.counters.given_up += 1
        webhook.given_up += 1
        limit = self._options.webhook_disable_after
        if limit is not None and webhook.given_up >= limit:
            webhook.state = "disabled"

    def _again(self, webhook_event: WebhookEvent) -> WebhookEvent:
        """The webhook event of the next attempt; whether it keeps its id is an assumption."""
        if self._options.envelope_id_stable:
            return webhook_event
        return replace(webhook_event, id=webhook_event_id(self._rng, webhook_event.product, webhook_event.occurred_at))

"""Webhooks on their way from SavvyCal. They get lost, come many times, out of order, hours or days late, and about
objects that never existed; what was not acknowledged is sent again.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from multidict import CIMultiDict

from tests.campaigns.simulation.mode import Mode
from tests.campaigns.simulation.scheduler import Scheduler
from worker.core.kinds import PRODUCTS
from worker.core.model import Product
from worker.savvycal.webhooks import SIGNATURE_HEADER, sign
from worker.simulator import WebhookEvent
from worker.web.receiver import ReceiverConfig, ReceiverConfigs

SECRET = "whsec_of_the_simulation"
HOUR, DAY = 3600.0, 86400.0
LOST_MIN = 0.15
"""Share of the webhook events that are lost where other layers are on: drawn for each seed, up to all of them."""

DOUBLED, COPIES = 0.15, (2, 2, 2, 3, 5)
FLOODED, FLOOD = 0.15, 100
"""Share of the seeds in which one webhook event comes a hundred times."""

SOON, AGAIN = (0.0, 0.0, 0.0, 0.0, 5.0, 20.0, 60.0), (1.0, 5.0, 30.0)
LATE = 0.12
WILD = 0.6
"""Of seeds; in the others each webhook comes once and at once, because what comes late and twice also heals."""

STRANGERS: tuple[tuple[Literal["meetings", "appointments"], str, str, str], ...] = (
    ("meetings", "event.changed", "event", "event"),
    ("appointments", "appointment.created", "appointment", "appt"),
    ("appointments", "appointment.meeting.updated", "appointment_meeting", "amtg"),
)


@dataclass(eq=False)
class WebhookInTransit:
    """One delivery that is to arrive."""

    webhook_event: WebhookEvent
    due_at: float


class WebhookTransport:
    """What is under way to the receiver, in one seed's fault plan."""

    def __init__(self, seed: int, mode: Mode, scheduler: Scheduler, fired: dict[str, int]) -> None:
        self._chance, self._scheduler, self._fired = Random(f"{seed}:{mode}:post"), scheduler, fired
        share = self._chance.choice((self._chance.uniform(LOST_MIN, 1), 1.0, LOST_MIN))
        self.lost_share = 0.0 if mode is Mode.WEBHOOK else share
        """Where webhooks are the only layer, each has to arrive in the end."""
        self._is_wild = self._chance.random() < WILD
        self._lateness = [self._chance.uniform(1, 8) * HOUR, self._chance.uniform(1, 4) * DAY]
        self.under_way: list[WebhookInTransit] = []
        self._is_flood_ahead = self._chance.random() < FLOODED
        self._newest: dict[str, float] = {}
        self._arrived: set[str] = set()
        self._stranger_count = 0

    def accept(self, webhook_event: WebhookEvent) -> None:
        """Something happened: SavvyCal tells it as often and as late as the fault plan has it."""
        if self._chance.random() < self.lost_share:
            self._count("LOST")
            return
        self.under_way += [
            WebhookInTransit(webhook_event, self._scheduler.now + self._delay()) for _ in range(self._copies())
        ]

    def _copies(self) -> int:
        if not self._is_wild or self._chance.random() >= DOUBLED:
            return 1
        if self._is_flood_ahead:
            self._is_flood_ahead = False
            self._count(f"TIMES {FLOOD}")
            return FLOOD
        return self._chance.choice(COPIES)

    def _delay(self) -> float:
        if not self._is_wild:
            return 0.0
        return self._chance.choice(self._lateness if self._chance.random() < LATE else SOON)

    def again(self, webhook_event: WebhookEvent) -> None:
        """It was not acknowledged."""
        self._count("SENT AGAIN")
        self.under_way.append(WebhookInTransit(webhook_event, self._scheduler.now + self._chance.choice(AGAIN)))

    def tell_of_a_stranger(self) -> None:
        """A webhook about an object that SavvyCal never had."""
        self._stranger_count += 1
        product, type_, name, prefix = self._chance.choice(STRANGERS)
        object_id = f"{prefix}_stranger{self._stranger_count}"
        about = {"object": name, "id": object_id, "state": "confirmed"}
        webhook_event = WebhookEvent(product, type_, about, self._scheduler.now, f"payload_{object_id}")
        self.under_way.append(WebhookInTransit(webhook_event, self._scheduler.now + self._delay()))
        self._count("ABOUT A STRANGER")

    def due(self) -> list[WebhookInTransit]:
        """What may arrive now."""
        return [delivery for delivery in self.under_way if delivery.due_at <= self._scheduler.now]

    def next_due(self) -> float:
        """When the next one arrives."""
        return min(delivery.due_at for delivery in self.under_way)

    def take(self) -> WebhookEvent:
        """One of those that are due arrives."""
        delivery = self._chance.choice(self.due())
        self.under_way.remove(delivery)
        self._note(delivery.webhook_event)
        return delivery.webhook_event

    def _note(self, webhook_event: WebhookEvent) -> None:
        about, late = str(webhook_event.object.get("id")), self._scheduler.now - webhook_event.occurred_at
        if webhook_event.id in self._arrived:
            self._count("DOUBLED")
        if webhook_event.occurred_at < self._newest.get(about, 0):
            self._count("OUT OF ORDER")
        if late >= HOUR:
            self._count("LATE BY DAYS" if late >= DAY else "LATE BY HOURS")
        self._arrived.add(webhook_event.id)
        self._newest[about] = max(webhook_event.occurred_at, self._newest.get(about, 0))

    def _count(self, what: str) -> None:
        self._fired[f"WEBHOOK {what}"] = self._fired.get(f"WEBHOOK {what}", 0) + 1


class Posted:
    """The part of an aiohttp request that the receiver reads."""

    content_length = None

    def __init__(self, product: Product, body: bytes) -> None:
        self.match_info = {"product": product.value}
        self.headers = CIMultiDict({SIGNATURE_HEADER: sign(SECRET, body)})
        self.content = self
        self._body = body

    async def iter_any(self) -> AsyncIterator[bytes]:
        """The body, in one piece."""
        yield self._body


def receivers(account: str) -> ReceiverConfigs:
    """Where both products come in."""
    return {account: {product: ReceiverConfig(lambda: (SECRET,), "SECRETS") for product in PRODUCTS}}

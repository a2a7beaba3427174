"""What shows in a world beside its records: webhooks through the mirror's own receiver, errors, a request too many."""

from contextlib import suppress

from tests.campaigns.simulation.webhook_transport import Posted, receivers
from tests.campaigns.worlds.scanning import scan_all, watch_once, work_off
from tests.support.harness import Harness
from worker import errors
from worker.core.model import Product
from worker.savvycal.rate_limit import RateLimits
from worker.simulator import Fault, WebhookEvent
from worker.simulator.envelopes import encode_envelope
from worker.sync import learn
from worker.sync.context import Endpoint
from worker.web.receiver import Receiver

NO_LINK_YET = {"type": "zoom", "join_url": None, "meeting_id": None, "instructions": None}
LATER_SECONDS = 90
"""Long enough for `updated_at`, which counts whole seconds, to move."""


PLENTY = 1_000_000


class Webhooks:
    """Webhooks of this world from now on. Nothing is lost here; what arrives is followed at once."""

    def __init__(self, harness: Harness) -> None:
        self._harness = harness
        self._receiver = Receiver(harness.context, harness.context.db, receivers("default"), lambda *_: None)
        self._waiting: list[WebhookEvent] = []
        self._sent: dict[str, WebhookEvent] = {}
        harness.world.listeners.append(self._waiting.append)

    async def deliver(self) -> None:
        """All that waits, and the reads it asks for."""
        while self._waiting:
            event = self._waiting.pop(0)
            self._sent[event.product] = event
            await self._post(event)
        await work_off(self._harness)

    async def repeat(self) -> None:
        """The last webhook of each product once more, as when its acknowledgement got lost."""
        self._waiting += map(self._harness.simulator.dispatcher._again, self._sent.values())
        await self.deliver()

    async def _post(self, event: WebhookEvent) -> None:
        body = encode_envelope(event, self._harness.world.options, self._harness.world.damaged)
        await self._receiver.answer(Posted(Product(event.product), body))  # type: ignore[arg-type]  # the parts that it reads


async def show(harness: Harness) -> None:
    """Lets everything happen once that no list shows; the mirror is level with the source again afterwards."""
    await _tell(harness, Webhooks(harness))
    await watch_once(harness)
    await scan_all(harness)
    await work_off(harness)


async def _tell(harness: Harness, webhooks: Webhooks) -> None:
    """A link and a meeting that come late, then a state that no documented webhook tells of."""
    event = harness.world.book_event(state="confirmed", conferencing=NO_LINK_YET)["id"]
    appointment = harness.world.book_appointment(meeting_status="pending")["id"]
    await webhooks.deliver()
    await webhooks.repeat()
    harness.world.advance(LATER_SECONDS)
    harness.world.attach_conferencing(event)
    harness.world.set_meeting_status(appointment, "created")
    await webhooks.deliver()
    harness.world.set_event_state(event, "awaiting_reschedule")
    await webhooks.deliver()


async def fail(harness: Harness) -> None:
    """Errors, and a request too many, after which nobody sends. What they showed is kept as the next scan would."""
    for product, endpoint in harness.context.accounts["default"].items():
        endpoint.client._rate_limits = RateLimits(PLENTY)  # the other product's rate limit is in its cool-down
        with suppress(errors.NotThere):
            await endpoint.fetch_one(f"{product.kind.value}_unknown")
        await _ask_too_often(harness, endpoint)
        await learn.save(harness.db, "default", product, endpoint.learned)


async def _ask_too_often(harness: Harness, endpoint: Endpoint) -> None:
    harness.world.faults.append(Fault("status", times=1, args={"status": 429}))
    with suppress(errors.RateLimited):
        await endpoint.probe()

"""A faithful SavvyCal in one process: both APIs over HTTP, seeded, moving with time.

It can give wrong answers on purpose.
It reads SavvyCal's documentation on its own and shares no code with the mirror it is used to check:

1. `World` is the truth: events, appointments and meetings, and every verb that changes them.
2. `Lifecycle` moves the world with time; `advance` and `Options.speed` are the only clocks.
3. `MeetingsApi` and `AppointmentsApi` show the world as each product does, page by page.
4. `Dispatcher` delivers signed webhooks, at least once.
5. `Fault` scripts what a bad day looks like; `Options` names every guess the documentation leaves open.
"""

from .envelopes import Webhook, WebhookEvent, signature
from .faults import FAULT_KINDS, Fault
from .object_store import Request, UnknownObjectError
from .options import Options
from .server import Simulator, run
from .world import World

__all__ = [
    "FAULT_KINDS",
    "Fault",
    "Options",
    "Request",
    "Simulator",
    "UnknownObjectError",
    "Webhook",
    "WebhookEvent",
    "World",
    "run",
    "signature",
]

"""The control endpoint: what a test or a demonstration does to the world from outside its process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from .answers import json_answer, read_object
from .envelopes import Product
from .fault_injection import FaultInjector
from .faults import Fault
from .object_store import UnknownObjectError
from .world import World

ACTIONS = (
    "book_event",
    "set_event_state",
    "reschedule_event",
    "cancel_event",
    "edit_event",
    "attach_conferencing",
    "detach_conferencing",
    "put_event",
    "book_appointment",
    "set_meeting_status",
    "replace_meeting",
    "rotate_host_url",
    "reschedule_appointment",
    "cancel_appointment",
    "confirm_appointment",
    "put_appointment",
    "delete",
    "documents",
    "document",
    "history",
)
"""World methods called by name, their keyword arguments being `args`."""


class Control:
    """Routes under /control; JSON in, JSON out, no token."""

    def __init__(self, world: World, fault_injector: FaultInjector) -> None:
        self._world = world
        self._fault_injector = fault_injector

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Every route, under `prefix`."""
        return [
            web.get(f"{prefix}/world", self.show),
            web.get(f"{prefix}/requests", self.requests),
            web.post(f"{prefix}/advance", self.advance),
            web.get(f"{prefix}/fault", self.faults),
            web.post(f"{prefix}/fault", self.add_faults),
            web.delete(f"{prefix}/fault", self.clear_faults),
            web.post(f"{prefix}/act", self.act),
        ]

    async def show(self, _: web.Request) -> web.Response:
        """Counts of everything."""
        return json_answer(self._world.summary())

    async def requests(self, _: web.Request) -> web.Response:
        """The latest requests served, oldest first."""
        return json_answer([asdict(request) for request in self._world.requests])

    async def advance(self, request: web.Request) -> web.Response:
        """{"seconds": 60}: advance simulated time."""
        seconds = (await read_object(request) or {}).get("seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return json_answer({"error": "seconds must be a number, 0 or more"}, 400)
        return json_answer({"moves": self._world.advance(seconds), "now": self._world.now})

    async def faults(self, _: web.Request) -> web.Response:
        """The scripted faults and how often each struck."""
        return json_answer({"faults": [asdict(fault) for fault in self._world.faults]})

    async def add_faults(self, request: web.Request) -> web.Response:
        """One fault, or {"faults": [...]}."""
        wish = await read_object(request) or {}
        try:
            self._world.faults.extend([Fault(**fault) for fault in wish.get("faults", [wish])])
        except (TypeError, ValueError) as error:
            return json_answer({"error": str(error)}, 400)
        return await self.faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Forget every fault and let hanging requests go."""
        self._world.faults.clear()
        self._fault_injector.release()
        return await self.faults(request)

    async def act(self, request: web.Request) -> web.Response:
        """{"action": "cancel_event", "args": {"event_id": "..."}}: one of the world's verbs."""
        wish = await read_object(request) or {}
        verb = self._verb(str(wish.get("action")))
        if verb is None:
            return json_answer({"error": "unknown action", "actions": [*ACTIONS, *EXTRA]}, 400)
        try:
            return json_answer({"result": verb(**wish.get("args", {}))})
        except UnknownObjectError as error:
            return json_answer({"error": str(error)}, 404)
        except (TypeError, KeyError, ValueError) as error:
            return json_answer({"error": f"{type(error).__name__}: {error}"}, 400)

    def _verb(self, action: str) -> Callable[..., Any] | None:
        extra: dict[str, Callable[..., Any]] = {"put_raw": self._put_raw, "register_webhook": self._register_webhook}
        return getattr(self._world, action) if action in ACTIONS else extra.get(action)

    def _put_raw(self, kind: str, object_id: str, body: str) -> None:
        """The world's put_raw with the bytes given as text."""
        self._world.put_raw("appointment" if kind == "appointment" else "event", object_id, body.encode())

    def _register_webhook(self, product: str, url: str, secret: str | None = None) -> dict[str, Any]:
        """Register a receiver for either product."""
        chosen: Product = "appointments" if product == "appointments" else "meetings"
        return self._world.register_webhook(chosen, url, secret).document()


EXTRA = ("put_raw", "register_webhook")

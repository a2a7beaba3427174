"""The Appointments API over HTTP: `/v1/account` and `/v1/appointments` with their actions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from .answers import (
    STALE,
    Refused,
    appointments_error,
    appointments_invalid,
    json_answer,
    plain_error,
    raw_answer,
    read_object,
)
from .formats import encode, parse_instant, time_zone
from .object_store import UnknownObjectError
from .options import Options
from .world import World

ORDER_FIELD = "start_at_utc"
"""The only documented field of `order_by`."""
UPCOMING = {"field": "period", "op": "==", "value": "upcoming"}
"""The only documented filter."""


class AppointmentsApi:
    """Routes of the Appointments API."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._options = world.options

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Every route, under `prefix`."""
        one = f"{prefix}/appointments/{{appointment_id}}"
        return [
            web.get(f"{prefix}/account", self.account),
            web.get(f"{prefix}/appointments", self.list_appointments),
            web.post(f"{prefix}/appointments", self.create),
            web.get(one, self.get_appointment),
            web.post(f"{one}/cancel", self.cancel),
            web.post(f"{one}/confirm", self.confirm),
            web.post(f"{one}/reschedule", self.reschedule),
        ]

    async def account(self, _: web.Request) -> web.Response:
        """The token's account."""
        return json_answer({"data": self._world.catalog.account})

    async def list_appointments(self, request: web.Request) -> web.Response:
        """An offset page: rows shift between pages whenever something is booked or deleted."""
        query, collection = request.query, self._world.collections["appointment"]
        try:
            page = read_positive(query, "page", 1)
            size = read_page_size(query, self._options)
            first = int(self._world.now) if read_upcoming(query) else None
            descending = read_descending(query, self._options)
            view = "list_full" if read_sensitive(query, self._options) else "list_plain"
        except Refused as refused:
            return refused.answer
        low, high = collection.bounds(first, None)
        again = int(self._options.pages_overlap and page > 1)  # the last record of the page before
        offset = (page - 1) * size - again
        rows = collection.rows(low, high, offset=offset, limit=size + again, descending=descending)
        bodies = [collection.body(record, view, stale=request.get(STALE, False)) for record in rows]
        meta = {"current_page": page, "page_size": size}
        pages = -(-(high - low) // size)
        meta |= {"total_count": high - low, "total_pages": pages + int(self._options.extra_page)}
        return raw_answer(b'{"data":[' + b",".join(bodies) + b'],"meta":' + encode(meta) + b"}")

    async def get_appointment(self, request: web.Request) -> web.Response:
        """One appointment, or 404 in either documented shape."""
        collection = self._world.collections["appointment"]
        record = collection.records.get(request.match_info["appointment_id"])
        if record is None and self._options.error_body == "text":
            return plain_error(404)
        if record is None and self._options.appointment_404 == "json_error":
            error = {"title": "Not Found", "detail": "Not Found", "source": {"pointer": "/"}}
            return json_answer({"errors": [error]}, 404)
        if record is None:
            return appointments_error(404, "Not Found")
        try:
            view = "full" if read_sensitive(request.query, self._options) else "plain"
        except Refused as refused:
            return refused.answer
        return raw_answer(b'{"data":' + collection.body(record, view, stale=request.get(STALE, False)) + b"}")

    def _shown(self, request: web.Request, appointment_id: str, status: int = 200) -> web.Response:
        """An appointment after an action on it."""
        collection = self._world.collections["appointment"]
        view = "full" if request.query.get("include_sensitive") == "true" else "plain"
        body = collection.body(self._world.record("appointment", appointment_id), view)
        return raw_answer(b'{"data":' + body + b"}", status)

    async def create(self, request: web.Request) -> web.Response:
        """Book for a known service; any future stretch of time counts as a slot here."""
        wish = await read_object(request)
        services = {service["id"] for service in self._world.catalog.services}
        flaw = ("", "is invalid") if wish is None else creation_flaw(wish, services, self._world.now)
        if wish is None or flaw is not None:
            return appointments_invalid(*(flaw or ("", "is invalid")))
        document = self._world.create_appointment(str(wish["service_id"]), wish)
        return self._shown(request, str(document["id"]), 201)

    async def cancel(self, request: web.Request) -> web.Response:
        """Cancel, with an optional reason; canceling again is a switch."""
        appointment_id, wish = request.match_info["appointment_id"], await read_object(request) or {}
        try:
            record = self._world.record("appointment", appointment_id)
        except UnknownObjectError:
            return appointments_error(404, "Not Found")
        if record.state == "canceled" and self._options.cancel_again == "reject":
            return appointments_invalid("/status", "is already canceled")
        if record.state != "canceled":
            reason_id, text = wish.get("cancellation_reason_id"), wish.get("custom_reason_text")
            self._world.cancel_appointment(appointment_id, reason_id, text, wish.get("initiated_by", "client"))
        return self._shown(request, appointment_id)

    async def confirm(self, request: web.Request) -> web.Response:
        """Note the client's confirmation."""
        appointment_id, wish = request.match_info["appointment_id"], await read_object(request) or {}
        try:
            self._world.confirm_appointment(appointment_id, wish.get("initiated_by", "client"))
        except UnknownObjectError:
            return appointments_error(404, "Not Found")
        return self._shown(request, appointment_id)

    async def reschedule(self, request: web.Request) -> web.Response:
        """Move to another time, and to another provider when one is named; answered with 201."""
        appointment_id, wish = request.match_info["appointment_id"], await read_object(request) or {}
        if appointment_id not in self._world.collections["appointment"].records:
            return appointments_error(404, "Not Found")
        flaw = times_flaw(wish, self._world.now)
        if flaw is not None:
            return appointments_invalid(*flaw)
        names = ("start_at", "end_at", "time_zone", "provider_id")
        times = {name: wish.get(name) for name in names}
        by = wish.get("initiated_by", "client")
        self._world.reschedule_appointment(appointment_id, **times, initiated_by=by)
        return self._shown(request, appointment_id, 201)


def read_positive(query: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of at least 1."""
    text = query.get(name, str(default))
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise Refused(appointments_invalid(f"/{name}", "must be greater than or equal to 1"))
    return int(text)


def read_page_size(query: Mapping[str, str], options: Options) -> int:
    """`page_size`; default and maximum are assumptions."""
    if "page_size" in query and not options.page_size_taken:
        raise Refused(appointments_invalid("/page_size", "Unexpected field: page_size"))
    size = read_positive(query, "page_size", min(options.page_size_default, options.page_size_max))
    if size > options.page_size_max and options.limit_out_of_range == "reject":
        message = f"must be less than or equal to {options.page_size_max}"
        rejects = {422: appointments_invalid("/page_size", message), 400: appointments_error(400, message)}
        raise Refused(rejects[options.limit_reject_status])
    return min(size, options.page_size_max)


def read_sensitive(query: Mapping[str, str], options: Options) -> bool:
    """`include_sensitive`, false by default."""
    if "include_sensitive" in query and not options.include_sensitive_taken:
        raise Refused(appointments_invalid("/include_sensitive", "Unexpected field: include_sensitive"))
    text = query.get("include_sensitive", "false")
    if text not in {"true", "false"}:
        raise Refused(appointments_invalid("/include_sensitive", "Invalid boolean"))
    return text == "true"


def read_upcoming(query: Any) -> bool:
    """Whether `filters` asks for upcoming ones: one JSON list, or a repeated `filters[]` of JSON objects."""
    texts = query.getall("filters", []) + query.getall("filters[]", [])
    filters: list[Any] = []
    for text in texts:
        try:
            value = json.loads(text)
        except ValueError:
            raise Refused(appointments_invalid("/filters", "Invalid JSON")) from None
        filters.extend(value if isinstance(value, list) else [value])
    if any(one != UPCOMING for one in filters):
        raise Refused(appointments_invalid("/filters", "Unknown filter"))
    return bool(filters)


def read_descending(query: Any, options: Options) -> bool:
    """The direction of `order_by[]=start_at_utc`; its default is an assumption."""
    taken = options.order_taken
    for name in (name for name in query if name.startswith("order_")):
        if taken == "none" or (taken != "any" and (taken == "brackets") != name.endswith("[]")):
            raise Refused(appointments_invalid(f"/{name}", f"Unexpected field: {name}"))
    fields = query.getall("order_by[]", query.getall("order_by", []))
    directions = query.getall("order_directions[]", query.getall("order_directions", []))
    if any(field != ORDER_FIELD for field in fields):
        raise Refused(appointments_invalid("/order_by", "Unknown field"))
    if any(direction not in {"asc", "desc"} for direction in directions):
        raise Refused(appointments_invalid("/order_directions", "Invalid value for enum"))
    if not fields or not options.order_honoured:
        return options.appointments_order_default == "desc"
    return bool(directions) and directions[0] == "desc"


def times_flaw(wish: Mapping[str, Any], now: float) -> tuple[str, str] | None:
    """The first unacceptable time of a request, as (pointer, detail)."""
    for name in ("start_at", "end_at", "time_zone"):
        if not isinstance(wish.get(name), str):
            return f"/{name}", "null value where string expected"
    try:
        time_zone(wish["time_zone"])
    except (ValueError, OSError, LookupError):
        return "/time_zone", "Invalid time zone"
    start_at, end_at = (parse_instant(wish[name], wish["time_zone"]) for name in ("start_at", "end_at"))
    if start_at is None or end_at is None or end_at <= start_at:
        return "/start_at", "Invalid format"
    return ("/start_at", "The slot is not available") if start_at <= now else None


def creation_flaw(wish: Mapping[str, Any], services: set[str], now: float) -> tuple[str, str] | None:
    """The first unacceptable field of a create-appointment request."""
    if wish.get("service_id") not in services:
        return "/service_id", "Unknown service"
    client = wish.get("client_data")
    if not isinstance(client, dict) or not isinstance(client.get("time_zone"), str):
        return "/client_data/time_zone", "null value where string expected"
    if not (client.get("id") or client.get("reference_id")):
        missing = [name for name in ("first_name", "last_name", "email") if not client.get(name)]
        if missing:
            return f"/client_data/{missing[0]}", "null value where string expected"
    return times_flaw(wish, now)

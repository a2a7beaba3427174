"""The Appointments API over HTTP, read only: `/v1/account` and `/v1/appointments`. The mirror never writes."""

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
)
from .formats import encode
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
        return [
            web.get(f"{prefix}/account", self.account),
            web.get(f"{prefix}/appointments", self.list_appointments),
            web.get(f"{prefix}/appointments/{{appointment_id}}", self.get_appointment),
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

"""The Meetings API over HTTP: `/v1/me`, `/v1/events`, `/v1/links`, bookings, cancellation and webhooks."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from .answers import STALE, Refused, json_answer, meetings_error, meetings_invalid, plain_error, raw_answer, read_object
from .collection import Keep, Key, Record, Slice
from .events import STATES
from .formats import DAY, encode, parse_instant, time_zone
from .object_store import Kind, UnknownObjectError
from .options import Options
from .world import World

CHOICES = {
    "state": ("all", *STATES),
    "period": ("past", "upcoming", "fixed", "all"),
    "attendance": ("attending", "any"),
    "direction": ("asc", "desc"),
}
LIMIT_DEFAULT, LIMIT_MAX = 20, 100


class MeetingsApi:
    """Routes of the Meetings API."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._options = world.options

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Every route, under `prefix`."""
        return [
            web.get(f"{prefix}/me", self.me),
            web.get(f"{prefix}/events", self.list_events),
            web.get(f"{prefix}/events/{{event_id}}", self.get_event),
            web.post(f"{prefix}/events/{{event_id}}/cancel", self.cancel_event),
            web.get(f"{prefix}/links", self.list_links),
            web.get(f"{prefix}/links/{{link_id}}", self.get_link),
            web.post(f"{prefix}/links/{{link_id}}/events", self.create_event),
            web.get(f"{prefix}/webhooks", self.list_webhooks),
            web.post(f"{prefix}/webhooks", self.create_webhook),
            web.get(f"{prefix}/webhooks/{{webhook_id}}", self.get_webhook),
            web.delete(f"{prefix}/webhooks/{{webhook_id}}", self.delete_webhook),
        ]

    def _missing(self) -> web.Response:
        if self._options.error_body == "text":
            return plain_error(404)
        return meetings_error(404, self._options.not_found_message)

    async def me(self, _: web.Request) -> web.Response:
        """The token's user."""
        return json_answer(self._world.catalog.me)

    async def list_events(self, request: web.Request) -> web.Response:
        """A keyset page over (start_at, id) of the events that pass every filter."""
        try:
            wanted = {name: choice(request.query, name, self._options) for name in CHOICES}
            bounds = self._bounds(wanted["period"], request.query)
        except Refused as refused:
            return refused.answer
        keep = keep_of(wanted["state"], wanted["attendance"], request.query.get("link"))
        descending = wanted["direction"] == "desc"
        if not self._options.order_honoured:
            descending = self._options.direction_default == "desc"
        return self._page(request, "event", bounds, keep, descending=descending)

    async def list_links(self, request: web.Request) -> web.Response:
        """The links in one state, or in any, in the order in which they were made."""
        state = request.query.get("state", "all")
        if state not in {"all", "active", "disabled"} and self._options.unknown_filter == "reject":
            return meetings_invalid("state", "is invalid")
        bounds = self._world.collections["link"].bounds(None, None)
        return self._page(request, "link", bounds, keep_of(state, "any", None), descending=False)

    def _page(
        self, request: web.Request, kind: Kind, bounds: tuple[int, int], keep: Keep | None, *, descending: bool
    ) -> web.Response:
        """The page of a list that a request asks for, or the refusal of its limit or cursor."""
        try:
            limit = read_limit(request.query, self._options)
            cursors = [read_cursor(request.query.get(name), self._options) for name in ("after", "before")]
            if any(cursors) and self._world.cursor_expires():
                raise expired(self._options)
        except Refused as refused:
            return refused.answer
        collection = self._world.collections[kind]
        page = collection.page(bounds, keep, descending=descending, limit=limit, after=cursors[0], before=cursors[1])
        stale = request.get(STALE, False)
        page = with_habits(page, self._options)
        return raw_answer(
            page_body([collection.body(record, "full", stale=stale) for record in page.records], page, limit)
        )

    def _bounds(self, period: str, query: Mapping[str, str]) -> tuple[int, int]:
        """Which stretch of the list `period` (with `from` and `until`, for fixed only) leaves."""
        collection, now = self._world.collections["event"], int(self._world.now)
        if period == "past":
            return collection.bounds(None, now)
        if period == "upcoming":
            return collection.bounds(now, None)
        if period == "fixed" and self._options.period_fixed == "refused":
            raise Refused(meetings_invalid("period", "is invalid"))
        if period == "all" or self._options.period_fixed == "ignored":
            return collection.bounds(None, None)
        if "from" in query and "until" not in query and self._options.from_without_until == "reject":
            raise Refused(meetings_invalid("until", "can't be blank"))
        first, until = day_start(query, "from", self._options), day_start(query, "until", self._options)
        if until is not None and until > now + 3660 * DAY and self._options.far_until == "reject":
            raise Refused(meetings_invalid("until", "is too far in the future"))
        first = first if first is None or self._options.from_inclusive else first + DAY
        whole_day = DAY if self._options.until_inclusive else 0
        return collection.bounds(first, None if until is None else until + whole_day)

    async def get_event(self, request: web.Request) -> web.Response:
        """One event, or 404."""
        return self._one(request, "event", request.match_info["event_id"])

    async def get_link(self, request: web.Request) -> web.Response:
        """One link, or 404."""
        return self._one(request, "link", request.match_info["link_id"])

    def _one(self, request: web.Request, kind: Kind, object_id: str) -> web.Response:
        collection = self._world.collections[kind]
        record = collection.records.get(object_id)
        if record is None:
            return self._missing()
        return raw_answer(collection.body(record, "full", stale=request.get(STALE, False)))

    async def cancel_event(self, request: web.Request) -> web.Response:
        """Cancel with an optional `cancel_reason`; canceling again is a switch."""
        event_id = request.match_info["event_id"]
        wish = await read_object(request)
        try:
            record = self._world.record("event", event_id)
        except UnknownObjectError:
            return self._missing()
        if record.state == "canceled":
            again = self._options.cancel_again == "ok"
            return await self.get_event(request) if again else meetings_invalid("state", "is already canceled")
        return json_answer(self._world.cancel_event(event_id, (wish or {}).get("cancel_reason")))

    async def create_event(self, request: web.Request) -> web.Response:
        """Book a slot on a link; any future stretch of time counts as a slot here."""
        link_id, wish = request.match_info["link_id"], await read_object(request)
        if link_id not in self._world.catalog.links_by_id:
            return self._missing()
        field = booking_flaw(wish or {}, self._world.now)
        if wish is None or field is not None:
            return meetings_invalid(*(field or ("body", "is invalid")))
        return json_answer(self._world.create_event(link_id, wish), self._options.create_event_status)

    async def list_webhooks(self, request: web.Request) -> web.Response:
        """The registered webhooks in the paged envelope, oldest first."""
        try:
            limit = read_limit(request.query, self._options)
            after = read_cursor(request.query.get("after"), self._options)
        except Refused as refused:
            return refused.answer
        mine = [hook for hook in self._world.webhooks.values() if hook.product == "meetings"]
        rows = sorted((hook.created_at, hook.id) for hook in mine)
        rows = [key for key in rows if after is None or key > after]
        more, rows = len(rows) > limit, rows[:limit]
        page = Slice([], rows[0] if rows and after else None, rows[-1] if more else None)
        return raw_answer(page_body([encode(self._world.webhooks[key[1]].document()) for key in rows], page, limit))

    async def create_webhook(self, request: web.Request) -> web.Response:
        """Register a receiver; it gets every type."""
        url = ((await read_object(request)) or {}).get("url")
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
            return meetings_invalid("url", "must be a valid URL")
        return json_answer(self._world.register_webhook("meetings", str(url)).document(), 201)

    async def get_webhook(self, request: web.Request) -> web.Response:
        """One webhook, or 404."""
        webhook = self._world.webhooks.get(request.match_info["webhook_id"])
        if webhook is None or webhook.product != "meetings":
            return self._missing()
        return json_answer(webhook.document())

    async def delete_webhook(self, request: web.Request) -> web.Response:
        """Delete; answered with the webhook in state `deleted`."""
        webhook = self._world.webhooks.get(request.match_info["webhook_id"])
        if webhook is None or webhook.product != "meetings":
            return self._missing()
        webhook.state = "deleted"
        if not self._options.deleted_webhook_listed:
            del self._world.webhooks[webhook.id]
        return json_answer(webhook.document())


def choice(query: Mapping[str, str], name: str, options: Options) -> str:
    """A parameter with documented values, or its documented default."""
    defaults = {"state": "confirmed", "period": "upcoming", "attendance": "attending"}
    default = defaults.get(name, options.direction_default)
    value = query.get(name, default)
    if name == "direction" and name in query and options.order_taken == "none":
        raise Refused(meetings_invalid(name, "is not allowed"))
    if value in CHOICES[name]:
        return value
    if options.unknown_filter == "reject":
        raise Refused(meetings_invalid(name, "is invalid"))
    return default


def read_limit(query: Mapping[str, str], options: Options) -> int:
    """`limit`, 1 to 100, default 20, or as many as are granted at most."""
    most = min(LIMIT_MAX, options.limit_max)
    if "limit" in query and not options.page_size_taken:
        raise Refused(meetings_invalid("limit", "is not allowed"))
    text = query.get("limit", str(min(LIMIT_DEFAULT, most)))
    number = int(text) if text.removeprefix("-").isdecimal() and len(text) < 10 else None
    if number is not None and 1 <= number <= most:
        return number
    if options.limit_out_of_range == "reject" or number is None:
        message = f"must be between 1 and {most}"
        rejects = {422: meetings_invalid("limit", message), 400: meetings_error(400, f"limit {message}")}
        raise Refused(rejects[options.limit_reject_status])
    return min(max(number, 1), most)


def day_start(query: Mapping[str, str], name: str, options: Options) -> int | None:
    """Unix seconds at which the calendar day of a `YYYY-MM-DD` parameter begins."""
    if name not in query:
        return None
    try:
        day = datetime.strptime(query[name], "%Y-%m-%d").replace(tzinfo=time_zone(options.from_until_time_zone))
        return int(day.timestamp())
    except (ValueError, OverflowError):
        raise Refused(meetings_invalid(name, "is invalid")) from None


def keep_of(state: str, attendance: str, link_id: str | None) -> Keep | None:
    """The filter a list applies row by row; None when it keeps everything."""
    tests: list[Callable[[Record], bool]] = []
    if state != "all":
        tests.append(lambda record: record.state == state)
    if attendance == "attending":
        tests.append(lambda record: record.attended)
    if link_id is not None:
        tests.append(lambda record: record.link_id == link_id)
    if len(tests) == 1:
        return tests[0]
    return (lambda record: all(test(record) for test in tests)) if tests else None


def cursor_of(key: Key) -> str:
    """An opaque cursor: base64 of a checksum and the sort key."""
    payload = encode(key)
    return base64.b64encode(b"\x83" + zlib.crc32(payload).to_bytes(4, "big") + payload).decode()


def read_cursor(text: str | None, options: Options) -> Key | None:
    """The sort key a cursor points at; what is not one of our cursors is refused."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
        if raw[:1] == b"\x83" and zlib.crc32(raw[5:]).to_bytes(4, "big") == raw[1:5]:
            start_at, object_id = json.loads(raw[5:])
            return int(start_at), str(object_id)
    except (ValueError, TypeError):  # binascii.Error is a ValueError
        pass
    raise expired(options)


def expired(options: Options) -> Refused:
    """The refusal of a cursor that cannot be used, or no longer."""
    status = options.bad_cursor_status
    return Refused(
        meetings_invalid("after", "is invalid") if status == 422 else meetings_error(status, "Invalid cursor")
    )


def with_habits(page: Slice, options: Options) -> Slice:
    """The page with cursors as the switches want them: to a page beyond the end, to one that overlaps."""
    after = page.after
    if after is None and options.extra_page and page.records:
        after = page.records[-1].key
    elif after is not None and options.pages_overlap and len(page.records) > 1:
        after = page.records[-2].key
    return replace(page, after=after)


def page_body(bodies: list[bytes], page: Slice, limit: int) -> bytes:
    """The pagination envelope around entries that are serialised already."""
    before, after = (None if key is None else cursor_of(key) for key in (page.before, page.after))
    metadata = encode({"before": before, "after": after, "limit": limit})
    return b'{"entries":[' + b",".join(bodies) + b'],"metadata":' + metadata + b"}"


def booking_flaw(wish: Mapping[str, Any], now: float) -> tuple[str, str] | None:
    """The first field of a create-event request that cannot be accepted, and why."""
    for name in ("display_name", "email", "start_at", "end_at", "time_zone"):
        if not isinstance(wish.get(name), str) or not wish[name]:
            return name, "can't be blank"
    try:
        time_zone(wish["time_zone"])
    except (ValueError, OSError, LookupError):
        return "time_zone", "is invalid"
    start_at, end_at = (parse_instant(wish[name], wish["time_zone"]) for name in ("start_at", "end_at"))
    if start_at is None or start_at <= now:
        return "start_at", "is not an available slot"
    return None if end_at is not None and end_at > start_at else ("end_at", "is invalid")

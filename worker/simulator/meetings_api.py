"""The Meetings API over HTTP: `/v1/me`, `/v1/events`, `/v1/links`, read only; and webhooks, which a client manages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from aiohttp import web

from .answers import STALE, Refused, json_answer, meetings_error, meetings_invalid, plain_error, raw_answer, read_object
from .collection import Keep, Slice
from .formats import DAY, encode
from .meetings_queries import CHOICES, choice, cursor_of, day_start, expired, keep_of, read_cursor, read_limit
from .object_store import Kind
from .options import Options
from .world import World


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
            web.get(f"{prefix}/links", self.list_links),
            web.get(f"{prefix}/links/{{link_id}}", self.get_link),
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

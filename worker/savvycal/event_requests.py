"""SavvyCal Meetings: the requests for Events, and how an answer is divided into records.

Source: SavvyCal Meetings API, list events. Assumptions, where the documentation is silent: `direction=asc` sorts by
start; `from` and `until` are UTC dates (windows are padded by a day).
"""

from datetime import datetime
from typing import Any

import msgspec

from worker.core.windows import FAR, Bounds
from worker.savvycal import json_spans
from worker.savvycal.ladder import Ladder
from worker.savvycal.wire import PAGE_SIZES, ListForm, Page, Request, as_start, check_cursor, decode_envelope, one

PAGE_SIZE = 100
"""The documented maximum of `limit`."""

FORM = ListForm(PAGE_SIZE)
LADDER = Ladder(
    {
        "page_size": PAGE_SIZES,
        "order": ("brackets", "none"),
        "period": ("fixed", "all"),
        "until": ("far", "open"),
    }
)
"""There is one order only, so `brackets` is `direction=asc`. Without days there is no `until`, so they come first.
`state` and `attendance` are always sent: without them a list is not complete."""

PATH = "/events"
PROBE = Request("/me")
"""Cheapest call that needs a valid token."""


class _PageMetadata(msgspec.Struct):
    after: str | None = None
    limit: Any = None


class _Placed(msgspec.Struct):
    start_at: str


class _Page(msgspec.Struct):
    entries: list[msgspec.Raw]
    metadata: _PageMetadata


def list_request(bounds: Bounds, cursor: str | None, form: ListForm = FORM) -> Request:
    """One page of all events in a range of start dates: every state, attended by the token's user or not."""
    query = [("state", "all"), ("attendance", "any")]
    query += [("direction", "desc" if form.is_backwards else "asc")] if form.order != "none" else []
    query += [("limit", str(form.page_size))] if form.page_size else []
    if form.period == "all" or (bounds.start is None and bounds.until is None):
        query.append(("period", "all"))
    else:
        start = bounds.start.isoformat() if bounds.start else "1970-01-01"
        query += [("period", "fixed"), ("from", start)]
        if form.until == "far" or bounds.until not in {None, FAR}:
            query.append(("until", (bounds.until or FAR).isoformat()))
    return Request(PATH, (*query, ("after", cursor)) if cursor else tuple(query))


def start_of(raw: bytes) -> datetime | None:
    """When an event starts, read without decoding the rest; None when that cannot be read."""
    return as_start(raw, _Placed, lambda placed: placed.start_at)


def get_request(event_id: str, _form: ListForm = FORM) -> Request:
    """One event by id; it has no parameters."""
    return one(PATH, event_id)


def parse_page(body: bytes, _cursor: str | None) -> Page:
    """`{entries, metadata: {after}}`; the records stay raw."""
    page = decode_envelope(body, _Page)
    granted = page.metadata.limit if isinstance(page.metadata.limit, int) else None
    return Page(tuple(bytes(entry) for entry in page.entries), check_cursor(page.metadata.after), granted=granted)


def parse_one(body: bytes) -> bytes:
    """A single event is served bare."""
    return body.removeprefix(json_spans.BOM)

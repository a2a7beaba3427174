"""SavvyCal Appointments: the requests for Appointments, and how an answer is divided into records.

Source: SavvyCal Appointments API, list appointments. Assumptions, where the documentation is silent: a page has the
requested `page_size`, or the one that `meta` answers; the requested order is trusted only as far as the page itself
shows it.
"""

from datetime import datetime
from typing import Any

import msgspec

from worker.core.windows import Bounds
from worker.errors import Malformed
from worker.savvycal.ladder import Ladder
from worker.savvycal.wire import PAGE_SIZES, ListForm, Page, Place, Request, as_start, decode_envelope, one

COUNT_MAX = 2**63 - 1
"""What Postgres can hold of the number of records SavvyCal announces; nothing depends on a larger one."""

PAGE_SIZE = 100
"""The requested page size. The maximum is not documented; `meta.page_size` tells what was granted."""

FORM = ListForm(PAGE_SIZE)
LADDER = Ladder({"page_size": PAGE_SIZES, "order": ("brackets", "bare", "none"), "sensitive": ("sent", "none")})

PATH = "/appointments"
PROBE = Request("/account")
"""Cheapest call that needs a valid token."""


class _PageMeta(msgspec.Struct):
    current_page: int
    total_pages: int
    total_count: int
    page_size: Any = None


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    meta: _PageMeta


class _One(msgspec.Struct):
    data: msgspec.Raw


class _Instant(msgspec.Struct):
    utc: str | None = None


class _Placed(msgspec.Struct):
    start_at: _Instant | None = None


def list_request(include_sensitive: bool, cursor: str | None, form: ListForm = FORM) -> Request:
    """One page of all appointments, from the farthest start backwards. There is no documented filter by date."""
    place = place_of(cursor, form)
    query = [("page", str(place.page))]
    query += [("page_size", str(place.size))] if place.size else []
    if form.order != "none":
        mark = "[]" if form.order == "brackets" else ""
        query += [(f"order_by{mark}", "start_at_utc"), (f"order_directions{mark}", "desc")]
    return Request(PATH, (*query, *_sensitive(include_sensitive, form)))


def place_of(cursor: str | None, form: ListForm) -> Place:
    """A cursor as a place: `7` is page 7 of 100 each, `7/50` of 50 each, `7/0` of as many as SavvyCal likes."""
    if cursor is None:
        return Place(1, form.page_size)
    page, _, size = cursor.partition("/")
    return Place(int(page), int(size) or None if size else PAGE_SIZE)


def cursor_of(place: Place) -> str:
    """The same as text."""
    return str(place.page) if place.size == PAGE_SIZE else f"{place.page}/{place.size or 0}"


def get_request(include_sensitive: bool, appointment_id: str, form: ListForm = FORM) -> Request:
    """One appointment by id."""
    return Request(one(PATH, appointment_id).path, _sensitive(include_sensitive, form))


def _sensitive(include: bool, form: ListForm) -> tuple[tuple[str, str], ...]:
    return (("include_sensitive", "true" if include else "false"),) if form.sensitive == "sent" else ()


def parse_page(body: bytes, cursor: str | None) -> Page:
    """`{data, meta}`; the cursor is the number of the next page, and its size as SavvyCal grants it. A page other than
    the one asked for is refused.
    """
    page = decode_envelope(body, _Page)
    asked = place_of(cursor, FORM)
    if page.meta.current_page != asked.page:
        raise Malformed(f"SavvyCal answered with page {page.meta.current_page} instead of {asked.page}")
    granted = page.meta.page_size if isinstance(page.meta.page_size, int) else None
    following = None
    if asked.page < page.meta.total_pages and page.data:
        is_less = granted and asked.size and len(page.data) <= granted < asked.size
        following = cursor_of(Place(asked.page + 1, granted if is_less else asked.size))
    total = page.meta.total_count if 0 <= page.meta.total_count <= COUNT_MAX else None
    return Page(tuple(bytes(record) for record in page.data), following, total, granted)


def parse_one(body: bytes) -> bytes:
    """A single appointment is served inside `data`."""
    return bytes(decode_envelope(body, _One).data)


def start_of(raw: bytes) -> datetime | None:
    """When an appointment starts, read without decoding the rest; None when that cannot be read."""
    return as_start(raw, _Placed, lambda placed: placed.start_at.utc if placed.start_at else None)


def is_past_range(page: Page, bounds: Bounds) -> bool:
    """Whether a page shows that all further pages start before the range: sorted downwards, and its last is before.

    A record whose start cannot be read proves nothing about order.
    """
    if bounds.start is None:
        return False
    try:
        placed = [decode_envelope(raw, _Placed).start_at for raw in page.records]
    except Malformed:
        return False
    starts = [start.utc for start in placed if start and start.utc]
    return bool(starts) and starts == sorted(starts, reverse=True) and starts[-1] < bounds.start.isoformat()

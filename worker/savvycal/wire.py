"""What both APIs have in common: an answer becomes bytes or an error. Pure; tested without a network."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin
from urllib.parse import quote

import msgspec

from worker import errors
from worker.savvycal import json_spans
from worker.savvycal.error_text import error_detail

ID_PATTERN = r"^[A-Za-z0-9_.:-]{1,128}$"
"""Ids are opaque; this only keeps them safe inside a URL, a Redis key and a log line."""

_ID = re.compile(ID_PATTERN)
CURSOR_LENGTH_MAX = 2048
_LIST = re.compile(rb'"(?:entries|data)"\s*:\s*\[')
Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Request:
    """A request: path below the base URL, and its query. All but the registration of webhooks are GETs."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes | None = None
    """JSON."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `cursor` requests the next one, None at the end; `total` where SavvyCal announces it."""

    records: tuple[bytes, ...]
    cursor: str | None
    total: int | None = None
    granted: int | None = None
    """Records of a full page, as SavvyCal states it."""


class Place(NamedTuple):
    """A page of a list whose pages are numbered, and the records on each (None: as many as SavvyCal likes)."""

    page: int
    size: int | None

    @property
    def offset(self) -> int:
        """Records before it, as far as its size is known."""
        return (self.page - 1) * (self.size or 0)


@dataclass(frozen=True, slots=True)
class ListForm:
    """How the pages of a list are requested. What SavvyCal refuses in an account takes another form or is left out.

    `page_size` None sends no size. `order` tells how the order is requested: `brackets` (`order_by[]=`), `bare`
    (`order_by=`) or `none`; the Meetings API knows `direction` only, so there `none` leaves it out.
    """

    page_size: int | None = 100
    order: Literal["brackets", "bare", "none"] = "brackets"
    until: Literal["far", "open"] = "far"
    """How a range without an end is requested: with a day in the far future, or without `until`."""
    period: Literal["fixed", "all"] = "fixed"
    """How a range of dates is requested: by its days, or not at all (then the list holds everything). Meetings only."""
    sensitive: Literal["sent", "none"] = "sent"
    """Whether `include_sensitive` is sent. Appointments only."""
    is_backwards: bool = False
    """Whether the list is requested from its other end; Meetings only."""

    def __str__(self) -> str:
        rare = {"until=none": self.until == "open", "period=all": self.period == "all"}
        rare["include_sensitive=none"] = self.sensitive == "none"
        parts = (f"page_size={self.page_size or 'none'}", f"order={self.order}", *(name for name in rare if rare[name]))
        return " ".join(parts)


PAGE_SIZES = (100, 50, 25, 20, 10, None)


class _Named(msgspec.Struct):
    id: str


_named = msgspec.json.Decoder(_Named).decode


def is_id(text: str) -> bool:
    """Whether a text can be the id of an object."""
    return _ID.fullmatch(text) is not None


def one(path: str, object_id: str) -> Request:
    """The GET for one object.

    Raises:
        errors.ResyncRejected: the id is not an id.
    """
    if not is_id(object_id):
        raise errors.ResyncRejected("that is not an id: ids hold letters, digits and _ . : - only, at most 128 of them")
    return Request(f"{path}/{quote(object_id, safe='')}")


def decipher(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> bytes:
    """Returns the body of a 200, raises the matching error otherwise.

    Sources: SavvyCal Meetings API, errors (`errors` is a list for 401 and 404, a map of fields for 422); SavvyCal
    Appointments API, errors (list of `detail`, 429 with Retry-After in seconds).
    """
    if status == 200:
        return body
    if status == 429:
        raise errors.RateLimited("SavvyCal answered 429: too many requests", retry_after(headers, now))
    raise _error_for(status, error_detail(body))


def _error_for(status: int, detail: str) -> errors.UpstreamError:
    said = f"SavvyCal answered {status}" + (f": {detail}" if detail else "")
    if status == 400 and "account" in detail.lower():
        return errors.AccountMissing(said, status)
    if status in {401, 403}:
        return errors.Unauthorized(said, status)
    if status in {404, 410}:
        return errors.NotThere(said, status)
    if status >= 500:
        return errors.ServerFault(said, status)
    if 300 <= status < 400:
        return errors.Refused(f"SavvyCal answered {status}: redirects are not followed", status)
    return errors.Refused(said, status)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from a Retry-After header (seconds or an HTTP date), None when absent or unreadable."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def as_start(raw: bytes, shape: type[Shape], start: Callable[[Shape], str | None]) -> datetime | None:
    """A time of a record as UTC, read without decoding the rest; None when it cannot be read."""
    try:
        found = datetime.fromisoformat(start(decode_envelope(raw, shape)) or "")
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (errors.Malformed, ValueError, OverflowError):
        return None


def check_cursor(cursor: str | None) -> str | None:
    """The cursor as it is: it is only ever sent back as one value of a query.

    Raises:
        errors.Malformed: longer than any URL may be, or with control characters.
    """
    if cursor is not None and (len(cursor) > CURSOR_LENGTH_MAX or not cursor.isprintable()):
        raise errors.Malformed("SavvyCal's cursor is not one")
    return cursor


def decode_envelope(body: bytes, shape: type[Shape]) -> Shape:
    """Reads the outer part of an answer; records inside stay raw bytes. Damage that no needed part has is passed over.

    Raises:
        errors.Malformed: not JSON, cut off, or another envelope than the documented one; names the part that is wrong.
    """
    body = body.removeprefix(json_spans.BOM)
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(body, type=shape)
    found: Shape = _by_parts(body, shape, "")
    return found


def _by_parts(text: bytes, shape: Any, name: str) -> Any:
    """An envelope with a part that no parser takes: each part that is needed is read by itself, records not at all.

    Nothing is repaired here: a cursor with another letter in it is another cursor.
    """
    if shape is msgspec.Raw:
        return msgspec.Raw(text)
    try:
        if get_origin(shape) is list:
            return [_by_parts(item, get_args(shape)[0], "") for item in json_spans.items(text)]
        if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
            parts = json_spans.members(text)
        else:
            return msgspec.json.decode(text, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if shape is Any:  # of use where it can be read, and not needed
            return None
        raise errors.Malformed(f"SavvyCal's answer cannot be read: {name}: {_what(error)}") from None
    except errors.Malformed as error:
        raise errors.Malformed(f"{error} ({name})" if name else str(error)) from None
    return _struct(parts, shape, name)


def _struct(parts: Mapping[bytes, bytes], shape: type[msgspec.Struct], name: str) -> Any:
    named = {}
    for field in msgspec.structs.fields(shape):
        inside = f"{name}.{field.encode_name}".lstrip(".")
        part = parts.get(field.encode_name.encode())
        if part is not None:
            named[field.name] = _by_parts(part, field.type, inside)
        elif field.required:
            raise errors.Malformed(f"SavvyCal's answer cannot be read: {inside}: is missing")
    return shape(**named)


def peek_id(raw: bytes) -> str:
    """The id of a record, read without decoding the rest; found even where the rest cannot be read.

    Raises:
        errors.RecordError: not a JSON object, no id, or an id that is not an id.
    """
    try:
        object_id = _named(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        object_id = _id_in(raw, _what(error))
    if not is_id(object_id):
        raise errors.RecordError("id: is not an id")
    return object_id


def first_id(beginning: bytes) -> str | None:
    """The id of the first record of a list of which only the beginning is there; None when it is not in it."""
    opening = _LIST.search(beginning)
    found = json_spans.member(beginning[opening.end() :], b"id") if opening else None
    try:
        object_id = msgspec.json.decode(found or b"", type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return object_id if is_id(object_id) else None


def _id_in(raw: bytes, reason: str) -> str:
    """Of a whole object only: what is cut off was no read of that object, and the next one may be complete."""
    try:
        return msgspec.json.decode(json_spans.members(raw).get(b"id", b""), type=str)
    except (errors.Malformed, msgspec.DecodeError, UnicodeDecodeError):
        raise errors.RecordError(f"cannot be read: {reason}") from None


def _what(error: Exception) -> str:
    """msgspec names types, paths and byte positions, never values; other decoders quote their input."""
    return str(error) if isinstance(error, msgspec.DecodeError) else type(error).__name__

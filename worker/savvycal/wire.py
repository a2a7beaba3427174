"""What is the same on every wire: an answer becomes bytes or an error. Pure; tested without a network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Literal, TypeVar
from urllib.parse import quote

import msgspec

from worker import errors
from worker.savvycal.error_text import error_detail

ID_PATTERN = r"^[A-Za-z0-9_.:-]{1,128}$"
"""Ids are opaque; this only keeps them safe inside a URL, a Redis key and a log line."""

_ID = re.compile(ID_PATTERN)
CURSOR_LENGTH_MAX = 2048
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
    """One page of a list. `cursor` asks for the next one, None at the end; `total` where SavvyCal announces it."""

    records: tuple[bytes, ...]
    cursor: str | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ListForm:
    """How the pages of a list are asked for; what SavvyCal does not take in an account is said otherwise there.

    `page_size` None sends no size. `order` says how the order is asked for: `brackets` (`order_by[]=`), `bare`
    (`order_by=`) or `none`; the Meetings API knows `direction` only, so there `none` leaves it out.
    """

    page_size: int | None = 100
    order: Literal["brackets", "bare", "none"] = "brackets"


class _Named(msgspec.Struct):
    id: str


_named = msgspec.json.Decoder(_Named).decode


def is_id(text: str) -> bool:
    """Whether a text can be the id of an object."""
    return _ID.fullmatch(text) is not None


def one(path: str, object_id: str) -> Request:
    """The GET for one object.

    Raises:
        errors.BadTrigger: the id is not an id.
    """
    if not is_id(object_id):
        raise errors.BadTrigger("that is not an id: ids hold letters, digits and _ . : - only, at most 128 of them")
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


def check_cursor(cursor: str | None) -> str | None:
    """The cursor as it is: it is only ever sent back as one value of a query.

    Raises:
        errors.Malformed: longer than any URL may be, or with control characters.
    """
    if cursor is not None and (len(cursor) > CURSOR_LENGTH_MAX or not cursor.isprintable()):
        raise errors.Malformed("SavvyCal's cursor is not one")
    return cursor


def decode_envelope(body: bytes, shape: type[Shape]) -> Shape:
    """Reads the outer part of an answer; records inside stay raw bytes.

    Raises:
        errors.Malformed: not JSON, or another envelope than the documented one.
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise errors.Malformed(f"SavvyCal's answer cannot be read: {_what(error)}") from None


def peek_id(raw: bytes) -> str:
    """The id of a record, read without decoding the rest.

    Raises:
        errors.RecordError: not JSON, no id, or an id that is not an id.
    """
    try:
        object_id = _named(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise errors.RecordError(f"cannot be read: {_what(error)}") from None
    if not is_id(object_id):
        raise errors.RecordError("id: is not an id")
    return object_id


def _what(error: Exception) -> str:
    """msgspec names types, paths and byte positions, never values; other decoders quote their input."""
    return str(error) if isinstance(error, msgspec.DecodeError) else type(error).__name__

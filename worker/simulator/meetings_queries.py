"""What a request to a list of the Meetings API asks for: its parameters and its cursor."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime

from .answers import Refused, meetings_error, meetings_invalid
from .collection import Keep, Key, Record
from .events import STATES
from .formats import encode, time_zone
from .options import Options

CHOICES = {
    "state": ("all", *STATES),
    "period": ("past", "upcoming", "fixed", "all"),
    "attendance": ("attending", "any"),
    "direction": ("asc", "desc"),
}
LIMIT_DEFAULT, LIMIT_MAX = 20, 100


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

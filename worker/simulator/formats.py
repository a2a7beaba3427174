"""How SavvyCal writes ids and instants. Everything here is pure; instants are whole unix seconds, UTC."""

from __future__ import annotations

import base64
import json
import time
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

Document = dict[str, Any]
"""One JSON object as an API shows it. Never changed in place: every new version is a new dict."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [high + low for high in CROCKFORD for low in CROCKFORD]
DAY = 86_400
_utf8 = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def iso(seconds: float) -> str:
    """`2026-01-08T15:00:00Z`, as every date-time in the documentation."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def parse_instant(text: object, zone: str = "UTC") -> int | None:
    """Unix seconds of an ISO-8601 text, a naive one read in `zone`; None when it is not one."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=time_zone(zone))
        return int(moment.timestamp())
    except (ValueError, OverflowError, KeyError):
        return None


@lru_cache(maxsize=64)
def time_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    return ZoneInfo(name)


def local_text(seconds: int, zone: str, *, offset: bool) -> str:
    """The wall clock in `zone`, with an offset (`2025-03-01T10:00:00-05:00`) or naive."""
    moment = datetime.fromtimestamp(seconds, time_zone(zone))
    return (moment if offset else moment.replace(tzinfo=None)).isoformat()


def ulid(rng: Random, seconds: float) -> str:
    """26 characters of Crockford's base 32: 48 bits of milliseconds, 80 random bits."""
    number = (int(seconds * 1000) << 80) | rng.getrandbits(80)
    return "".join([PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def hex_id(prefix: str, rng: Random) -> str:
    """An Appointments API id: the prefix and 12 lowercase hex digits."""
    return f"{prefix}_{rng.getrandbits(48):012x}"


def url_token(rng: Random) -> str:
    """43 characters of base64url: 32 random bytes."""
    return base64.urlsafe_b64encode(rng.randbytes(32)).rstrip(b"=").decode()


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8; lone surrogates, which UTF-8 cannot carry, stay escaped."""
    try:
        return _utf8.encode(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()

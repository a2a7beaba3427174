"""Turns a good record into a hostile one: in its structure, in its JSON text, or in its bytes."""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    -(2**63) - 1,
    2**64,
    10**30,
    1.5,
    1e308,
    -0.0,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff x",
    "\u202e\u2066",
    "\x1b[31m",
    "'; drop table events; --",
    "=cmd|' /C calc'!A0",
    "x" * 3000,
    "ü" * 70_000,
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59Z",
    "2026-02-30T00:00:00Z",
    "2026-11-01T24:00:00Z",
    "2026-11-01T23:59:60Z",
    "2026-11-01T10:00:00",
    "-0044-03-15T00:00:00Z",
    "2026-11-01",
    "1795221900",
    1795221900,
    "event_x y",
    "../../etc/passwd",
    "[masked]",
    [],
    {},
    [None],
    [[]],
    {"": ""},
    {"a\x00": 1},
    {"\ud800": 1},
    {"host_url": "x", "password": {"host_url": ["y"]}},
    [{"email": None}] * 3,
    {"id": 1, "object": "appointment_meeting"},
)
LITERALS = (
    *(b"NaN", b"-Infinity", b"1e999", b"-1e999", b"9" * 5000, b"1e-999", b"0x10", b"01", b"'x'", b"undefined"),
    *(b"1e131071", b"1e200000", b"-0e99999999999", b"0." + b"1" * 17_000, b"[" + b"1e100000," * 30 + b"1]"),
    *(rb'"\ud83d"', rb'"\ude00\ud83d"', rb'{"\udc00":1}', rb'"\x41"', rb'"\u12"', b'"a\x01\t"', b'"a\x00b"', b'"\xff"'),
)


def mutate(rng: Random, document: dict[str, Any]) -> bytes:
    """One hostile version of a record."""
    kind = rng.random()
    if kind < 0.7:
        return _encoded(_structure(rng, document))
    if kind < 0.85:
        return _text(rng, document)
    return _bytes(rng, _encoded(document))


def _encoded(value: Any) -> bytes:
    return json.dumps(value, allow_nan=True).encode()


def _structure(rng: Random, document: dict[str, Any]) -> Any:
    changed = copy.deepcopy(document)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        places = list(_places(changed))
        if not places:
            return changed
        holder, key = rng.choice(places)
        _strike(rng, holder, key)
    return changed


def _places(value: Any, depth: int = 20) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        if depth:
            yield from _places(value[key], depth - 1)


def _strike(rng: Random, holder: Any, key: Any) -> None:
    act = rng.randrange(6)
    if act == 0 and isinstance(holder, dict):
        del holder[key]
    elif act == 1 and isinstance(holder, dict):
        holder[rng.choice(("new", "Ünï", "a\x00b", "\udc00", "x" * 500, "password", key + " "))] = copy.deepcopy(
            rng.choice(STRANGE)
        )
    elif act == 2:
        holder[key] = _deep(rng.choice((3, 62, 126, 127, 128, 150)))
    elif act == 3 and isinstance(holder, list):
        holder.extend(copy.deepcopy(holder) * rng.choice((1, 20)))
    else:
        holder[key] = copy.deepcopy(rng.choice(STRANGE))


def _deep(levels: int) -> Any:
    value: Any = "bottom"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def _text(rng: Random, document: dict[str, Any]) -> bytes:
    """What no encoder would write: repeated keys, literals JSON does not know, numbers beyond all bounds."""
    raw = _encoded(document)
    act = rng.randrange(3)
    if act == 0:
        key = rng.choice(list(document))
        return raw[:-1] + b", " + _encoded(key) + b": " + _encoded(rng.choice(STRANGE)) + b"}"
    if act == 1:
        return raw[:-1] + b', "x": ' + rng.choice(LITERALS) + b"}"
    return raw[:-1] + b', "x": ' + b"[" * 100_000 + b"}"


def _bytes(rng: Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(rng.choice((1, 3, 30))):
        place = rng.randrange(len(changed))
        act = rng.randrange(4)
        if act == 0:
            changed[place] = rng.randrange(256)
        elif act == 1:
            del changed[place : place + rng.randrange(1, 40)]
        elif act == 2:
            changed[place:place] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 9)))
        else:
            changed[place:place] = rng.choice((b"\xff\xfe", b"\xef\xbb\xbf", b"\xc0\x80", b'"', b"\\", b"{", b"\x00"))
        if not changed:
            return b""
    return bytes(changed)

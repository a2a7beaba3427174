"""Records that are damaged on purpose: in lists, in single answers and in webhooks alike, the same ones each time.

Which records are damaged, and how, follows from the seed and the record's id. Each kind says what is right for it. Some
kinds spoil the whole answer that holds such a record, not the record itself.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

Right = Literal["repaired", "kept", "quarantined", "missing"]
"""What a mirror ought to make of a damaged record: store it with what cannot be read replaced, store it as it is, hold
it in quarantine, or store its neighbours and show which range is missing.
"""
Spoiled = tuple[int, dict[str, str], bytes]
"""Status, headers and body of an answer."""
BOMB_BYTES = 6_000_000
"""What a compressed answer of a few kB unpacks to, beside its records; more than any reader ought to take."""


def _whole(raw: bytes) -> bytes:
    return raw


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage, and what a mirror ought to make of it."""

    right: Right
    apply: Callable[[bytes], bytes] = _whole
    """To the bytes of the record."""
    spoil: Callable[[bytes], Spoiled] | None = None
    """To each answer that holds the record; None leaves the answer alone."""


_METADATA = re.compile(rb'"metadata":\{[^{}]*\}')
_CREATED = re.compile(rb'"created_at":"[^"]*"')
_ID = re.compile(rb'"((?:event|appt)_[A-Za-z0-9]+)"')


def _value(text: bytes) -> Callable[[bytes], bytes]:
    """Puts a text in the place of the record's metadata, where any value may stand; an older client has none yet."""
    member = b'"metadata":' + text

    def apply(raw: bytes) -> bytes:
        damaged, count = _METADATA.subn(lambda _: member, raw, count=1)
        return damaged if count else raw.replace(b'"client":{', b'"client":{' + member + b",", 1)

    return apply


def _created_value(text: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: _CREATED.sub(lambda _: b'"created_at":' + text, raw, count=1)


def _created(moment: bytes) -> Callable[[bytes], bytes]:
    return _created_value(b'"' + moment + b'"')


def _bom(body: bytes) -> Spoiled:
    return 200, {}, b"\xef\xbb\xbf" + body


def _poisoned(_: bytes) -> Spoiled:
    return 500, {}, b'{"errors":[{"message":"Internal Server Error","detail":"Internal Server Error"}]}'


def _bomb(body: bytes) -> Spoiled:
    return 200, {"content-encoding": "gzip"}, gzip.compress(body + b" " * BOMB_BYTES, compresslevel=1, mtime=0)


DAMAGES: Mapping[str, Damage] = {
    "surrogate": Damage("repaired", _value(rb'{"note":"thanks \ud83d"}')),
    "reversed_pair": Damage("repaired", _value(rb'{"note":"\ude00\ud83d"}')),
    "escaped_key": Damage("repaired", _value(rb'{"\ud801":1}')),
    "control_character": Damage("repaired", _value(b'{"note":"two\ttabs\x01"}')),
    "unknown_escape": Damage("repaired", _value(rb'{"note":"\x41"}')),
    "nul": Damage("repaired", _value(b'{"note":"a\x00b"}')),
    "huge_number": Damage("kept", _value(b'{"score":-4e999}')),
    "beyond_numeric": Damage("kept", _value(b'{"score":1e200000}')),
    "long_decimal": Damage("kept", _value(b'{"rate":98765432109876543210.12345678901234567890}')),
    "long_integer": Damage("kept", _value(b'{"n":' + b"9" * 5000 + b"}")),
    "first_moment": Damage("kept", _created(b"0001-01-01T00:00:00Z")),
    "last_moment": Damage("kept", _created(b"9999-12-31T23:59:59.999999Z")),
    "broken_utf8": Damage("quarantined", _value(b'{"note":"caf\xe9"}')),
    "duplicate_key": Damage("quarantined", _value(b'{"a":1,"a":2}')),
    "deep": Damage("quarantined", _value(b'{"a":' * 1500 + b"1" + b"}" * 1500)),
    "not_a_number": Damage("quarantined", _value(b'{"score":NaN}')),
    "wrong_type": Damage("quarantined", _created_value(b"[17]")),
    "no_start": Damage("quarantined", lambda raw: raw.replace(b'"start_at":', b'"began_at":', 1)),
    "oversize_record": Damage("quarantined", _value(b'{"note":"' + b"x" * 1_100_000 + b'"}')),
    "bom": Damage("kept", spoil=_bom),
    "poisoned": Damage("missing", spoil=_poisoned),
    "bomb": Damage("missing", spoil=_bomb),
}
"""By name, as `savvycal-sync simulate --damage NAME=1/100` takes them."""


def damage_of(seed: int, object_id: str, shares: tuple[tuple[str, float], ...]) -> str | None:
    """Which damage strikes an object, if any: the first whose turn it is."""
    for name, share in shares:
        if Random(f"{seed}:{name}:{object_id}").random() < share:
            return name
    return None


def spoiled(seed: int, body: bytes, shares: tuple[tuple[str, float], ...]) -> Spoiled | None:
    """What becomes of an answer that holds records whose damage spoils all of it; None when it holds none. A damage
    with which it can never be served outdoes one with which it can.
    """
    if not any(DAMAGES[name].spoil for name, _ in shares):
        return None
    names = {damage_of(seed, object_id.decode(), shares) for object_id in set(_ID.findall(body))}
    found = [damage for name, damage in DAMAGES.items() if name in names and damage.spoil]
    worst = next((damage for damage in found if damage.right == "missing"), found[0] if found else None)
    return worst.spoil(body) if worst and worst.spoil else None

"""Records that are damaged on purpose: in lists, in single answers and in webhooks alike, the same ones each time.

Which records are damaged, and how, follows from the seed and the record's id. Each kind says what is right for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

Right = Literal["repaired", "kept", "quarantined"]


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage, and what a mirror ought to make of it."""

    right: Right
    apply: Callable[[bytes], bytes]


_METADATA = re.compile(rb'"metadata":\{[^{}]*\}')
_CREATED = re.compile(rb'"created_at":"[^"]*"')


def _value(text: bytes) -> Callable[[bytes], bytes]:
    """Puts a text in the place of the record's metadata, where any value may stand."""
    return lambda raw: _METADATA.sub(lambda _: b'"metadata":' + text, raw, count=1)


def _created(moment: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: _CREATED.sub(lambda _: b'"created_at":"' + moment + b'"', raw, count=1)


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
    "oversize_record": Damage("quarantined", _value(b'{"note":"' + b"x" * 1_100_000 + b'"}')),
}
"""By name, as `savvycal-sync simulate --damage NAME=1/100` takes them."""


def damage_of(seed: int, object_id: str, shares: tuple[tuple[str, float], ...]) -> str | None:
    """Which damage strikes an object, if any: the first whose turn it is."""
    for name, share in shares:
        if Random(f"{seed}:{name}:{object_id}").random() < share:
            return name
    return None

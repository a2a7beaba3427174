"""JSON in and out with all digits: the one decoder and the one encoder of documents.

A number that a float holds exactly as written is a float, as everywhere; any other is a Decimal, written back digit by
digit. What Postgres' numeric cannot hold becomes text (source: PostgreSQL, numeric: 131,072 digits before the decimal
point, 16,383 after it).
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

DIGITS_BEFORE_MAX, DIGITS_AFTER_MAX = 131_072, 16_383
EXPANDED_DIGITS_MAX = 1_000_000
"""Digits that the exponents of one document may stand for: `1e131071` is eight bytes here, and 131,072 letters for
whoever reads it from Postgres as text."""


def _number(text: str) -> float | Decimal | str:
    try:
        exact = Decimal(text)
    except InvalidOperation:  # an exponent beyond what Decimal itself can hold
        return text
    if exact and not _is_numeric(exact):
        return text
    near = float(text)
    return near if _same(near, exact) else exact


def _same(near: float, exact: Decimal) -> bool:
    try:
        return Decimal(repr(near)) == exact
    except InvalidOperation:  # an infinity
        return False


def _is_numeric(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or number.adjusted() >= DIGITS_BEFORE_MAX:
        return False
    return exponent >= -DIGITS_AFTER_MAX


_decode = msgspec.json.Decoder(float_hook=_number).decode
_encoder = msgspec.json.Encoder(decimal_format="number")
_sorted = msgspec.json.Encoder(decimal_format="number", order="sorted")


def decode(raw: bytes | str) -> Any:
    """A JSON text as plain objects.

    Raises:
        ValueError: not JSON (msgspec.DecodeError, UnicodeDecodeError).
        RecursionError: nested too deeply.
    """
    try:
        return _decode(raw)
    except msgspec.ValidationError:  # nothing else is validated: a whole number that Python takes for no int
        return _decode(_LONG_INTEGER.sub(_as_decimal, raw.encode() if isinstance(raw, str) else raw))


_LONG_INTEGER = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|(?P<long>-?\d{4301,}+(?![.eE]))|[-+.\deE]++', re.DOTALL)
"""More digits than Python's limit for an int. Strings, which may hold anything, and other numbers are matched as a
whole, so that each digit is read once."""


def _as_decimal(found: re.Match[bytes]) -> bytes:
    return found[0] + b"e0" if found["long"] else found[0]


def encode(value: object) -> bytes:
    """Plain objects as JSON.

    Raises:
        ValueError: a text with a lone surrogate.
        RecursionError: nested too deeply.
    """
    return _encoder.encode(value)


def encode_sorted(value: object) -> bytes:
    """The same with sorted keys: equal values give equal bytes."""
    return _sorted.encode(value)


def within_numeric(value: Any) -> Any:
    """The same value; numbers become text that would make it too large for Postgres to hold.

    Those are whole numbers of too many digits, and exponents that stand for more digits than one document may have.
    """
    return _within(value, [EXPANDED_DIGITS_MAX])


def _within(value: Any, left: list[int]) -> Any:
    if isinstance(value, dict):
        return {key: _within(item, left) for key, item in value.items()}
    if isinstance(value, list):
        return [_within(item, left) for item in value]
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        left[0] -= abs(exponent) if isinstance(exponent, int) else 0
        return value if left[0] >= 0 else str(value)
    return value

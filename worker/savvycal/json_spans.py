"""Where the parts of a JSON text begin and end, found without reading them. Pure; for texts that a parser refuses.

Only strings, their escapes and brackets are read, in a loop without recursion: a part may hold anything that keeps
these in order, such as half an emoji, a control character, an absurd number or a thousand levels. The time grows with
the length of the text and with nothing else, whatever stands in it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from worker.errors import Malformed

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_OUTER = re.compile(rb'(?:[^"{}\[\],:]++|' + _STRING + rb")*+(.?)", re.DOTALL)
"""Up to the next mark between the members of an object, or to a quotation mark that begins a string without an end."""

_INNER = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb")*+(.?)", re.DOTALL)
"""Up to the next bracket, or to such a quotation mark."""

BOM = b"\xef\xbb\xbf"


class Span(NamedTuple):
    """One member of an object, or one item of an array (then `key` is None). The value is `text[start:end]`."""

    key: bytes | None
    start: int
    end: int


def spans(text: bytes, brackets: bytes) -> Iterator[Span]:
    """The members of an object (`brackets` are `{}`), or the items of an array (`[]`), in their order.

    Raises:
        Malformed: it is none, it ends before its last bracket, or goes on behind it. What was found before that has
            been given.
    """
    at = _opening(text, brackets[:1]) + 1
    key, start, mark = None, at, b","
    while mark not in _CLOSING:
        mark, end = _mark(_OUTER, text, at)
        at = _behind(text, end) if mark in _OPENING else end + 1
        if mark == b":" and key is None and brackets == b"{}":
            key, start = text[start:end].strip()[1:-1], at
        elif mark in _BETWEEN:
            if not text[start:end].isspace() and start < end:
                yield Span(key, start, end)
            key, start = None, at
    if text[at:].strip():
        raise Malformed("SavvyCal's answer cannot be read: it goes on behind its end")


_OPENING, _CLOSING, _BETWEEN = (b"{", b"["), (b"}", b"]"), (b",", b"}", b"]")


def _opening(text: bytes, bracket: bytes) -> int:
    """Where the first bracket stands."""
    body = text.removeprefix(BOM)
    if not body.lstrip().startswith(bracket):
        raise Malformed(f"SavvyCal's answer cannot be read: no JSON {'object' if bracket == b'{' else 'array'}")
    return text.index(bracket)


def _mark(pattern: re.Pattern[bytes], text: bytes, at: int) -> tuple[bytes, int]:
    """The next mark and its place."""
    found = pattern.match(text, at)
    mark = found[1] if found else b""
    if not found or mark in {b"", b'"'}:
        raise Malformed(f"SavvyCal's answer cannot be read: it is cut off{' inside a text' if mark else ''}")
    return mark, found.end() - 1


def _behind(text: bytes, at: int) -> int:
    """The place behind the bracket that closes the one at this place."""
    depth = 1
    for found in _INNER.finditer(text, at + 1):
        mark = found[1]
        if mark in _OPENING:
            depth += 1
        elif mark not in _CLOSING:
            break
        elif depth == 1:
            return found.end()
        else:
            depth -= 1
    raise Malformed("SavvyCal's answer cannot be read: it is cut off")


def members(text: bytes) -> dict[bytes, bytes]:
    """The members of an object: key as it stands in the text, value. Of two with one key the later counts.

    Raises:
        Malformed: as `spans`.
    """
    return {span.key: text[span.start : span.end].strip() for span in spans(text, b"{}") if span.key is not None}


def items(text: bytes) -> list[bytes]:
    """The items of an array.

    Raises:
        Malformed: as `spans`.
    """
    return [text[span.start : span.end].strip() for span in spans(text, b"[]")]


def member(text: bytes, key: bytes) -> bytes | None:
    """One member of an object, as far as the text can be followed; None when there is none."""
    found = None
    try:
        for span in spans(text, b"{}"):
            found = text[span.start : span.end].strip() if span.key == key else found
    except Malformed:
        return found
    return found

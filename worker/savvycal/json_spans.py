"""Where the parts of a JSON text begin and end, found without reading them. Pure; for texts that a parser refuses.

Only strings, their escapes and brackets are looked at, in a loop without recursion: a part may hold anything that keeps
these in order, such as half an emoji, a control character, an absurd number or a thousand levels.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from worker.errors import Malformed

_MARK = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\],:]', re.DOTALL)
"""A whole string, or a mark between values. A lone quotation mark begins a string that never ends."""

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
    if not text.removeprefix(BOM).lstrip().startswith(brackets[:1]):
        raise Malformed("SavvyCal's answer is no JSON object")
    depth, key, start, last = 0, None, 0, Span(None, 0, 0)
    for found in _MARK.finditer(text, len(BOM) if text.startswith(BOM) else 0):
        mark, at = text[found.start() : found.start() + 1], found.start()
        if mark == b'"':
            if found.end() - found.start() == 1:
                raise Malformed("SavvyCal's answer ends inside a text")
            last = Span(None, found.start(), found.end())
        elif mark in b"{[":
            depth += 1
            start = found.end() if depth == 1 else start
        elif depth == 1 and mark == b":":
            key, start = text[last.start + 1 : last.end - 1], found.end()
        elif depth == 1:  # a comma, or the bracket that closes
            if text[start:at].strip():
                yield Span(key, start, at)
            key, start = None, found.end()
            if mark != b",":
                depth = 0
                break
        elif mark in b"}]":
            depth -= 1
    if depth or text[start:].strip():
        raise Malformed("SavvyCal's answer is cut off, or goes on behind its end")


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

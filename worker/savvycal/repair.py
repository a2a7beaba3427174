"""Makes a JSON text readable that breaks a rule of JSON in a way that does not touch its meaning. Pure.

Half a surrogate pair (an emoji cut in two by JavaScript) becomes U+FFFD, a raw control character its escape, an escape
that JSON does not know the two characters it is written with. Everything else stays to the last byte; bytes that are
not UTF-8 are not repaired, because nobody knows what they mean.
"""

import re

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""Also one without an end: what follows it is read once, not again from each quotation mark in it."""

_DAMAGE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<surrogate>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\u[0-9a-fA-F]{4}|\\[\"\\/bfnrt]"
    rb"|(?P<escape>\\)"
    rb"|(?P<control>[\x00-\x1f])"
)


def repaired(raw: bytes) -> bytes:
    """The text with what can be repaired in it; the same bytes when there is nothing."""
    return _STRING.sub(lambda string: _DAMAGE.sub(_replacement, string[0]), raw)


def _replacement(found: re.Match[bytes]) -> bytes:
    if found["surrogate"]:
        return b"\\ufffd"
    if found["escape"]:
        return b"\\\\"
    return b"\\u%04x" % found["control"][0] if found["control"] else found[0]

"""The last line of defence: removes secrets, addresses and control characters from a text before it is logged.

Messages of this program hold none to begin with (errors carry no values); this is for the texts of libraries,
tracebacks and warnings. Secrets read from settings are known literally, the rest by shape.
"""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[hidden]"
_HIDE_LENGTH_MIN = 6
_DEPTH_MAX = 6

_known: set[str] = set()

_SECRET_KEYS = frozenset(
    "authorization token password secret secrets host_url body payload headers cookie email phone keys dsn".split()
)

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)(\w+://)[^/\s@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)(https?://[^\s?#\"'<>]+)[?#][^\s\"'<>]*"), rf"\1?{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"',]+"), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"(?i)([\"']?\b\w*(?:token|password|passwd|secret|api_?key|authorization|host_url|signature)[\"']?\s*)"
            r"(=\s*|:\s*(?=[\"'])|:\s*(?=\S*\d|\S{16}))"  # «TOKEN: set one» is a sentence, «token: a1» is not
            r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|(?!\[hidden\]|bearer\b|basic\b)[^\s,;}&\"']+)"
        ),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"\b(?:pt_secret|whsec|sk|pk|rk)_[A-Za-z0-9_-]{6,}"), HIDDEN),
    (re.compile(r"[^\s<>\"'(),;:=/\[\]]+@[^\s<>\"'(),;:=/\[\]]+\.[^\s<>\"'(),;:=/\[\]]+"), HIDDEN),
    (re.compile(r"[A-Za-z0-9_-]{43,}"), HIDDEN),
)
"""URL user and query, Authorization, named values, key prefixes, addresses, and anything as long as a key."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def hide(secret: str) -> None:
    """Remembers a secret, so that it is taken out wherever it appears. Very short ones would spoil ordinary words."""
    if len(secret) >= _HIDE_LENGTH_MIN:
        _known.add(secret)


def redact_log(text: str) -> str:
    """The text without secrets; control characters but tab and newline are shown as escapes."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for shape, put in _SHAPES:
        text = shape.sub(put, text)
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def redact_line(text: str) -> str:
    """The same for a value on one line: a newline in it cannot forge a second entry."""
    return redact_log(text).replace("\r", "\\r").replace("\n", "\\n")


def redact_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A log entry without secrets: by the names of its keys, and by what its texts look like."""
    return {
        key: redact_log(value) if key == "exception" else _redacted(key, value, _DEPTH_MAX)
        for key, value in entry.items()
    }


def _redacted(key: str, value: Any, depth: int) -> Any:
    if key.lower() in _SECRET_KEYS or depth == 0:
        return HIDDEN
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redact_line(value)
    if isinstance(value, Mapping):
        return {redact_line(str(name)): _redacted(str(name), item, depth - 1) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(key, item, depth - 1) for item in value]
    return redact_line(str(value))

"""What SavvyCal says in an error, as one short line that is safe to log, to store and to show. Pure.

SavvyCal may quote what was sent, or name a person, so the sentence is built of words that are known to be harmless:
plain words, short numbers, dates, names of parameters. Everything else becomes `[hidden]`.
"""

import re
from collections.abc import Iterator

import msgspec

from worker.log_redaction import HIDDEN, redact_log

LENGTH_MAX = 200
PLAIN_BYTES_MAX = 300
"""A longer text/plain body is a page, not a sentence."""

_LETTERS = r"[^\W\d_]{1,20}"
_SHOWN = re.compile(
    rf"/?{_LETTERS}(?:[-_/'’]{_LETTERS}){{0,5}}(?:\[\])?"  # a word, `page_size`, `/data/attributes/name`, `order_by[]`
    r"|[-+<>=~]{0,2}\d{1,6}(?:[.,]\d{1,3})?(?:%|[a-zA-Z]{1,2})?"  # 100, 1,000, 30s, 5%
    r"|\d{1,4}(?:-|\.\.|/)\d{1,4}"  # 1-100, 3/5
    r"|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?"
    rf"|{_LETTERS}(?:[-_]{_LETTERS}){{0,3}}=\d{{1,6}}"  # page_size=100
    r"|v\d{1,3}|(?:ISO|RFC|UTF)-?\d{1,5}"
    r"|[-–—&+/<>=]{1,3}"
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_PHONE = re.compile(r"\+?\(?\d[\d().\s-]{6,}\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:$|[^\d-])")
_PIECE = re.compile(r"(\s+|[,;:!?]+(?=\s|$)|\.+(?=\s|$)|[()\"“”`{}]|(?<!\w)'|'(?!\w)|\[(?!\]))")
_SECRET_FOLLOWS = re.compile(r"(?i)\b(bearer|basic)\s+\S+")
_MIXED_CASE = re.compile(r"[a-zß-öø-ÿ](?=[A-ZÀ-Þ])")
_HUMPS_MAX = 3
"""Of a name such as `startAtUtcTo`; a word with more is a random text."""
_HIDDEN_AGAIN = re.compile(rf"{re.escape(HIDDEN)}(?:[\s,;:.]*{re.escape(HIDDEN)})+")


def error_detail(body: bytes) -> str:
    """The sentence of an error body, at most 200 characters; empty when the body holds none.

    Documented shapes: `{"errors": [{"message"}]}` and `{"errors": {field: [{"message"}]}}` (Meetings), `{"errors":
    [{"detail", "source": {"pointer"}}]}` (Appointments). A short plain text, as Meetings answers a 401, is one too.
    """
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return shown(_plain_text(body))
    found = _messages(document.get("errors")) if isinstance(document, dict) else ()
    return "; ".join(filter(None, map(shown, found)))[:LENGTH_MAX]


def shown(text: str) -> str:
    """A sentence of somebody else without tokens, addresses, links, numbers of people and control characters."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    line = _SECRET_FOLLOWS.sub(rf"\1 {HIDDEN}", redact_log(line[: 4 * LENGTH_MAX]))
    line = _PHONE.sub(lambda found: found[0] if _DATE.match(found[0]) else HIDDEN, _QUOTED.sub(_unquoted, line))
    line = "".join(map(_harmless, _PIECE.split(line.replace(HIDDEN, "\0"))))
    return _HIDDEN_AGAIN.sub(HIDDEN, line)[:LENGTH_MAX].strip()


def _unquoted(found: re.Match[str]) -> str:
    """A quoted name of a parameter stays; a quoted text of several words may be a person's."""
    return found[0] if _SHOWN.fullmatch(found[0][1:-1]) else f"{found[0][0]}\0{found[0][-1]}"


def _harmless(piece: str) -> str:
    if not piece or _PIECE.fullmatch(piece) or (_SHOWN.fullmatch(piece) and not _is_random(piece)):
        return piece
    return HIDDEN


def _is_random(word: str) -> bool:
    return len(_MIXED_CASE.findall(word)) > _HUMPS_MAX


def _plain_text(body: bytes) -> str:
    """A short sentence that is no markup and no broken JSON."""
    try:
        text = body.decode("utf-8").strip() if len(body) <= PLAIN_BYTES_MAX else ""
    except UnicodeDecodeError:
        return ""
    return text if text[:1].isalpha() and not set(text) & set("<>{}\0") else ""


def _messages(found: object, field: str = "") -> Iterator[str]:
    """The sentences, each with the field it is about in front."""
    if isinstance(found, dict) and not field:
        for name, inner in found.items():
            yield from _messages(inner, str(name))
    elif isinstance(found, list):
        for item in filter(lambda one: isinstance(one, dict), found):
            about = field or _pointer(item)
            texts = (item[key] for key in ("message", "detail") if isinstance(item.get(key), str))
            yield from (f"{about}: {text}" if about else text for text in texts)


def _pointer(item: dict[str, object]) -> str:
    source = item.get("source")
    pointer = source.get("pointer") if isinstance(source, dict) else None
    return pointer if isinstance(pointer, str) and pointer.strip("/") else ""

"""Answers read for what they show: records, paging, order, the form of an error. Pure, and tolerant of everything."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import msgspec

from worker.savvycal.client import Answer
from worker.savvycal.error_text import error_detail
from worker.savvycal.wire import Request

Document = dict[str, Any]
WHOLE_PAGE = "a whole page"


@dataclass(frozen=True, slots=True)
class Question:
    """One request of the check. `name` is shown in the report."""

    name: str
    request: Request
    names_account: bool = True
    may_fail: bool = False
    """Whether a 500 is an answer too, because what is asked is not legal."""


def document(answer: Answer) -> Any:
    """The JSON of an answer, None when there is none. A damaged text in it (half an emoji, a raw tab) does no harm."""
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _tolerant(answer.body)


def _tolerant(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig", "replace"), strict=False, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _finite(text: str) -> float | str:
    """A number beyond any float stays text."""
    found = float(text)
    return found if isfinite(found) else text


def outer(answer: Answer) -> Document:
    """The JSON object of a 200; empty for anything else."""
    found = document(answer) if answer.status == 200 else None
    return found if isinstance(found, dict) else {}


def records(answer: Answer, key: str) -> list[Document]:
    """The records of a page."""
    found = outer(answer).get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def is_unreadable(answer: Answer) -> bool:
    """Whether a 200 brought something else than a JSON object."""
    return answer.status == 200 and not outer(answer)


def number(answer: Answer, part: str, name: str) -> int | None:
    """A whole number of the paging fields."""
    found = outer(answer).get(part)
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, int) else None


def moment(text: object) -> datetime | None:
    """A date-time of SavvyCal in UTC."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def direction(moments: Sequence[datetime | None]) -> str | None:
    """`ascending`, `descending` or `mixed`; None when fewer than two different times show nothing."""
    known = [one for one in moments if one]
    if len(set(known)) < 2:
        return None
    ordered = sorted(known)
    return "ascending" if known == ordered else "descending" if known == ordered[::-1] else "mixed"


def followed(ascending: str | None, descending: str | None) -> str | None:
    """Whether two lists that were requested in opposite orders came in them."""
    if ascending is None or descending is None:
        return None
    return "followed" if (ascending, descending) == ("ascending", "descending") else "taken, not followed"


def acceptance(answer: Answer) -> str | None:
    """`taken`, or the status of the refusal; None when a 200 brought no page."""
    if is_unreadable(answer):
        return None
    return "taken" if answer.status == 200 else f"refused ({answer.status})"


def reduced(answer: Answer, granted: int | None) -> str | None:
    """What became of a page size beyond any maximum."""
    if answer.status != 200:
        return f"refused ({answer.status})"
    return None if granted is None else f"reduced to {granted}"


def error_form(answer: Answer) -> str:
    """Status, kind, shape and sentence of an error, such as `404 JSON, list of messages: Not found`."""
    body = document(answer)
    sentence = error_detail(answer.body)
    kind = "JSON" if body is not None else "text" if sentence else "another form" if answer.body else "empty"
    shape = f", {_shape(body)}" if body is not None else ""
    return f"{answer.status} {kind}{shape}" + (f": {sentence}" if sentence else "")


def _shape(body: Any) -> str:
    found = body.get("errors") if isinstance(body, dict) else None
    if isinstance(found, dict):
        return "map of fields"
    first = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else None
    if first is None:
        return "another shape"
    names = "messages" if "message" in first else "details" if "detail" in first else "other objects"
    return f"list of {names}" + (" with a source" if "source" in first else "")


def structure(value: Any, known: frozenset[str], depth: int = 8) -> Any:
    """The form of a document without its content: names that are documented, and types. Other names are counted."""
    if isinstance(value, dict) and depth:
        named = {key: structure(item, known, depth - 1) for key, item in sorted(value.items()) if key in known}
        return named | ({"(other names)": len(value) - len(named)} if len(named) < len(value) else {})
    if isinstance(value, list):
        return [structure(value[0], known, depth - 1)] if value and depth else []
    return {str: "text", bool: "boolean", int: "number", float: "number", type(None): "null"}.get(type(value), "object")

"""One record: raw bytes to a validated document. A record that cannot be read raises RecordError, nothing else."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, TypeVar, get_args

import msgspec
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from worker.core import json_text
from worker.core.hashing import canonical, mask, names_credentials
from worker.errors import RecordError
from worker.privacy.redaction import NOTHING, Redaction, redact
from worker.savvycal import json_spans
from worker.savvycal.fast_models import TIME, Exact, FastModels
from worker.savvycal.repair import repaired
from worker.savvycal.wire import ID_PATTERN

NUL_SYMBOL = "\u2400"
"""Postgres cannot store U+0000 in a text; the symbol for it stands in its place."""

REASON_FIELDS = 5
"""A reason names at most this many fields."""

REPAIRED = "$repaired"
"""A member that is added to a document which could only be read with repairs; like every unknown field it ends up in
the column `extra` and in the view `drift`. SavvyCal's own names have no such sign.
"""

RECORD_BYTES_MAX = 1024 * 1024
"""A documented event has about 3 kB."""

DEPTH_MAX = 128
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"(\s*:)?', re.DOTALL)
"""A JSON string, and whether it is a key: nothing else in JSON holds a quotation mark."""


def _text_only(value: object) -> object:
    """pydantic would read a number, even one in a text, as seconds since 1970."""
    if value is not None and not (isinstance(value, str) and value[4:5] == "-"):
        raise ValueError("must be a date-time in text form")
    return value


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be between the years 1 and 9999 in UTC") from None


Id = Annotated[str, Field(pattern=ID_PATTERN)]
Time = Annotated[AwareDatetime, BeforeValidator(_text_only), AfterValidator(_utc)]
Int4 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Int8 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]


_FAST = FastModels(
    {
        Id: Annotated[str, msgspec.Meta(pattern=ID_PATTERN.replace("$", r"\Z"))],
        Time: TIME,
        Int4: Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)],
        Int8: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)],
    }
)


class Document(BaseModel):
    """A JSON object of SavvyCal's: known fields are typed, unknown ones are kept (both APIs promise to add fields)."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)


Model = TypeVar("Model", bound=Document)


def read(raw: bytes, redaction: Redaction = NOTHING) -> dict[str, Any]:
    """A record as a dict without U+0000 in any text and without what must not be kept; credentials are still in it.

    Raises:
        RecordError: not a JSON object, or one that is larger, deeper or stranger than any real one.
    """
    return _read(raw, redaction)[0]


def _read(raw: bytes, redaction: Redaction) -> tuple[dict[str, Any], bytes]:
    """`read`, and the same as canonical JSON."""
    if len(raw) > RECORD_BYTES_MAX:
        raise RecordError(f"is larger than {RECORD_BYTES_MAX // 1024} KiB")
    raw = raw.removeprefix(json_spans.BOM)
    try:
        text, document = _decoded(raw)
        body = canonical(document)
        _check_shape(text, document, body)
        kept = _without_nul(document) if b"\\u0000" in text else document
        kept = json_text.within_numeric(kept) if b"E+" in body or b"E-" in body else kept
    except (ValueError, RecursionError) as error:
        raise _unreadable(error) from None
    if not isinstance(kept, dict):
        raise RecordError("is not a JSON object")
    kept = redact(kept if text == raw else kept | {REPAIRED: True}, redaction)
    return kept, body if kept is document else canonical(kept)


def _decoded(raw: bytes) -> tuple[bytes, Any]:
    """A JSON text, as it was or repaired, and the document in it."""
    try:
        return raw, json_text.decode(raw)
    except ValueError:
        better = repaired(raw)
        if better == raw:
            raise
    return better, json_text.decode(better)


def _unreadable(error: Exception) -> RecordError:
    return RecordError(f"is not readable JSON ({type(error).__name__})")


def masked(document: dict[str, Any], body: bytes | None = None) -> tuple[dict[str, Any], bytes]:
    """A document with its credentials masked, and the same as canonical JSON; `body` is its canonical JSON before.

    Raises:
        RecordError: Postgres could not hold it.
    """
    try:
        body = canonical(document) if body is None else body
        if names_credentials(body):
            document = mask(document)
            body = canonical(document)
        body.decode()  # refuses lone surrogates, which Postgres would refuse later
    except (ValueError, RecursionError) as error:
        raise _unreadable(error) from None
    return document, body


def reading(raw: bytes, redaction: Redaction = NOTHING) -> tuple[dict[str, Any], bytes]:
    """The masked document of a record, and the same as canonical JSON. Everything but the vault is made of it."""
    return masked(*_read(raw, redaction))


def unmasked(raw: bytes) -> tuple[dict[str, Any], bytes]:
    """The same with its credentials, for callers that read one and keep none.

    Raises:
        RecordError: it cannot be read.
    """
    return _read(raw, NOTHING)


def decode(raw: bytes, redaction: Redaction = NOTHING) -> dict[str, Any]:
    """The first half of `reading`."""
    return reading(raw, redaction)[0]


def _check_shape(raw: bytes, document: Any, body: bytes) -> None:
    """Refuses a document with a key twice in one object, or nested too deep.

    Both are seen by counting, without reading any value: a key that went lost took its quotation marks along, and
    depth needs brackets. An escape could stand for a quotation mark, and a number that no numeric holds becomes a text;
    then, and only then, all keys are counted.
    """
    is_shallow = raw.count(b"{") + raw.count(b"[") <= DEPTH_MAX
    if is_shallow and b"\\u" not in raw and raw.count(b'"') == body.count(b'"'):
        return
    keys = _key_count(document, DEPTH_MAX)
    if sum(1 for is_key in _STRING.findall(raw) if is_key) != keys:
        raise RecordError("has a key twice in one object")


def _key_count(value: Any, depth: int) -> int:
    """Keys of all objects in a value; refuses what is nested too deep."""
    if depth < 0:
        raise RecordError(f"is nested more than {DEPTH_MAX} levels deep")
    if type(value) is dict:
        return len(value) + sum([_key_count(item, depth - 1) for item in value.values() if type(item) in _NESTED])
    return sum([_key_count(item, depth - 1) for item in value if type(item) in _NESTED]) if type(value) is list else 0


_NESTED = (dict, list)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", NUL_SYMBOL)
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return [_without_nul(item) for item in value] if isinstance(value, list) else value


def validate(model: type[Model], document: Mapping[str, Any]) -> Model:
    """The document as a model.

    Raises:
        RecordError: naming the fields that are wrong and the rule they break, never their values.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise RecordError(_reason(error), _id_of(document)) from None


def typed(model: type[Model], document: Mapping[str, Any]) -> Model:
    """`validate`, the short way where that is possible: then it is not a model, but has all the attributes of one."""
    found = _FAST.typed(model, document)
    return validate(model, document) if found is None else found


def _reason(error: ValidationError) -> str:
    found = error.errors(include_input=False, include_context=False, include_url=False)
    named = [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in found[:REASON_FIELDS]]
    return "; ".join(named) + (f" (and {len(found) - REASON_FIELDS} more)" if len(found) > REASON_FIELDS else "")


def _id_of(document: object) -> str | None:
    found = document.get("id") if isinstance(document, Mapping) else None
    return found if isinstance(found, str) else None


def masked_body(raw: bytes, redaction: Redaction = NOTHING) -> dict[str, Any] | None:
    """What may be kept of an unreadable record: its masked document, None when it cannot even be decoded."""
    try:
        return decode(raw, redaction)
    except RecordError:
        return None


def extras(document: Document | Exact | None, prefix: str = "") -> dict[str, object]:
    """Undocumented fields of a document and of the objects inside it, by dotted name. Lists keep their own."""
    if document is None:
        return {}
    if isinstance(document, Exact):
        return {}
    found: dict[str, object] = {f"{prefix}{n}": v for n, v in (document.model_extra or {}).items()}
    for name in _objects(type(document)):
        if inside := extras(getattr(document, name), f"{prefix}{name}."):
            found |= inside
    return found


@cache
def _objects(model: type[Document]) -> tuple[str, ...]:
    """Names of the fields that hold one object."""
    kinds = {name: (field.annotation, *get_args(field.annotation)) for name, field in model.model_fields.items()}
    return tuple(name for name, parts in kinds.items() if any(_is_document(part) for part in parts))


def _is_document(part: object) -> bool:
    return isinstance(part, type) and issubclass(part, Document)


class Columns:
    """Which columns are filled from which attributes of a document. Made once: its cells are then one call."""

    def __init__(self, names: Mapping[str, str], prefix: str = "") -> None:
        """`names`: attribute to column, which gets the prefix."""
        self.names = tuple(f"{prefix}{column}" for column in names.values())
        self._cells = attrgetter(*names)
        self._nothing = (None,) * len(self.names)

    def of(self, document: Document | None) -> tuple[object, ...]:
        """The cells of a document; all None when there is no such object."""
        return self._nothing if document is None else self._cells(document)


def same(*names: str) -> dict[str, str]:
    """Attributes whose column has their own name."""
    return {name: name for name in names}


def as_text(value: object) -> str | None:
    """A JSON value as text: a string as it is, None as None, anything else as its JSON."""
    if value is None or isinstance(value, str):
        return value
    return json_text.encode(value).decode()

"""What is left out of a document before anything is made of it: chosen fields, and people who were erased.

Both work on the decoded document, so that body, fingerprint and rows never see what is left out.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

ERASED = "[erased]"
"""Stands in free texts where something of an erased person was; their own fields become null."""

NEEDED = frozenset("id object state status start_at start_at.utc end_at end_at.utc meeting.id meeting.status".split())
"""Fields a mirror cannot do without: they cannot be dropped."""

_PART = r"[^\s<>\"'(),;:\[\]?&=/|@%]"
_EMAIL = re.compile(rf"(?:%2[Bb]|{_PART})+(?:@|%40){_PART}+")
"""An address in a text, also as it stands in a link: %2B is the plus of an address with a tag."""
_KEPT_OF_A_PERSON = frozenset({"id", "object", "is_organizer", "is_scheduler", "response_status"})
_STRUCTURE = frozenset(
    "id object state status type utc local time_zone response_status duration appointment_type conferencing_provider "
    "source initiated_by".split()
)
"""Keys whose texts are words of the API, not of people: never touched by the replacement in free texts."""

_KNOWN_LENGTH_MIN = 3
_CLIENTS = ("client", "client_data")
_CLIENT_FIELDS = (*_CLIENTS, "client_reference_id", "client_locale", "client_time_zone", "fields")
"""What an Appointment says of its client: one person, so all of it goes when either object names an erased one."""

IsErased = Callable[[str], bool]
"""Whether a normalized email address belongs to somebody who was erased."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """`drop` holds dotted field names as tuples; `is_erased` is None when nobody was erased."""

    drop: tuple[tuple[str, ...], ...] = ()
    is_erased: IsErased | None = None


NOTHING = Redaction()


def parse_fields(text: str) -> tuple[tuple[str, ...], ...]:
    """Dotted names, separated by commas.

    Raises:
        ValueError: saying which name cannot be dropped, and why.
    """
    names = sorted({name.strip() for name in text.split(",") if name.strip()})
    for name in names:
        if not re.fullmatch(r"\w+(\.\w+)*", name):
            raise ValueError(f"{name!r} is no field name like attendees.phone_number")
        if name in NEEDED or any(needed.startswith(f"{name}.") for needed in NEEDED):
            raise ValueError(f"{name} is needed by the mirror and cannot be dropped")
    return tuple(tuple(name.split(".")) for name in names)


def redact(document: dict[str, Any], redaction: Redaction) -> dict[str, Any]:
    """The document without what must not be kept; the same object when there is nothing to leave out."""
    for path in redaction.drop:
        document = _without(document, path)
    return forget(document, redaction.is_erased) if redaction.is_erased else document


def redact_delivery(delivery: dict[str, Any], redaction: Redaction) -> dict[str, Any]:
    """A webhook without what must not be kept: its object stands one level down (`payload`) or two (`data.object`)."""
    for path in redaction.drop:
        delivery = {key: _inside(value, path) for key, value in delivery.items()}
    return forget(delivery, redaction.is_erased) if redaction.is_erased else delivery


def _inside(value: Any, path: tuple[str, ...]) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: _without(item, path) for key, item in _without(value, path).items()}


def normalized(email: str) -> str:
    """An address as it is compared: any case, any width, no blanks around it."""
    return unicodedata.normalize("NFKC", email).strip().strip(".").casefold()


def forget(document: dict[str, Any], is_erased: IsErased) -> dict[str, Any]:
    """The document without the people whose address `is_erased` knows, wherever they stand in it.

    Objects that carry such an address are emptied but for their id and role. In all other texts the address, and the
    name and phone those objects gave, are replaced by `ERASED`. Doing it twice changes nothing.
    """
    if not any(is_erased(address) for text in _texts(document) for address in _addresses(text)):
        return document
    people = list(_people(document, is_erased))
    known = {text for person in people for text in _known_of(person)}
    cleaned: dict[str, Any] = _cleaned(_emptied(document, is_erased), _Replacement(is_erased, _pattern(known)))
    return cleaned


def _without(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_without(item, path) for item in value]
    if not isinstance(value, Mapping) or path[0] not in value:
        return value
    if len(path) == 1:
        return {key: item for key, item in value.items() if key != path[0]}
    return {key: _without(item, path[1:]) if key == path[0] else item for key, item in value.items()}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _texts(item)


def _addresses(text: str) -> list[str]:
    if "@" not in text and "%40" not in text and "＠" not in text:
        return []
    plain = unicodedata.normalize("NFKC", text)
    return [normalized(unquote(found)) for found in _EMAIL.findall(plain)]


def _is_person(value: Any, is_erased: IsErased) -> bool:
    address = value.get("email") if isinstance(value, Mapping) else None
    return isinstance(address, str) and is_erased(normalized(address))


def _people(value: Any, is_erased: IsErased) -> Iterator[Mapping[str, Any]]:
    if _is_person(value, is_erased):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for item in inner:
        yield from _people(item, is_erased)


def _known_of(person: Mapping[str, Any]) -> Iterator[str]:
    """Texts that give the person away elsewhere: name and phone as a whole, never a first name alone."""
    names = [person.get(name) for name in ("first_name", "last_name")]
    told = [person.get(name) for name in ("email", "display_name", "phone_number", "phone")]
    if all(isinstance(name, str) and name for name in names):
        told.append(" ".join(map(str, names)))
    yield from (text for text in told if isinstance(text, str) and len(text.strip()) >= _KNOWN_LENGTH_MIN)


def _emptied(value: Any, is_erased: IsErased) -> Any:
    if isinstance(value, list):
        return [_emptied(item, is_erased) for item in value]
    if not isinstance(value, Mapping):
        return value
    if _is_person(value, is_erased):
        return _person(value)
    is_theirs = any(_is_person(value.get(name), is_erased) for name in _CLIENTS)
    return {
        key: _person(item) if is_theirs and key in _CLIENT_FIELDS else _emptied(item, is_erased)
        for key, item in value.items()
    }


def _person(value: Any) -> Any:
    """A person without anything personal; the questions asked stay, the answers go."""
    if not isinstance(value, Mapping):
        return None
    return {key: _kept(key, item) for key, item in value.items()}


def _kept(key: str, value: Any) -> Any:
    if key in _KEPT_OF_A_PERSON:
        return value
    if key == "fields" and isinstance(value, list):
        return [
            {k: v if k in {"id", "type", "label"} else None for k, v in item.items()}
            for item in value
            if isinstance(item, Mapping)
        ]
    return None


@dataclass(frozen=True, slots=True)
class _Replacement:
    is_erased: IsErased
    known: re.Pattern[str] | None

    def __call__(self, text: str) -> str:
        if self.known:
            text = self.known.sub(ERASED, text)
        if not any(self.is_erased(address) for address in _addresses(text)):
            return text
        return _EMAIL.sub(self._address, unicodedata.normalize("NFKC", text))

    def _address(self, found: re.Match[str]) -> str:
        return ERASED if self.is_erased(normalized(unquote(found[0]))) else found[0]


def _pattern(known: set[str]) -> re.Pattern[str] | None:
    words = sorted((re.escape(text.strip()) for text in known), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE) if words else None


def _cleaned(value: Any, replace: _Replacement, key: str = "") -> Any:
    if isinstance(value, str):
        return value if key in _STRUCTURE or key.endswith(("_at", "_id")) else replace(value)
    if isinstance(value, list):
        return [_cleaned(item, replace, key) for item in value]
    if isinstance(value, Mapping):
        return {replace(k): _cleaned(item, replace, k) for k, item in value.items()}
    return value

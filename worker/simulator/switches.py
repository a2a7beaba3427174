"""The simulator's switches as people write them: `lists_embed_meeting=no`, `surrogate=1/100`."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, get_args, get_origin, get_type_hints

from .damage import DAMAGES
from .options import Options

ALIASES: Mapping[str, str] = {"lists_embed_meeting": "list_embeds_meeting"}
"""Names that read better than the option's own."""

_WORDS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def assumption_names() -> tuple[str, ...]:
    """Every switch that `parse_assumptions` knows: open points of the documentation, and generations of documents."""
    names = [field.name for field in dataclasses.fields(Options)]
    return (*ALIASES, *names[names.index("event_generation") :])


def parse_assumptions(texts: Iterable[str]) -> dict[str, Any]:
    """Options from `NAME=VALUE` texts.

    Raises:
        ValueError: saying which name or value is wrong, and what there is instead.
    """
    return dict(_assumption(text) for text in texts)


def _assumption(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    name = name.strip().replace("-", "_")
    if not found or name not in assumption_names():
        raise ValueError(f"{name or text!r} is no switch{_near(name, assumption_names())}")
    name = ALIASES.get(name, name)
    hint = get_type_hints(Options)[name]
    try:
        return name, _read(hint, value.strip())
    except ValueError:
        raise ValueError(f"{name} cannot be {value.strip()!r}: it is {_kinds(hint)}") from None


def _read(hint: Any, value: str) -> Any:
    if str(get_origin(hint)) == "typing.Literal":
        found = [one for one in get_args(hint) if str(one) == value]
        if not found:
            raise ValueError
        return found[0]
    if get_args(hint):  # X | None
        inner = next(one for one in get_args(hint) if one is not type(None))
        return None if value in {"none", ""} else _read(inner, value)
    if hint is bool:
        if value not in _WORDS:
            raise ValueError
        return _WORDS[value]
    return hint(value)


def _kinds(hint: Any) -> str:
    if str(get_origin(hint)) == "typing.Literal":
        return " or ".join(map(str, get_args(hint)))
    return "yes or no" if hint is bool else getattr(hint, "__name__", str(hint))


def parse_damages(texts: Iterable[str]) -> tuple[tuple[str, float], ...]:
    """Shares of records by damage, from `NAME=1/100` texts.

    Raises:
        ValueError: saying which name or share is wrong, and what there is instead.
    """
    return tuple(_damage(text) for text in texts)


def _damage(text: str) -> tuple[str, float]:
    name, found, value = text.partition("=")
    name = name.strip().replace("-", "_")
    if name not in DAMAGES:
        raise ValueError(f"{name or text!r} is no damage{_near(name, DAMAGES)}")
    try:
        share = float(Fraction(value.strip() if found else "1/100"))
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{name}: {value!r} is no share; write 1/100 or 0.01") from None
    if not 0 <= share <= 1:
        raise ValueError(f"{name}: a share lies between 0 and 1")
    return name, share


def _near(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"; {meant}there are: {', '.join(names)}"

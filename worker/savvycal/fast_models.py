"""The short way to a typed record: a msgspec counterpart of each pydantic model, several times as fast.

The models stay the definition. A counterpart takes only what is exactly as documented: known names, plain types, times
in UTC.
What it refuses goes the long way through pydantic, which keeps unknown fields and says what is wrong.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from pydantic import BaseModel

FieldTypes = Mapping[Any, Any]
"""Type of a model's field -> type of its counterpart's, for types that carry rules."""

TIME = Annotated[datetime, msgspec.Meta(tz=True)]
Model = TypeVar("Model", bound=BaseModel)


class Exact(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Base of all counterparts. They have the attributes of their model, and nothing undocumented."""

    @property
    def model_extra(self) -> None:
        """As of a model: there is none, or the counterpart would have refused."""


class FastModels:
    """Makes counterparts when they are first needed."""

    def __init__(self, counterparts: FieldTypes) -> None:
        self._field_types = counterparts
        self._fast_model = cache(self._build)

    def typed(self, model: type[Model], document: Mapping[str, Any]) -> Model | None:
        """The document as the model's counterpart, None when the model itself has to read."""
        try:
            found: Model = msgspec.convert(document, self._fast_model(model))
        except msgspec.ValidationError:
            return None
        return found

    def _build(self, model: type[BaseModel]) -> Any:
        hints = get_type_hints(model, include_extras=True)
        fields = [
            (name, self._compact(hints[name]), msgspec.NODEFAULT if field.is_required() else field.default)
            for name, field in model.model_fields.items()
        ]
        times = [name for name, compact, _ in fields if TIME in (compact, *get_args(compact))]
        namespace = {"__post_init__": _only_utc(times)} if times else {}
        return msgspec.defstruct(model.__name__, fields, bases=(Exact,), namespace=namespace, kw_only=True)

    def _compact(self, hint: Any) -> Any:
        if hint in self._field_types:
            return self._field_types[hint]
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            return self._fast_model(hint)
        inside = tuple(self._compact(part) for part in get_args(hint))
        if get_origin(hint) in {Union, UnionType}:
            return Union[inside]  # noqa: UP007  # made at run time
        return list[inside] if get_origin(hint) is list else hint  # type: ignore[valid-type]  # the same


def _only_utc(names: list[str]) -> Callable[[Any], None]:
    """Refuses times with another offset: turning them into UTC is the model's business."""
    times = attrgetter(*names, names[0])  # one name more, so that it always gives a tuple

    def check(counterpart: Any) -> None:
        for time in times(counterpart):
            if time is not None and time.tzinfo is not UTC:
                raise ValueError

    return check

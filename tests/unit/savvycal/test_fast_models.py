"""The short way reads what the models read: the same values, or it leaves the record to them."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.savvycal.examples import APPOINTMENT, EVENT, OFTEN, spoiled
from worker.errors import RecordError
from worker.savvycal.appointment_documents import Appointment
from worker.savvycal.event_documents import Event
from worker.savvycal.fast_models import Exact
from worker.savvycal.records import Document, typed, validate

Model = type[Event] | type[Appointment]
EXAMPLES: list[tuple[Model, dict[str, Any]]] = [(Event, EVENT), (Appointment, APPOINTMENT)]


def plain(value: Any) -> Any:
    """What a typed record holds, whichever way it was read; undocumented fields included."""
    if isinstance(value, Document):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields} | (value.model_extra or {})
    if isinstance(value, Exact):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    return [plain(item) for item in value] if isinstance(value, list) else value


def outcome(read: Any, model: Model, document: Mapping[str, Any]) -> Any:
    """The values, or the reason against them."""
    try:
        return plain(read(model, document))
    except RecordError as error:
        return error.reason


@pytest.mark.parametrize(("model", "document"), EXAMPLES)
def test_a_documented_record_goes_the_short_way(model: Model, document: dict[str, Any]) -> None:
    """With a value in every documented field, and the same values come out."""
    assert isinstance(typed(model, document), Exact)
    assert plain(typed(model, document)) == plain(validate(model, document))


@pytest.mark.parametrize(("model", "document"), EXAMPLES)
@OFTEN
@given(st.data())
def test_both_ways_agree_on_everything(model: Model, document: dict[str, Any], data: st.DataObject) -> None:
    """Whatever stands in whichever place: the same values, or the same reason."""
    given_document = data.draw(spoiled(document))

    assert outcome(typed, model, given_document) == outcome(validate, model, given_document)


@pytest.mark.parametrize(("model", "document"), EXAMPLES)
def test_what_is_not_documented_goes_the_long_way(model: Model, document: dict[str, Any]) -> None:
    """An unknown field and a time with an offset are for the model, which keeps the one and turns the other."""
    assert isinstance(typed(model, document | {"new": 1}), model)
    assert isinstance(typed(model, document | {"created_at": "2026-01-08T16:00:00+01:00"}), model)

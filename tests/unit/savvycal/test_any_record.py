"""Whatever SavvyCal sends: a snapshot with the columns of every other, or a RecordError."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.savvycal.examples import (
    ANY_JSON,
    APPOINTMENT,
    CANARY,
    EVENT,
    OFTEN,
    Document,
    Parse,
    places,
    raw,
    spoiled,
)
from worker.core.model import Row, Snapshot
from worker.errors import RecordError
from worker.savvycal import appointments, events

PRODUCTS = pytest.mark.parametrize(
    ("parse", "valid"),
    [(events.parse_record, EVENT), (appointments.parse_record, APPOINTMENT)],
    ids=["event", "appointment"],
)


def columns(rows: tuple[Row, ...]) -> set[tuple[str, ...]]:
    """The columns of each row, in their order."""
    return {row.columns for row in rows}


def read(parse: Parse, body: bytes) -> Snapshot | RecordError:
    """The snapshot, or the error it is refused with."""
    try:
        return parse(body)
    except RecordError as error:
        return error


def check(parse: Parse, valid: Document, body: bytes) -> None:
    """Reads a record and compares its rows with those of a valid document."""
    model = parse(raw(valid))
    found = read(parse, body)
    assert CANARY not in repr(found)
    if isinstance(found, RecordError):
        return
    assert found.row.columns == model.row.columns
    assert found.children.keys() == model.children.keys()
    for table, rows in found.children.items():
        assert columns(rows) <= columns(model.children[table])
    for moment in (found.start_at, found.end_at):
        assert moment
        assert str(moment.tzinfo) == "UTC"
    assert "\\u0000" not in found.body.decode()
    assert isinstance(json.loads(found.body), dict)


@PRODUCTS
@OFTEN
@given(document=ANY_JSON)
def test_any_json_is_a_snapshot_or_refused(parse: Parse, valid: Document, document: Any) -> None:
    """No JSON value whatsoever raises anything but RecordError."""
    check(parse, valid, raw(document))


@PRODUCTS
@OFTEN
@given(body=st.binary(max_size=60))
def test_any_bytes_are_a_snapshot_or_refused(parse: Parse, valid: Document, body: bytes) -> None:
    """No bytes whatsoever raise anything but RecordError."""
    check(parse, valid, body)


@OFTEN
@given(document=spoiled(EVENT))
def test_a_spoiled_event_is_a_snapshot_or_refused(document: Document) -> None:
    """An Event with fields replaced, removed or added has the columns of every other, or is refused."""
    check(events.parse_record, EVENT, raw(document))


@OFTEN
@given(document=spoiled(APPOINTMENT))
def test_a_spoiled_appointment_is_a_snapshot_or_refused(document: Document) -> None:
    """An Appointment with fields replaced, removed or added has the columns of every other, or is refused."""
    check(appointments.parse_record, APPOINTMENT, raw(document))


@PRODUCTS
@OFTEN
@given(draw=st.data())
def test_a_credential_anywhere_is_nowhere(parse: Parse, valid: Document, draw: st.DataObject) -> None:
    """A host_url or password in any object of a document gets into no row, no body and no error."""
    document = json.loads(json.dumps(valid))
    objects = [document, *(found for box, key in places(document) if isinstance(found := box[key], dict))]
    place = draw.draw(st.sampled_from(objects))
    place[draw.draw(st.sampled_from(["host_url", "password"]))] = draw.draw(
        st.sampled_from([CANARY, [CANARY], {"token": CANARY}])
    )
    check(parse, valid, raw(document))

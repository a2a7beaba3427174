"""Raw bytes to documents: what is repaired, what is refused, and that no error quotes a value."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.savvycal.examples import ANY_JSON, CANARY, OFTEN, event, raw, refused
from worker.core.hashing import MASK
from worker.errors import RecordError
from worker.savvycal.event_documents import Event, Link
from worker.savvycal.events import parse_record
from worker.savvycal.records import (
    NUL_SYMBOL,
    REPAIRED,
    Columns,
    Document,
    Int4,
    as_text,
    decode,
    extras,
    masked_body,
    reading,
    validate,
)


class Leaf(Document):
    """Innermost document of these tests."""

    name: str | None = None


class Branch(Document):
    """A document with another one, and with a list of them."""

    leaf: Leaf | None = None
    leaves: list[Leaf] | None = None


class Figures(Document):
    """Seven numbers."""

    a: Int4
    b: Int4
    c: Int4
    d: Int4
    e: Int4
    f: Int4
    g: Int4


def test_nul_becomes_its_symbol() -> None:
    """U+0000, which Postgres cannot store, is replaced in values and names at every depth."""
    assert decode(raw({"a": "x\x00y", "b\x00": [{"c": ["\x00"]}], "d": 1})) == {
        "a": f"x{NUL_SYMBOL}y",
        f"b{NUL_SYMBOL}": [{"c": [NUL_SYMBOL]}],
        "d": 1,
    }


def test_an_escaped_backslash_is_no_nul() -> None:
    """The six characters of the escape, as a text, stay as they are."""
    assert decode(rb'{"a":"\\u0000"}') == {"a": r"\u0000"}


def test_texts_outside_the_basic_plane_survive() -> None:
    """A surrogate pair is one character, and is kept."""
    assert decode(rb'{"a":"\ud83d\udd70"}') == {"a": "🕰"}


def test_a_doubled_key_is_refused() -> None:
    """Nobody knows which of the two values is meant; parsers that disagree are how checks are evaded."""
    with pytest.raises(RecordError, match="twice"):
        decode(b'{"a":1,"b":2,"a":3}')


def test_huge_integers_are_kept() -> None:
    """A number beyond 64 bits keeps every digit."""
    assert decode(b'{"a":123456789012345678901234567890}') == {"a": 123456789012345678901234567890}


DAMAGED = {
    "control character": (b'{"a":"x\x01\ty"}', {"a": "x\x01\ty"}),
    "bare NUL": (b'{"a":"x\x00"}', {"a": "x\u2400"}),
    "lone high surrogate": (rb'{"a":"x \ud83d y"}', {"a": "x \ufffd y"}),
    "lone low surrogate": (rb'{"a":"\udc00"}', {"a": "\ufffd"}),
    "reversed pair": (rb'{"a":"\ude00\ud83d"}', {"a": "\ufffd\ufffd"}),
    "half before a pair": (rb'{"a":"\ud83d\ud83d\ude00"}', {"a": "\ufffd😀"}),
    "in a name": (rb'{"\ud800":1}', {"\ufffd": 1}),
    "escape JSON does not know": (rb'{"a":"\x41 \u12g4"}', {"a": r"\x41 \u12g4"}),
    "behind a byte order mark": (b'\xef\xbb\xbf{"a":"x\x01"}', {"a": "x\x01"}),
}


@pytest.mark.parametrize(("raw", "expected"), DAMAGED.values(), ids=DAMAGED)
def test_what_breaks_a_rule_of_json_without_touching_the_meaning_is_repaired(raw: bytes, expected: object) -> None:
    """The record is kept, says that it was repaired, and its body is good JSON."""
    assert isinstance(expected, dict)
    assert decode(raw) == expected | {REPAIRED: True}
    assert json.loads(reading(raw)[1]) == expected | {REPAIRED: True}


def test_a_good_record_is_not_repaired() -> None:
    """Escaped pairs, escaped backslashes and all short escapes are JSON."""
    raw = rb'{"a":"\ud83d\ude00 \\ud83d \" \/ \b\f\n\r\t \u0041"}'
    assert decode(raw) == json.loads(raw)


def test_a_byte_order_mark_is_no_repair() -> None:
    """A list with one and an answer without it are equal, so they make one version."""
    raw = b'{"id":"event_1","a":1}'
    assert reading(b"\xef\xbb\xbf" + raw) == reading(raw)
    assert REPAIRED not in decode(b"\xef\xbb\xbf" + raw)


NUMBERS = [
    *("1e400", "-4e999", "98765432109876543210.12345678901234567890", "123456789012345678901234567890", "9" * 5000),
    *("1e131071", "1e-16383", "0." + "1" * 16_000, "0.1", "1.5", "-0.0", "1E5", "100", "1e308"),
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:20])
def test_numbers_keep_their_digits(number: str) -> None:
    """What Postgres' numeric can hold stays a number, digit by digit, also when it is read and written once more."""
    body = reading(f'{{"a":{number}}}'.encode())[1]
    (written,) = re.findall(rb'"a":(.*)\}', body)
    assert Decimal(written.decode()) == Decimal(number)
    assert reading(body)[1] == body


@pytest.mark.parametrize("number", ["0e200000", "0e-20000", "-0e131072"])
def test_nothing_is_nothing_whatever_its_exponent(number: str) -> None:
    """Postgres' numeric holds it, too."""
    assert decode(f'{{"a":{number}}}'.encode()) == {"a": 0}


@pytest.mark.parametrize(
    "number", ["1e131072", "1e-16384", "1e1000000000", "1e99999999999999999999", "0." + "1" * 16_384]
)
def test_a_number_beyond_numeric_becomes_text(number: str) -> None:
    """So that the rest of the record can be stored."""
    assert decode(f'{{"a":{number}}}'.encode()) == {"a": number}


def test_exponents_of_one_record_cannot_fill_the_disk() -> None:
    """A few bytes stand for many digits: beyond a million of them the rest of the numbers become text."""
    found = decode(b'{"a":[' + b",".join([b"1e100000"] * 50) + b"]}")["a"]
    assert {type(number) for number in found[:10]} == {Decimal}
    assert {type(number) for number in found[10:]} == {str}


UNREADABLE = {
    "nothing": b"",
    "not JSON": b"<html>",
    "cut": b'{"id":"a"',
    "trailing": b'{"id":"a"}x',
    "NaN": b'{"id":NaN}',
    "Infinity": b'{"id":-Infinity}',
    "surrogate as bytes": b'{"id":"\xed\xa0\x80"}',
    "invalid UTF-8": b'{"id":"\xff"}',
    "too deep": b'{"id":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    """What cannot be decoded, or could not be stored as text, is one unreadable record and no other error."""
    with pytest.raises(RecordError, match="is not readable JSON"):
        decode(body)
    assert masked_body(body) is None


@pytest.mark.parametrize("body", [b"null", b"true", b"5", b'"text"', b"[]", b'[{"id":"a"}]'])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    """A record is an object."""
    with pytest.raises(RecordError, match="is not a JSON object"):
        decode(body)
    assert masked_body(body) is None


@pytest.mark.parametrize("depth", [10, 100, 300, 450, 600, 900, 3_000, 50_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_of_any_depth_is_read_or_refused(depth: int, opening: bytes, closing: bytes) -> None:
    """A deeply nested field never ends in anything but a snapshot or a RecordError, and can be quarantined."""
    nested = b"".join([b'{"deep":', opening * depth, b"1", closing * depth, b"," + raw(event())[1:]])
    try:
        read = parse_record(nested)
    except RecordError:
        assert depth > 100
    else:
        assert read.unknown_fields == ("deep",)
    masked_body(nested)


def test_modest_nesting_is_read() -> None:
    """A hundred levels are no reason to refuse a record."""
    nested: Any = 1
    for _ in range(100):
        nested = [nested]
    assert parse_record(raw(event(deep=nested))).row["extra"] == {"deep": nested}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", [CANARY]),
        ("id", f"{CANARY} {CANARY}"),
        ("id", None),
        ("state", {"state": CANARY}),
        ("state", 5),
        ("start_at", CANARY),
        ("start_at", 1767600000),
        ("start_at", None),
        ("start_at", "2026-01-08T15:00:00"),
        ("start_at", "2026-01-08"),
        ("start_at", "1767600000"),
        ("start_at", "2026"),
        ("start_at", "0001-01-01T00:00:00+23:59"),
        ("end_at", "9999-12-31T23:59:59-23:59"),
        ("summary", [CANARY]),
        ("duration", CANARY),
        ("duration", 2**31),
        ("duration", -(2**31) - 1),
        ("duration", 10**40),
        ("duration", 1.5),
        ("is_group_session", CANARY),
        ("attendees", {"id": CANARY}),
        ("attendees", CANARY),
        ("link", CANARY),
        ("conferencing", [CANARY]),
        ("created_at", True),
    ],
)
def test_a_wrong_field_is_named_and_never_quoted(field: str, value: Any) -> None:
    """An error says which field breaks which rule, and not what stands in it."""
    error = refused(parse_record, event(**{field: value}))
    assert error.reason.startswith(f"{field}: ")
    assert error.reason == str(error)
    assert CANARY not in repr(error)
    assert "canary" not in error.reason


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"link": {"slug": [CANARY]}}, "link.slug"),
        ({"attendees": [{}, {"fields": [{"label": {"x": CANARY}}]}]}, "attendees.1.fields.0.label"),
        ({"payment": {"amount_total": CANARY}}, "payment.amount_total"),
        ({"payment": {"amount_tax": 2**63}}, "payment.amount_tax"),
        ({"description_settings": {"include_fields": CANARY}}, "description_settings.include_fields"),
    ],
)
def test_a_wrong_field_inside_is_named_with_its_path(changes: dict[str, Any], path: str) -> None:
    """Fields inside others are named by where they stand."""
    error = refused(parse_record, event(**changes))
    assert error.reason.startswith(f"{path}: ")
    assert CANARY not in repr(error)


@pytest.mark.parametrize("field", ["id", "state", "start_at", "end_at"])
def test_what_a_mirror_cannot_do_without_is_required(field: str) -> None:
    """Without id, state, start or end there is no event."""
    document = event()
    del document[field]
    assert refused(parse_record, document).reason == f"{field}: Field required"


def test_an_error_knows_whose_it_is() -> None:
    """The id of the refused record goes with the error where there is one."""
    assert refused(parse_record, event(id="event_9", duration="x")).record_id == "event_9"
    assert refused(parse_record, event(id=9)).record_id is None


def test_many_wrong_fields_are_counted() -> None:
    """A reason names five fields and counts the others."""
    with pytest.raises(RecordError) as caught:
        validate(Figures, dict.fromkeys("abcdefg", CANARY))
    assert caught.value.reason.count(";") == 4
    assert caught.value.reason.endswith(" (and 2 more)")
    assert CANARY not in caught.value.reason


@pytest.mark.parametrize("document", [None, 5, "text", [], [{"id": "a"}]])
def test_validate_refuses_what_is_no_object(document: Any) -> None:
    """Where an object belongs and something else stands, that is a RecordError too."""
    with pytest.raises(RecordError):
        validate(Link, document)


def test_times_are_utc() -> None:
    """A time in any zone is the same moment in UTC."""
    found = validate(Event, event(start_at="2026-01-08T16:00:00+01:00"))
    assert found.start_at.isoformat() == "2026-01-08T15:00:00+00:00"


def test_a_masked_body_is_what_may_be_kept() -> None:
    """Of a record that cannot be read as an object of ours its document is kept, credentials masked."""
    assert masked_body(raw({"id": 5, "meeting": {"password": CANARY}, "urls": [CANARY]})) == {
        "id": 5,
        "meeting": {"password": MASK},
        "urls": MASK,
    }


@OFTEN
@given(body=st.binary(max_size=40) | ANY_JSON.map(raw))
def test_masked_body_never_raises(body: bytes) -> None:
    """Whatever arrives, quarantine gets a document or None."""
    found = masked_body(body)
    assert found is None or isinstance(found, dict)


def test_extras_are_named_with_their_path() -> None:
    """Unknown fields keep where they stood; those of a list's members are the list's own business."""
    branch = validate(Branch, {"new": 1, "leaf": {"name": "a", "color": "red"}, "leaves": [{"size": 2}]})
    assert extras(branch) == {"new": 1, "leaf.color": "red"}
    assert extras(branch, "tree.") == {"tree.new": 1, "tree.leaf.color": "red"}
    assert extras(None) == {}


def test_extras_may_have_any_name() -> None:
    """A new field may be called like a part of the library that reads it."""
    names = ["model_fields", "model_config", "__class__", "model_extra", "copy", "", "ключ", "a.b"]
    assert extras(validate(Leaf, dict.fromkeys(names, 1))) == dict.fromkeys(names, 1)


def test_columns_of_nothing_are_all_there() -> None:
    """An object that is absent fills its columns with None."""
    columns = Columns({"id": "id", "slug": "short"}, "link_")
    assert columns.names == ("link_id", "link_short")
    assert columns.of(None) == (None, None)
    assert columns.of(Link(id="1", slug="s")) == ("1", "s")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", ""),
        ("a", "a"),
        (5, "5"),
        (True, "true"),
        (1.5, "1.5"),
        (["é"], '["é"]'),
        ({"a": None}, '{"a":null}'),
    ],
)
def test_as_text(value: Any, text: str | None) -> None:
    """An answer of any type becomes text: a string as it is, everything else as its JSON."""
    assert as_text(value) == text


@OFTEN
@given(value=ANY_JSON.filter(lambda value: value is not None and not isinstance(value, str)))
def test_as_text_can_be_read_back(value: Any) -> None:
    """The JSON of an answer is the answer."""
    text = as_text(value)
    assert text is not None
    assert json.loads(text) == value

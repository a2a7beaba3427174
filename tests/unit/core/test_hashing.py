"""Sameness: noise that changes nothing, differences that are named, and credentials that are nowhere."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.examples import OFTEN, TEXT, VALUES
from worker.core.hashing import (
    CREDENTIALS,
    MASK,
    canonical,
    changed_fields,
    content_hash,
    hash_plain_bytes,
    hash_raw_bytes,
    mask,
)

CANARY = "canary-7f3a"
NAMES = st.sampled_from(["id", "host_url", "password", "meeting", "urls", "metadata"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.just("text"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)
DOCUMENTS_WITH_CREDENTIALS = st.dictionaries(NAMES, TREES, min_size=1, max_size=6)
PLAIN_DOCUMENTS = st.dictionaries(st.sampled_from("abcd"), VALUES.filter(lambda v: not has_dots(v)), max_size=4)


def has_dots(value: Any) -> bool:
    """Whether a name inside could be mistaken for two names."""
    return isinstance(value, dict) and any("." in key for key in value)


def issued(value: Any, secret: str) -> Any:
    """The same tree with a text for every credential that is not null."""
    if isinstance(value, dict):
        return {
            key: secret if key in CREDENTIALS and item is not None else issued(item, secret)
            for key, item in value.items()
        }
    return [issued(item, secret) for item in value] if isinstance(value, list) else value


def turned(value: Any) -> Any:
    """The same tree with the keys of every object in reverse order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


def meaning(document: Mapping[str, Any]) -> bytes:
    """The content hash of a document."""
    return content_hash(canonical(mask(document)))


def leaves(document: Mapping[str, Any]) -> set[tuple[str, bytes]]:
    """Names, two levels deep, with what they hold."""
    found = set()
    for key, value in document.items():
        inner = {f"{key}.{name}": item for name, item in value.items()} if isinstance(value, dict) else None
        found |= {(name, canonical({"": item})) for name, item in (inner or {key: value}).items()}
    return found


@OFTEN
@given(document=st.dictionaries(TEXT, VALUES, max_size=5))
def test_key_order_means_nothing(document: dict[str, Any]) -> None:
    """Two documents that differ in the order of their keys have one canonical form and one content hash."""
    assert canonical(turned(document)) == canonical(document)
    assert meaning(turned(document)) == meaning(document)


@OFTEN
@given(document=DOCUMENTS_WITH_CREDENTIALS, one=TEXT, other=TEXT, is_ascii=st.booleans(), indent=st.none() | st.just(2))
def test_a_rotated_credential_changes_nothing(
    document: dict[str, Any], one: str, other: str, is_ascii: bool, indent: int | None
) -> None:
    """Another host_url or password leaves both hashes as they were, however the JSON is written."""
    before, after = issued(document, one), issued(document, other)
    raw = [json.dumps(tree, ensure_ascii=is_ascii, indent=indent).encode() for tree in (before, after)]
    assert hash_raw_bytes(raw[0]) == hash_raw_bytes(raw[1])
    assert meaning(before) == meaning(after)


@pytest.mark.parametrize("name", sorted(CREDENTIALS))
def test_the_presence_of_a_credential_counts(name: str) -> None:
    """A credential that appears or goes is a change, in the raw hash and in the content hash."""
    absent, present = {"meeting": {name: None}}, {"meeting": {name: CANARY}}
    assert hash_raw_bytes(json.dumps(absent).encode()) != hash_raw_bytes(json.dumps(present).encode())
    assert meaning(absent) != meaning(present)
    assert mask(absent) == absent


def test_raw_hashes_see_every_other_byte() -> None:
    """A change beside a credential is a change, and so is the same word as a value or in a text."""
    raws = [
        b'{"password":"a","id":"1"}',
        b'{"password":"a","id":"2"}',
        b'{"id":"password","x":"1"}',
        b'{"id":"password","x":"2"}',
        rb'{"id":"\"password\":\"1\""}',
        rb'{"id":"\"password\":\"2\""}',
        b'{"id":"1"}',
        b'{"id":"2"}',
    ]
    assert len({hash_raw_bytes(raw) for raw in raws}) == len(raws)
    assert {len(hash_raw_bytes(raw)) for raw in raws} == {16}


@OFTEN
@given(document=st.dictionaries(st.sampled_from("abcd"), TEXT), token=TEXT, drop=st.sampled_from([(), (("a",),)]))
def test_only_bytes_without_credentials_have_their_plain_hash(
    document: dict[str, str], token: str, drop: tuple[tuple[str, ...], ...]
) -> None:
    """Where the plain hash is the raw hash there is no credential; other fields to drop give another raw hash."""
    raw, secret = json.dumps(document).encode(), json.dumps({"password": token, **document}).encode()
    assert hash_plain_bytes(raw, drop) == hash_raw_bytes(raw, drop) != hash_raw_bytes(raw, (*drop, ("another",)))
    assert hash_plain_bytes(secret, drop) != hash_raw_bytes(secret, drop)


@OFTEN
@given(document=DOCUMENTS_WITH_CREDENTIALS)
def test_mask_leaves_no_credential_at_any_depth(document: dict[str, Any]) -> None:
    """A masked document holds no credential, and the document it was made from is as it was."""
    given_document = issued(document, CANARY)
    before = canonical(given_document)
    assert CANARY not in str(mask(given_document))
    assert canonical(given_document) == before


@OFTEN
@given(value=VALUES.filter(lambda value: value is not None), name=st.sampled_from(sorted(CREDENTIALS)))
def test_a_credential_of_any_type_is_masked(value: Any, name: str) -> None:
    """Whatever stands under a credential's name is replaced, only null stays."""
    assert mask({"deep": [{name: value}]}) == {"deep": [{name: MASK}]}


def test_action_links_are_masked_at_the_top() -> None:
    """Links that cancel or move an appointment are credentials; an answer that is called `urls` is not."""
    masked = mask({"urls": {"cancel": [CANARY], "ics": None}, "fields": [{"urls": "kept"}], "meta": {"urls": ["kept"]}})
    assert masked == {
        "urls": {"cancel": MASK, "ics": MASK},
        "fields": [{"urls": "kept"}],
        "meta": {"urls": ["kept"]},
    }


@pytest.mark.parametrize(("value", "masked"), [(None, None), ({}, {}), ([CANARY], MASK), (CANARY, MASK)])
def test_action_links_of_another_shape_are_masked_too(value: Any, masked: Any) -> None:
    """Whatever `urls` holds, no link stays."""
    assert mask({"urls": value}) == {"urls": masked}


def test_rotated_action_links_mean_nothing() -> None:
    """New tokens in the links of an appointment are no change."""
    assert meaning({"urls": {"cancel": ["a"]}}) == meaning({"urls": {"cancel": ["b"]}})


@OFTEN
@given(before=PLAIN_DOCUMENTS, after=PLAIN_DOCUMENTS)
def test_changed_fields_names_exactly_the_differences(before: dict[str, Any], after: dict[str, Any]) -> None:
    """A field is named when it appeared, went or holds something else, and no other field is."""
    named = changed_fields(canonical(before), canonical(after))
    assert set(named) == {name for name, _ in leaves(before) ^ leaves(after)}
    assert list(named) == sorted(set(named))


@OFTEN
@given(before=PLAIN_DOCUMENTS, after=PLAIN_DOCUMENTS)
def test_a_change_is_never_nameless(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Documents with two content hashes differ in a field that can be named."""
    is_changed = content_hash(canonical(before)) != content_hash(canonical(after))
    assert bool(changed_fields(canonical(before), canonical(after))) == is_changed


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ({"a": 1}, {"a": 1}, ()),
        ({"a": 1}, {"a": 2}, ("a",)),
        ({"c": {"join_url": None, "type": "zoom"}}, {"c": {"join_url": "u", "type": "zoom"}}, ("c.join_url",)),
        ({"c": {"d": {"e": 1}}}, {"c": {"d": {"e": 2}}}, ("c.d",)),
        ({"list": [1, 2]}, {"list": [2, 1]}, ("list",)),
        ({"z": 1, "a": 1}, {"z": 2, "a": 2}, ("a", "z")),
        ({"a": {"b": 1}}, {"a": None}, ("a", "a.b")),
        ({"a": None}, {}, ("a",)),
        ({}, {"a": None}, ("a",)),
        ({"a": {}}, {"a": None}, ("a",)),
        ({"a": True}, {"a": 1}, ("a",)),
    ],
)
def test_changed_fields_by_example(before: dict[str, Any], after: dict[str, Any], names: tuple[str, ...]) -> None:
    """Names are sorted and two levels deep; a null is a value, and no type is another."""
    assert changed_fields(canonical(before), canonical(after)) == names


def test_canonical_is_json() -> None:
    """The canonical form reads back as the document, umlauts and all."""
    document = {"b": "Zoë ␀", "a": [1, 1.5, None, {"d": True, "c": 2**64}]}
    assert canonical(document).startswith(b'{"a":')
    assert msgspec.json.decode(canonical(document)) == document

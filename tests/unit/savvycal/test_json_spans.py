"""The scanner that finds where parts of a JSON text begin and end: it agrees with a plain state machine, reads what
every parser reads, and its time grows with the length of the text only."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import json_text
from worker.errors import Malformed
from worker.savvycal import json_spans
from worker.savvycal.repair import repaired

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
PIECES = st.sampled_from(
    [
        b'"',
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b" ",
        b"\x00",
        b"\xff",
        b"a",
        b'"x"',
        b'\\"',
        b"1e400",
        b"\xef\xbb\xbf",
    ]
)


def _plainly(text: bytes) -> list[bytes] | None:
    """The items of an array letter by letter; None when it is none."""
    text = text.removeprefix(json_spans.BOM).strip()
    if not text.startswith(b"["):
        return None
    found, depth, start, inside, escaped = [], 0, 1, False, False
    for at, letter in enumerate(text):
        mark = bytes([letter])
        if inside:
            inside, escaped = escaped or mark != b'"', not escaped and mark == b"\\"
        elif mark == b'"':
            inside = True
        elif mark in b"{[":
            depth += 1
        elif depth == 1 and mark in b",]}":
            found += [text[start:at].strip()] if text[start:at].strip() else []
            start = at + 1
        if not inside and mark in b"]}":
            depth -= 1
            if depth == 0:
                return found if at == len(text) - 1 else None
    return None


@given(st.lists(PIECES, max_size=40).map(lambda pieces: b"[" + b"".join(pieces) + b"]"))
def test_any_bytes_are_split_as_by_a_plain_state_machine(text: bytes) -> None:
    """Items are found in any text whose strings and brackets are in order, and in no other."""
    try:
        assert json_spans.items(text) == _plainly(text)
    except Malformed:
        assert _plainly(text) is None


@given(
    st.dictionaries(st.text(st.characters(codec="ascii", exclude_characters='"\\')), JSON), st.sampled_from([None, 1])
)
def test_what_every_parser_reads_is_read_alike(document: dict[str, Any], indent: int | None) -> None:
    """Members of a healthy object are its own."""
    text = json.dumps(document, indent=indent).encode()
    names = {json.dumps(name)[1:-1]: item for name, item in document.items()}
    assert {key.decode(): json.loads(part) for key, part in json_spans.members(text).items()} == names
    assert [json.loads(part) for part in json_spans.items(json.dumps(list(document.values())).encode())] == [
        *document.values()
    ]


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_repairing_twice_changes_nothing_more(text: bytes) -> None:
    """What is repaired holds nothing that would be repaired."""
    assert repaired(repaired(text)) == repaired(text)


Attack = Callable[[int], tuple[Callable[[bytes], object], bytes]]
GROWING: dict[str, Attack] = {
    "escaped quotation marks without an end": lambda n: (repaired, b'{"a":"' + rb"\"" * n),
    "a long fraction beside a long integer": lambda n: (json_text.decode, b"[%s,%s.5]" % (b"9" * 5000, b"9" * 2 * n)),
    "colons": lambda n: (json_spans.members, b"{" + b":" * 2 * n + b"}"),
    "brackets": lambda n: (json_spans.items, b"[" * n + b"]" * n),
    "a text without an end": lambda n: (_refused, b'["' + rb"\"" * n),
    "spaces": lambda n: (json_spans.items, b"[" + b" " * 2 * n + b"]"),
    "quotation marks": lambda n: (_refused, b"[" + b'"' * (2 * n + 1) + b"]"),
}


def _refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        json_spans.items(text)


@pytest.mark.parametrize("name", GROWING)
@pytest.mark.timeout(20)
def test_no_text_takes_more_time_than_its_length(name: str) -> None:
    """A megabyte of the worst there is; with time that grows with the square each of these would take minutes."""
    act, text = GROWING[name](500_000)
    act(text)

"""The findings that change what the mirror does."""

from datetime import UTC, datetime, timedelta

import pytest

from worker.core import findings

FIRST = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "list_shows", "single_proves", "expected"),
    [
        (None, False, False, None),
        (None, False, True, "no"),
        (None, True, False, "yes"),
        ("no", True, False, "yes"),
        ("no", False, True, "no"),
        ("yes", False, True, "yes"),
        ("yes", False, False, "yes"),
    ],
)
def test_whether_lists_embed_the_meeting(
    known: str | None, list_shows: bool, single_proves: bool, expected: str | None
) -> None:
    """One list that shows a meeting outweighs everything."""
    assert findings.embedding_finding(known, list_shows, single_proves) == expected


@pytest.mark.parametrize(
    ("days", "descending", "expected"),
    [
        ([1, 2, 3], False, "as asked"),
        ([3, 2, 1], True, "as asked"),
        ([3, 2, 1], False, "the other way round"),
        ([1, 3, 2], False, "unsorted"),
        ([1, 1, 2], False, None),
        ([1, 2, None], False, None),
        ([], True, None),
    ],
)
def test_the_order_of_a_page(days: list[int | None], descending: bool, expected: str | None) -> None:
    """Three different starts at least."""
    starts = [None if day is None else FIRST + timedelta(days=day) for day in days]
    assert findings.order_finding(starts, descending) == expected


def test_facts_that_changed() -> None:
    """New ones did not."""
    assert findings.changed_facts({"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "1"}) == {"b": ("1", "2")}

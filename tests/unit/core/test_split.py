"""Where a page cannot be read, what is missing is said no narrower than the order of the list allows."""

from datetime import UTC, datetime, timedelta

from worker.core.split import Missing, Split, after_page, skip

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
STARTS = [NOON + timedelta(hours=hours) for hours in range(4)]


def _past(split: Split, *starts: datetime) -> Split:
    return after_page(split, starts, 1, descends=True)


def _single_records() -> Split:
    return Split(size=1, usual=100)


def test_what_was_skipped_lies_between_its_neighbours() -> None:
    """In a list that keeps its order."""
    split = _past(_single_records(), STARTS[3])
    split = _past(skip(split), STARTS[1])
    assert split.missing == (Missing(STARTS[1], STARTS[3], ""),)


def test_pages_of_one_record_show_that_a_list_has_another_order() -> None:
    """No page is out of order by itself; what was skipped before that showed may lie anywhere, too."""
    split = skip(_single_records())
    for start in STARTS[:2]:
        split = _past(split, start)
    assert split.is_unordered
    split = _past(skip(split), STARTS[3])
    assert set(split.missing) == {Missing(None, None, "")}

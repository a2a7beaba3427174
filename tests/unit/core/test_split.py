"""What a list's order says about what is missing in it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from worker.core.missing import Missing
from worker.core.split import Split, after_page, after_part, around, failed, saw_days, skip
from worker.core.windows import FAR, Bounds

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _read(order: list[int], bad: set[int], descends: bool) -> Split:
    """Pages of one record each; what is bad is skipped."""
    split = Split(size=1, usual=50)
    for number in order:
        if number in bad:
            split = skip(failed(split, "SavvyCal answered 500"))
        else:
            split = after_page(split, [NOON + timedelta(days=number)], 1, descends)
    return after_part(split)


@pytest.mark.parametrize("bad", [{0}, {3}, {0, 3}, {5}])
@pytest.mark.parametrize("descends", [False, True])
def test_pages_of_one_record_show_a_wrong_order_too(bad: set[int], descends: bool) -> None:
    """Each of them is sorted by itself; what is missing may then be anywhere."""
    against = [*range(6)] if descends else [*reversed(range(6))]
    split = _read(against, bad, descends)
    assert split.is_unordered
    assert set(split.missing) == {Missing(None, None, "SavvyCal answered 500")}


def test_a_list_in_order_narrows_what_is_missing() -> None:
    """Between its neighbours; two records that start together are in order, too."""
    split = _read([5, 4, 3, 2, 2, 0], {3}, descends=True)
    assert not split.is_unordered
    assert split.missing == (Missing(NOON + timedelta(days=2), NOON + timedelta(days=4), "SavvyCal answered 500"),)


def test_a_part_without_an_end_stays_one() -> None:
    """Or an account that takes no day in the far future would refuse it."""
    whole, day = Bounds(date(2026, 6, 1), FAR), date(2026, 6, 9)
    assert Split(part=Bounds(day, FAR)).asked(whole).until == FAR
    assert Split(part=Bounds(day, None)).asked(whole).until is None
    assert Split(part=Bounds(day, day)).asked(whole).until == date(2026, 6, 10)


def test_a_list_without_days_is_not_halved() -> None:
    """All of its parts would be the same list."""
    split = around(
        Split(reason="SavvyCal answered 500"), Bounds(None, None), NOON.date(), can_turn=False, can_halve=False
    )
    assert split.is_over
    assert split.missing == (Missing(None, None, "SavvyCal answered 500"),)


def test_days_without_an_end_are_divided_near_today() -> None:
    """First today, then farther each time: no part begins or ends in a year that an account may refuse."""
    split, ends = Split(reason="SavvyCal answered 500"), []
    for _ in range(6):
        split = around(split, Bounds(None, None), NOON.date(), can_turn=False)
        assert split.part is not None
        ends.append(split.part.until)
        split = after_part(split)
    ahead = [(end - NOON.date()).days for end in ends if end]
    assert ahead[0] == 0
    assert ahead == sorted(set(ahead))
    assert ahead[-1] < 3660


@pytest.mark.parametrize("days", [Bounds(date.min, date(1, 2, 1)), Bounds(date(9999, 12, 1), date.max)])
def test_the_ends_of_the_calendar_are_days_like_any_other(days: Bounds) -> None:
    """Nothing lies behind them, so that what is wider than they are ends there."""
    assert saw_days(Split(), days, [NOON]).ignores_days
    part = failed(Split(part=Bounds(days.start, days.start)), "SavvyCal answered 500")
    assert around(part, days, NOON.date(), can_turn=False).missing

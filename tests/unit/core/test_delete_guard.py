"""Whether a scan can be trusted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.examples import OFTEN
from worker.core.delete_guard import Result, assess, missing_max

COUNTS = st.integers(0, 10**7)


@pytest.mark.parametrize(
    ("stored", "limit"), [(0, 20), (20, 20), (2000, 20), (2099, 20), (2100, 21), (50_000, 500), (1_000_000, 10_000)]
)
def test_limit_is_twenty_or_one_percent(stored: int, limit: int) -> None:
    """Twenty objects may be missing, or one in a hundred where that is more."""
    assert missing_max(stored) == limit


def test_an_ordinary_scan_is_ok() -> None:
    """A scan that saw what is stored needs no reason."""
    assert assess(500, 500, 0) == assess(0, 0, 0)
    assert assess(500, 500, 0).result is Result.OK
    assert assess(500, 500, 0).reason is None


def test_an_empty_list_over_a_full_table_is_suspect() -> None:
    """Nothing listed where much is stored is not trusted, even when nothing counts as missing."""
    assessment = assess(0, 21, 0)
    assert assessment.result is Result.SUSPECT
    assert assessment.reason == "SavvyCal listed nothing where 21 objects are stored"


def test_an_empty_list_over_few_objects_is_trusted() -> None:
    """Up to twenty objects may go at once: each is asked for by id before anything happens."""
    assert assess(0, 20, 20).result is Result.OK


def test_a_list_that_lost_much_is_suspect() -> None:
    """One object more than the limit holds the scan, and the reason names the figures."""
    assert assess(980, 1000, 20).result is Result.OK
    assessment = assess(979, 1000, 21)
    assert assessment.result is Result.SUSPECT
    assert assessment.reason == "21 of 1000 stored objects were not listed (limit 20)"


def test_a_person_may_allow_more() -> None:
    """What somebody approved may be missing this once, and an approval never lowers the limit."""
    assert assess(950, 1000, 50, allowed=50).result is Result.OK
    assert assess(0, 40, 40, allowed=40).result is Result.OK
    assert assess(949, 1000, 51, allowed=50).reason == "51 of 1000 stored objects were not listed (limit 50)"
    assert assess(980, 1000, 20, allowed=1).result is Result.OK


@OFTEN
@given(seen=COUNTS, stored=COUNTS, missing=COUNTS)
def test_ok_means_within_the_limit(seen: int, stored: int, missing: int) -> None:
    """No scan is trusted beyond max(20, 1 %) missing, and a suspect one says why."""
    assessment = assess(seen, stored, missing)
    assert assessment.result in {Result.OK, Result.SUSPECT}
    assert (assessment.result is Result.OK) == (assessment.reason is None)
    if missing > max(20, stored // 100):
        assert assessment.result is Result.SUSPECT
    elif seen:
        assert assessment.result is Result.OK

"""Waits between attempts double within bounds, with jitter."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.examples import OFTEN
from worker.core.backoff import backoff_seconds


@OFTEN
@given(attempt=st.integers(1, 10**6), seed=st.integers(0, 2**32))
def test_backoff_doubles_within_bounds(attempt: int, seed: int) -> None:
    """After attempt n the wait lies between half of 2^n seconds and 2^n seconds, and never beyond an hour."""
    span = min(3600.0, 2.0 ** min(attempt, 20))
    assert span / 2 <= backoff_seconds(attempt, Random(seed)) <= span


def test_backoff_is_jittered() -> None:
    """Two workers that failed together do not come back together."""
    assert len({backoff_seconds(5, Random(seed)) for seed in range(20)}) == 20

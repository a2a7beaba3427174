"""A schedule comes from its seed alone, and leaves no kind of fault out."""

from itertools import pairwise

import pytest

from tests.campaigns.chaos.kinds import KINDS
from tests.campaigns.chaos.schedule import MINUTES_MIN, draw


@pytest.mark.parametrize("seed", range(20))
def test_each_kind_has_its_turn_in_the_shortest_campaign(seed: int) -> None:
    """All kinds start within the time, and those of one lane one after the other."""
    lanes = draw(seed, MINUTES_MIN * 60, KINDS)
    assert {stroke.kind for strokes in lanes.values() for stroke in strokes} == set(KINDS)
    for strokes in lanes.values():
        assert all(before.at + before.seconds <= after.at for before, after in pairwise(strokes))
        assert strokes[-1].at < MINUTES_MIN * 60


def test_the_seed_decides() -> None:
    """The same seed, the same schedule."""
    assert draw(7, 600, KINDS) == draw(7, 600, KINDS) != draw(8, 600, KINDS)


def test_names_are_unique() -> None:
    """The count of a kind is its own."""
    assert len({kind.name for kind in KINDS}) == len(KINDS)

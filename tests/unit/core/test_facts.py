"""The registry of open points."""

from worker.core import facts
from worker.core.facts import Fact


def test_every_fact_is_in_the_registry_once() -> None:
    """With its number in the list of unknowns, and whole sentences."""
    assert sorted(point.fact for point in facts.POINTS) == sorted(Fact)
    for point in facts.POINTS:
        assert 1 <= point.number <= 22
        assert all((point.products, point.documented, point.assumed, point.otherwise, point.seen))
        assert facts.point_of(f"{point.fact}:detail") is point
    assert facts.point_of("unheard_of") is None

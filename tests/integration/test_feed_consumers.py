"""The consumers of docs/change-feed.md, killed at random moments: a small share of `make kill-consumers`."""

import pytest

from tests.campaigns.feed import campaign
from tests.campaigns.feed.consumers import CONSUMERS
from tests.support.harness import Harness

KILLS = 12


@pytest.mark.parametrize("consumer", CONSUMERS)
async def test_a_consumer_that_is_killed_at_any_moment_has_what_the_tables_have(
    harness: Harness, mirrored_url: str, consumer: str
) -> None:
    """Nothing is lost, nothing is applied twice, whatever the moment."""
    found = await campaign.run(harness, mirrored_url, consumer, KILLS, seed=18)
    assert (found.differing, found.ended) == (0, 0)
    assert found.moved > 0
    assert found.changes > found.moved


@pytest.mark.parametrize("consumer", CONSUMERS)
async def test_two_consumers_of_one_cursor_apply_each_change_once(
    harness: Harness, mirrored_url: str, consumer: str
) -> None:
    """A second process beside the first does no harm."""
    found = await campaign.run(harness, mirrored_url, consumer, 8, seed=19, beside=True)
    assert (found.differing, found.ended) == (0, 0)

"""Fixed shares of what `make purge-year` and `make rotate-load` do at length."""

import pytest

from tests.campaigns.privacy import rotation, year
from tests.support.harness import Harness


@pytest.mark.timeout(120)
async def test_twenty_days_of_the_vault(harness: Harness) -> None:
    """At every step the vault holds exactly what SavvyCal honours, whatever the worker's clock says."""
    counters = await year.live(harness, 20, seed=3)
    assert counters.purged > 5
    assert counters.refused_late > 5
    assert counters.reschedules > 20


async def test_two_thousand_credentials_under_load(harness: Harness) -> None:
    """All sealed again, no read failed, and the old key opens nothing that is left."""
    counters = await rotation.rotate_under_load(harness, 2000)
    assert counters.sealed + counters.writes >= 2000
    assert counters.failed_reads == 0
    assert counters.reads > 0

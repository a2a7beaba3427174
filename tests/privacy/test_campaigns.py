"""Fixed shares of what `make purge-year` and `make rotate-load` do at length."""

import pytest

from tests.privacy import rotation, year
from tests.sync.stage import Stage


@pytest.mark.timeout(120)
async def test_twenty_days_of_the_vault(stage: Stage) -> None:
    """At every step the vault holds exactly what SavvyCal honours, whatever the worker's clock says."""
    tally = await year.live(stage, 20, seed=3)
    assert tally.purged > 5
    assert tally.refused_late > 5
    assert tally.reschedules > 20


async def test_two_thousand_credentials_under_load(stage: Stage) -> None:
    """All sealed anew, no read failed, and the old key opens nothing that is left."""
    tally = await rotation.rotate_under_load(stage, 2000)
    assert tally.sealed + tally.writes >= 2000
    assert tally.failed_reads == 0
    assert tally.reads > 0

"""A fixed share of the fuzz run; `make fuzz-records` feeds 200,000."""

import pytest

from tests.fuzz.records import fuzz
from tests.privacy.vaulted import KEYS
from tests.sync.conftest import mirrored_url, schema_template
from tests.sync.stage import staged
from worker.savvycal.source import Privacy

__all__ = ["mirrored_url", "schema_template"]


@pytest.mark.timeout(120)
async def test_hostile_records_stop_nothing(mirrored_url: str) -> None:
    """4,000 records, nine of ten mutated: no exception, every good one stored, the counts add up."""
    async with staged(mirrored_url, privacy=Privacy(keys=KEYS)) as stage:
        tally = await fuzz(stage, 4000, seed=7)
    assert tally.quarantined > 500
    assert tally.written > 500
    assert tally.pages_read > 5
    assert tally.pages_refused > 5
    assert tally.grown_mib < 64

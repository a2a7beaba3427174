"""A fixed share of the fuzz run; `make fuzz-records` feeds 200,000."""

import pytest

from tests.campaigns.fuzz.records import fuzz
from tests.integration.conftest import mirrored_url, schema_template
from tests.support.harness import running_harness
from tests.support.vaulted import KEYS
from worker.savvycal.api import Privacy

__all__ = ["mirrored_url", "schema_template"]


@pytest.mark.timeout(120)
async def test_hostile_records_stop_nothing(mirrored_url: str) -> None:
    """4,000 records, nine of ten mutated: no exception, every good one stored, the counts add up."""
    async with running_harness(mirrored_url, privacy=Privacy(keys=KEYS)) as harness:
        counters = await fuzz(harness, 4000, seed=7)
    assert counters.quarantined > 500
    assert counters.written > 500
    assert counters.pages_read > 5
    assert counters.pages_refused > 5
    assert counters.grown_mib < 64

"""An acknowledged delivery survives what happens next."""

from pathlib import Path

import pytest

from tests.campaigns.chaos.webhooks import torture


@pytest.mark.timeout(180)
def test_no_acknowledged_delivery_is_lost(tmp_path: Path, redis_url: str) -> None:
    """Kill -9 of Postgres and of the daemon under load, then of Postgres once more: each 200 is stored."""
    load, lost, unmarked = torture(tmp_path, redis_url, ["postgres", "daemon"], 0.3)
    assert len(load.acknowledged) >= 150
    assert load.refused > 0
    assert lost == set()
    assert unmarked == 0

"""What the daemon costs when nothing changes: its CPU time, Postgres', and its operations on Redis."""

import time

from tests.bench.house import settled
from tests.bench.measure import Measured, Stage


def measure(stage: Stage, database: str, seconds: float) -> Measured:
    """Looks at it for so long."""
    with settled(stage, database) as house:
        before = house.figures(stage)
        time.sleep(seconds)
        after = house.figures(stage)
        peak = house.peak_bytes()
    shares = {f"idle_{name}": (after[name] - before[name]) / seconds for name in before}
    return shares | {"peak_rss_bytes": peak, "watched_seconds": seconds}

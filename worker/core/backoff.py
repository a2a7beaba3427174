"""How long failed work waits before its next attempt. Pure."""

from random import Random

BACKOFF_CAP_SECONDS = 3600.0


def backoff_seconds(attempt: int, random: Random) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1): full jitter over a doubling span, capped.

    1 s to 2 s, then up to 4, 8, 16 ... at most an hour.
    """
    span = min(BACKOFF_CAP_SECONDS, 2.0 ** min(attempt, 20))
    return random.uniform(span / 2, span)

"""How many retries a process may send: what failed is tried again by the work queue, within this budget."""

import time

RETRY_SHARE = 0.1
RETRIES_SAVED_MAX = 30.0
RETRIES_PER_SECOND = 0.5
"""Whatever else happens: where nothing is tried for the first time, what failed would wait for ever (measured)."""


class RetryBudget:
    """Retries may be a tenth of first tries, and one every two seconds: an outage must not be answered with a storm.

    A few may be saved up.
    """

    def __init__(self) -> None:
        self._saved = RETRIES_SAVED_MAX / 2
        self._looked_at = time.monotonic()

    def admits(self, attempts: int) -> bool:
        """Whether attempt number `attempts` may go ahead now; it is spent if so."""
        now = time.monotonic()
        self._save((now - self._looked_at) * RETRIES_PER_SECOND)
        self._looked_at = now
        if attempts <= 1:
            self._save(RETRY_SHARE)
            return True
        if self._saved < 1:
            return False
        self._saved -= 1
        return True

    def _save(self, retries: float) -> None:
        self._saved = min(RETRIES_SAVED_MAX, self._saved + retries)

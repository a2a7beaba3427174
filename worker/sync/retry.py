"""The retry budget of a process: the work queue tries failed work again, within this budget."""

import time

RETRY_SHARE = 0.1
RETRIES_SAVED_MAX = 30.0
RETRIES_PER_SECOND = 0.5
"""Always allowed: without first attempts, failed work would otherwise wait for ever (measured)."""


class RetryBudget:
    """Allows a tenth of first attempts as retries, and one every two seconds, so that an outage causes no flood of
    them.

    Up to 30 unused retries are saved.
    """

    def __init__(self) -> None:
        self._saved = RETRIES_SAVED_MAX / 2
        self._looked_at = time.monotonic()

    def admits(self, attempts: int) -> bool:
        """Whether attempt number `attempts` may be sent now; if so, it is taken from the budget."""
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

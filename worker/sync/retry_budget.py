"""The retry budget: how many of the requests of a process may be retries. The work queue schedules each retry."""

import time

RETRY_SHARE = 0.1
RETRIES_SAVED_MAX = 30.0
RETRIES_PER_SECOND = 0.5
"""Granted even without any first try; otherwise an account whose work all failed would never retry."""


class RetryBudget:
    """Allows retries up to a tenth of the first tries, plus one every two seconds; up to 30 can be saved.

    The limit keeps an outage from being prolonged by a burst of retries.
    """

    def __init__(self) -> None:
        self._saved = RETRIES_SAVED_MAX / 2
        self._updated_at = time.monotonic()

    def admits(self, attempts: int) -> bool:
        """Whether attempt number `attempts` may start now. A retry that may start is deducted from the budget."""
        now = time.monotonic()
        self._save((now - self._updated_at) * RETRIES_PER_SECOND)
        self._updated_at = now
        if attempts <= 1:
            self._save(RETRY_SHARE)
            return True
        if self._saved < 1:
            return False
        self._saved -= 1
        return True

    def _save(self, retries: float) -> None:
        self._saved = min(RETRIES_SAVED_MAX, self._saved + retries)

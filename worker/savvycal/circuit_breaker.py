"""When asking SavvyCal is pointless: a circuit for each product of an account.

It opens at once when the token is refused, and after a row of failures when SavvyCal is down. While it is open nothing
is sent but one request every PROBE_SECONDS, and the first good answer closes it.
"""

import time

from worker.errors import Paused, SavvycalSyncError, ServerFault, Unauthorized, Unreachable

FAILURES_MAX = 5
PROBE_SECONDS = 30.0


class CircuitBreaker:
    """Counts failures on the monotonic clock. One per product of an account and process."""

    def __init__(self) -> None:
        self.failure_count = 0
        """Failures in a row that are not about one object."""
        self.failing_since: float | None = None
        self.noted_at: float | None = None
        """When the last answer came, good or bad."""
        self.is_refused = False
        self.error: str | None = None
        """How the last answer failed; it quotes no value."""
        self._open_until = 0.0
        self._reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing would be sent right now."""
        return self._reason is not None and time.monotonic() < self._open_until

    @property
    def is_on_trial(self) -> bool:
        """Whether it is open, and the next request finds out whether it may close."""
        return self._reason is not None and not self.is_open

    def check(self) -> None:
        """Whether a request may be sent. While open, one may each PROBE_SECONDS.

        Raises:
            Paused: with the reason, and how long to wait.
        """
        if self._reason is None:
            return
        left = self._open_until - time.monotonic()
        if left > 0:
            raise Paused(self._reason, left)
        self._open_until = time.monotonic() + PROBE_SECONDS

    def note(self, error: SavvycalSyncError | None) -> None:
        """Takes in how a request ended; None is a good answer, and so is any error that is about one object."""
        if isinstance(error, Unauthorized) and error.status == 401:
            self._failed(error, is_refused=True)
            self._open(f"{error}; paused: set a valid token (a changed token file is read by itself)")
        elif isinstance(error, Unreachable | ServerFault):
            self._failed(error, is_refused=False)
            if self.failure_count >= FAILURES_MAX:
                self._open(f"{error}; {self.failure_count} failures in a row, asking again every {PROBE_SECONDS:.0f} s")
        else:
            self.failure_count, self._reason = 0, None
            self.failing_since, self.is_refused, self.error = None, False, None
        self.noted_at = time.monotonic()

    def _failed(self, error: SavvycalSyncError, is_refused: bool) -> None:
        self.failure_count += 1
        self.is_refused, self.error = is_refused, str(error)
        if self.failing_since is None:
            self.failing_since = time.monotonic()

    def _open(self, reason: str) -> None:
        self._reason, self._open_until = reason, time.monotonic() + PROBE_SECONDS

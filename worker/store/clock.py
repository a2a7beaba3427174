"""What time it is: by Postgres' clock, so that workers whose own clocks differ agree on it."""

import time
from datetime import UTC, datetime, timedelta

ANSWER_SECONDS_MAX = 1.0
"""An answer that took longer does not tell what time it is now."""


class Clock:
    """Postgres' clock as it was read last, carried on by our monotonic one; by our own until it was read at all.

    A machine that slept is late until it reads it again, and the leases under which it could write have lapsed.
    """

    def __init__(self) -> None:
        self.set(datetime.now(UTC), time.monotonic())

    def now(self) -> datetime:
        """Aware, in UTC."""
        return self._read + timedelta(seconds=time.monotonic() - self._read_at)

    def set(self, now: datetime, asked_at: float) -> None:
        """Whoever reads Postgres' clock for another reason passes it on; `asked_at` is monotonic, in seconds."""
        read_at = time.monotonic()
        if read_at - asked_at <= ANSWER_SECONDS_MAX:
            self._read, self._read_at = now, read_at

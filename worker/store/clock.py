"""The current time by Postgres' clock, so that workers whose own clocks differ agree."""

import time
from datetime import UTC, datetime, timedelta

ANSWER_SECONDS_MAX = 1.0
"""A time that took longer to arrive is too old to be used."""


class Clock:
    """Postgres' clock as read last, continued by the monotonic clock; the machine's own clock until the first read.

    After a machine slept, its time is late until the next read, but the leases under which it could write have expired.
    """

    def __init__(self) -> None:
        self.set(datetime.now(UTC), time.monotonic())

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        return self._read + timedelta(seconds=time.monotonic() - self._read_at)

    def set(self, now: datetime, asked_at: float) -> None:
        """Sets the time that a statement read from Postgres; `asked_at` is its start, monotonic, in seconds."""
        read_at = time.monotonic()
        if read_at - asked_at <= ANSWER_SECONDS_MAX:
            self._read, self._read_at = now, read_at

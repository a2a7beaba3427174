"""How many requests an account may send: a steady rate with a burst of one minute's worth.

Source of the default (240 a minute): SavvyCal Appointments documents 300 a minute for a token; Meetings documents
nothing, so the same ceiling is used for it.
"""

import asyncio
import time


class Budget:
    """Generic cell rate algorithm (GCRA) on the monotonic clock. One per account and process."""

    def __init__(self, per_minute: int) -> None:
        self._interval_seconds = 60.0 / per_minute
        self._burst_seconds = 60.0
        self._paid_until = 0.0
        self._closed_until = 0.0

    async def take(self) -> None:
        """Waits until one more request is allowed."""
        now = time.monotonic()
        self._paid_until = max(self._paid_until, now - self._burst_seconds) + self._interval_seconds
        wait = max(self._paid_until, self._closed_until) - now
        if wait > 0:
            await asyncio.sleep(wait)

    def close_for(self, seconds: float) -> None:
        """SavvyCal asked for silence (429): nobody sends for that long."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)

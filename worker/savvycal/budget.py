"""How many requests an account may send: a steady rate with a burst, shared by all workers as long as Redis is there.

Source of the default (240 a minute): SavvyCal Appointments documents 300 a minute for a token; Meetings documents
nothing, so the same ceiling is used for it.
"""

import asyncio
import time
from typing import Protocol

from worker.errors import Paused

BURST_SHARE = 0.25
"""Of a minute's budget may be spent at once; the rest flows steadily, so no sliding minute ever holds more than all."""

STEADY_SECONDS = 60.0 / (1 - BURST_SHARE)
BURST_SECONDS = STEADY_SECONDS * BURST_SHARE
"""The burst, as time at the steady rate: 20 s."""

SWEEP_RESERVE_SECONDS = BURST_SECONDS / 4
"""What sweeps leave of the burst to people and webhooks."""

PATIENCE_SECONDS = 15.0
"""Longer waits are handed back to the ledger: a lease must outlive its request."""


class SharedBudget(Protocol):
    """The same budget for all workers of an account, kept in Redis."""

    worker_count: int
    """How many workers shared it when it was last reached."""

    async def charge(self, interval_seconds: float, burst_seconds: float, reserve_seconds: float) -> float | None:
        """Seconds to wait before one more request (charged unless longer than PATIENCE_SECONDS); None: out of reach."""

    async def close_for(self, seconds: float) -> None:
        """Nobody sends for that long."""


class Budget:
    """Generic cell rate algorithm (GCRA). One per account and process; `shared` makes it one for all processes."""

    def __init__(self, per_minute: int, shared: SharedBudget | None = None) -> None:
        self._interval_seconds = STEADY_SECONDS / per_minute
        self._shared = shared
        self._paid_until = 0.0
        self._closed_until = 0.0

    async def take(self, is_sweep: bool = False) -> None:
        """Waits until one more request is allowed.

        Raises:
            Paused: that would take too long; nothing was spent.
        """
        closed = self._closed_until - time.monotonic()
        reserve = SWEEP_RESERVE_SECONDS if is_sweep else 0.0
        wait = closed if closed > PATIENCE_SECONDS else max(closed, await self._charge(reserve))
        if wait > PATIENCE_SECONDS:
            raise Paused("the request budget is spent", wait)
        if wait > 0:
            await asyncio.sleep(wait)

    async def _charge(self, reserve_seconds: float) -> float:
        burst = max(BURST_SECONDS, self._interval_seconds)
        wait = await self._shared.charge(self._interval_seconds, burst, reserve_seconds) if self._shared else None
        return self._charge_locally(burst, reserve_seconds) if wait is None else wait

    def _charge_locally(self, burst_seconds: float, reserve_seconds: float) -> float:
        """Without Redis each worker takes its share, as many as were seen last."""
        now, workers = time.monotonic(), max(1, self._shared.worker_count if self._shared else 1)
        interval = self._interval_seconds * workers
        paid = max(self._paid_until, now - max(burst_seconds, interval)) + interval
        wait = max(0.0, paid + reserve_seconds - now)
        if wait <= PATIENCE_SECONDS:
            self._paid_until = paid
        return wait

    async def close_for(self, seconds: float) -> None:
        """SavvyCal asked for silence (429): no worker of this account sends for that long."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)
        if self._shared:
            await self._shared.close_for(seconds)

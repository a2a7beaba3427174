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

SCAN_RESERVE_SECONDS = BURST_SECONDS / 4
"""What sweeps leave of the burst to people and webhooks."""

PATIENCE_SECONDS = 15.0
"""Longer waits are handed back to the ledger: a lease must outlive its request."""

SLACK_SECONDS = 0.5
"""So much may a busy machine and Redis be apart over the end of one and the same silence."""


class SharedRateLimit(Protocol):
    """The same budget for all workers of an account, kept in Redis."""

    worker_count: int
    """How many workers shared it when it was last reached."""

    async def charge(
        self, interval_seconds: float, burst_seconds: float, reserve_seconds: float, owed_seconds: float = 0.0
    ) -> float | None:
        """Seconds to wait before one more request (charged unless longer than PATIENCE_SECONDS); None: out of reach.

        `owed_seconds` of the burst were spent while it was out of reach.
        """

    async def cool_down(self, seconds: float) -> None:
        """Nobody sends for that long."""

    async def cool_down_left(self) -> float:
        """Seconds for which nobody sends, as far as it can be reached."""


class RateLimit:
    """Generic cell rate algorithm (GCRA). One per account and process; `shared` makes it one for all processes.

    Between the shared budget and the local share a burst is spent once, however often Redis comes and goes.
    """

    def __init__(self, per_minute: int, shared: SharedRateLimit | None = None, is_patient: bool = False) -> None:
        self._interval_seconds = STEADY_SECONDS / per_minute
        self._shared = shared
        self._is_patient = is_patient
        """Waits for as long as it takes: for a command that holds no lease."""
        self._turn = asyncio.Lock()
        self._paid_until = 0.0
        self._is_alone = True
        """Whether the last request was charged locally, ..."""
        self._alone_from = 0.0
        """... and how far it was paid when that began."""
        self._closed_until = 0.0
        self.waited_seconds = 0.0
        """How long requests of this process have waited for their turn, in all."""

    async def take(self, is_scan: bool = False) -> None:
        """Waits until one more request is allowed.

        Raises:
            Paused: that would take too long.
        """
        reserve = SCAN_RESERVE_SECONDS if is_scan else 0.0
        while (wait := await self._wait(reserve)) > 0:
            if wait > PATIENCE_SECONDS and not self._is_patient:
                raise Paused("the request budget is spent", wait)
            is_paid = wait <= PATIENCE_SECONDS
            self.waited_seconds += wait
            await asyncio.sleep(wait if is_paid else wait - PATIENCE_SECONDS / 2)
            if is_paid and (rest := await self._cool_down_left()) < SLACK_SECONDS:
                await asyncio.sleep(rest)
                return
            # else SavvyCal asked for silence meanwhile, and that goes for all who wait

    async def _cool_down_left(self) -> float:
        return max(self._closed_for, await self._shared.cool_down_left() if self._shared else 0.0)

    @property
    def cool_down_seconds(self) -> float:
        """For how long this process sends nothing, because SavvyCal answered 429."""
        return self._closed_for

    @property
    def used_share(self) -> float:
        """How much of the burst is spent, from 0 to 1, as far as this process knows."""
        return min(1.0, max(0.0, self._paid_until - time.monotonic() + BURST_SECONDS) / BURST_SECONDS)

    @property
    def _closed_for(self) -> float:
        return max(0.0, self._closed_until - time.monotonic())

    async def _wait(self, reserve_seconds: float) -> float:
        closed = self._closed_for
        return closed if closed > PATIENCE_SECONDS else await self._charge(reserve_seconds)

    async def _charge(self, reserve_seconds: float) -> float:
        burst = max(BURST_SECONDS, self._interval_seconds)
        async with self._turn:  # so that what was spent alone is told once
            await self._share_cool_down()
            wait = await self._charge_shared(burst, reserve_seconds)
            wait = self._charge_locally(burst, reserve_seconds) if wait is None else wait
            return max(wait, self._closed_for)

    async def _share_cool_down(self) -> None:
        """Redis may have been away when SavvyCal asked for it. Told anew each time it would end later each time."""
        if not self._shared or self._closed_for < SLACK_SECONDS:
            return
        if self._closed_for > await self._shared.cool_down_left() + SLACK_SECONDS:
            await self._shared.cool_down(self._closed_for)

    async def _charge_shared(self, burst_seconds: float, reserve_seconds: float) -> float | None:
        if self._shared is None:
            return None
        owed = self._spent_alone(burst_seconds) if self._is_alone else 0.0
        wait = await self._shared.charge(self._interval_seconds, burst_seconds, reserve_seconds, owed)
        if wait is None and not self._is_alone:
            self._alone_from = self._paid_until
        elif wait is not None and wait <= PATIENCE_SECONDS:
            self._paid_until = max(self._paid_until, time.monotonic() + wait)  # alone it goes on from here
        self._is_alone = wait is None
        return wait

    def _spent_alone(self, burst_seconds: float) -> float:
        """What this process spent since it was alone, as seconds at the rate of all; long ago does not count."""
        interval = self._interval_seconds * self._worker_count
        since = max(self._alone_from, time.monotonic() - max(burst_seconds, interval))
        return max(0.0, self._paid_until - since) / self._worker_count

    @property
    def _worker_count(self) -> int:
        return max(1, self._shared.worker_count if self._shared else 1)

    def _charge_locally(self, burst_seconds: float, reserve_seconds: float) -> float:
        """Without Redis each worker takes its share, as many as were seen last. A burst counts back from when it may be
        sent, else a minute that begins with the end of a silence would hold more than its number.
        """
        now, interval = time.monotonic(), self._interval_seconds * self._worker_count
        paid = max(self._paid_until, now + self._closed_for - max(burst_seconds, interval)) + interval
        wait = max(0.0, paid + reserve_seconds - now)
        if wait <= PATIENCE_SECONDS:
            self._paid_until = paid
        return wait

    async def cool_down(self, seconds: float) -> None:
        """SavvyCal asked for silence (429): no worker of this account sends for that long."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)
        if self._shared:
            await self._shared.cool_down(seconds)

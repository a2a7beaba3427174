"""The rate limit of a token: a steady rate with a burst. All workers and accounts that use the token share it while
Redis can be reached.

Source of the default (240 a minute): SavvyCal Appointments documents 300 a minute for a token; Meetings documents
nothing, so the same ceiling is used for it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from worker.errors import Paused

BURST_SHARE = 0.25
"""Share of a minute's limit that may be sent at once. The rest flows steadily: no sliding minute exceeds the limit."""

MINUTE_SECONDS = 60.0
STEADY_SECONDS = MINUTE_SECONDS / (1 - BURST_SHARE)
BURST_SECONDS = STEADY_SECONDS * BURST_SHARE
"""The burst, as time at the steady rate: 20 s."""

SCAN_RESERVE_SECONDS = BURST_SECONDS / 4
"""What scans leave of the burst to people and webhooks."""

SCAN_FLOOR_DIVISOR = 10
"""A tenth of the rate is for scans alone, so that no number of requests by id stops them."""

PATIENCE_SECONDS = 15.0
"""Longer waits are handed back to the work queue: a lease must outlive its request."""

SLACK_SECONDS = 0.5
"""How far a busy machine and Redis may differ about the end of one cool-down."""


class SharedRateLimit(Protocol):
    """The same rate for all workers that use a token, kept in Redis."""

    worker_count: int
    """How many workers shared it when it was last reached."""

    async def charge(
        self,
        interval_seconds: float,
        burst_seconds: float,
        reserve_seconds: float,
        owed_seconds: float = 0.0,
        patience_seconds: float = PATIENCE_SECONDS,
        is_floor: bool = False,
    ) -> float | None:
        """Seconds to wait before one more request (charged unless longer than `patience_seconds`); None: out of reach.

        `owed_seconds` of the burst were spent while it was out of reach. `is_floor`: charge the part for scans alone.
        """

    async def cool_down(self, seconds: float) -> None:
        """Starts a cool-down: nobody sends for that long."""

    async def cool_down_left(self) -> float:
        """Seconds until the cool-down ends; 0 when there is none, or it is out of reach."""


@dataclass(slots=True)
class _Part:
    """A part of the rate, and what this process has spent of it."""

    interval_seconds: float
    is_floor: bool = False
    """For scans alone."""
    paid_until: float = 0.0
    is_alone: bool = True
    """Whether the last request was charged locally, ..."""
    alone_from: float = 0.0
    """... and how far it was paid when that began."""

    @property
    def burst_seconds(self) -> float:
        """The burst, as time at the steady rate."""
        return max(BURST_SECONDS, self.interval_seconds)


class RateLimit:
    """Generic cell rate algorithm (GCRA). One per token and process; `shared` makes it one for all processes.

    Between the shared rate and the local share a burst is spent once, however often Redis comes and goes.
    """

    def __init__(self, per_minute: int, shared: SharedRateLimit | None = None, is_patient: bool = False) -> None:
        floor = per_minute // SCAN_FLOOR_DIVISOR
        self._most = _Part(STEADY_SECONDS / (per_minute - floor))
        self._floor = _Part(STEADY_SECONDS / floor, is_floor=True) if floor else None
        self._shared = shared
        self._is_patient = is_patient
        """Waits for as long as it takes: for a command that holds no lease."""
        self._turn = asyncio.Lock()
        self._closed_until = 0.0
        self._spent_until = 0.0
        self._per_minute = per_minute
        self._taken: deque[float] = deque()
        self.waited_seconds = 0.0
        """How long requests of this process have waited for their turn, in all."""

    @property
    def may_be_asked(self) -> bool:
        """Whether, as far as is known here, a request would go out soon: neither a cool-down nor a used up rate."""
        return time.monotonic() >= max(self._closed_until, self._spent_until)

    async def take(self, is_scan: bool = False) -> None:
        """Waits until one more request is allowed. A scan takes the part that is for scans alone, or shares the rest.

        Raises:
            Paused: that would take too long.
        """
        await self._await_turn(is_scan)
        self._taken.append(time.monotonic())
        self._forget_taken()

    async def _await_turn(self, is_scan: bool) -> None:
        while (wait := await self._wait(is_scan)) > 0:
            if wait > PATIENCE_SECONDS and not self._is_patient:
                if not is_scan:
                    self._spent_until = time.monotonic() + wait - PATIENCE_SECONDS
                raise Paused("the rate limit is used up", wait)
            is_paid = wait <= PATIENCE_SECONDS
            self.waited_seconds += wait
            await asyncio.sleep(wait if is_paid else wait - PATIENCE_SECONDS / 2)
            if is_paid and (rest := await self._cool_down_left()) < SLACK_SECONDS:
                await asyncio.sleep(rest)
                return
            # otherwise a cool-down began meanwhile, which holds for everyone who waits

    async def _cool_down_left(self) -> float:
        return max(self._closed_for, await self._shared.cool_down_left() if self._shared else 0.0)

    @property
    def cool_down_seconds(self) -> float:
        """For how long this process sends nothing, because SavvyCal answered 429."""
        return self._closed_for

    @property
    def used_share(self) -> float:
        """How much of the rate this process has used in the last minute, from 0 to 1."""
        self._forget_taken()
        return min(1.0, len(self._taken) / self._per_minute)

    def _forget_taken(self) -> None:
        while self._taken and self._taken[0] < time.monotonic() - MINUTE_SECONDS:
            self._taken.popleft()

    @property
    def _closed_for(self) -> float:
        return max(0.0, self._closed_until - time.monotonic())

    async def _wait(self, is_scan: bool) -> float:
        closed = self._closed_for
        if closed > PATIENCE_SECONDS:
            return closed
        if not is_scan or self._floor is None:
            return await self._charge(self._most, SCAN_RESERVE_SECONDS if is_scan else 0.0, PATIENCE_SECONDS)
        if await self._charge(self._floor, 0.0, 0.0) <= 0:
            return 0.0
        wait = await self._charge(self._most, SCAN_RESERVE_SECONDS, PATIENCE_SECONDS)
        return wait if wait <= PATIENCE_SECONDS else await self._charge(self._floor, 0.0, PATIENCE_SECONDS)

    async def _charge(self, part: _Part, reserve_seconds: float, patience_seconds: float) -> float:
        async with self._turn:  # so that what was spent without Redis is charged once
            await self._share_cool_down()
            wait = await self._charge_shared(part, reserve_seconds, patience_seconds)
            wait = self._charge_locally(part, reserve_seconds, patience_seconds) if wait is None else wait
            return max(wait, self._closed_for)

    async def _share_cool_down(self) -> None:
        """Stores a cool-down that began while Redis was away. Only once, because each repetition would extend it."""
        if not self._shared or self._closed_for < SLACK_SECONDS:
            return
        if self._closed_for > await self._shared.cool_down_left() + SLACK_SECONDS:
            await self._shared.cool_down(self._closed_for)

    async def _charge_shared(self, part: _Part, reserve_seconds: float, patience_seconds: float) -> float | None:
        if self._shared is None:
            return None
        owed = self._spent_alone(part) if part.is_alone else 0.0
        wait = await self._shared.charge(
            part.interval_seconds, part.burst_seconds, reserve_seconds, owed, patience_seconds, part.is_floor
        )
        if wait is None and not part.is_alone:
            part.alone_from = part.paid_until
        elif wait is not None and wait <= patience_seconds:
            part.paid_until = max(part.paid_until, time.monotonic() + wait)  # without Redis, charging goes on from here
        part.is_alone = wait is None
        return wait

    def _spent_alone(self, part: _Part) -> float:
        """What this process has spent without Redis, as seconds at the rate of all workers, within the last burst."""
        interval = part.interval_seconds * self._worker_count
        since = max(part.alone_from, time.monotonic() - max(part.burst_seconds, interval))
        return max(0.0, part.paid_until - since) / self._worker_count

    @property
    def _worker_count(self) -> int:
        return max(1, self._shared.worker_count if self._shared else 1)

    def _charge_locally(self, part: _Part, reserve_seconds: float, patience_seconds: float) -> float:
        """Without Redis each worker takes an equal share, by the number of workers seen last. A burst counts back from
        when it may be sent; otherwise a minute that begins with the end of a cool-down would exceed the limit.
        """
        now, interval = time.monotonic(), part.interval_seconds * self._worker_count
        paid = max(part.paid_until, now + self._closed_for - max(part.burst_seconds, interval)) + interval
        wait = max(0.0, paid + reserve_seconds - now)
        if wait <= patience_seconds:
            part.paid_until = paid
        return wait

    async def cool_down(self, seconds: float) -> None:
        """SavvyCal answered 429: nobody sends with this token for that long."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)
        if self._shared:
            await self._shared.cool_down(seconds)


class RateLimits:
    """The rate limits of a process, one per token, whatever the accounts that use it."""

    def __init__(
        self, per_minute: int, share: Callable[[str], SharedRateLimit] | None = None, is_patient: bool = False
    ) -> None:
        """`share` makes the rate limit of a token, named by its fingerprint, one with that of other processes."""
        self._per_minute = per_minute
        self._share = share
        self._is_patient = is_patient
        self._by_token: dict[str, RateLimit] = {}

    def of(self, token: str) -> RateLimit:
        """The rate limit of a token."""
        name = fingerprint(token)
        if name not in self._by_token:
            shared = self._share(name) if self._share else None
            self._by_token[name] = RateLimit(self._per_minute, shared, self._is_patient)
        return self._by_token[name]


def fingerprint(token: str) -> str:
    """A name for a token that tells nothing of it: tokens are random, so a hash cannot be searched backwards."""
    return blake2b(token.encode(), digest_size=12, person=b"savvycal-token").hexdigest()

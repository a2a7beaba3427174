"""Runs claimed work side by side. Each account has places of its own, so none takes those of another."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from typing import Any, Protocol, TypeVar

from worker.errors import SavvycalSyncError

SLICE_SECONDS = 20.0
"""How long one run claims work. What it has claimed by then is finished."""

SHARE_MIN = 2
"""Places of an account, however many accounts there are: what hangs costs a task and a socket, and holds up nobody."""


class Claimed(Protocol):
    """A piece of work under a lease."""

    @property
    def account(self) -> str:
        """Whose work it is."""


Item = TypeVar("Item", bound=Claimed)

Rooms = Mapping[str, int]
"""Free places by account."""


class Lane:
    """Work of one sort in one process: at most one run claims, however many were asked for."""

    def __init__(self) -> None:
        self._is_claiming = False
        self._woken = asyncio.Event()
        self._running: Counter[str] = Counter()

    def rooms(self, accounts: Collection[str], share: int) -> dict[str, int]:
        """Free places of the accounts that have at least half of theirs free: one claim takes several items."""
        free = {account: share - self._running[account] for account in accounts}
        return {account: count for account, count in free.items() if self._is_low(account, share)}

    def _is_low(self, account: str, share: int) -> bool:
        return self._running[account] <= share // 2

    async def work(
        self,
        accounts: Callable[[], Collection[str]],
        places: Callable[[], int],
        claim: Callable[[Rooms], Awaitable[Collection[Item]]],
        run: Callable[[Item], Coroutine[Any, Any, None]],
        go_on: Callable[[], Awaitable[None]],
    ) -> None:
        """Claims and runs what is due until nothing is, or the time slice is over. Returns when what it claimed has
        ended; at once when another run is claiming, which claims once more then.

        `accounts`: those that may be asked now, which share the `places`. `go_on` is awaited when the time slice is
        over before the work is.

        Raises:
            SavvycalSyncError: the first one that claiming or a run ended with. Everything that was claimed has ended.
        """
        self._woken.set()
        if self._is_claiming:
            return
        failed: list[SavvycalSyncError] = []

        async def alone(item: Item) -> None:
            try:
                await run(item)
            except SavvycalSyncError as error:  # not out of the group: it would cancel what runs beside it
                failed.append(error)

        own: dict[asyncio.Task[None], None] = {}
        async with asyncio.TaskGroup() as group:
            try:
                await self._claim_and_wait(group, own, accounts, places, claim, alone, go_on, failed)
            except asyncio.CancelledError:
                for task in tuple(own):  # in the order in which they began; the group's own order is that of a set
                    task.cancel()
                raise
        if failed:
            raise failed[0]

    async def _claim_and_wait(
        self,
        group: asyncio.TaskGroup,
        own: dict[asyncio.Task[None], None],
        accounts: Callable[[], Collection[str]],
        places: Callable[[], int],
        claim: Callable[[Rooms], Awaitable[Collection[Item]]],
        run: Callable[[Item], Coroutine[Any, Any, None]],
        go_on: Callable[[], Awaitable[None]],
        failed: list[SavvycalSyncError],
    ) -> None:
        self._is_claiming = True
        try:
            is_done = await self._claim_all(group, own, accounts, places, claim, run)
        except SavvycalSyncError as error:  # not out of the group, either
            failed.append(error)
            is_done = True
        finally:
            self._is_claiming = False
        if not is_done:
            await go_on()
        while own:
            await asyncio.wait(own)

    async def _claim_all(
        self,
        group: asyncio.TaskGroup,
        own: dict[asyncio.Task[None], None],
        accounts: Callable[[], Collection[str]],
        places: Callable[[], int],
        claim: Callable[[Rooms], Awaitable[Collection[Item]]],
        run: Callable[[Item], Coroutine[Any, Any, None]],
    ) -> bool:
        """Whether nothing is due any more; else the time is over."""
        deadline = time.monotonic() + SLICE_SECONDS
        while time.monotonic() < deadline:
            self._woken.clear()
            asked = accounts()
            share = max(SHARE_MIN, places() // max(1, len(asked)))
            rooms = self.rooms(asked, share)
            found = await claim(rooms) if rooms else ()
            for item in found:
                self._start(group, own, item, run, share)
            if not own and not self._woken.is_set():
                return True
            await self._woken.wait()
        return False

    def _start(
        self,
        group: asyncio.TaskGroup,
        own: dict[asyncio.Task[None], None],
        item: Item,
        run: Callable[[Item], Coroutine[Any, Any, None]],
        share: int,
    ) -> None:
        account = item.account

        def ended(task: asyncio.Task[None]) -> None:
            own.pop(task, None)
            was_low = self._is_low(account, share)
            self._running[account] -= 1
            if not own or (not was_low and self._is_low(account, share)):
                self._woken.set()

        self._running[account] += 1
        task = group.create_task(run(item))
        own[task] = None
        task.add_done_callback(ended)

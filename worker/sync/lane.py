"""Runs claimed work side by side. Each account has places of its own, so none takes those of another."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

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


Tasks = dict[asyncio.Task[None], None]
"""In the order in which they began."""


@dataclass(frozen=True, slots=True)
class Supply(Generic[Item]):
    """Where a lane takes its work from, and what it does with it."""

    accounts: Callable[[], Collection[str]]
    """Those that may be asked now."""
    places: Callable[[], int]
    """Shared by these accounts."""
    claim: Callable[[Rooms], Awaitable[Collection[Item]]]
    run: Callable[[Item], Coroutine[Any, Any, None]]
    go_on: Callable[[], Awaitable[None]]
    """Awaited when the time slice is over before the work is."""


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

    async def work(self, supply: Supply[Item]) -> None:
        """Claims and runs what is due until nothing is, or the time slice is over. Returns when what it claimed has
        ended; at once when another run is claiming, which claims once more then.

        Raises:
            SavvycalSyncError: the first one that claiming or a run ended with. Everything that was claimed has ended.
        """
        self._woken.set()
        if self._is_claiming:
            return
        tasks: Tasks = {}
        failed: list[BaseException] = []
        try:
            if not await self._claim_until_done(supply, tasks, failed):
                await supply.go_on()
            while tasks:
                await asyncio.wait(tasks)
        finally:
            await _cancel(tasks)
        if failed:
            raise failed[0]

    async def _claim_until_done(self, supply: Supply[Item], tasks: Tasks, failed: list[BaseException]) -> bool:
        """Whether nothing is due any more; else the time is over. A claim that fails ends it, but not what runs."""
        deadline = time.monotonic() + SLICE_SECONDS
        self._is_claiming = True
        try:
            while time.monotonic() < deadline:
                self._woken.clear()
                await self._claim(supply, tasks, failed)
                if not tasks and not self._woken.is_set():
                    return True
                await self._woken.wait()
        except SavvycalSyncError as error:
            failed.append(error)
            return True
        finally:
            self._is_claiming = False
        return False

    async def _claim(self, supply: Supply[Item], tasks: Tasks, failed: list[BaseException]) -> None:
        accounts = supply.accounts()
        share = max(SHARE_MIN, supply.places() // max(1, len(accounts)))
        rooms = self.rooms(accounts, share)
        for item in await supply.claim(rooms) if rooms else ():
            task = asyncio.create_task(supply.run(item))
            self._running[item.account] += 1
            tasks[task] = None
            task.add_done_callback(partial(self._ended, item.account, share, tasks, failed))

    def _ended(
        self, account: str, share: int, tasks: Tasks, failed: list[BaseException], task: asyncio.Task[None]
    ) -> None:
        tasks.pop(task, None)
        error = None if task.cancelled() else task.exception()
        failed += [error] if error else []
        was_low = self._is_low(account, share)
        self._running[account] -= 1
        if not tasks or (not was_low and self._is_low(account, share)):
            self._woken.set()


async def _cancel(tasks: Tasks) -> None:
    """In the order in which they began: a seed of the simulation has to be the same run each time."""
    for task in tuple(tasks):
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)

"""Runs claimed work concurrently. Each account has its own slots, so no account takes those of another."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from worker.errors import SavvycalSyncError

SLICE_SECONDS = 20.0
"""How long one run claims work. Claimed work is finished after that."""

SHARE_MIN = 2
"""Slots of an account, however many accounts there are. Hanging work costs a task and a socket, and delays nobody."""


class Claimed(Protocol):
    """A work item or scan under a lease."""

    @property
    def account(self) -> str:
        """The account that the work belongs to."""


Item = TypeVar("Item", bound=Claimed)

FreeSlots = Mapping[str, int]
"""Free slots by account."""


Tasks = dict[asyncio.Task[None], None]
"""Running tasks, in the order in which they began."""


@dataclass(frozen=True, slots=True)
class Supply(Generic[Item]):
    """How a lane claims work and what it runs."""

    accounts: Callable[[], Collection[str]]
    """Returns the accounts to which requests may be sent now."""
    slots: int
    """Returns the number of slots that these accounts share."""
    claim: Callable[[FreeSlots], Awaitable[Collection[Item]]]
    run: Callable[[Item], Coroutine[Any, Any, None]]
    go_on: Callable[[], Awaitable[None]]
    """Awaited when the time slice ends before the work."""


class Lane:
    """All work of one sort in one process. At most one run claims at a time, however many were requested."""

    def __init__(self) -> None:
        self._is_claiming = False
        self._woken = asyncio.Event()
        self._running: Counter[str] = Counter()

    def free_slots(self, accounts: Collection[str], share: int) -> dict[str, int]:
        """Free slots of the accounts with at least half of theirs free, so that one claim takes several items."""
        free = {account: share - self._running[account] for account in accounts}
        return {account: count for account, count in free.items() if self._is_low(account, share)}

    def _is_low(self, account: str, share: int) -> bool:
        return self._running[account] <= share // 2

    async def work(self, supply: Supply[Item]) -> None:
        """Claims and runs due work until none is left or the time slice is over, and returns when all of it has ended.

        When another run is claiming already, it returns at once, and the other run claims once more.

        Raises:
            SavvycalSyncError: the first error of a claim or a run. All claimed work has ended by then.
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
        """Returns True when nothing is due, False when the time is over. A failed claim does not end running work."""
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
        share = max(SHARE_MIN, supply.slots // max(1, len(accounts)))
        free_slots = self.free_slots(accounts, share)
        for item in await supply.claim(free_slots) if free_slots else ():
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
    """Cancels tasks in the order in which they began, so that a seed of the simulation gives the same run each time."""
    for task in tuple(tasks):
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)

"""The one loop of the work queue: claims due work of a job, accounts side by side, and runs each item."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from worker.store import work_queue
from worker.store.work_queue import Job, WorkItem
from worker.sync.context import SyncContext
from worker.sync.lane import FreeSlots, Lane, Supply

Run = Callable[[SyncContext, WorkItem], Coroutine[Any, Any, None]]
"""Reads what an item names, and settles it."""


async def work_off(context: SyncContext, job: Job, lane: Lane, slots: int, run: Run, wake: str) -> None:
    """Claims and runs due work until none is left, or the time slice is over (then it wakes another run).

    When the worker stops, the items under the token of this run go back to the queue.
    """
    token = uuid4()

    async def claim(free_slots: FreeSlots) -> Sequence[WorkItem]:
        async with context.db.connection() as connection:
            asked_at = time.monotonic()
            items = await work_queue.claim(connection, job, context.reachable(), free_slots, token)
        if items:
            context.db.clock.set(items[0].claimed_at, asked_at)
        return items

    supply = Supply(context.reachable_accounts, slots, claim, partial(run, context), partial(context.wake, wake))
    try:
        await lane.work(supply)
    except BaseException:  # a cancellation, or an error of claiming: what runs is canceled by it
        await asyncio.shield(work_queue.give_back_all(context.db, token))
        raise

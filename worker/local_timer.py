"""The schedule and its jobs without Redis: the same ones, run in this process from what is stored in Postgres.

While Redis is away nothing else runs them. While it is there, processes with other accounts may take the wake-ups that
were meant for this one, so each process also looks for its own work now and then.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable

from worker import jobs
from worker.cancellation import is_cancel_requested
from worker.errors import SavvycalSyncError
from worker.logs import log
from worker.sync import schedule
from worker.sync.context import SyncContext

SCHEDULE_SECONDS = 1.0
CONNECTED_SECONDS = 15.0
"""How long work may wait here when others take each wake-up."""
CLAIMING = {"work", "scan", "audit"}
"""Jobs that return at once when another run of theirs is claiming."""


class LocalTimer:
    """Runs what is due once a second while jobs do not travel through Redis, and every 15 seconds while they do."""

    def __init__(self, context: SyncContext, is_connected: Callable[[], bool]) -> None:
        self._context, self._is_connected = context, is_connected
        self._ran_at = time.monotonic()

    async def run(self) -> None:
        """Runs until canceled."""
        running: dict[tuple[str, ...], asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            while not is_cancel_requested():  # an error of Postgres may take the place of a cancellation
                await asyncio.sleep(SCHEDULE_SECONDS)
                await self._check_writable()
                running = {job: task for job, task in running.items() if not task.done()}
                for job in await self._due():
                    if job not in running or job[0] in CLAIMING:
                        running[job] = group.create_task(self._run(job))

    async def _due(self) -> list[tuple[str, ...]]:
        if self._is_connected() and time.monotonic() - self._ran_at < CONNECTED_SECONDS:
            return []
        self._ran_at = time.monotonic()
        try:
            return await schedule.run(self._context)
        except SavvycalSyncError as error:
            if not self._context.is_already_logged(error):
                log.warning("local_timer_failed", error=str(error))
        except Exception as error:  # noqa: BLE001 - as ARQ would: the next run tries again
            log.error("job_crashed", job="schedule", error=type(error).__name__)
        return []

    async def _check_writable(self) -> None:
        """After a failover to a server that takes no writes yet: asks until it takes them, and notes it."""
        with contextlib.suppress(SavvycalSyncError):
            if self._context.is_read_only and await self._context.db.is_writable():
                self._context.note_writable()

    async def _run(self, job: tuple[str, ...]) -> None:
        name, *arguments = job
        ctx = jobs.arguments_of(self._context)
        try:
            await jobs.WORK_JOBS[name](ctx, *arguments)
        except SavvycalSyncError as error:
            jobs.log_failure(ctx, name, error)
        except Exception as error:  # noqa: BLE001 - as ARQ would: one job that fails does not end the others
            log.error("job_crashed", job=name, error=type(error).__name__)

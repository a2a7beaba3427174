"""The harness most tests run in: a simulator, its mirror, and the questions that tests ask of both."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.support.scanning import open_scans, run_scan
from worker import composition
from worker.core import windows
from worker.core.kinds import KINDS, PRODUCTS
from worker.core.model import Kind, Product
from worker.errors import Paused
from worker.savvycal.api import EVERY_FIELD, Privacy
from worker.savvycal.rate_limit import RateLimit
from worker.settings import Account
from worker.simulator import Options, Simulator
from worker.store.database import Database
from worker.store.scans import WindowKey
from worker.sync import loop, requests, schedule
from worker.sync.context import SyncContext

EVERY = timedelta(hours=1)


@dataclass
class Harness:
    """A simulator, a mirror of it, and the database both tests and mirror read."""

    simulator: Simulator
    context: SyncContext
    db: Database

    @property
    def world(self) -> Any:
        """What SavvyCal holds."""
        return self.simulator.world

    async def rows(self, statement: str, *arguments: object) -> list[dict[str, Any]]:
        """What a reader sees."""
        async with self.db.connection() as connection:
            return [dict(row) for row in await connection.fetch(statement, *arguments)]

    async def value(self, statement: str, *arguments: object) -> Any:
        """One value of it."""
        async with self.db.connection() as connection:
            return await connection.fetchval(statement, *arguments)

    async def execute(self, statement: str, *arguments: object) -> None:
        """Changes the work queue behind the mirror's back, as if time had moved or a lease had lapsed."""
        async with self.db.connection() as connection:
            await connection.execute(statement, *arguments)

    async def scan(self, product: Product | None = None, window: str = "all") -> None:
        """One complete scan over a window, of both products unless one is named."""
        for each in [product] if product else PRODUCTS:
            key = WindowKey("default", each, window)
            await requests.resync_all(self.context, each, "default")
            await self.drain(key)

    async def drain(self, key: WindowKey) -> None:
        """Runs a scan until its row is gone, or waits for a later time."""
        while await self.value(
            "select true from savvycal._work where (account, job, kind, key) = ($1, 'scan', $2, $3) "
            "and due_at <= clock_timestamp() and dead_lettered_at is null",
            key.account,
            key.product.kind,
            key.window_name,
        ):
            await run_scan(self.context, key)

    async def reconcile(self, kind: Kind, object_id: str) -> None:
        """Requests one object and reads it."""
        await requests.resync_object(self.context, kind, object_id, "default")
        await loop.work(self.context)

    async def run_schedule(self) -> list[tuple[str, ...]]:
        """Runs the schedule as if all nearer windows were complete, for which the backfill of everything waits."""
        await self.execute("update savvycal.coverage set complete_as_of = clock_timestamp() where window_name <> 'all'")
        return await schedule.run(self.context)

    async def open_scans(self) -> list[WindowKey]:
        """Runs the schedule once; the scans that are due then, most wanted first."""
        await schedule.run(self.context)
        return await open_scans(self.context)

    async def advance_a_minute(self) -> None:
        """Over what is missing, and over everything that was stored before."""
        for spec in KINDS.values():
            await self.execute(f"update savvycal.{spec.table} set changed_at = changed_at - interval '2 minutes'")
        await self.execute(
            "update savvycal._work set missing_since = missing_since - interval '61 s' where job = 'object'"
        )

    async def work_as_if_due(self) -> None:
        """Works off everything the work queue plans, as if its time had come."""
        await self.execute("update savvycal._work set due_at = clock_timestamp() where job = 'object'")
        await loop.work(self.context)


@asynccontextmanager
async def running_harness(
    database_url: str, *, privacy: Privacy = EVERY_FIELD, **options: Any
) -> AsyncIterator[Harness]:
    """Builds the harness. The simulated account is small and changes only through the test, unless `options` differ."""
    defaults = {"events": 30, "appointments": 12, "lifecycle": False, "keep_history": True}
    async with (
        Simulator(Options(**(defaults | options))) as simulator,
        open_context(database_url, [account_of(simulator)], privacy, pool_size=6) as context,
    ):
        yield Harness(simulator, context, context.db)


@asynccontextmanager
async def open_context(
    database_url: str, accounts: Sequence[Account], privacy: Privacy = EVERY_FIELD, pool_size: int = 8
) -> AsyncIterator[SyncContext]:
    """The daemon's composition, with planned windows and a rate limit that nothing reaches."""
    async with (
        composition.open_database(database_url, pool_size) as db,
        composition.open_endpoints(accounts, 1_000_000, privacy) as endpoints,
    ):
        context = SyncContext(db, endpoints, windows.standing(EVERY, EVERY, EVERY, EVERY))
        await schedule.plan_windows(context)
        yield context


@asynccontextmanager
async def working(harness: Harness) -> AsyncIterator[None]:
    """A worker that takes whatever is due."""

    async def work() -> None:
        while True:
            await loop.work(harness.context)
            await asyncio.sleep(0.01)

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 90) -> None:
    """Waits for a condition, by asking again; fails after so many seconds."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def granted(rate_limit: RateLimit, is_scan: bool = False) -> int:
    """How many requests go out without a wait worth the name: of a rate limit whose next one alone waits for longer."""
    count = 0
    try:
        while True:
            async with asyncio.timeout(1):
                await rate_limit.take(is_scan)
            count += 1
    except (Paused, TimeoutError):
        return count


def account_of(simulator: Simulator, name: str = "default", **changes: Any) -> Account:
    """The account of a simulator, as settings would give it."""
    given: dict[str, Any] = {
        "meetings_url": simulator.meetings_url,
        "appointments_url": simulator.appointments_url,
        "appointments_include_sensitive": True,
        "meetings_token": simulator.options.meetings_token,
        "appointments_token": simulator.options.appointments_token,
    }
    return Account(name, given | changes)

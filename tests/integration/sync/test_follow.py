"""Following a mirror: it ends when it is asked to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.support.harness import Harness
from worker.core.problems import Problem
from worker.errors import StoreUnavailable
from worker.store.database import Database
from worker.sync.follow import Follower


class Losing:
    """A pool whose driver makes another error of a cancellation, as asyncpg does at the end of listening."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.is_used = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection of the pool."""
        try:
            async with self._db.connection() as connection:
                self.is_used.set()
                yield connection
        except asyncio.CancelledError:
            raise StoreUnavailable("Postgres could not do that now (InterfaceError)") from None


async def test_a_cancellation_that_gets_lost_ends_it_and_is_no_problem(harness: Harness) -> None:
    """Ctrl-C must work at any moment (seen by hand: the process went on, and named Postgres)."""
    told: list[object] = []
    db: Any = Losing(harness.db)
    running = asyncio.create_task(Follower(db, lambda _what, about: told.append(about), "").run())
    await db.is_used.wait()

    running.cancel()
    done, _ = await asyncio.wait({running}, timeout=10)

    running.cancel()
    assert done
    assert [one for one in told if isinstance(one, Problem) and one.cause == "postgres_down"] == []

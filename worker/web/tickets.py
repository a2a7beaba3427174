"""Waits for tickets of resyncs. Waiting requests hold no connection: one task asks Postgres for all of them at once."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from worker.documents import ResyncResult
from worker.errors import StoreError
from worker.store import tickets
from worker.store.database import Database
from worker.web import refusals
from worker.web.refusals import Refusal

WAITING_MAX = 20
"""Requests of one process that may wait at once."""

WAIT_SECONDS_MAX = 30.0
ASK_EVERY_SECONDS = 0.1
RETRY_AFTER_SECONDS = 5
GONE_SECONDS = 1.0
"""How soon the place of a client that has hung up is free again."""


class Tickets:
    """The tickets that requests of this process wait for."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._places = WAITING_MAX
        self._waiting: dict[asyncio.Event, str] = {}
        self._asking: asyncio.Task[None] | None = None

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of WAITING_MAX places, for as long as the block lasts.

        Raises:
            Refusal: all are taken.
        """
        if not self._places:
            raise refusals.too_many("too many requests wait for a result", RETRY_AFTER_SECONDS)
        self._places -= 1
        try:
            yield
        finally:
            self._places += 1

    async def result(self, ticket: str) -> ResyncResult:
        """The result as known now; all None while the ticket is open.

        Raises:
            Refusal: there is no such ticket.
            StoreError: Postgres does not answer.
        """
        row = await self._load(ticket)
        return ResyncResult(row.result, row.version, row.detail)

    async def wait(self, ticket: str, seconds: float, is_gone: Callable[[], bool]) -> ResyncResult:
        """The result after at most that many seconds, as `savvycal.wait` gives it. Needs a place.

        `is_gone`: whether the client has hung up, so that nobody waits any more.

        Raises:
            Refusal: there is no such ticket.
            StoreError: Postgres does not answer.
        """
        row = await self._load(ticket)
        if not row.result:
            await self._until_answered(ticket, time.monotonic() + seconds, is_gone)
            row = await self._load(ticket)
        if row.result:
            return ResyncResult(row.result, row.version, row.detail)
        return ResyncResult("unreachable" if row.last_error else "timed out", None, row.last_error)

    async def close(self, *_app: object) -> None:
        """Ends the task; who still waits is answered as when the time is over."""
        if self._asking:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _load(self, ticket: str) -> tickets.Ticket:
        async with self._db.connection() as connection:
            found = await tickets.find(connection, [ticket])
        if ticket not in found:
            raise Refusal(404, "there is no such ticket; one is kept for a day", "ticket")
        return found[ticket]

    async def _until_answered(self, ticket: str, deadline: float, is_gone: Callable[[], bool]) -> None:
        answered = asyncio.Event()
        self._waiting[answered] = ticket
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        try:
            while not answered.is_set() and (left := deadline - time.monotonic()) > 0 and not is_gone():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(answered.wait(), min(left, GONE_SECONDS))
        finally:
            del self._waiting[answered]

    async def _ask(self) -> None:
        """Asks again and again while somebody waits."""
        while self._waiting:
            with contextlib.suppress(StoreError):
                async with self._db.connection() as connection:
                    found = await tickets.find(connection, set(self._waiting.values()))
                for answered, ticket in self._waiting.items():
                    if ticket in found and found[ticket].result:
                        answered.set()
            await asyncio.sleep(ASK_EVERY_SECONDS)

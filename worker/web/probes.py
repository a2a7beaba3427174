"""`/livez` and `/readyz`, for whoever restarts and routes. Neither asks about SavvyCal: no fault there may restart or
unplug a process.
"""

import asyncio
import time

from aiohttp import web

from worker.errors import SavvycalSyncError
from worker.store.database import Database

READY_SECONDS = 1.0
"""How long Postgres may take to answer, and how long its answer holds: many probes cost one question."""


async def livez(_request: web.Request) -> web.Response:
    """200 whenever this process answers."""
    return web.Response(text="alive\n")


class Readiness:
    """Whether webhooks can be stored."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked_at = float("-inf")
        self._is_ready = False
        self._turn = asyncio.Lock()

    async def readyz(self, _request: web.Request) -> web.Response:
        """200 when Postgres takes writes, else 503."""
        async with self._turn:
            if time.monotonic() - self._asked_at > READY_SECONDS:
                self._is_ready = await self._ask()
                self._asked_at = time.monotonic()
        if self._is_ready:
            return web.Response(text="ready\n")
        return web.Response(status=503, text="webhooks cannot be stored now\n")

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(READY_SECONDS):
                return await self._db.is_writable()
        except (SavvycalSyncError, TimeoutError):
            return False

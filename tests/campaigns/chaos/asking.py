"""People who ask for resyncs all the time, in SQL and through the queue, and note what was promised to them."""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import asyncpg

from savvycal_sync import resync
from tests.campaigns.chaos.site import Site
from worker.errors import QueueUnavailable

PAUSE_SECONDS = 0.4
DELETIONS_MAX = 8
"""Of each kind: fewer than the delete guard would hold."""

DELETE_SECONDS = 9.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was acknowledged. `at` is unix seconds just before it was made: a read that began later is it."""

    at: float
    kind: str
    id: str
    way: str


class People:
    """They ask, and now and then somebody deletes something at SavvyCal for good."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked: list[Asked] = []
        self.refused: Counter[str] = Counter()
        self.deleted: list[tuple[str, str]] = []
        self._ids: dict[str, list[str]] = {"event": [], "appointment": []}

    async def ask(self) -> None:
        """Until canceled."""
        number = 0
        while True:
            if number % 25 == 0:
                await self._learn_ids()
            number += 1
            kind = self.site.rng.choice(("event", "appointment"))
            if self._ids[kind]:
                await self._ask_for(kind, self.site.rng.choice(self._ids[kind]), "sql" if number % 2 else "queue")
            await asyncio.sleep(PAUSE_SECONDS)

    async def delete(self) -> None:
        """A few objects, one after the other."""
        for number in range(2 * DELETIONS_MAX):
            await asyncio.sleep(DELETE_SECONDS)
            kind = ("event", "appointment")[number % 2]
            if self._ids[kind]:
                chosen = self._ids[kind].pop(self.site.rng.randrange(len(self._ids[kind])))
                await self.site.change("delete", kind=kind, object_id=chosen)
                self.deleted.append((kind, chosen))

    async def _learn_ids(self) -> None:
        deleted = {object_id for _, object_id in self.deleted}
        with suppress(aiohttp.ClientError, TimeoutError):
            found = await self.site.savvycal.control("GET", "ids")
            self._ids = {kind: [one for one in ids if one not in deleted] for kind, ids in found.items()}

    async def _ask_for(self, kind: str, object_id: str, way: str) -> None:
        at = time.time()
        try:
            async with asyncio.timeout(5):
                await (self._in_sql(kind, object_id) if way == "sql" else self._by_queue(kind, object_id))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, QueueUnavailable):
            self.refused[way] += 1
            return
        self.asked.append(Asked(at, kind, object_id, way))

    async def _in_sql(self, kind: str, object_id: str) -> None:
        connection = await self.site.servers.connect()
        try:
            await connection.fetchval("select savvycal.request_resync($1, $2)", kind, object_id)
        finally:
            await connection.close(timeout=1)

    async def _by_queue(self, kind: str, object_id: str) -> None:
        product = "meetings" if kind == "event" else "appointments"
        await resync(object_id, product=product, redis=self.site.servers.valkey.url)

"""Whether the mirror is current, and what `savvycal-sync status` says, as JSON."""

from aiohttp import web

from worker import documents
from worker.errors import StoreError
from worker.store import status
from worker.sync.monitor import Monitor

MONITOR: web.AppKey[Monitor] = web.AppKey("monitor", Monitor)


async def load(monitor: Monitor) -> documents.Status:
    """The document of `status`.

    Raises:
        StoreError: Postgres does not answer.
    """
    report = await monitor.current()
    async with monitor.db.connection() as connection:
        return documents.status(report, await status.report(connection))


async def health(request: web.Request) -> web.Response:
    """200 unless a problem is red; 503 then. Both name all problems."""
    found = documents.health(await request.app[MONITOR].current())
    return _json(found, 200 if found.ok else 503)


async def show(request: web.Request) -> web.Response:
    """The status report; while Postgres does not answer only what is wrong."""
    monitor = request.app[MONITOR]
    try:
        return _json(await load(monitor), 200)
    except StoreError as error:
        found = documents.health(await monitor.current())
        return _json({"sentence": found.sentence, "problems": found.problems, "reason": str(error)}, 503)


def _json(document: object, status_: int) -> web.Response:
    return web.Response(text=documents.to_json(document), content_type="application/json", status=status_)

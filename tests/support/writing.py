"""Writes raw records as a scan does, without a scan or a work item that asked for them."""

from collections.abc import Awaitable, Callable, Sequence

from worker.savvycal.api import Api
from worker.store import change_feed
from worker.store.database import Connection, Database
from worker.sync import unit_of_work
from worker.sync.batch import Batch, Provenance, read
from worker.sync.write import Outcome, write

Step = Callable[[], Awaitable[None]]


async def _nothing() -> None: ...


async def write_records(
    db: Database,
    source: Api,
    provenance: Provenance,
    raws: Sequence[bytes],
    *,
    before: Step = _nothing,
    after: Step = _nothing,
) -> Outcome:
    """Reads and writes the raw records of one answer; `before` and `after` run in the transaction of the write."""

    async def unit(connection: Connection, batch: Batch) -> Outcome:
        await before()
        outcome = await write(connection, batch)
        await after()
        return outcome

    outcome = await unit_of_work.run(db, await read(db, source, [(provenance, raws)]), unit)
    if outcome.records:
        await change_feed.publish(db)
    return outcome

"""A unit of work that writes a batch: one transaction, which is restarted when something was in its way."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from worker.errors import StoreConflict, StoreContended, StoreError
from worker.logs import log
from worker.store.database import Connection, Database
from worker.sync.batch import Batch

Result = TypeVar("Result")

Unit = Callable[[Connection, Batch], Awaitable[Result]]
"""Locks its lease, writes the batch, and settles what the batch was read for. After a rollback it is called again."""


async def run(db: Database, batch: Batch, unit: Unit[Result]) -> Result:
    """Runs a unit of work in one transaction; returns its result once that is committed.

    A unit that met another worker is run once more. When Postgres refuses the batch because of its data, the unit is
    run with the batch divided, so that a bad record stops nothing but itself.

    Raises:
        StoreError: nothing was written. LeaseLost is raised by a unit that no longer holds its lease.
    """
    try:
        return await _again_after_conflict(db, batch, unit)
    except StoreError as error:
        if not error.is_about_data or not batch.observations:
            raise
        log.warning("batch_refused", kind=batch.kind, records=batch.read, reason=str(error))
    return await _again_after_conflict(db, replace(batch, is_divided=True), unit)


async def _again_after_conflict(db: Database, batch: Batch, unit: Unit[Result]) -> Result:
    try:
        return await _once(db, batch, unit)
    except (StoreConflict, StoreContended):
        return await _once(db, batch, unit)


async def _once(db: Database, batch: Batch, unit: Unit[Result]) -> Result:
    async with db.transaction() as connection:
        return await unit(connection, batch)

"""What Postgres says is told apart: what another try may repair, and what is in the data."""

import asyncpg
import pytest

from worker.errors import StoreError, StoreUnavailable
from worker.store.database import value_free_errors


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        asyncpg.ObjectNotInPrerequisiteStateError("database is not currently accepting connections"),
        asyncpg.LockNotAvailableError("canceling statement due to lock timeout"),
        asyncpg.ReadOnlySQLTransactionError("cannot execute UPDATE in a read-only transaction"),
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.DiskFullError("could not extend file: No space left on device"),
        asyncpg.PostgresIOError("could not write block 7: Input/output error"),
        asyncpg.TooManyConnectionsError("too many connections for role"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
async def test_postgres_problems_are_waited_for(error: Exception) -> None:
    """Nothing of it is blamed on a record, and its text is not repeated."""
    with pytest.raises(StoreUnavailable) as found:
        async with value_free_errors():
            raise error
    assert found.value.transient
    assert not str(error) or str(error) not in str(found.value)


@pytest.mark.parametrize("error", [asyncpg.CheckViolationError("x"), asyncpg.UntranslatableCharacterError("x")])
async def test_data_that_postgres_refuses_is_not_tried_again(error: Exception) -> None:
    """It goes to the quarantine."""
    with pytest.raises(StoreError) as found:
        async with value_free_errors():
            raise error
    assert not found.value.transient

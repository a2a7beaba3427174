"""The change feed as typed rows (docs/change-feed.md)."""

from datetime import datetime
from typing import NamedTuple

from savvycal_sync.connection import Connection, refused_as, session_of, until
from savvycal_sync.errors import CursorRefused
from savvycal_sync.queue import DEFAULT_ACCOUNT

CHANNEL = "savvycal_changes"
ASK_AGAIN_SECONDS = 5.0

_COLUMNS = "cursor, account, kind, id, version, change, changed_at"


class Change(NamedTuple):
    """One row of the feed. `change`: created, updated, deleted, restored, or erased (a person was removed from the
    object: delete your copy). `version` is that of the object after the change.
    """

    cursor: str
    account: str
    kind: str
    id: str
    version: int
    change: str
    changed_at: datetime


async def changes(
    cursor: str, *, database: Connection, account: str | None = DEFAULT_ACCOUNT, batch: int = 1000, wait: float = 0
) -> list[Change]:
    """Changes after a cursor, in order; when there are none, waits up to `wait` seconds for the first.

    '' is the beginning of the feed. Store the `cursor` of the last row in the transaction of your own writes, and
    continue from it next time. `account` None: all accounts.

    Raises:
        CursorRefused: the feed cannot be continued from there, or no such account; start again with snapshot().
        WaitRejected: `wait` on a connection that is inside a transaction.
    """
    session = session_of(database)

    async def after() -> list[Change] | None:
        rows = await session.rows(f"select {_COLUMNS} from savvycal.changes_since($1, $2, $3)", cursor, account, batch)
        return [Change(*row) for row in rows] or None

    with refused_as(CursorRefused):
        return await until(session, CHANNEL, after, wait, ASK_AGAIN_SECONDS) or []


async def snapshot(*, database: Connection, account: str | None = DEFAULT_ACCOUNT) -> list[Change]:
    """One row for each object as it is now, deleted ones included: how a consumer starts, and one whose cursor was
    refused. Continue with changes() from the cursor, which is the same in all rows.

    Raises:
        CursorRefused: no such account.
    """
    with refused_as(CursorRefused):
        rows = await session_of(database).rows(f"select {_COLUMNS} from savvycal.feed_snapshot($1)", account)
    return [Change(*row) for row in rows]

"""What applications import to work with a mirror of savvycal-sync.

- `resync` requests that an object, a range of dates or everything is read again, and can wait for the result.
- `wait` waits for a request that was made before, `wait_until` for a booking that was just made.
- `changes` reads the change feed from a cursor, `snapshot` starts a consumer from the tables.
- `reveal` opens the host link of a meeting, for roles that may.

`database` is your own connection of asyncpg or psycopg 3. Nothing here imports the daemon, and a driver is imported
when it is used.
"""

from savvycal_sync.connection import Connection
from savvycal_sync.errors import (
    CursorRefused,
    KeyMissing,
    NoSecret,
    QueueError,
    QueueUnavailable,
    ResyncRejected,
    SavvycalSyncError,
    SettingError,
    TamperedSecret,
    VaultError,
    WaitRejected,
)
from savvycal_sync.feed import Change, changes, snapshot
from savvycal_sync.tickets import Answer, resync, wait, wait_until
from savvycal_sync.vault import Revealed, reveal

__all__ = [
    "Answer",
    "Change",
    "Connection",
    "CursorRefused",
    "KeyMissing",
    "NoSecret",
    "QueueError",
    "QueueUnavailable",
    "ResyncRejected",
    "Revealed",
    "SavvycalSyncError",
    "SettingError",
    "TamperedSecret",
    "VaultError",
    "WaitRejected",
    "changes",
    "resync",
    "reveal",
    "snapshot",
    "wait",
    "wait_until",
]

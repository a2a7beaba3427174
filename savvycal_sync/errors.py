"""Every error that this package raises on purpose. `transient` says whether trying again can help.

SavvycalSyncError
├── SettingError            a setting is missing or wrong; the message names the variable
├── VaultError
│   ├── NoSecret            there is nothing to reveal: not stored, past its date, or no key to store it
│   ├── KeyMissing          the key that sealed a value is not among SAVVYCAL_SECRET_KEYS        transient
│   └── TamperedSecret      a sealed value was changed or moved
├── QueueError
│   ├── QueueUnavailable    Redis did not confirm                                                transient
│   └── ResyncRejected      a resync request that names nothing that can be synced
├── WaitRejected            nobody can wait here, or for that
└── CursorRefused           the change feed cannot be continued from this cursor

Errors of a connection are those of its driver. No message ever holds a token, a link or a row value.
"""

from typing import ClassVar


class SavvycalSyncError(Exception):
    """Root of all errors of this project."""

    transient: ClassVar[bool] = False


class SettingError(SavvycalSyncError):
    """A setting is missing or wrong. The message names the variable and the next step."""


class VaultError(SavvycalSyncError):
    """A sealed value cannot be had."""


class NoSecret(VaultError):
    """Nothing to reveal: not stored, past its date, or no key to store it with."""


class KeyMissing(VaultError):
    """The key that sealed a value is not in the keyring; it may be put back at any time."""

    transient = True


class TamperedSecret(VaultError):
    """A sealed value was changed, or moved from the row it belongs to."""


class QueueError(SavvycalSyncError):
    """The queue could not take a request."""


class QueueUnavailable(QueueError):
    """Redis did not confirm the push."""

    transient = True


class ResyncRejected(QueueError):
    """A resync request that names nothing that can be synced."""


class WaitRejected(SavvycalSyncError):
    """Waiting is impossible: the connection is inside a transaction, or there is no such ticket, kind or account."""


class CursorRefused(SavvycalSyncError):
    """The change feed cannot be continued from this cursor. The message has the reason; start again with snapshot()."""

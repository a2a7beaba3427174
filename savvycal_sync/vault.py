"""Starts a meeting as its host: opens the sealed credentials of a meeting.

    found = await reveal("amtg_...", database=connection, keys=os.environ["SAVVYCAL_SECRET_KEYS"], reader="crm")
    redirect(found.host_url.get_secret_value())

Each call leaves a row in savvycal._secret_reads, refused ones included. After the appointment's end + 24 h, by the
database's clock, nothing is given, whether or not it was purged already.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from savvycal_sync.connection import Connection, Session, refuse_transaction, session_of
from savvycal_sync.errors import NoSecret
from savvycal_sync.queue import DEFAULT_ACCOUNT

if TYPE_CHECKING:
    from pydantic import SecretStr

    from savvycal_sync.keyring import Keyring, Place

COLUMNS = ("host_url", "password")
"""What is sealed of a meeting."""

_OPEN = "select outcome, key_id, host_url, password, valid_until from savvycal.open_meeting_secret($1, $2, $3)"


class Revealed(NamedTuple):
    """What opens a meeting; prints without it. `valid_until` is when SavvyCal stops honouring it."""

    meeting_id: str
    host_url: "SecretStr | None"
    password: "SecretStr | None"
    valid_until: datetime


def place(account: str, meeting_id: str, column: str) -> "Place":
    """The place that a sealed value is bound to."""
    return ("_meeting_secrets", account, meeting_id, column)


async def reveal(
    meeting_id: str,
    *,
    database: Connection,
    keys: "Keyring | str | None",
    account: str = DEFAULT_ACCOUNT,
    reader: str | None = None,
) -> Revealed:
    """The credentials of a meeting. `database` is a connection of a role that may (savvycal_secret_reader), outside any
    transaction: rolling one back would undo the audit. `reader` names the caller in the audit.

    Raises:
        NoSecret: not stored, past its date, or no key.
        KeyMissing: another key sealed it.
        TamperedSecret: it was changed or moved in the database.
        WaitRejected: the connection is inside a transaction.
    """
    from savvycal_sync.keyring import Keyring

    if not keys:
        raise NoSecret("no key: set SAVVYCAL_SECRET_KEYS (without one, credentials are not stored either)")
    keyring = Keyring.parse(keys) if isinstance(keys, str) else keys
    session = session_of(database)
    refuse_transaction(session)
    return _revealed(keyring, account, meeting_id, await _open(session, meeting_id, account, reader))


async def _open(session: Session, meeting_id: str, account: str, reader: str | None) -> Sequence[Any]:
    (row,) = await session.rows(_OPEN, meeting_id, account, reader)
    return row


def _revealed(keyring: "Keyring", account: str, meeting_id: str, row: Sequence[Any]) -> Revealed:
    outcome, key_id, *sealed, valid_until = row
    if outcome == "expired":
        raise NoSecret("the credentials of this meeting ended 24 hours after its appointment")
    if outcome != "given" or not any(sealed):
        raise NoSecret("no credentials are stored for this meeting (not created yet, none at its provider, or no key)")
    host_url, password = (
        _plain(keyring, place(account, meeting_id, column), key_id, data)
        for column, data in zip(COLUMNS, sealed, strict=True)
    )
    return Revealed(meeting_id, host_url, password, valid_until)


def _plain(keyring: "Keyring", where: "Place", key_id: str, data: bytes | None) -> "SecretStr | None":
    from pydantic import SecretStr

    from savvycal_sync.keyring import Sealed

    return None if data is None else SecretStr(keyring.open(where, Sealed(key_id, data)))

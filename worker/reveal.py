"""What applications import to start a meeting as its host: `from worker.reveal import reveal`.

    found = await reveal("amtg_...", database="postgresql://...", keys=os.environ["SAVVYCAL_SECRET_KEYS"], reader="crm")
    redirect(found.host_url.get_secret_value())

Each call leaves a row in savvycal._secret_reads, refused ones included. After the appointment's end + 24 h, by the
database's clock, nothing is given, whether or not it was purged already.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import asyncpg
from pydantic import SecretStr

from worker.errors import NoSecret
from worker.privacy.keyring import Keyring, Sealed
from worker.store import vault
from worker.store.database import Connection, Database, value_free_errors

AnyConnection: TypeAlias = "Connection | asyncpg.Connection[asyncpg.Record]"
Dsn: TypeAlias = str


@dataclass(frozen=True, slots=True)
class Revealed:
    """What opens a meeting; prints without it. `valid_until` is when SavvyCal stops honouring it."""

    meeting_id: str
    host_url: SecretStr | None
    password: SecretStr | None
    valid_until: datetime


async def reveal(
    meeting_id: str,
    *,
    database: "AnyConnection | Dsn",
    keys: Keyring | str | None,
    account: str = "default",
    reader: str | None = None,
) -> Revealed:
    """The credentials of a meeting. `database` is a DSN or a connection of a role that may (savvycal_secret_reader).

    `reader` names the caller in the audit. A connection must not be inside a transaction: rolling it back would undo
    the audit.

    Raises:
        NoSecret: not stored, past its date, or no key.
        KeyMissing: another key sealed it.
        TamperedSecret: it was changed or moved in the database.
        StoreError: Postgres cannot be reached, or refuses this role.
    """
    if not keys:
        raise NoSecret("no key: set SAVVYCAL_SECRET_KEYS (without one, credentials are not stored either)")
    keyring = Keyring.parse(keys) if isinstance(keys, str) else keys
    if isinstance(database, str):
        db = await Database.connect(database, pool_size=1)
        try:
            async with db.connection() as connection:
                row = await _open(connection, meeting_id, account, reader)
        finally:
            await db.close()
    else:
        row = await _open(database, meeting_id, account, reader)
    return _revealed(keyring, account, meeting_id, row)


async def _open(connection: AnyConnection, meeting_id: str, account: str, reader: str | None) -> Any:
    if connection.is_in_transaction():
        raise NoSecret("reveal needs a connection outside any transaction: its audit row has to stay")
    async with value_free_errors():
        return await connection.fetchrow(vault.SQL["open"], meeting_id, account, reader)


def _revealed(keyring: Keyring, account: str, meeting_id: str, row: Any) -> Revealed:
    if row["outcome"] == "expired":
        raise NoSecret("the credentials of this meeting ended 24 hours after its appointment")
    if row["outcome"] != "given" or (row["host_url"] is None and row["password"] is None):
        raise NoSecret("no credentials are stored for this meeting (not created yet, none at its provider, or no key)")
    host_url, password = (_plain(keyring, account, meeting_id, row, column) for column in vault.COLUMNS)
    return Revealed(meeting_id, host_url, password, row["valid_until"])


def _plain(keyring: Keyring, account: str, meeting_id: str, row: Any, column: str) -> SecretStr | None:
    if row[column] is None:
        return None
    return SecretStr(keyring.open(vault.place(account, meeting_id, column), Sealed(row["key_id"], row[column])))

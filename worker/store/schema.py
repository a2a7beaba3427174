"""schema.sql: applying, checking and finding it."""

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import asyncpg

from worker.errors import SchemaMismatch, StoreError
from worker.store.database import Connection

SCHEMA_VERSION = 1
"""What this program reads and writes; schema.sql records the same number in savvycal._meta."""

APPLY_SECONDS = 3600.0
"""An index over years of history, or making a large restored change feed readable, takes its time."""

COMMENT = "Mirror of a SavvyCal account, kept by savvycal-sync."

_LOCK = 0x53415656
"""Advisory lock («SAVV»): two workers that start at once apply the schema one after the other."""


def text() -> str:
    """The text of schema.sql: beside this file in an installed package, at the top of the project in a checkout."""
    packed = files(__package__).joinpath("schema.sql")
    return (packed if packed.is_file() else Path(__file__).parents[2] / "schema.sql").read_text("utf-8")


def build() -> str:
    """Which schema.sql this is, beside its version."""
    return sha256(text().encode()).hexdigest()[:12]


async def is_ours(connection: Connection) -> bool:
    """Whether the database was made from this very schema.sql: its number alone says nothing of views and functions."""
    said = await connection.fetchval("select obj_description(to_regnamespace('savvycal'), 'pg_namespace')")
    return build() in (said or "")


async def version(connection: Connection) -> int | None:
    """The version the database holds, None when there is no schema."""
    try:
        found: int | None = await connection.fetchval("select schema_version from savvycal._meta")
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return None
    return found


async def apply(connection: Connection) -> None:
    """Applies schema.sql in one transaction. Applying it again changes nothing."""
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        await connection.execute("set local client_min_messages = warning")
        await connection.execute("set local statement_timeout = 0")
        await connection.execute(text(), timeout=APPLY_SECONDS)
        await connection.execute(f"comment on schema savvycal is '{COMMENT} ({build()})'")


def roles_text() -> str:
    """The text of roles.sql."""
    return files(__package__).joinpath("roles.sql").read_text("utf-8")


async def apply_roles(connection: Connection) -> None:
    """Makes the roles and gives them exactly their rights. Applying it again changes nothing.

    Raises:
        StoreError: this role may not; the schema works without them.
    """
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
            await connection.execute("set local client_min_messages = warning")
            await connection.execute(roles_text())
    except asyncpg.InsufficientPrivilegeError:
        raise StoreError(
            "the role of DATABASE_URL may not make roles: run `savvycal-sync schema roles` as the owner of the schema "
            "with CREATEROLE, or do without them (they are optional)"
        ) from None


async def check(connection: Connection) -> None:
    """Refuses any version but ours.

    Raises:
        SchemaMismatch: saying which version was found and what to do.
    """
    found = await version(connection)
    if found is None:
        raise SchemaMismatch("DATABASE_URL has no savvycal schema yet: run `savvycal-sync schema apply`")
    if found != SCHEMA_VERSION:
        newer = "upgrade savvycal-sync" if found > SCHEMA_VERSION else "run `savvycal-sync schema apply`"
        raise SchemaMismatch(f"the database holds schema version {found}, this program needs {SCHEMA_VERSION}: {newer}")

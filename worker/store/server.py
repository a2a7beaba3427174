"""Requirements on the Postgres server: version, encoding, being the primary, and rights."""

from worker.errors import StoreError
from worker.store.database import Connection

OLDEST = 140000
ENCODINGS = {"UTF8", "SQL_ASCII"}
"""SQL_ASCII stores every byte unchanged."""

_ABOUT = """
select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
  current_setting('server_encoding') as encoding, pg_is_in_recovery() as is_standby,
  has_database_privilege(current_database(), 'create') as may_create,
  to_regnamespace('savvycal') is not null as has_schema,
  case when to_regnamespace('savvycal') is not null then has_schema_privilege('savvycal', 'usage') end as may_use
"""


async def examine(connection: Connection) -> str:
    """Checks the server and returns its name and version.

    Raises:
        StoreError: the server cannot hold the mirror; the text has the reason and what to do.
    """
    [about] = await connection.fetch(_ABOUT)
    name = f"PostgreSQL {about['version'].split()[0]}"
    if about["number"] < OLDEST:
        raise StoreError(f"DATABASE_URL: {name} is too old: version 14 or newer is needed")
    if about["encoding"] not in ENCODINGS:
        raise StoreError(
            f"DATABASE_URL: the database's encoding is {about['encoding']}, which lacks letters that people write: "
            "make a database with `create database ... template template0 encoding 'UTF8'`"
        )
    if about["is_standby"]:
        raise StoreError(
            f"DATABASE_URL: this {name} is a standby, which takes no writes: name the primary, or several hosts with "
            "target_session_attrs=read-write"
        )
    if about["has_schema"] and not about["may_use"]:
        raise StoreError("DATABASE_URL: this user has no right on the schema savvycal: grant usage, or be its owner")
    if not about["has_schema"] and not about["may_create"]:
        raise StoreError(
            "DATABASE_URL: there is no schema savvycal and this user may not make one: grant create on the database, "
            "or run `savvycal-sync schema apply` as its owner"
        )
    return name

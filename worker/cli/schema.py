"""`savvycal-sync schema`: the tables."""

import sys

import click

from worker.cli.base import ask_database, json_option, plainly
from worker.documents import to_json
from worker.store import schema as schema_sql
from worker.store import server
from worker.store.database import Connection


@click.group()
def schema() -> None:
    """The tables: apply or upgrade them, check their version, print them."""


@schema.command(name="apply")
@plainly
def schema_apply() -> None:
    """Create or upgrade the schema in DATABASE_URL; it is never downgraded.

    Running it twice changes nothing. Back up the database before an upgrade (docs/operations.md).
    """
    ask_database(_apply, check_schema=False, is_direct=True)
    click.echo(f"schema version {schema_sql.SCHEMA_VERSION} is in place")


async def _apply(connection: Connection) -> None:
    await server.examine(connection)
    before = await schema_sql.apply(connection)
    if before.exit_code and await schema_sql.has_roles(connection):
        await schema_sql.apply_roles(connection)
        click.echo("the roles have their rights again")


@schema.command(name="check")
@json_option
@plainly
def schema_check(as_json: bool) -> None:
    """Report what DATABASE_URL holds.

    Exit codes: 0 as needed (or newer and compatible), 3 no schema, 4 older, 5 newer, 6 altered by hand, 7 another
    build's. The program runs with 0, 6 and 7.
    """
    found = ask_database(schema_sql.state, check_schema=False)
    document = {"schema_version": schema_sql.SCHEMA_VERSION, "answer": found.answer, "text": found.text}
    click.echo(to_json(document) if as_json else found.text, err=found.exit_code != 0 and not as_json)
    sys.exit(found.exit_code)


@schema.command(name="roles")
@plainly
def schema_roles() -> None:
    """Create the roles (worker, reader, pii_reader, secret_reader) and grant each its privileges.

    Optional; run it again after an upgrade.
    """
    ask_database(schema_sql.apply_roles, is_direct=True)
    click.echo("roles savvycal_worker, savvycal_reader, savvycal_pii_reader and savvycal_secret_reader are in place")


@schema.command(name="print")
def schema_print() -> None:
    """Print schema.sql."""
    click.echo(schema_sql.text(), nl=False)

"""`savvycal-sync schema`: the tables."""

import click

from worker.cli.base import ask_database, plainly
from worker.store import schema as schema_sql


@click.group()
def schema() -> None:
    """The tables: apply them, check their version, print them."""


@schema.command(name="apply")
@plainly
def schema_apply() -> None:
    """Apply schema.sql to DATABASE_URL. Applying it again changes nothing."""
    ask_database(schema_sql.apply, check_schema=False)
    click.echo(f"schema version {schema_sql.SCHEMA_VERSION} is in place")


@schema.command(name="check")
@plainly
def schema_check() -> None:
    """Check whether DATABASE_URL holds the version this program needs."""
    ask_database(schema_sql.check, check_schema=False)
    click.echo(f"schema version {schema_sql.SCHEMA_VERSION}, as needed")


@schema.command(name="roles")
@plainly
def schema_roles() -> None:
    """Create the roles (worker, reader, pii_reader, secret_reader) and grant each its privileges.

    Optional; run it again after an upgrade.
    """
    ask_database(schema_sql.apply_roles)
    click.echo("roles savvycal_worker, savvycal_reader, savvycal_pii_reader and savvycal_secret_reader are in place")


@schema.command(name="print")
def schema_print() -> None:
    """Print schema.sql."""
    click.echo(schema_sql.text(), nl=False)

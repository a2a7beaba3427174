"""`savvycal-sync schema`: the tables."""

import click

from worker.cli.base import ask_database, json_option, plainly, show
from worker.store import schema as schema_sql


@click.group()
def schema() -> None:
    """The tables: apply them, check their version, print them."""


@schema.command(name="apply")
@plainly
def schema_apply() -> None:
    """Apply schema.sql to DATABASE_URL. Doing it twice changes nothing."""
    ask_database(schema_sql.apply, check_schema=False)
    click.echo(f"schema version {schema_sql.SCHEMA_VERSION} is in place")


@schema.command(name="check")
@json_option
@plainly
def schema_check(as_json: bool) -> None:
    """Say whether DATABASE_URL holds the version this program needs."""
    ask_database(schema_sql.check, check_schema=False)
    version = schema_sql.SCHEMA_VERSION
    show(as_json, {"schema_version": version}, f"schema version {version}, as needed")


@schema.command(name="roles")
@plainly
def schema_roles() -> None:
    """Make the roles (worker, reader, pii_reader, secret_reader) and give each its rights.

    Optional; to be done again after an upgrade.
    """
    ask_database(schema_sql.apply_roles)
    click.echo("roles savvycal_worker, savvycal_reader, savvycal_pii_reader and savvycal_secret_reader are in place")


@schema.command(name="print")
def schema_print() -> None:
    """Print schema.sql."""
    click.echo(schema_sql.text(), nl=False)

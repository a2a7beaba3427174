"""`accounts`: which accounts are synced and where, and pausing one of them or one of its products."""

import getpass
from typing import Any

import click

from worker import documents, status_text
from worker.cli.base import ask_database, json_option, plainly, show
from worker.core.model import Product
from worker.sync import actions

OF_PRODUCT = click.option(
    "--product", type=click.Choice([product.value for product in Product]), help="Only this product of the account."
)


@click.group()
def accounts() -> None:
    """The accounts in the database: list them, pause and resume syncing."""


@accounts.command(name="list")
@json_option
@plainly
def list_accounts(as_json: bool) -> None:
    """List every account with its products: whether each is synced, by which process, and its last problem."""
    _show(ask_database(actions.list_accounts), as_json)


@accounts.command()
@click.argument("name")
@OF_PRODUCT
@json_option
@plainly
def pause(name: str, product: str | None, as_json: bool) -> None:
    """Pause the account NAME: no process sends a request for it until `accounts resume`.

    Running work ends within half a minute. Webhooks are still stored and resync requests kept; both are done after
    the resume.
    """
    _show(ask_database(lambda connection: actions.pause(connection, name, product, _person())), as_json)


@accounts.command()
@click.argument("name")
@OF_PRODUCT
@json_option
@plainly
def resume(name: str, product: str | None, as_json: bool) -> None:
    """Resume the account NAME; what became due during the pause is done now."""
    _show(ask_database(lambda connection: actions.resume(connection, name, product)), as_json)


def _person() -> str:
    """Who runs this command. A container may have no name for its user."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    show(
        as_json, documents.accounts(rows), status_text.accounts(rows) or "no account was ever synced into this database"
    )

"""`savvycal-sync keys` and `savvycal-sync reveal`: the credentials of meetings."""

import getpass

import click

from savvycal_sync import reveal as reveal_secret
from savvycal_sync.keyring import Keyring, generate
from savvycal_sync.vault import COLUMNS
from worker import settings, status_text
from worker.cli.base import ask_database, json_option, plainly
from worker.documents import to_json
from worker.errors import SettingError
from worker.store import suppression, vault
from worker.store.database import Connection


@click.group()
def keys() -> None:
    """Manage encryption keys: generate a key, or re-encrypt stored credentials with the current one."""


@keys.command(name="generate")
def keys_generate() -> None:
    """Print a new key for SAVVYCAL_SECRET_KEYS."""
    click.echo(generate())


@keys.command(name="rotate")
@plainly
def keys_rotate() -> None:
    """Re-encrypt everything with the first key of SAVVYCAL_SECRET_KEYS, while the daemon runs.

    \b
    1. put a new key before the old one (a running worker reads a changed SAVVYCAL_SECRET_KEYS_FILE by itself)
    2. savvycal-sync keys rotate     as the owner of the tables
    3. remove the old key
    """
    keyring = load_keyring()

    async def rotate(connection: Connection) -> tuple[int, int, int]:
        lists = await suppression.rotate(connection, keyring)
        return await vault.rotate_all(connection, keyring), lists, await vault.outdated_count(connection, keyring)

    count, lists, left = ask_database(rotate)
    click.echo(f"sealed {count} credentials and {lists} suppression lists with key {keyring.first.id}, {left} left")


@click.command()
@click.argument("meeting_id")
@click.option("--account", default="default", show_default=True, help="Which SavvyCal account.")
@json_option
@plainly
def reveal(meeting_id: str, account: str, as_json: bool) -> None:
    """Print the host link and password of a meeting (amtg_...). Adds a row to savvycal._secret_reads.

    Credentials expire 24 hours after the end of their appointment.
    """
    keyring = load_keyring()

    reader = f"{getpass.getuser()} (savvycal-sync reveal)"
    found = ask_database(
        lambda db: reveal_secret(meeting_id, database=db, keys=keyring, account=account, reader=reader),
        check_schema=False,
    )
    shown = {name: value.get_secret_value() for name in COLUMNS if (value := getattr(found, name))}
    shown["valid_until"] = found.valid_until.isoformat()
    click.echo(to_json(shown) if as_json else "\n".join(f"{name}: {value}" for name, value in shown.items()))


def load_keyring() -> Keyring:
    """The keyring of the settings.

    Raises:
        SettingError: there is none.
    """
    text = settings.load().secret_keys
    if text is None:
        raise SettingError(status_text.NO_KEYS)
    return Keyring.parse(text.get_secret_value())

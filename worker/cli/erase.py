"""`savvycal-sync erase`: removes a person from everything stored."""

import asyncio

import click

from worker import composition, locations, settings
from worker.cli.base import plainly
from worker.cli.keys import load_keyring
from worker.store import schema
from worker.sync import erase as erasing


@click.command()
@click.argument("email")
@click.option("--account", default="default", show_default=True, help="Which SavvyCal account.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@plainly
def erase(email: str, account: str, yes: bool) -> None:
    """Erase a person, by email address, from all rows, versions, quarantine and deliveries.

    A keyed hash of the address is kept on the suppression list, so that the person's data is not stored again; this
    needs SAVVYCAL_SECRET_KEYS. Run it as the owner of the tables. It cannot be undone.
    """
    keyring, given = load_keyring(), settings.load()
    if not yes:
        click.confirm("This cannot be undone. Erase this person?", abort=True)

    async def run() -> erasing.Erasure:
        async with composition.open_database(locations.database_url(given), pool_size=1) as db:
            async with db.connection() as connection:
                await schema.check(connection)
            return await erasing.erase(db, keyring, account, email, composition.plan_privacy(given).drop)

    done = asyncio.run(run())
    click.echo(
        f"erased from {done.objects} objects ({done.versions} versions), {done.quarantined} quarantined records "
        f"and {done.deliveries} deliveries; SavvyCal still has the person"
    )

"""`savvycal-sync erase`: removes a person from everything stored."""

import asyncio
from dataclasses import asdict

import click

from worker import composition, locations, settings
from worker.cli.base import json_option, plainly, show
from worker.cli.keys import load_keyring
from worker.errors import ResyncRejected
from worker.store import schema
from worker.sync import erase as erasing


@click.command()
@click.argument("email")
@click.option("--account", default="default", show_default=True, help="Which SavvyCal account.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only count what would be rewritten.")
@click.option("--really", is_flag=True, help="Also when the address is on more than 20 % of the objects.")
@json_option
@plainly
def erase(email: str, account: str, yes: bool, is_dry: bool, really: bool, as_json: bool) -> None:
    """Erase a person, by email address, from all rows, versions, quarantine and deliveries.

    A keyed hash of the address is kept on the suppression list, so that the person's data is not stored again; this
    needs SAVVYCAL_SECRET_KEYS. Run it as the owner of the tables. It cannot be undone.
    """
    planned = asyncio.run(_erase(account, email, is_dry=True))
    if is_dry:
        show(as_json, asdict(planned) | {"is_dry_run": True}, f"would erase {_counted(planned)}")
        return
    if planned.is_wide and not really:
        raise ResyncRejected(
            f"the address is on {planned.objects} of {planned.total_objects} objects, so it is probably a host's: "
            "see --dry-run, and pass --really to erase it all the same"
        )
    if not yes:
        click.confirm(f"This erases {_counted(planned)}. It cannot be undone. Erase this person?", abort=True)
    done = asyncio.run(_erase(account, email, is_dry=False))
    text = f"erased from {_counted(done).removeprefix('the person from ')}; SavvyCal still has the person"
    show(as_json, asdict(done) | {"is_dry_run": False}, text)


async def _erase(account: str, email: str, is_dry: bool) -> erasing.Erasure:
    keyring, given = load_keyring(), settings.load()
    async with composition.open_database(locations.database_url(given), pool_size=1) as db:
        async with db.connection() as connection:
            await schema.check(connection)
        return await erasing.erase(db, keyring, account, email, composition.plan_privacy(given).drop, is_dry)


def _counted(found: erasing.Erasure) -> str:
    return (
        f"the person from {found.objects} objects ({found.versions} versions), {found.quarantined} quarantined records "
        f"and {found.deliveries} deliveries"
    )

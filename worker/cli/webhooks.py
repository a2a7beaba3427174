"""`savvycal-sync webhooks`: register the receiver at SavvyCal, replay stored deliveries, and send a test."""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import aiohttp
import click

from savvycal_sync.queue import DEFAULT_ACCOUNT
from worker import composition, locations, settings
from worker.cli.base import Duration, json_option, plainly, show
from worker.core.kinds import PRODUCTS
from worker.core.model import Product
from worker.errors import ResyncRejected, SettingError, Unreachable
from worker.savvycal import webhook_admin
from worker.savvycal.client import Client
from worker.savvycal.webhook_admin import Webhook
from worker.savvycal.webhooks import SIGNATURE_HEADER, sign
from worker.settings import Account, Settings
from worker.store import schema
from worker.sync.webhook import replay as follow_again

T = TypeVar("T")
SEND_SECONDS = 10
SINCE_SECONDS_MAX = 3660 * 86400.0
"""Nothing is kept longer."""
_URL = re.compile(r"^https?://[^\s/?#@]+(/[^\s?#]*)?$")

account_option = click.option("--account", default=DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")


@click.group()
def webhooks() -> None:
    """Register, replace and remove webhooks at SavvyCal Meetings; replay deliveries; send a test.

    Webhooks of Appointments are set up in its Dashboard: see docs/webhooks.md.
    """


@webhooks.command(name="list")
@account_option
@json_option
@plainly
def list_(account: str, as_json: bool) -> None:
    """Show the webhooks of the Meetings account, without their secrets."""
    found = _ask_savvycal(account, _all)
    document = [{"id": w.id, "state": w.state, "created_at": w.created_at, "url": w.url} for w in found]
    lines = [f"{w.id}  {w.state or '-'}  {w.created_at or '-'}  {w.url}" for w in found]
    show(as_json, {"webhooks": document}, "\n".join(lines) or "no webhooks are registered")


@webhooks.command()
@click.argument("url")
@account_option
@plainly
def register(url: str, account: str) -> None:
    """Register URL (https://your.host/webhooks/meetings) and print its secret, once."""
    if not _URL.match(url):
        raise ResyncRejected("enter the address of the receiver, https://your.host/webhooks/meetings")
    same = [webhook for webhook in _ask_savvycal(account, _all) if webhook.url == url and webhook.state != "deleted"]
    if same:
        raise ResyncRejected(
            f"that address is registered already, as {same[0].id}: `webhooks rotate` gives it a new secret"
        )
    _show(_ask_savvycal(account, lambda client: webhook_admin.create(client, url)), "Set")


@webhooks.command()
@click.argument("webhook_id", metavar="[ID]", required=False)
@account_option
@plainly
def rotate(webhook_id: str | None, account: str) -> None:
    """Replace a webhook and its secret: the new one is created first, the old one is removed once you confirm."""
    active = [webhook for webhook in _ask_savvycal(account, _all) if webhook.state != "deleted"]
    old = [webhook for webhook in active if webhook_id in {None, webhook.id}]
    if len(old) != 1:
        raise ResyncRejected("name the webhook: " + (", ".join(webhook.id for webhook in active) or "there is none"))
    _show(_ask_savvycal(account, lambda client: webhook_admin.create(client, old[0].url)), "Add (comma-separated) to")
    if sys.stdin.isatty() and click.confirm("Does the receiver know the new secret now? Then the old one goes"):
        _ask_savvycal(account, lambda client: webhook_admin.delete(client, old[0].id))
        click.echo(f"removed {old[0].id}; its secret can be removed from the setting")
    else:
        click.echo(f"when the receiver knows the new secret: savvycal-sync webhooks remove {old[0].id}")


@webhooks.command()
@click.argument("webhook_id", metavar="ID")
@account_option
@plainly
def remove(webhook_id: str, account: str) -> None:
    """Remove a webhook at SavvyCal Meetings."""
    deleted = _ask_savvycal(account, lambda client: webhook_admin.delete(client, webhook_id))
    click.echo(f"removed {deleted.id}")


@webhooks.command()
@click.argument("delivery_id", metavar="[ID]", required=False)
@click.option("--since", type=Duration(), help="All that arrived within this time: 30m, 12h.")
@account_option
@json_option
@plainly
def replay(delivery_id: str | None, since: float | None, account: str, as_json: bool) -> None:
    """Re-read the object of a stored delivery, or of all deliveries since a time."""
    if (delivery_id is None) == (since is None):
        raise ResyncRejected("name one delivery, or pass --since 1h")
    found = asyncio.run(_replay(account, delivery_id, since))
    text = f"marked {len(found)} deliveries; a worker reads their objects within seconds"
    show(as_json, {"replayed": len(found)}, text)
    if delivery_id and not found:
        raise ResyncRejected("no such delivery, or one that concerns nothing that is mirrored")


@webhooks.command(name="send-test")
@click.option(
    "--product", type=click.Choice([product.value for product in PRODUCTS]), default="meetings", show_default=True
)
@click.option("--url", help="Address of the receiver, if not SAVVYCAL_HTTP.")
@account_option
@plainly
def send_test(product: str, url: str | None, account: str) -> None:
    """Sign a sample with the first configured secret and post it to the running receiver."""
    given = settings.load()
    named = _account(given, account)
    secrets = named.webhook_secrets(product)
    if not secrets:
        raise SettingError(f"{settings.variable(f'{product}_webhook_secrets')} is not set: the receiver is closed")
    place = url or f"http://{given.http}/webhooks/{product}" + ("" if account == DEFAULT_ACCOUNT else f"/{account}")
    status, text = asyncio.run(_send(place, secrets[0], _sample(Product(product))))
    click.echo(f"{place} answered {status}: {text}")
    sys.exit(0 if status == 200 else 1)


def _sample(product: Product) -> bytes:
    """A delivery of an unknown type: it is stored with state `ignored` and triggers no work."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    test, own_id = "savvycal_sync.test", f"test_{uuid4().hex}"
    if product is Product.MEETINGS:
        document: dict[str, Any] = {"type": test, "id": own_id, "occurred_at": now, "payload": {}}
    else:
        document = {"id": own_id, "created_at": now, "data": {"type": test, "object": {}}}
    return json.dumps(document).encode()


async def _send(url: str, secret: str, body: bytes) -> tuple[int, str]:
    headers = {SIGNATURE_HEADER: sign(secret, body), "content-type": "application/json"}
    timeout = aiohttp.ClientTimeout(total=SEND_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            return response.status, (await response.content.read(200)).decode(errors="replace")
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise Unreachable(f"no receiver answers at {url} ({type(error).__name__}): does `run` run?") from None


async def _replay(account: str, delivery_id: str | None, seconds: float | None) -> list[Any]:
    given = settings.load()
    since = datetime.now(UTC) - timedelta(seconds=min(seconds, SINCE_SECONDS_MAX)) if seconds is not None else None
    async with composition.open_database(locations.database_url(given), pool_size=1) as db:
        async with db.connection() as connection:
            await schema.check(connection)
        return list(await follow_again(composition.build_context(db, {}, given), db, account, delivery_id, since))


async def _all(client: Client) -> list[Webhook]:
    return [webhook async for webhook in webhook_admin.fetch_all(client)]


def _account(given: Settings, name: str) -> Account:
    found = next((account for account in settings.accounts(given) if account.name == name), None)
    if found is None:
        raise SettingError(f"no account {name} is configured: set its token")
    return found


def _ask_savvycal(account: str, question: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
    """Runs one function against the Meetings API of an account."""
    given = settings.load()
    named = _account(given, account)
    if named.meetings_token is None:
        raise SettingError(
            "SAVVYCAL_MEETINGS_TOKEN is not set (Appointments webhooks: Dashboard, see docs/webhooks.md)"
        )

    async def ask() -> T:
        async with composition.open_endpoints([named], given.requests_per_minute) as endpoints:
            return await question(endpoints[account][Product.MEETINGS].client)

    return asyncio.run(ask())


def _show(made: Webhook, verb: str) -> None:
    """Prints a secret, which is shown only this once."""
    click.echo(f"registered {made.id} for {made.url}")
    if made.secret is None:
        click.echo("SavvyCal did not send its secret: copy it from Settings, Integrations")
        return
    click.echo(f"its secret, shown this once and stored nowhere here:\n\n    {made.secret}\n")
    click.echo(f"{verb} SAVVYCAL_MEETINGS_WEBHOOK_SECRETS. A file named by ..._FILE is read again for each delivery.")

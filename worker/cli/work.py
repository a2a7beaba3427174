"""`work`, `approve-deletions` and `audit`: work that waits for a person, and a check of the tables against SavvyCal."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import Any

import click

from savvycal_sync.queue import DEFAULT_ACCOUNT
from worker import composition, documents, settings, status_text
from worker.cli.base import ask_database, json_option, plainly, show
from worker.core import windows
from worker.core.kinds import KINDS
from worker.core.model import Product
from worker.core.windows import Bounds
from worker.errors import SettingError
from worker.sync import actions
from worker.sync.audit import Audit, audit_range, audit_sample

DIFFERENCES = ("stale", "missing", "extra", "unreadable")
PRODUCTS = click.Choice([product.value for product in Product])
OF_ACCOUNT = click.option("--account", default=DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")


OF_KIND = click.option("--kind", type=click.Choice([kind.value for kind in KINDS]), help="Of one kind.")
FOR_REASON = click.option(
    "--reason", help="Only work with this reason: poll, backfill, resync, webhook, watch, confirm, missing ..."
)


@click.group()
def work() -> None:
    """The work queue: list pending work, retry or discard dead letters."""


@work.command(name="list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Maximum number of rows.")
@click.option("--account", help="Of one account.")
@OF_KIND
@FOR_REASON
@json_option
@plainly
def list_work(limit: int, account: str | None, kind: str | None, reason: str | None, as_json: bool) -> None:
    """List pending work: dead letters first, then by priority."""

    found = ask_database(lambda connection: actions.list_work(connection, limit, account, kind, reason))
    document = documents.work(found)
    columns = tuple(field.name for field in fields(documents.WorkRow))
    rows = [asdict(row) for row in document.work]
    show(as_json, document, status_text.table("open work", columns, rows) or "nothing is open")


@work.command()
@click.argument("name", required=False)
@OF_ACCOUNT
@OF_KIND
@FOR_REASON
@json_option
@plainly
def retry(name: str | None, account: str, kind: str | None, reason: str | None, as_json: bool) -> None:
    """Try dead letters again now: NAME (an id, or product/window), or all of the account that the options match."""
    count = ask_database(lambda connection: actions.retry(connection, account, name, kind, reason))
    show(as_json, documents.Retried(count), f"trying {count} again")
    sys.exit(0 if count or name is None else 1)


@work.command()
@click.argument("name", required=False)
@OF_ACCOUNT
@OF_KIND
@FOR_REASON
@json_option
@plainly
def discard(name: str | None, account: str, kind: str | None, reason: str | None, as_json: bool) -> None:
    """Discard pending work on NAME (an id, or product/window), or all of the account that the options match. No stored
    row is removed.
    """
    if not (name or kind or reason):
        raise SettingError("NAME, --kind or --reason: give one")
    count = ask_database(lambda connection: actions.discard(connection, account, name, kind, reason))
    show(as_json, documents.Discarded(count), f"discarded {count}")
    sys.exit(0 if count else 1)


@click.command(name="approve-deletions")
@click.argument("product", type=PRODUCTS)
@click.argument("count", type=click.IntRange(0, 100_000_000))
@OF_ACCOUNT
@json_option
@plainly
def approve_deletions(product: str, count: int, account: str, as_json: bool) -> None:
    """Approve up to COUNT deletions after a scan was held by the delete guard. Valid for 24 hours.

    Without an approval the guard allows max(20, 1 %) absent objects per scan and as many deletions per hour.
    """
    ask_database(lambda connection: actions.approve_deletions(connection, account, Product(product), count))
    show(as_json, documents.Approval(account, product, count), f"{count} {product} deletions approved; scanning now")


@click.command()
@click.option("--sample", type=click.IntRange(1, 100_000), help="Compare this many random stored objects.")
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Compare all objects that start on or after this date ...",
)
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), help="... and on or before this one.")
@click.option("--all", "everything", is_flag=True, help="Compare everything.")
@click.option("--product", type=PRODUCTS, help="One product only.")
@OF_ACCOUNT
@json_option
@plainly
def audit(
    sample: int | None,
    first: datetime | None,
    last: datetime | None,
    everything: bool,
    product: str | None,
    account: str,
    as_json: bool,
) -> None:
    """Re-read a random sample from SavvyCal and report how many rows match.

    Objects are counted as match, stale, missing or extra; each difference is queued for a reconcile. The default sample
    is 100 objects of each product. Exit code 1 if anything differs.
    """
    if first and last and last < first:
        raise SettingError("--until lies before --from")
    if sample and (first or last or everything):
        raise SettingError("--sample does not go with --from, --until and --all")
    bounds = days(_day(first), _day(last)) if first or last or everything else None
    found = asyncio.run(_audit(account, [Product(product)] if product else None, sample or 100, bounds))
    show(as_json, {"audits": [_document(each) for each in found]}, "\n".join(_text(each) for each in found))
    sys.exit(1 if any(each.differing for each in found) else 0)


def days(first: date | None, last: date | None) -> Bounds:
    """Requests a wider range, as a resync does; only dates inside the given range are compared."""
    padded = windows.padded(first or date.min, last or windows.FAR)
    return Bounds(padded.start if first else None, padded.until if last else None)


def _day(moment: datetime | None) -> date | None:
    return moment.replace(tzinfo=UTC).date() if moment else None


def _document(found: Audit) -> dict[str, Any]:
    return {"product": found.product, "match": found.match} | {name: list(getattr(found, name)) for name in DIFFERENCES}


def _text(found: Audit) -> str:
    ids = [f"  {name} {object_id}" for name in DIFFERENCES for object_id in getattr(found, name)]
    return "\n".join([_line(found), *ids])


def _line(found: Audit) -> str:
    return (
        f"{found.product}: {found.match} match, {len(found.stale)} stale, {len(found.missing)} missing, "
        f"{len(found.extra)} extra, {len(found.unreadable)} unreadable"
    )


async def _audit(account: str, products: list[Product] | None, size: int, bounds: Bounds | None) -> list[Audit]:
    """Reads as the daemon does, so that what it leaves out is no difference; their rate limit is one."""
    runtime = composition.find_runtime(settings.load())
    async with (
        composition.open_database(runtime.database_url, pool_size=2) as db,
        composition.open_context(runtime, db, is_patient=True) as context,
    ):
        found = []
        for product in products or list(context.accounts.get(account, {})):
            progress = _progress(product)
            if bounds:
                found.append(await audit_range(context, account, product, bounds, progress))
            else:
                found.append(await audit_sample(context, account, product, size, progress))
    if not found:
        raise SettingError(f"SAVVYCAL_MEETINGS_TOKEN, SAVVYCAL_APPOINTMENTS_TOKEN: none is set for account {account}")
    return found


def _progress(product: Product) -> Callable[[int], None]:
    if not sys.stderr.isatty():
        return lambda _count: None
    return lambda count: click.echo(f"\r{product}: {count} compared", nl=False, err=True)

"""`work`, `approve-deletions` and `audit`: what waits for a person, and how much of the mirror is true."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from typing import Any

import click

from worker import composition, demo, settings, status_text
from worker.cli.base import ask_database, json_option, plainly, show
from worker.core import cadence
from worker.core.cadence import Bounds
from worker.core.model import Product
from worker.errors import SettingError
from worker.queue import DEFAULT_ACCOUNT
from worker.savvycal.client import open_session
from worker.savvycal.rate_limit import RateLimit
from worker.settings import Settings
from worker.shared_rate_limit import RedisRateLimit
from worker.store import scans, work_queue
from worker.store.database import Connection, Database
from worker.sync import actions
from worker.sync.audit import Audit, audit_range, audit_sample
from worker.sync.context import Endpoint, SyncContext

DIFFERENCES = ("stale", "missing", "extra", "unreadable")
PRODUCTS = click.Choice([product.value for product in Product])
OF_ACCOUNT = click.option("--account", default=DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")


@click.group()
def work() -> None:
    """The work queue: what is requested, planned, failing, or a dead letter."""


@work.command(name="list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most so many.")
@json_option
@plainly
def list_work(limit: int, as_json: bool) -> None:
    """Show open work: dead letters first, then the most urgent."""

    async def ask(connection: Connection) -> list[dict[str, Any]]:
        rows = await connection.fetch(work_queue.SQL["open_work"], limit)
        return [dict(row) for row in rows] + [dict(row) for row in await connection.fetch(scans.SQL["dead_lettered"])]

    found = ask_database(ask)
    for row in found:
        row["what"] = row.get("id") or f"{row['product']}/{row['window_name']}"
        row["state"] = "dead letter" if row["dead_lettered_at"] else "leased" if row.get("lease_until") else "waiting"
    columns = ("account", "what", "state", "due_at", "reasons", "attempts", "last_error")
    rows = [{column: row.get(column) for column in columns} for row in found]
    show(as_json, {"work": rows}, status_text.table("open work", columns, found) or "nothing is open")


@work.command()
@click.argument("name", required=False)
@OF_ACCOUNT
@json_option
@plainly
def retry(name: str | None, account: str, as_json: bool) -> None:
    """Try dead letters again now: NAME (an id, or product/window), or all of the account."""
    count = ask_database(lambda connection: actions.retry(connection, account, name))
    show(as_json, {"retried": count}, f"trying {count} again")
    sys.exit(0 if count or name is None else 1)


@work.command()
@click.argument("name")
@OF_ACCOUNT
@json_option
@plainly
def discard(name: str, account: str, as_json: bool) -> None:
    """Give up open work on NAME (an id, or product/window). Nothing that is stored goes away."""
    count = ask_database(lambda connection: actions.discard(connection, account, name))
    show(as_json, {"discarded": count}, f"discarded {count}")
    sys.exit(0 if count else 1)


@click.command(name="approve-deletions")
@click.argument("product", type=PRODUCTS)
@click.argument("count", type=click.IntRange(0, 100_000_000))
@OF_ACCOUNT
@json_option
@plainly
def approve_deletions(product: str, count: int, account: str, as_json: bool) -> None:
    """Approve up to COUNT deletions of a PRODUCT after a scan was held by the delete guard. Valid for 24 hours.

    Without it at most max(20, 1 %) may be missing from one scan, and as many be marked deleted in an hour.
    """
    known = ask_database(lambda connection: scans.approve_deletions(connection, account, Product(product), count))
    if not known:
        raise SettingError(f"account {account} mirrors no {product}")
    document = {"account": account, "product": product, "approved_deletions": count}
    show(as_json, document, f"{count} {product} objects may be missing; scanning now")


@click.command()
@click.option("--sample", type=click.IntRange(1, 100_000), help="Compare so many stored objects, chosen by chance.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="Compare everything that starts from here ...")
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), help="... to here.")
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
    """Re-read and compare with the tables: match, stale, missing, extra. What differs is asked for again.

    Without options 100 stored objects of each product are compared. Exit code 1 when anything differs.
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
    """Asked wider, as a resync is: only what lies inside is vouched for."""
    padded = cadence.padded(first or date.min, last or cadence.FAR)
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
    given = settings.load()
    async with AsyncExitStack() as stack:
        db = await Database.connect(status_text.database_url(given), pool_size=2)
        stack.push_async_callback(db.close)
        context = SyncContext(db, await _endpoints(given, stack), ())
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


async def _endpoints(given: Settings, stack: AsyncExitStack) -> dict[str, Mapping[Product, Endpoint]]:
    """As the daemon has them: what it leaves out is no difference, and the budget is shared with it where Redis is."""
    session = await stack.enter_async_context(open_session())
    privacy, found = composition.plan_privacy(given), {}
    per_minute = given.requests_per_minute if settings.accounts(given) else demo.REQUESTS_PER_MINUTE
    for each in status_text.accounts(given):
        shared = RedisRateLimit(status_text.redis_url(given), each.name) if status_text.has_redis(given) else None
        if shared:
            stack.push_async_callback(shared.aclose)
        rate_limit = RateLimit(per_minute, shared, is_patient=True)
        found[each.name] = composition.endpoints_of(each, session, rate_limit, privacy)
    return found


def _progress(product: Product) -> Callable[[int], None]:
    if not sys.stderr.isatty():
        return lambda _count: None
    return lambda count: click.echo(f"\r{product}: {count} compared", nl=False, err=True)

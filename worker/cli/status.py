"""`status`, `resync` and `check`: show the state, request a resync, test the configuration."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

import savvycal_sync
from savvycal_sync.queue import DEFAULT_ACCOUNT
from savvycal_sync.targets import Target, targets_of
from worker import check as probing
from worker import composition, documents, locations, settings, status_text
from worker.cli.base import Duration, ask_database, json_option, plainly, show
from worker.core.kinds import KINDS, Product
from worker.errors import ResyncRejected, SettingError
from worker.live_check import report
from worker.settings import Settings
from worker.store import schema
from worker.store import status as status_queries
from worker.sync import monitor


@click.command()
@click.argument("target")
@click.option(
    "--product",
    type=click.Choice([product.value for product in Product]),
    help="For a range, all, or an id without a known prefix.",
)
@click.option("--account", default=DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")
@click.option("--wait", "seconds", type=Duration(), help="For an id: wait this long for the result (30s, 5m).")
@json_option
@plainly
def resync(target: str, product: str | None, account: str, seconds: float | None, as_json: bool) -> None:
    """Queue an immediate re-read of one object, a date range, or everything.

    \b
    TARGET is   event_01J...                an Event
                appt_4f2a...                an Appointment
                2026-01-01..2026-02-01      everything that starts in a range of dates
                all                         everything

    --wait sends the request through Postgres and prints the result. Exit code 0: done, unchanged or deleted; else 1.
    """
    given = settings.load()
    targets = targets_of(target, product)
    _refuse_unknown(targets, account, locations.known_products(given, account))
    if seconds is not None:
        sys.exit(_resync_and_wait(targets[0], account, seconds, as_json))
    pushed = savvycal_sync.resync(target, product=product, account=account, redis=locations.redis_url(given))
    job_id = asyncio.run(pushed)
    show(as_json, {"queued": job_id}, f"queued {job_id}")


def _refuse_unknown(targets: Sequence[Target], account: str, known: set[str] | None) -> None:
    """Nothing is queued about products for which the account has no token, where that is known."""
    products = sorted({KINDS[target.product.kind].product.value for target in targets})
    if known is not None and not known.intersection(products):
        raise ResyncRejected(f"account {account} mirrors no {' or '.join(products)}: set its token")


def _resync_and_wait(target: Target, account: str, seconds: float, as_json: bool) -> int:
    object_id, product = target.object_id, target.product
    if object_id is None:
        raise ResyncRejected("--wait needs the id of one object")
    found = ask_database(
        lambda db: savvycal_sync.resync(object_id, database=db, wait=seconds, product=product, account=account)
    )
    version = f" (version {found.version})" if found.version else ""
    text = f"{found.result}{version}" + (f": {found.detail}" if found.detail else "")
    show(as_json, documents.resync_result(found), text)
    return 0 if found.result in {"done", "unchanged", "deleted"} else 1


@click.command()
@json_option
@plainly
def status(as_json: bool) -> None:
    """Show what is wrong, what is synced, how fresh it is, what is running and what failed recently."""
    given = settings.load()
    current, found = asyncio.run(_status(given))
    if as_json:
        click.echo(documents.to_json(documents.status(current, found)))
        return
    click.echo(status_text.problems(current.sentence, current.problems))
    click.echo(status_text.as_text(found, given.secret_keys is not None))


async def _status(given: Settings) -> tuple[monitor.Report, dict[str, Any]]:
    """What is wrong, and everything else that `status` shows."""
    async with composition.open_database(locations.database_url(given), pool_size=1) as db:
        async with db.connection() as connection:
            await schema.check(connection)
            found = await status_queries.report(connection)
        names = {account.name for account in locations.accounts(given)}
        return await monitor.report_once(db, locations.shared_redis_url(given), names), found


@click.command()
@click.option("--live", is_flag=True, help="Learn what SavvyCal's documentation leaves open; reads only.")
@json_option
@click.option("--report", "file", type=click.Path(dir_okay=False, path_type=Path), help="With --live: write a report.")
@click.option("--account", help="With --live: which SavvyCal account, when there are several.")
@plainly
def check(live: bool, as_json: bool, file: Path | None, account: str | None) -> None:
    """Test every setting, the database, Redis and the tokens; tells you how to fix each problem.

    --live sends at most 40 requests to SavvyCal, all of them reads, and compares how it answers with what its
    documentation says and with what this program assumes. The report holds no personal data, no ids and no tokens:
    please send it to us when something differs.
    """
    if not live and (file or account):
        raise SettingError("--report and --account go with --live")
    if live:
        _check_live(account, as_json, file)
        return
    found = asyncio.run(probing.run())
    if as_json:
        click.echo(documents.to_json([asdict(finding) for finding in found]))
    else:
        for finding in found:
            click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.said}")
    sys.exit(0 if all(finding.ok for finding in found) else 1)


def _check_live(account: str | None, as_json: bool, file: Path | None) -> None:
    result = asyncio.run(probing.live(account))
    click.echo(documents.to_json(report.as_document(result)) if as_json else report.as_text(result))
    if file:
        _write(file, documents.to_json(report.as_report(result, datetime.now(UTC).date())))
    if said := asyncio.run(probing.keep(result)):
        click.echo(f"findings {said}", err=True)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise SettingError(f"--report: the file cannot be written ({type(error).__name__})") from None

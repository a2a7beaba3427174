"""`status`, `resync` and `check`: show the state, request a resync, test the configuration."""

import asyncio
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from worker import check as probing
from worker import locations, queue, settings, status_text, wait
from worker.cli.base import Duration, ask_database, plainly
from worker.core.kinds import KINDS, Product
from worker.errors import ResyncRejected, SettingError
from worker.live_check import report
from worker.store import status as status_queries
from worker.web import to_json


@click.command()
@click.argument("target")
@click.option(
    "--product",
    type=click.Choice([product.value for product in Product]),
    help="For a range, all, or an id without a known prefix.",
)
@click.option("--account", default=queue.DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")
@click.option("--wait", "seconds", type=Duration(), help="For an id: wait this long for the result (30s, 5m).")
@plainly
def resync(target: str, product: str | None, account: str, seconds: float | None) -> None:
    """Queue an immediate re-read of one object, a date range, or everything.

    \b
    TARGET is   event_01J...                an Event
                appt_4f2a...                an Appointment
                2026-01-01..2026-02-01      everything that starts in a range of dates
                all                         everything

    --wait sends the request through Postgres and prints the result. Exit code 0: done, unchanged or deleted; else 1.
    """
    if seconds is not None:
        sys.exit(_resync_and_wait(target, product, account, seconds))
    url = locations.redis_url(settings.load())
    pushed = asyncio.run(queue.request_resync(target, product=product, account=account, redis_url=url))
    for job_id in pushed:
        click.echo(f"queued {job_id}")


def _resync_and_wait(target: str, product: str | None, account: str, seconds: float) -> int:
    call = queue.calls_for(target, product)[0]
    kind = call.job.removeprefix("resync_")
    if kind not in KINDS:
        raise ResyncRejected("--wait needs the id of one object")
    object_id = call.arguments[0]
    found = ask_database(lambda db: wait.resync(db, kind, object_id, account=account, seconds=seconds))
    version = f" (version {found.version})" if found.version else ""
    click.echo(f"{found.result}{version}" + (f": {found.detail}" if found.detail else ""))
    return 0 if found.result in {"done", "unchanged", "deleted"} else 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plainly
def status(as_json: bool) -> None:
    """Show what is synced, how fresh it is, what is running and what failed recently."""
    found = ask_database(status_queries.report)
    has_keys = settings.load().secret_keys is not None
    click.echo(to_json(found) if as_json else status_text.as_text(found, has_keys))


@click.command()
@click.option("--live", is_flag=True, help="Learn what SavvyCal's documentation leaves open; reads only.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
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
        click.echo(to_json([asdict(finding) for finding in found]))
    else:
        for finding in found:
            click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.said}")
    sys.exit(0 if all(finding.ok for finding in found) else 1)


def _check_live(account: str | None, as_json: bool, file: Path | None) -> None:
    result = asyncio.run(probing.live(account))
    click.echo(to_json(report.as_document(result)) if as_json else report.as_text(result))
    if file:
        _write(file, to_json(report.as_report(result, datetime.now(UTC).date())))
    if said := asyncio.run(probing.keep(result)):
        click.echo(f"findings {said}", err=True)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise SettingError(f"--report: the file cannot be written ({type(error).__name__})") from None

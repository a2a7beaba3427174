"""`status`, `resync` and `check`: looking at a mirror and asking it for something."""

import asyncio
import sys

import click

from worker import check as probing
from worker import queue, reports, settings
from worker.cli.base import ask_database, plainly
from worker.store import status as status_queries
from worker.web import to_json


@click.command()
@click.argument("target")
@click.option("--product", type=click.Choice(["meetings", "appointments"]), help="For a range, all, or an unusual id.")
@click.option("--account", default=queue.DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")
@plainly
def resync(target: str, product: str | None, account: str) -> None:
    """Read something at SavvyCal again now, through the queue.

    \b
    TARGET is   event_01J...                an Event
                appt_4f2a...                an Appointment
                2026-01-01..2026-02-01      everything that starts in a range of dates
                all                         everything
    """
    url = reports.redis_url(settings.load())
    pushed = asyncio.run(queue.request_resync(target, product=product, account=account, redis_url=url))
    for job_id in pushed:
        click.echo(f"queued {job_id}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plainly
def status(as_json: bool) -> None:
    """What is synced, how fresh it is, what is going on and what failed last."""
    found = ask_database(status_queries.report)
    has_keys = settings.load().secret_keys is not None
    click.echo(to_json(found) if as_json else reports.as_text(found, has_keys))


@click.command()
@plainly
def check() -> None:
    """Probe every setting, the database, Redis and the tokens; each trouble comes with its next step."""
    found = asyncio.run(probing.run())
    for finding in found:
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.said}")
    sys.exit(0 if all(finding.ok for finding in found) else 1)

"""`explain`: everything that is known of one object, in order."""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import click

from savvycal_sync.queue import DEFAULT_ACCOUNT
from savvycal_sync.targets import kind_of
from worker import documents
from worker.cli.base import ask_database, json_option, plainly, show
from worker.core.kinds import KINDS
from worker.store import timeline


@click.command()
@click.argument("object_id", metavar="ID")
@click.option("--kind", type=click.Choice([kind.value for kind in KINDS]), help="For an id without a known prefix.")
@click.option("--account", default=DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")
@json_option
@plainly
def explain(object_id: str, kind: str | None, account: str, as_json: bool) -> None:
    """Explain one object: its versions, transitions and their reasons, webhooks, resyncs and failures, in order.

    The last lines show as of when it is known to be current, and when and why it is read next. Reasons are texts that
    people entered.
    """
    kind = kind or kind_of(object_id)
    rows = ask_database(lambda connection: timeline.load(connection, kind, object_id, account))
    if not rows:
        click.echo(f"nothing is known of {kind} {object_id} in account {account}", err=True)
        sys.exit(1)
    show(as_json, documents.timeline(rows), "\n".join(map(_line, rows)))


def _line(row: dict[str, Any]) -> str:
    at: datetime = row["at"]
    version = f"version {row['version']}" if row["version"] else None
    fields = f"changed: {', '.join(row['fields'])}" if row["fields"] else None
    via = f"via {row['via']}" if row["via"] else None
    detail = json.dumps(row["detail"], ensure_ascii=False) if row["detail"] else None
    parts = [part for part in (row["status"], version, via, fields, detail) if part]
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}  {row['what']:<18}  {'  '.join(parts)}".rstrip()

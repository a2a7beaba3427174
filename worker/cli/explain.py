"""`explain`: everything that is known of one object, in order."""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import click

from worker import queue
from worker.cli.base import ask_database, plainly
from worker.errors import ResyncRejected
from worker.store import timeline
from worker.web import to_json


@click.command()
@click.argument("object_id", metavar="ID")
@click.option("--kind", type=click.Choice(["event", "appointment"]), help="For an unusual id.")
@click.option("--account", default=queue.DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plainly
def explain(object_id: str, kind: str | None, account: str, as_json: bool) -> None:
    """Explain one object: its versions, transitions and their reasons, webhooks, resyncs and failures, in order.

    The last lines say since when it is vouched for, and when it is read next and why. Reasons are what people wrote.
    """
    kind = kind or _kind_of(object_id)
    rows = ask_database(lambda connection: timeline.load(connection, kind, object_id, account))
    if not rows:
        click.echo(f"nothing is known of {kind} {object_id}", err=True)
        sys.exit(1)
    click.echo(to_json(rows) if as_json else "\n".join(map(_line, rows)))


def _kind_of(object_id: str) -> str:
    for kind, prefix in (("event", "event_"), ("appointment", "appt_")):
        if object_id.startswith(prefix):
            return kind
    raise ResyncRejected("cannot tell what that id is: it starts with neither event_ nor appt_; use --kind")


def _line(row: dict[str, Any]) -> str:
    at: datetime = row["at"]
    version = f"version {row['version']}" if row["version"] else None
    fields = f"changed: {', '.join(row['fields'])}" if row["fields"] else None
    via = f"via {row['via']}" if row["via"] else None
    detail = json.dumps(row["detail"], ensure_ascii=False) if row["detail"] else None
    said = [part for part in (row["status"], version, via, fields, detail) if part]
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}  {row['what']:<18}  {'  '.join(said)}".rstrip()

"""`explain`: everything that is known of one object, in order."""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import click

from savvycal_sync.queue import DEFAULT_ACCOUNT
from worker.cli.base import ask_database, plainly
from worker.core.kinds import KINDS
from worker.errors import ResyncRejected
from worker.store import timeline
from worker.web import to_json


@click.command()
@click.argument("object_id", metavar="ID")
@click.option("--kind", type=click.Choice([kind.value for kind in KINDS]), help="For an id without a known prefix.")
@click.option("--account", default=DEFAULT_ACCOUNT, show_default=True, help="Which SavvyCal account.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plainly
def explain(object_id: str, kind: str | None, account: str, as_json: bool) -> None:
    """Explain one object: its versions, transitions and their reasons, webhooks, resyncs and failures, in order.

    The last lines show as of when it is known to be current, and when and why it is read next. Reasons are texts that
    people entered.
    """
    kind = kind or _kind_of(object_id)
    rows = ask_database(lambda connection: timeline.load(connection, kind, object_id, account))
    if not rows:
        click.echo(f"nothing is known of {kind} {object_id}", err=True)
        sys.exit(1)
    click.echo(to_json(rows) if as_json else "\n".join(map(_line, rows)))


def _kind_of(object_id: str) -> str:
    for kind, spec in KINDS.items():
        if object_id.startswith(spec.id_prefix):
            return kind
    prefixes = ", ".join(spec.id_prefix for spec in KINDS.values())
    raise ResyncRejected(f"cannot tell what that id is: it starts with none of {prefixes}; use --kind")


def _line(row: dict[str, Any]) -> str:
    at: datetime = row["at"]
    version = f"version {row['version']}" if row["version"] else None
    fields = f"changed: {', '.join(row['fields'])}" if row["fields"] else None
    via = f"via {row['via']}" if row["via"] else None
    detail = json.dumps(row["detail"], ensure_ascii=False) if row["detail"] else None
    parts = [part for part in (row["status"], version, via, fields, detail) if part]
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}  {row['what']:<18}  {'  '.join(parts)}".rstrip()

"""`savvycal-sync run`: the daemon, with its output on the terminal."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper

import click

from worker import daemon, logs, settings, status_text
from worker.cli.base import Duration, plainly
from worker.cli.live_row import AboveRow, LiveRow
from worker.startup import Announce
from worker.store.database import Database

LIVE_SECONDS, LIVE_SECONDS_MAX, LIVE_SHARE = 2.0, 600.0, 0.005
"""The live line counts rows: this often while counting is quick, else so seldom that it takes at most this share of the
time.
"""


@click.command()
@click.option("--for", "seconds", type=Duration(), help="Stop after this time: 30s, 5m, 1h.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in daemon.Role]),
    default="all",
    show_default=True,
    help="Run only the sync worker, or only the HTTP server.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print the log only.")
@plainly
def run(seconds: float | None, role: str, quiet: bool) -> None:
    """Run the daemon until Ctrl-C or SIGTERM.

    DATABASE_URL and REDIS_URL name the servers; a server that is not set is embedded and named at start. Without a
    SavvyCal token a simulated account is synced.
    """
    given = settings.load()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a character that the terminal cannot show must not end the program
    is_json = given.log_format == "json"
    is_terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    row = LiveRow(sys.stdout) if is_terminal and not quiet and not is_json else None
    with contextlib.ExitStack() as stack:
        if row and sys.stderr.isatty():
            stack.enter_context(contextlib.redirect_stderr(AboveRow(row, sys.stderr)))
        logs.configure(given.log_level, is_json)
        announce = _announce(row, quiet, is_json)
        daemon.run(given, daemon.Role(role), seconds, announce, _show_nothing if quiet or is_json else _show_live(row))


def _announce(row: LiveRow | None, quiet: bool, is_json: bool) -> Announce:
    """Prints lines for people, above the live line where there is one."""
    if quiet:
        return lambda _line: None
    if is_json:
        return _print_json
    return (lambda line: row.above(sys.stdout, f"{line}\n")) if row else _print


def _print(line: str) -> None:
    """Prints a line; when that fails (a full disk, a closed pipe) the daemon continues."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(line)


def _print_json(line: str) -> None:
    """Prints the same line for machines, in the schema of the log."""
    entry = {"event": "announcement", "text": line, "level": "info", "timestamp": datetime.now(UTC).isoformat()}
    _print(json.dumps(entry))


async def _show_nothing(db: Database) -> None:
    """Machines read /metrics."""


def _show_live(row: LiveRow | None) -> daemon.Watch:
    """Shows the live line again and again, until it is canceled."""
    show = (lambda line: row.show(f"{_clock()}  {line}")) if row else _print_changed()

    async def watch(db: Database) -> None:
        took = 0.0
        try:
            while True:
                await asyncio.sleep(min(LIVE_SECONDS_MAX, max(LIVE_SECONDS, took / LIVE_SHARE)))
                began = time.monotonic()
                show(status_text.live_line(await daemon.load_figures(db)))
                took = time.monotonic() - began
        finally:
            if row:
                row.end()

    return watch


def _print_changed() -> Callable[[str], None]:
    """Where nothing can be overwritten: a line only when it has changed."""
    last = [""]

    def show(line: str) -> None:
        if line != last[0]:
            _print(f"{_clock()}  {line}")
        last[0] = line

    return show


def _clock() -> str:
    return datetime.now(UTC).strftime("%H:%M:%S")

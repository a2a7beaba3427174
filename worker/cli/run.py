"""`savvycal-sync run`: the daemon, with its output on the terminal."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper

import click

from worker import daemon, logs, settings, status_text
from worker.cli.base import Duration, plainly
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
@plainly
def run(seconds: float | None, role: str) -> None:
    """Run the daemon until Ctrl-C or SIGTERM.

    DATABASE_URL and REDIS_URL name the servers; a server that is not set is embedded and named at start. Without a
    SavvyCal token a simulated account is synced.
    """
    given = settings.load()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a character that the terminal cannot show must not end the program
    logs.configure(given.log_level, given.log_format == "json")
    announce, watch = (_print_json, _show_nothing) if logs.is_json() else (_print, _show_live)
    daemon.run(given, daemon.Role(role), seconds, announce, watch)


def _print(line: str, nl: bool = True) -> None:
    """Prints a line for people; when that fails (a full disk, a closed pipe) the daemon continues."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(line, nl=nl)


def _print_json(line: str) -> None:
    """Prints the same line for machines, in the schema of the log."""
    entry = {"event": "announcement", "text": line, "level": "info", "timestamp": datetime.now(UTC).isoformat()}
    _print(json.dumps(entry))


async def _show_nothing(db: Database) -> None:
    """Machines read /metrics."""


async def _show_live(db: Database) -> None:
    """Shows the live line again and again, until it is canceled."""
    show, took = _live_line(), 0.0
    while True:
        await asyncio.sleep(min(LIVE_SECONDS_MAX, max(LIVE_SECONDS, took / LIVE_SHARE)))
        began = time.monotonic()
        show(status_text.live_line(await daemon.load_figures(db)))
        took = time.monotonic() - began


def _live_line() -> Callable[[str], None]:
    """On a terminal one line that is overwritten; elsewhere a line only when it has changed."""
    if sys.stdout.isatty():
        return lambda line: _print(f"\r\x1b[K{_clock()}  {line}", nl=False)
    last = [""]

    def show(line: str) -> None:
        if line != last[0]:
            _print(f"{_clock()}  {line}")
        last[0] = line

    return show


def _clock() -> str:
    return datetime.now(UTC).strftime("%H:%M:%S")

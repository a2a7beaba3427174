"""`savvycal-sync run`: the daemon, with what a person sees of it."""

import contextlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper

import click

from worker import daemon, logs, settings
from worker.cli.base import Duration, plainly


@click.command()
@click.option("--for", "seconds", type=Duration(), help="Stop by itself after this long: 30s, 5m, 1h.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in daemon.Role]),
    default="all",
    show_default=True,
    help="Only the part that works, or only the part that listens.",
)
@plainly
def run(seconds: float | None, role: str) -> None:
    """Run the daemon until Ctrl-C or SIGTERM.

    DATABASE_URL and REDIS_URL say where; what is not set is started from the wheels and named at start. Without a
    SavvyCal token a simulated account is shown.
    """
    given = settings.load()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a letter that the terminal's encoding lacks ends nothing
    logs.configure(given.log_level, given.log_format == "json")
    daemon.run(given, daemon.Role(role), seconds, _say, _live_line())


def _say(line: str, nl: bool = True) -> None:
    """A line for whoever looks on; when nobody can take it (a full disk, a closed pipe) the mirror goes on without."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(line, nl=nl)


def _live_line() -> Callable[[str], None]:
    """On a terminal one line that is overwritten; elsewhere a line only when it says something new."""
    if sys.stdout.isatty():
        return lambda line: _say(f"\r\x1b[K{_clock()}  {line}", nl=False)
    last = [""]

    def show(line: str) -> None:
        if line != last[0]:
            _say(f"{_clock()}  {line}")
        last[0] = line

    return show


def _clock() -> str:
    return datetime.now(UTC).strftime("%H:%M:%S")

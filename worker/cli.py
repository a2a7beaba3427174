"""The command `savvycal-sync`; the only module that prints.

Exit codes: 0 done, 1 it failed, 2 a wrong setting or word.
"""

import asyncio
import re
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar

import click

from worker import __version__, check, daemon, queue, reports, settings, telemetry
from worker.errors import BadTrigger, SavvycalSyncError, SettingError
from worker.simulator import Options, Simulator
from worker.simulator import run as run_simulator
from worker.store import schema as schema_sql
from worker.store import status as status_queries
from worker.store.database import Database
from worker.web import to_json

T = TypeVar("T")
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)(s|m|h)?$")
_UNITS = {"s": 1, "m": 60, "h": 3600, None: 1}


class Duration(click.ParamType[float]):
    """30s, 5m, 1h, or plain seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        found = _DURATION.match(str(value))
        if not found:
            self.fail("say 30s, 5m or 1h", param, ctx)
        return float(found[1]) * _UNITS[found[2]]


def plainly(command: Callable[..., T]) -> Callable[..., T]:
    """One clear line for every error of ours, and its exit code."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> T:
        try:
            return command(*args, **kwargs)
        except SavvycalSyncError as error:
            click.echo(f"savvycal-sync: {error}", err=True)
            sys.exit(2 if isinstance(error, SettingError | BadTrigger) else 1)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """Keeps a SavvyCal account mirrored in Postgres.

    \b
    savvycal-sync run                    start; what is not configured is embedded
    savvycal-sync status                 what is synced, how fresh, what failed
    savvycal-sync resync event_01J...    read one thing again now
    savvycal-sync check                  probe every setting, server and token

    Settings are environment variables; see docs/configuration.md.
    """


@main.command()
@click.option("--for", "seconds", type=Duration(), help="Stop by itself after this long: 30s, 5m, 1h.")
@plainly
def run(seconds: float | None) -> None:
    """Run the daemon until Ctrl-C or SIGTERM.

    DATABASE_URL and REDIS_URL say where; what is not set is started from the wheels and named at start. Without a
    SavvyCal token a simulated account is shown.
    """
    given = settings.load()
    telemetry.configure(given.log_level, given.log_format == "json")
    daemon.run(given, seconds, click.echo, _live_line())


def _live_line() -> Callable[[str], None]:
    """On a terminal one line that is overwritten; elsewhere a line only when it says something new."""
    if sys.stdout.isatty():
        return lambda line: click.echo(f"\r\x1b[K{_clock()}  {line}", nl=False)
    last = [""]

    def show(line: str) -> None:
        if line != last[0]:
            click.echo(f"{_clock()}  {line}")
        last[0] = line

    return show


def _clock() -> str:
    return datetime.now(UTC).strftime("%H:%M:%S")


@main.command()
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


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plainly
def status(as_json: bool) -> None:
    """What is synced, how fresh it is, what is going on and what failed last."""
    found = asyncio.run(_with_database(status_queries.report))
    click.echo(to_json(found) if as_json else reports.as_text(found))


@main.command(name="check")
@plainly
def check_command() -> None:
    """Probe every setting, the database, Redis and the tokens; each trouble comes with its next step."""
    found = asyncio.run(check.run())
    for finding in found:
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.said}")
    sys.exit(0 if all(finding.ok for finding in found) else 1)


@main.group(name="schema")
def schema_group() -> None:
    """The tables: apply them, check their version, print them."""


@schema_group.command(name="apply")
@plainly
def schema_apply() -> None:
    """Apply schema.sql to DATABASE_URL. Doing it twice changes nothing."""
    asyncio.run(_with_database(schema_sql.apply))
    click.echo(f"schema version {schema_sql.SCHEMA_VERSION} is in place")


@schema_group.command(name="check")
@plainly
def schema_check() -> None:
    """Say whether DATABASE_URL holds the version this program needs."""
    asyncio.run(_with_database(schema_sql.check))
    click.echo(f"schema version {schema_sql.SCHEMA_VERSION}, as needed")


@schema_group.command(name="print")
def schema_print() -> None:
    """Print schema.sql."""
    click.echo(schema_sql.text(), nl=False)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8322, show_default=True, help="0 takes a free one.")
@click.option("--events", type=click.IntRange(0, 1_000_000), default=300, show_default=True)
@click.option("--appointments", type=click.IntRange(0, 1_000_000), default=120, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same account.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="Simulated seconds per second; 0: frozen.")
@plainly
def simulate(port: int, events: int, appointments: int, seed: int, speed: float) -> None:
    """Serve a simulated SavvyCal (both APIs) on 127.0.0.1, to try things against."""
    options = Options(seed=seed, events=events, appointments=appointments, speed=speed)
    try:
        asyncio.run(run_simulator(options, port=port, started=_announce_simulator))
    except KeyboardInterrupt:
        click.echo("stopped")
    except OSError as error:
        raise SettingError(f"--port {port}: cannot listen ({error.strerror or type(error).__name__})") from None


def _announce_simulator(simulator: Simulator) -> None:
    for name, value in (
        ("SAVVYCAL_MEETINGS_URL", simulator.meetings_url),
        ("SAVVYCAL_MEETINGS_TOKEN", simulator.options.meetings_token),
        ("SAVVYCAL_APPOINTMENTS_URL", simulator.appointments_url),
        ("SAVVYCAL_APPOINTMENTS_TOKEN", simulator.options.appointments_token),
    ):
        click.echo(f"export {name}={value}")
    click.echo(f"# control: {simulator.control_url}/world   stop: Ctrl-C")


async def _with_database(ask: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
    db = await Database.connect(reports.database_url(settings.load()), pool_size=1)
    try:
        async with db.connection() as connection:
            if ask is not schema_sql.apply:
                await schema_sql.check(connection)
            return await ask(connection)
    finally:
        await db.close()

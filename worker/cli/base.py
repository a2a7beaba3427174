"""What all commands share: errors as one line, durations, and a database connection."""

import asyncio
import re
import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, TypeVar

import click

from worker import composition, locations, logs, settings
from worker.documents import to_json
from worker.errors import ResyncRejected, SavvycalSyncError, SettingError
from worker.log_redaction import redact_log
from worker.store import schema
from worker.store.database import Connection

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
            self.fail("enter a duration such as 30s, 5m or 1h", param, ctx)
        return float(found[1]) * _UNITS[found[2]]


json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs (docs/json.md).")


def show(as_json: bool, document: Any, text: str) -> None:
    """Prints a result: as JSON for programs, else as text for people."""
    click.echo(to_json(document) if as_json else text)


def plainly(command: Callable[..., T]) -> Callable[..., T]:
    """Prints an error of this program as one line and exits with 2 (invalid configuration or arguments) or 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> T:
        try:
            return command(*args, **kwargs)
        except SavvycalSyncError as error:
            _show_failure(str(error))
            sys.exit(2 if isinstance(error, SettingError | ResyncRejected) else 1)

    return run


def _show_failure(text: str) -> None:
    """One line for people, or an entry of the log where machines read that."""
    if logs.is_json():
        logs.log.error("command_failed", reason=text)
    else:
        click.echo(f"savvycal-sync: {redact_log(text)}", err=True)


def ask_database(
    question: Callable[[Connection], Coroutine[Any, Any, T]], check_schema: bool = True, is_direct: bool = False
) -> T:
    """Runs one query function against the database, configured or embedded; `is_direct` avoids the pooler where
    DATABASE_DIRECT_URL is set.
    """

    async def ask() -> T:
        given = settings.load()
        direct = given.database_direct_url if is_direct else None
        url = direct.get_secret_value() if direct else locations.database_url(given)
        async with composition.open_database(url, pool_size=1) as db, db.connection() as connection:
            if check_schema:
                await schema.check(connection)
            return await question(connection)

    return asyncio.run(ask())

"""`savvycal-sync watch`: changes and problems as they happen."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

import click

from savvycal_sync.errors import CursorRefused
from savvycal_sync.feed import Change, changes
from savvycal_sync.queue import DEFAULT_ACCOUNT
from worker import composition, locations, settings
from worker.cli.base import json_option, plainly
from worker.core.kinds import KINDS
from worker.core.problems import Problem
from worker.documents import to_json, watched
from worker.errors import SettingError
from worker.settings import Address, Settings
from worker.store import schema
from worker.store.database import Database
from worker.sync.follow import Follower


@click.command()
@click.option("--account", help="Only changes and problems of this account.")
@click.option("--kind", type=click.Choice([kind.value for kind in KINDS]), help="Only changes of this kind.")
@click.option("--since", metavar="CURSOR", help="Start after this cursor, '' for the beginning; by default now.")
@json_option
@plainly
def watch(account: str | None, kind: str | None, since: str | None, as_json: bool) -> None:
    """Follow changes and problems as they happen, one line each, until Ctrl-C.

    Changes come from the change feed, in order, and none is skipped. Problems that hold are shown first. Once it
    follows, watch waits while Postgres does not answer.

    With --json each line is a document of its own; the last `cursor` is where --since goes on.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_watch(settings.load(), account, kind, since, _line_of_json if as_json else _line))


async def _watch(
    given: Settings,
    account: str | None,
    kind: str | None,
    since: str | None,
    line: Callable[[str, Change | Problem | str], str],
) -> None:
    async with composition.open_database(_address(given), pool_size=2) as db:
        cursor = await _start(db, since, account)
        redis_url = locations.shared_redis_url(given)
        names = {one.name for one in locations.accounts(given)}
        await Follower(db, lambda *told: click.echo(line(*told)), cursor, account, kind, redis_url, names).run()


def _address(given: Settings) -> Address:
    """The server itself where its address is known: a pooler passes no notifications on."""
    return settings.address(given, "database_direct_url") or locations.database_url(given)


async def _start(db: Database, since: str | None, account: str | None) -> str:
    """Where to begin. What the feed refuses is refused before anything is followed."""
    async with db.connection() as connection:
        await schema.check(connection)
        cursor: str = await connection.fetchval("select savvycal.feed_cursor()") if since is None else since
        try:
            await changes(cursor, database=connection, account=account, batch=1)
        except CursorRefused as error:
            reason = str(error).removeprefix("change feed: ").partition(";")[0]
            raise SettingError(f"watch: {reason}; leave --since out to start now, --account for all accounts") from None
    return cursor


def _line_of_json(what: str, about: Change | Problem | str) -> str:
    return to_json(watched(what, about), indent=None)


def _line(what: str, about: Change | Problem | str) -> str:
    now = _clock(datetime.now(UTC))
    if isinstance(about, str):
        return f"{now}  following changes and problems; stop: Ctrl-C"
    if isinstance(about, Change):
        account = "" if about.account == DEFAULT_ACCOUNT else f"  ({about.account})"
        return (
            f"{_clock(about.changed_at)}  {about.change:<14} {about.kind} {about.id}  version {about.version}{account}"
        )
    if what == "problem_ended":
        return f"{now}  problem ended  {about.sentence}"
    word = f"{about.severity} problem"
    return f"{now}  {word:<14} {about.sentence} {about.next_step}"


def _clock(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%H:%M:%S")

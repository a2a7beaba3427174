"""`make worlds`: the real mirror in every world: each switch, each damage, combinations and plain worlds by seed.

`ARGS="--only 'lists_embed_meeting=no' --seed 7 --scans 60"` runs one; a report names each world, what differs, and how
to run it again.
"""

import argparse
import asyncio
import contextlib
import io
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import click

from tests.campaigns.worlds.run import live, run
from tests.campaigns.worlds.world import World, alone, combination, default, named
from tests.support.servers import Databases, postgres_server
from worker.store import schema
from worker.store.database import Database

WORLD_SECONDS_MAX = 300
PLAIN_WORLDS = 50
"""Worlds as we guess them, in which `check --live` has to raise no alarm."""


@dataclass(frozen=True)
class Report:
    """What came of one world."""

    world: World
    found: list[str]
    seconds: float

    def __str__(self) -> str:
        lines = [f"{self.seconds:4.0f} s  {self.world.name}: {'all holds' if not self.found else ''}".rstrip()]
        lines += [f"          {one}" for one in self.found]
        return "\n".join([*lines, f"          again: {self.world.command}"] if self.found else lines)


async def _prepare(url: str) -> None:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()


def run_share(worlds: list[World], scans: int, may_show: bool) -> list[Report]:
    """Worlds one after another, on a Postgres of their own; `may_show` prints what is wrong at once."""
    reports = []
    with postgres_server() as server:
        databases = Databases(server.url)
        template = databases.create()
        asyncio.run(_prepare(template))
        for world in worlds:
            url = databases.create(template=template.rsplit("/", 1)[1])
            reports.append(_reported(world, partial(run, world, url, scans)))
            databases.drop(url)
            if may_show and reports[-1].found:
                click.echo(str(reports[-1]))
        databases.close()
    return reports


def _reported(world: World, course: Callable[[], Awaitable[list[str]]]) -> Report:
    async def within_time() -> list[str]:
        async with asyncio.timeout(WORLD_SECONDS_MAX):
            return await course()

    began, log = time.monotonic(), io.StringIO()
    with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        try:
            found = asyncio.run(within_time())
        except Exception as error:  # noqa: BLE001 - the others go on
            found = [f"ended with {type(error).__name__}: {error}"]
    return Report(world, found, time.monotonic() - began)


def _plain(count: int) -> Iterator[Report]:
    """`check --live` alone, in worlds as we guess them."""
    for seed in range(1, count + 1):
        world = default(seed)
        yield _reported(world, partial(live, world))


def _chosen(given: argparse.Namespace) -> list[World]:
    if given.only:
        return [named(given.only, given.seed)]
    return [*alone(given.seed), *map(combination, range(given.first, given.first + given.combinations))]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make worlds", description=__doc__)
    parser.add_argument("--only", default="", help="run the world of exactly this name")
    parser.add_argument("--seed", type=int, help="of switches and damages; else each has one of its own")
    parser.add_argument("--combinations", type=int, default=200)
    parser.add_argument("--first", type=int, default=1, help="seed of the first combination")
    parser.add_argument("--scans", type=int, default=60)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    try:
        worlds = _chosen(given)
    except LookupError as error:
        parser.error(str(error.args[0]))
    began = time.monotonic()
    shares = [worlds[number :: given.processes] for number in range(min(given.processes, len(worlds)))]
    with ProcessPoolExecutor(len(shares)) as pool:
        running = [pool.submit(run_share, share, given.scans, True) for share in shares]
        reports = [report for share in running for report in share.result()]
    reports += [] if given.only else _plain(PLAIN_WORLDS)
    bad = [report for report in reports if report.found]
    for report in reports if given.only else bad:
        click.echo(str(report))
    slowest = max(reports, key=lambda report: report.seconds)
    click.echo(
        f"{len(reports)} worlds, {len(bad)} of them wrong, {time.monotonic() - began:.0f} s; "
        f"the slowest took {slowest.seconds:.0f} s ({slowest.world.name})"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""`make worlds`: the real mirror in every world: each switch, each damage, and combinations by seed.

`ARGS="--only 'lists_embed_meeting=no' --scans 60"` runs one; a report names each world so that it can be run again.
"""

import argparse
import asyncio
import contextlib
import io
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import click

from tests.servers import Databases, postgres_server
from tests.worlds.run import run
from tests.worlds.world import World, alone, combination, named
from worker.store import schema
from worker.store.database import Database


async def _prepare(url: str) -> None:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()


def run_all(worlds: list[World], scans: int) -> list[tuple[str, list[str], float]]:
    """Worlds one after another, on a Postgres of their own."""
    results = []
    with postgres_server() as server:
        databases = Databases(server.url)
        template = databases.create()
        asyncio.run(_prepare(template))
        for world in worlds:
            url, began = databases.create(template=template.rsplit("/", 1)[1]), time.monotonic()
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                try:
                    found = asyncio.run(run(world, url, scans))
                except Exception as error:  # noqa: BLE001 - the others go on
                    found = [f"ended with {type(error).__name__}: {error}"]
            databases.drop(url)
            results.append((world.name, found, time.monotonic() - began))
        databases.close()
    return results


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make worlds", description=__doc__)
    parser.add_argument("--only", default="", help="run the world of exactly this name")
    parser.add_argument("--combinations", type=int, default=200)
    parser.add_argument("--scans", type=int, default=60)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    worlds = [named(given.only)] if given.only else [*alone(), *map(combination, range(1, given.combinations + 1))]
    began, bad = time.monotonic(), 0
    shares = [worlds[number :: given.processes] for number in range(given.processes)]
    with ProcessPoolExecutor(given.processes) as pool:
        for results in pool.map(partial(run_all, scans=given.scans), shares):
            for name, found, seconds in results:
                bad += bool(found)
                if found or given.only:
                    click.echo(f"{seconds:4.0f} s  {name}: {'; '.join(found) or 'all holds'}")
    click.echo(f"{len(worlds)} worlds, {bad} of them wrong, {time.monotonic() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

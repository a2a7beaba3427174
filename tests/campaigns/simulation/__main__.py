"""`make sim SEEDS=20000` runs simulations; `make sim SEED=7` replays one and prints its event log; `make fault-points`
places every kind of fault at every I/O point of one scenario.

The mode of a seed is the seed's remainder, so that all modes get the same share. Runs are spread over processes, each
with a Postgres of its own. Exit code 1 when any run broke an invariant.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import asyncpg
import click
import structlog

from tests.campaigns.simulation.fault_points import FAULTS, Place, places, scenario
from tests.campaigns.simulation.mode import STARTED_AT, Mode
from tests.campaigns.simulation.run import RunResult, run
from tests.campaigns.simulation.scheduler import Killed, Scheduler
from tests.campaigns.simulation.store import CLOCK, Lines
from tests.support.servers import postgres_server
from worker.errors import SavvycalSyncError
from worker.store import schema

T = TypeVar("T")
MODES = tuple(Mode)
PROCESSES = 2
PROGRESS = 200
"""Runs between two lines that show the progress of a process."""

RUN_SECONDS_MAX = 300
"""A run takes a second; one that does not end is a fault of the simulation, and ends all of them."""

SILENT = 50
"""The workers' own log is noise here."""


def mode_of(seed: int) -> Mode:
    """The mode a seed runs in."""
    return MODES[seed % len(MODES)]


@asynccontextmanager
async def lines_on(url: str) -> AsyncIterator[Lines]:
    """Connections to a database that has the schema and the scheduler's clock in it."""
    asyncio.get_running_loop().set_exception_handler(_only_the_living)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(SILENT))
    connection: Any = await asyncpg.connect(url)
    try:
        if await schema.version(connection) is None:
            await schema.apply(connection)
        await connection.execute(CLOCK)
    finally:
        await connection.close()
        structlog.reset_defaults()
    lines = Lines(url, Scheduler(STARTED_AT))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(SILENT))
    await lines.start()
    try:
        yield lines
    finally:
        await lines.close()
        structlog.reset_defaults()


def _only_the_living(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What a dead or canceled worker's tasks end with is nobody's business."""
    if not isinstance(context.get("exception"), Killed | SavvycalSyncError):
        loop.default_exception_handler(context)


def with_lines(body: Callable[[Lines], Coroutine[Any, Any, T]]) -> T:
    """Runs on a Postgres of its own, in this process."""

    async def on(url: str) -> T:
        async with lines_on(url) as lines:
            return await body(lines)

    with postgres_server() as server:
        return asyncio.run(on(server.url))


def run_seeds(seeds: Sequence[int], mode: Mode | None, stop_at_first: bool = False) -> list[RunResult]:
    """Simulations, one after another."""

    async def body(lines: Lines) -> list[RunResult]:
        found = []
        for seed in seeds:
            try:
                async with asyncio.timeout(RUN_SECONDS_MAX):
                    result = await run(seed, mode or mode_of(seed), lines)
            except TimeoutError:
                click.echo(f"seed {seed} did not end within {RUN_SECONDS_MAX} s", err=True)
                lines.scheduler.is_over = True
                raise
            found.append(_compact(result, len(seeds)))
            _tell_violation(result)
            _tell_progress(len(found), len(seeds))
            if stop_at_first and found[-1].violations:
                break
        return found

    return with_lines(body)


def run_places(chosen: Sequence[Place]) -> list[tuple[Place, RunResult]]:
    """The scenario of the fault points, once for each place of a fault."""

    async def body(lines: Lines) -> list[tuple[Place, RunResult]]:
        found: list[tuple[Place, RunResult]] = []
        for place in chosen:
            found.append((place, _compact((await scenario(lines, dict([place])))[0], len(chosen))))
            _tell_progress(len(found), len(chosen))
        return found

    return with_lines(body)


def _tell_violation(result: RunResult) -> None:
    """At once: a campaign of hours must not keep it to itself until its end."""
    if result.violations:
        click.echo(f"seed {result.seed} ({result.mode}): {result.violations[0]}", err=True)


def _tell_progress(done: int, of: int) -> None:
    if done % PROGRESS == 0:
        click.echo(f"{done} of {of} in this process", err=True)


def _compact(result: RunResult, run_count: int) -> RunResult:
    """Without its log where there are many and nothing was wrong."""
    return result if result.violations or run_count == 1 else replace(result, log=[])


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make sim", description=__doc__)
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, help="replay one, with its event log")
    parser.add_argument("--mode", type=Mode, choices=MODES)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--stop", action="store_true", help="stop at the first violation")
    parser.add_argument("--digests", action="store_true", help="print what each run did and left, as digests")
    parser.add_argument("--fault-points", action="store_true", help="one fault at each I/O point, no random ones")
    parser.add_argument("--share", type=int, default=1, help="of the fault points: every n-th place only")
    given = parser.parse_args()
    began = time.monotonic()
    if given.fault_points:
        return report_fault_points(*_scan(given), time.monotonic() - began)
    if given.seed is not None:
        results = run_seeds([given.seed], given.mode)
        click.echo("\n".join(results[0].log))
    else:
        seeds = range(given.first, given.first + given.seeds)
        results = _spread(given.processes, run_seeds, seeds, given.mode, given.stop)
    if given.digests or given.seed is not None:
        for result in sorted(results, key=lambda one: one.seed):
            names = f"seed {result.seed} {result.mode} {result.point_count} I/O points"
            click.echo(f"{names}, events {result.raw_hash[:16]}, tables {result.mirrored[:16]}")
    return report(results, time.monotonic() - began)


def _spread(processes: int, work: Callable[..., list[T]], things: Sequence[Any], *arguments: Any) -> list[T]:
    shares = [things[n::processes] for n in range(processes)]
    with ProcessPoolExecutor(processes) as pool:
        found = pool.map(work, shares, *([argument] * processes for argument in arguments))
        return [one for share in found for one in share]


def _scan(given: argparse.Namespace) -> tuple[int, list[tuple[Place, RunResult]]]:
    _, point_count = with_lines(scenario)
    chosen = list(places(point_count, given.share))
    return point_count, _spread(given.processes, run_places, chosen)


def report(results: list[RunResult], seconds: float) -> int:
    """Prints what came of it; the exit code."""
    bad = [result for result in results if result.violations]
    for result in bad:
        click.echo(f"seed {result.seed} ({result.mode}) broke {len(result.violations)} invariants;", nl=False)
        click.echo(f" replay: make sim SEED={result.seed}")
        for violation in result.violations[:6]:
            click.echo(f"    {violation}")
    points = sum(result.point_count for result in results)
    click.echo(f"{len(results)} seeds, {points} I/O points, {len(bad)} seeds with violations, {seconds:.0f} s")
    click.echo(f"faults {_counted(result.fired for result in results)}")
    click.echo(f"wrong answers {_counted(result.faults for result in results)}")
    click.echo(f"calls that waited for a lock: {sum(result.blocked_count for result in results)}")
    return 1 if bad else 0


def report_fault_points(point_count: int, found: list[tuple[Place, RunResult]], seconds: float) -> int:
    """The same for the fault points."""
    bad = [(place, result) for place, result in found if result.violations]
    missed = [place for place, result in found if not result.fired]
    for (number, fault), result in bad:
        click.echo(f"point {number} {fault}: {result.violations[:3]}")
    click.echo(
        f"{point_count} I/O points, {len(found)} of {point_count * len(FAULTS)} places of a fault, "
        f"{len(bad)} runs with violations, {seconds:.0f} s"
    )
    click.echo(f"faults {_counted(result.fired for _, result in found)}")
    if missed:
        click.echo(f"never fired: {missed}")
    return 1 if bad or missed else 0


def _counted(counts: Any) -> dict[str, int]:
    total = Counter[str]()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))


if __name__ == "__main__":
    sys.exit(main())

"""A fixed share of the simulations and of the fault points; `make sim` and `make fault-points` run more."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.campaigns.simulation.__main__ import MODES, lines_on
from tests.campaigns.simulation.mode import Mode
from tests.campaigns.simulation.run import run
from tests.campaigns.simulation.scheduler import JOB, Job, Worker
from tests.campaigns.simulation.store import ScheduledPool
from tests.conftest import FIGURES

SEEDS = 300
SCAN_SHARE = 15
REPLAYED = 20
FAULTS = ("BEFORE", "AFTER", "CANCEL", "KILL", "HANG", "PAUSE", "STALL", "HOURS", "CLOCKS APART")
INJECTORS = ("401", "404", "429", "500", "dropped rows", "empty", "cut short", "stale", "stale list", "truncated")
WEBHOOKS = tuple(
    f"WEBHOOK {what}"
    for what in (
        "LOST",
        "DOUBLED",
        "TIMES 100",
        "OUT OF ORDER",
        "LATE BY HOURS",
        "LATE BY DAYS",
        "SENT AGAIN",
        "ABOUT A STRANGER",
        "AT A CLOSING RECEIVER",
        "AT A DYING RECEIVER",
    )
)


def simulate(*words: str, hash_seed: str = "0") -> "subprocess.CompletedProcess[str]":
    """`python -m tests.campaigns.simulation` in a process of its own; its servers are not those of this session."""
    environ = os.environ | {"PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "tests.campaigns.simulation", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=840, env=environ, check=False)


@pytest.mark.timeout(900)
def test_simulations_end_with_the_tables_equal_to_the_source(record_property: Callable[[str, object], None]) -> None:
    """300 seeds over all modes break no invariant; every kind of fault and of wrong answer took part."""
    done = simulate("--seeds", str(SEEDS))

    record_property(FIGURES, done.stdout[-2000:])
    assert done.returncode == 0, done.stdout + done.stderr
    missing = [name for name in (*FAULTS, *INJECTORS, *WEBHOOKS) if f"'{name}'" not in done.stdout]
    assert missing == []


@pytest.mark.timeout(900)
def test_one_fault_at_every_point(record_property: Callable[[str, object], None]) -> None:
    """A share of the fault points: one fault at a point of the scenario, then quiescence, breaks no invariant."""
    done = simulate("--fault-points", "--share", str(SCAN_SHARE))

    record_property(FIGURES, done.stdout[-2000:])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("mode", MODES)
async def test_same_seed_same_run(mode: Mode, database_url: str) -> None:
    """The event log of a seed is the same each time, and so are the tables in the end."""
    async with lines_on(database_url) as lines:
        first = await run(1001, mode, lines)
        between = await run(1002, mode, lines)
        again = await run(1001, mode, lines)

    assert (first.raw_hash, first.mirrored) == (again.raw_hash, again.mirrored)
    assert first.raw_hash != between.raw_hash


async def test_a_killed_worker_lets_go_of_a_lock_it_waits_for(database_url: str) -> None:
    """Also with a statement that is shielded from the cancellation of its job: who holds the lock waits at the
    scheduler."""
    async with lines_on(database_url) as lines:
        scheduler, holder, victim = lines.scheduler, Worker("w1"), Worker("w2")
        await lines.attach(scheduler)

        async def lock(worker: Worker) -> None:
            async with ScheduledPool(lines, worker).acquire() as connection, connection.transaction():
                await connection.execute("lock table savvycal.events")
                await connection.execute("select 1")

        async def work(worker: Worker) -> None:
            JOB.set(worker.jobs[0])
            await asyncio.shield(lock(worker))

        for worker in (holder, victim):
            job = Job(1, "lock", worker)
            worker.jobs.append(job)
            job.task = asyncio.create_task(work(worker))
            for _ in range(3):  # acquire, begin, lock
                await scheduler.settle()
                await scheduler.grant(next(point for point in scheduler.waiting if point.worker is worker))
        assert [point.blocked_since for point in scheduler.running] == [scheduler.now]
        async with asyncio.timeout(20):
            await scheduler.kill(victim)
        assert not scheduler.running
        scheduler.is_over = True
        await scheduler.kill(holder)
    for worker in (holder, victim):
        assert worker.jobs[0].task is not None
        await asyncio.gather(worker.jobs[0].task, return_exceptions=True)


@pytest.mark.timeout(300)
def test_same_seed_in_another_process() -> None:
    """Nothing depends on the order of sets, nor on what ran before on the same database: a replay is the same run."""
    words = ("--seeds", str(REPLAYED), "--first", "2000", "--digests")
    found = [simulate(*words, "--processes", n, hash_seed=n).stdout for n in ("1", "2")]
    lines = [[line for line in text.splitlines() if ", events " in line] for text in found]

    assert len(lines[0]) == REPLAYED
    assert lines[0] == lines[1]

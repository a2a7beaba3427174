"""`make mutants`: plants each bug in a copy of the tree, runs its catcher, and fails when one survives.

`ARGS="--only lease"` plants those whose name contains a word.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from tests.campaigns.mutation import MUTANTS, Mutant
from tests.campaigns.simulation.mode import Mode
from tests.support.servers import temporary_directory

ROOT = Path(__file__).parents[3]
COPIED = ("worker", "savvycal_sync", "tests", "docs", "deploy", "schema.sql", "pyproject.toml")
SEEDS = 150
"""How many simulations a mutant may survive before it counts as a survivor."""

SECONDS_MAX = 900


def plant(mutant: Mutant, tree: Path) -> str | None:
    """Copies the tree and plants the bug; what is wrong with the mutant itself, if anything."""
    for name in COPIED:
        source, goal = ROOT / name, tree / name
        shutil.copytree(source, goal) if source.is_dir() else shutil.copy(source, goal)
    path = tree / mutant.file
    text = path.read_text()
    if text.count(mutant.before) != 1:
        return f"its place in {mutant.file} is found {text.count(mutant.before)} times"
    path.write_text(text.replace(mutant.before, mutant.after))
    return None


def command(mutant: Mutant) -> list[str]:
    """What is to notice it."""
    if mutant.catcher in set(Mode):
        words = [
            "tests.campaigns.simulation",
            "--mode",
            mutant.catcher,
            "--seeds",
            str(SEEDS),
            "--processes",
            "1",
            "--stop",
        ]
    else:
        words = ["pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", *mutant.catcher.split()]
    return [sys.executable, "-m", *words]


def is_noticed(mutant: Mutant, done: "subprocess.CompletedProcess[Any]") -> bool:
    """A broken invariant or a failed test; a program that does not even run is no proof."""
    return done.returncode == 1 and ("broke" in done.stdout or " failed" in done.stdout)


def hunt(mutant: Mutant) -> tuple[Mutant, str, float]:
    """Plants one and runs its catcher: `caught`, or what happened instead."""
    began = time.monotonic()
    with temporary_directory() as tree:
        if flaw := plant(mutant, tree):
            return mutant, flaw, 0.0
        environ = os.environ | {"PYTHONPATH": str(tree), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command(mutant), cwd=tree, env=environ, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
        )
    tail = (done.stdout + done.stderr)[-600:]
    return mutant, "caught" if is_noticed(mutant, done) else f"SURVIVED\n{tail}", time.monotonic() - began


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--only", default="", help="plant those whose name contains this")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if given.only in mutant.name]
    survivors = 0
    with ThreadPoolExecutor(given.processes) as pool:
        for mutant, said, seconds in pool.map(hunt, chosen):
            survivors += said != "caught"
            click.echo(f"{seconds:4.0f} s  {mutant.name}: {said}")
    click.echo(f"{len(chosen)} planted, {len(chosen) - survivors} caught, {survivors} survived")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())

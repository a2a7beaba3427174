"""Help, version and completion answer without importing what only a running command needs."""

import os
import re
import subprocess
import sys

import click
import pytest

from worker.cli import COMMANDS, main

HEAVY = {"aiohttp", "arq", "asyncpg", "cryptography", "msgspec", "prometheus_client", "pydantic", "redis", "structlog"}


def _imported(*words: str, **variables: str) -> tuple[str, set[str]]:
    command = [sys.executable, "-X", "importtime", "-c", "from worker.cli import main; main(prog_name='savvycal-sync')"]
    done = subprocess.run([*command, *words], capture_output=True, text=True, env=os.environ | variables, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout, {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("completion", "bash")])
def test_a_quick_command_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    """Each TAB of completion starts the program again."""
    said, modules = _imported(*words)
    assert said
    assert modules & HEAVY == set()


def test_completion_names_commands_without_importing_them() -> None:
    """As bash asks for it."""
    words = {"_SAVVYCAL_SYNC_COMPLETE": "bash_complete", "COMP_WORDS": "savvycal-sync re", "COMP_CWORD": "1"}
    said, modules = _imported(**words)
    assert said.split() == ["plain,resync", "plain,reveal"]
    assert modules & HEAVY == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_where_its_entry_says(name: str) -> None:
    """Under the name it has in the list, with a help text of its own."""
    found = main.get_command(click.Context(main), name)
    assert found is not None
    assert found.name == name
    assert found.help


@pytest.mark.parametrize("name", ["run", "simulate"])
def test_a_slow_command_says_that_it_starts_before_it_imports_anything(name: str) -> None:
    """Imports take a second or more; with --help or --quiet nothing is said."""
    command = [sys.executable, "-X", "importtime", "-c", "from worker.cli import main; main(prog_name='savvycal-sync')"]
    variables = os.environ | {"PYTHONUNBUFFERED": "1"}

    def output(*words: str) -> str:
        done = subprocess.run(
            [*command, name, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=variables,
            check=False,
        )
        return done.stdout

    said = output("--nonsense")
    starting = f"\n{COMMANDS[name].starting}\n"
    heavy = re.search(r"\| +aiohttp\n", said)
    assert heavy
    assert 0 < said.index(starting) < heavy.start()
    assert starting not in output("--help")

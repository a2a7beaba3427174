"""Commands for day two: JSON everywhere, arguments checked before anything is queued, an erasure that shows itself."""

import asyncio
import json
from collections.abc import Callable, Iterator

import click
import pytest
from click.testing import CliRunner, Result
from redis import Redis

from tests.support.harness import running_harness
from tests.support.vaulted import KEYRING_TEXT
from worker import composition
from worker.cli import main
from worker.store import accounts
from worker.store.accounts import Configured
from worker.sync.erase import Erasure

Command = Callable[..., Result]

WITHOUT_DATA = {
    "run", "simulate", "completion", "keys generate", "keys rotate", "schema apply", "schema roles", "schema print",
    "webhooks register", "webhooks rotate", "webhooks remove", "webhooks send-test",
}  # fmt: skip
"""They do something, or print a text that is no data."""


def commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands by their words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found
        if isinstance(found, click.Group):
            yield from commands(found, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", found


def test_every_command_that_prints_data_has_json() -> None:
    """One way for programs, on all of them, and each is documented."""
    have = {name for name, found in commands(main) if "as_json" in {param.name for param in found.params}}

    assert {name for name, _ in commands(main)} - have == WITHOUT_DATA


@pytest.fixture
def command(mirrored_url: str, redis_url: str) -> Command:
    """Runs a command against a mirror of one account that has a Meetings token only."""

    async def fill() -> None:
        async with running_harness(mirrored_url) as harness:
            await harness.execute("select 1")

    asyncio.run(fill())

    def run(*words: str, **more: str) -> Result:
        variables = {"DATABASE_URL": mirrored_url, "REDIS_URL": redis_url, "SAVVYCAL_SECRET_KEYS": KEYRING_TEXT}
        variables |= {"SAVVYCAL_MEETINGS_TOKEN": "pt_secret_of_a_test"}
        return CliRunner().invoke(main, words, env=variables | more)

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("resync", "all", "--account", "nobody"),
        ("resync", "all", "--product", "appointments"),
        ("resync", "appt_1", "--product", "meetings"),
        ("resync", "event_1", "--product", "appointments"),
        ("resync", "2026-02-01..2026-01-01"),
        ("audit", "--from", "2026-02-01", "--until", "2026-01-01"),
        ("audit", "--sample", "5", "--all"),
    ],
    ids=" ".join,
)
def test_what_can_be_checked_is_refused_before_it_is_queued(
    command: Command, redis_url: str, words: tuple[str, ...]
) -> None:
    """Exit code 2, and nothing in Redis."""
    done = command(*words)

    with Redis.from_url(redis_url) as redis:
        assert (done.exit_code, redis.keys("*")) == (2, []), done.output


def test_json_is_one_document(command: Command) -> None:
    """Status begins with the sentence; a resync names its job."""
    said = json.loads(command("status", "--json").output)
    assert next(iter(said)) == "sentence"
    assert command("status").output.splitlines()[0] == said["sentence"]
    assert json.loads(command("resync", "all", "--json").output)["queued"].startswith("resync:")
    assert json.loads(command("work", "list", "--json").output).keys() == {"work"}
    assert json.loads(command("work", "retry", "--json").output) == {"retried": 0}


def test_an_address_on_many_objects_is_probably_a_hosts() -> None:
    """More than a fifth, and not a mirror of a few objects."""
    assert Erasure(253, 300, 0, 0, 424).is_wide
    assert not Erasure(80, 90, 0, 0, 424).is_wide
    assert not Erasure(3, 3, 0, 0, 5).is_wide


def test_accounts_are_listed_paused_and_resumed(command: Command, mirrored_url: str) -> None:
    """Each answers with the rows that it is about, and an unknown name with those that exist."""
    assert "no account was ever synced" in command("accounts", "list").output
    asyncio.run(report(mirrored_url, [Configured("default", "meetings"), Configured("default", "links")]))
    paused = json.loads(command("accounts", "pause", "default", "--product", "meetings", "--json").output)
    assert [(row["product"], row["state"]) for row in paused["accounts"]] == [("meetings", "paused")]
    listed = json.loads(command("accounts", "list", "--json").output)
    assert json.loads(command("status", "--json").output)["accounts"] == listed["accounts"]
    assert [row["state"] for row in listed["accounts"]] == ["synced", "paused"]
    (head, problem, *_) = command("status").output.splitlines()
    assert head == "Account default is paused for meetings: nothing of that is read at SavvyCal."
    assert "yellow since" in problem
    assert "accounts\n  account  product   state   served_by" in command("status").output
    refused = command("accounts", "pause", "acme")
    assert (refused.exit_code, refused.stderr) == (2, "savvycal-sync: no account is called acme; known: default\n")
    assert "synced" in command("accounts", "resume", "default").output


async def report(url: str, configured: list[Configured]) -> None:
    """What a daemon would."""
    async with composition.open_database(url, 1) as db, db.connection() as connection:
        await accounts.report(connection, "mirror-1:42", configured)

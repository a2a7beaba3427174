"""`savvycal-sync watch` as a process beside a mirror: changes, problems, and a Postgres that goes away."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.integration.conftest import harness, mirrored_url, schema_template
from tests.process.test_run import reader
from tests.support.daemon import LIMIT_SECONDS, Settings, run, start
from tests.support.harness import Harness
from worker.core.kinds import Kind, Product

__all__ = ["harness", "mirrored_url", "schema_template"]

QUARANTINED = """insert into savvycal.quarantine (kind, id, reason, attempts, first_seen_at, last_seen_at, byte_count)
values ('event', 'event_odd', 'start_at: no time', 1, now(), now(), 10)"""

pytestmark = pytest.mark.timeout(240)


class Watching:
    """A running `watch --json`, and all documents that were read of it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.seen: list[dict[str, Any]] = []

    async def next(self, what: str) -> dict[str, Any]:
        """The next document of this sort; others are passed over."""
        assert self.process.stdout
        async with asyncio.timeout(LIMIT_SECONDS):
            while line := await self.process.stdout.readline():
                found: dict[str, Any] = json.loads(line)
                self.seen.append(found)
                if found["what"] == what:
                    return found
        pytest.fail("watch has ended")

    async def problem(self, what: str, cause: str) -> dict[str, Any]:
        """The next document of this sort about this cause."""
        while (found := await self.next(what))["cause"] != cause:
            pass
        return found

    async def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(LIMIT_SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def watching(*words: str, settings: Settings) -> AsyncIterator[Watching]:
    """Starts it; killed at the end unless it has stopped."""
    process = await start("watch", "--json", *words, settings=settings, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield Watching(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
def settings(mirrored_url: str) -> Settings:
    """Those of a machine that only watches."""
    return {"DATABASE_URL": mirrored_url, "SAVVYCAL_MEETINGS_TOKEN": "pt_of_a_test"}


async def test_changes_come_as_they_happen_and_a_cursor_goes_on(harness: Harness, settings: Settings) -> None:
    """In the order of the feed; the cursor of the last line is where the next run begins."""
    await harness.scan(Product.MEETINGS)
    first, second = list(harness.world.documents("event"))[:2]
    async with watching("--since", "", "--kind", "event", settings=settings) as it:
        seen = [await it.next("change") for _ in harness.world.documents("event")]
        assert {one["change"] for one in seen} == {"created"}
        harness.world.edit_event(first, summary="A new name")
        await harness.reconcile(Kind.EVENT, first)
        changed = await it.next("change")
        assert (changed["id"], changed["change"], changed["version"]) == (first, "updated", 2)
        assert changed.keys() == {"what", "cursor", "account", "kind", "id", "version", "change", "changed_at"}
        assert await it.stop() == 0
    harness.world.edit_event(second, summary="While nobody watched")
    await harness.reconcile(Kind.EVENT, second)
    async with watching("--since", changed["cursor"], settings=settings) as again:
        assert (await again.next("change"))["id"] == second


async def test_problems_begin_and_end(harness: Harness, settings: Settings) -> None:
    """Each once, with what to do."""
    dead = "insert into savvycal._work (kind, key, due_at, priority, dead_lettered_at) "
    await harness.execute(f"{dead} values ('event', 'event_dead', now(), 1, now())")
    async with watching(settings=settings) as it:
        began = await it.problem("problem_began", "dead_letters")
        assert (began["scope"], began["severity"]) == ("default", "yellow")
        assert "work retry" in began["next_step"]
        await harness.execute(f"{dead} values ('link', 'link_dead', now(), 1, now())")
        await harness.execute(QUARANTINED)
        await it.problem("problem_began", "quarantine")
        await harness.execute("delete from savvycal._work where dead_lettered_at is not null")
        ended = await it.problem("problem_ended", "dead_letters")
        assert ended["since"] == began["since"]
        assert [one["what"] for one in it.seen if one.get("cause") == "dead_letters"] == [began["what"], ended["what"]]


async def test_a_postgres_that_goes_away_is_waited_for(harness: Harness, mirrored_url: str, settings: Settings) -> None:
    """It is told as a problem; what happens afterwards follows."""
    await harness.scan(Product.MEETINGS)
    event = next(iter(harness.world.documents("event")))
    name = mirrored_url.rsplit("/", 1)[1]
    async with watching(settings=settings) as it, reader(mirrored_url.replace(name, "postgres")) as admin:
        await it.next("started")
        await admin.execute(f'alter database "{name}" allow_connections false')
        await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        await it.problem("problem_began", "postgres_down")
        await admin.execute(f'alter database "{name}" allow_connections true')
        await it.problem("problem_ended", "postgres_down")
        harness.world.edit_event(event, summary="After the restart")
        await harness.reconcile(Kind.EVENT, event)
        assert (await it.next("change"))["id"] == event


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "nonsense"), "watch: that is not a cursor of this feed"),
        (("--account", "nobody"), "watch: no account of that name is mirrored here"),
    ],
)
async def test_what_the_feed_refuses_is_one_line(
    harness: Harness, settings: Settings, words: tuple[str, ...], said: str
) -> None:
    """Exit code 2, before anything is followed."""
    done = await asyncio.to_thread(run, "watch", *words, settings=settings)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"savvycal-sync: {said}")

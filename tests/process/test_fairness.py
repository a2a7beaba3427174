"""Nobody waits for somebody else: one account, reader, token or silent API delays no other beyond its own share."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from savvycal_sync.queue import URGENT, Call, push
from tests.process.test_run import reader
from tests.support.daemon import Daemon, daemon
from tests.support.harness import until
from worker.simulator import Fault, Options, Simulator

pytestmark = pytest.mark.timeout(240)

NEAR_SECONDS = 5
INTERVALS = {f"SAVVYCAL_POLL_{name}_SECONDS": "600" for name in ("MONTH", "LATER")}


def _accounts(path: Path, simulators: dict[str, Simulator], token: str = "") -> Path:
    """An accounts file; each account has a token of its own unless one is given."""
    lines = []
    for name, simulator in simulators.items():
        lines += [f"[{name}]", f'meetings_url = "{simulator.meetings_url}"']
        lines += [f'meetings_token = "{token or simulator.options.meetings_token}"']
    file = path / "accounts.toml"
    file.write_text("\n".join(lines))
    file.chmod(0o600)
    return file


@asynccontextmanager
async def _running(
    path: Path, simulators: dict[str, Simulator], database_url: str, redis_url: str, **settings: str
) -> AsyncIterator[Daemon]:
    given = {
        "SAVVYCAL_EMBEDDED": "never",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SAVVYCAL_ACCOUNTS_FILE": str(_accounts(path, simulators)),
        "SAVVYCAL_POLL_NEAR_SECONDS": str(NEAR_SECONDS),
        **INTERVALS,
        **settings,
    }
    async with daemon(settings=given) as running:
        await running.says("health and status")
        yield running


async def _simulators(stack: AsyncExitStack, names: Iterable[str], **options: Any) -> dict[str, Simulator]:
    given = {"events": 10, "appointments": 0, "lifecycle": False} | options
    return {
        name: await stack.enter_async_context(Simulator(Options(**given, meetings_token=f"pt_secret_{name}")))
        for name in names
    }


NEAR_AGE = """
select coalesce(extract(epoch from max(clock_timestamp() - coalesce(complete_as_of, 'epoch')))::float8, 0)
from savvycal.coverage where window_name = 'near' and account = any ($1)
"""
SERVED = "select summary = $3 from savvycal.events where account = $1 and id = $2"


async def _is_loaded(connection: "asyncpg.Connection[asyncpg.Record]", count: int) -> bool:
    found = "select count(*) from savvycal.coverage where window_name = 'all' and complete_as_of is not null"
    return bool(await connection.fetchval(found) == count)


async def _serve_twenty(simulator: Simulator, connection: Any, ask: Any) -> float:
    """Twenty resyncs of the quiet account, one after the other; the longest wait in seconds."""
    longest = 0.0
    events = sorted(simulator.world.documents("event"))
    for number in range(20):
        event, name = events[number % len(events)], f"turn {number}"
        simulator.world.edit_event(event, summary=name)
        began = time.monotonic()
        await ask(event)
        await until(lambda: connection.fetchval(SERVED, "quiet", event, name), 20)  # noqa: B023 - awaited at once
        longest = max(longest, time.monotonic() - began)
    return longest


@pytest.mark.parametrize("by", ["SQL", "Redis"])
async def test_thousands_of_resyncs_of_one_account_delay_no_other(
    tmp_path: Path, database_url: str, redis_url: str, by: str
) -> None:
    """3,000 of one account: each of 20 of another is served within 5 s, and the near window of the busy one goes on."""
    async with AsyncExitStack() as stack:
        simulators = await _simulators(stack, ("busy", "quiet"))
        await stack.enter_async_context(_running(tmp_path, simulators, database_url, redis_url))
        connection = await stack.enter_async_context(reader(database_url))
        redis = await stack.enter_async_context(Redis.from_url(redis_url))
        await until(lambda: _is_loaded(connection, 2))

        async def ask(event: str, account: str = "quiet") -> None:
            if by == "SQL":
                await connection.execute("select savvycal.request_resync('event', $1, $2)", event, account)
            else:
                await push(redis, URGENT, Call("resync", (event,)), account)

        if by == "SQL":
            crowd = "select savvycal.request_resync('event', 'event_' || n, 'busy') from generate_series(1, 3000) n"
            await connection.execute(crowd)
        else:
            await asyncio.gather(*(ask(f"event_{number}", "busy") for number in range(3000)))
        assert await _serve_twenty(simulators["quiet"], connection, ask) < 5
        assert await connection.fetchval("select count(*) from savvycal._work where account = 'busy'") > 2000
        assert await connection.fetchval(NEAR_AGE, ["busy"]) < 3 * NEAR_SECONDS + 10  # its turn, beside a busy machine


async def test_a_reader_cannot_ask_for_more_than_an_account_may_have_open(
    tmp_path: Path, database_url: str, redis_url: str
) -> None:
    """200,000 ids in one statement are refused in words, and nothing of them is left."""
    async with AsyncExitStack() as stack:
        simulators = await _simulators(stack, ("busy",))
        await stack.enter_async_context(_running(tmp_path, simulators, database_url, redis_url))
        connection = await stack.enter_async_context(reader(database_url))
        await until(lambda: _is_loaded(connection, 1))
        crowd = "select savvycal.request_resync('event', 'event_none_' || n, 'busy') from generate_series(1, $1::int) n"
        with pytest.raises(asyncpg.ProgramLimitExceededError, match="ask for a range or for everything"):
            await connection.fetch(crowd, 200_000)
        assert await connection.fetchval("select count(*) from savvycal._work where key like 'event\\_none\\_%'") == 0
        await connection.fetch(crowd, 2_000)
        urgent = "select count(*) from savvycal._work where priority = 0"
        assert await connection.fetchval(urgent) <= 100
        assert await connection.fetchval(NEAR_AGE, ["busy"]) < 3 * NEAR_SECONDS + 10


async def test_accounts_that_hang_hold_only_their_own_share(tmp_path: Path, database_url: str, redis_url: str) -> None:
    """20 of 30 hang from the start: the ten others load at once and keep their interval."""
    async with AsyncExitStack() as stack:
        good = await _simulators(stack, ("good",))
        hanging = await _simulators(stack, ("hanging",))
        hanging["hanging"].world.faults.append(Fault(kind="hang", match="/"))
        named = {f"a{number}": hanging["hanging"] for number in range(20)}
        named |= {f"b{number}": good["good"] for number in range(10)}
        await stack.enter_async_context(
            _running(tmp_path, named, database_url, redis_url, SAVVYCAL_REQUESTS_PER_MINUTE="3000")
        )
        connection = await stack.enter_async_context(reader(database_url))
        good_names = [name for name in named if name.startswith("b")]
        loaded = "select count(*) = 10 from savvycal.coverage where window_name = 'near' and complete_as_of is not null"
        await until(lambda: connection.fetchval(loaded), 20)
        worst = 0.0
        for _ in range(40):
            await asyncio.sleep(0.5)  # what is measured is time itself
            worst = max(worst, await connection.fetchval(NEAR_AGE, good_names))
        assert worst < 3 * NEAR_SECONDS


async def test_accounts_with_one_token_share_its_rate(tmp_path: Path, database_url: str, redis_url: str) -> None:
    """Six accounts send no more together than one may."""
    async with AsyncExitStack() as stack:
        simulator = (await _simulators(stack, ("one",), events=400))["one"]
        named = {f"a{number}": simulator for number in range(6)}
        settings = {"SAVVYCAL_REQUESTS_PER_MINUTE": "60"}
        before = time.monotonic()
        await stack.enter_async_context(_running(tmp_path, named, database_url, redis_url, **settings))
        await until(lambda: _are_sent(simulator, 30), 60)
        elapsed = time.monotonic() - before
        assert len(simulator.world.requests) <= 60 * 0.25 + elapsed * 0.75 + 6
        async with Redis.from_url(redis_url) as redis:
            keys = [key.decode() async for key in redis.scan_iter("savvycal:*rate:*")]
        assert len(keys) <= 2
        assert not [key for key in keys if "pt_secret" in key]


async def _are_sent(simulator: Simulator, count: int) -> bool:
    return len(simulator.world.requests) >= count

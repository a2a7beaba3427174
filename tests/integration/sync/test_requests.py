"""How SavvyCal is asked: within the rate limit, never in bursts of retries, and not at all while that is pointless."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import aiohttp
import pytest
from redis.asyncio import Redis

from tests.support.harness import Harness, account_of, granted, running_harness
from tests.support.rate_limits import OwnRateLimit
from tests.support.scanning import run_scan
from worker import composition, settings
from worker.core import windows
from worker.core.model import Kind, Product
from worker.core.result import ATTEMPTS_MAX, ATTEMPTS_MAX_PERMANENT, DeadLetter, Priority, RetryAfter, after_failure
from worker.errors import (
    Malformed,
    NotThere,
    Paused,
    RateLimited,
    ResyncRejected,
    SavvycalSyncError,
    StoreError,
    Suspect,
    Unauthorized,
    Unreachable,
)
from worker.savvycal import wire
from worker.savvycal.circuit_breaker import FAILURES_MAX, CircuitBreaker
from worker.savvycal.rate_limit import RateLimit, RateLimits
from worker.simulator import Fault
from worker.store import work_queue
from worker.store.scans import WindowKey
from worker.sync import loop, requests, schedule
from worker.sync.retry_budget import RetryBudget


@pytest.mark.parametrize(
    ("error", "attempts", "dead_letter", "counts"),
    [
        (Paused("closed", 20), 99, False, False),
        (Unauthorized("no", 401), 99, False, False),
        (Unauthorized("no", 403), 99, False, False),
        (Unauthorized("no", 403), 3, False, True),
        (RateLimited("slow", 7), 99, False, False),
        (RateLimited("slow"), 3, False, False),
        (Suspect("odd"), 99, False, False),
        (Unreachable("away"), ATTEMPTS_MAX - 1, False, True),
        (Unreachable("away"), ATTEMPTS_MAX, True, True),
        (NotThere("gone", 404), ATTEMPTS_MAX_PERMANENT - 1, False, True),
        (NotThere("gone", 404), ATTEMPTS_MAX_PERMANENT, True, True),
    ],
)
def test_what_a_failure_costs(error: SavvycalSyncError, attempts: int, dead_letter: bool, counts: bool) -> None:
    """Only failures that more trying could wear out are counted, and become dead letters in the end."""
    result = after_failure(error, attempts, Random(1))
    assert isinstance(result, DeadLetter) is dead_letter
    if isinstance(result, RetryAfter):
        assert result.counts is counts
        assert 0 < result.seconds <= 3630


def test_retry_after_is_honoured_within_a_clamp() -> None:
    """What SavvyCal asks for is waited, absurd wishes are cut."""
    soon, late = (after_failure(RateLimited("slow", seconds), 1, Random(1)) for seconds in (7, 86400))
    assert isinstance(soon, RetryAfter)
    assert isinstance(late, RetryAfter)
    assert 7 <= soon.seconds <= 8
    assert late.seconds <= 301


def test_retries_are_a_tenth_of_first_tries() -> None:
    """After what was saved up is spent, ten first tries pay for one retry."""
    rate_limit = RetryBudget()
    while rate_limit.admits(2):
        pass
    admitted = 0
    for _ in range(100):
        assert rate_limit.admits(1)
        admitted += rate_limit.admits(5)
    assert 9 <= admitted <= 10


def test_retries_go_on_where_nothing_is_tried_for_the_first_time() -> None:
    """After an outage an account without changes has nothing but retries: one every two seconds, not none for ever."""
    rate_limit = RetryBudget()
    while rate_limit.admits(2):
        pass
    rate_limit._updated_at -= 20  # as if 20 seconds had passed
    assert [rate_limit.admits(2) for _ in range(11)] == [True] * 10 + [False]


def test_a_circuit_opens_after_a_row_of_failures_and_closes_on_the_first_answer() -> None:
    """While it is open nothing is sent; one probe at a time finds out."""
    circuit = CircuitBreaker()
    for _ in range(FAILURES_MAX - 1):
        circuit.note(Unreachable("away"))
    circuit.check()
    circuit.note(Unreachable("away"))
    assert circuit.is_open
    with pytest.raises(Paused, match="5 failures in a row"):
        circuit.check()
    circuit._open_until = time.monotonic() - 1  # half a minute later
    circuit.check()
    with pytest.raises(Paused):
        circuit.check()
    circuit.note(NotThere("gone", 404))
    circuit.check()


def test_a_refused_token_opens_the_circuit_at_once_but_a_forbidden_object_does_not() -> None:
    """401 is about the account, 403 may be about one thing."""
    circuit = CircuitBreaker()
    circuit.note(Unauthorized("SavvyCal answered 403", 403))
    assert not circuit.is_open
    circuit.note(Unauthorized("SavvyCal answered 401", 401))
    with pytest.raises(Paused, match="set a valid token"):
        circuit.check()


async def test_a_rate_limit_never_lets_more_than_its_minute_through() -> None:
    """The burst, then the steady rate: together the configured number in any minute."""
    rate_limit = RateLimit(60_000)
    began = time.monotonic()
    taken = 0
    while True:
        try:
            async with asyncio.timeout(2):
                await rate_limit.take()
        except TimeoutError:
            break
        taken += 1
        if time.monotonic() - began > 1.5:
            break
    elapsed = time.monotonic() - began
    assert taken <= 13_500 + 675 * elapsed + 2


async def test_a_wait_that_would_outlive_a_lease_is_handed_back() -> None:
    """A spent rate limit, or a long cool-down, is reported at once instead of slept through."""
    rate_limit = RateLimit(1)
    await rate_limit.take()
    with pytest.raises(Paused, match="rate limit"):
        await rate_limit.take()
    silent = RateLimit(1000)
    await silent.cool_down(120)
    with pytest.raises(Paused):
        await silent.take()


async def test_workers_share_one_rate_limit_through_redis(redis_url: str) -> None:
    """Two workers together get what one would get alone, and a cool-down reaches both."""
    first, second = OwnRateLimit(redis_url, "a"), OwnRateLimit(redis_url, "a")
    alone = OwnRateLimit(redis_url, "b")
    try:
        budgets = [RateLimit(40, first), RateLimit(40, second)]
        together = await asyncio.gather(*(granted(rate_limit) for rate_limit in budgets))
        assert 9 <= sum(together) <= 10  # a quarter of the minute at once, but for what is for scans alone
        assert first.worker_count == 2
        await budgets[0].cool_down(100)
        with pytest.raises(Paused):
            await budgets[1].take()
        await RateLimit(40, alone).take()
        async with Redis.from_url(redis_url) as redis:
            assert not [key async for key in redis.scan_iter("*secret*")]
    finally:
        for each in (first, second, alone):
            await each.aclose()


async def test_a_charge_costs_four_operations_of_redis(redis_url: str) -> None:
    """Commands inside of a script count; a worker says that it is there with its first charge, not with each."""
    shared = OwnRateLimit(redis_url, "thrifty")
    rate_limit = RateLimit(1000, shared)
    async with Redis.from_url(redis_url) as redis:
        try:
            await rate_limit.take()
            before = await redis.info("stats")
            for _ in range(10):
                await rate_limit.take()
            after = await redis.info("stats")
        finally:
            await shared.aclose()
    counted = "total_commands_processed"
    assert after[counted] - before[counted] == 10 * 4 + 1  # the question itself is one


async def test_a_cool_down_ends(redis_url: str) -> None:
    """What one worker was told by Retry-After, another waits for, and not longer."""
    told, other = OwnRateLimit(redis_url, "told"), OwnRateLimit(redis_url, "told")
    try:
        await told.cool_down(0.5)
        wait = await other.charge(0.001, 20, 0)
        assert wait
        assert 0 < wait <= 0.5
        await asyncio.sleep(wait)
        left = await other.charge(0.001, 20, 0)
        assert left is not None
        assert left < 0.05
    finally:
        await told.aclose()
        await other.aclose()


async def test_a_clock_of_redis_that_is_set_back_stops_nobody(redis_url: str) -> None:
    """Charges and the cool-down until then are an hour ahead now; neither is waited for."""
    shared = OwnRateLimit(redis_url, "hour")
    async with Redis.from_url(redis_url) as redis:
        try:
            await shared.charge(0.25, 15, 0)
            await shared.cool_down(60)
            for name in ("rate", "cooldown"):
                value, second = (await redis.get(f"savvycal:{name}:hour")).split()
                await redis.set(f"savvycal:{name}:hour", f"{float(value) + 3_600_000:.3f} {int(second)}")
            for _ in range(2):
                wait = await shared.charge(0.25, 15, 0)
                assert wait is not None
                assert wait < 1
        finally:
            await shared.aclose()


async def test_without_redis_each_worker_takes_its_share() -> None:
    """While Redis is out of reach the rate limit is kept here, divided by the workers seen last."""
    away = OwnRateLimit("redis://127.0.0.1:1/0", "a")
    away.worker_count = 4
    rate_limit = RateLimit(40, away)
    assert 2 <= await granted(rate_limit) <= 3
    await away.aclose()


async def test_scans_leave_a_part_of_the_burst_to_people() -> None:
    """When scans have spent theirs, somebody who asks still gets an answer."""
    rate_limit = RateLimit(40)
    scans = await granted(rate_limit, is_scan=True)
    assert 7 <= scans <= 8
    assert 2 <= await granted(rate_limit) <= 3


async def test_a_refused_token_pauses_one_product_and_a_new_one_ends_it(mirrored_url: str, tmp_path: Path) -> None:
    """One request finds out, the rest waits; the replaced token file is read by itself."""
    async with running_harness(mirrored_url) as harness, aiohttp.ClientSession() as session:
        token = tmp_path / "token"
        token.write_text("pt_secret_wrong")
        account = account_of(harness.simulator, meetings_token=None, meetings_token_file=str(token))
        harness.context.accounts = {"default": composition.endpoints_of(account, session, RateLimits(1_000_000))}
        events = list(harness.world.documents("event"))[:20]
        for event in events:
            await requests.resync_object(harness.context, Kind.EVENT, event, "default")
        harness.world.requests.clear()
        await loop.work(harness.context)
        assert 1 <= len(harness.world.requests) <= loop.OBJECTS_MAX
        assert await harness.value("select max(attempts) from savvycal._work where job = 'object'") == 0
        endpoint = harness.context.endpoint("default", Product.MEETINGS)
        assert endpoint is not None
        assert endpoint.client.circuit.is_open
        asked = len(harness.world.requests)
        await harness.work_as_if_due()
        assert len(harness.world.requests) == asked

        token.write_text(harness.simulator.options.meetings_token)
        endpoint.client.circuit._open_until = 0  # half a minute later
        await harness.work_as_if_due()  # one probe closes the circuit
        await harness.work_as_if_due()
        assert await harness.value("select count(*) from savvycal.events") == 20


async def test_a_token_replaced_while_it_is_refused_is_tried_at_once(harness: Harness, tmp_path: Path) -> None:
    """401 re-reads the file: a rotation in that very moment costs nothing."""
    path = tmp_path / "token"
    path.write_text("pt_secret_old")
    good = harness.simulator.options.meetings_token
    turns = iter(["pt_secret_old", good, good])
    account = account_of(harness.simulator)
    account.meetings_token = lambda: next(turns)
    async with aiohttp.ClientSession() as session:
        endpoints = composition.endpoints_of(account, session, RateLimits(1_000_000))
        await endpoints[Product.MEETINGS].probe()


async def test_an_outage_is_asked_about_by_one_probe_only(harness: Harness) -> None:
    """After a row of failures nothing is sent, however much is due."""
    harness.world.faults.append(Fault(kind="status", args={"status": 503}))
    for event in list(harness.world.documents("event")):
        await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    harness.world.requests.clear()
    for _ in range(5):
        await harness.work_as_if_due()
    assert len(harness.world.requests) <= loop.OBJECTS_MAX


async def test_a_reconcile_that_keeps_failing_becomes_a_dead_letter_and_can_be_tried_again(harness: Harness) -> None:
    """Nothing is dropped: the row says why, and a retry starts over."""
    event = next(iter(harness.world.documents("event")))
    harness.world.faults.append(Fault(kind="html_200", match="GET /meetings/v1/events/"))
    await harness.reconcile(Kind.EVENT, event)
    error = await harness.value("select last_error from savvycal._work where key = $1", event)
    assert error.startswith("SavvyCal answered with something that names no object")
    harness.world.faults[:] = [Fault(kind="status", match="GET /meetings/v1/events/", args={"status": 418})]
    await requests.resync_object(harness.context, Kind.EVENT, event, "default")
    for _ in range(ATTEMPTS_MAX_PERMANENT):
        await harness.work_as_if_due()
    (row,) = await harness.rows(
        "select dead_lettered_at, last_error, attempts from savvycal._work where key = $1", event
    )
    assert row["dead_lettered_at"] is not None
    assert row["last_error"].startswith("SavvyCal answered 418")
    harness.world.faults.clear()
    await harness.execute(work_queue.SQL["retry"], "default", event, None, None)
    await loop.work(harness.context)
    assert await harness.value("select count(*) from savvycal.events where id = $1", event) == 1


async def test_too_many_404s_in_an_hour_are_held(mirrored_url: str) -> None:
    """When everything answers 404 the token is the likelier reason: at most max(20, 1 %) tombstones, then it waits."""
    async with running_harness(mirrored_url, events=40, appointments=0) as harness:
        await harness.scan(Product.MEETINGS)
        for event in list(harness.world.documents("event")):
            harness.world.delete("event", event)
            await requests.resync_object(harness.context, Kind.EVENT, event, "default")
        await loop.work(harness.context)
        await harness.advance_a_minute()
        for _ in range(3):
            await harness.work_as_if_due()
        deleted = await harness.value("select count(*) from savvycal.events where deleted_at is not null")
        assert 20 <= deleted < 20 + loop.OBJECTS_MAX  # a batch that was under way may finish
        held = await harness.value("select last_error from savvycal._work where last_error is not null limit 1")
        assert "is the token the right one?" in held


def test_the_error_of_a_bad_answer_is_transient() -> None:
    """Malformed pages are worth another try."""
    assert Malformed("x").transient
    assert settings.variable("redis_url") == "REDIS_URL"


async def test_objects_that_may_not_be_seen_leave_room_for_scans(mirrored_url: str) -> None:
    """403 for some ids: each is asked more and more rarely, and never counts as a first try again."""
    async with running_harness(mirrored_url, appointments=0) as harness:
        harness.world.faults.append(Fault(kind="status", match="GET /meetings/v1/events/", args={"status": 403}))
        for event in list(harness.world.documents("event"))[:5]:
            await requests.resync_object(harness.context, Kind.EVENT, event, "default")
        await loop.work(harness.context)
        for _ in range(4):
            await harness.work_as_if_due()
        rows = await harness.rows(
            "select attempts, dead_lettered_at, due_at - clock_timestamp() as wait "
            "from savvycal._work where job = 'object'"
        )
        assert {row["dead_lettered_at"] for row in rows} == {None}
        assert min(row["attempts"] for row in rows) > 1
        await harness.scan(Product.MEETINGS)
        assert await harness.value("select count(*) from savvycal.events") == 30


async def test_a_reconcile_that_ends_with_a_bug_becomes_a_dead_letter_alone(
    mirrored_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody expects is counted against the object it happened to; those beside it are stored."""
    async with running_harness(mirrored_url, appointments=0) as harness:
        events = list(harness.world.documents("event"))[:6]
        honest = wire.peek_id

        def mutation(raw: bytes) -> str:
            if honest(raw) == events[2]:
                raise RuntimeError
            return honest(raw)

        monkeypatch.setattr("worker.sync.loop.peek_id", mutation)
        for event in events:
            await requests.resync_object(harness.context, Kind.EVENT, event, "default")
        for _ in range(ATTEMPTS_MAX_PERMANENT):
            await harness.work_as_if_due()
        assert await harness.value("select count(*) from savvycal.events") == 5
        (row,) = await harness.rows(
            "select key, dead_lettered_at, last_error from savvycal._work where dead_lettered_at is not null"
        )
        assert row["key"] == events[2]


async def test_an_object_whose_reads_never_end_becomes_a_dead_letter(mirrored_url: str) -> None:
    """A read that takes its worker down each time leaves nothing but the attempts that were counted at its start."""
    async with running_harness(mirrored_url, appointments=0) as harness:
        event = next(iter(harness.world.documents("event")))
        await requests.resync_object(harness.context, Kind.EVENT, event, "default")
        await harness.execute("update savvycal._work set attempts = $1 where job = 'object'", ATTEMPTS_MAX)
        harness.world.requests.clear()
        await loop.work(harness.context)
        assert not harness.world.requests
        assert "together with their worker" in await harness.value(
            "select last_error from savvycal._work where dead_lettered_at is not null"
        )


async def test_a_standing_window_comes_back_soon_after_a_long_outage(harness: Harness) -> None:
    """Its failures wait no longer than its pace: what is near is read within a minute of SavvyCal's return."""
    key, minute = WindowKey("default", Product.MEETINGS, "near"), timedelta(minutes=1)
    harness.context.windows = windows.standing(minute, 10 * minute, 60 * minute, 1440 * minute)
    await schedule.run(harness.context)
    harness.world.faults.append(Fault(kind="status", match="GET /meetings/v1/events", args={"status": 503}))
    endpoint = harness.context.endpoint("default", Product.MEETINGS)
    assert endpoint
    for _ in range(13):
        endpoint.client.circuit = CircuitBreaker()  # each time the one probe of an open circuit
        await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
        await run_scan(harness.context, key)
    wait = (
        "select due_at - clock_timestamp() from savvycal._work where job = 'scan' and (kind, key) = ('event', 'near')"
    )
    assert await harness.value(wait) <= timedelta(seconds=60)


CROWD = "select savvycal.request_resync('event', 'event_none_' || n) from generate_series($1::integer, $2::integer) n"


async def test_an_account_has_so_many_objects_open_and_no_more(harness: Harness) -> None:
    """A hundred go before everything else, the others behind; from 5,000 on all is refused, by SQL and by the queue."""
    with pytest.raises(StoreError, match="SQLSTATE 54000"):
        await harness.rows(CROWD, 1, 5001)
    assert await harness.value("select count(*) from savvycal._work where job = 'object'") == 0
    await harness.rows(CROWD, 1, 5000)
    assert await harness.value("select count(*) from savvycal._work where priority = 0") == 100
    with pytest.raises(ResyncRejected, match="too many"):
        await requests.resync_object(harness.context, Kind.EVENT, "event_none_6000", "default")
    answer = await requests.resync_objects(harness.context, Kind.EVENT, ["event_none_1", "event_none_6000"], "default")
    assert answer == {"merged": 1, "refused": 1}


async def test_ids_that_nobody_has_ever_seen_back_off_as_a_group(harness: Harness) -> None:
    """Each alone after two seconds, many together one every two seconds, and behind everything else."""
    await harness.rows(CROWD, 1, 40)
    await loop.work(harness.context)
    waits = "select count(*) from savvycal._work where missing_since is not null and due_at > now() + '30 s'"
    assert await harness.value(waits) >= 5  # the first ones met a smaller group
    assert await harness.value("select max(priority) from savvycal._work where job = 'object'") == Priority.CROWD

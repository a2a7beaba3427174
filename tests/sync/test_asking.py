"""How SavvyCal is asked: within the budget, never in a storm, and not at all while it makes no sense."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import aiohttp
import pytest
from redis.asyncio import Redis

from tests.sync.stage import Stage, account_of, granted, staged
from worker import accounts, settings
from worker.core import cadence
from worker.core.model import Kind, Product
from worker.errors import (
    Malformed,
    NotThere,
    Paused,
    RateLimited,
    SavvycalSyncError,
    Suspect,
    Unauthorized,
    Unreachable,
)
from worker.savvycal import wire
from worker.savvycal.budget import Budget
from worker.savvycal.circuit import FAILURES_MAX, Circuit
from worker.shared_budget import RedisBudget
from worker.simulator import Fault
from worker.store import targets
from worker.store.passes import WindowKey
from worker.sync import poll, tick, trigger, work
from worker.sync.retry import ATTEMPTS_MAX, ATTEMPTS_MAX_PERMANENT, RetryBudget, plan_retry


@pytest.mark.parametrize(
    ("error", "attempts", "park", "counts"),
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
def test_what_a_failure_costs(error: SavvycalSyncError, attempts: int, park: bool, counts: bool) -> None:
    """Only failures that more trying could wear out are counted, and parked in the end."""
    retry = plan_retry(error, attempts, Random(1))
    assert (retry.park, retry.counts) == (park, counts)
    assert 0 < retry.seconds <= 3630


def test_retry_after_is_honoured_within_a_clamp() -> None:
    """What SavvyCal asks for is waited, absurd wishes are cut."""
    assert 7 <= plan_retry(RateLimited("slow", 7), 1, Random(1)).seconds <= 8
    assert plan_retry(RateLimited("slow", 86400), 1, Random(1)).seconds <= 301


def test_retries_are_a_tenth_of_first_tries() -> None:
    """After what was saved up is spent, ten first tries pay for one retry."""
    budget = RetryBudget()
    while budget.admits(2):
        pass
    admitted = 0
    for _ in range(100):
        assert budget.admits(1)
        admitted += budget.admits(5)
    assert 9 <= admitted <= 10


def test_retries_go_on_where_nothing_is_tried_for_the_first_time() -> None:
    """After an outage a quiet account has nothing but retries: one every two seconds, not none for ever."""
    budget = RetryBudget()
    while budget.admits(2):
        pass
    budget._looked_at -= 20  # so many seconds later
    assert [budget.admits(2) for _ in range(11)] == [True] * 10 + [False]


def test_a_circuit_opens_after_a_row_of_failures_and_closes_on_the_first_answer() -> None:
    """While it is open nothing is sent; one probe at a time finds out."""
    circuit = Circuit()
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
    circuit = Circuit()
    circuit.note(Unauthorized("SavvyCal answered 403", 403))
    assert not circuit.is_open
    circuit.note(Unauthorized("SavvyCal answered 401", 401))
    with pytest.raises(Paused, match="set a valid token"):
        circuit.check()


async def test_a_budget_never_lets_more_than_its_minute_through() -> None:
    """The burst, then the steady rate: together the configured number in any minute."""
    budget = Budget(60_000)
    began = time.monotonic()
    taken = 0
    while True:
        try:
            async with asyncio.timeout(2):
                await budget.take()
        except TimeoutError:
            break
        taken += 1
        if time.monotonic() - began > 1.5:
            break
    elapsed = time.monotonic() - began
    assert taken <= 15_000 + 750 * elapsed + 2


async def test_a_wait_that_would_outlive_a_lease_is_handed_back() -> None:
    """A spent budget, or a long silence, is said at once instead of slept through."""
    budget = Budget(1)
    await budget.take()
    with pytest.raises(Paused, match="budget"):
        await budget.take()
    silent = Budget(1000)
    await silent.close_for(120)
    with pytest.raises(Paused):
        await silent.take()


async def test_workers_share_one_budget_through_redis(redis_url: str) -> None:
    """Two workers together get what one would get alone, and silence reaches both."""
    first, second = RedisBudget(redis_url, "a"), RedisBudget(redis_url, "a")
    alone = RedisBudget(redis_url, "b")
    try:
        budgets = [Budget(40, first), Budget(40, second)]
        together = await asyncio.gather(*(granted(budget) for budget in budgets))
        assert 10 <= sum(together) <= 11  # a quarter of the minute at once
        assert first.worker_count == 2
        await budgets[0].close_for(100)
        with pytest.raises(Paused):
            await budgets[1].take()
        await Budget(40, alone).take()
        async with Redis.from_url(redis_url) as redis:
            assert not [key async for key in redis.scan_iter("*secret*")]
    finally:
        for each in (first, second, alone):
            await each.aclose()


async def test_a_charge_costs_four_operations_of_redis(redis_url: str) -> None:
    """Commands inside of a script count; a worker says that it is there with its first charge, not with each."""
    shared = RedisBudget(redis_url, "thrifty")
    budget = Budget(1000, shared)
    async with Redis.from_url(redis_url) as redis:
        try:
            await budget.take()
            before = await redis.info("stats")
            for _ in range(10):
                await budget.take()
            after = await redis.info("stats")
        finally:
            await shared.aclose()
    counted = "total_commands_processed"
    assert after[counted] - before[counted] == 10 * 4 + 1  # the question itself is one


async def test_silence_ends(redis_url: str) -> None:
    """What one worker was told by Retry-After, another waits for, and not longer."""
    told, other = RedisBudget(redis_url, "told"), RedisBudget(redis_url, "told")
    try:
        await told.close_for(0.5)
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
    """What was paid and what was silent until then lies an hour ahead now; neither is waited for."""
    shared = RedisBudget(redis_url, "hour")
    async with Redis.from_url(redis_url) as redis:
        try:
            await shared.charge(0.25, 15, 0)
            await shared.close_for(60)
            for name in ("budget", "silence"):
                value, second = (await redis.get(f"savvycal:{name}:hour")).split()
                await redis.set(f"savvycal:{name}:hour", f"{float(value) + 3_600_000:.3f} {int(second)}")
            for _ in range(2):
                wait = await shared.charge(0.25, 15, 0)
                assert wait is not None
                assert wait < 1
        finally:
            await shared.aclose()


async def test_without_redis_each_worker_takes_its_share() -> None:
    """Out of reach the budget is kept here, divided by the workers seen last."""
    away = RedisBudget("redis://127.0.0.1:1/0", "a")
    away.worker_count = 4
    budget = Budget(40, away)
    assert 2 <= await granted(budget) <= 3
    await away.aclose()


async def test_sweeps_leave_a_part_of_the_burst_to_people() -> None:
    """When sweeps have spent theirs, somebody who asks still gets an answer."""
    budget = Budget(40)
    sweeps = await granted(budget, is_sweep=True)
    assert 7 <= sweeps <= 8
    assert 2 <= await granted(budget) <= 3


async def test_a_refused_token_pauses_one_product_and_a_new_one_ends_it(mirrored_url: str, tmp_path: Path) -> None:
    """One request finds out, the rest waits; the replaced token file is read by itself."""
    async with staged(mirrored_url) as stage, aiohttp.ClientSession() as session:
        token = tmp_path / "token"
        token.write_text("pt_secret_wrong")
        account = account_of(stage.simulator, meetings_token=None, meetings_token_file=str(token))
        stage.mirror.accounts = {"default": accounts.endpoints_of(account, session, Budget(1_000_000))}
        events = list(stage.world.documents("event"))[:20]
        for event in events:
            await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
        stage.world.requests.clear()
        await work.work(stage.mirror)
        assert 1 <= len(stage.world.requests) <= work.BATCH
        assert await stage.value("select max(attempts) from savvycal._targets") == 0
        endpoint = stage.mirror.endpoint("default", Product.MEETINGS)
        assert endpoint is not None
        assert endpoint.client.circuit.is_open
        asked = len(stage.world.requests)
        await stage.work_as_if_due()
        assert len(stage.world.requests) == asked

        token.write_text(stage.simulator.options.meetings_token)
        endpoint.client.circuit._open_until = 0  # half a minute later
        await stage.work_as_if_due()  # one probe closes the circuit
        await stage.work_as_if_due()
        assert await stage.value("select count(*) from savvycal.events") == 20


async def test_a_token_replaced_while_it_is_refused_is_tried_at_once(stage: Stage, tmp_path: Path) -> None:
    """401 re-reads the file: a rotation in that very moment costs nothing."""
    path = tmp_path / "token"
    path.write_text("pt_secret_old")
    good = stage.simulator.options.meetings_token
    turns = iter(["pt_secret_old", good, good])
    account = account_of(stage.simulator)
    account.meetings_token = lambda: next(turns)
    async with aiohttp.ClientSession() as session:
        endpoints = accounts.endpoints_of(account, session, Budget(1_000_000))
        await endpoints[Product.MEETINGS].probe()


async def test_an_outage_is_asked_about_by_one_probe_only(stage: Stage) -> None:
    """After a row of failures nothing is sent, however much is due."""
    stage.world.faults.append(Fault(kind="status", args={"status": 503}))
    for event in list(stage.world.documents("event")):
        await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
    stage.world.requests.clear()
    for _ in range(5):
        await stage.work_as_if_due()
    assert len(stage.world.requests) <= work.BATCH


async def test_a_look_that_keeps_failing_is_parked_with_its_reason_and_can_be_tried_again(stage: Stage) -> None:
    """Nothing is dropped: the row says why, and unparking starts over."""
    event = next(iter(stage.world.documents("event")))
    stage.world.faults.append(Fault(kind="html_200", match="GET /meetings/v1/events/"))
    await stage.look(Kind.EVENT, event)
    error = await stage.value("select last_error from savvycal._targets where id = $1", event)
    assert error.startswith("SavvyCal answered with something that names no object")
    stage.world.faults[:] = [Fault(kind="status", match="GET /meetings/v1/events/", args={"status": 418})]
    await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
    for _ in range(ATTEMPTS_MAX_PERMANENT):
        await stage.work_as_if_due()
    (row,) = await stage.rows("select parked_at, last_error, attempts from savvycal._targets where id = $1", event)
    assert row["parked_at"] is not None
    assert row["last_error"].startswith("SavvyCal answered 418")
    stage.world.faults.clear()
    await stage.execute(targets.SQL["unpark"], "default", event)
    await work.work(stage.mirror)
    assert await stage.value("select count(*) from savvycal.events where id = $1", event) == 1


async def test_too_many_404s_in_an_hour_are_held(mirrored_url: str) -> None:
    """When everything answers 404 the token is the likelier reason: at most max(20, 1 %) tombstones, then it waits."""
    async with staged(mirrored_url, events=40, appointments=0) as stage:
        await stage.sweep(Product.MEETINGS)
        for event in list(stage.world.documents("event")):
            stage.world.delete("event", event)
            await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
        await work.work(stage.mirror)
        await stage.a_minute_passes()
        for _ in range(3):
            await stage.work_as_if_due()
        gone = await stage.value("select count(*) from savvycal.events where gone_at is not null")
        assert 20 <= gone < 20 + work.BATCH  # a batch that was under way may finish
        held = await stage.value("select last_error from savvycal._targets where last_error is not null limit 1")
        assert "is the token the right one?" in held


def test_the_error_of_a_bad_answer_is_transient() -> None:
    """Malformed pages are worth another try."""
    assert Malformed("x").transient
    assert settings.variable("redis_url") == "REDIS_URL"


async def test_objects_that_may_not_be_seen_leave_room_for_sweeps(mirrored_url: str) -> None:
    """403 for some ids: each is asked more and more rarely, and never counts as a first try again."""
    async with staged(mirrored_url, appointments=0) as stage:
        stage.world.faults.append(Fault(kind="status", match="GET /meetings/v1/events/", args={"status": 403}))
        for event in list(stage.world.documents("event"))[:5]:
            await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
        await work.work(stage.mirror)
        for _ in range(4):
            await stage.work_as_if_due()
        rows = await stage.rows("select attempts, parked_at, due_at - clock_timestamp() as wait from savvycal._targets")
        assert {row["parked_at"] for row in rows} == {None}
        assert min(row["attempts"] for row in rows) > 1
        await stage.sweep(Product.MEETINGS)
        assert await stage.value("select count(*) from savvycal.events") == 30


async def test_a_look_that_ends_with_a_bug_is_parked_alone(mirrored_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expects is counted against the object it happened to; those beside it are stored."""
    async with staged(mirrored_url, appointments=0) as stage:
        events = list(stage.world.documents("event"))[:6]
        honest = wire.peek_id

        def planted_bug(raw: bytes) -> str:
            if honest(raw) == events[2]:
                raise RuntimeError
            return honest(raw)

        monkeypatch.setattr("worker.sync.work.peek_id", planted_bug)
        for event in events:
            await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
        for _ in range(ATTEMPTS_MAX_PERMANENT):
            await stage.work_as_if_due()
        assert await stage.value("select count(*) from savvycal.events") == 5
        (row,) = await stage.rows("select id, parked_at, last_error from savvycal._targets where parked_at is not null")
        assert row["id"] == events[2]


async def test_an_object_whose_looks_never_end_is_parked(mirrored_url: str) -> None:
    """A look that takes its worker down each time leaves nothing but the attempts that were counted at its start."""
    async with staged(mirrored_url, appointments=0) as stage:
        event = next(iter(stage.world.documents("event")))
        await trigger.resync_object(stage.mirror, Kind.EVENT, event, "default")
        await stage.execute("update savvycal._targets set attempts = $1", ATTEMPTS_MAX)
        stage.world.requests.clear()
        await work.work(stage.mirror)
        assert not stage.world.requests
        assert "together with their worker" in await stage.value(
            "select last_error from savvycal._targets where parked_at is not null"
        )


async def test_a_standing_window_comes_back_soon_after_a_long_outage(stage: Stage) -> None:
    """Its failures wait no longer than its pace: what is near is looked at within a minute of SavvyCal's return."""
    key, minute = WindowKey("default", Product.MEETINGS, "near"), timedelta(minutes=1)
    stage.mirror.windows = cadence.windows(minute, 10 * minute, 60 * minute, 1440 * minute)
    await tick.tick(stage.mirror)
    stage.world.faults.append(Fault(kind="status", match="GET /meetings/v1/events", args={"status": 503}))
    endpoint = stage.mirror.endpoint("default", Product.MEETINGS)
    assert endpoint
    for _ in range(13):
        endpoint.client.circuit = Circuit()  # each time the one probe of an open circuit
        await stage.execute("update savvycal._passes set due_at = clock_timestamp()")
        await poll.poll(stage.mirror, key)
    wait = "select due_at - clock_timestamp() from savvycal._passes where (product, window_name) = ('meetings', 'near')"
    assert await stage.value(wait) <= timedelta(seconds=60)

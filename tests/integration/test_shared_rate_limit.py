"""The rate limit while Redis comes and goes, and during a cool-down."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from tests.support.harness import Harness, account_of, granted, until
from tests.support.rate_limits import OwnRateLimit
from worker import composition
from worker.core.model import Product
from worker.errors import Paused
from worker.savvycal.rate_limit import RateLimit, RateLimits


def _goes(shared: OwnRateLimit) -> None:
    shared._away_until = float("inf")


def _comes_back(shared: OwnRateLimit) -> None:
    shared._away_until = 0.0


async def test_a_burst_is_spent_once_however_often_redis_comes_and_goes(redis_url: str) -> None:
    """From the shared rate limit to the local share and back, and with the local share first."""
    shared, other = OwnRateLimit(redis_url, "flaps"), OwnRateLimit(redis_url, "alone first")
    try:
        rate_limit = RateLimit(40, shared)
        assert 9 <= await granted(rate_limit) <= 10
        for _ in range(3):
            _goes(shared)
            assert await granted(rate_limit) <= 1
            _comes_back(shared)
            assert await granted(rate_limit) <= 1
        _goes(other)
        rate_limit = RateLimit(40, other)
        assert 9 <= await granted(rate_limit) <= 10
        _comes_back(other)
        assert await granted(rate_limit) <= 1
    finally:
        await shared.aclose()
        await other.aclose()


@pytest.mark.parametrize("by", ["this worker", "another one"])
async def test_who_waits_for_the_rate_limit_minds_a_cool_down_that_began_meanwhile(redis_url: str, by: str) -> None:
    """A 429 goes for those, too, whose turn had been fixed before it came, whoever was told."""
    shared, theirs = OwnRateLimit(redis_url, "minded"), OwnRateLimit(redis_url, "minded")
    rate_limit, sent = RateLimit(240, shared), list[float]()

    async def ask() -> None:
        try:
            await rate_limit.take()
        except Paused:
            return
        sent.append(time.monotonic())

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(60):  # 54 at once, six within two seconds
                group.create_task(ask())
            await until(lambda: _are(sent, 54), 10)
            before = len(sent)
            await (rate_limit if by == "this worker" else RateLimit(240, theirs)).cool_down(120)
        assert len(sent) - before <= 1  # one may have been on its way
    finally:
        await shared.aclose()
        await theirs.aclose()


async def _are(found: list[float], count: int) -> bool:
    return len(found) >= count


async def test_a_shorter_cool_down_does_not_cut_a_longer_one(redis_url: str) -> None:
    """Two workers are told different times: all wait for the longer."""
    one, two, third = (OwnRateLimit(redis_url, "hush") for _ in range(3))
    try:
        await one.cool_down(300)
        await two.cool_down(1)
        wait = await third.charge(0.33, 20, 0)
        assert wait is not None
        assert wait > 200
    finally:
        for each in (one, two, third):
            await each.aclose()


@pytest.mark.parametrize("is_shared", [False, True])
async def test_a_cool_down_accumulates_no_requests(redis_url: str, is_shared: bool) -> None:
    """At its end there is one burst, and no more: the minute that begins there holds no more than its number."""
    shared = OwnRateLimit(redis_url, "saved") if is_shared else None
    rate_limit = RateLimit(240, shared)
    try:
        await rate_limit.cool_down(2)
        ends_at, sent = time.monotonic() + 2, list[float]()

        async def ask() -> None:
            await rate_limit.take()
            sent.append(time.monotonic())

        await asyncio.gather(*(ask() for _ in range(67)))
        assert min(sent) > ends_at - 0.1
        assert (
            len([at for at in sent if at < ends_at + 0.25]) <= 61
        )  # with the two seconds saved up all 67 went at once
    finally:
        if shared:
            await shared.aclose()


async def test_a_cool_down_ends_when_it_was_to_end_and_each_request_pays_once(redis_url: str) -> None:
    """However long a busy Redis takes for each of those who wait: their questions do not put its end off."""

    class Busy(OwnRateLimit):
        charged = 0

        async def charge(self, *spans: Any) -> float | None:
            await asyncio.sleep(0.03)
            self.charged += 1
            return await super().charge(*spans)

    shared = Busy(redis_url, "put off")
    rate_limit = RateLimit(240, shared)
    try:
        await rate_limit.cool_down(3)
        await asyncio.gather(*(rate_limit.take() for _ in range(40)))
        assert shared.charged == 40
    finally:
        await shared.aclose()


async def test_a_cool_down_that_redis_did_not_hear_of_saves_nothing_up_either(redis_url: str) -> None:
    """SavvyCal asked for it while Redis was away, and Redis is back before it ends."""
    shared = OwnRateLimit(redis_url, "unheard")
    rate_limit, sent = RateLimit(240, shared), list[float]()
    rate_limit._closed_until = ends_at = time.monotonic() + 3

    async def ask() -> None:
        await rate_limit.take()
        sent.append(time.monotonic())

    tasks = list[asyncio.Task[None]]()
    for _ in range(70):
        tasks.append(asyncio.create_task(ask()))
        await asyncio.sleep(0.02)
    await asyncio.sleep(max(0, ends_at + 0.3 - time.monotonic()))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await shared.aclose()
    assert len([at for at in sent if at < ends_at + 0.25]) <= 61


async def test_a_patient_rate_limit_waits_where_others_give_their_work_back() -> None:
    """For a command, which holds no lease."""
    rate_limit = RateLimit(1_000, is_patient=True)
    rate_limit._closed_until = time.monotonic() + 15.2
    taking = asyncio.create_task(rate_limit.take())
    await asyncio.sleep(0.05)
    assert not taking.done()
    taking.cancel()


async def test_the_second_request_after_a_replaced_token_is_paid_for(harness: Harness) -> None:
    """A token replaced in the very moment of its refusal costs two requests of the rate limit."""

    class Counting(RateLimit):
        taken = 0

        async def take(self, is_scan: bool = False) -> None:
            self.taken += 1

    good = harness.simulator.options.meetings_token
    turns = iter(["pt_secret_old", good, good])
    account, rate_limit = account_of(harness.simulator), Counting(240)

    class One(RateLimits):
        def of(self, token: str) -> RateLimit:
            return rate_limit

    account.meetings_token = lambda: next(turns)
    async with aiohttp.ClientSession() as session:
        endpoint = composition.endpoints_of(account, session, One(240))[Product.MEETINGS]
        await endpoint.probe()
    assert rate_limit.taken == endpoint.client.request_count == 2


async def test_scans_go_on_however_much_is_asked_for_by_id() -> None:
    """Reads by id have used up their part for as long as anybody waits; a scan has a tenth for itself."""
    rate_limit = RateLimit(240)
    reads = [asyncio.create_task(rate_limit.take()) for _ in range(200)]
    await until(lambda: _is_used_up(rate_limit), 10)
    async with asyncio.timeout(10):
        for _ in range(7):  # its burst, and one that has to wait for it
            await rate_limit.take(is_scan=True)
    for read in reads:
        read.cancel()
    await asyncio.gather(*reads, return_exceptions=True)


async def _is_used_up(rate_limit: RateLimit) -> bool:
    return not rate_limit.may_be_asked

"""The schedule under load: near windows never wait for histories."""

import asyncio
import time
from typing import Any

import pytest
from redis.asyncio import Redis

from savvycal_sync.queue import URGENT, Call, push
from tests.support.harness import Harness, running_harness, until
from worker.arq_worker import ArqWorker
from worker.core.model import Product
from worker.sync import requests, scan, schedule

NEAR_IS_SCANNED = """
select exists (select from savvycal._scans where window_name = 'near')
  or exists (select from savvycal.coverage where window_name = 'near' and complete_as_of is not null)
"""


async def test_the_schedule_runs_while_more_scans_run_than_there_are_places(
    mirrored_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty ranges that take their time, each waking for itself again: the near window is opened all the same."""
    monkeypatch.setattr(scan, "SLICE_SECONDS", 2.0)
    async with running_harness(mirrored_url, events=3000, appointments=0) as harness:

        def slowly(fetch: Any) -> Any:
            async def slow(request: Any, is_scan: bool = False) -> bytes:
                await asyncio.sleep(1.5)
                return bytes(await fetch(request, is_scan))

            return slow

        for endpoint in harness.context.accounts["default"].values():
            monkeypatch.setattr(endpoint.client, "fetch", slowly(endpoint.client.fetch))
        await harness.execute("update savvycal.coverage set next_due_at = clock_timestamp() + interval '1 hour'")
        running = asyncio.create_task(ArqWorker(redis_url, harness.context).run())
        try:
            await until(lambda: _is_connected(harness), 20)
            for day in range(30):
                until_day = f"2029-01-{day + 1:02}"
                await requests.resync_window(harness.context, Product.MEETINGS, "2020-01-01", until_day, "default")
            leased = "select count(*) >= 18 from savvycal._work where job = 'scan' and lease_until > clock_timestamp()"
            await until(lambda: harness.value(leased), 20)
            await harness.execute(
                "update savvycal.coverage set next_due_at = clock_timestamp() where window_name = 'near'"
            )
            await until(lambda: harness.value(NEAR_IS_SCANNED), 20)
        finally:
            running.cancel()
            await asyncio.wait({running}, timeout=15)


async def _is_connected(harness: Any) -> bool:
    """Whether the ARQ worker has its Redis."""
    arq_worker: Any = harness.context.wake.__self__
    return bool(arq_worker.is_connected)


async def test_the_schedule_runs_beside_a_crowd_of_requests(
    mirrored_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ranges for 40 seconds of work: they are ahead in their queue, and the schedule has another one."""
    runs, honest = list[float](), schedule.run

    async def noted(context: Any) -> Any:
        runs.append(time.monotonic())
        return await honest(context)

    async def slow(*_arguments: object) -> str:
        await asyncio.sleep(2)
        return "merged"

    monkeypatch.setattr(schedule, "run", noted)
    monkeypatch.setattr(requests, "resync_window", slow)
    async with running_harness(mirrored_url, events=3, appointments=0) as harness:
        at_rest = "next_due_at = clock_timestamp() + interval '1 hour', complete_as_of = clock_timestamp()"
        await harness.execute(
            f"update savvycal.coverage set {at_rest}"
        )  # a first load that ends wakes the schedule, too
        running = asyncio.create_task(ArqWorker(redis_url, harness.context).run())
        try:
            await until(lambda: _is_connected(harness), 20)
            async with Redis.from_url(redis_url) as redis:
                for _ in range(400):
                    await push(redis, URGENT, Call("resync", ("2026-01-01..2026-01-02", "meetings")))
                filled_at = time.monotonic()

                async def has_run_twice() -> bool:
                    return len([at for at in runs if at > filled_at + 1]) >= 2

                await until(has_run_twice, 20)
                assert await redis.zcard(URGENT) > 0  # it has not waited for them
        finally:
            running.cancel()
            await asyncio.wait({running}, timeout=15)


async def test_one_run_opens_a_bounded_number_of_scans(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many accounts are due at once, those due longest go first, and the following runs open the others."""
    monkeypatch.setattr(schedule, "OPENED_MAX", 3)
    products = harness.context.accounts["default"]
    monkeypatch.setattr(harness.context, "accounts", {f"account{number}": products for number in range(4)})
    await schedule.plan_windows(harness.context)
    await harness.execute(
        "update savvycal.coverage set next_due_at = now() - substr(account, 8)::integer * interval '1 minute' "
        "where account like 'account_'"
    )
    opened = "select count(*) from savvycal._scans where account like 'account_'"
    await harness.execute("delete from savvycal._scans; delete from savvycal._work where job = 'scan'")
    for count in (3, 6, 9, 12):
        await schedule.run(harness.context)
        assert await harness.value(opened) == count
        oldest = await harness.rows("select distinct account from savvycal._scans order by account desc")
        assert [row["account"] for row in oldest] == [f"account{4 - n}" for n in range(1, count // 3 + 1)]

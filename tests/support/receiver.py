"""A whole runtime in one process: simulator, tables, receiver and, when wanted, the ARQ worker; all over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import aiohttp

from worker import web
from worker.arq_worker import ArqWorker
from worker.core import windows
from worker.core.kinds import PRODUCTS
from worker.core.model import Product
from worker.savvycal import api
from worker.savvycal.client import Client
from worker.savvycal.rate_limit import RateLimits
from worker.savvycal.webhooks import sign
from worker.simulator import Options, Simulator
from worker.store import schema
from worker.store.database import Database
from worker.sync import scan, schedule
from worker.sync.context import Endpoint, SyncContext
from worker.sync.loop import work
from worker.sync.monitor import Monitor

SECRET = "whsec_canary_of_the_tests"
SECONDS_MAX = 20.0
NEVER = timedelta(days=30)


@dataclass
class WebhookHarness:
    """What a test touches."""

    simulator: Simulator
    context: SyncContext
    db: Database
    session: aiohttp.ClientSession
    address: str
    secrets: list[str]
    admin: web.Admin

    async def post(
        self, body: bytes, product: str = "meetings", signature: str | None = None, **options: Any
    ) -> tuple[int, str]:
        """Posts a body, well signed unless told otherwise; status and text."""
        headers = {"x-savvycal-signature": signature or sign(self.secrets[0], body)} | options.pop("headers", {})
        url = f"{self.address}/webhooks/{product}"
        async with self.session.post(url, data=body, headers=headers, **options) as response:
            return response.status, await response.text()

    async def rows(self, query: str, *arguments: object) -> list[dict[str, Any]]:
        """The rows of any query."""
        async with self.db.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, *arguments)]

    async def deliveries(self) -> list[dict[str, Any]]:
        """All stored deliveries, oldest first."""
        return await self.rows("select * from savvycal.webhook_deliveries order by received_at, id")

    async def work_queue(self) -> list[dict[str, Any]]:
        """The rows of the work queue."""
        return await self.rows("select * from savvycal._work where job = 'object' order by kind, key")

    async def work(self) -> None:
        """Does what is due."""
        await work(self.context)

    async def scan(self) -> None:
        """Runs the schedule and its scans until none is left, as the worker would."""
        while any(job[0] == "scan" for job in await schedule.run(self.context)):
            await scan.work(self.context)

    async def until(self, true: Callable[[], Awaitable[Any]]) -> Any:
        """Until a question has a truthy answer, which is returned."""
        async with asyncio.timeout(SECONDS_MAX):
            while not (found := await true()):
                await asyncio.sleep(0.005)
            return found

    def register(self, *products: Literal["meetings", "appointments"]) -> None:
        """Lets the simulator deliver to the receiver."""
        both: tuple[Literal["meetings", "appointments"], ...] = ("meetings", "appointments")
        for product in products or both:
            url = f"{self.address}/webhooks/{product}"
            self.simulator.world.register_webhook(product, url, self.secrets[0])


@asynccontextmanager
async def webhook_harness(
    database_url: str,
    redis_url: str | None = None,
    every: timedelta = NEVER,
    receivers: web.ReceiverConfigs | None = None,
    pool_size: int = 8,
    **options: Any,
) -> AsyncIterator[WebhookHarness]:
    """Runs a runtime. Windows are scanned once and then hardly ever, so that what a test sees came by webhook."""
    secrets = [SECRET]
    async with AsyncExitStack() as stack:
        chosen = {"events": 30, "appointments": 20, "lifecycle": False} | options
        simulator = await stack.enter_async_context(Simulator(Options(**chosen)))
        db = await Database.connect(database_url, pool_size)
        stack.push_async_callback(db.close)
        async with db.connection() as connection:
            if (await schema.state(connection)).exit_code:  # the role of the worker may not apply it
                await schema.apply(connection)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        context = SyncContext(
            db, {"default": endpoints(simulator, session)}, windows.standing(every, every, every, every)
        )
        await schedule.plan_windows(context)
        receivers = receivers or default_receivers(secrets)
        admin = web.Admin(Monitor(context, db))
        address = await stack.enter_async_context(web.serve("127.0.0.1:0", context, db, receivers, admin))
        if redis_url:
            await _start_arq_worker(redis_url, context, stack)
        yield WebhookHarness(simulator, context, db, session, address, secrets, admin)


def default_receivers(secrets: Sequence[str]) -> web.ReceiverConfigs:
    """Both products of one account, with the same secrets."""
    return {
        "default": {p: web.ReceiverConfig(lambda: secrets, f"SAVVYCAL_{p.upper()}_WEBHOOK_SECRETS") for p in PRODUCTS}
    }


def endpoints(simulator: Simulator, session: aiohttp.ClientSession) -> dict[Product, Endpoint]:
    """Both products of a simulator, with a rate limit that nothing reaches."""
    options, rate_limits = simulator.options, RateLimits(100_000)
    meetings = Client(session, simulator.meetings_url, lambda: options.meetings_token, rate_limits)
    appointments = Client(session, simulator.appointments_url, lambda: options.appointments_token, rate_limits)
    return {
        Product.MEETINGS: Endpoint(api.meetings(), meetings),
        Product.APPOINTMENTS: Endpoint(api.appointments_api(True), appointments),
    }


async def _start_arq_worker(redis_url: str, context: SyncContext, stack: AsyncExitStack) -> None:
    arq_worker = ArqWorker(redis_url, context)
    task = asyncio.create_task(arq_worker.run())

    async def stop() -> None:
        while not task.done():  # a cancellation that meets a Redis call may get lost in it
            task.cancel()
            await asyncio.wait({task}, timeout=0.5)

    stack.push_async_callback(stop)
    async with asyncio.timeout(SECONDS_MAX):
        while not arq_worker.is_connected:
            await asyncio.sleep(0.005)


def meetings_body(event_id: str, envelope_id: str = "payload_1", type_: str = "event.changed", **extra: Any) -> bytes:
    """A Meetings delivery about an event."""
    return json.dumps(
        {
            "type": type_,
            "id": envelope_id,
            "version": "2020-11-18",
            "occurred_at": "2026-11-21T00:45:00Z",
            "payload": {"id": event_id, "state": "confirmed"} | extra,
        }
    ).encode()


def appointments_body(about: dict[str, Any], type_: str, envelope_id: str = "evt_1", **extra: Any) -> bytes:
    """An Appointments delivery about an object."""
    document = {"id": envelope_id, "account_id": "acct_0123456789ab", "version": "1.0"} | extra
    return json.dumps(
        document | {"created_at": "2026-11-21T00:45:00Z", "data": {"type": type_, "object": about}}
    ).encode()

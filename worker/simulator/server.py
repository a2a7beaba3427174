"""The simulator as a server: both APIs, the control endpoint, the passing of time and the webhook dispatcher."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from .answers import RATE_LIMITED, UNSCOPED, appointments_error, meetings_error, plain_error, product_error
from .appointments_api import AppointmentsApi
from .control import Control
from .damage import spoiled
from .dispatcher import Dispatcher
from .envelopes import Product
from .fault_injection import FaultInjector, product_of
from .faults import first_striking
from .meetings_api import MeetingsApi
from .object_store import Request
from .options import Options
from .world import World

MEETINGS_PREFIX, APPOINTMENTS_PREFIX, CONTROL_PREFIX = "/meetings/v1", "/appointments/v1", "/control"
SCHEDULE_SECONDS = 0.1
BODY_BYTES_MAX = 8_000_000
"""Largest request body taken; only control requests come near it."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Simulator:
    """A SavvyCal on a loopback port: `async with Simulator(Options(seed=7)) as sim: ... sim.meetings_url`."""

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self.world = World(self.options)
        self.dispatcher = Dispatcher(self.world)
        self.meetings_url = self.appointments_url = self.control_url = ""
        self._fault_injector = FaultInjector(self.options)
        self._runner: web.AppRunner | None = None
        self._clock: asyncio.Task[None] | None = None
        self._windows: dict[str, tuple[int, int]] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on a loopback address; port 0 takes a free one."""
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the simulator has no real access control and listens on loopback only, not on {host}")
        runner = web.AppRunner(self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        self._runner = runner
        try:
            await runner.setup()
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await self.stop()
            raise
        base = f"http://{f'[{host}]' if ':' in host else host}:{runner.addresses[0][1]}"
        self.meetings_url, self.appointments_url = base + MEETINGS_PREFIX, base + APPOINTMENTS_PREFIX
        self.control_url = base + CONTROL_PREFIX
        await self.dispatcher.start()
        if self.options.speed > 0:
            self._clock = asyncio.create_task(self._run_clock(), name="simulator clock")

    async def stop(self) -> None:
        """Stop listening, ticking and delivering; harmless when stopped already."""
        clock, self._clock = self._clock, None
        if clock is not None:
            clock.cancel()
            await asyncio.gather(clock, return_exceptions=True)
        self._fault_injector.release()
        await self.dispatcher.stop()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._serve], client_max_size=BODY_BYTES_MAX)
        application.add_routes(MeetingsApi(self.world).routes(MEETINGS_PREFIX))
        application.add_routes(AppointmentsApi(self.world).routes(APPOINTMENTS_PREFIX))
        application.add_routes(Control(self.world, self._fault_injector).routes(CONTROL_PREFIX))
        return application

    async def _run_clock(self) -> None:
        """Advance the world's time at `speed`."""
        before = time.monotonic()
        while True:
            await asyncio.sleep(SCHEDULE_SECONDS)
            now = time.monotonic()
            self.world.advance((now - before) * self.options.speed)
            before = now

    @web.middleware
    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every request of either API: noted, delayed, perhaps lied to, checked, answered."""
        if request.path.startswith(CONTROL_PREFIX):
            return await handler(request)
        entry = Request(request.method, request.path, request.query_string, time.time())
        self.world.requests.append(entry)
        self.world.counters[f"{request.method} {_route(request)}"] += 1
        answer = await self._answer(request, handler)
        entry.status = answer.status
        return answer

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        product = product_of(request)
        if self.options.latency_ms > 0:
            await asyncio.sleep(self.options.latency_ms / 1000)

        async def honest(asked: web.Request) -> web.StreamResponse:
            return self._refusal(asked, product) or self._spoiled(await _handled(asked, handler, product))

        line = f"{request.method} {request.path_qs}"
        fault = first_striking(self.world.faults, line, product, self.world.fault_rng)
        return await (honest(request) if fault is None else self._fault_injector.answer(request, honest, fault))

    def _spoiled(self, answer: web.StreamResponse) -> web.StreamResponse:
        """The answer, or what a damaged record in it has made of it."""
        body = answer.body if isinstance(answer, web.Response) and answer.status == 200 else None
        found = spoiled(self.options.seed, body, self.options.damage) if isinstance(body, bytes) else None
        if found is None:
            return answer
        status, headers, spoiled_body = found
        json_type = {"content-type": "application/json; charset=utf-8"}
        return web.Response(body=spoiled_body, status=status, headers=json_type | headers)

    def _refusal(self, request: web.Request, product: Product) -> web.Response | None:
        """401 without the right token, 400 without an account, 429 beyond the rate."""
        meetings = product == "meetings"
        token = self.options.meetings_token if meetings else self.options.appointments_token
        if request.headers.get("authorization") != f"Bearer {token}":
            if self.options.error_body == "text":
                return plain_error(401)
            return product_error(product, 401)
        needs_account = self.options.require_account_header and not meetings
        if needs_account and request.headers.get("x-savvycal-account") != self.options.appointments_account:
            return appointments_error(400, UNSCOPED)
        rate = self.options.meetings_rate_per_minute if meetings else self.options.appointments_rate_per_minute
        return self._too_many(product) if rate is not None and not self._within(product, rate) else None

    def _within(self, product: Product, rate: int) -> bool:
        """Count a request in its fixed window of a real minute."""
        minute = int(time.monotonic() // 60)
        window, count = self._windows.get(product, (minute, 0))
        count = count + 1 if window == minute else 1
        self._windows[product] = (minute, count)
        return count <= rate

    def _too_many(self, product: Product) -> web.Response:
        meetings = product == "meetings"
        answer = meetings_error(429, RATE_LIMITED) if meetings else appointments_error(429, RATE_LIMITED)
        if self.options.retry_after == "seconds":
            answer.headers["retry-after"] = str(self.options.retry_after_seconds)
        return answer


async def _handled(request: web.Request, handler: Handler, product: Product) -> web.StreamResponse:
    """The handler's answer; an unknown path or method in the product's own words."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return product_error(product, error.status)


def _route(request: web.Request) -> str:
    """`/meetings/v1/events/{event_id}`; the bare path where no route matches."""
    resource = request.match_info.route.resource
    return request.path if resource is None else resource.canonical


async def run(
    options: Options, host: str = "127.0.0.1", port: int = 0, started: Callable[[Simulator], None] | None = None
) -> None:
    """Serve until canceled; `started` is called once the port is open."""
    simulator = Simulator(options)
    await simulator.start(host, port)
    try:
        if started is not None:
            started(simulator)
        await asyncio.Event().wait()
    finally:
        await simulator.stop()

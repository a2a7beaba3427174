"""What can go wrong with lines and processes. Each fault is done to a site for some seconds, and says how often it took
hold; `postgres_faults`, `redis_faults` and `savvycal_faults` have those of one server, `kinds` is the list of all.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tests.campaigns.chaos.site import Site
from tests.campaigns.chaos.webhook_transport import Mode

Strike = Callable[[Site, float], Awaitable[int]]
"""Does it for so many seconds and undoes it; how often it took hold."""

RECONCILE_SECONDS = 0.1


class Lane(StrEnum):
    """Faults of one lane never overlap."""

    PROCESS = "process"
    PAUSE = "pause"
    POSTGRES = "postgres"
    REDIS = "redis"
    API = "api"
    HOOKS = "hooks"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault."""

    name: str
    lane: Lane
    seconds: float
    """How long it lasts; of what is over at once, how long the lane then rests."""
    strike: Strike
    is_fixed: bool = False
    """Whether its length is its point: it is never shortened."""


# -- lines -------------------------------------------------------------------------------------------------------------


def toxic(server: str, **toxics: Any) -> Strike:
    """Toxics on the lines to a server, of one daemon or of all."""

    async def strike(site: Site, seconds: float) -> int:
        chosen = site.some(server)
        before = sum(proxy.struck.total() for proxy in chosen)
        for proxy in chosen:
            proxy.toxics = replace(proxy.toxics, **toxics)
        try:
            await asyncio.sleep(seconds)
        finally:
            for proxy in chosen:
                proxy.heal()
        return sum(proxy.struck.total() for proxy in chosen) - before

    return strike


def cut_lines(server: str, way: str) -> Strike:
    """All lines to a server are reset, or half closed, every second."""

    async def strike(site: Site, seconds: float) -> int:
        count, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            count += sum(getattr(proxy, way)() for proxy in site.some(server))
            await asyncio.sleep(1)
        return count

    return strike


def refuse(server: str) -> Strike:
    """No new lines to a server; those there are get reset first, so that somebody asks for a new one."""

    async def strike(site: Site, seconds: float) -> int:
        chosen = site.some(server)
        before = sum(proxy.struck["refuses"] for proxy in chosen)
        for proxy in chosen:
            proxy.toxics = replace(proxy.toxics, refuses=True)
            proxy.reset()
        try:
            await asyncio.sleep(seconds)
        finally:
            for proxy in chosen:
                proxy.heal()
        return sum(proxy.struck["refuses"] for proxy in chosen) - before

    return strike


# -- processes ---------------------------------------------------------------------------------------------------------


async def kill_one(site: Site, _seconds: float) -> int:
    """SIGKILL of a daemon."""
    ready = await site.up()
    return int(bool(ready) and await site.rng.choice(ready).signal(signal.SIGKILL))


async def kill_all(site: Site, _seconds: float) -> int:
    """SIGKILL of all daemons that run."""
    return sum([await daemon.signal(signal.SIGKILL) for daemon in site.daemons if not daemon.is_paused])


async def terminate(site: Site, _seconds: float) -> int:
    """SIGTERM and a new start, as a deployment does."""
    ready = await site.up()
    return int(bool(ready) and await site.rng.choice(ready).terminate())


async def pause(site: Site, seconds: float) -> int:
    """SIGSTOP, and SIGCONT when leases have lapsed or have not."""
    ready = await site.up()
    if not ready:
        return 0
    chosen = site.rng.choice(ready)
    if not await chosen.signal(signal.SIGSTOP):
        return 0
    try:
        await asyncio.sleep(seconds)
    finally:
        await chosen.signal(signal.SIGCONT)
    return 1


def freeze(pid: Callable[[Site], int]) -> Strike:
    """SIGSTOP of a server: it keeps its connections and says nothing."""

    async def strike(site: Site, seconds: float) -> int:
        os.kill(pid(site), signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            os.kill(pid(site), signal.SIGCONT)
        return 1

    return strike


# -- afterwards --------------------------------------------------------------------------------------------------------


async def heal(site: Site) -> None:
    """Undoes every fault that is still in force."""
    site.transport.mode = Mode.HONEST
    for server in ("postgres", "valkey", "savvycal", "hooks"):
        for proxy in site.proxies(server):
            proxy.heal()
    await site.savvycal.control("DELETE", "fault")
    for daemon in site.daemons:
        if daemon.is_paused:
            with suppress(ProcessLookupError):
                await daemon.signal(signal.SIGCONT)

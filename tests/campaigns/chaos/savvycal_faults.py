"""What can go wrong with SavvyCal: its API answers wrongly, and its webhooks are lost, late, repeated or forged."""

import asyncio
import time
from typing import Any

from tests.campaigns.chaos.faults import RECONCILE_SECONDS, Strike
from tests.campaigns.chaos.site import Site
from tests.campaigns.chaos.webhook_transport import Mode

UPSTREAM_FAULT_SECONDS_MAX = 20.0
"""How long a wrong answer is kept up until somebody asks; the fault's own seconds count from then on."""

LISTS = r"^GET /(meetings|appointments)/v1/(events|appointments)\?"
ONE = r"^GET /(meetings|appointments)/v1/(events|appointments)/"


def scripted(*faults: dict[str, Any]) -> Strike:
    """Scripted faults of the simulator, kept up until they struck."""

    async def strike(site: Site, seconds: float) -> int:
        await site.savvycal.control("POST", "fault", {"faults": list(faults)})
        count, began, until = 0, time.monotonic(), time.monotonic() + UPSTREAM_FAULT_SECONDS_MAX
        try:
            while time.monotonic() < until and not (count and time.monotonic() - began > seconds):
                await asyncio.sleep(RECONCILE_SECONDS)
                told = (await site.savvycal.control("GET", "fault"))["faults"]
                if not count and any(fault["struck"] for fault in told):
                    began = time.monotonic()
                    until = began + seconds
                count = sum(fault["struck"] for fault in told)
        finally:
            await site.savvycal.control("DELETE", "fault")
        return count

    return strike


def status(code: int, times: int | None = None, match: str = "", share: float = 0.5, **headers: str) -> Strike:
    """Answers with a status."""
    arguments = {"status": code, "headers": {name.replace("_", "-"): value for name, value in headers.items()}}
    return scripted({"kind": "status", "probability": share, "times": times, "match": match, "args": arguments})


def transport_mode(mode: Mode) -> Strike:
    """The webhook transport behaves like that for a while."""

    async def strike(site: Site, seconds: float) -> int:
        before, site.transport.mode = site.transport.struck[mode], mode
        try:
            await asyncio.sleep(seconds)
        finally:
            site.transport.mode = Mode.HONEST
        return site.transport.struck[mode] - before

    return strike


async def repeat_deliveries(site: Site, _seconds: float) -> int:
    """Old webhooks come again."""
    return await site.transport.repeat(20)


async def forge_deliveries(site: Site, _seconds: float) -> int:
    """Webhooks whose body was changed on the way."""
    return await site.transport.forge(5)

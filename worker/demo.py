"""The demonstration: a simulated SavvyCal, for whoever has set no token yet. Its data has a database of its own."""

import json
import secrets
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from worker.core.kinds import PRODUCTS
from worker.locations import SIMULATED_ACCOUNT, SIMULATED_DATABASE
from worker.settings import Account
from worker.simulator import Options, Simulator
from worker.simulator.envelopes import Product
from worker.store.database import create_database

EVENTS, APPOINTMENTS = 300, 120
EVERY = (timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=60), timedelta(seconds=120))
REQUESTS_PER_MINUTE = 6000
WORLD_SECONDS_MAX = 6 * 3600
"""A simulated world that stood still for longer than this is thrown away and replaced by a new one."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A running simulator, its account, and the database that goes with it."""

    account: Account
    database_url: str
    _simulator: Simulator

    def send_webhooks_to(self, address: str) -> None:
        """The simulated SavvyCal delivers its webhooks to us, as the real one would."""
        for product in get_args(Product):
            secret = self.account.webhook_secrets(product)[0]
            self._simulator.world.register_webhook(product, f"{address}/webhooks/{product}", secret)


async def start(data_dir: Path, server_url: str, stack: AsyncExitStack, announce: Callable[[str], None]) -> Demo:
    """Starts it. Its world goes on from where it was, as the data of the last run is there."""
    path = data_dir / SIMULATED_ACCOUNT
    began = _world_began(path)
    fresh = began is None
    began = int(time.time()) if began is None else began
    options = Options(events=EVENTS, appointments=APPOINTMENTS, speed=1.0, now=began)
    simulator = await stack.enter_async_context(Simulator(options))
    simulator.world.advance(max(0, int(time.time()) - began))
    database_url = await create_database(server_url, SIMULATED_DATABASE, fresh)
    path.write_text(json.dumps({"began": began, **_addresses(simulator)}))
    announce(
        f"no SavvyCal token is set: showing simulated data from {simulator.meetings_url.rsplit('/', 2)[0]} "
        f"({EVENTS} events, {APPOINTMENTS} appointments; set SAVVYCAL_MEETINGS_TOKEN for your own)"
    )
    webhook_secrets = {f"{product}_webhook_secrets": secrets.token_urlsafe() for product in PRODUCTS}
    return Demo(Account("default", _addresses(simulator) | webhook_secrets), database_url, simulator)


def _addresses(simulator: Simulator) -> dict[str, Any]:
    """The simulated account, as settings would give it; its tokens open the simulator only."""
    return {
        "meetings_url": simulator.meetings_url,
        "appointments_url": simulator.appointments_url,
        "appointments_include_sensitive": True,
        "meetings_token": simulator.options.meetings_token,
        "appointments_token": simulator.options.appointments_token,
    }


def _world_began(path: Path) -> int | None:
    """When the simulated world of earlier runs began, None when there is none or it is too old."""
    try:
        began = int(json.loads(path.read_text())["began"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return began if 0 <= time.time() - began <= WORLD_SECONDS_MAX else None

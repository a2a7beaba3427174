"""Everything a fault may touch: servers, daemons, proxies, the webhook transport, and the count of what has struck."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from savvycal_sync.keyring import generate
from tests.campaigns.chaos.processes import Daemon, Lines, Savvycal, Servers, settings_of
from tests.campaigns.chaos.proxy import Proxy
from tests.campaigns.chaos.webhook_transport import WebhookTransport
from tests.campaigns.simulation.audit_triggers import AUDIT_TRIGGERS, REAL_CLOCK
from tests.support.ports import free_port
from worker.store import schema
from worker.store.database import Database

DAEMONS = 3


@dataclass(frozen=True)
class Size:
    """How much there is, and how fast it changes."""

    events: int = 600
    appointments: int = 300
    changes_per_second: float = 8.0


@dataclass
class Site:
    """Where the campaign takes place."""

    path: Path
    servers: Servers
    savvycal: Savvycal
    daemons: list[Daemon]
    transport: WebhookTransport
    rng: Random
    fired: Counter[str] = field(default_factory=Counter)
    """How often each kind of fault was tried."""
    struck: Counter[str] = field(default_factory=Counter)
    """How often each kind took hold of something."""
    forgotten: list[tuple[float, str]] = field(default_factory=list)
    """What was in the queue when it was emptied: (unix seconds, the id that somebody asked for)."""
    diary: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def note(self, entry: str) -> None:
        """One line of the diary, with its time."""
        self.diary.append(f"{time.monotonic() - self.began:7.1f} s  {entry}")

    def proxies(self, server: str) -> list[Proxy]:
        """Those in front of one server, one for each daemon: postgres, valkey, savvycal or hooks."""
        return [getattr(daemon.lines, server) for daemon in self.daemons]

    def some(self, server: str) -> list[Proxy]:
        """One of them, or all."""
        found = self.proxies(server)
        return found if self.rng.random() < 0.5 else [self.rng.choice(found)]

    async def up(self, seconds: float = 20) -> list[Daemon]:
        """The daemons that are ready; waits a while for the first."""
        deadline = time.monotonic() + seconds
        while not (found := [daemon for daemon in self.daemons if daemon.is_up]) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        return found

    async def change(self, action: str, **args: Any) -> Any:
        """One of the world's verbs."""
        return await self.savvycal.control("POST", "act", {"action": action, "args": args})


@asynccontextmanager
async def open_site(path: Path, servers: Servers, seed: int, size: Size) -> AsyncIterator[Site]:
    """Everything started but the daemons."""
    rng, daemons, secret = Random(f"{seed}:site"), list[Daemon](), (f"whsec_{generate()[-32:]}", generate())
    transport = WebhookTransport(Random(f"{seed}:post"), lambda: [daemon.lines.hooks.port for daemon in daemons])
    await transport.start()
    words: dict[str, object] = {"--seed": seed, "--events": size.events, "--appointments": size.appointments}
    words |= {"--hooks": transport.address, "--secret": secret[0]}
    savvycal = await Savvycal.start(path / "savvycal.log", *(str(word) for pair in words.items() for word in pair))
    try:
        await _prepare(servers)
        daemons += [await _daemon(path, servers, savvycal, number, secret, seed) for number in range(1, DAEMONS + 1)]
        yield Site(path, servers, savvycal, daemons, transport, rng)
    finally:
        with suppress(ProcessLookupError):
            os.kill(savvycal.process.pid, signal.SIGCONT)
        await asyncio.gather(*(daemon.close() for daemon in daemons))
        await transport.stop()
        for daemon in daemons:
            for proxy in (daemon.lines.postgres, daemon.lines.valkey, daemon.lines.savvycal, daemon.lines.hooks):
                await proxy.stop()
        await savvycal.stop()


async def _prepare(servers: Servers) -> None:
    """The schema, and the triggers that write down what happens."""
    db = await Database.connect(servers.postgres.url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
        await connection.execute(REAL_CLOCK + AUDIT_TRIGGERS)
    await db.close()


async def _daemon(
    path: Path, servers: Servers, savvycal: Savvycal, number: int, secret: tuple[str, str], seed: int
) -> Daemon:
    http_port, ports = free_port(), (*_ports(servers), savvycal.port)
    proxies = [Proxy(port) for port in (*ports, http_port)]
    for proxy in proxies:
        await proxy.start()
    lines = Lines(*proxies)
    settings = settings_of(servers, savvycal, lines, http_port, secret)
    return Daemon(f"daemon {number}", settings, lines, path / f"daemon-{number}.log", Random(f"{seed}:{number}"))


def _ports(servers: Servers) -> tuple[int, int]:
    found = [int(url.rpartition(":")[2].partition("/")[0]) for url in (servers.postgres.url, servers.valkey.url)]
    return found[0], found[1]

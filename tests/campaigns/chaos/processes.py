"""The processes of a campaign: servers from the wheels, the simulated SavvyCal, three daemons, ended by their pids."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import asyncpg
from redis.asyncio import Redis

from tests.campaigns.chaos.proxy import Proxy, through
from tests.support.daemon import start
from worker.embedded import PostgresServer, ValkeyServer, start_postgres, start_valkey
from worker.embedded.cluster import DATABASE

READY = "health and status"
REFUSED = "savvycal-sync: "
"""How the one line begins with which a daemon says why it cannot start."""

LIFE_MAX = "3h"
BEGINNING_BYTES = 20_000
CONTROL_SECONDS = 30.0
STOP_SECONDS_MAX = 30.0
"""For a daemon that was asked to stop, whatever its servers do just then."""


class Servers:
    """Postgres and Valkey, to be killed and started again on the same data and the same port.

    Both keep what they acknowledged. They are started from the main thread and block it for a moment: the proxies stand
    still meanwhile, which is one more hiccup.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.postgres: PostgresServer = start_postgres(path / "p")
        self.valkey: ValkeyServer = start_valkey(path / "v")

    def restart_postgres(self) -> None:
        """After it was ended in whatever way."""
        self.postgres.stop()
        self.postgres = start_postgres(self._path / "p", port=urlsplit(self.postgres.url).port)

    def restart_valkey(self) -> None:
        """After it was ended in whatever way."""
        self.valkey.stop()
        self.valkey = start_valkey(self._path / "v", port=urlsplit(self.valkey.url).port)

    async def connect(self, database: str = DATABASE) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection past the proxies, which may write whatever the default is."""
        settings = {"application_name": "chaos", "default_transaction_read_only": "off"}
        return await asyncpg.connect(self.postgres.url, database=database, timeout=10, server_settings=settings)

    def redis(self) -> "Redis":
        """A client past the proxies."""
        client: Redis = Redis.from_url(self.valkey.url, socket_timeout=5)
        return client

    def stop(self) -> None:
        """Both."""
        for server in (self.valkey, self.postgres):
            with suppress(ProcessLookupError):
                os.kill(server.pid, signal.SIGCONT)
            server.stop()


class Savvycal:
    """The simulator as a process of its own, and its control."""

    def __init__(self, process: asyncio.subprocess.Process, addresses: Mapping[str, str]) -> None:
        self.process = process
        self.addresses = addresses
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CONTROL_SECONDS))

    @classmethod
    async def start(cls, log: Path, *words: str) -> "Savvycal":
        """Started, and listening."""
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.campaigns.chaos.savvycal", *words),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        assert process.stdout
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        return cls(process, json.loads(line))

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.addresses["control_url"]).port or 0

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """A request to its control, past the proxy."""
        async with self._session.request(method, f"{self.addresses['control_url']}/{path}", json=body) as answer:
            return await answer.json()

    async def stop(self) -> None:
        """Ends it."""
        await self._session.close()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        await self.process.wait()


@dataclass
class Lines:
    """The proxies of one worker."""

    postgres: Proxy
    valkey: Proxy
    savvycal: Proxy
    hooks: Proxy


@dataclass
class Daemon:
    """A `savvycal-sync run` that is started again whenever it has ended, as a supervisor would."""

    name: str
    settings: Mapping[str, str]
    lines: Lines
    log_path: Path
    rng: Random
    ended_by: str | None = None
    """The signal that the campaign sent to the life that runs now."""
    is_paused: bool = False
    starts: int = 0
    refused_starts: int = 0
    """Starts that ended in one clear line, because a server was away just then."""
    flaws: list[str] = field(default_factory=list)
    process: asyncio.subprocess.Process | None = None
    _log_start: int = 0
    _supervisor: "asyncio.Task[None] | None" = None

    def supervise(self) -> None:
        """Starts it, and again after each end."""
        self._supervisor = asyncio.create_task(self._live())

    @property
    def is_up(self) -> bool:
        """Whether this life is ready and free to work."""
        running = self.process is not None and self.process.returncode is None
        return running and not self.is_paused and self.ended_by is None and self.is_ready

    @property
    def is_ready(self) -> bool:
        """Whether this life has got through its start."""
        with self.log_path.open("rb") as log:
            log.seek(self._log_start)
            return READY.encode() in log.read(BEGINNING_BYTES)

    @property
    def last_line(self) -> str:
        """What it said last."""
        with self.log_path.open("rb") as log:
            log.seek(max(self._log_start, self.log_path.stat().st_size - 4000))
            lines = log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    async def _live(self) -> None:
        while True:
            await self._start()
            assert self.process
            self._evaluate(await self.process.wait())
            await asyncio.sleep(self.rng.uniform(0.2, 1.5))

    async def _start(self) -> None:
        with self.log_path.open("ab") as log:
            self._log_start = log.tell()
            self.ended_by, self.starts = None, self.starts + 1
            # `--for`: it ends by itself if the campaign is killed.
            self.process = await start("run", "--for", LIFE_MAX, settings=self.settings, stdout=log)

    def _evaluate(self, code: int) -> None:
        is_refusal = code == 1 and self.last_line.startswith(REFUSED) and not self.is_ready
        # A signal that comes before the daemon could listen to it ends it as the system does.
        young = set() if self.is_ready else {-signal.SIGTERM, 1}
        if self.ended_by is None and is_refusal:
            self.refused_starts += 1
        elif self.ended_by is None:
            self.flaws.append(f"{self.name} ended by itself with {code}, saying: {self.last_line}")
        elif self.ended_by == "SIGTERM" and code not in {0, -signal.SIGKILL} | young:
            self.flaws.append(f"{self.name} ended with {code} after SIGTERM, saying: {self.last_line}")

    async def signal(self, number: signal.Signals) -> bool:
        """Sends a signal; False when there was nobody to receive it."""
        if self.process is None or self.process.returncode is not None or self.ended_by is not None:
            return False
        if number in {signal.SIGKILL, signal.SIGTERM}:
            self.ended_by = number.name
        elif number in {signal.SIGSTOP, signal.SIGCONT}:
            self.is_paused = number is signal.SIGSTOP
        self.process.send_signal(number)
        return True

    async def terminate(self) -> bool:
        """SIGTERM; it has to end by itself within its time."""
        process, began = self.process, time.monotonic()
        if process is None or not await self.signal(signal.SIGTERM):
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS_MAX):
                await process.wait()
                return True
        self.flaws.append(f"{self.name} had not stopped {time.monotonic() - began:.0f} s after SIGTERM")
        process.kill()
        return True

    async def close(self) -> None:
        """Ends it for good."""
        if self._supervisor:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
        if self.process and self.process.returncode is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            await self.process.wait()


def settings_of(
    servers: Servers, savvycal: Savvycal, lines: Lines, http_port: int, secrets: tuple[str, str]
) -> dict[str, str]:
    """One daemon's environment: everything behind a proxy of its own, and all cadences quick.

    `secrets` are the one of webhooks and the key that seals.
    """
    api = {
        name: through(savvycal.addresses[f"{name}_url"], lines.savvycal.port) for name in ("meetings", "appointments")
    }
    every = {"NEAR": "4", "MONTH": "8", "LATER": "12", "ALL": "20"}
    return {
        "SAVVYCAL_EMBEDDED": "never",
        "DATABASE_URL": through(servers.postgres.url, lines.postgres.port),
        "REDIS_URL": through(servers.valkey.url, lines.valkey.port),
        "SAVVYCAL_HTTP": f"127.0.0.1:{http_port}",
        "SAVVYCAL_REQUESTS_PER_MINUTE": "6000",
        "SAVVYCAL_SECRET_KEYS": secrets[1],
        "SAVVYCAL_LOG_FORMAT": "json",
        "PYTHONUNBUFFERED": "1",
        **{f"SAVVYCAL_POLL_{name}_SECONDS": seconds for name, seconds in every.items()},
        **{f"SAVVYCAL_{name.upper()}_URL": url for name, url in api.items()},
        **{f"SAVVYCAL_{name.upper()}_TOKEN": savvycal.addresses[f"{name}_token"] for name in api},
        **{f"SAVVYCAL_{name.upper()}_WEBHOOK_SECRETS": secrets[0] for name in api},
    }

"""The command as a user starts it: a process of its own, with an environment of its own."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = str(Path(sys.executable).parent / "savvycal-sync")
LIMIT_SECONDS = 90
"""A busy machine is no failure; tests wait on conditions, so a free one never waits that long."""


Settings = Mapping[str, str]
"""Environment variables."""


def environment(settings: Settings | None) -> dict[str, str]:
    """Only what a clean shell has, and the settings given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | dict(settings or {})


def run(
    *arguments: str, cwd: Path | None = None, settings: Settings | None = None
) -> "subprocess.CompletedProcess[str]":
    """Runs a command to its end."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=environment(settings),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


@dataclass
class Daemon:
    """A running `savvycal-sync run` and what it has printed so far."""

    process: asyncio.subprocess.Process
    printed: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        """Both streams, as they came."""
        return "".join(self.printed)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(LIMIT_SECONDS):
            return await self.process.wait()

    async def says(self, text: str) -> None:
        """Waits until a text was printed."""
        await self.says_like(re.escape(text))

    async def says_like(self, pattern: str) -> None:
        """Waits until something was printed that matches."""
        async with asyncio.timeout(LIMIT_SECONDS):
            while not re.search(pattern, self.output):
                assert self.process.returncode is None, self.output
                await asyncio.sleep(0.02)


@asynccontextmanager
async def daemon(*arguments: str, cwd: Path | None = None, settings: Settings | None = None) -> AsyncIterator[Daemon]:
    """A daemon; killed at the end unless it has stopped."""
    process = await asyncio.create_subprocess_exec(
        COMMAND,
        "run",
        *arguments,
        env=environment({"PYTHONUNBUFFERED": "1", "SAVVYCAL_HTTP": "127.0.0.1:0", **(settings or {})}),
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    found = Daemon(process)
    reader = asyncio.create_task(_read(process, found.printed))
    try:
        yield found
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reader


async def _read(process: asyncio.subprocess.Process, into: list[str]) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        into.append(line.decode())

"""The command as a user starts it: a process of its own, with an environment of its own. Tests and campaigns start it
here and nowhere else.
"""

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
from typing import IO

COMMAND = str(Path(sys.executable).parent / "savvycal-sync")
ADDRESS = r"webhooks come in at: (http://\S+?)/"
"""The last line it prints before it is ready."""

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


def start_blocking(*arguments: str, settings: Settings | None = None) -> "subprocess.Popen[bytes]":
    """Starts a command without an event loop. Its output is dropped; the caller ends it."""
    return subprocess.Popen([COMMAND, *arguments], env=environment(settings), stdout=subprocess.DEVNULL)


async def start(
    *arguments: str,
    cwd: Path | None = None,
    settings: Settings | None = None,
    stdout: int | IO[bytes] = asyncio.subprocess.PIPE,
    stderr: int | IO[bytes] = asyncio.subprocess.STDOUT,
) -> asyncio.subprocess.Process:
    """Starts a command; the caller reads its output and ends it."""
    return await asyncio.create_subprocess_exec(
        COMMAND,
        *arguments,
        env=environment({"PYTHONUNBUFFERED": "1", **(settings or {})}),
        cwd=cwd,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
    )


@dataclass
class Daemon:
    """A running `savvycal-sync run` and what it has printed so far."""

    process: asyncio.subprocess.Process
    printed: list[str] = field(default_factory=list)
    _reader: "asyncio.Task[None] | None" = None

    @classmethod
    async def start(cls, *arguments: str, cwd: Path | None = None, settings: Settings | None = None) -> "Daemon":
        """Starts it; `kill` or `stop` ends it. It listens on a free port unless the settings name one."""
        process = await start("run", *arguments, cwd=cwd, settings={"SAVVYCAL_HTTP": "127.0.0.1:0", **(settings or {})})
        found = cls(process)
        found._reader = asyncio.create_task(_read(process, found.printed))
        return found

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

    async def kill(self) -> None:
        """Kills it unless it has ended, and waits for the rest of its output."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        if self._reader:
            await self._reader

    async def address(self) -> str:
        """Waits until it listens; where, as http://host:port."""
        await self.says_like(ADDRESS)
        found = re.search(ADDRESS, self.output)
        assert found
        return found[1]

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
    found = await Daemon.start(*arguments, cwd=cwd, settings=settings)
    try:
        yield found
    finally:
        await found.kill()


async def _read(process: asyncio.subprocess.Process, into: list[str]) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        into.append(line.decode())

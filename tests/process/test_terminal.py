"""`savvycal-sync run` on a terminal: one live row under the log, at any width."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import termios

import pytest

from tests.process.test_run import QUIESCENT, settings_for
from tests.support.daemon import COMMAND, environment, start
from tests.support.harness import until
from tests.support.screen import shown
from worker.simulator import Simulator

pytestmark = pytest.mark.timeout(240)

LIVE = re.compile(r"^\d\d:\d\d:\d\d  events")
"""How the live line begins, and no other."""


class Terminal:
    """A terminal with a program in it, and all that was written to it."""

    def __init__(self, columns: int) -> None:
        self.columns, self.written = columns, ""
        self._ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        asyncio.get_running_loop().add_reader(self._ours, self._read)

    def _read(self) -> None:
        self.written += os.read(self._ours, 65536).decode(errors="replace")

    def close(self) -> None:
        """Both of its ends."""
        asyncio.get_running_loop().remove_reader(self._ours)
        os.close(self.theirs)
        os.close(self._ours)

    async def shows(self, pattern: str) -> None:
        """Waits until something matches in what was written."""

        async def is_there() -> bool:
            return bool(re.search(pattern, self.written))

        await until(is_there)


@pytest.mark.parametrize("columns", [60, 80, 160])
async def test_a_terminal_has_one_live_row(database_url: str, redis_url: str, columns: int) -> None:
    """Log lines begin at the left, nothing is coloured with NO_COLOR, and at the end the row is gone."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url)
        settings |= {"SAVVYCAL_HTTP": "127.0.0.1:0", "TERM": "xterm", "NO_COLOR": "1"}
        terminal = Terminal(columns)
        process = await asyncio.create_subprocess_exec(
            COMMAND, "run", env=environment(settings), stdin=terminal.theirs, stdout=terminal.theirs,
            stderr=terminal.theirs,
        )  # fmt: skip
        try:
            await terminal.shows("events 40  app")
            rows = shown(terminal.written, columns)
            live = [row for row in rows if LIVE.match(row)]
            assert (len(live), live[-1:]) == (1, rows[-1:]), rows
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 60) == 0
            await terminal.shows("summary: [^\n]*\n")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            terminal.close()
    rows = shown(terminal.written, columns)
    assert [row for row in rows if LIVE.match(row)] == []
    assert all("[info" not in row[5:24] for row in rows), rows
    assert not re.search(r"\x1b\[[0-9;]*m", terminal.written)


async def test_quiet_prints_the_log_only(database_url: str, redis_url: str) -> None:
    """Nothing on standard output; the log still says what happens."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url) | {"SAVVYCAL_HTTP": "127.0.0.1:0"}
        process = await start("run", "--quiet", "--for", "4s", settings=settings, stderr=asyncio.subprocess.PIPE)
        output, errors = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, output) == (0, b"")
    assert b"scan_finished" in errors

"""What systemd learns from the daemon (`Type=notify`, `WatchdogSec=`): that it has started, is alive, and stops.

Without NOTIFY_SOCKET in the environment nothing is sent. See sd_notify(3).
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

START_BEAT_SECONDS = 10.0
START_EXTENSION = 60_000_000
"""Microseconds that a start may go on after each beat: a migration takes as long as it takes."""


class ServiceNotifier:
    """Sends states to systemd. What cannot be sent is dropped: the daemon does not depend on it."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        place = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + place[1:] if place.startswith("@") else place
        is_mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = environ.get("WATCHDOG_USEC", "")
        self._beat_seconds = int(microseconds) / 2_000_000 if microseconds.isdigit() and is_mine else 0.0
        self._is_ready = False

    def send(self, *states: str) -> None:
        """Sends assignments such as `STATUS=...`."""
        if not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.sendto("\n".join(states).encode(), self._address)

    def ready(self, text: str) -> None:
        """The daemon works."""
        self._is_ready = True
        self.send("READY=1", f"STATUS={text}", "WATCHDOG=1")

    def stopping(self) -> None:
        """The daemon was told to stop."""
        self.send("STOPPING=1", "STATUS=giving work back")

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Reports from the event loop that it runs, twice in each interval of the watchdog; a blocked loop does not."""
        if not self._address:
            yield
            return
        beats = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beats.cancel()

    async def _beat(self) -> None:
        while self._beat_seconds or not self._is_ready:
            self.send("WATCHDOG=1" if self._is_ready else f"EXTEND_TIMEOUT_USEC={START_EXTENSION}")
            await asyncio.sleep(min(START_BEAT_SECONDS, self._beat_seconds or START_BEAT_SECONDS))

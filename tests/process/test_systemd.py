"""The daemon reports to systemd as sd_notify(3) says."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.process.test_run import QUIESCENT, settings_for
from tests.support.daemon import Daemon, daemon
from tests.support.harness import until
from tests.support.servers import temporary_directory
from worker.simulator import Simulator
from worker.systemd import ServiceNotifier

pytestmark = pytest.mark.timeout(120)


class Systemd:
    """The end of NOTIFY_SOCKET that systemd listens on."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        self._socket.setblocking(False)
        self._states: list[str] = []

    @property
    def states(self) -> list[str]:
        """Every assignment so far, in order."""
        try:
            while True:
                self._states += self._socket.recv(4096).decode().split("\n")
        except BlockingIOError:
            return self._states

    def close(self) -> None:
        """Nobody listens any more."""
        self._socket.close()


@pytest.fixture
def directory() -> Iterator[Path]:
    """Short enough for the path of a socket."""
    with temporary_directory() as path:
        yield path


@asynccontextmanager
async def supervised(directory: Path, database_url: str, redis_url: str) -> AsyncIterator[tuple[Daemon, Systemd]]:
    """A daemon with a watchdog of two seconds."""
    systemd = Systemd(str(directory / "notify"))
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url)
        settings |= {"NOTIFY_SOCKET": str(directory / "notify"), "WATCHDOG_USEC": "2000000"}
        async with daemon(settings=settings) as running:
            yield running, systemd
    systemd.close()


async def test_ready_alive_and_stopping_are_reported(directory: Path, database_url: str, redis_url: str) -> None:
    """Ready once it listens, then twice in each interval, and at the end that it stops; a blocked process is silent."""
    async with supervised(directory, database_url, redis_url) as (running, systemd):

        async def beats() -> bool:
            return systemd.states.count("WATCHDOG=1") >= 4

        await until(beats)
        assert "health and status" in running.output
        states = systemd.states
        assert states[0].startswith("EXTEND_TIMEOUT_USEC=")
        assert states.count("READY=1") == 1
        assert "WATCHDOG=1" not in states[: states.index("READY=1")]
        assert "STATUS=syncing 1 accounts" in states
        running.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(0.2)
        before = len(systemd.states)
        await asyncio.sleep(2.5)
        assert len(systemd.states) == before
        running.process.send_signal(signal.SIGCONT)
        assert "STOPPING=1" not in systemd.states
        assert await running.stop() == 0
        assert "STOPPING=1" in systemd.states


async def test_a_socket_that_nobody_reads_ends_nothing(directory: Path, database_url: str, redis_url: str) -> None:
    """Systemd may be restarted itself."""
    async with supervised(directory, database_url, redis_url) as (running, systemd):
        systemd.close()
        (directory / "notify").unlink()
        await running.says("health and status")
        assert await running.stop() == 0


async def test_an_abstract_socket_is_reached() -> None:
    """Its name begins with @ in the environment."""
    name = f"savvycal-sync-test-{os.getpid()}"
    systemd = Systemd(f"\0{name}")
    ServiceNotifier({"NOTIFY_SOCKET": f"@{name}"}).ready("well")
    assert systemd.states == ["READY=1", "STATUS=well", "WATCHDOG=1"]
    systemd.close()


async def test_the_watchdog_of_another_process_is_not_fed(directory: Path) -> None:
    """WATCHDOG_PID names the process that is watched."""
    systemd = Systemd(str(directory / "notify"))
    environ = {"NOTIFY_SOCKET": str(directory / "notify"), "WATCHDOG_USEC": "20000", "WATCHDOG_PID": "1"}
    notifier = ServiceNotifier(environ)
    async with notifier.beating():
        notifier.ready("well")
        await asyncio.sleep(0.1)
    assert systemd.states.count("WATCHDOG=1") == 1
    systemd.close()

"""Everything a fault may touch: servers, daemons, proxies, the post, and the count of what has struck."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.post import Post
from tests.chaos.procs import Daemon, Savvycal, Servers
from tests.chaos.proxy import Proxy


@dataclass
class Site:
    """Where the campaign takes place."""

    path: Path
    servers: Servers
    savvycal: Savvycal
    daemons: list[Daemon]
    post: Post
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

"""The bound on how often one entry is written: a fault that repeats for hours must not fill the disk."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

ENTRIES_MAX = 30
WINDOW_SECONDS = 60.0
"""At most so many entries of one name in this time. What is left out is counted."""


@dataclass
class _Window:
    since: float
    written: int = 0
    suppressed: int = 0


@dataclass
class LogLimit:
    """Counts entries by name. Names are constants of the program, so there are few. `now` is in seconds."""

    now: Callable[[], float] = time.monotonic
    _windows: dict[str, _Window] = field(default_factory=dict)

    def admits(self, name: str) -> bool:
        """Whether an entry of this name is written; if not, it is counted."""
        window = self._windows.setdefault(name, _Window(self.now()))
        is_free = window.written < ENTRIES_MAX
        window.written += is_free
        window.suppressed += not is_free
        return is_free

    def take_ended(self) -> dict[str, int]:
        """Ends the windows whose time is over; how many entries each left out, by name."""
        over = [name for name, window in self._windows.items() if self.now() - window.since >= WINDOW_SECONDS]
        ended = {name: self._windows.pop(name).suppressed for name in over}
        return {name: count for name, count in ended.items() if count}

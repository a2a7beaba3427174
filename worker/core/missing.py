"""A range of start times of which not every object could be read. Pure."""

from datetime import datetime

import msgspec

from worker.core.windows import Bounds


class Missing(msgspec.Struct, frozen=True):
    """Start times between which objects could not be read, both included; None: no bound on that side."""

    first: datetime | None
    last: datetime | None
    reason: str

    def __str__(self) -> str:
        first, last = (day.date() if day else None for day in (self.first, self.last))
        between = f"from {first or 'the beginning'} to {last or 'the end'}"
        return f"{between} ({self.reason})"

    def touches(self, bounds: Bounds) -> bool:
        """Whether a range of days (`until` excluded) holds any of it."""
        is_before = bounds.start is not None and self.last is not None and self.last.date() < bounds.start
        is_behind = bounds.until is not None and self.first is not None and self.first.date() >= bounds.until
        return not is_before and not is_behind

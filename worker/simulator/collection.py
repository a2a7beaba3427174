"""One kind of object, kept in list order and serialised once per version.

An object is planned when the world starts (id, start, state: what lists are filtered and sorted by) and its document is
built from the seed when someone first reads, so a hundred thousand objects cost a second or two, not minutes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .formats import Document, encode

Key = tuple[int, str]
"""(start_at in unix seconds, id): the sort key of every list."""
Keep = Callable[["Record"], bool]
View = Callable[[Document], Document]


@dataclass(slots=True, eq=False)
class Record:
    """What the world holds of one object."""

    id: str
    number: int
    """Seeds the document; the n-th object of its kind."""
    start_at: int
    created_at: int
    state: str
    """An Event's `state`, an Appointment's `status`."""
    seeded: str = ""
    """What the plan adds: `late` for an Event that waits for conferencing, an Appointment's first meeting status."""
    attended: bool = True
    link_id: str | None = None
    document: Document | None = None
    previous: Document | None = None
    raw: bytes | None = None
    """Bytes served instead of the document."""

    @property
    def key(self) -> Key:
        """The position of the object in every list."""
        return self.start_at, self.id


@dataclass(frozen=True, slots=True)
class Slice:
    """One keyset page: its records, and the keys its `before` and `after` cursors point at."""

    records: list[Record]
    before: Key | None
    after: Key | None


class Collection:
    """All objects of one kind."""

    def __init__(
        self,
        build: Callable[[Record], Document],
        views: dict[str, View],
        cache_count_max: int,
        damage: Callable[[str, bytes], bytes] = lambda _id, body: body,
    ) -> None:
        self.records: dict[str, Record] = {}
        self.keys: list[Key] = []
        self._build = build
        self._views = views
        self._damage = damage
        self._bodies: dict[tuple[str, str], bytes] = {}
        self._cache_count_max = cache_count_max

    def fill(self, records: list[Record]) -> None:
        """Take the planned records of a new world."""
        self.records = {record.id: record for record in records}
        self.keys = sorted(record.key for record in self.records.values())

    def place(self, record: Record, start_at: int) -> None:
        """Put a record, new or moved, at its place in the order, and forget its serialised forms."""
        if record.id in self.records:
            self._unlist(record)
        record.start_at = start_at
        self.records[record.id] = record
        insort(self.keys, record.key)
        self.forget(record.id)

    def remove(self, record: Record) -> None:
        """Take the record off the collection."""
        self._unlist(record)
        del self.records[record.id]
        self.forget(record.id)

    def _unlist(self, record: Record) -> None:
        index = bisect_left(self.keys, record.key)
        if index < len(self.keys) and self.keys[index] == record.key:
            del self.keys[index]

    def forget(self, object_id: str) -> None:
        """Drop the serialised forms of one object."""
        for view in self._views:
            self._bodies.pop((object_id, view), None)

    def document(self, record: Record) -> Document:
        """The current document, built from the seed if nothing changed it yet."""
        return self._build(record) if record.document is None else record.document

    def body(self, record: Record, view: str, *, stale: bool = False) -> bytes:
        """The JSON bytes of a record as `view` shows it; `stale` gives the version before the last change."""
        if stale and record.previous is not None:
            return self._damage(record.id, encode(self._views[view](record.previous)))
        if record.raw is not None:
            return record.raw
        body = self._bodies.get((record.id, view))
        if body is None:
            body = self._damage(record.id, encode(self._views[view](self.document(record))))
            if len(self._bodies) >= self._cache_count_max:
                self._bodies.pop(next(iter(self._bodies)))
            self._bodies[record.id, view] = body
        return body

    def bounds(self, first: int | None, end: int | None) -> tuple[int, int]:
        """Indices of the keys whose start_at is in [first, end)."""
        low = 0 if first is None else bisect_left(self.keys, (first, ""))
        high = len(self.keys) if end is None else bisect_left(self.keys, (end, ""))
        return low, max(low, high)

    def _iterate(self, low: int, high: int, keep: Keep | None, *, descending: bool) -> Iterator[Record]:
        indices = range(high - 1, low - 1, -1) if descending else range(low, high)
        for index in indices:
            record = self.records[self.keys[index][1]]
            if keep is None or keep(record):
                yield record

    def rows(self, low: int, high: int, *, offset: int, limit: int, descending: bool) -> list[Record]:
        """An offset page between two indices."""
        keys = self.keys[max(low, high - offset - limit) : max(low, high - offset)][::-1]
        if not descending:
            keys = self.keys[min(high, low + offset) : min(high, low + offset + limit)]
        return [self.records[object_id] for _, object_id in keys]

    def page(
        self,
        bounds: tuple[int, int],
        keep: Keep | None,
        *,
        descending: bool,
        limit: int,
        after: Key | None,
        before: Key | None,
    ) -> Slice:
        """A keyset page: no snapshot, so rows that move across the cursor are skipped or repeated."""
        backward = before is not None and after is None
        cursor = before if backward else after
        falling = descending != backward
        low, high = bounds
        if cursor is not None and falling:
            high = max(low, min(high, bisect_left(self.keys, cursor)))
        elif cursor is not None:
            low = min(high, max(low, bisect_right(self.keys, cursor)))
        rows: list[Record] = []
        for record in self._iterate(low, high, keep, descending=falling):
            rows.append(record)
            if len(rows) > limit:
                break
        more, rows = len(rows) > limit, rows[:limit]
        return _slice(rows[::-1] if backward else rows, more=more, backward=backward, first=cursor is None)


def _slice(rows: list[Record], *, more: bool, backward: bool, first: bool) -> Slice:
    """Cursors exist only where another page wrong answers."""
    if not rows:
        return Slice([], None, None)
    earlier = more if backward else not first
    later = True if backward else more
    return Slice(rows, rows[0].key if earlier else None, rows[-1].key if later else None)

"""Reading a body within bounds: its size counts while it is unpacked, and all bodies of a process share one bound.

Every body has a small part for itself; the few that grow beyond it take one of the large places, and keep it until
their records have been written (`holding`). Nobody who has a large place waits for another, so no two readers ever wait
for each other.
"""

import asyncio
import contextlib
import zlib
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

import aiohttp

from worker.errors import Crowded, Malformed, TooLarge

BODY_BYTES_MAX = 4 * 1024 * 1024
"""Of one body, unpacked. A page of 100 events is about 0.3 MB; larger ones are requested in smaller pages."""

BEGINNING_BYTES = 16 * 1024
"""How much of a body that is too large is read, to find the id of its first record."""

BEGINNING_SECONDS = 1.0

WAIT_SECONDS, TURN_SECONDS = 10.0, 1.0
"""How long a request waits for a place for its body, and after how long it is tried again when there was none."""

LARGE_SECONDS = 10.0
"""A body that drips does not keep a large place from others for longer."""

SMALL_BYTES = 512 * 1024
SMALL_MAX, LARGE_MAX = 64, 4
"""Bodies that are read at once, and large ones that are not written yet: together less than 64 MiB, whatever the number
of accounts."""

EXPECTED_MAX = 2 * LARGE_MAX
"""Requests at once whose answers are expected to be large, because the last one was."""

PIECE_BYTES = 64 * 1024
"""Of a packed body, unpacked at once."""

ENCODINGS = "gzip, deflate"
"""What `unpacked` understands, sent as Accept-Encoding."""


class Places:
    """A limited number of places, first come, first served; not tied to an event loop."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Holds a place for as long as the block lasts."""
        await self.take()
        try:
            yield
        finally:
            self.give_back()

    @property
    def waiting_count(self) -> int:
        """How many wait for one."""
        return len(self._waiting)

    async def take(self) -> None:
        """Waits for a place."""
        if self._free > 0:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()
            raise

    def give_back(self) -> None:
        """One place is free again."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


_small, _large, _expected = Places(SMALL_MAX), Places(LARGE_MAX), Places(EXPECTED_MAX)


async def _take(places: Places) -> None:
    """Waits for a place.

    Raises:
        Crowded: there is none for too long. SavvyCal is not to blame for that.
    """
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await places.take()
    except TimeoutError:
        raise _crowded() from None


def _crowded() -> Crowded:
    return Crowded("too many large answers at once; waiting for a turn", TURN_SECONDS)


@asynccontextmanager
async def expecting(is_large: bool) -> AsyncIterator[None]:
    """A request. Who expects a large answer waits before it: neither is it held open then, nor its beginning kept."""
    if not is_large:
        yield
        return
    await _take(_expected)
    try:
        yield
    finally:
        _expected.give_back()


class Hold:
    """Large bodies that one reader has in hand. Their places are taken until it gives them back."""

    def __init__(self) -> None:
        self.count = 0
        self.kept_count = 0
        """Of all that were ever read, those that kept their place."""

    async def take(self) -> None:
        """Waits for a place, where no more wait than have been expected.

        Raises:
            Crowded: there is none.
        """
        if _large.waiting_count >= EXPECTED_MAX:
            raise _crowded()
        await _take(_large)
        self.count += 1

    def give_back(self, count: int) -> None:
        """`count` bodies have been written or dropped."""
        self.count -= count
        for _ in range(count):
            _large.give_back()


_hold: ContextVar[Hold | None] = ContextVar("hold", default=None)


@contextmanager
def holding() -> Iterator[Hold]:
    """Large bodies that are read inside keep their places beyond their reading, at most to the end of the block.

    The owner of a place may wait for anything but another place.
    """
    hold = Hold()
    token = _hold.set(hold)
    try:
        yield hold
    finally:
        _hold.reset(token)
        hold.give_back(hold.count)


async def read_body(response: aiohttp.ClientResponse) -> bytes:
    """The body, unpacked.

    Raises:
        TooLarge: it is larger than BODY_BYTES_MAX.
        Malformed: it is packed in a way that cannot be read.
    """
    async with _small.one():
        chunks, size = [], 0
        parts = unpacked(response)
        if (response.content_length or 0) > BODY_BYTES_MAX:
            raise TooLarge(BODY_BYTES_MAX, await _beginning(parts))
        async for part in parts:
            chunks.append(part)
            size += len(part)
            if size > SMALL_BYTES:
                return await _large_body(parts, chunks, size)
        return b"".join(chunks)


async def _beginning(parts: AsyncIterator[bytes]) -> bytes:
    """As much of a refused body as arrives at once, so that nobody waits for it."""
    found = b""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(BEGINNING_SECONDS):
            async for part in parts:
                found += part
                if len(found) >= BEGINNING_BYTES:
                    break
    return found[:BEGINNING_BYTES]


async def _large_body(parts: AsyncIterator[bytes], chunks: list[bytes], size: int) -> bytes:
    hold = _hold.get() or Hold()
    try:
        await hold.take()
    except Crowded:
        chunks.clear()
        raise
    is_kept = False
    try:
        async with asyncio.timeout(LARGE_SECONDS):
            body = await _rest(parts, chunks, size)
        is_kept = _hold.get() is not None
        hold.kept_count += is_kept
    finally:
        if not is_kept:
            hold.give_back(1)
    return body


async def _rest(parts: AsyncIterator[bytes], chunks: list[bytes], size: int) -> bytes:
    async for part in parts:
        chunks.append(part)
        size += len(part)
        if size > BODY_BYTES_MAX:
            beginning = chunks[0][:BEGINNING_BYTES]
            chunks.clear()  # an error keeps its frames alive
            raise TooLarge(BODY_BYTES_MAX, beginning)
    return b"".join(chunks)


async def unpacked(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The body in pieces of at most PIECE_BYTES, whatever a few bytes of it unpack to.

    Raises:
        Malformed: not what Content-Encoding says, or another encoding than those asked for.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        async for chunk in response.content.iter_any():
            yield chunk
        return
    if encoding not in {"gzip", "deflate"}:
        raise Malformed("SavvyCal's answer has an encoding that was not asked for")
    unpacker = zlib.decompressobj(31 if encoding == "gzip" else 15)
    try:
        async for chunk in response.content.iter_any():
            packed = chunk
            while packed and not unpacker.eof:
                yield unpacker.decompress(packed, PIECE_BYTES)
                packed = unpacker.unconsumed_tail
    except zlib.error:
        raise Malformed("SavvyCal's answer cannot be unpacked") from None
    if not unpacker.eof:
        raise Malformed("SavvyCal's answer is cut off")

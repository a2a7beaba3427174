"""Reading a body within bounds: its size counts while it is unpacked, and all bodies of a process share one bound.

Every body has a small part for itself; the few that grow beyond it take one of the large places. Nobody who holds a
large place waits for anything but SavvyCal, and requests have deadlines, so no two bodies ever wait for each other.
"""

import asyncio
import contextlib
import zlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from worker.errors import Malformed, TooLarge

BODY_BYTES_MAX = 4 * 1024 * 1024
"""Of one body, unpacked. A page of 100 events is about 0.3 MB; larger ones are asked for in smaller pages."""

BEGINNING_BYTES = 16 * 1024
"""Of a body that is too large, in which the id of its first record is looked for."""

BEGINNING_SECONDS = 1.0

SMALL_BYTES = 256 * 1024
SMALL_MAX, LARGE_MAX = 128, 8
"""Bodies that are read at once: together at most 64 MiB, whatever the number of accounts."""

ENCODINGS = "gzip, deflate"
"""What `unpacked` understands, sent as Accept-Encoding."""


class Places:
    """So many at once, first come, first served; not tied to an event loop."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Holds a place for as long as the block lasts."""
        await self._take()
        try:
            yield
        finally:
            self._give_back()

    async def _take(self) -> None:
        if self._free > 0:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back()
            raise

    def _give_back(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


_small, _large = Places(SMALL_MAX), Places(LARGE_MAX)


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
                async with _large.one():
                    return await _rest(parts, chunks, size)
        return b"".join(chunks)


async def _beginning(parts: AsyncIterator[bytes]) -> bytes:
    """As much of it as comes at once: nobody waits for a body that is refused."""
    found = b""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(BEGINNING_SECONDS):
            async for part in parts:
                found += part
                if len(found) >= BEGINNING_BYTES:
                    break
    return found[:BEGINNING_BYTES]


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
    """The body in pieces of at most SMALL_BYTES, whatever a few bytes of it unpack to.

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
                yield unpacker.decompress(packed, SMALL_BYTES)
                packed = unpacker.unconsumed_tail
    except zlib.error:
        raise Malformed("SavvyCal's answer cannot be unpacked") from None
    if not unpacker.eof:
        raise Malformed("SavvyCal's answer is cut off")

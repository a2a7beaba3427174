"""The bare list of Events: what every other contestant cannot be faster than."""

import hashlib
import time
from collections.abc import AsyncIterator

import aiohttp
import msgspec


class _Metadata(msgspec.Struct):
    after: str | None = None


class _Page(msgspec.Struct):
    entries: list[msgspec.Raw]
    metadata: _Metadata


class _Peek(msgspec.Struct):
    id: str


QUERY = {"state": "all", "attendance": "any", "direction": "asc", "limit": "100", "period": "all"}


async def bodies(api_url: str) -> AsyncIterator[bytes]:
    """All pages of one cursor chain; the cursor is cut out of the end of the page, nothing is decoded."""
    async with aiohttp.ClientSession() as session:
        query = dict(QUERY)
        while True:
            async with session.get(f"{api_url}/events", params=query) as response:
                body = await response.read()
            yield body
            after = body[body.rindex(b'"after":') + 8 :].split(b",", 1)[0]
            if after == b"null":
                return
            query["after"] = after.strip(b'"').decode()


async def run(phase: str, api_url: str, _database_url: str) -> dict[str, float]:
    """`fetch`: the bytes alone. `hash`: split into records, their ids, and a hash of each."""
    began = time.monotonic()
    seen: dict[str, bytes] = {}
    page_count = 0
    async for body in bodies(api_url):
        page_count += 1
        if phase == "hash":
            for raw in msgspec.json.decode(body, type=_Page).entries:
                record = bytes(raw)
                raw_hash = hashlib.blake2b(record, digest_size=16).digest()
                seen[msgspec.json.decode(record, type=_Peek).id] = raw_hash
    return {"seconds": time.monotonic() - began, "pages": page_count}

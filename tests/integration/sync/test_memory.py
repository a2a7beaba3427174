"""Memory stays within its bound whatever SavvyCal sends, and to however many accounts."""

import asyncio
import json
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytest
from aiohttp import web

from tests.support.docs_generated import ROOT

RESIDENT_MB_MAX = 200
ACCOUNTS, PAGES, RECORDS = 24, 1, 100


@lru_cache
def _page(number: int, bytes_each: int) -> bytes:
    """Of an account that is still to be named."""
    first = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
    entries = [
        {
            "id": f"event_ACCOUNT_{number}_{place}",
            "state": "confirmed",
            "start_at": (first + timedelta(minutes=place)).isoformat(),
            "end_at": (first + timedelta(minutes=place + 30)).isoformat(),
            "attendees": [{"id": f"a{n}", "email": f"{n}@example.com", "x": "y" * 40} for n in range(bytes_each // 90)],
        }
        for place in range(RECORDS)
    ]
    after = f"{number + 1}" if number + 1 < PAGES else None
    return json.dumps({"entries": entries, "metadata": {"after": after, "before": None, "limit": 100}}).encode()


def _bomb() -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(2**20)) for _ in range(200)), packer.flush()])


@asynccontextmanager
async def _server(bytes_each: int) -> AsyncIterator[str]:
    """Every fourth account gets bombs only, another fourth a body that drips, the others pages close to the bound."""
    bomb = _bomb()

    async def answer(request: web.Request) -> web.StreamResponse:
        account = request.match_info["account"]
        if request.path.endswith("/me"):
            return web.json_response({"id": "me"})
        number, kind = int(request.query.get("after", 0)), int(account.removeprefix("account")) % 4
        if kind == 1:
            return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})
        body = _page(number, bytes_each).replace(b"ACCOUNT", account.encode())
        if kind == 2:
            stream = web.StreamResponse(headers={"Content-Length": str(len(body))})
            await stream.prepare(request)
            for start in range(0, len(body), 2**18):
                await stream.write(body[start : start + 2**18])
                await asyncio.sleep(0.05)
            return stream
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/{account}/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.timeout(300)
async def test_many_accounts_with_large_pages_and_bombs_fit_into_little_memory(mirrored_url: str) -> None:
    """As many scans at once: the process never holds more than its bound, and what is readable is stored."""
    async with _server(38_000) as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.integration.sync.memory",
            mirrored_url,
            url,
            str(ACCOUNTS),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
    before, most, stored = (float(word) for word in out.split()[-3:])
    assert stored == ACCOUNTS * 3 / 4 * PAGES * RECORDS
    assert most < RESIDENT_MB_MAX, f"{before:.0f} MB before, {most:.0f} MB at most"

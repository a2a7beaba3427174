"""Carrying out a scripted fault on one request."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from aiohttp import web

from .answers import STALE, json_answer, product_error, raw_answer
from .envelopes import Product
from .faults import Fault
from .formats import Document, encode
from .options import Options

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Injector = Callable[["FaultInjector", web.Request, Answer, Fault], Awaitable[web.StreamResponse]]
BOMB_BYTES_MAX = 50_000_000


class FaultInjector:
    """Answers requests according to their faults; `released` ends every wait at once."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.released = asyncio.Event()

    async def answer(self, request: web.Request, honest: Answer, fault: Fault) -> web.StreamResponse:
        """The answer of a request that `fault` has struck."""
        return await INJECTORS[fault.kind](self, request, honest, fault)

    async def wait(self, seconds: float) -> None:
        """Wait, but not beyond the simulator's end or the faults' removal."""
        try:
            await asyncio.wait_for(self.released.wait(), seconds)
        except TimeoutError:
            return

    def release(self) -> None:
        """Let every hanging request go."""
        self.released.set()
        self.released = asyncio.Event()


def product_of(request: web.Request) -> Product:
    """Which API a path belongs to."""
    return "appointments" if request.path.startswith("/appointments/") else "meetings"


async def _status(fault_injector: FaultInjector, request: web.Request, _: Answer, fault: Fault) -> web.StreamResponse:
    code, body = int(fault.args.get("status", 500)), fault.args.get("body")
    if body is None:
        answer = product_error(product_of(request), code)
    else:
        answer = raw_answer(body.encode(), code) if isinstance(body, str) else json_answer(body, code)
    if code == 429 and fault_injector.options.retry_after == "seconds":
        answer.headers["retry-after"] = str(fault_injector.options.retry_after_seconds)
    answer.headers.update(fault.args.get("headers", {}))
    return answer


async def _hang(
    fault_injector: FaultInjector, request: web.Request, honest: Answer, fault: Fault
) -> web.StreamResponse:
    seconds = float(fault.args.get("seconds", 3600))
    if fault.args.get("where", "headers") == "headers":
        await fault_injector.wait(seconds)
        return await honest(request)
    body = await _body(request, honest)
    stream = await _half(request, body)
    await fault_injector.wait(seconds)
    await stream.write(body[len(body) // 2 :])
    return stream


async def _drip(
    fault_injector: FaultInjector, request: web.Request, honest: Answer, fault: Fault
) -> web.StreamResponse:
    body, size = await _body(request, honest), int(fault.args.get("chunk_bytes", 16))
    stream = await _stream(request, len(body))
    for start in range(0, len(body), size):
        await stream.write(body[start : start + size])
        await fault_injector.wait(float(fault.args.get("interval_seconds", 0.05)))
    return stream


async def _reset(_: FaultInjector, request: web.Request, honest: Answer, fault: Fault) -> web.StreamResponse:
    stream: web.StreamResponse = web.Response(status=500)
    if fault.args.get("where", "headers") == "body":
        stream = await _half(request, await _body(request, honest))
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close sends RST, not FIN
        request.transport.abort()
    return stream


async def _truncate(_: FaultInjector, request: web.Request, honest: Answer, __: Fault) -> web.StreamResponse:
    stream = await _half(request, await _body(request, honest))
    if request.transport is not None:
        request.transport.close()
    return stream


async def _malformed_json(_: FaultInjector, request: web.Request, honest: Answer, __: Fault) -> web.StreamResponse:
    body = await _body(request, honest)
    return raw_answer(body[: max(1, len(body) // 2)])


async def _html_200(_: FaultInjector, __: web.Request, ___: Answer, ____: Fault) -> web.StreamResponse:
    page = "<!doctype html><html><body><h1>We will be right back</h1></body></html>"
    return web.Response(text=page, content_type="text/html")


async def _empty_list(_: FaultInjector, request: web.Request, honest: Answer, __: Fault) -> web.StreamResponse:
    def emptied(page: Document) -> Document:
        if "entries" in page:
            return {"entries": [], "metadata": page["metadata"] | {"before": None, "after": None}}
        return {"data": [], "meta": page["meta"] | {"total_count": 0, "total_pages": 0}}

    return await _rewritten(request, honest, emptied)


async def _stale(_: FaultInjector, request: web.Request, honest: Answer, __: Fault) -> web.StreamResponse:
    request[STALE] = True
    return await honest(request)


async def _drop_page_rows(_: FaultInjector, request: web.Request, honest: Answer, fault: Fault) -> web.StreamResponse:
    count = int(fault.args.get("count", 1))
    return await _rewritten(request, honest, lambda page: page | {_rows_of(page): page[_rows_of(page)][count:]})


async def _redirect(_: FaultInjector, __: web.Request, ___: Answer, fault: Fault) -> web.StreamResponse:
    location = str(fault.args.get("location", "/elsewhere"))
    return web.Response(status=int(fault.args.get("status", 302)), headers={"location": location})


async def _gzip_bomb(_: FaultInjector, __: web.Request, ___: Answer, fault: Fault) -> web.StreamResponse:
    size = min(int(fault.args.get("size_bytes", BOMB_BYTES_MAX)), BOMB_BYTES_MAX)
    body = await asyncio.to_thread(_bomb, size)
    headers = {"content-type": "application/json; charset=utf-8", "content-encoding": "gzip"}
    return web.Response(body=body, headers=headers)


@lru_cache(maxsize=4)
def _bomb(size: int) -> bytes:
    return gzip.compress(b'{"entries":["' + b"a" * size + b'"]}', mtime=0)


async def _same_cursor(_: FaultInjector, request: web.Request, honest: Answer, fault: Fault) -> web.StreamResponse:
    used = fault.args.get("after", request.query.get("after"))

    def looped(page: Document) -> Document:
        if "metadata" in page:
            return page | {"metadata": page["metadata"] | ({"after": used} if used else {})}
        return page | {"meta": page["meta"] | {"total_pages": page["meta"]["current_page"] + 1}}

    return await _rewritten(request, honest, looped)


async def _poison(
    fault_injector: FaultInjector, request: web.Request, honest: Answer, fault: Fault
) -> web.StreamResponse:
    answer = await honest(request)
    body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b""
    is_in = any(f'"{object_id}"'.encode() in body for object_id in fault.args["ids"])
    return await _status(fault_injector, request, honest, fault) if is_in else answer


async def _rewritten(
    request: web.Request, honest: Answer, rewrite: Callable[[Document], Document]
) -> web.StreamResponse:
    """The honest list page after `rewrite`; any other answer is unchanged."""
    answer = await honest(request)
    if not isinstance(answer, web.Response) or answer.status != 200 or not isinstance(answer.body, bytes):
        return answer
    page: Any = json.loads(answer.body)
    is_list = isinstance(page, dict) and isinstance(page.get(_rows_of(page)), list)
    return raw_answer(encode(rewrite(page))) if is_list else answer


def _rows_of(page: Document) -> str:
    return "entries" if "entries" in page else "data"


async def _body(request: web.Request, honest: Answer) -> bytes:
    answer = await honest(request)
    return answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b"{}"


async def _stream(request: web.Request, length: int) -> web.StreamResponse:
    """An answer whose headers promise `length` bytes."""
    headers = {"content-type": "application/json; charset=utf-8", "content-length": str(length)}
    stream = web.StreamResponse(headers=headers)
    await stream.prepare(request)
    return stream


async def _half(request: web.Request, body: bytes) -> web.StreamResponse:
    """An answer that has promised the whole body and sent its first half."""
    stream = await _stream(request, len(body))
    await stream.write(body[: len(body) // 2])
    return stream


INJECTORS: dict[str, Injector] = {
    "status": _status,
    "hang": _hang,
    "drip": _drip,
    "reset": _reset,
    "truncate": _truncate,
    "malformed_json": _malformed_json,
    "html_200": _html_200,
    "empty_list": _empty_list,
    "stale": _stale,
    "drop_page_rows": _drop_page_rows,
    "redirect": _redirect,
    "gzip_bomb": _gzip_bomb,
    "same_cursor": _same_cursor,
    "poison": _poison,
}

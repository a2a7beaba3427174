"""A TCP proxy that misbehaves on purpose, in front of one server, and counts how often it did."""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

CHUNK_BYTES = 65536
SLICE_PAUSE_SECONDS = 0.0005
CONNECT_SECONDS = 5.0


@dataclass(slots=True)
class Toxics:
    """What is wrong with a line at present; each may be on together with others."""

    latency_seconds: float = 0.0
    """Added to each piece, both ways."""
    bytes_per_second: float | None = None
    slice_bytes: int | None = None
    """Everything travels in pieces of at most so many bytes."""
    swallows: bool = False
    """A black hole: what is sent is lost, nobody is told. A connection that lost something stays lost."""
    refuses: bool = False
    """New connections are reset."""
    cut_answer_to: bytes | None = None
    """A request that holds this reaches the server; its answer is thrown away and the client's connection reset."""
    cut_answers_after_bytes: int | None = None
    """An answer is reset after so many bytes of a connection."""


@dataclass(eq=False, slots=True)
class Line:
    """One client, connected through to the server."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    is_lost: bool = False
    is_doomed: bool = False
    """Its next answer is cut."""
    answered_bytes: int = 0


@dataclass(slots=True)
class Proxy:
    """Listens on a loopback port and forwards everything to another one, as its toxics allow."""

    target_port: int
    toxics: Toxics = field(default_factory=Toxics)
    struck: Counter[str] = field(default_factory=Counter)
    """How often each toxic took hold: pieces, connections or answers."""
    port: int = 0
    lines: set[Line] = field(default_factory=set)
    _server: asyncio.Server | None = None
    _healed: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def start(self) -> None:
        """Listens; the same port after a stop."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Ends every line."""
        if self._server:
            self._server.close()
        await asyncio.sleep(0)  # whoever was just let in has a task by then, which can be ended
        await asyncio.sleep(0)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for line in list(self.lines):
            abort(line.client)
            abort(line.server)
        self.lines.clear()

    def heal(self) -> None:
        """Nothing is wrong any more; what was lost stays lost."""
        self.toxics = Toxics()
        self._healed.set()
        self._healed = asyncio.Event()

    def reset(self) -> int:
        """Resets all lines at both ends; how many there were."""
        lines = list(self.lines)
        for line in lines:
            abort(line.client)
            abort(line.server)
        self.struck["reset"] += len(lines)
        return len(lines)

    def half_close(self) -> int:
        """Tells all clients that the server sends no more, while it still reads; returns how many there were."""
        lines = [line for line in self.lines if not line.client.is_closing() and line.client.can_write_eof()]
        for line in lines:
            with suppress(OSError, RuntimeError):
                line.client.write_eof()
        self.struck["half_close"] += len(lines)
        return len(lines)

    async def _accept(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self.toxics.refuses:
            self.struck["refuses"] += 1
            abort(client)
            return
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                answers, server = await asyncio.open_connection("127.0.0.1", self.target_port)
        except (OSError, TimeoutError, asyncio.CancelledError):  # the last by stop(), as below
            abort(client)
            return
        line = Line(client, server)
        self.lines.add(line)
        try:
            with suppress(asyncio.CancelledError):  # by stop(); asyncio's own callback minds canceled tasks
                await self._carry(line, reader, answers)
        finally:
            self.lines.discard(line)
            abort(client)
            abort(server)

    async def _carry(self, line: Line, requests: asyncio.StreamReader, answers: asyncio.StreamReader) -> None:
        ways = [
            asyncio.ensure_future(self._pump(line, requests, line.server, is_answer=False)),
            asyncio.ensure_future(self._pump(line, answers, line.client, is_answer=True)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if line.is_lost and self.toxics.swallows:
                await self._healed.wait()  # the other end does not hear of it either
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(
        self, line: Line, source: asyncio.StreamReader, sink: asyncio.StreamWriter, is_answer: bool
    ) -> None:
        with suppress(OSError):
            while piece := await source.read(CHUNK_BYTES):
                if await self._is_swallowed(line):
                    continue
                if is_answer and self._is_cut(line, piece):
                    sink.write(self._first_part(line, piece))
                    abort(sink)
                    return
                if not is_answer and self.toxics.cut_answer_to and self.toxics.cut_answer_to in piece:
                    line.is_doomed = True
                line.answered_bytes += len(piece) if is_answer else 0
                await self._forward(piece, sink)

    async def _is_swallowed(self, line: Line) -> bool:
        if self.toxics.swallows:
            line.is_lost = True
            self.struck["swallows"] += 1
        return line.is_lost

    def _is_cut(self, line: Line, piece: bytes) -> bool:
        most = self.toxics.cut_answers_after_bytes
        if line.is_doomed:
            self.struck["cut_answer_to"] += 1
            return True
        if most is not None and line.answered_bytes + len(piece) > most:
            self.struck["cut_answers_after_bytes"] += 1
            return True
        return False

    def _first_part(self, line: Line, piece: bytes) -> bytes:
        most = self.toxics.cut_answers_after_bytes
        return b"" if line.is_doomed or most is None else piece[: max(0, most - line.answered_bytes)]

    async def _forward(self, piece: bytes, sink: asyncio.StreamWriter) -> None:
        toxics = self.toxics
        if toxics.latency_seconds:
            self.struck["latency_seconds"] += 1
            await asyncio.sleep(toxics.latency_seconds)
        if toxics.bytes_per_second:
            self.struck["bytes_per_second"] += 1
            await asyncio.sleep(len(piece) / toxics.bytes_per_second)
        size = toxics.slice_bytes or len(piece)
        for start in range(0, len(piece), size):
            sink.write(piece[start : start + size])
            await sink.drain()
            if toxics.slice_bytes:
                self.struck["slice_bytes"] += 1
                await asyncio.sleep(SLICE_PAUSE_SECONDS)


def through(url: str, port: int) -> str:
    """The same address, reached by another port."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}" if login else f"127.0.0.1:{port}"))


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy in front of a server, and the server's address through it."""
    proxy = Proxy(urlsplit(url).port or 0)
    await proxy.start()
    try:
        yield proxy, through(url, proxy.port)
    finally:
        await proxy.stop()


def abort(writer: asyncio.StreamWriter) -> None:
    """Closes with a reset instead of a farewell."""
    connection = writer.get_extra_info("socket")
    with suppress(OSError, AttributeError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()

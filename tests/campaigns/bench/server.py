"""SavvyCal for the benchmark: a process of its own that serves prepared bytes, so that it is never what is measured.

Meetings: `/v1/events` with `period=all|fixed`, `from`, `until`, `limit` and the cursor `after`; `/v1/events/<id>`.
Appointments: `/v1/appointments` by `page` and `page_size`; `/v1/appointments/<id>`. Control: `/bench/change` changes
every hundredth record, `/bench/touch?number=` one Event, `/bench/latency?ms=` sets a wait before each answer,
`/bench/iterations` tells when iterations over the lists began, and resets the counts.
"""

import asyncio
import sys
import time
from bisect import bisect_left
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec

from tests.campaigns.bench.appointments import appointment_id, build_appointment
from tests.campaigns.bench.events import build_event, event_id, starts, today

Query = dict[str, list[str]]
EVERY = 100
"""One record in so many changes at a time: one per page, so that no page can be skipped."""


class World:
    """The records of both products in the order they are listed."""

    def __init__(self, events: int, appointments: int, ahead_only: bool) -> None:
        self.base = today()
        self.starts = starts(events, self.base, ahead_only)
        self.days = [at.date().isoformat() for at in self.starts]
        self.events = [build_event(i, at, self.base, 0) for i, at in enumerate(self.starts)]
        self.event_ids = {event_id(i): i for i in range(events)}
        self.booked = [self.base + timedelta(days=60) - timedelta(minutes=11 * i) for i in range(appointments)]
        self.appointments = [build_appointment(i, at, self.base, 0) for i, at in enumerate(self.booked)]
        self.appointment_ids = {appointment_id(i): i for i in range(appointments)}
        self.revision = 0
        self.latency_seconds = 0.0
        self.iterations: list[float] = []
        self.request_count = 0

    def change(self) -> int:
        """Changes the next hundredth of all records; how many."""
        self.revision += 1
        first = self.revision * 37 % EVERY
        chosen = range(first, len(self.events), EVERY)
        for i in chosen:
            self.events[i] = build_event(i, self.starts[i], self.base, self.revision)
        booked = range(first, len(self.appointments), EVERY)
        for i in booked:
            self.appointments[i] = build_appointment(i, self.booked[i], self.base, self.revision)
        return len(chosen) + len(booked)

    def touch(self, number: int) -> str:
        """Changes one event; its id."""
        number %= len(self.events)
        self.revision += 1
        self.events[number] = build_event(number, self.starts[number], self.base, self.revision)
        return event_id(number)

    def list_events(self, query: Query) -> bytes:
        """One page, by start."""
        first, end = 0, len(self.events)
        if query.get("period") == ["fixed"]:
            first, end = bisect_left(self.days, query["from"][0]), bisect_left(self.days, query["until"][0])
        if "after" in query:
            first = int(query["after"][0].removeprefix("cursor_"))
        else:
            self.iterations.append(time.monotonic())
        last = min(end, first + int(query["limit"][0]))
        after = f'"cursor_{last}"' if last < end else "null"
        tail = f'],"metadata":{{"before":null,"after":{after},"limit":100}}}}'
        return b'{"entries":[' + b",".join(self.events[first:last]) + tail.encode()

    def list_appointments(self, query: Query) -> bytes:
        """One page, from the farthest start backwards."""
        page, size = int(query["page"][0]), int(query["page_size"][0])
        if page == 1:
            self.iterations.append(time.monotonic())
        total = len(self.appointments)
        meta = {
            "current_page": page,
            "page_size": size,
            "total_count": total,
            "total_pages": max(1, -(-total // size)),
        }
        chosen = self.appointments[(page - 1) * size : page * size]
        return b'{"data":[' + b",".join(chosen) + b'],"meta":' + msgspec.json.encode(meta) + b"}"

    def answer(self, item: str) -> bytes | None:
        """The body for a path with its query, None for 404."""
        parts = urlsplit(item)
        query = parse_qs(parts.query)
        _, version, *names = parts.path.split("/")
        if version == "bench":
            return self._control(names[0], query)
        self.request_count += 1
        match names:
            case ["events"]:
                return self.list_events(query)
            case ["appointments"]:
                return self.list_appointments(query)
            case ["events", name] if name in self.event_ids:
                return self.events[self.event_ids[name]]
            case ["appointments", name] if name in self.appointment_ids:
                return b'{"data":' + self.appointments[self.appointment_ids[name]] + b"}"
        return None

    def _control(self, name: str, query: Query) -> bytes:
        if name == "latency":
            self.latency_seconds = float(query["ms"][0]) / 1000
        changed = self.change() if name == "change" else 0
        touched = self.touch(int(query["number"][0])) if name == "touch" else ""
        told = {"changed": changed, "touched": touched, "requests": self.request_count, "iterations": self.iterations}
        if name == "iterations":
            self.iterations, self.request_count = [], 0
        return msgspec.json.encode(told)


class Connection(asyncio.Protocol):
    """Just enough of HTTP/1.1: GETs without a body, kept alive, answered in order."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answers each whole request."""
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            request, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            item = request.split(b" ", 2)[1].decode()
            if self.world.latency_seconds and not item.startswith("/bench"):
                asyncio.get_running_loop().call_later(self.world.latency_seconds, self._send, item)
            else:
                self._send(item)

    def _send(self, item: str) -> None:
        body = self.world.answer(item)
        status, body = (b"200 OK", body) if body is not None else (b"404 Not Found", b'{"errors":[]}')
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        self.transport.writelines([head, body])


async def serve(events: int, appointments: int, ahead_only: bool) -> None:
    """Serves until the process ends; prints its port first."""
    world = World(events, appointments, ahead_only)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(world), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "ahead"))

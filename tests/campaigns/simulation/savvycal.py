"""SavvyCal behind the scheduler: the simulator's own API classes, called without a socket, and the
faults injected into their answers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import unquote

from multidict import MultiDict

from tests.campaigns.simulation import damaged
from tests.campaigns.simulation.checker import ListFault, Served
from tests.campaigns.simulation.scheduler import JOB, SUBJECT, Job, Scheduler, Worker
from tests.campaigns.simulation.world_changes import kind_of
from tests.campaigns.worlds import expected
from worker import errors
from worker.core.model import Product
from worker.savvycal.client import Client
from worker.savvycal.rate_limit import RateLimits
from worker.savvycal.wire import Request
from worker.simulator.answers import STALE, product_error
from worker.simulator.appointments_api import AppointmentsApi
from worker.simulator.formats import encode
from worker.simulator.meetings_api import MeetingsApi
from worker.simulator.world import World

FETCH_SECONDS = 30.0
REQUESTS_PER_MINUTE = 100_000
"""Far above what a run sends: the rate limit has tests of its own."""


LISTS = frozenset({"/events", "/appointments", "/links"})
LIST_FAULTS = frozenset({"empty", "dropped rows", "cut short", "truncated", "stale list"})


class Asked:
    """The part of an aiohttp request that the API classes read."""

    def __init__(self, query: tuple[tuple[str, str], ...], object_id: str | None, stale: bool) -> None:
        self.query = MultiDict(query)
        self.match_info = {"event_id": object_id, "appointment_id": object_id, "link_id": object_id}
        self._stale = stale

    def get(self, key: object, default: object = None) -> object:
        """Whether the answer is to be the version before the last change."""
        return self._stale if key is STALE else default


async def _no_fault(_how: str, _object_id: str | None) -> str | None:
    return None


@dataclass
class Savvycal:
    """The world as it is asked, and all that it answered."""

    world: World
    scheduler: Scheduler
    draw_fault: Callable[[str, str | None], Awaitable[str | None]] = _no_fault
    """Which fault to inject into the answer about (how, id), if any; drawn for each request."""
    served: list[Served] = field(default_factory=list)
    list_faults: list[ListFault] = field(default_factory=list)
    fault_counts: dict[str, int] = field(default_factory=dict)
    fences: dict[int, int] = field(default_factory=dict)
    """Fences that each job (by number) has taken and not used yet."""
    unfenced: list[str] = field(default_factory=list)

    async def answer(self, product: Product, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        _, _, last = request.path.rpartition("/")
        how = "list" if request.path in LISTS else "probe" if request.path in {"/me", "/account"} else "get"
        object_id = unquote(last) if how == "get" else None
        fault = await self.draw_fault(how, object_id)
        if fault:
            self.fault_counts[fault] = self.fault_counts.get(fault, 0) + 1
        if how == "list" and fault in LIST_FAULTS:
            self.list_faults.append(ListFault(self.scheduler.now, product.kind))
        told = self._error_answer(product, fault) if fault else None
        status, headers, body = told or await self._data_answer(product, request, how, object_id, fault)
        if how == "list" and status == 200:  # a refused list was not read; it is requested in another form
            self._use_fence(JOB.get(), request.path)
        self._keep(product.kind, how, object_id, status, body, fault)
        return status, headers, body

    def take_fences(self, job: Job, count: int) -> None:
        """A job took some fences."""
        self.fences[job.number] = self.fences.get(job.number, 0) + count

    def _use_fence(self, job: Job, path: str) -> None:
        left = self.fences.get(job.number, 0)
        self.fences[job.number] = max(0, left - 1)
        if left == 0 and job.name == "scan":  # an audit writes nothing
            self.unfenced.append(f"{job.name} {path}")

    def _error_answer(self, product: Product, fault: str) -> tuple[int, dict[str, str], bytes] | None:
        """The answer of a fault that is a status, None for a fault in the data."""
        if not fault.isdigit():
            return None
        answer = product_error("meetings" if product is not Product.APPOINTMENTS else "appointments", int(fault))
        body = answer.body if isinstance(answer.body, bytes) else b""
        return int(fault), ({"retry-after": "7"} if fault == "429" else {}), body

    async def _data_answer(
        self, product: Product, request: Request, how: str, object_id: str | None, fault: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        meetings, appointments = MeetingsApi(self.world), AppointmentsApi(self.world)
        asked: Any = Asked(request.query, object_id, fault in {"stale", "stale list"})
        if product is Product.MEETINGS:
            route = {"list": meetings.list_events, "get": meetings.get_event, "probe": meetings.me}[how]
        elif product is Product.LINKS:
            route = {"list": meetings.list_links, "get": meetings.get_link, "probe": meetings.me}[how]
        else:
            one = appointments.get_appointment
            route = {"list": appointments.list_appointments, "get": one, "probe": appointments.account}[how]
        answer = await route(asked)
        body = answer.body if isinstance(answer.body, bytes) else b""
        return answer.status, dict(answer.headers), self._distorted(body, fault) if answer.status == 200 else body

    def _distorted(self, body: bytes, fault: str | None) -> bytes:
        if fault == "truncated":
            return body[: len(body) // 2]
        if fault not in {"empty", "dropped rows", "cut short"}:
            return body
        page = self._readable(body)
        rows = "entries" if "entries" in page else "data"
        page[rows] = {"empty": [], "dropped rows": page[rows][1:], "cut short": page[rows][:1]}[fault]
        if fault != "dropped rows" and rows == "entries":
            page["metadata"]["after"] = None
        elif fault != "dropped rows":
            page["meta"] |= {"total_count": len(page[rows]), "total_pages": min(1, len(page[rows]))}
        bodies = [self.world.damaged(str(row["id"]), encode(row)) for row in page[rows]]
        frame, _, end = encode(page | {rows: []}).partition(b"[]")
        return frame + b"[" + b",".join(bodies) + b"]" + end

    def _readable(self, body: bytes) -> Any:
        """An answer as values. Damaged records may read whole in it: `_keep` goes by their ids."""
        if not self.world.options.damage:
            return json.loads(body)
        return expected.read(body.decode(errors="replace").encode(), is_exact=False)

    def _keep(self, kind: str, how: Any, object_id: str | None, status: int, body: bytes, fault: str | None) -> None:
        documents: list[Any] = []
        try:
            found = self._readable(body) if status == 200 else None
        except ValueError:
            found = None
        if isinstance(found, dict):
            inner = found.get("entries", found.get("data", [found]))
            documents = inner if isinstance(inner, list) else [inner]
        documents = [self._as_stored(each) for each in documents if isinstance(each, dict)]
        step, at = self.scheduler.point_count, self.scheduler.now
        if how != "list":
            document = documents[0] if documents else None
            self.served.append(Served(step, at, kind, object_id, how, status, document, fault))
            return
        for document in documents:
            if document is not None:
                self.served.append(Served(step, at, kind, document.get("id"), how, status, document, fault))

    def _as_stored(self, document: Any) -> Any:
        """None for a record that nobody can read."""
        object_id = str(document.get("id"))
        record = self.world.collections[kind_of(object_id)].records.get(object_id)
        if record is not None and record.raw is not None:
            return document  # served as it is
        return None if damaged.is_refused(self.world, object_id) else damaged.stored(self.world, document)


class ScheduledClient(Client):
    """The real client of one product, its exchange with SavvyCal behind the scheduler."""

    def __init__(self, savvycal: Savvycal, worker: Worker, product: Product) -> None:
        no_session: Any = None
        super().__init__(no_session, "http://savvycal.test", lambda: "token", RateLimits(REQUESTS_PER_MINUTE))
        self._savvycal, self._worker, self._product = savvycal, worker, product

    async def _exchange(self, request: Request, token: str) -> tuple[int, dict[str, str], bytes]:
        _, _, last = request.path.rpartition("/")
        if request.path not in {*LISTS, "/me", "/account"}:
            SUBJECT.set(last)

        async def effect() -> tuple[int, dict[str, str], bytes]:
            return await self._savvycal.answer(self._product, request)

        scheduler, label = self._savvycal.scheduler, f"fetch {self._product} {request.path}"
        return await scheduler.through(self._worker, label, effect, _lose, _late, FETCH_SECONDS)


async def _lose() -> NoReturn:
    raise errors.Unreachable("SavvyCal could not be reached (ServerDisconnectedError)")


async def _late() -> NoReturn:
    raise errors.Unreachable("SavvyCal did not answer in time")

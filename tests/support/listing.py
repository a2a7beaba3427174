"""A list of SavvyCal in memory, for reading it thousands of times: some records of it can never be served."""

import asyncio
import json
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, cast

from worker.core.missing import Missing
from worker.core.model import Product
from worker.core.split import Split
from worker.core.windows import Bounds
from worker.errors import NotThere, ServerFault
from worker.savvycal import api
from worker.savvycal.circuit_breaker import CircuitBreaker
from worker.savvycal.client import Client
from worker.savvycal.wire import Request
from worker.sync.context import Endpoint
from worker.sync.pages import listed

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


class Listing:
    """Answers as SavvyCal does, in place of a client."""

    def __init__(self, product: Product, count: int, granted: int, bad: Collection[int], days: int, seed: int) -> None:
        """`count` records within so many days, often at the same moment; at most `granted` on a page."""
        random = Random(seed)
        minutes = sorted(random.randrange(days * 24) * 60 for _ in range(count))
        self.product = product
        self.starts = {place: BEGIN + timedelta(minutes=minute) for place, minute in enumerate(minutes)}
        self.bad = {place for place in bad if place < count}
        self.granted = granted
        self.circuit = CircuitBreaker()
        self.request_count = 0

    async def fetch(self, request: Request, is_scan: bool = False) -> bytes:
        """The answer to a request, as the client would give it."""
        self.request_count += 1
        query = dict(request.query)
        if request.path in {"/me", "/account"}:
            return b"{}"
        chosen, envelope = self._events(query) if self.product is Product.MEETINGS else self._appointments(query)
        if self.bad.intersection(chosen):
            raise ServerFault("SavvyCal answered 500", 500)
        name = next(iter(envelope))
        return json.dumps(envelope | {name: [self._record(place) for place in chosen]}).encode()

    def _record(self, place: int) -> dict[str, Any]:
        start = self.starts[place].isoformat().replace("+00:00", "Z")
        return {"id": f"id_{place}", "start_at": start if self.product is Product.MEETINGS else {"utc": start}}

    def _events(self, query: dict[str, str]) -> tuple[list[int], dict[str, Any]]:
        first = date.fromisoformat(query.get("from", "1970-01-01"))
        until = date.fromisoformat(query.get("until", "2200-01-01"))
        places = [place for place, start in self.starts.items() if first <= start.date() <= until]
        if query["direction"] == "desc":
            places.reverse()
        if "after" in query:
            places = places[places.index(int(query["after"])) + 1 :]
        size = min(int(query["limit"]), self.granted)
        after = str(places[size - 1]) if len(places) > size else None
        return places[:size], {"entries": [], "metadata": {"after": after, "limit": size}}

    def _appointments(self, query: dict[str, str]) -> tuple[list[int], dict[str, Any]]:
        places = sorted(self.starts, reverse=True)
        size, page = min(int(query["page_size"]), self.granted), int(query["page"])
        pages = -(-len(places) // size)
        if page > max(1, pages):
            raise NotThere("SavvyCal answered 404", 404)
        meta = {"current_page": page, "page_size": size, "total_count": len(places), "total_pages": pages}
        return places[(page - 1) * size : page * size], {"data": [], "meta": meta}

    def read(self) -> tuple[set[int], tuple[Missing, ...]]:
        """One iteration over the list: what was read, and what is said to be missing."""
        asked = api.meetings() if self.product is Product.MEETINGS else api.appointments_api(True)
        return asyncio.run(self._read(Endpoint(asked, cast(Client, self))))

    async def _read(self, endpoint: Endpoint) -> tuple[set[int], tuple[Missing, ...]]:
        seen, split = set[int](), Split(is_known=True)
        async for step in listed(endpoint, Bounds(None, None), None, split, 1):
            seen |= {int(json.loads(raw)["id"].removeprefix("id_")) for raw in step.page.records}
            split = step.split
        return seen, split.missing

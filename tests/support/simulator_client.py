"""A plain client of the simulator, and the simulator itself as a context manager."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from worker.simulator import Options, Simulator

NOW = 1_795_221_900
"""2026-11-21T00:45:00Z, where the simulated clock of every test starts."""
EVERYTHING = {"state": "all", "period": "all", "attendance": "any", "limit": "100"}


@dataclass(frozen=True)
class Answer:
    """Status, headers and parsed body of one answer."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.text)

    @property
    def ids(self) -> list[str]:
        """The ids on a list page of either product."""
        page = self.json
        return [row["id"] for row in page.get("entries", page.get("data"))]


class Client:
    """Requests with the right token, unless told otherwise."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self.session = session

    async def ask(self, method: str, url: str, **options: Any) -> Answer:
        """Any request."""
        async with self.session.request(method, url, allow_redirects=False, **options) as response:
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.headers.items()},
                await response.text(),
            )

    async def meetings(
        self, path: str, method: str = "GET", token: str = "pt_secret_simulator", **options: Any
    ) -> Answer:
        """A request to the Meetings API."""
        headers = {"authorization": f"Bearer {token}"}
        return await self.ask(method, self.simulator.meetings_url + path, headers=headers, **options)

    async def appointments(self, path: str, method: str = "GET", token: str = "sk_simulator", **options: Any) -> Answer:
        """A request to the Appointments API."""
        headers = {"authorization": f"Bearer {token}"} | options.pop("headers", {})
        return await self.ask(method, self.simulator.appointments_url + path, headers=headers, **options)

    async def control(self, path: str, method: str = "GET", **options: Any) -> Answer:
        """A request to the control endpoint."""
        return await self.ask(method, self.simulator.control_url + path, **options)

    async def iterate_events(self, **params: str) -> list[Answer]:
        """Every page of a list of events."""
        pages = [await self.meetings("/events", params=params)]
        while after := pages[-1].json["metadata"]["after"]:
            pages.append(await self.meetings("/events", params=params | {"after": after}))
        return pages


@asynccontextmanager
async def savvycal(**options: Any) -> AsyncIterator[tuple[Simulator, Client]]:
    """A running simulator with a frozen clock at NOW, and a client for it."""
    chosen = {"now": NOW, "events": 60, "appointments": 40} | options
    async with Simulator(Options(**chosen)) as simulator, aiohttp.ClientSession() as session:
        yield simulator, Client(simulator, session)

"""The simulated SavvyCal as a process: its world moves all the time, and in the end it tells everything it knows.

`python -m tests.campaigns.chaos.savvycal --seed 7` prints one line of JSON with its addresses. It ends when
its standard input does, so it never outlives who started it.
"""

import argparse
import asyncio
import json
import os
import sys
from random import Random
from typing import Any

from aiohttp import web

from worker.simulator import Options, Simulator
from worker.simulator.answers import json_answer, read_object
from worker.simulator.object_store import Kind
from worker.simulator.server import CONTROL_PREFIX

CHURN_SECONDS = 0.1
BOOKED_SHARE = 0.1
"""Of changes: new bookings."""

REQUESTS_MAX = 1_000_000
CANARIES = 100
"""Meetings with a password that is unlike any other text."""


class Restless(Simulator):
    """A simulator with a control of its pace, and a last testimony."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.changes_per_second = 0.0
        self.change_count = 0
        self._rng = Random(f"{options.seed}:churn")
        self._plant()

    def _plant(self) -> None:
        """The passwords of simulated meetings are six digits, which any log may hold by chance."""
        meetings = [one for one in self.world.documents("appointment").values() if one["meeting"]]
        for document in meetings[:CANARIES]:
            password = f"KanariPassword{self._rng.getrandbits(64):016x}"
            self.world.put("appointment", document | {"meeting": document["meeting"] | {"password": password}})

    def _application(self) -> web.Application:
        application = super()._application()
        application.router.add_post(f"{CONTROL_PREFIX}/churn", self._set_pace)
        application.router.add_get(f"{CONTROL_PREFIX}/testimony", self._testify)
        application.router.add_get(f"{CONTROL_PREFIX}/ids", self._ids)
        return application

    async def _set_pace(self, request: web.Request) -> web.Response:
        self.changes_per_second = float((await read_object(request) or {}).get("per_second", 0))
        return json_answer({"waiting": len(self.world.life._heap), "changes": self.change_count})

    async def _ids(self, _: web.Request) -> web.Response:
        return json_answer({kind: list(collection.records) for kind, collection in self.world.collections.items()})

    async def _testify(self, _: web.Request) -> web.Response:
        """What is true now, what was ever true, and every request by id that was answered."""
        kinds: tuple[Kind, ...] = ("event", "appointment")
        requests = [(one.path, one.at, one.status) for one in self.world.requests if one.status is not None]
        kept = [[kind, key, list(versions)] for (kind, key), versions in self.world._history.items()]
        return json_answer(
            {
                "source": {kind: self.world.documents(kind) for kind in kinds},
                "versions": kept,
                "requests": requests,
                "tally": {name: getattr(self.dispatcher.counters, name) for name in self.dispatcher.counters.__slots__},
            }
        )

    async def churn(self) -> None:
        """Changes and bookings at the pace that is set."""
        owed = 0.0
        while True:
            await asyncio.sleep(CHURN_SECONDS)
            owed += self.changes_per_second * CHURN_SECONDS
            while owed >= 1:
                owed -= 1
                self.change_count += 1
                self.world.life._plan("book" if self._rng.random() < BOOKED_SHARE else "change", "", 0.0)


def options_of(given: argparse.Namespace) -> Options:
    """A world that keeps its history, and whose clock runs."""
    hooks: Any = tuple((product, f"{given.hooks}/{product}", given.secret) for product in ("meetings", "appointments"))
    return Options(
        seed=given.seed,
        events=given.events,
        appointments=given.appointments,
        keep_history=True,
        history_max=10_000,
        requests_max=REQUESTS_MAX,
        bookings_per_minute=0,
        changes_per_minute=0,
        speed=1.0,
        webhooks=hooks if given.hooks else (),
        webhook_duplicate=0.02,
        webhook_reorder=0.05,
        webhook_attempts=4,
        settle_seconds=(2.0, 10.0),
    )


async def serve(given: argparse.Namespace) -> None:
    """Until standard input ends."""
    async with Restless(options_of(given)) as simulator:
        addresses = {
            "meetings_url": simulator.meetings_url,
            "appointments_url": simulator.appointments_url,
            "control_url": simulator.control_url,
            "meetings_token": simulator.options.meetings_token,
            "appointments_token": simulator.options.appointments_token,
        }
        sys.stdout.write(json.dumps(addresses) + "\n")
        sys.stdout.flush()
        churn = asyncio.create_task(simulator.churn())
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(sys.stdin.fileno(), lambda: ended.set() if not os.read(sys.stdin.fileno(), 1024) else None)
        await ended.wait()
        churn.cancel()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=600)
    parser.add_argument("--appointments", type=int, default=300)
    parser.add_argument("--hooks", default="", help="where webhooks go: an address without the product")
    parser.add_argument("--secret", default="")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()

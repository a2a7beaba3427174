"""The server itself: control endpoint, log, start and stop."""

import asyncio

import pytest

from tests.support.simulator_client import NOW, savvycal
from worker.simulator import Fault, Options, Simulator, run


async def test_control_shows_and_moves_the_world() -> None:
    """Counts are readable, and time passes on request."""
    async with savvycal() as (_, client):
        before = (await client.control("/world")).json
        moved = (await client.control("/advance", "POST", json={"seconds": 120})).json
        assert (before["events"], before["appointments"], before["now"]) == (60, 40, NOW)
        assert moved["now"] == NOW + 120
        assert moved["moves"] > 10
        assert (await client.control("/advance", "POST", json={"seconds": -1})).status == 400


async def test_control_acts() -> None:
    """Every verb is reachable by name, bytes as text; wrong names and ids are told apart."""
    async with savvycal() as (sim, client):

        async def act(action: str, **args: object) -> tuple[int, object]:
            answer = await client.control("/act", "POST", json={"action": action, "args": args})
            return answer.status, answer.json.get("result")

        status, event = await act("book_event", state="tentative")
        assert isinstance(event, dict)
        assert (status, event["state"]) == (200, "tentative")
        assert (await act("cancel_event", event_id=event["id"], reason="Ill"))[0] == 200
        assert await act("put_raw", kind="event", object_id="event_raw", body="{oops") == (200, None)
        assert (await client.meetings("/events/event_raw")).text == "{oops"
        assert (await act("register_webhook", product="appointments", url="http://127.0.0.1:9/", secret="s"))[0] == 200
        assert [hook.product for hook in sim.world.webhooks.values()] == ["appointments"]
        assert (await act("cancel_event", event_id="event_nothing"))[0] == 404
        assert (await act("__init__"))[0] == 400
        assert (await act("cancel_event", nonsense=1))[0] == 400


async def test_control_faults() -> None:
    """Faults are added one or several at a time, listed with their count, and cleared."""
    async with savvycal() as (_, client):
        wish = {"faults": [{"kind": "status", "times": 1}, {"kind": "html_200", "times": 1}]}
        await client.control("/fault", "POST", json=wish)
        assert [(await client.meetings("/me")).status for _ in range(2)] == [500, 200]
        listed = (await client.control("/fault")).json["faults"]
        assert [fault["struck"] for fault in listed] == [1, 1]
        assert (await client.control("/fault", "POST", json={"kind": "nonsense"})).status == 400
        assert (await client.control("/fault", "DELETE")).json == {"faults": []}


async def test_requests_are_logged_and_counted() -> None:
    """Every request of both APIs is in the log with its status and counted under its route; control is not."""
    async with savvycal() as (sim, client):
        await client.meetings("/events/event_nothing?x=1")
        await client.appointments("/appointments")
        await client.control("/world")
        log = [(one.method, one.path, one.query, one.status) for one in sim.world.requests]
        assert log == [
            ("GET", "/meetings/v1/events/event_nothing", "x=1", 404),
            ("GET", "/appointments/v1/appointments", "", 200),
        ]
        assert sim.world.counters == {
            "GET /meetings/v1/events/{event_id}": 1,
            "GET /appointments/v1/appointments": 1,
        }
        assert len((await client.control("/requests")).json) == 2


async def test_stop_is_idempotent_and_leaves_no_task() -> None:
    """Stopping twice is harmless, and no task outlives the simulator."""
    before = asyncio.all_tasks()
    async with savvycal(speed=1.0) as (sim, client):
        await client.meetings("/me")
        await sim.stop()
        await sim.stop()
    assert asyncio.all_tasks() == before


async def test_only_loopback_is_bound() -> None:
    """An address others could reach is refused."""
    with pytest.raises(ValueError, match="loopback"):
        await Simulator(Options(events=0)).start(host="0.0.0.0")


async def test_run_serves_until_canceled() -> None:
    """`run` tells where it listens and serves until it is canceled."""
    started: asyncio.Future[Simulator] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(run(Options(events=1), started=started.set_result))
    simulator = await started
    assert simulator.meetings_url.startswith("http://127.0.0.1:")
    assert simulator.meetings_url.endswith("/meetings/v1")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_latency_is_added() -> None:
    """`latency_ms` delays every answer."""
    async with savvycal(latency_ms=30.0) as (_, client):
        loop = asyncio.get_running_loop()
        before = loop.time()
        await client.meetings("/me")
        assert loop.time() - before >= 0.03


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_methods_that_do_not_exist(method: str) -> None:
    """There is no way to update an event over the Meetings API."""
    async with savvycal() as (sim, client):
        event_id = next(iter(sim.world.documents("event")))
        assert (await client.meetings(f"/events/{event_id}", method)).status == 405


async def test_a_taken_port_is_an_error_without_leftovers() -> None:
    """A second simulator cannot take the first one's port, and says so."""
    async with savvycal() as (sim, _):
        port = int(sim.control_url.rsplit(":", 1)[1].split("/")[0])
        with pytest.raises(OSError, match="address already in use"):
            await Simulator(Options(events=0)).start(port=port)


async def test_stop_lets_hanging_requests_go() -> None:
    """Stopping does not wait for a request that hangs by a fault."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("hang"))
        asked = asyncio.create_task(client.meetings("/me"))
        while sim.world.faults[0].struck == 0:
            await client.control("/world")
        await asyncio.wait_for(sim.stop(), 5)
        await asyncio.gather(asked, return_exceptions=True)

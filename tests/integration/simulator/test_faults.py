"""Scripted wrong answers: each kind, and when it strikes."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.support.simulator_client import EVERYTHING, savvycal
from worker.simulator import FAULT_KINDS, Fault


async def test_status_with_body_and_headers() -> None:
    """`status` answers any code with the body and headers given, for as many times as told."""
    async with savvycal() as (sim, client):
        fault = Fault("status", times=2, args={"status": 503, "body": "busy", "headers": {"retry-after": "7"}})
        sim.world.faults.append(fault)
        answers = [await client.meetings("/me") for _ in range(3)]
        assert [answer.status for answer in answers] == [503, 503, 200]
        assert (answers[0].text, answers[0].headers["retry-after"]) == ("busy", "7")


@pytest.mark.parametrize("product", ["meetings", "appointments"])
async def test_status_speaks_the_products_language(product: str) -> None:
    """Without a body `status` uses the product's own error, 429 with its retry-after."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("status", args={"status": 429}))
        answer = await (client.meetings("/me") if product == "meetings" else client.appointments("/account"))
        [error] = answer.json["errors"]
        assert (answer.status, answer.headers["retry-after"]) == (429, "30")
        assert set(error) == ({"message"} if product == "meetings" else {"detail", "status"})


async def test_match_product_and_skip_choose_the_requests() -> None:
    """A fault strikes only the requests its pattern, product and skip leave."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("status", match=r"^GET /meetings/v1/events\?.*after=", skip=1))
        sim.world.faults.append(Fault("status", product="appointments"))
        first = await client.meetings("/events", params=EVERYTHING | {"limit": "5"})
        later = {"after": first.json["metadata"]["after"], "limit": "5"}
        statuses = [(await client.meetings("/events", params=EVERYTHING | later)).status for _ in range(2)]
        assert (first.status, statuses) == (200, [200, 500])
        assert (await client.appointments("/account")).status == 500


async def test_probability_follows_the_seed() -> None:
    """The same seed strikes the same requests."""
    patterns = []
    for _ in range(2):
        async with savvycal(seed=5) as (sim, client):
            sim.world.faults.append(Fault("status", probability=0.5))
            patterns.append([(await client.meetings("/me")).status for _ in range(20)])
    assert patterns[0] == patterns[1]
    assert set(patterns[0]) == {200, 500}


@pytest.mark.parametrize("where", ["headers", "body"])
async def test_hang_lasts_until_the_faults_are_cleared(where: str) -> None:
    """A hanging request gets nothing in time, and clearing the faults lets it go."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("hang", times=1, args={"where": where}))
        with pytest.raises(TimeoutError):
            await client.meetings("/me", timeout=aiohttp.ClientTimeout(total=0.1))
        sim.world.faults.append(Fault("hang", times=1, args={"where": where}))
        asked = asyncio.create_task(client.meetings("/me"))
        while sim.world.faults[1].struck == 0:
            assert (await client.control("/world")).status == 200
        await client.control("/fault", "DELETE")
        assert (await asked).json == sim.world.catalog.me


async def test_drip_delivers_everything_slowly() -> None:
    """A dripping answer is whole in the end."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("drip", args={"chunk_bytes": 50, "interval_seconds": 0.001}))
        assert (await client.meetings("/me")).json == sim.world.catalog.me


@pytest.mark.parametrize(
    ("kind", "args"),
    [("reset", {}), ("reset", {"where": "body"}), ("truncate", {})],
    ids=["reset", "mid-body", "truncate"],
)
async def test_cut_connections(kind: Any, args: dict[str, Any]) -> None:
    """Reset and truncate end in a client error, and the next request works."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault(kind, match="/events/", args=args))
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await client.meetings(f"/events/{next(iter(sim.world.documents('event')))}")
        assert (await client.meetings("/me")).status == 200


async def test_malformed_json_and_html() -> None:
    """200 may carry half a JSON document, or a page of HTML."""
    async with savvycal() as (sim, client):
        sim.world.faults += [Fault("malformed_json", times=1), Fault("html_200", times=1)]
        broken, page = [await client.meetings("/me") for _ in range(2)]
        assert (broken.status, page.status) == (200, 200)
        with pytest.raises(json.JSONDecodeError):
            _ = broken.json
        assert page.headers["content-type"].startswith("text/html")


async def test_empty_list() -> None:
    """A list reads empty and finished, though the world is not."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("empty_list"))
        events = (await client.meetings("/events", params=EVERYTHING)).json
        appointments = (await client.appointments("/appointments")).json
        assert events == {"entries": [], "metadata": {"before": None, "after": None, "limit": 100}}
        assert (appointments["data"], appointments["meta"]["total_count"]) == ([], 0)


async def test_stale() -> None:
    """A stale answer shows the version before the last change, alone and in lists."""
    async with savvycal(events=0) as (sim, client):
        event = sim.world.book_event()
        sim.world.cancel_event(event["id"])
        sim.world.faults.append(Fault("stale", times=2))
        assert (await client.meetings(f"/events/{event['id']}")).json == event
        assert (await client.meetings("/events", params=EVERYTHING)).json["entries"] == [event]
        assert (await client.meetings(f"/events/{event['id']}")).json["state"] == "canceled"


async def test_drop_page_rows() -> None:
    """Rows go missing from a page while its cursor and totals stay."""
    async with savvycal() as (sim, client):
        whole = await client.meetings("/events", params=EVERYTHING | {"limit": "10"})
        sim.world.faults.append(Fault("drop_page_rows", args={"count": 3}))
        short = await client.meetings("/events", params=EVERYTHING | {"limit": "10"})
        assert short.ids == whole.ids[3:]
        assert short.json["metadata"] == whole.json["metadata"]


async def test_redirect() -> None:
    """A redirect leads where it was told."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("redirect", args={"location": "https://example.test/login"}))
        answer = await client.meetings("/me")
        assert (answer.status, answer.headers["location"]) == (302, "https://example.test/login")


async def test_gzip_bomb() -> None:
    """A small compressed answer unfolds into the size asked for."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("gzip_bomb", args={"size_bytes": 3_000_000}))
        answer = await client.meetings("/events")
        assert len(answer.text) > 3_000_000 > 100 * int(answer.headers["content-length"])


async def test_same_cursor() -> None:
    """The cursor of the next page is the one just used, for ever; page numbers never end."""
    async with savvycal() as (sim, client):
        sim.world.faults.append(Fault("same_cursor"))
        params = EVERYTHING | {"limit": "5"}
        cursor = (await client.meetings("/events", params=params)).json["metadata"]["after"]
        again = (await client.meetings("/events", params=params | {"after": cursor})).json["metadata"]["after"]
        assert again == cursor
        assert (await client.appointments("/appointments")).json["meta"]["total_pages"] == 2


def test_a_fault_that_could_never_strike_is_refused() -> None:
    """Unknown kinds are an error that lists the known ones."""
    with pytest.raises(ValueError, match="drop_page_rows"):
        Fault("nonsense")  # type: ignore[arg-type]  # the point of the test
    assert len(FAULT_KINDS) == 14

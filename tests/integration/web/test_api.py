"""The HTTP API: requests with and without waiting, work, approvals, the timeline, and one form for every refusal."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.support.admin_side import BEARER, Answered, admin_routes, admin_side, ask
from tests.support.receiver import WebhookHarness
from worker import documents
from worker.core.kinds import KINDS, Product
from worker.store import accounts, timeline
from worker.store.accounts import Configured
from worker.web import tickets
from worker.web.api import PREFIX, description
from worker.web.payloads import KindName

DEAD = (
    "insert into savvycal._work (kind, key, due_at, priority, dead_lettered_at, reasons, last_error) "
    "values ('event', $1, now(), 1, now(), array['watch'], 'no answer')"
)


def an_event(it: WebhookHarness) -> str:
    """The id of an event at SavvyCal."""
    return next(iter(it.simulator.world.documents("event")))


async def test_a_resync_is_waited_for(database_url: str, redis_url: str) -> None:
    """The answer comes after the read: done with the version, then unchanged, and unknown for what does not exist."""
    async with admin_side(database_url, redis_url=redis_url) as it:
        event = it.simulator.world.book_event()["id"]
        first = await ask(it, "/resync", {"target": event, "wait_seconds": 20})
        assert (first.status, first.document["result"], first.document["version"]) == (200, "done", 1)
        again = await ask(it, "/resync", {"target": event, "wait_seconds": 20})
        assert (again.document["result"], again.document["scans"]) == ("unchanged", [])
        unknown = await ask(it, "/resync", {"target": "event_nowhere", "wait_seconds": 20})
        assert unknown.document["result"] == "unknown id"
        later = await ask(it, f"/tickets/{first.document['ticket']}")
        assert later.document == {name: first.document[name] for name in ("result", "version", "detail")}


async def test_a_ticket_stays_open_until_somebody_answers_it(database_url: str) -> None:
    """Without a worker the time is over; the ticket can be asked for later, and is answered by the next reconcile."""
    async with admin_side(database_url) as it:
        event = an_event(it)
        asked = await ask(it, "/resync", {"target": event, "wait_seconds": 0.2})
        assert asked.document["result"] == "timed out"
        path = f"/tickets/{asked.document['ticket']}"
        assert (await ask(it, path)).document == {"result": None, "version": None, "detail": None}
        await it.rows("update savvycal._work set last_error = 'no answer'")
        over = await ask(it, path, wait_seconds="0.1")
        assert over.document == {"result": "unreachable", "version": None, "detail": "no answer"}
        waiting = asyncio.create_task(ask(it, path, wait_seconds="20"))
        await it.work()
        assert (await waiting).document["result"] == "done"


async def test_waiting_requests_are_bounded_and_hold_no_connection(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more than there are places comes back later; those who wait keep nobody from Postgres; a place gets free."""
    monkeypatch.setattr(tickets, "WAITING_MAX", 12)
    async with admin_side(database_url) as it:
        ticket = (await ask(it, "/resync", {"target": an_event(it)})).document["ticket"]
        waiting = {asyncio.create_task(ask(it, f"/tickets/{ticket}", wait_seconds="20")) for _ in range(13)}
        (one_too_many,), waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert (one_too_many.result().status, one_too_many.result().headers["Retry-After"]) == (429, "5")
        assert (await ask(it, "/resync", {"target": "event_other", "wait_seconds": 1})).status == 429
        assert [row["key"] for row in await it.work_queue()] == [an_event(it)]

        async def holds_at_most_one_connection() -> bool:
            return it.db.pool_sizes()["open"] - it.db.pool_sizes()["idle"] <= 1

        await it.until(holds_at_most_one_connection)  # at first each has read its ticket
        await it.work()
        assert {answer.document["result"] for answer in await asyncio.gather(*waiting)} == {"done"}
        assert (await ask(it, f"/tickets/{ticket}", wait_seconds="1")).status == 200


async def test_who_hangs_up_leaves_the_place(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not wait any more takes no place from those who do."""
    monkeypatch.setattr(tickets, "WAITING_MAX", 1)
    monkeypatch.setattr(tickets, "GONE_SECONDS", 0.05)
    async with admin_side(database_url) as it:
        ticket = (await ask(it, "/resync", {"target": an_event(it)})).document["ticket"]
        waiting = {asyncio.create_task(ask(it, f"/tickets/{ticket}", wait_seconds="30")) for _ in range(2)}
        _refused, (still_waiting,) = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        still_waiting.cancel()

        async def is_free() -> bool:
            return (await ask(it, f"/tickets/{ticket}", wait_seconds="0.01")).status == 200

        await it.until(is_free)


async def test_ranges_and_all_are_requested_without_waiting(database_url: str) -> None:
    """Each product has a scan; links have no times, so a range holds none."""
    async with admin_side(database_url) as it:
        found = await ask(it, "/resync", {"target": "2026-01-01..2026-02-01"})
        assert found.document["scans"] == [{"product": p, "answer": "queued"} for p in ("meetings", "appointments")]
        found = await ask(it, "/resync", {"target": "2026-01-01..2026-02-01", "product": "meetings"})
        assert (found.document["ticket"], found.document["scans"]) == (
            None,
            [{"product": "meetings", "answer": "merged"}],
        )
        assert (await ask(it, "/resync", {"target": "all", "wait_seconds": 1})).document["field"] == "wait_seconds"


async def test_work_is_listed_retried_and_discarded(database_url: str) -> None:
    """The documents are those of the commands."""
    async with admin_side(database_url) as it:
        for name in ("event_a", "event_b", "event_c"):
            await it.rows(DEAD, name)
        (row, *_) = (await ask(it, "/work-items", reason="watch", limit="1")).document["work"]
        assert row.keys() == set(documents.WorkRow.__annotations__)
        assert (row["state"], row["last_error"]) == ("dead letter", "no answer")
        assert (await ask(it, "/work-items", kind="link")).document == {"work": []}
        assert (await ask(it, "/work-items/retry", {"name": "event_a"})).document == {"retried": 1}
        assert (await ask(it, "/work-items/discard", {"name": "event_b"})).document == {"discarded": 1}
        assert (await ask(it, "/work-items/discard", {})).document["field"] == "name"
        assert [row["key"] for row in await it.work_queue()] == ["event_a", "event_c"]


async def test_deletions_are_approved(database_url: str) -> None:
    """For an account that mirrors the product."""
    async with admin_side(database_url) as it:
        await it.scan()
        body = {"product": "meetings", "count": 30}
        approved = {"account": "default", "product": "meetings", "approved_deletions": 30}
        assert (await ask(it, "/approve-deletions", body)).document == approved
        stored = await it.rows("select distinct approved_deletions from savvycal.coverage where product = 'meetings'")
        assert [row["approved_deletions"] for row in stored] == [30]
        assert (await ask(it, "/approve-deletions", body | {"account": "nobody"})).status == 422


async def test_an_account_is_paused_and_resumed(database_url: str) -> None:
    """By its name, in the words of `accounts list`; meanwhile nothing of it is claimed."""
    async with admin_side(database_url) as it:
        async with it.db.connection() as connection:
            await accounts.report(connection, "one:1", [Configured("default", each) for each in Product])
        paused = await ask(it, "/accounts/pause", {"account": "default", "product": "meetings"})
        (row,) = paused.document["accounts"]
        assert (row["product"], row["state"], row["paused_by"]) == ("meetings", "paused", "the HTTP API")
        assert row == {each["product"]: each for each in (await ask(it, "/accounts")).document["accounts"]}["meetings"]
        await ask(it, "/resync", {"target": an_event(it)})
        await it.work()
        assert [row["key"] for row in await it.work_queue()] == [an_event(it)]
        resumed = await ask(it, "/accounts/resume", {"account": "default"})
        assert {row["state"] for row in resumed.document["accounts"]} == {"synced"}
        await it.work()
        assert await it.rows("select from savvycal.events where id = $1", an_event(it))
        assert (await ask(it, "/accounts/pause", {})).document["field"] == "account"
        assert (await ask(it, "/accounts/pause", {"account": "nobody"})).status == 422


async def test_status_and_timeline_are_those_of_the_commands(database_url: str) -> None:
    """One home for each document."""
    async with admin_side(database_url) as it:
        await it.scan()
        event = an_event(it)
        status = (await ask(it, "/status")).document
        assert list(status)[:2] == ["sentence", "problems"]
        found = await ask(it, "/timeline", id=event)
        async with it.db.connection() as connection:
            rows = await timeline.load(connection, "event", event, "default")
            newest = await timeline.load(connection, "event", event, "default", 2)
            assert await timeline.load(connection, "event", event, "nobody") == []
        assert found.document == json.loads(documents.to_json(documents.timeline(rows)))
        assert newest == rows[-2:]
        assert (await ask(it, "/timeline", id="event_nowhere")).status == 404
        assert (await ask(it, "/timeline", id="nothing")).document["field"] == "id"


REFUSED: list[tuple[str, Any, str | None]] = [
    ("/resync", {}, "target"),
    ("/resync", {"target": "event_1", "wait_seconds": 31}, "wait_seconds"),
    ("/resync", {"target": "event_1", "wait_seconds": "5"}, "wait_seconds"),
    ("/resync", {"target": "event_1", "product": "canary"}, "product"),
    ("/resync", {"target": "canary canary"}, "target"),
    ("/resync", {"target": "appt_1", "product": "meetings"}, "target"),
    ("/resync", {"target": "2026-02-01..2026-01-01"}, "target"),
    ("/resync", {"target": "all", "account": "canary/canary"}, "account"),
    ("/resync", {"target": "all", "canary": 1}, None),
    ("/resync", b'{"target": "canary', None),
    ("/resync", b"[1]", None),
    ("/resync", b"\xff", None),
    ("/approve-deletions", {"product": "meetings", "count": -1}, "count"),
    ("/approve-deletions", {"product": "meetings", "count": True}, "count"),
    ("/work-items/retry", {"name": "canary\x00"}, "name"),
    ("/work-items/retry", {"reason": "canary'; --"}, "reason"),
]


async def test_a_wrong_payload_names_its_field_and_repeats_nothing(database_url: str) -> None:
    """400 with the field, and without what was sent; nothing is requested."""
    async with admin_side(database_url) as it:
        for path, body, field in REFUSED:
            refused = await ask(it, path, body)
            assert (refused.status, refused.document.get("field")) == (400, field), body
            assert "canary" not in json.dumps(refused.document)
        for query in ({"limit": "0"}, {"limit": "x"}, {"kind": "canary"}, {"account": ""}):
            refused = await ask(it, "/work-items", None, None, **query)
            assert (refused.status, [refused.document["field"]]) == (400, list(query))
        assert (await ask(it, "/work-items", canary="1")).status == 400
        assert (await ask(it, "/work-items?limit=1&limit=2")).status == 400
        assert await it.work_queue() == await it.rows("select * from savvycal._scans") == []


async def test_every_refusal_has_one_form(database_url: str) -> None:
    """RFC 9457 for each status, also where there is no route."""
    async with admin_side(database_url) as it:
        body = {"target": "event_1"}
        refusals = [
            (400, await ask(it, "/resync", {})),
            (401, await ask(it, "/status", headers={})),
            (401, await ask(it, "/nowhere", headers={})),
            (403, await ask(it, "/resync", body, BEARER | {"Origin": "https://evil.example"})),
            (404, await ask(it, "/nowhere")),
            (404, await ask(it, "/tickets/none")),
            (405, await ask(it, "/resync")),
            (413, await ask(it, "/resync", {"target": "x" * 20_000})),
            (415, await ask(it, "/resync", body, BEARER | {"Content-Type": "text/plain"})),
            (415, await ask(it, "/resync", body, BEARER | {"Content-Encoding": "gzip"})),
            (422, await ask(it, "/resync", body | {"account": "nobody"})),
        ]
        await it.db.close()
        refusals.append((503, await ask(it, "/work-items")))
        for status, refused in refusals:
            assert_form(status, refused)
        assert refusals[-1][1].headers["Retry-After"]


def assert_form(status: int, refused: Answered) -> None:
    """A problem document of its status."""
    assert (refused.status, refused.document["status"]) == (status, status), refused
    assert refused.headers["Content-Type"].partition(";")[0] == "application/problem+json"
    assert refused.document.keys() - {"field"} == {"title", "status", "detail"}
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


async def test_too_many_pending_requests_of_an_account_come_back_later(database_url: str) -> None:
    """The bound is that of the work queue."""
    async with admin_side(database_url) as it:
        await it.rows(
            "insert into savvycal._work (kind, key, due_at, priority, reasons) "
            "select 'event', 'event_' || n, now(), 1, array['resync'] from generate_series(1, 5000) n"
        )
        refused = await ask(it, "/resync", {"target": "event_new"})
        assert (refused.status, refused.headers["Retry-After"]) == (429, "60")


async def test_writing_needs_the_token_as_a_bearer(database_url: str) -> None:
    """A browser sends the password of its dialog by itself, so that one does not write; without a token nobody does."""
    basic = {"Authorization": "Basic YW55Ym9keTphZG1pbl9jYW5hcnlfb2ZfdGhlX3Rlc3Rz"}
    async with admin_side(database_url) as it:
        assert (await ask(it, "/status", headers=basic)).status == 200
        for path, body in (("/resync", {"target": "event_1"}), ("/work-items/discard", {"name": "event_1"})):
            assert (await ask(it, path, body, basic)).status == 403
        assert await it.work_queue() == []
    async with admin_side(database_url, token=None) as it:
        assert (await ask(it, "/status", headers={})).status == 200
        assert (await ask(it, "/resync", {"target": "event_1"}, {})).status == 403
        assert (await ask(it, "/resync", {"target": "event_1"})).status == 403


async def test_the_description_is_valid_and_complete(database_url: str) -> None:
    """Every route is described, nothing else is, and the file in docs is what the program serves."""
    described = json.loads(description())
    validate(described)
    named = {(method.upper(), path) for path, item in described["paths"].items() for method in item}
    async with admin_side(database_url) as it:
        routed = {(method, path) for method, path in admin_routes(it) if path.startswith("/api/")}
        served = await ask(it, "/openapi.json")
    assert routed == named | {("GET", f"{PREFIX}/openapi.json")}
    stored = Path(__file__).parents[3] / "docs" / "openapi.json"
    assert json.loads(stored.read_text("utf-8")) == served.document, "run `make docs`"


def test_kinds_of_payloads_are_those_of_the_registry() -> None:
    """A new kind is accepted here, too."""
    assert set(KindName.__args__) == {kind.value for kind in KINDS}  # type: ignore[attr-defined]  # of a Literal

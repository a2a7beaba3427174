"""An account is learned: what SavvyCal takes and shows there, and what the mirror does about it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.support.harness import Harness, running_harness
from worker.core.model import Kind, Product
from worker.core.windows import FAR, Bounds
from worker.errors import Refused
from worker.simulator import Fault
from worker.store.scans import WindowKey
from worker.sync import learn, loop, schedule
from worker.sync.learned import FROM_THE_TOP_SECONDS, Learned


async def _facts(harness: Harness) -> dict[str, str]:
    return {row["fact"]: row["value"] for row in await harness.rows("select fact, value from savvycal.account_facts")}


async def _settle(harness: Harness) -> None:
    """All that is due by id now, again and again until nothing is."""
    soon = "due_at <= clock_timestamp() + interval '40 s' and 'meeting' = any (reasons)"
    while await harness.value(f"select count(*) from savvycal._work where {soon}"):
        await harness.execute(f"update savvycal._work set due_at = clock_timestamp() where {soon}")
        await loop.work(harness.context)


async def _meetings(harness: Harness) -> dict[str, str]:
    rows = await harness.rows(
        "select appointment_id, status from savvycal.meetings where is_current and appointment_id > ''"
    )
    return {row["appointment_id"]: row["status"] for row in rows}


def _true_meetings(harness: Harness) -> dict[str, str]:
    documents = harness.world.documents("appointment")
    return {key: one["meeting"]["status"] for key, one in documents.items() if one.get("meeting")}


async def test_lists_without_meetings_neither_add_nor_remove_any(mirrored_url: str) -> None:
    """They are read by id once; after that sixty scans change nothing, and cost nothing but their pages."""
    async with running_harness(mirrored_url, appointments=24, events=0, list_embeds_meeting=False) as harness:
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        assert (await _facts(harness))["lists_embed_meeting"] == "no"
        assert await _meetings(harness) == _true_meetings(harness)
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        versions = await harness.value("select count(*) from savvycal.snapshots")
        asked, secrets = len(harness.world.requests), await harness.value("select count(*) from savvycal.transitions")
        for _ in range(20):
            await harness.scan(Product.APPOINTMENTS)
            await _settle(harness)
        assert await harness.value("select count(*) from savvycal.snapshots") == versions
        assert await harness.value("select count(*) from savvycal.transitions") == secrets
        assert len(harness.world.requests) - asked == 20
        assert await _meetings(harness) == _true_meetings(harness)


@pytest.mark.parametrize("is_null", [False, True])
async def test_sixty_scans_cost_their_pages_and_one_read_for_each_change(mirrored_url: str, is_null: bool) -> None:
    """With something real happening now and then: exactly one version for each, and nothing else."""
    options: dict[str, Any] = {"list_embeds_meeting": False, "list_meeting_null": is_null, "page_size_max": 10}
    async with running_harness(mirrored_url, appointments=25, events=0, **options) as harness:
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        ahead = [i for i, one in harness.world.documents("appointment").items() if one["status"] == "scheduled"]
        versions = await harness.value("select count(*) from savvycal.snapshots")
        before, changes = len(harness.world.requests), 0
        for scan in range(60):
            if scan % 10 == 3:
                harness.world.put_appointment(
                    harness.world.document("appointment", ahead[changes]) | {"title": f"{scan}"}
                )
                changes += 1
            await harness.scan(Product.APPOINTMENTS)
            await _settle(harness)
        assert await harness.value("select count(*) from savvycal.snapshots") - versions == changes
        requests = list(harness.world.requests)[before:]
        by_id = [request for request in requests if "/appointments/appt_" in request.path]
        assert len(by_id) == changes
        assert len(requests) - len(by_id) <= 1.3 * 3 * (60 + changes)  # an iteration that found changes is repeated
        assert await _meetings(harness) == _true_meetings(harness)


async def test_a_meeting_that_is_made_between_a_list_and_a_read_is_no_proof(mirrored_url: str) -> None:
    """The list said that there was none, and that was so. Two such appointments are one too many for chance."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        ids = [harness.world.book_appointment(meeting_status="pending")["id"] for _ in range(3)]
        full = {one: harness.world.document("appointment", one) for one in ids}
        for one in ids:
            harness.world.put_appointment(full[one] | {"meeting": None})
        await harness.scan(Product.APPOINTMENTS)
        for number, one in enumerate(ids[:2]):
            harness.world.put_appointment(full[one])
            await harness.reconcile(Kind.APPOINTMENT, one)
            assert (await _facts(harness)).get("lists_embed_meeting") == (None, "no")[number]
        assert await harness.value("select count(*) from savvycal._work where reasons = '{meeting}'") == 1
        await harness.scan(Product.APPOINTMENTS)
        assert (await _facts(harness))["lists_embed_meeting"] == "yes"
        assert await harness.value("select count(*) from savvycal._work where reasons = '{meeting}'") == 0


async def test_a_new_and_a_changed_appointment_are_read_by_id_where_lists_lack_meetings(mirrored_url: str) -> None:
    """Each once, and the meeting of the changed one stays what it was until then."""
    async with running_harness(mirrored_url, appointments=6, events=0, list_embeds_meeting=False) as harness:
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        await harness.scan(Product.APPOINTMENTS)
        new = harness.world.book_appointment(meeting_status="created")["id"]
        harness.world.reschedule_appointment(new)
        await harness.scan(Product.APPOINTMENTS)
        assert new not in await _meetings(harness)
        before = len(harness.world.requests)
        await _settle(harness)
        assert new in await _meetings(harness)
        assert sum(request.path.endswith(new) for request in list(harness.world.requests)[before:]) >= 1


async def test_a_changed_appointment_whose_meeting_is_watched_is_read_at_once(mirrored_url: str) -> None:
    """What is planned for later comes sooner: the change that a list shows may have moved the meeting, too."""
    async with running_harness(mirrored_url, appointments=0, events=0, list_embeds_meeting=False) as harness:
        one = harness.world.book_appointment(meeting_status="pending")["id"]
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        assert await harness.value("select reasons from savvycal._work where key = $1", one) == ["watch"]
        harness.world.cancel_appointment(one, None, "ill", "client")
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        assert await _meetings(harness) == _true_meetings(harness)


async def test_a_list_that_shows_meetings_costs_no_extra_read(harness: Harness) -> None:
    """As documented by nobody, but assumed: nothing is asked by id to find out."""
    await harness.scan(Product.APPOINTMENTS)
    assert (await _facts(harness))["lists_embed_meeting"] == "yes"
    assert await harness.value("select count(*) from savvycal._work where 'meeting' = any (reasons)") == 0


async def test_a_finding_that_changes_is_logged_once_and_stands_in_drift(mirrored_url: str) -> None:
    """Lists began to show meetings: the normal way returns."""
    async with running_harness(mirrored_url, appointments=12, events=0, list_embeds_meeting=False) as harness:
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        object.__setattr__(harness.world.options, "list_embeds_meeting", True)
        harness.world.reschedule_appointment(harness.world.book_appointment(meeting_status="created")["id"])
        await harness.scan(Product.APPOINTMENTS)
        assert (await _facts(harness))["lists_embed_meeting"] == "yes"
        assert await harness.value("select name from savvycal.drift where what = 'finding that changed'") == (
            "lists_embed_meeting: no -> yes"
        )


TAKES: dict[int | None, dict[str, Any]] = {
    None: {"page_size_taken": False},
    **{size: {"page_size_max": size, "limit_max": size, "limit_out_of_range": "reject"} for size in (20, 25, 50, 100)},
}


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    ("largest", "order", "forms"),
    [
        (50, "any", {"page_size=50 order=brackets"}),
        (20, "any", {"page_size=20 order=brackets"}),
        (None, "any", {"page_size=none order=brackets"}),
        (100, "bare", {"page_size=100 order=bare"}),
        (100, "none", {"page_size=100 order=none"}),
        (25, "none", {"page_size=25 order=none"}),
        (None, "none", {"page_size=none order=none"}),
    ],
)
async def test_refused_parameters_are_said_otherwise(
    mirrored_url: str, largest: int | None, order: str, forms: set[str], status: int
) -> None:
    """Everything arrives, the way is remembered, and the next scans waste no request."""
    taken = TAKES[largest] | {"order_taken": order, "limit_reject_status": status}
    async with running_harness(mirrored_url, appointments=60, events=60, **taken) as harness:
        await harness.scan()
        rows = await harness.rows("select value from savvycal.account_facts where fact = 'list_form'")
        assert {row["value"] for row in rows} == forms
        for kind in ("event", "appointment"):
            stored = {row["id"] for row in await harness.rows(f"select id from savvycal.{kind}s")}
            assert stored == set(harness.world.documents(kind))
        before = len(harness.world.requests)
        await harness.scan()
        assert {request.status for request in list(harness.world.requests)[before:]} == {200}


async def test_a_far_until_that_is_refused_is_left_out(mirrored_url: str) -> None:
    """The range without an end is asked for without `until`; ranges with an end keep it."""
    async with running_harness(mirrored_url, appointments=0, events=60, far_until="reject") as harness:
        endpoint = harness.context.accounts["default"][Product.MEETINGS]
        page = await endpoint.fetch_page(Bounds(date(2020, 1, 1), FAR), None)
        assert page.records
        assert endpoint.learned.form.until == "open"
        await endpoint.fetch_page(Bounds(date(2020, 1, 1), date(2030, 1, 1)), None)
        assert "until=2030-01-01" in list(harness.world.requests)[-1].query


def _refuse(harness: Harness, match: str, status: int = 422) -> None:
    harness.world.faults[:] = [Fault(kind="status", match=match, args={"status": status})]


async def test_a_range_of_days_that_is_refused_is_read_with_everything_else(mirrored_url: str) -> None:
    """`period=fixed` is not in the legacy documentation."""
    async with running_harness(mirrored_url, appointments=0, events=40) as harness:
        _refuse(harness, "period=fixed")
        near = WindowKey("default", Product.MEETINGS, "near")
        await schedule.run(harness.context)
        await harness.drain(near)
        assert (await _facts(harness))["list_form"] == "page_size=100 order=brackets period=all"
        assert await harness.value("select count(*) from savvycal.events") == 40
        before = len(harness.world.requests)
        await harness.execute("update savvycal.coverage set next_due_at = clock_timestamp()")
        await schedule.run(harness.context)
        await harness.drain(near)
        assert len(harness.world.requests) - before == 1


@pytest.mark.parametrize("status", [400, 422])
async def test_sensitive_fields_that_are_refused_are_not_asked_for(mirrored_url: str, status: int) -> None:
    """In lists, and by id; both show the same, so that nothing changes back and forth."""
    async with running_harness(mirrored_url, appointments=12, events=0) as harness:
        _refuse(harness, "include_sensitive", status)
        await harness.scan(Product.APPOINTMENTS)
        assert (await _facts(harness))["list_form"].endswith("include_sensitive=none")
        assert await harness.value("select count(*) from savvycal.appointments") == 12
        for object_id in list(harness.world.documents("appointment"))[:3]:
            await harness.reconcile(Kind.APPOINTMENT, object_id)
        await harness.scan(Product.APPOINTMENTS)
        assert await harness.value("select max(version) from savvycal.appointments") == 1


async def test_sensitive_fields_that_are_refused_by_id_only_are_left_out_of_lists(mirrored_url: str) -> None:
    """Else each would undo what the other brought. Once a day they are tried again, by id first."""
    async with running_harness(mirrored_url, appointments=12, events=0) as harness:
        one, *others = list(harness.world.documents("appointment"))
        _refuse(harness, "/appointments/appt_.*include_sensitive")
        await harness.reconcile(Kind.APPOINTMENT, one)
        await harness.scan(Product.APPOINTMENTS)
        found = await _facts(harness)
        assert found["include_sensitive_by_id"] == "refused"
        assert found["list_form"].endswith("include_sensitive=none")
        before = len(harness.world.requests)
        for object_id in others[:3]:
            await harness.reconcile(Kind.APPOINTMENT, object_id)
        await harness.scan(Product.APPOINTMENTS)
        assert {request.status for request in list(harness.world.requests)[before:]} == {200}
        assert await harness.value("select max(version) from savvycal.appointments") == 1
        assert await harness.value("select count(client_email) from savvycal.appointments") == 0
        learned = harness.context.accounts["default"][Product.APPOINTMENTS].learned
        learned.topped_at -= FROM_THE_TOP_SECONDS
        await harness.scan(Product.APPOINTMENTS)
        assert await harness.value("select count(client_email) from savvycal.appointments") == 0

        harness.world.faults.clear()
        learned.single_topped_at -= FROM_THE_TOP_SECONDS
        learned.topped_at -= FROM_THE_TOP_SECONDS
        await harness.reconcile(Kind.APPOINTMENT, one)
        await harness.scan(Product.APPOINTMENTS)
        assert (await _facts(harness))["include_sensitive_by_id"] == "taken"
        assert await harness.value("select count(client_email) from savvycal.appointments") == 12


async def test_a_list_that_is_refused_in_any_form_is_asked_for_once_each_time(mirrored_url: str) -> None:
    """It is not the parameters, then: one search, and no other for a while. The circuit stays closed."""
    async with running_harness(mirrored_url, appointments=12, events=0) as harness:
        _refuse(harness, "/appointments")
        endpoint = harness.context.accounts["default"][Product.APPOINTMENTS]
        for expected in (5, 1, 1):
            before = len(harness.world.requests)
            with pytest.raises(Refused):
                await endpoint.fetch_page(Bounds(None, None), None)
            assert len(harness.world.requests) - before == expected
        assert not endpoint.client.circuit.is_open


async def test_a_refused_way_is_tried_again_once_a_day(mirrored_url: str) -> None:
    """SavvyCal may take it meanwhile; until then not a single request asks for it."""
    async with running_harness(mirrored_url, appointments=60, events=0, **TAKES[50]) as harness:
        await harness.scan(Product.APPOINTMENTS)
        object.__setattr__(harness.world.options, "page_size_max", 100)
        learned = harness.context.accounts["default"][Product.APPOINTMENTS].learned
        await harness.scan(Product.APPOINTMENTS)
        assert learned.form.page_size == 50
        learned.topped_at -= FROM_THE_TOP_SECONDS
        await harness.scan(Product.APPOINTMENTS)
        assert (await _facts(harness))["list_form"] == "page_size=100 order=brackets"


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ({}, ("as asked", "100")),
        ({"order_honoured": False}, ("the other way round", "100")),
        ({"page_size_max": 10}, ("as asked", "10")),
    ],
)
async def test_what_a_first_page_shows(mirrored_url: str, switches: dict[str, Any], expected: tuple[str, str]) -> None:
    """The order it is in, and how many records SavvyCal grants."""
    async with running_harness(mirrored_url, appointments=30, events=0, **switches) as harness:
        await harness.scan(Product.APPOINTMENTS)
        found = await _facts(harness)
        assert (found["list_order"], found["page_size_granted"]) == expected


async def test_an_error_that_is_not_about_parameters_climbs_no_ladder(harness: Harness) -> None:
    """401, 404, 429 and 5xx are what they are."""
    for status in (401, 403, 404, 429, 500):
        harness.world.faults[:] = [Fault(kind="status", match="/appointments", args={"status": status})]
        before = len(harness.world.requests)
        endpoint = harness.context.accounts["default"][Product.APPOINTMENTS]
        endpoint.client._rate_limits._by_token.clear()
        with pytest.raises(Exception, match=str(status)):
            await endpoint.fetch_page(Bounds(None, None), None)
        assert len(harness.world.requests) == before + 1
        endpoint.client.circuit.note(None)


PHONE = {"type": "phone_call", "join_url": None, "meeting_id": None, "instructions": "We call you"}
LONG_AGO = "2025-01-02T03:04:05Z"


def _book(harness: Harness, conferencing: dict[str, Any], created_at: str | None = LONG_AGO) -> str:
    """A confirmed event in some hours, with that conferencing; booked just now when there is no other time."""
    start_at = (datetime.now(UTC) + timedelta(hours=5)).replace(microsecond=0).isoformat()
    booked = {"created_at": created_at} if created_at else {}
    event: str = harness.world.book_event(start_at=start_at, conferencing=conferencing, **booked)["id"]
    return event


def _put(harness: Harness, event: str, conferencing: dict[str, Any]) -> None:
    harness.world.put("event", harness.world.document("event", event) | {"conferencing": conferencing})


async def _advance_minutes(harness: Harness, minutes: int) -> int:
    """All that is planned for that time is done; how many requests by id it took."""
    before = len(harness.world.requests)
    for _ in range(minutes):
        await harness.execute("update savvycal._work set due_at = due_at - interval '1 minute' where job = 'object'")
        await loop.work(harness.context)
    return len(harness.world.requests) - before


async def test_a_conferencing_type_without_links_is_settled_after_a_few_reads(mirrored_url: str) -> None:
    """A hundred of them within a day cost a handful of reads, and nobody watches for a link that never comes."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        for _ in range(100):
            _book(harness, PHONE)
        await harness.scan(Product.MEETINGS)
        assert await _advance_minutes(harness, 60) <= 8
        assert (await _facts(harness))["conferencing:phone_call"] == "without a link"
        assert await harness.value("select count(*) from savvycal.meetings where status = 'skipped'") == 100
        assert await harness.value("select count(*) from savvycal.transitions where to_status = 'skipped'") == 100
        assert await harness.value("select count(*) from savvycal._work where job = 'object'") == 0
        assert await harness.value("select max(version) from savvycal.events") == 1
        new = _book(harness, PHONE)
        await harness.scan(Product.MEETINGS)
        assert await harness.value("select status from savvycal.meetings where id = $1", new) == "skipped"
        assert await _advance_minutes(harness, 10) == 0


async def test_settling_a_type_leaves_deleted_events_as_they_are(mirrored_url: str) -> None:
    """Their deletion stays the last line about them; the others are in the feed at once."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        deleted, other = _book(harness, PHONE), _book(harness, PHONE)
        await harness.scan(Product.MEETINGS)
        harness.world.delete("event", deleted)
        await harness.reconcile(Kind.EVENT, deleted)
        await harness.advance_a_minute()
        await harness.work_as_if_due()
        endpoint = harness.context.accounts["default"][Product.MEETINGS]
        endpoint.learned.unsaved = {"conferencing:phone_call": ("without a link", "get")}
        await learn.save(harness.db, "default", Product.MEETINGS, endpoint.learned)
        feed = await harness.rows("select id, version, change from savvycal.changes_since()")
        assert [(row["version"], row["change"]) for row in feed if row["id"] == deleted] == [
            (1, "created"),
            (2, "deleted"),
        ]
        assert [row["change"] for row in feed if row["id"] == other] == ["created", "updated"]
        assert await harness.value("select status from savvycal.meetings where id = $1", deleted) == "pending"


async def test_the_first_link_of_a_type_takes_the_finding_back(mirrored_url: str) -> None:
    """All that was settled waits again, and is watched again."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        ids = [_book(harness, PHONE) for _ in range(12)]
        await harness.scan(Product.MEETINGS)
        await _advance_minutes(harness, 5)
        assert await harness.value("select count(*) from savvycal.meetings where status = 'skipped'") == 12
        _put(harness, ids[0], PHONE | {"join_url": "https://x.test/1"})
        await harness.scan(Product.MEETINGS)
        assert (await _facts(harness))["conferencing:phone_call"] == "joinable"
        assert await harness.value("select status from savvycal.meetings where id = $1", ids[0]) == "created"
        assert await harness.value("select count(*) from savvycal.meetings where status = 'pending'") == 11
        watched = {
            row["key"] for row in await harness.rows("select key from savvycal._work where 'watch' = any (reasons)")
        }
        assert watched >= set(ids[1:])
        _put(harness, ids[1], PHONE | {"join_url": "https://x.test/2"})
        await _advance_minutes(harness, 2)
        assert await harness.value("select status from savvycal.meetings where id = $1", ids[1]) == "created"


async def test_events_that_were_just_booked_settle_nothing(mirrored_url: str) -> None:
    """A link may come some minutes late, whatever the type; a few of the events are watched meanwhile."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        meet = PHONE | {"type": "google_meet"}
        ids = [_book(harness, meet, created_at=None) for _ in range(30)]
        await harness.scan(Product.MEETINGS)
        assert await _advance_minutes(harness, 5) <= 3 * 5
        assert "conferencing:google_meet" not in await _facts(harness)
        for number, one in enumerate(ids):
            _put(harness, one, meet | {"join_url": f"https://x.test/{number}"})
        await harness.scan(Product.MEETINGS)
        assert (await _facts(harness))["conferencing:google_meet"] == "joinable"
        assert await harness.value("select count(*) from savvycal.meetings where status = 'created'") == 30


async def test_a_word_for_none_that_once_has_a_link_moves_no_other_event(mirrored_url: str) -> None:
    """`none` needs no finding, and gets none."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        none = PHONE | {"type": "none"}
        _book(harness, none)
        _book(harness, none | {"join_url": "https://x.test/1"})
        await harness.scan(Product.MEETINGS)
        assert not [name for name in await _facts(harness) if name.startswith("conferencing:")]
        assert await harness.value("select count(*) from savvycal.meetings where status = 'skipped'") == 1


async def test_zoom_is_never_settled(mirrored_url: str) -> None:
    """Its link is attached later, as the documentation says."""
    async with running_harness(mirrored_url, appointments=0, events=0) as harness:
        zoom = {"type": "zoom", "join_url": None, "meeting_id": None, "instructions": None}
        for _ in range(8):
            one = harness.world.book_event(state="confirmed")["id"]
            harness.world.put("event", harness.world.document("event", one) | {"conferencing": zoom})
        await harness.scan(Product.MEETINGS)
        for _ in range(3):
            await harness.work_as_if_due()
        assert await harness.value("select count(*) from savvycal.meetings where status = 'pending'") == 8


async def test_findings_survive_a_restart(mirrored_url: str) -> None:
    """Another process begins with what the first one found."""
    async with running_harness(mirrored_url, appointments=12, events=0, list_embeds_meeting=False) as harness:
        await harness.scan(Product.APPOINTMENTS)
        await _settle(harness)
        endpoint = harness.context.accounts["default"][Product.APPOINTMENTS]
        fresh = Learned()
        fresh.begin(endpoint.source.ladder)
        await learn.refresh(harness.db, "default", Product.APPOINTMENTS, fresh)
        assert fresh.must_ask_for_meetings
        assert fresh.loaded_at > 0


@pytest.mark.parametrize("first", ["list", "single"])
async def test_include_sensitive_that_is_refused_is_left_out(mirrored_url: str, first: str) -> None:
    """In lists and by id, whichever comes first; everything else of an appointment arrives."""
    async with running_harness(mirrored_url, appointments=6, events=0, include_sensitive_taken=False) as harness:
        one = min(harness.world.documents("appointment"))
        if first == "single":
            await harness.reconcile(Kind.APPOINTMENT, one)
            assert [row["id"] for row in await harness.rows("select id from savvycal.appointments")] == [one]
            before = len(harness.world.requests)
            await harness.reconcile(Kind.APPOINTMENT, one)
            assert [request.status for request in list(harness.world.requests)[before:]] == [200]
        await harness.scan(Product.APPOINTMENTS)
        assert await harness.value("select count(*) from savvycal.appointments where client_email is null") == 6
        assert (await _facts(harness))["list_form"] == "page_size=100 order=brackets include_sensitive=none"
        before = len(harness.world.requests)
        await harness.reconcile(Kind.APPOINTMENT, one)
        await harness.scan(Product.APPOINTMENTS)
        assert {request.status for request in list(harness.world.requests)[before:]} == {200}


@pytest.mark.parametrize(
    "options", [{"period_fixed": "refused"}, {"far_until": "reject", "from_without_until": "reject"}]
)
async def test_a_range_that_cannot_be_asked_for_is_read_from_the_whole_list(
    mirrored_url: str, options: dict[str, Any]
) -> None:
    """Its scan completes, and deletes nothing beside the range."""
    async with running_harness(mirrored_url, appointments=0, events=60, **options) as harness:
        endpoint = harness.context.accounts["default"][Product.MEETINGS]
        page = await endpoint.fetch_page(Bounds(date(2020, 1, 1), FAR), None)
        assert len(page.records) == 60
        assert endpoint.learned.form.period == "all"

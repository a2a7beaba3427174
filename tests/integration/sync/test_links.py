"""Booking links: a kind without times and lifecycle is mirrored as every other kind is."""

import json
from typing import Any

import pytest

from tests.support.harness import Harness, running_harness
from tests.support.scanning import run_scan
from tests.support.vaulted import KEYRING, KEYS
from worker.core.model import Kind, Product
from worker.core.windows import Bounds
from worker.errors import ResyncRejected, StoreError
from worker.savvycal.api import Privacy
from worker.simulator import Fault
from worker.store.scans import WindowKey
from worker.sync import audit, loop, requests
from worker.sync.erase import erase

LINKS = Product.LINKS


async def _links(harness: Harness) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in await harness.rows("select * from savvycal.links")}


def _edit(harness: Harness, link_id: str, **fields: Any) -> None:
    harness.world.put("link", harness.world.document("link", link_id) | fields)


def _asked(harness: Harness) -> list[str]:
    return [f"{one.path.rpartition('/v1')[2]}?{one.query}" for one in harness.world.requests if "/links" in one.path]


async def test_active_and_disabled_links_are_listed_one_state_after_the_other(harness: Harness) -> None:
    """Every documented field has a column, and the window that holds everything vouches for all."""
    await harness.scan(LINKS)
    truth, stored = harness.world.documents("link"), await _links(harness)
    assert len(truth) == 6
    assert {one["state"] for one in truth.values()} == {"active", "disabled"}
    fields = ("id", "name", "private_name", "slug", "description", "type", "state")
    assert {i: {name: row[name] for name in fields} for i, row in stored.items()} == truth
    (window,) = await harness.rows("select * from savvycal.coverage where product = 'links'")
    assert (window["window_name"], window["row_count"], window["complete_as_of"] is not None) == ("all", 6, True)
    assert set(_asked(harness)) == {"/links?state=active&limit=100", "/links?state=disabled&limit=100"}


async def test_small_pages_of_each_state_are_followed_to_their_end(mirrored_url: str) -> None:
    """Cursors of both states go on where they stand."""
    async with running_harness(mirrored_url, page_size_taken=True, limit_max=2) as harness:
        for number in range(5):
            harness.world.put("link", {"id": f"link_off{number}", "state": "disabled"})
        await harness.scan(LINKS)
        assert (await _links(harness)).keys() == harness.world.documents("link").keys()


async def test_a_link_has_versions_and_a_feed_and_no_transitions(harness: Harness) -> None:
    """Switched off, it is updated; gone, it is a tombstone; there again, it is restored."""
    await harness.scan(LINKS)
    link = next(iter(harness.world.documents("link")))
    before = harness.world.document("link", link)
    _edit(harness, link, state="disabled")
    await harness.scan(LINKS)
    harness.world.delete("link", link)
    await harness.scan(LINKS)
    await harness.work_as_if_due()
    await harness.advance_a_minute()
    await harness.execute("update savvycal.links set changed_at = changed_at - interval '2 minutes'")
    await harness.work_as_if_due()
    assert await harness.value("select deleted_reason from savvycal.links where id = $1", link)
    harness.world.put("link", before)
    await harness.reconcile(Kind.LINK, link)
    feed = await harness.rows("select change, version from savvycal.changes where kind = 'link' and id = $1", link)
    assert [row["change"] for row in feed] == ["created", "updated", "deleted", "restored"]
    fields = await harness.value("select changed_fields from savvycal.snapshots where id = $1 and version = 2", link)
    assert fields == ["state"]
    assert await harness.value("select count(*) from savvycal.transitions where kind = 'link'") == 0
    body = await harness.value("select body from savvycal.link_bodies where id = $1", link)
    assert json.loads(body) == before


async def test_an_unchanged_link_writes_nothing(harness: Harness) -> None:
    """The next scan finds everything as it is stored."""
    await harness.scan(LINKS)
    await harness.scan(LINKS)
    assert await harness.value("select max(version) from savvycal.links") == 1
    run = await harness.rows("select rows_written, rows_unchanged from savvycal.runs order by id desc limit 1")
    assert run == [{"rows_written": 0, "rows_unchanged": 6}]


async def test_events_join_their_link(harness: Harness) -> None:
    """`events.link_id` is the id of a link."""
    await harness.scan()
    await harness.scan(LINKS)
    joined = await harness.value(
        "select count(*) from savvycal.events e join savvycal.links l on (l.account, l.id) = (e.account, e.link_id)"
    )
    assert joined == 30


async def test_an_unreadable_link_waits_in_quarantine_and_an_unknown_field_is_drift(harness: Harness) -> None:
    """One bad record stops nothing but itself, and new fields are kept."""
    harness.world.put("link", {"id": "link_bad", "state": "active"})
    harness.world.put_raw("link", "link_bad", b'{"id": "link_bad", "state": "active", "name": 7}')
    first = next(iter(harness.world.documents("link")))
    _edit(harness, first, durations=[15, 30])
    await harness.scan(LINKS)
    stored = await _links(harness)
    assert len(stored) == 6
    assert json.loads(stored[first]["extra"]) == {"durations": [15, 30]}
    assert await harness.rows("select kind, id from savvycal.quarantine") == [{"kind": "link", "id": "link_bad"}]
    drift = await harness.rows("select what, name, objects from savvycal.drift where kind = 'link'")
    assert drift == [{"what": "unknown field", "name": "durations", "objects": 1}]


async def test_a_page_that_cannot_be_read_leaves_the_rest_unjudged(harness: Harness) -> None:
    """Without times the end of the unreadable part is unknown: nothing counts as missing, and coverage names it."""
    await harness.scan(LINKS)
    bad = next(iter(harness.world.documents("link")))
    harness.world.faults.append(Fault(kind="poison", match=r"/links\?", args={"ids": [bad]}))
    await requests.resync_all(harness.context, LINKS, "default")
    for _ in range(20):
        harness.context.accounts["default"][LINKS].client.circuit._open_until = 0
        await harness.execute("update savvycal._work set due_at = clock_timestamp() where job = 'scan'")
        await run_scan(harness.context, WindowKey("default", LINKS, "all"))
        if not await harness.value("select count(*) from savvycal._scans where product = 'links'"):
            break
    run = await harness.rows("select result from savvycal.runs where product = 'links' order by id desc limit 1")
    assert run == [{"result": "partial"}]
    assert await harness.value("select missing is not null from savvycal.coverage where product = 'links'")
    assert await harness.value("select savvycal.is_current('link', null, null)") is False
    harness.world.faults.clear()
    await harness.work_as_if_due()
    assert await harness.value("select count(*) from savvycal.links where deleted_at is not null") == 0


async def test_a_link_is_read_again_on_request(harness: Harness) -> None:
    """By job and by SQL; a range of dates is refused, because links have no times."""
    link = next(iter(harness.world.documents("link")))
    ticket = await harness.value("select savvycal.request_resync('link', $1)", link)
    await loop.work(harness.context)
    assert await harness.value("select result from savvycal.ticket_result($1)", ticket) == "done"
    assert (await _links(harness)).keys() == {link}
    with pytest.raises(ResyncRejected, match="links have no times"):
        await requests.resync_window(harness.context, LINKS, "2026-01-01", "2026-01-02", "default")


async def test_the_schedule_scans_links_once_and_by_itself(harness: Harness) -> None:
    """Their one window is standing work like every other."""
    assert ("scan",) in await harness.run_schedule()
    assert await harness.value("select job from savvycal._scans where product = 'links'") == "backfill"


async def test_the_audit_compares_links(harness: Harness) -> None:
    """A sample by id and the whole list tell what differs."""
    await harness.scan(LINKS)
    stale, gone = list(harness.world.documents("link"))[:2]
    _edit(harness, stale, name="Renamed")
    harness.world.delete("link", gone)
    new = "link_new"
    harness.world.put("link", {"id": new, "state": "active"})
    found = await audit.audit_range(harness.context, "default", LINKS, Bounds(None, None), lambda _count: None)
    assert (found.match, found.stale, found.extra, found.missing) == (4, [stale], [gone], [new])
    sampled = await audit.audit_sample(harness.context, "default", LINKS, 6, lambda _count: None)
    assert (sampled.match, sampled.stale, sampled.extra) == (4, [stale], [gone])


async def test_a_person_is_erased_from_links_too(mirrored_url: str) -> None:
    """From the row and from every version."""
    async with running_harness(mirrored_url, privacy=Privacy(keys=KEYS)) as harness:
        link = next(iter(harness.world.documents("link")))
        _edit(harness, link, description="Ask jane@example.test", owner={"id": "u1", "email": "jane@example.test"})
        await harness.scan(LINKS)
        await erase(harness.db, KEYRING, "default", "jane@example.test", ())
        (row,) = await harness.rows("select description, extra from savvycal.links where id = $1", link)
        assert row["description"] == "Ask [erased]"
        assert json.loads(row["extra"]) == {"owner": {"id": "u1", "email": None}}
        told = await harness.value("select count(*) from savvycal.snapshots where body::text like '%jane@%'")
        assert told == 0


async def test_an_account_that_may_not_list_links_mirrors_all_else(harness: Harness) -> None:
    """Their circuit breaker is their own."""
    harness.world.faults.append(Fault(kind="status", match=r"/links", args={"status": 500}))
    for _ in range(12):
        await requests.resync_all(harness.context, LINKS, "default")
        await harness.execute("update savvycal._work set due_at = clock_timestamp(), attempts = 0 where job = 'scan'")
        await harness.scan(LINKS)
    assert await harness.value("select count(*) from savvycal.links") == 0
    await harness.scan(Product.MEETINGS)
    assert await harness.value("select count(*) from savvycal.events") == 30


async def test_readers_ask_about_links_as_about_all_else(harness: Harness) -> None:
    """Timeline, diff, state at a time, tickets and the feed know them; a deletion is a version without a transition."""
    await harness.scan(LINKS)
    link = next(iter(harness.world.documents("link")))
    _edit(harness, link, state="disabled")
    await harness.scan(LINKS)
    assert await harness.value("select savvycal.wait_until('link', $1, 0)", link) == 2
    diff = await harness.rows("select field, old::text, new::text from savvycal.diff('link', $1, 1, 2)", link)
    assert diff == [{"field": "state", "old": '"active"', "new": '"disabled"'}]
    harness.world.delete("link", link)
    await harness.reconcile(Kind.LINK, link)
    await harness.advance_a_minute()
    await harness.work_as_if_due()
    deletion = await harness.rows("select version, is_deleted from savvycal.as_of('link', $1, now())", link)
    assert deletion == [{"version": 3, "is_deleted": True}]
    assert await harness.value("select savvycal.wait_until('link', $1, 0)", link) is None
    timeline = await harness.rows("select what, version, detail from savvycal.timeline('link', $1)", link)
    assert [(row["what"], row["version"]) for row in timeline if row["version"]] == [
        ("version", 1),
        ("version", 2),
        ("deletion", 3),
    ]
    assert {row["detail"] for row in timeline} >= {"scan of window all", "window all"}
    told = await harness.rows(
        "select change, version from savvycal.feed_snapshot() where (kind, id) = ('link', $1)", link
    )
    assert told == [{"change": "deleted", "version": 3}]
    ticket = await harness.value("select savvycal.request_resync('link', $1)", link)
    await loop.work(harness.context)
    assert await harness.value("select result from savvycal.ticket_result($1)", ticket) == "deleted"


async def test_a_range_of_links_is_all_of_them(harness: Harness) -> None:
    """They have no start: they are current as a whole or not."""
    current = "select savvycal.is_current('link', null, null)"
    await harness.scan(Product.MEETINGS)
    assert await harness.value(current) is False
    await harness.scan(LINKS)
    assert await harness.value(current) is True
    with pytest.raises(StoreError, match="22023"):
        await harness.value("select savvycal.is_current('link', '2026-01-01', '2026-01-02')")

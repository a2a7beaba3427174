"""The change feed as its readers see it: in order, complete, and refusing what it cannot honour."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from tests.support.harness import Harness, until
from tests.support.writing import write_records
from worker.core.model import Kind, Product, Via
from worker.errors import StoreError
from worker.store import change_feed, objects
from worker.store.database import Database
from worker.sync.batch import Provenance

FEED = "select * from savvycal.changes_since($1)"


async def delete(harness: Harness, event: str) -> None:
    """Deletes an event at SavvyCal and lets the mirror prove it."""
    harness.world.delete("event", event)
    await harness.reconcile(Kind.EVENT, event)
    await harness.advance_a_minute()
    await harness.work_as_if_due()


@asynccontextmanager
async def plain(harness: Harness, url: str) -> AsyncIterator[Any]:
    """A reader's connection, as any program would make it."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def test_a_deletion_is_a_change(harness: Harness) -> None:
    """Version, changed_at, transition, feed and meeting move with it; restored, all move on."""
    document = harness.world.book_event(state="confirmed")
    event = document["id"]
    await harness.reconcile(Kind.EVENT, event)
    before = await harness.value("select version from savvycal.events where id = $1", event)
    await delete(harness, event)

    (row,) = await harness.rows("select * from savvycal.events where id = $1", event)
    (edge,) = await harness.rows("select * from savvycal.transitions where kind = 'event' and to_status = 'deleted'")
    last = (await harness.rows("select * from savvycal.changes where id = $1 order by position", event))[-1]
    assert row["version"] == before + 1
    assert row["changed_at"] >= row["deleted_at"]
    assert (edge["version"], edge["reason"], edge["seq"]) == (before + 1, row["deleted_reason"], row["transition_seq"])
    assert (last["change"], last["version"]) == ("deleted", before + 1)
    assert await harness.value("select count(*) from savvycal.meetings where is_current and event_id = $1", event) == 0
    body, is_deleted = (await harness.rows("select body, is_deleted from savvycal.snapshots order by version desc"))[
        0
    ].values()
    assert is_deleted
    assert event.encode() in body

    harness.world.put("event", document)
    await harness.reconcile(Kind.EVENT, event)
    moves = await harness.rows(
        "select from_status, to_status from savvycal.transitions where kind = 'event' order by seq"
    )
    assert [tuple(move.values()) for move in moves][-1] == ("deleted", "confirmed")
    assert await harness.value("select is_current from savvycal.meetings where event_id = $1", event)


async def test_each_record_has_its_own_time(harness: Harness) -> None:
    """Versions of one object meet: a meeting is first seen when its own first transition was."""
    await harness.scan(Product.APPOINTMENTS)
    assert (
        await harness.value(
            "select count(*) from savvycal.meetings m join savvycal.transitions t "
            "on t.kind = 'meeting' and t.id = m.id and t.seq = 1 where t.observed_at <> m.first_seen_at"
        )
        == 0
    )


@pytest.mark.parametrize("seed", range(20))
async def test_two_writers_and_a_deletion_keep_the_order_of_versions(
    harness: Harness, seed: int, monkeypatch: Any
) -> None:
    """However they interleave, and whoever of them ends before it has published: versions rise in the feed, and the
    deletion is the last of them.
    """
    chance, publish = random.Random(seed), change_feed.publish

    async def sometimes(db: Database) -> None:
        if chance.random() < 0.5:
            await publish(db)

    monkeypatch.setattr(change_feed, "publish", sometimes)
    endpoint: Any = harness.context.endpoint("default", Product.MEETINGS)
    event = harness.world.book_event(summary="0")["id"]
    await harness.reconcile(Kind.EVENT, event)

    async def pause() -> None:
        await asyncio.sleep(chance.choice((0, 0, 0.002, 0.005)))

    async def write(summary: str) -> None:
        harness.world.edit_event(event, summary=summary)
        raw = await endpoint.fetch_one(event)
        async with harness.db.connection() as connection:
            fence = await objects.take_fence(connection)
        seen = Provenance("default", fence, datetime.now(UTC), Via.WATCH)
        await write_records(harness.db, endpoint.source, seen, [raw], before=pause, after=pause)

    async def tombstone() -> None:
        async with harness.db.transaction() as connection:
            fence = await objects.take_fence(connection) + 1000
            now, reason = datetime.now(UTC), "proven"
            await objects.record_deletion(connection, "default", Kind.EVENT, event, fence, now, reason, Via.WATCH)
            await asyncio.sleep(chance.choice((0, 0.002)))
        await change_feed.publish(harness.db)

    steps = [write(f"{seed}.{number}") for number in range(4)] + [tombstone()]
    chance.shuffle(steps)
    await asyncio.gather(*steps)
    await publish(harness.db)

    rows = await harness.rows("select version, change from savvycal.changes_since() where id = $1", event)
    versions = [row["version"] for row in rows]
    assert versions == list(range(1, len(rows) + 1))
    assert rows[-1]["change"] == "deleted"


async def test_whoever_listens_has_the_row(harness: Harness, mirrored_url: str) -> None:
    """The notice comes with the row, even while an older transaction of somebody else is still open."""
    event = harness.world.book_event(state="confirmed")["id"]
    heard = asyncio.Event()
    async with plain(harness, mirrored_url) as reader, plain(harness, mirrored_url) as other:
        await other.execute("begin; create table public.something_else (id int)")
        await reader.add_listener("savvycal_changes", lambda *_notice: heard.set())
        await harness.reconcile(Kind.EVENT, event)
        async with asyncio.timeout(5):
            await heard.wait()
        assert [row["id"] for row in await reader.fetch(FEED, "")] == [event]


async def test_the_schedule_publishes_for_a_writer_that_was_killed(harness: Harness, monkeypatch: Any) -> None:
    """A writer that ends right after its commit leaves nothing hidden for longer than until the schedule runs."""
    real = change_feed.publish

    async def never(_db: object) -> None: ...

    monkeypatch.setattr(change_feed, "publish", never)
    await harness.reconcile(Kind.EVENT, harness.world.book_event(state="confirmed")["id"])
    assert await harness.value("select feed_waiting from savvycal.health") == 1
    assert await harness.value("select count(*) from savvycal.changes_since()") == 0
    monkeypatch.setattr(change_feed, "publish", real)
    await harness.run_schedule()
    assert await harness.value("select feed_waiting from savvycal.health") == 0
    assert await harness.value("select count(*) from savvycal.changes_since()") == 1


async def test_who_holds_the_feed_back_is_named(harness: Harness, mirrored_url: str) -> None:
    """`health` names the process that holds the lock of the feed while changes wait."""
    async with plain(harness, mirrored_url) as holder:
        await holder.execute("begin; select pg_advisory_xact_lock(hashtextextended('savvycal:changes', 0))")
        pid = await holder.fetchval("select pg_backend_pid()")
        read = asyncio.create_task(harness.reconcile(Kind.EVENT, harness.world.book_event(state="confirmed")["id"]))
        await until(lambda: harness.value("select feed_waiting > 0 from savvycal.health"))
        assert await harness.value("select feed_held_by from savvycal.health") == f"process {pid}"
        await holder.execute("rollback")
        await read


async def cursor_at_the_end(harness: Harness) -> str:
    cursor: str = await harness.value("select savvycal.feed_cursor()")
    return cursor


async def test_cursors_sort_and_go_on(harness: Harness) -> None:
    """As text; each goes on behind its row; all accounts and one give the same here."""
    await harness.scan()
    rows = await harness.rows("select * from savvycal.changes_since('', null)")
    cursors = [row["cursor"] for row in rows]
    assert cursors == sorted(cursors)
    assert len(set(cursors)) == 42
    assert rows == await harness.rows("select * from savvycal.changes_since('')")
    rest = await harness.rows(FEED, cursors[9])
    assert rest == rows[10:]
    assert cursors[-1] == await cursor_at_the_end(harness)


BAD = {
    "null": ("null", "is null"),
    "not a cursor": ("'12:5'", "not a cursor"),
    "another server": ("substr(savvycal.feed_cursor(), 1, 20) || 'aaaaaaaaaaaaaaaa.00000001'", "another server"),
    "ahead": ("'9' || substr(savvycal.feed_cursor(), 2)", "ahead"),
}


@pytest.mark.parametrize("name", BAD)
async def test_what_cannot_be_honoured_raises_in_words(harness: Harness, mirrored_url: str, name: str) -> None:
    """Never an empty answer, never a type error."""
    await harness.scan()
    cursor, words = BAD[name]
    async with plain(harness, mirrored_url) as reader:
        with pytest.raises(asyncpg.PostgresError, match=words):
            await reader.fetch(f"select * from savvycal.changes_since({cursor})")
        with pytest.raises(asyncpg.PostgresError, match="no account of that name"):
            await reader.fetch("select * from savvycal.changes_since('', 'nobody')")


async def test_a_cursor_of_before_a_failover_is_good_as_far_as_both_servers_agree(harness: Harness) -> None:
    """A new timeline takes over what was replicated; what was lost with the old one is refused."""
    await harness.scan(Product.MEETINGS)
    kept = await cursor_at_the_end(harness)
    await harness.execute("update savvycal._feed_servers set timeline = '00000000'")
    kept = kept[:-8] + "00000000"
    lost = f"{int(kept[:19]) + 1:019}{kept[19:]}"
    await harness.scan(Product.APPOINTMENTS)  # the new timeline writes
    assert await harness.value("select count(*) from savvycal._feed_servers") == 2
    assert len(await harness.rows(FEED, kept)) == 12
    with pytest.raises(StoreError, match="22023"):
        await harness.rows(FEED, lost)


async def test_retention_refuses_who_has_not_read(harness: Harness) -> None:
    """A cursor behind the floor raises; the snapshot starts again from the tables, deletions included."""
    await harness.scan()
    event = next(iter(harness.world.documents("event")))
    old = (await harness.rows("select cursor from savvycal.changes_since('', batch => 1)"))[0]["cursor"]
    await delete(harness, event)
    end = await cursor_at_the_end(harness)
    await harness.execute("update savvycal.changes set changed_at = changed_at - interval '3 days'")
    assert await harness.value("select savvycal._retain('changes', 2)") == 43
    for refused in ("", old):
        with pytest.raises(StoreError, match="22023"):
            await harness.rows(FEED, refused)
    assert await harness.rows(FEED, end) == []
    fresh = await harness.rows("select * from savvycal.feed_snapshot()")
    assert {row["cursor"] for row in fresh} == {end}
    assert [row["id"] for row in fresh if row["change"] == "deleted"] == [event]
    harness.world.book_event(state="confirmed")
    await harness.scan(Product.MEETINGS)
    assert [row["change"] for row in await harness.rows(FEED, end)] == ["created"]

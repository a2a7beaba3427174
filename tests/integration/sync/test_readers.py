"""Views and functions for readers, against what SavvyCal served."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.integration.sync.test_change_feed import delete
from tests.support.docs_generated import ROOT
from tests.support.harness import Harness
from worker.cli import explain
from worker.core.model import Kind, Product
from worker.errors import StoreError
from worker.store import schema, timeline


async def history(harness: Harness) -> tuple[str, list[dict[str, Any]]]:
    """An event that was renamed, moved, canceled and deleted; what SavvyCal served of it."""
    event = harness.world.book_event(summary="one", state="confirmed")["id"]
    served = []
    steps = (
        lambda: None,
        lambda: harness.world.edit_event(event, summary="two"),
        lambda: harness.world.cancel_event(event, "ill"),
    )
    for step in steps:
        step()
        await harness.reconcile(Kind.EVENT, event)
        served.append(harness.world.documents("event")[event])
    await delete(harness, event)
    return event, served


async def test_a_timeline_ends_where_the_object_is(harness: Harness) -> None:
    """Its versions and transitions, with reasons; the public one has no reasons."""
    await harness.scan(Product.MEETINGS)
    event, _ = await history(harness)
    rows = await harness.rows("select * from savvycal.timeline('event', $1)", event)
    assert [row["version"] for row in rows if row["what"] in {"version", "deletion"}] == [1, 2, 3, 4]
    moves = [(row["status"], row["version"]) for row in rows if row["what"] == "transition"]
    assert moves == [("confirmed", 1), ("confirmed to canceled", 3), ("canceled to deleted", 4)]
    assert "ill" in {row["detail"] for row in rows}
    assert {"meeting transition", "vouched for", "next scan"} <= {row["what"] for row in rows}
    async with harness.db.connection() as connection:
        lines = [explain._line(row) for row in await timeline.load(connection, "event", event, "default")]
    assert any(line.endswith('confirmed to canceled  version 3  via resync  "ill"') for line in lines)
    assert lines[-1].partition("  ")[2].startswith("next scan")
    public = await harness.rows("select * from savvycal.timeline_public('event', $1)", event)
    assert len(public) == len(rows)
    assert "detail" not in public[0]


async def test_diff_and_as_of_give_what_was_served(harness: Harness) -> None:
    """Between versions and at times; before the first one and beyond retention they raise."""
    event, served = await history(harness)
    times = [
        row["observed_at"]
        for row in await harness.rows(
            "select observed_at from savvycal.snapshots where id = $1 order by version", event
        )
    ]
    for number, document in enumerate(served):
        (row,) = await harness.rows("select * from savvycal.as_of('event', $1, $2)", event, times[number])
        assert (row["version"], json.loads(row["body"])["summary"]) == (number + 1, document["summary"])
    (row,) = await harness.rows("select field, old, new from savvycal.diff('event', $1, 1, 2)", event)
    assert (row["field"], json.loads(row["old"]), json.loads(row["new"])) == ("summary", "one", "two")
    for version in (2, 3):
        fields = await harness.value(
            "select changed_fields from savvycal.snapshots where id = $1 and version = $2", event, version
        )
        found = await harness.rows("select field from savvycal.diff('event', $1, $2 - 1, $2)", event, version)
        assert [row["field"] for row in found] == fields
    for statement in (
        "as_of('event', $1, now() - interval '1 day')",
        "diff('event', $1, 1, 9)",
        "as_of('event', $1 || 'x', now())",
    ):
        with pytest.raises(StoreError, match="22023"):
            await harness.rows(f"select * from savvycal.{statement}", event)
    await harness.execute("update savvycal.snapshots set observed_at = observed_at - interval '9 days'")
    assert await harness.value("select savvycal._retain('snapshots', 2)") == 3
    assert await harness.value("select savvycal._retain('snapshots', 2)") == 0
    with pytest.raises(StoreError, match="22023"):
        await harness.rows("select * from savvycal.as_of('event', $1, now() - interval '20 days')", event)


async def test_next_up_is_the_beginning_of_what_is_ahead(harness: Harness) -> None:
    """The same as sorting all bookings, for everybody and for one host."""
    await harness.scan()
    ahead = (
        "select * from savvycal.bookings where account = 'default' and end_at > now() "
        "and phase not in ('canceled', 'deleted') {} "
        "order by start_at, id limit 5"
    )
    assert await harness.rows("select * from savvycal.next_up(5)") == await harness.rows(ahead.format(""))
    host = await harness.value(
        "select host_email from savvycal.bookings "
        "where end_at > now() and host_email is not null and phase = 'created' limit 1"
    )
    mine = await harness.rows("select * from savvycal.next_up(5, 'default', $1)", host)
    assert mine
    assert mine == await harness.rows(ahead.format("and host_email = $1"), host)


async def test_is_current_says_whether_one_may_act(harness: Harness) -> None:
    """True only where complete scans of late cover the whole range."""
    today = datetime.now(UTC).date()
    ask = "select savvycal.is_current('event', $1, $2, '10 minutes')"
    assert await harness.value(ask, today, today) is False
    await harness.scan(Product.MEETINGS)
    assert await harness.value(ask, today, today + timedelta(days=400)) is True
    gap = [{"first": f"{today}", "last": f"{today}", "reason": "500"}]
    await harness.execute("update savvycal.coverage set missing = $1", gap)
    assert await harness.value(ask, today, today) is False
    assert await harness.value(ask, today + timedelta(days=1), today + timedelta(days=2)) is True
    await harness.execute("update savvycal.coverage set complete_as_of = complete_as_of - interval '11 minutes'")
    assert await harness.value(ask, today + timedelta(days=1), today + timedelta(days=2)) is False


async def test_figures_equal_counting_by_hand(harness: Harness) -> None:
    """funnel_daily, lead_time, host_load and time_in_phase against a model in Python."""
    await harness.scan()
    await history(harness)
    rows = await harness.rows("select * from savvycal.bookings")
    counted: dict[Any, int] = {}
    for row in rows:
        if row["booked_at"]:
            key = (row["kind"], row["booked_at"].date())
            counted[key] = counted.get(key, 0) + 1
    found = {(r["kind"], r["day"]): r["booked"] for r in await harness.rows("select * from savvycal.funnel_daily")}
    assert found == counted
    lead = {r["id"]: r["hours"] for r in await harness.rows("select * from savvycal.lead_time")}
    assert lead == {
        r["id"]: pytest.approx((r["start_at"] - r["booked_at"]).total_seconds() / 3600)
        for r in rows
        if r["booked_at"] and r["phase"] != "deleted"
    }
    total = sum(r["minutes"] for r in rows if r["phase"] not in {"canceled", "deleted"})
    assert await harness.value("select sum(minutes)::float8 from savvycal.host_load") == pytest.approx(total)
    open_ones = await harness.value(
        "select count(*) from savvycal.time_in_phase where left_at is null and kind <> 'meeting'"
    )
    assert open_ones == len(rows)


async def test_public_views_have_no_personal_column(harness: Harness) -> None:
    """Each table with personal columns has a view without them."""
    rows = await harness.rows(
        "select p.table_name from savvycal.data_inventory i join savvycal.data_inventory p "
        "on p.table_name = i.table_name || '_public' and p.column_name = i.column_name where i.class <> 'none'"
    )
    assert rows == []
    assert (
        await harness.value(
            "select count(*) from pg_views where schemaname = 'savvycal' and viewname like '%\\_public'"
        )
        >= 12
    )


async def test_everything_has_a_comment(harness: Harness) -> None:
    """Tables, views, their columns, and functions."""
    bare = await harness.rows(
        "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 "
        "where c.relnamespace = 'savvycal'::regnamespace and c.relkind in ('r', 'v') and not a.attisdropped "
        "and col_description(c.oid, a.attnum) is null union all "
        "select c.relname, null from pg_class c where c.relnamespace = 'savvycal'::regnamespace "
        "and c.relkind in ('r', 'v') and obj_description(c.oid, 'pg_class') is null union all "
        "select p.proname, null from pg_proc p where p.pronamespace = 'savvycal'::regnamespace "
        "and obj_description(p.oid, 'pg_proc') is null"
    )
    assert bare == []


COOKBOOK = [
    statement
    for block in re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "cookbook.md").read_text("utf-8"), re.DOTALL)
    for statement in block.split(";")
    if statement.strip()
]


async def test_every_recipe_runs_for_a_reader(harness: Harness) -> None:
    """With the rights of savvycal_pii_reader, over a mirror with data; the other role reads `*_public`."""
    await harness.scan()
    await history(harness)
    async with harness.db.connection() as connection:
        await schema.apply_roles(connection)
        for statement in COOKBOOK:
            async with connection.transaction():
                await connection.execute("set local role savvycal_pii_reader")
                await connection.fetch(statement)
        async with connection.transaction():
            await connection.execute("set local role savvycal_reader")
            for view in (
                "bookings_public",
                "events_public",
                "transitions_public",
                "funnel_daily",
                "lead_time",
                "drift",
            ):
                assert await connection.fetch(f"select * from savvycal.{view} limit 1") or view == "drift"
            event = await connection.fetchval("select id from savvycal.events_public limit 1")
            assert await connection.fetch("select * from savvycal.timeline_public('event', $1)", event)
            assert await connection.fetchval("select savvycal.is_current('event', current_date, current_date)")
        for refused in ("timeline('event', 'x')", "next_up()", "as_of('event', 'x', now())", "bookings", "events"):
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute("set local role savvycal_reader")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"select * from savvycal.{refused}")
            await transaction.rollback()

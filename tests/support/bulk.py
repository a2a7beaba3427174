"""A large mirror made in SQL: copies of one event and one appointment, with children, history and feed."""

from functools import partial

from tests.support.harness import Harness, until
from worker.core.model import Kind

_CHILDREN = {
    "events": (("event_attendees", "event_id"), ("meetings", "event_id")),
    "appointments": (("appointment_history", "appointment_id"), ("meetings", "appointment_id")),
}


async def fill(harness: Harness, count: int) -> tuple[str, str]:
    """Adds `count` copies of an event and as many of an appointment, starting every half hour around now; their ids."""
    event = harness.world.book_event(state="confirmed")["id"]
    appointment = harness.world.book_appointment(meeting_status="created")["id"]
    await harness.reconcile(Kind.EVENT, event)
    harness.world.edit_event(event, summary="renamed")
    await harness.reconcile(Kind.EVENT, event)
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    for kind, table, one in (("event", "events", event), ("appointment", "appointments", appointment)):
        await _copy_objects(harness, kind, table, one, count)
    await harness.execute(
        "insert into savvycal.changes select row_number() over () + (select max(position) from savvycal.changes), "
        "account, kind, id, version, 'created', observed_at from savvycal.snapshots where id like 'copy%'"
    )
    for (
        table
    ) in "events appointments event_attendees appointment_history meetings snapshots transitions changes".split():
        await until(partial(_vacuumed, harness, table))
    return event, appointment


async def _vacuumed(harness: Harness, table: str) -> bool:
    """Whether all pages are known to be visible to all: index-only scans need it, a snapshot elsewhere delays it."""
    await harness.execute(f"vacuum analyze savvycal.{table}")
    relation = f"'savvycal.{table}'::regclass"
    return bool(await harness.value(f"select relallvisible >= 0.9 * relpages from pg_class where oid = {relation}"))


async def _copy_objects(harness: Harness, kind: str, table: str, one: str, count: int) -> None:
    start = f"date_trunc('hour', now()) + (c.n - {count // 2}) * interval '30 minutes'"
    times = f"'start_at', {start}, 'end_at', {start} + interval '30 minutes', 'created_at', {start} - interval '2 days'"
    await _copy(harness, table, count, kind, f"'id', c.id, {times}", f"o.id = '{one}'")
    for child, parent in _CHILDREN[table]:
        own = {"meetings": "'id', c.id,", "event_attendees": "'email', 'person' || c.n || '@example.com',"}.get(
            child, ""
        )
        await _copy(harness, child, count, kind, f"{own} '{parent}', c.id", f"o.{parent} = '{one}'")
    for history in ("snapshots", "transitions"):
        others = f"o.id = '{one}' and o.kind = '{kind}'"
        await _copy(harness, history, count, kind, "'id', c.id, 'via', 'backfill'", others)


async def _copy(harness: Harness, table: str, count: int, kind: str, changed: str, which: str) -> None:
    """Copies rows in steps that no statement timeout ends."""
    for first in range(1, count + 1, 5000):
        await harness.execute(
            f"insert into savvycal.{table} select r.* from savvycal.{table} o, (select n, 'copy_{kind}_' || n as id "
            f"from generate_series({first}, {min(first + 4999, count)}) n) c, "
            f"lateral jsonb_populate_record(o, jsonb_build_object({changed})) r where {which}"
        )

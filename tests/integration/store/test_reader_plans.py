"""At size: no documented query reads a large table as a whole. READER_ROWS=150000 measures 300,000 objects."""

import os
import time

from tests.support import bulk
from tests.support.harness import Harness
from worker.store.database import Connection

ROWS = int(os.environ.get("READER_ROWS", "4000"))
LARGE = "events appointments event_attendees appointment_history meetings snapshots transitions changes".split()

ONE = "where account = 'default' and"
QUERIES = {
    "next_up": "select * from savvycal.next_up(20)",
    "next_up of a host": "select * from savvycal.next_up(20, 'default', 'person9@example.com')",
    "a booking": "select * from savvycal.bookings where account = 'default' and kind = 'event' and id = 'copy_event_7'",
    "bookings of an email": "select e.id, e.start_at from savvycal.event_attendees a join savvycal.events e "
    "on (e.account, e.id) = (a.account, a.event_id) where a.account = 'default' and a.email = 'person7@example.com'",
    "timeline": "select * from savvycal.timeline('event', 'copy_event_7')",
    "diff": "select * from savvycal.diff('event', 'copy_event_7', 1, 2)",
    "as_of": "select * from savvycal.as_of('event', 'copy_event_7', now())",
    "feed": "select * from savvycal.changes_since('', 'default', 100)",
    "feed of all": "select * from savvycal.changes_since('', null, 100)",
    "feed cursor": "select savvycal.feed_cursor()",
    "is_current": "select savvycal.is_current('event', current_date, current_date)",
    "stuck_meetings": "select * from savvycal.stuck_meetings where account = 'default'",
    "meeting of a provider": f"select * from savvycal.meetings {ONE} external_meeting_id = '123'",
    "meeting of an event": "select * from savvycal.meetings where account = 'default' and event_id = 'copy_event_7'",
    "appointments of a client": f"select id from savvycal.appointments {ONE} client_id = 'clnt_1'",
    "reschedules of a week": f"select * from savvycal.reschedules {ONE} observed_at > now() - interval '7 days'",
    "drift": "select * from savvycal.drift",
    "lifecycle_counts": "select * from savvycal.lifecycle_counts",
    "health": "select * from savvycal.health",
    "idle retention of versions": "select savvycal._retain('snapshots', 30)",
    "idle retention of the feed": "select savvycal._retain('changes', 30)",
    "idle retention of runs": "select savvycal._retain('runs', 30)",
}


async def test_no_documented_query_reads_a_large_table(harness: Harness) -> None:
    """No sequential scan, statements inside of functions included, and the promised times at any size."""
    await bulk.fill(harness, ROWS)
    found, took = {}, {}
    for name, query in QUERIES.items():
        async with harness.db.transaction() as connection:
            await connection.fetch(query)  # once for the plans of functions and for the cache
            before = await _scans(connection)
            began = time.perf_counter()
            await connection.fetch(query)
            took[name] = round((time.perf_counter() - began) * 1000, 1)
            after = await _scans(connection)
        if scanned := {table for table, count in after.items() if count > before[table]}:
            found[name] = scanned
    print(took)  # noqa: T201 - the figures of READER_ROWS
    async with harness.db.connection() as connection:
        for name in found:
            print(*(row[0] for row in await connection.fetch("explain analyze " + QUERIES[name])), sep="\n")  # noqa: T201
    assert found == {}


async def _scans(connection: Connection) -> dict[str, int]:
    """Sequential scans of each large table in this transaction."""
    rows = await connection.fetch(
        "select s.relname, s.seq_scan from pg_stat_xact_user_tables s join pg_class c on c.oid = s.relid "
        "where s.schemaname = 'savvycal' and s.relname = any ($1::text[]) and c.reltuples > 1000",
        LARGE,
    )
    return {row["relname"]: row["seq_scan"] for row in rows}

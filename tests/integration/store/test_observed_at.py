"""Each row carries the time at which its own record was observed, however many pages are written together."""

from datetime import UTC, datetime, timedelta
from itertools import count

from tests.support.harness import Harness
from worker.core.json_text import encode
from worker.core.model import Product, Via
from worker.store import change_feed, objects
from worker.sync import unit_of_work
from worker.sync.batch import Provenance, read
from worker.sync.write import write

NOW = datetime(2030, 1, 1, tzinfo=UTC)

APART = """
select count(*) from savvycal.versions s join savvycal.snapshots n using (account, kind, id)
where n.version = s.version + 1 and (s.superseded_at is distinct from n.observed_at or s.observed_at >= n.observed_at)
"""


async def _write(harness: Harness, title: str, times: "count[int]") -> None:
    """All events under a new title, each on a page of its own, the pages some seconds apart, in one batch."""
    source = harness.context.accounts["default"][Product.MEETINGS].source
    answers = []
    for object_id in sorted(harness.world.documents("event")):
        harness.world.edit_event(object_id, summary=title)
        async with harness.db.connection() as connection:
            (fence,) = await objects.take_fences(connection, 1)
        provenance = Provenance("default", fence, NOW + timedelta(seconds=next(times)), Via.POLL)
        answers.append((provenance, [encode(harness.world.document("event", object_id))]))
    await unit_of_work.run(harness.db, await read(harness.db, source, answers), write)


async def test_versions_of_an_object_meet_without_a_gap(harness: Harness) -> None:
    """A version ends when the next was observed, and what is first seen is first seen then."""
    times = count()
    await _write(harness, "one", times)
    await _write(harness, "two", times)
    assert await harness.value("select count(*) from savvycal.snapshots") == 60
    assert await harness.value(APART) == 0
    late = "join savvycal.transitions t on (t.kind, t.id, t.seq) = ('meeting', m.id, 1)"
    apart = f"select count(*) from savvycal.meetings m {late} where m.first_seen_at <> t.observed_at"
    assert await harness.value(apart) == 0


async def test_each_change_is_dated_like_its_version(harness: Harness) -> None:
    """The change feed says when each record was observed, not when its batch was."""
    times = count()
    await _write(harness, "one", times)
    await _write(harness, "two", times)
    await change_feed.publish(harness.db)
    versions = "savvycal.snapshots n using (account, kind, id, version)"
    assert await harness.value(f"select count(*) from savvycal.changes c join {versions}") == 60
    apart = f"select count(*) from savvycal.changes c join {versions} where c.changed_at <> n.observed_at"
    assert await harness.value(apart) == 0

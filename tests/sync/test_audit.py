"""The audit tells how much of the mirror is true, and mends what is not."""

import asyncio
import json
from datetime import datetime

from redis.asyncio import Redis

from tests.privacy.vaulted import KEYS, RING, RING_TEXT
from tests.process.command import run
from tests.sync.stage import Stage, staged
from worker.cli.ledger import days
from worker.core.cadence import Bounds
from worker.core.model import Kind, Product
from worker.savvycal.source import Privacy
from worker.sync import work
from worker.sync.audit import audit_continuously, audit_range, audit_sample
from worker.sync.erase import erase

EVERYTHING = Bounds(None, None)


def _quiet(_count: int) -> None:
    """Nobody watches."""


async def test_a_true_mirror_matches(stage: Stage) -> None:
    """Every object compared, none differing, and nothing asked for."""
    await stage.sweep()
    for product, count in ((Product.MEETINGS, 30), (Product.APPOINTMENTS, 12)):
        found = await audit_range(stage.mirror, "default", product, EVERYTHING, _quiet)
        assert (found.match, found.differing, found.compared) == (count, [], count)
    assert await stage.value("select count(*) from savvycal._targets where 'audit' = any (reasons)") == 0
    assert await stage.value("select sum(rows_unchanged) from savvycal.runs where job = 'audit'") == 42


async def test_stale_missing_and_extra_are_told_apart_and_mended(stage: Stage) -> None:
    """Each difference is named by id; the next look makes the tables true again."""
    await stage.sweep()
    stale, extra = list(stage.world.documents("event"))[:2]
    stage.world.edit_event(stale, summary="changed behind our back")
    stage.world.delete("event", extra)
    missing = stage.world.book_event()["id"]
    found = await audit_range(stage.mirror, "default", Product.MEETINGS, EVERYTHING, _quiet)
    assert (found.stale, found.missing, found.extra) == ([stale], [missing], [extra])
    await work.work(stage.mirror)
    assert await stage.value("select summary from savvycal.events where id = $1", stale) == "changed behind our back"
    assert await stage.value("select count(*) from savvycal.events where id = $1", missing) == 1
    via = await stage.value("select via from savvycal.snapshots where id = $1 order by version desc limit 1", stale)
    assert via == "audit"


async def test_a_sample_reads_so_many_objects_by_id(stage: Stage) -> None:
    """A sample is chosen by chance among what is stored."""
    await stage.sweep()
    stage.world.delete("appointment", next(iter(stage.world.documents("appointment"))))
    stage.world.requests.clear()
    found = await audit_sample(stage.mirror, "default", Product.APPOINTMENTS, 12, _quiet)
    assert (found.match, len(found.extra)) == (11, 1)
    assert len(stage.world.requests) == 12


async def test_the_slow_audit_feeds_health(stage: Stage) -> None:
    """It runs when it is due, once, and the view health shows what it read."""
    await stage.sweep()
    await audit_continuously(stage.mirror)
    await audit_continuously(stage.mirror)
    (health,) = await stage.rows("select * from savvycal.health")
    assert (health["audited_last_hour"], health["differing_last_hour"]) == (20 + 12, 0)
    assert await stage.value("select count(*) from savvycal.runs where job = 'audit'") == 2


async def test_the_command_says_it_in_words_and_by_exit_code(stage: Stage, mirrored_url: str) -> None:
    """`audit`, `targets` and `allow-missing` as a person uses them."""
    await stage.sweep()
    settings = _told(stage, mirrored_url)
    same = await asyncio.to_thread(run, "audit", "--all", settings=settings)
    assert (same.returncode, same.stdout) == (0, "meetings: 30 match, 0 stale, 0 missing, 0 extra, 0 unreadable\n")
    event = next(iter(stage.world.documents("event")))
    stage.world.edit_event(event, summary="new")
    other = await asyncio.to_thread(run, "audit", "--sample", "30", settings=settings)
    assert other.returncode == 1
    assert f"  stale {event}\n" in other.stdout
    listed = await asyncio.to_thread(run, "targets", "list", settings=settings)
    assert event in listed.stdout
    discarded = await asyncio.to_thread(run, "targets", "discard", event, settings=settings)
    assert discarded.stdout == "discarded 1\n"
    again = await asyncio.to_thread(run, "targets", "retry", settings=settings)
    assert again.stdout == "trying 0 again\n"
    allowed = await asyncio.to_thread(run, "allow-missing", "meetings", "25", settings=settings)
    assert allowed.returncode == 0
    assert await stage.value("select min(missing_allowed) from savvycal.coverage where product = 'meetings'") == 25
    status = await asyncio.to_thread(run, "status", "--json", settings=settings)
    assert json.loads(status.stdout)["counts"]


def _told(stage: Stage, url: str, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SAVVYCAL_MEETINGS_URL": stage.simulator.meetings_url,
        "SAVVYCAL_MEETINGS_TOKEN": stage.simulator.options.meetings_token,
        "SAVVYCAL_REQUESTS_PER_MINUTE": "100000",
        **more,
    }


async def test_the_command_leaves_out_what_may_not_be_kept(mirrored_url: str, redis_url: str) -> None:
    """What is dropped, and who was erased, is no difference. It asks within the budget that a daemon would use, too."""
    async with staged(mirrored_url, privacy=Privacy((("summary",),), KEYS)) as stage:
        await stage.sweep(Product.MEETINGS)
        await erase(stage.db, RING, "default", "jane.doe@example.test", (("summary",),))
        told = _told(
            stage,
            mirrored_url,
            REDIS_URL=redis_url,
            SAVVYCAL_DROP_FIELDS="summary",
            SAVVYCAL_SECRET_KEYS=RING_TEXT,
        )
        done = await asyncio.to_thread(run, "audit", "--all", settings=told)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("meetings: 30 match")
        async with Redis.from_url(redis_url) as redis:
            assert await redis.exists("savvycal:budget:default")


async def test_an_audit_of_one_day_finds_what_is_gone(stage: Stage) -> None:
    """Asked a day wider, so that both its days are vouched for."""
    event = stage.world.book_event(state="confirmed")
    await stage.look(Kind.EVENT, event["id"])
    await stage.execute("update savvycal.events set first_seen_at = first_seen_at - interval '1 minute'")
    stage.world.delete("event", event["id"])
    day = datetime.fromisoformat(event["start_at"]).date()
    found = await audit_range(stage.mirror, "default", Product.MEETINGS, days(day, day), _quiet)
    assert found.extra == [event["id"]]
    assert days(None, None) == EVERYTHING


async def test_a_name_that_nothing_has_is_told(stage: Stage, mirrored_url: str) -> None:
    """`targets retry` as `targets discard`: exit code 1."""
    done = await asyncio.to_thread(run, "targets", "retry", "nope", settings=_told(stage, mirrored_url))
    assert (done.returncode, done.stdout) == (1, "trying 0 again\n")

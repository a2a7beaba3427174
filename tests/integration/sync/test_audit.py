"""The audit tells how much of the mirror is true, and repairs what is not."""

import asyncio
import json
from datetime import datetime

from redis.asyncio import Redis

from tests.support.daemon import run
from tests.support.harness import Harness, running_harness
from tests.support.vaulted import KEYRING, KEYRING_TEXT, KEYS
from worker.cli.work import days
from worker.core.model import Kind, Product
from worker.core.windows import Bounds
from worker.savvycal.api import Privacy
from worker.sync import audit as auditing
from worker.sync import loop, requests
from worker.sync.audit import audit_range, audit_sample
from worker.sync.erase import erase

EVERYTHING = Bounds(None, None)
LINKS_MATCH = "links: 6 match, 0 stale, 0 missing, 0 extra, 0 unreadable\n"


def _ignore_progress(_count: int) -> None:
    """Progress that nobody watches."""


async def test_a_true_mirror_matches(harness: Harness) -> None:
    """Every object compared, none differing, and nothing asked for."""
    await harness.scan()
    for product, count in ((Product.MEETINGS, 30), (Product.APPOINTMENTS, 12)):
        found = await audit_range(harness.context, "default", product, EVERYTHING, _ignore_progress)
        assert (found.match, found.differing, found.compared) == (count, [], count)
    assert await harness.value("select count(*) from savvycal._work where 'audit' = any (reasons)") == 0
    assert await harness.value("select sum(rows_unchanged) from savvycal.runs where job = 'audit'") == 42


async def test_stale_missing_and_extra_are_distinguished_and_repaired(harness: Harness) -> None:
    """Each difference is named by id; the next read makes the tables true again."""
    await harness.scan()
    stale, extra = list(harness.world.documents("event"))[:2]
    harness.world.edit_event(stale, summary="changed behind our back")
    harness.world.delete("event", extra)
    missing = harness.world.book_event()["id"]
    found = await audit_range(harness.context, "default", Product.MEETINGS, EVERYTHING, _ignore_progress)
    assert (found.stale, found.missing, found.extra) == ([stale], [missing], [extra])
    await loop.work(harness.context)
    assert await harness.value("select summary from savvycal.events where id = $1", stale) == "changed behind our back"
    assert await harness.value("select count(*) from savvycal.events where id = $1", missing) == 1
    via = await harness.value("select via from savvycal.snapshots where id = $1 order by version desc limit 1", stale)
    assert via == "audit"


async def test_a_sample_reads_so_many_objects_by_id(harness: Harness) -> None:
    """A sample is chosen by chance among what is stored."""
    await harness.scan()
    harness.world.delete("appointment", next(iter(harness.world.documents("appointment"))))
    harness.world.requests.clear()
    found = await audit_sample(harness.context, "default", Product.APPOINTMENTS, 12, _ignore_progress)
    assert (found.match, len(found.extra)) == (11, 1)
    assert len(harness.world.requests) == 12


async def test_the_slow_audit_feeds_health(harness: Harness) -> None:
    """It runs when it is due, once, and the view health shows what it read."""
    await harness.scan()
    await harness.scan(Product.LINKS)
    await auditing.work(harness.context)
    await auditing.work(harness.context)
    (health,) = await harness.rows("select * from savvycal.health")
    assert (health["audited_last_hour"], health["differing_last_hour"]) == (20 + 12 + 6, 0)
    assert await harness.value("select count(*) from savvycal.runs where job = 'audit'") == 3


async def test_the_command_says_it_in_words_and_by_exit_code(harness: Harness, mirrored_url: str) -> None:
    """`audit`, `work` and `approve-deletions` as a person uses them."""
    await harness.scan()
    await harness.scan(Product.LINKS)
    settings = _told(harness, mirrored_url)
    same = await asyncio.to_thread(run, "audit", "--all", settings=settings)
    assert (same.returncode, same.stdout) == (
        0,
        "meetings: 30 match, 0 stale, 0 missing, 0 extra, 0 unreadable\n" + LINKS_MATCH,
    )
    event = next(iter(harness.world.documents("event")))
    harness.world.edit_event(event, summary="new")
    other = await asyncio.to_thread(run, "audit", "--sample", "30", settings=settings)
    assert other.returncode == 1
    assert f"  stale {event}\n" in other.stdout
    listed = await asyncio.to_thread(run, "work", "list", settings=settings)
    assert event in listed.stdout
    discarded = await asyncio.to_thread(run, "work", "discard", event, settings=settings)
    assert discarded.stdout == "discarded 1\n"
    again = await asyncio.to_thread(run, "work", "retry", settings=settings)
    assert again.stdout == "trying 0 again\n"
    allowed = await asyncio.to_thread(run, "approve-deletions", "meetings", "25", settings=settings)
    assert allowed.returncode == 0
    assert await harness.value("select min(approved_deletions) from savvycal.coverage where product = 'meetings'") == 25
    status = await asyncio.to_thread(run, "status", "--json", settings=settings)
    assert json.loads(status.stdout)["counts"]


def _told(harness: Harness, url: str, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SAVVYCAL_MEETINGS_URL": harness.simulator.meetings_url,
        "SAVVYCAL_MEETINGS_TOKEN": harness.simulator.options.meetings_token,
        "SAVVYCAL_REQUESTS_PER_MINUTE": "100000",
        **more,
    }


async def test_the_command_leaves_out_what_may_not_be_kept(mirrored_url: str, redis_url: str) -> None:
    """Dropped fields and erased people are no difference. The command keeps to the rate limit of a daemon."""
    async with running_harness(mirrored_url, privacy=Privacy((("summary",),), KEYS)) as harness:
        await harness.scan(Product.MEETINGS)
        await harness.scan(Product.LINKS)
        await erase(harness.db, KEYRING, "default", "jane.doe@example.test", (("summary",),))
        told = _told(
            harness,
            mirrored_url,
            REDIS_URL=redis_url,
            SAVVYCAL_DROP_FIELDS="summary",
            SAVVYCAL_SECRET_KEYS=KEYRING_TEXT,
        )
        done = await asyncio.to_thread(run, "audit", "--all", settings=told)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("meetings: 30 match")
        async with Redis.from_url(redis_url) as redis:
            assert [key async for key in redis.scan_iter("savvycal:*rate:*")]


async def test_an_audit_of_one_day_finds_what_is_deleted(harness: Harness) -> None:
    """Asked a day wider, so that both its days are vouched for."""
    event = harness.world.book_event(state="confirmed")
    await harness.reconcile(Kind.EVENT, event["id"])
    await harness.execute("update savvycal.events set first_seen_at = first_seen_at - interval '1 minute'")
    harness.world.delete("event", event["id"])
    day = datetime.fromisoformat(event["start_at"]).date()
    found = await audit_range(harness.context, "default", Product.MEETINGS, days(day, day), _ignore_progress)
    assert found.extra == [event["id"]]
    assert days(None, None) == EVERYTHING


async def test_work_is_given_up_and_tried_again_in_bulk(harness: Harness, mirrored_url: str) -> None:
    """By kind and by reason, of one account; without any of them nothing is given up."""
    settings = _told(harness, mirrored_url)
    asked = "select savvycal.request_resync($1, $2 || '_none_' || n) from generate_series(1, 3) n"
    await harness.rows(asked, "event", "event")
    await harness.rows(asked, "appointment", "appt")
    await harness.execute("update savvycal._work set dead_lettered_at = now() where key like '%_3'")
    await harness.execute("update savvycal._work set reasons = '{webhook}' where key like '%_2'")

    async def said(*words: str) -> tuple[int, str]:
        done = await asyncio.to_thread(run, "work", *words, settings=settings)
        return done.returncode, done.stdout

    _, listed = await said("list", "--kind", "event", "--reason", "resync")
    assert "event_none_1" in listed
    assert "none_2" not in listed
    assert "appt" not in listed
    assert await said("retry", "--kind", "event") == (0, "trying 1 again\n")
    await requests.resync_all(harness.context, Product.LINKS, "default")
    await harness.execute("update savvycal._work set dead_lettered_at = now() where job = 'scan'")
    assert "links/all" in (await said("list", "--kind", "link"))[1]
    assert "links/all" not in (await said("list", "--kind", "appointment"))[1]
    assert await said("discard", "--kind", "link") == (0, "discarded 1\n")
    assert (await said("discard"))[0] == 2
    assert await said("discard", "--kind", "appointment", "--reason", "resync") == (0, "discarded 2\n")
    assert await said("discard", "--reason", "webhook") == (0, "discarded 2\n")
    assert await harness.value("select array_agg(key order by key) from savvycal._work where job = 'object'") == [
        "event_none_1",
        "event_none_3",
    ]


async def test_a_name_that_nothing_has_is_told(harness: Harness, mirrored_url: str) -> None:
    """`work retry` as `work discard`: exit code 1."""
    done = await asyncio.to_thread(run, "work", "retry", "nope", settings=_told(harness, mirrored_url))
    assert (done.returncode, done.stdout) == (1, "trying 0 again\n")

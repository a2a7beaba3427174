"""A fixed share of the worlds, with few scans each; `make worlds` runs all of them with many."""

from collections import Counter
from itertools import islice

import pytest

from tests.campaigns.worlds import checker, expected
from tests.campaigns.worlds.run import live, run
from tests.campaigns.worlds.switches import SWITCHES, USUAL
from tests.campaigns.worlds.world import World, alone, combination, default, named
from worker.live_check.open_points import POINTS
from worker.simulator.damage import DAMAGES
from worker.store import schema
from worker.store.database import Database

SHARE = (
    "default 1",
    "lists_embed_meeting=no",
    "lists_embed_meeting=no list_meeting_id=yes",
    "page_size_max=20 limit_max=20 page_size_default=20 limit_out_of_range=reject limit_reject_status=422",
    "order_taken=none",
    "from_until_time_zone=Pacific/Kiritimati",
    "cursor_refused_every=7 limit_max=10 page_size_max=10 page_size_default=10",
    "conferencing_none=in_person",
    "conferencing_none=phone",
    "conferencing_none=custom",
    "canceled_events_vanish=1",
    "conferencing_webhook=event.changed",
    "envelope_id_stable=no",
    *(f"damage {name}" for name in ("surrogate", "deep", "long_decimal", "poisoned")),
)
CHOSEN = [*map(named, SHARE), *map(combination, (1, 2))]


def test_there_are_enough_worlds() -> None:
    """Each name once, at least thirty switches and twelve damages."""
    names = [world.name for world in alone()]
    assert len(set(names)) == len(names)
    assert len(SWITCHES) >= 30
    assert len(DAMAGES) >= 12


def test_what_check_live_has_to_report_are_points_that_exist() -> None:
    """At least 15 points are named, each readable; those it has to call invisible are."""
    points = {f"{point.product}.{point.name}": point for point in POINTS}
    turned = {name for switch in SWITCHES for name in switch.named}
    assert len(turned) >= 15
    assert all(points[name].is_readable for name in turned)
    assert not [switch.unseen for switch in SWITCHES if switch.unseen and points[switch.unseen].is_readable]


def test_what_check_live_cannot_see_is_found_by_the_mirror() -> None:
    """And is another thing than it finds where nothing is turned."""
    unseen = [switch for switch in SWITCHES if switch.unseen]
    assert len(unseen) >= 10
    assert not [switch.text for switch in unseen if not switch.facts]
    assert not [switch.text for switch in unseen if switch.facts.items() & USUAL.items()]


def test_a_report_names_a_world_that_can_be_run_again() -> None:
    """With its seed, whatever it was."""
    for world in (*islice(alone(), 0, None, 20), *islice(alone(seed=7), 1, None, 30), combination(3), default(9)):
        assert named(world.name, world.seed).options == world.options
    with pytest.raises(LookupError, match="lists_embed_meeting"):
        named("nowhere")


@pytest.mark.parametrize("world", CHOSEN, ids=lambda world: world.name[:60])
async def test_the_mirror_is_right_in_this_world(database_url: str, world: World) -> None:
    """Equal to the source after a backfill, after changes, and after scans in which nothing happened."""
    db = await Database.connect(database_url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()
    assert await run(world, database_url, scans=2) == []


@pytest.mark.parametrize("seed", [50, 51])
async def test_a_plain_world_raises_no_alarm(seed: int) -> None:
    """`check --live` names nothing in it."""
    assert await live(default(seed)) == []


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (rb'{"a":"\ud83d"}', {"a": "\ufffd"}),
        (rb'{"\udc00\ud83d":1}', {"\ufffd\ufffd": 1}),
        (rb'{"a":"\ud83d\ude00"}', {"a": "\U0001f600"}),
        (b'{"a":"x\ty"}', {"a": "x\ty"}),
        (rb'{"a":"\x41"}', {"a": "\\x41"}),
        (b'{"a":1e200000}', {"a": "1e200000"}),
    ],
)
def test_the_checker_reads_damaged_records(raw: bytes, value: object) -> None:
    """By itself, so that it can be compared with what the mirror made of it."""
    assert expected.read(raw) == value


@pytest.mark.parametrize(
    ("before", "after", "changes", "is_right"),
    [
        (1, 1, 0, True),
        (1, 2, 0, False),
        (1, 2, 1, True),
        (1, 1, 1, False),
        (1, 3, 1, False),
        (1, 2, 2, True),
        (1, 4, 2, False),
    ],
)
def test_one_version_for_each_change(before: int, after: int, changes: int, is_right: bool) -> None:
    """No more; two changes that follow each other at once may be seen as one."""
    key = ("event", "event_1")
    found = checker.version_flaws({key: before}, {key: after}, Counter({key: changes}))
    assert (found == []) is is_right

"""The real mirror in one world: a backfill, changes, watched meetings, many quiet scans; and what does not hold."""

from collections import Counter
from random import Random

from tests.campaigns.worlds import beside, checker
from tests.campaigns.worlds.scanning import scan_all, scan_windows, watch_once, work_off
from tests.campaigns.worlds.switches import USUAL
from tests.campaigns.worlds.world import World
from tests.support.harness import Harness, account_of, running_harness
from worker import composition, errors
from worker.core import facts, findings
from worker.core.findings import WITHOUT_LINK
from worker.core.unlinked import EVENTS, READS_OF_FEW
from worker.live_check import run as live_check
from worker.live_check.points import FindingResult
from worker.live_check.report import Result
from worker.simulator import Options, Simulator

EVENT_COUNT, APPOINTMENTS = 40, 40
LIVE_EVENTS, LIVE_APPOINTMENTS = 300, 120
"""Of the account that `check --live` is tried with: large enough to show every point."""

WATCH_ROUNDS = 8
CHANGE_ROUNDS = 3
SPOILED_SCANS_MAX = 10
"""Where pages are read around, a scan takes fifty requests instead of two."""

MINUTE = 60


async def run(world: World, database_url: str, scans: int) -> list[str]:
    """What does not hold in a world; empty when all is well."""
    given = {"events": EVENT_COUNT, "appointments": APPOINTMENTS} | world.options
    async with running_harness(database_url, **given) as harness:
        found = await _first_load(harness, world)
        found += await _changes(harness, world)
        found += await _watching(harness, world)
        found += await _unchanging(
            harness, world, min(scans, SPOILED_SCANS_MAX) if checker.may_spoil_pages(world) else scans
        )
        await beside.show(harness)
        found += [f"at the end: {one}" for one in await checker.differing(harness, world)]
        await beside.fail(harness)
        found += await _facts(harness, world)
    return found + await live(world)


async def _first_load(harness: Harness, world: World) -> list[str]:
    await scan_windows(harness)
    await work_off(harness)
    found = [f"after the first load: {one}" for one in await checker.differing(harness, world)]
    found += [f"after the first load: {one}" for one in await checker.windows(harness, world)]
    reads = await checker.reads_of(harness, world, 0)
    told_less = world.options.get("list_embeds_meeting") is False
    least = APPOINTMENTS if told_less else 0
    if sum(reads.values()) > checker.REQUESTS_SHARE * least:
        found.append(f"the first load read {sum(reads.values())} objects by id, {least} would do")
    return found


async def _changes(harness: Harness, world: World) -> list[str]:
    """Something of everything happens: each change is one version, and a changed appointment is read at most once."""
    versions, since = await checker.versions(harness), len(harness.world.requests)
    made = _change(harness, world, Random(world.name))
    for _ in range(CHANGE_ROUNDS):
        await scan_windows(harness)
        await work_off(harness)
    found = [f"after changes: {one}" for one in await checker.differing(harness, world)]
    found += [f"after changes: {one}" for one in await checker.windows(harness, world)]
    found += checker.version_flaws(versions, await checker.versions(harness), _without_damaged(harness, world, made))
    reads = await checker.reads_of(harness, world, since)
    deleted = sum(one not in harness.world.collections[kind].records for kind, one in made)
    least = 2 * deleted + (sum(kind == "appointment" for kind, _ in made) if _is_told_less(world) else 0)
    if sum(reads.values()) > checker.REQUESTS_SHARE * least + 1:
        found.append(f"{sum(reads.values())} reads by id after changes, {least} would do: {dict(reads)}")
    return found


def _is_told_less(world: World) -> bool:
    return world.options.get("list_embeds_meeting") is False


def _without_damaged(harness: Harness, world: World, made: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """What was changed and can be seen to have changed."""
    shares = harness.world.options.damage
    return Counter({key: count for key, count in made.items() if checker.is_seen(world, shares, key)})


def _change(harness: Harness, world: World, chance: Random) -> Counter[tuple[str, str]]:
    """How often each object was changed."""
    source, made = harness.world, Counter[tuple[str, str]]()
    source.advance(MINUTE)

    def note(kind: str, object_id: str, times: int = 1) -> None:
        made[kind, object_id] += times

    note("event", source.book_event(state="confirmed")["id"])
    seen = 1 + int(_is_told_less(world))  # by a list without its meeting, then by id with it
    note("appointment", source.book_appointment(meeting_status="created")["id"], seen)
    events, appointments = sorted(source.documents("event")), sorted(source.documents("appointment"))
    for one in chance.sample([one for one in events if ("event", one) not in made], k=4):
        source.edit_event(one, summary="Moved")
        note("event", one)
    ahead = [
        one
        for one in appointments
        if source.document("appointment", one)["status"] == "scheduled" and ("appointment", one) not in made
    ]
    for one in chance.sample(ahead, k=min(3, len(ahead))):
        before = len(source.history("appointment", one))
        source.cancel_appointment(one, None, "ill", "client")
        note("appointment", one, len(source.history("appointment", one)) - before)
    if world.options.get("canceled_events_vanish"):
        one = next(one for one in events if ("event", one) not in made)
        source.delete("event", one)
        note("event", one)  # a deletion is a version
    return made


async def _watching(harness: Harness, world: World) -> list[str]:
    """Only what SavvyCal itself will still change is read again and again; once it has settled, nothing is."""
    found = await _watched_rounds(harness)
    _settle(harness, world)
    for _ in range(2):
        await scan_all(harness)
        await work_off(harness)
        await watch_once(harness)
    left = {row["key"] for row in await harness.rows("select key from savvycal._work where dead_lettered_at is null")}
    if endless := left - checker.unsettled(harness) - _unreadable(harness, world):
        found.append(f"{len(endless)} settled objects are still watched, such as {min(endless)}")
    dead_lettered = await harness.rows("select key, last_error from savvycal._work where dead_lettered_at is not null")
    return found + [f"{row['key']} is a dead letter: {row['last_error']}" for row in dead_lettered]


def _unreadable(harness: Harness, world: World) -> set[str]:
    """Objects that nobody can read now, though they may have been read before they were changed."""
    shares = harness.world.options.damage
    records = [(kind, one) for kind in checker.TABLES for one in harness.world.collections[kind].records]
    return {one for kind, one in records if not checker.is_seen(world, shares, (kind, one))}


async def _watched_rounds(harness: Harness) -> list[str]:
    """A type that never has a link may be watched until that is known: a few reads of all its events together."""
    watched, telling = checker.unsettled(harness), checker.telling(harness)
    reads = Counter[str]()
    for _ in range(READS_OF_FEW + 2 if 0 < len(telling) < EVENTS else WATCH_ROUNDS):
        since = len(harness.world.requests)
        await watch_once(harness)
        reads += checker.requests_of(harness, since).single
    settled = sorted(one for one in reads.keys() - watched if reads[one] > 1)  # once: it settled after it was planned
    found = [f"{one} was read {reads[one]} times, though it is settled" for one in settled]
    learning = sum(reads[one] for one in telling)
    if learning > READS_OF_FEW + 2 * len(telling):
        found.append(f"{learning} reads of events that never have a link")
    return checker.shortened(found)


def _settle(harness: Harness, world_: World) -> None:
    """Everything that SavvyCal would still change is changed, as long as anybody can see it."""
    world = harness.world
    world.advance(MINUTE)
    is_silent = _is_told_less(world_) and not harness.world.options.updated_at_bumps_on_meeting
    seen = checker.unsettled(harness) - checker.never_joined(harness) - (checker.over(harness) if is_silent else set())
    for one in sorted(seen):
        if one.startswith("event_"):
            world.set_event_state(one, "confirmed")
            world.attach_conferencing(one)
        else:
            is_canceled = world.document("appointment", one)["status"] == "canceled"
            world.set_meeting_status(one, "canceled" if is_canceled else "created")


async def _unchanging(harness: Harness, world: World, scans: int) -> list[str]:
    """Scans of a world in which nothing happens: no version, and no more requests than their pages."""
    await scan_all(harness)
    await work_off(harness)
    versions, since = await checker.versions(harness), len(harness.world.requests)
    transitions = await harness.value("select count(*) from savvycal.transitions")
    for _ in range(scans):
        await scan_all(harness)
        await work_off(harness)
    flaws = checker.version_flaws(versions, await checker.versions(harness), Counter())
    found = [f"unchanging: {one}" for one in flaws]
    if (now := await harness.value("select count(*) from savvycal.transitions")) != transitions:
        found.append(f"{now - transitions} transitions in {scans} quiet scans")
    return found + await checker.request_flaws(harness, world, since, scans, _unreadable(harness, world))


async def _facts(harness: Harness, world: World) -> list[str]:
    """What the running mirror has found out by itself."""
    rows = await harness.rows("select product, fact, value from savvycal.account_facts")
    known = {f"{row['product']}.{row['fact']}": row["value"] for row in rows}
    wanted = {name: value for switch in world.in_force for name, value in switch.facts.items()}
    if not world.is_alone:  # another switch may hide it
        wanted = {name: value for name, value in wanted.items() if name == "appointments.lists_embed_meeting"}
    if any(checker.is_lost(name) for name in world.damages) and not world.is_alone:
        wanted = {}
    if not checker.telling(harness):
        wanted = {name: value for name, value in wanted.items() if value != WITHOUT_LINK}
    usual = {} if world.damages or not world.is_alone else {n: v for n, v in USUAL.items() if n not in wanted}
    found = [
        f"account_facts says {name}: {known.get(name)}, not {value}"
        for name, value in (usual | wanted).items()
        if not str(known.get(name)).startswith(value)
    ]
    return found + _claims(world, known)


def _claims(world: World, known: dict[str, str]) -> list[str]:
    """What is said of webhooks, errors and changes, and was not turned."""
    turned = {pair for switch in world.switches for pair in switch.facts.items()}
    perhaps = {name for switch in world.switches for name in switch.perhaps}
    return [
        f"account_facts says {name}: {value}, which was not turned"
        for name, value in known.items()
        if _is_sign(name) and name not in perhaps and (name, value) not in turned and value != _usual(name)
    ]


def _is_sign(name: str) -> bool:
    """Not what follows `failed`: the source itself has that as its records have it."""
    fact = name.partition(".")[2].partition(":")[0]
    return fact in {*findings.WORDS, facts.Fact.CURSOR_LIFETIME} - {facts.Fact.AFTER_FAILED}


def _usual(name: str) -> str | None:
    return "json" if ".error_body:" in name else USUAL.get(name)


# -- check --live ------------------------------------------------------------------------------------------------------


async def live(world: World) -> list[str]:
    """`check --live` names every turned switch that reading can show, and none that was not turned."""
    given = {"events": LIVE_EVENTS, "appointments": LIVE_APPOINTMENTS, "lifecycle": False} | world.options
    async with Simulator(Options(**given)) as simulator:
        try:
            result = await _checked(simulator)
        except errors.UpstreamError as error:
            is_right = checker.may_spoil_pages(world)  # says what it is, and ends
            return [] if is_right else [f"check --live ended with: {error}"]
    return _live_flaws(world, result)


async def _checked(simulator: Simulator) -> Result:
    async with composition.open_endpoints([account_of(simulator)], 1_000_000) as endpoints:
        return await live_check.run("default", endpoints["default"], has_account=False)


def _live_flaws(world: World, result: Result) -> list[str]:
    results = {f"{one.point.product}.{one.point.name}": one.result for one in result.findings}
    named = {name for name, found in results.items() if found is FindingResult.OTHERWISE}
    turned = {name for switch in world.switches for name in switch.named}
    allowed = turned | ({"meetings.unreadable", "appointments.unreadable"} if world.damages else set())
    if "page_size_default" in world.options:  # which may be hidden by a smaller maximum
        allowed |= {"appointments.default_page_size"}
    found = [f"check --live names {name}, which was not turned" for name in sorted(named - allowed)]
    if world.is_alone:
        found += [f"check --live does not name {name}" for name in sorted(turned - named)]
    unseen = {switch.unseen for switch in world.switches if switch.unseen}
    found += [
        f"check --live says of {name}: {results[name]}"
        for name in sorted(unseen)
        if results[name] is not FindingResult.INVISIBLE
    ]
    return found

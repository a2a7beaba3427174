"""`check --live` names what is otherwise in a world, nothing else, and with at most 40 requests."""

from typing import Any

import pytest

from tests.integration.live_check.turned import WORLDS, Turned
from tests.support.harness import account_of
from worker import composition
from worker.errors import RateLimited, ServerFault, Unauthorized, Unreachable
from worker.live_check import run
from worker.live_check.open_points import POINTS
from worker.live_check.points import FindingResult
from worker.live_check.report import Result, as_text
from worker.simulator import Fault, Options, Simulator

REFUSES_ALL = [
    Fault("status", match=m, args={"status": 422}) for m in ("page_size=1", "order_by", "limit=", "direction=")
]


async def live(simulator: Simulator, **changes: Any) -> Result:
    """One run against a simulator; it never sends more than 40 requests, and only reads."""
    account = account_of(simulator, **changes)
    before = len(simulator.world.requests)
    async with composition.open_endpoints([account], 1_000_000) as endpoints:
        result = await run.run("default", endpoints["default"], account.appointments_account is not None)
    asked = list(simulator.world.requests)[before:]
    assert len(asked) == len(result.asked) <= 40
    assert {request.method for request in asked} == {"GET"}
    return result


def otherwise(result: Result) -> dict[str, str]:
    """What is named."""
    found = [finding for finding in result.findings if finding.result is FindingResult.OTHERWISE]
    return {f"{finding.point.product}.{finding.point.name}": str(finding.value) for finding in found}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
async def test_a_turned_switch_is_named_and_nothing_else(world: Turned) -> None:
    """With what was found, in words that describe it."""
    async with Simulator(Options(lifecycle=False, **world.options)) as simulator:
        simulator.world.faults[:] = world.faults
        found = otherwise(await live(simulator))
    assert found.keys() == world.named.keys()
    assert not [name for name, part in world.named.items() if part not in found[name]]


@pytest.mark.parametrize("seed", range(1, 9))
async def test_a_default_world_raises_no_alarm(seed: int) -> None:
    """Everything is as documented or as assumed; only the zone of dates may be unseen (no event near midnight)."""
    async with Simulator(Options(seed=seed)) as simulator:
        result = await live(simulator)
    assert otherwise(result) == {}
    unseen = {finding.point.name for finding in result.findings if finding.result is FindingResult.NOT_SEEN}
    assert unseen <= {"time_zone_of_dates"}


@pytest.mark.parametrize(("events", "appointments"), [(0, 0), (1, 1), (2, 3), (8, 7)])
async def test_a_small_account_raises_no_alarm(events: int, appointments: int) -> None:
    """What it holds nothing of is not seen."""
    for seed in range(4):
        async with Simulator(Options(seed=seed, events=events, appointments=appointments)) as simulator:
            result = await live(simulator)
        assert otherwise(result) == {}


async def test_a_living_world_raises_no_alarm() -> None:
    """Events move between two questions: what was moved is no proof."""
    for seed in range(3):
        options = Options(seed=seed, speed=60, bookings_per_minute=60, changes_per_minute=600)
        async with Simulator(options) as simulator:
            assert otherwise(await live(simulator)) == {}


async def test_the_strangest_world_takes_no_more_than_40_requests() -> None:
    """Everything is refused that can be, and lists hold no meetings."""
    options = Options(list_embeds_meeting=False, until_inclusive=False, from_until_time_zone="Asia/Tokyo")
    async with Simulator(options) as simulator:
        for refused in (REFUSES_ALL, []):
            simulator.world.faults[:] = [Fault("status", match="/appt_", args={"status": 404}), *refused]
            assert otherwise(await live(simulator))


async def test_a_named_account_is_in_order() -> None:
    """A platform token whose account is set: documented, and said."""
    async with Simulator(Options(require_account_header=True)) as simulator:
        result = await live(simulator, appointments_account=simulator.options.appointments_account)
    assert otherwise(result) == {}
    assert "yes, and it is set" in as_text(result)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("status", args={"status": 401}), Unauthorized),
        (Fault("status", args={"status": 429}), RateLimited),
        (Fault("status", args={"status": 503}), ServerFault),
        (Fault("reset"), Unreachable),
    ],
)
@pytest.mark.parametrize("skip", [0, 5, 14])
async def test_it_ends_at_once_when_savvycal_does(fault: Fault, error: type[Exception], skip: int) -> None:
    """Whenever that is: nothing is asked after it, and nobody waits."""
    async with Simulator(Options()) as simulator:
        simulator.world.faults[:] = [Fault(fault.kind, args=fault.args, skip=skip, match="(events|appointments)[?]")]
        with pytest.raises(error):
            await live(simulator)
        after = len(simulator.world.requests)
        assert after <= skip + 10


@pytest.mark.parametrize("kind", ["malformed_json", "html_200", "empty_list", "stale", "drop_page_rows", "same_cursor"])
async def test_damaged_answers_end_in_findings(kind: Any) -> None:
    """Whatever comes: no traceback, and the table can be shown."""
    async with Simulator(Options()) as simulator:
        simulator.world.faults[:] = [Fault(kind)]
        assert as_text(await live(simulator))


def test_each_point_has_a_name_of_its_own() -> None:
    """Reading can show at least 15 points; the others are named as invisible."""
    names = [(point.product, point.name) for point in POINTS]
    assert len(set(names)) == len(names)
    assert len({point for world in WORLDS.values() for point in world.named}) >= 15
    assert all(point.expected for point in POINTS if point.is_readable)

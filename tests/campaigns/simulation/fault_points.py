"""Fault points: one scenario, and every kind of fault at each of its I/O points.

The scenario fills an empty mirror by a scan over each product, then follows a change, a booking, a disappearance and a
return that somebody asks for, and the webhooks of two more changes. One fault is placed at one point; after that the
run goes on without faults until quiescence, and the checker reads.
"""

from collections.abc import Iterator

from tests.campaigns.simulation.mode import FaultPlan, Mode, patched
from tests.campaigns.simulation.run import RunResult, evaluate
from tests.campaigns.simulation.scheduler import Fault
from tests.campaigns.simulation.simulation import Simulation
from tests.campaigns.simulation.store import Lines
from tests.campaigns.simulation.webhook_transport import WebhookInTransit
from tests.campaigns.simulation.world_changes import KINDS
from worker.core.model import Kind

SEED = 5
CALM = FaultPlan(steps=0, fault_share=0, upstream_fault_share=0, lost_wakeups=0)
FAULTS = tuple(Fault)
Place = tuple[int, Fault]


async def scenario(lines: Lines, plan: dict[int, Fault] | None = None) -> tuple[RunResult, int]:
    """Runs it with these faults; the result, and how many points it had before quiescence."""
    with patched(Mode.ALL):
        simulation = Simulation(SEED, Mode.SCAN, lines, CALM)
        for kind in KINDS:
            for object_id in sorted(simulation.world.documents(kind))[2:]:
                simulation.world.delete(kind, object_id)
        await simulation.start()
        first = simulation.scheduler.point_count
        simulation.plan = {first + number: fault for number, fault in (plan or {}).items()}
        await _play(simulation)
        point_count = simulation.scheduler.point_count - first
        return await evaluate(simulation), point_count


async def _play(simulation: Simulation) -> None:
    world = simulation.world
    await simulation.round()
    await simulation.move_time(1)
    changed, vanished = sorted(world.documents("event"))
    booked = str(world.book_event(state="confirmed")["id"])
    world.edit_event(changed, summary="moved")
    document = world.document("event", vanished)
    world.delete("event", vanished)
    for object_id in (booked, changed, vanished):
        await simulation.mark(Kind.EVENT, object_id)
    await simulation.round()
    await simulation.move_time(61)
    await simulation.round()
    await simulation.move_time(1)
    world.put("event", document)
    await simulation.mark(Kind.EVENT, vanished)
    await simulation.round()
    world.listeners.append(
        lambda webhook_event: simulation.transport.under_way.append(
            WebhookInTransit(webhook_event, simulation.scheduler.now)
        )
    )
    world.reschedule_event(changed)
    world.replace_meeting(next(key for key, one in sorted(world.documents("appointment").items()) if one["meeting"]))
    await simulation.deliver_all()
    await simulation.round()


def places(point_count: int, share: int = 1) -> Iterator[Place]:
    """Every point with every fault; with `share` only one of so many, spread evenly."""
    for number in range(1, point_count + 1):
        for turn, fault in enumerate(FAULTS):
            if (number + turn) % share == 0:
                yield number, fault

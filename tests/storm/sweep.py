"""The sweep: one scenario, every I/O point of it, every kind of fault at each.

The scenario fills an empty mirror by a pass over each product, then follows a change, a booking, a disappearance and a
return that somebody asks for, and what the webhooks of two more changes say. One fault is placed at one point; after
that everything is quiet, and the judge looks.
"""

from collections.abc import Iterator

from tests.gate import Fault
from tests.storm.mode import Mode, Weather, patched
from tests.storm.post import Letter
from tests.storm.run import Verdict, judge
from tests.storm.store import Lines
from tests.storm.storm import Storm
from tests.storm.world import KINDS
from worker.core.model import Kind

SEED = 5
CALM = Weather(steps=0, fault_share=0, lie_share=0, lost_bells=0)
FAULTS = tuple(Fault)
Place = tuple[int, Fault]


async def scenario(lines: Lines, plan: dict[int, Fault] | None = None) -> tuple[Verdict, int]:
    """Runs it with these faults; the verdict, and how many points it had before the quiet."""
    with patched(Mode.ALL):
        storm = Storm(SEED, Mode.SWEEP, lines, CALM)
        for kind in KINDS:
            for object_id in sorted(storm.world.documents(kind))[2:]:
                storm.world.delete(kind, object_id)
        await storm.start()
        first = storm.gate.point_count
        storm.plan = {first + number: fault for number, fault in (plan or {}).items()}
        await _play(storm)
        point_count = storm.gate.point_count - first
        return await judge(storm), point_count


async def _play(storm: Storm) -> None:
    world = storm.world
    await storm.round()
    await storm.pass_time(1)
    changed, vanished = sorted(world.documents("event"))
    booked = str(world.book_event(state="confirmed")["id"])
    world.edit_event(changed, summary="moved")
    document = world.document("event", vanished)
    world.delete("event", vanished)
    for object_id in (booked, changed, vanished):
        await storm.mark(Kind.EVENT, object_id)
    await storm.round()
    await storm.pass_time(61)
    await storm.round()
    await storm.pass_time(1)
    world.put("event", document)
    await storm.mark(Kind.EVENT, vanished)
    await storm.round()
    world.listeners.append(lambda notice: storm.post.under_way.append(Letter(notice, storm.gate.now)))
    world.reschedule_event(changed)
    world.replace_meeting(next(key for key, one in sorted(world.documents("appointment").items()) if one["meeting"]))
    await storm.deliver_all()
    await storm.round()


def places(point_count: int, share: int = 1) -> Iterator[Place]:
    """Every point with every fault; with `share` only one of so many, spread evenly."""
    for number in range(1, point_count + 1):
        for turn, fault in enumerate(FAULTS):
            if (number + turn) % share == 0:
                yield number, fault

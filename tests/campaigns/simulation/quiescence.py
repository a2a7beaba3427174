"""Quiescence after a simulation: no more faults or changes, until the world has settled and the work queue is empty."""

from datetime import UTC, datetime

from tests.campaigns.simulation.checker import UNSETTLED
from tests.campaigns.simulation.mode import Mode, windows_of
from tests.campaigns.simulation.simulation import SCHEDULE_SECONDS, Simulation

QUIESCENCE_SECONDS_MAX = 4 * 3600
JUMP_SECONDS_MAX = 600
INTERVALS_IN_QUIESCENCE = 12
"""Windows are scanned so many times more rarely once nothing changes."""

OPEN = """
select extract(epoch from min(at))::float8 as at, count(*) as open from (
  select greatest(due_at, coalesce(lease_until, due_at)) as at from savvycal._work
  where dead_lettered_at is null and not (
    attempts = 0 and requested_gen = done_gen and reasons = '{watch}' and due_at > sim.now() and key = any ($2::text[]))
  union all
  select next_due_at from savvycal.coverage
  where complete_as_of is null or (complete_as_of < $1 and next_due_at < $1 + interval '200 days')
) as open
"""
"""What the work queue still wants, and when: everything but the watch of what SavvyCal itself ($2) never settles."""


async def calm_down(simulation: Simulation) -> bool:
    """Whether the mirror came to rest."""
    simulation.be_calm()
    await _settle_world(simulation)
    await _let_finish(simulation)
    watching = simulation.mode is Mode.WATCH
    for context in simulation.contexts.values():
        context.windows = windows_of(simulation.mode, 10_000 if watching else INTERVALS_IN_QUIESCENCE)
    await simulation.lines.show_clock()
    if not watching:
        await simulation.lines.monitor.execute("update savvycal.coverage set next_due_at = sim.now()")
    return await _work_off(simulation)


async def _let_finish(simulation: Simulation) -> None:
    """What is under way ends, so that no transaction is left open when the tables are touched from outside.

    A receiver that hung meanwhile has not acknowledged what it took: that is sent again, and arrives too.
    """
    await simulation.deliver_all()
    await simulation.drain()
    while (wake := simulation.scheduler.next_wake()) is not None:
        await simulation.move_time(max(0.0, wake - simulation.scheduler.now) + 0.001)
        await simulation.deliver_all()
        await simulation.drain()


async def _settle_world(simulation: Simulation) -> None:
    moves = simulation.world.life._heap
    while moves:
        await simulation.move_time(max(0.001, min(moves[0][0] - simulation.scheduler.now + 0.001, 30)))
        await simulation.round()


async def _work_off(simulation: Simulation) -> bool:
    quiescent_at = simulation.scheduler.now
    while simulation.scheduler.now - quiescent_at < QUIESCENCE_SECONDS_MAX:
        await simulation.round()
        wait = await _wait_seconds(simulation, quiescent_at)
        if wait is None:
            return True
        await simulation.move_time(wait)
    return False


async def _wait_seconds(simulation: Simulation, quiescent_at: float) -> float | None:
    """Seconds until the work queue wants something again, None when it is at rest."""
    row = await simulation.lines.monitor.fetchrow(
        OPEN, datetime.fromtimestamp(quiescent_at, UTC), _never_settled(simulation)
    )
    wake = simulation.scheduler.next_wake()
    if row["open"] == 0 and wake is None and not any(worker.jobs for worker in simulation.workers):
        return None
    waits = [at - simulation.scheduler.now for at in (row["at"], wake) if at is not None]
    return min(wait + 0.01 if wait > 0 else SCHEDULE_SECONDS for wait in [*waits, JUMP_SECONDS_MAX])


def _never_settled(simulation: Simulation) -> list[str]:
    """What stays in progress for good, such as the failed meeting of a canceled appointment: watched until it is
    past."""
    meetings = {key: one.get("meeting") for key, one in simulation.world.documents("appointment").items()}
    return [key for key, one in meetings.items() if isinstance(one, dict) and one["status"] in UNSETTLED]

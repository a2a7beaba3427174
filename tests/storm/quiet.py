"""Quiet after a storm: no more faults, lies or changes, until the world has settled and the ledger is worked off."""

from datetime import UTC, datetime

from tests.check import UNSETTLED
from tests.storm.mode import Mode, windows_of
from tests.storm.storm import TICK_SECONDS, Storm

QUIET_SECONDS_MAX = 4 * 3600
JUMP_SECONDS_MAX = 600
CADENCE_IN_QUIET = 12
"""Windows are swept so many times more rarely once nothing changes."""

OPEN = """
select extract(epoch from min(at))::float8 as at, count(*) as open from (
  select greatest(due_at, coalesce(lease_until, due_at)) as at from savvycal._targets
  where parked_at is null and not (
    attempts = 0 and requested_gen = done_gen and reasons = '{watch}' and due_at > gate.now() and id = any ($2::text[]))
  union all
  select greatest(due_at, coalesce(lease_until, due_at)) from savvycal._passes where parked_at is null
  union all
  select next_due_at from savvycal.coverage
  where complete_as_of is null or (complete_as_of < $1 and next_due_at < $1 + interval '200 days')
) as open
"""
"""What the ledger still wants, and when: everything but the watch of what SavvyCal itself ($2) never settles."""


async def calm_down(storm: Storm) -> bool:
    """Whether the mirror came to rest."""
    storm.be_calm()
    await _settle_world(storm)
    await _let_finish(storm)
    watching = storm.mode is Mode.WATCH
    for mirror in storm.mirrors.values():
        mirror.windows = windows_of(storm.mode, 10_000 if watching else CADENCE_IN_QUIET)
    await storm.lines.show_clock()
    if not watching:
        await storm.lines.monitor.execute("update savvycal.coverage set next_due_at = gate.now()")
    return await _work_off(storm)


async def _let_finish(storm: Storm) -> None:
    """What is under way ends, so that no transaction is left open when the tables are touched from outside.

    A receiver that hung meanwhile has not acknowledged what it took: that is sent again, and arrives too.
    """
    await storm.deliver_all()
    await storm.drain()
    while (wake := storm.gate.next_wake()) is not None:
        await storm.pass_time(max(0.0, wake - storm.gate.now) + 0.001)
        await storm.deliver_all()
        await storm.drain()


async def _settle_world(storm: Storm) -> None:
    moves = storm.world.life._heap
    while moves:
        await storm.pass_time(max(0.001, min(moves[0][0] - storm.gate.now + 0.001, 30)))
        await storm.round()


async def _work_off(storm: Storm) -> bool:
    quiet_at = storm.gate.now
    while storm.gate.now - quiet_at < QUIET_SECONDS_MAX:
        await storm.round()
        wait = await _wait_seconds(storm, quiet_at)
        if wait is None:
            return True
        await storm.pass_time(wait)
    return False


async def _wait_seconds(storm: Storm, quiet_at: float) -> float | None:
    """Seconds until the ledger wants something again, None when it is at rest."""
    row = await storm.lines.monitor.fetchrow(OPEN, datetime.fromtimestamp(quiet_at, UTC), _never_settled(storm))
    wake = storm.gate.next_wake()
    if row["open"] == 0 and wake is None and not any(worker.jobs for worker in storm.workers):
        return None
    waits = [at - storm.gate.now for at in (row["at"], wake) if at is not None]
    return min(wait + 0.01 if wait > 0 else TICK_SECONDS for wait in [*waits, JUMP_SECONDS_MAX])


def _never_settled(storm: Storm) -> list[str]:
    """What stays unsettled for good, such as the failed meeting of a canceled appointment: watched until it is past."""
    meetings = {key: one.get("meeting") for key, one in storm.world.documents("appointment").items()}
    return [key for key, one in meetings.items() if isinstance(one, dict) and one["status"] in UNSETTLED]

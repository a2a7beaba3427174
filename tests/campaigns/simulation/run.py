"""One whole run: simulation, quiescence, checks."""

from dataclasses import dataclass

from tests.campaigns.simulation.checker import mirrored, raw_hash, violations
from tests.campaigns.simulation.history import history
from tests.campaigns.simulation.mode import FaultPlan, Mode, patched
from tests.campaigns.simulation.quiescence import calm_down
from tests.campaigns.simulation.simulation import Simulation
from tests.campaigns.simulation.store import Lines


@dataclass(frozen=True)
class RunResult:
    """What one run did, left behind and violated."""

    seed: int
    mode: Mode
    violations: list[str]
    raw_hash: str
    point_count: int
    fired: dict[str, int]
    faults: dict[str, int]
    blocked_count: int
    log: list[str]
    mirrored: str
    """Digest of what the tables hold in the end, which is that of the source unless there is a violation."""


async def run(seed: int, mode: Mode, lines: Lines, fault_plan: FaultPlan | None = None) -> RunResult:
    """A simulation of that seed over two or three workers."""
    with patched(mode):
        simulation = Simulation(seed, mode, lines, fault_plan or FaultPlan(), worker_count=2 + seed % 2)
        await simulation.start()
        await simulation.run_steps()
        return await evaluate(simulation)


async def evaluate(simulation: Simulation) -> RunResult:
    """Waits for quiescence and runs the checker."""
    is_quiescent = await calm_down(simulation)
    simulation.crashes += [f"{line.worker.name} still holds a connection" for line in simulation.lines.held]
    left = await history(simulation, is_quiescent)
    scheduler = simulation.scheduler
    return RunResult(
        simulation.seed,
        simulation.mode,
        violations(left),
        scheduler.raw_hash(),
        scheduler.point_count,
        simulation.fired,
        simulation.savvycal.fault_counts,
        scheduler.blocked_count,
        scheduler.log,
        raw_hash(mirrored(left)),
    )

"""One whole run: storm, quiet, verdict."""

from dataclasses import dataclass

from tests.check import digest, mirrored, violations
from tests.storm.history import history
from tests.storm.mode import Mode, Weather, patched
from tests.storm.quiet import calm_down
from tests.storm.store import Lines
from tests.storm.storm import Storm


@dataclass(frozen=True)
class Verdict:
    """What came of one run."""

    seed: int
    mode: Mode
    violations: list[str]
    digest: str
    point_count: int
    fired: dict[str, int]
    lies: dict[str, int]
    blocked_count: int
    log: list[str]
    mirrored: str
    """Digest of what the tables hold in the end, which is that of the source unless there is a violation."""


async def run(seed: int, mode: Mode, lines: Lines, weather: Weather | None = None) -> Verdict:
    """A storm of that seed over two or three workers."""
    with patched(mode):
        storm = Storm(seed, mode, lines, weather or Weather(), worker_count=2 + seed % 2)
        await storm.start()
        await storm.rage()
        return await judge(storm)


async def judge(storm: Storm) -> Verdict:
    """Quiet, and what the judge says of it."""
    is_quiet = await calm_down(storm)
    storm.crashes += [f"{line.worker.name} still holds a connection" for line in storm.lines.held]
    left = await history(storm, is_quiet)
    gate = storm.gate
    return Verdict(
        storm.seed,
        storm.mode,
        violations(left),
        gate.digest(),
        gate.point_count,
        storm.fired,
        storm.savvycal.lie_counts,
        gate.blocked_count,
        gate.log,
        digest(mirrored(left)),
    )

"""What happens when, from a seed: in each lane every kind once in a random order, and again until the time is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.campaigns.chaos.faults import Kind, Lane

MINUTES_MIN = 3.0
"""In less, not every kind finds its place."""

CALM_SECONDS = (0.5, 2.0)
"""Between two faults of a lane."""

PAUSE_CALM_SECONDS = (40.0, 90.0)
"""Between two long pauses: most of the time all daemons are awake."""

SECONDS_MIN = 1.0
START_SECONDS = 6.0
"""Before the first fault: something has to be there that can be spoilt."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One fault at its time, in seconds from the start of the faults."""

    at: float
    kind: Kind
    seconds: float


def draw(seed: int, seconds: float, kinds: Sequence[Kind]) -> dict[Lane, list[Stroke]]:
    """The strokes of each lane, in order."""
    lanes = dict.fromkeys(kind.lane for kind in kinds)
    return {lane: _lane(Random(f"{seed}:{lane}"), seconds, [k for k in kinds if k.lane is lane]) for lane in lanes}


def _lane(rng: Random, seconds: float, kinds: list[Kind]) -> list[Stroke]:
    share = _share(seconds - START_SECONDS, kinds)
    strokes, at = list[Stroke](), START_SECONDS + rng.uniform(0, 2) * share
    while True:
        for kind in rng.sample(kinds, len(kinds)):
            length = kind.seconds if kind.is_fixed else max(SECONDS_MIN, kind.seconds * share)
            is_first_round = len(strokes) < len(kinds)
            if at + length > seconds and not is_first_round:
                return strokes
            strokes.append(Stroke(at, kind, length))
            calm = PAUSE_CALM_SECONDS if kind.lane is Lane.PAUSE else CALM_SECONDS
            at += length + rng.uniform(*calm) * share


def _share(seconds: float, kinds: list[Kind]) -> float:
    """By how much lengths shrink, so that each kind has its turn."""
    fixed = sum(kind.seconds for kind in kinds if kind.is_fixed)
    rest = sum(kind.seconds for kind in kinds if not kind.is_fixed) + CALM_SECONDS[1] * (len(kinds) + 1)
    return min(1.0, max(0.1, (seconds - fixed) / rest))

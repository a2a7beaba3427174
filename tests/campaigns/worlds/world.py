"""Which worlds there are: one switch each, one damage each, combinations and plain ones by a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.campaigns.worlds.switches import SWITCHES, Switch
from worker.simulator.damage import DAMAGES
from worker.simulator.switches import parse_assumptions

SHARE = 0.15
"""Of records that a damage strikes."""

PARTS_SHARE = 0.03
"""The same for damages that spoil whole answers, in combinations."""


@dataclass(frozen=True)
class World:
    """What differs from our guesses."""

    name: str
    options: dict[str, Any]
    switches: tuple[Switch, ...] = ()
    damages: tuple[str, ...] = ()
    seed: int = 1

    is_alone: bool = field(default=True)
    """One switch or one damage: what `check --live` says of it is known to the word."""

    @property
    def in_force(self) -> tuple[Switch, ...]:
        """Switches that no later one has turned again."""
        chosen = [(switch, parse_assumptions(switch.text.split())) for switch in self.switches]
        return tuple(switch for switch, options in chosen if options.items() <= self.options.items())

    @property
    def command(self) -> str:
        """How to run it again."""
        name = self.name if self.is_alone else self.name.partition(":")[0]
        return f"make worlds ARGS=\"--only '{name}' --seed {self.seed}\""


def _of(switches: Sequence[Switch], damages: Sequence[str], seed: int, name: str, is_alone: bool = True) -> World:
    chosen = parse_assumptions(word for switch in switches for word in switch.text.split())
    shares = tuple((one, PARTS_SHARE if DAMAGES[one].spoil else SHARE) for one in damages)
    options = chosen | {"seed": seed, "damage": shares}
    return World(name, options, tuple(switches), tuple(damages), seed, is_alone)


def default(seed: int) -> World:
    """A world as we guess it."""
    return _of([], [], seed, f"default {seed}")


def alone(seed: int | None = None) -> Iterator[World]:
    """The default world, each switch, each damage; each with a seed of its own unless one is given."""
    yield default(seed or 1)
    for number, switch in enumerate(SWITCHES, 1):
        yield _of([switch], [], seed or number, switch.text)
    for number, name in enumerate(DAMAGES, 1):
        yield _of([], [name], seed or number, f"damage {name}")


def combination(seed: int) -> World:
    """Some switches and damages together."""
    chance = Random(f"world {seed}")
    switches = chance.sample(SWITCHES, k=chance.randint(1, 4))
    damages = chance.sample(sorted(DAMAGES), k=chance.randint(0, 3))
    name = " + ".join((*(switch.text for switch in switches), *damages))
    return _of(switches, damages, seed, f"combination {seed}: {name}", is_alone=False)


def named(name: str, seed: int | None = None) -> World:
    """The world of that name, as a report gives it; for a switch or damage with any seed.

    Raises:
        LookupError: there is none of that name.
    """
    for kind, build in (("combination ", combination), ("default ", default)):
        if name.startswith(kind):
            return build(int(name.removeprefix(kind).partition(":")[0]))
    found = next((world for world in alone(seed) if name in {world.name, world.name.removeprefix("damage ")}), None)
    if found is None:
        raise LookupError(f"there is no world {name!r}; there are: {', '.join(world.name for world in alone())}")
    return found

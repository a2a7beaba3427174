"""What a mutation is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One planted bug: `before` stands exactly once in `file`."""

    name: str
    file: str
    before: str
    after: str
    catcher: str
    """A mode of simulations, or what pytest is to run."""

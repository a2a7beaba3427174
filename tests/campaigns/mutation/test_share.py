"""A share of the mutations, drawn by the commit: a proof that rots is seen within days, not at the next release."""

import subprocess
from random import Random

import pytest

from tests.campaigns.mutation import MUTANTS, Mutant
from tests.campaigns.mutation.__main__ import ROOT, hunt

SHARE = 3
QUICK = [mutant for mutant in MUTANTS if all(word.startswith("tests/unit/") for word in mutant.catcher.split())]
"""Those whose catchers need no server."""


def _commit() -> str:
    """The commit that is checked out; an installed copy of the sources has none."""
    asked = ("git", "rev-parse", "HEAD")
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("mutant", Random(_commit()).sample(QUICK, SHARE), ids=lambda mutant: mutant.name)
def test_a_drawn_mutation_is_caught(mutant: Mutant) -> None:
    """Its named catcher fails on a copy of the tree that has the bug."""
    _, outcome, _ = hunt(mutant)
    assert outcome == "caught"

"""A planted bug whose place has moved would prove nothing."""

import pytest

from tests.campaigns.mutation import MUTANTS, Mutant
from tests.campaigns.mutation.__main__ import ROOT
from tests.campaigns.simulation.mode import Mode


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_planted_bug_has_its_one_place(mutant: Mutant) -> None:
    """The text it replaces stands exactly once in its file, and is not what it is replaced by."""
    assert (ROOT / mutant.file).read_text().count(mutant.before) == 1
    assert mutant.before != mutant.after


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_mutation_names_a_catcher_that_exists(mutant: Mutant) -> None:
    """A mode of the simulation, or files of tests: a run that collects nothing would catch nothing."""
    is_mode = mutant.catcher in set(Mode)
    assert is_mode or all((ROOT / word.partition("::")[0]).exists() for word in mutant.catcher.split())

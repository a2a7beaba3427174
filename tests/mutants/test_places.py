"""A planted bug whose place has moved would prove nothing."""

import pytest

from tests.mutants import MUTANTS, Mutant
from tests.mutants.__main__ import ROOT


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_planted_bug_has_its_one_place(mutant: Mutant) -> None:
    """The text it replaces stands exactly once in its file, and is not what it is replaced by."""
    assert (ROOT / mutant.file).read_text().count(mutant.before) == 1
    assert mutant.before != mutant.after

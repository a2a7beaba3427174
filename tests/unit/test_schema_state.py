"""What `schema check`, `check` and `run` report about a database."""

import pytest

from worker.store.migrations import Migration, all_migrations, newest, oldest_program
from worker.store.schema_state import UNNUMBERED, Answer, Expected, Found, decide_state

EXPECTED = Expected(5, "abc")
SHAPE = {"table events": "1", "view health": "2"}


@pytest.mark.parametrize(
    ("found", "answer", "exit_code", "may_run"),
    [
        (Found(None), Answer.MISSING, 3, False),
        (Found(UNNUMBERED), Answer.OLDER, 4, False),
        (Found(4, 4, "(abc)", SHAPE, SHAPE), Answer.OLDER, 4, False),
        (Found(6, 6, "(xyz)", SHAPE, SHAPE), Answer.NEWER, 5, False),
        (Found(6, None, "(xyz)"), Answer.NEWER, 5, False),
        (Found(6, 5, "(xyz)", SHAPE, SHAPE), Answer.COMPATIBLE, 0, True),
        (Found(5, 5, "(abc)", SHAPE, SHAPE | {"table events": "9"}), Answer.ALTERED, 6, True),
        (Found(5, 5, "(abc)", SHAPE, SHAPE | {"view my_own": "9"}), Answer.AS_NEEDED, 0, True),
        (Found(5, 5, "(xyz)", SHAPE, SHAPE), Answer.OTHER_BUILD, 7, True),
        (Found(5, 5, "(abc)", None, SHAPE), Answer.AS_NEEDED, 0, True),
    ],
)
def test_each_answer(found: Found, answer: Answer, exit_code: int, may_run: bool) -> None:
    """And the exit code it has in the documentation."""
    state = decide_state(found, EXPECTED)
    assert (state.answer, state.exit_code, state.may_run) == (answer, exit_code, may_run)


def test_a_program_works_with_a_schema_that_is_ahead_by_additive_steps_only() -> None:
    """The last step that is not additive decides."""
    steps = (Migration(0, "a", ""), Migration(1, "b", "drop"), Migration(2, "c", "-- additive: a column\nalter"))
    assert (newest(steps), oldest_program(steps)) == (2, 1)
    assert oldest_program(all_migrations()) <= newest(all_migrations())

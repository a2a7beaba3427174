"""Finding a form of a list request that an account takes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.windows import Bounds
from worker.savvycal import appointment_requests, event_requests
from worker.savvycal.ladder import Ladder
from worker.savvycal.wire import ListForm

LADDERS = (appointment_requests.LADDER, event_requests.LADDER)


def search(
    ladder: Ladder, taken: Callable[[ListForm], bool], known: ListForm | None = None
) -> tuple[ListForm | None, int]:
    """The form that is found, and how many requests it took after the best one was refused."""
    asking, count = ladder.search(known or ladder.best, {ladder.best}), 0
    try:
        form = next(asking)
        while True:
            count += 1
            form = asking.send(taken(form))
    except StopIteration as end:
        return end.value, count


@pytest.mark.parametrize("ladder", LADDERS)
@given(data=st.data())
def test_whatever_is_refused_the_best_of_the_rest_is_found(ladder: Ladder, data: Any) -> None:
    """Any set of refused variants that leaves the plainest: the first variant of each part that is taken is chosen."""
    refused = {name: data.draw(st.sets(st.sampled_from(values[:-1]))) for name, values in ladder.variants.items()}
    best = {name: next(v for v in values if v not in refused[name]) for name, values in ladder.variants.items()}
    if all(value == getattr(ladder.best, name) for name, value in best.items()):
        return
    found, count = search(ladder, lambda form: all(getattr(form, name) not in refused[name] for name in refused))
    assert found == ListForm(**best)
    assert count <= sum(map(len, ladder.variants.values()))


@pytest.mark.parametrize("ladder", LADDERS)
def test_when_nothing_is_taken_few_requests_show_it(ladder: Ladder) -> None:
    """One for the plainest form, and one for each parameter that may be required."""
    assert search(ladder, lambda _: False) == (None, 1 + len(ladder.variants))


def test_a_required_parameter_is_kept() -> None:
    """A list that wants some page size, and not the largest one."""
    found, _ = search(appointment_requests.LADDER, lambda form: form.page_size in {10, 20, 25})
    assert found == ListForm(25)


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_small_size_is_found_where_only_such_are_taken(ladder: Ladder) -> None:
    """A page whose size is known can be asked for in smaller ones when it is bad."""
    found, _ = search(ladder, lambda form: (form.page_size or 10) <= 10)
    assert found == replace(ladder.best, page_size=10)


def test_the_form_that_was_known_is_bettered_where_it_can_be() -> None:
    """Tried again from the top: what is still refused costs one request each."""
    known = ListForm(20, "none")
    found, count = search(appointment_requests.LADDER, lambda form: form.page_size == 20, known)
    assert found == ListForm(20)
    assert count == 1 + 3 + 1


@pytest.mark.parametrize("ladder", LADDERS)
def test_forms_are_known_by_their_text(ladder: Ladder) -> None:
    """As it stands in account_facts."""
    assert ladder.named(str(ladder.best)) == ladder.best
    assert ladder.named(str(ladder.plainest)) == ladder.plainest
    assert ladder.named("page_size=7") is None


def test_what_is_left_out_never_makes_a_list_incomplete() -> None:
    """Every state, and events the token's user does not attend, whatever else is refused."""
    query = dict(
        event_requests.list_request(
            Bounds(date(2026, 1, 4), date(2026, 1, 8)), None, event_requests.LADDER.plainest
        ).query
    )
    assert query == {"state": "all", "attendance": "any", "period": "all"}

"""The model of problems: each cause from its facts, severity, order, and what is left out beside its cause."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.core.problem_rules import find_problems, upstream_cause
from worker.core.problems import (
    Cause,
    Facts,
    PausedAccount,
    Pile,
    Severity,
    Upstream,
    WindowState,
    began_and_ended,
    redis_down,
    summary,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)
PILES = {
    "dead_letters": Cause.DEAD_LETTERS,
    "quarantined": Cause.QUARANTINE,
    "credentials_overdue": Cause.CREDENTIALS_OVERDUE,
    "audit_differences": Cause.AUDIT_DIFFERS,
    "feeds_held_back": Cause.FEED_HELD_BACK,
}


def window(**given: object) -> WindowState:
    """A window that is well unless told otherwise."""
    usual: dict[str, object] = {"complete_as_of": NOW, "next_due_at": NOW, "interval_seconds": 60.0}
    return WindowState("default", "meetings", "near", **(usual | given))  # type: ignore[arg-type]


def refused(**given: object) -> Upstream:
    """A product whose token is refused."""
    return Upstream("default", "meetings", NOW, Cause.TOKEN_REFUSED, LONG_AGO, "SavvyCal answered 401", **given)  # type: ignore[arg-type]


def causes(facts: Facts) -> list[Cause]:
    """The causes found, in order."""
    return [problem.cause for problem in find_problems(facts)]


def test_nothing_wrong_is_said_in_one_sentence() -> None:
    """No facts that speak against it: all is well."""
    assert find_problems(Facts(NOW, windows=[window()])) == ()
    assert summary(()) == "All is well."


@pytest.mark.parametrize(("name", "cause"), PILES.items())
def test_each_pile_is_a_problem_with_its_count(name: str, cause: Cause) -> None:
    """What waits is counted, and holds since the oldest."""
    (found,) = find_problems(Facts(NOW, **{name: [Pile("acme", 3, LONG_AGO)]}))  # type: ignore[arg-type]

    assert (found.cause, found.scope, found.since) == (cause, "acme", LONG_AGO)
    assert "3" in found.sentence
    assert found.next_step


def test_a_refused_token_names_product_account_window_and_age() -> None:
    """One glance: what stopped, how old the data is, and what to set."""
    facts = Facts(NOW, upstreams=[refused()], windows=[window(complete_as_of=NOW - timedelta(minutes=4))])
    (found,) = find_problems(facts)

    assert found.severity is Severity.RED
    assert found.sentence == (
        "SavvyCal refuses the token for meetings of account default; window near is complete as of 4 min ago."
    )


@pytest.mark.parametrize(
    ("failing", "scopes"),
    [
        ({"meetings": Cause.TOKEN_REFUSED, "links": Cause.TOKEN_REFUSED}, ["default/meetings"]),
        ({"links": Cause.TOKEN_REFUSED}, ["default/meetings"]),
        ({"links": Cause.UPSTREAM_DOWN}, ["default/links"]),
        (
            {"appointments": Cause.TOKEN_REFUSED, "links": Cause.UPSTREAM_DOWN},
            ["default/appointments", "default/links"],
        ),
    ],
)
def test_a_product_that_fails_is_one_problem(failing: dict[str, Cause], scopes: list[str]) -> None:
    """Events and links have one token: a refused one is that of the product; a list alone may be out of order."""
    upstreams = [Upstream("default", listing, NOW, cause, LONG_AGO) for listing, cause in failing.items()]

    assert [problem.scope for problem in find_problems(Facts(NOW, upstreams=upstreams))] == scopes


def test_a_late_window_is_not_listed_beside_its_cause() -> None:
    """While the token is refused its windows are late, too: one problem, not five."""
    late = window(next_due_at=LONG_AGO)

    assert causes(Facts(NOW, windows=[late])) == [Cause.WINDOW_LATE]
    assert causes(Facts(NOW, windows=[late], upstreams=[refused()])) == [Cause.TOKEN_REFUSED]


def test_a_window_that_is_scanned_is_not_late() -> None:
    """A long backfill is no fault."""
    assert causes(Facts(NOW, windows=[window(next_due_at=LONG_AGO, is_scanning=True)])) == []


def test_partial_and_suspect_are_yellow() -> None:
    """They wait for a person; the mirror is current beside them."""
    found = find_problems(Facts(NOW, windows=[window(missing="a to b", suspect_since=LONG_AGO)]))

    assert [(p.cause, p.severity) for p in found] == [
        (Cause.WINDOW_PARTIAL, Severity.YELLOW),
        (Cause.SCAN_SUSPECT, Severity.YELLOW),
    ]


def test_the_next_step_acts_on_the_account_of_the_problem() -> None:
    """A command that is copied must not act on the account default."""
    held = replace(window(suspect_since=NOW), account="acme")
    facts = Facts(NOW, windows=[held], dead_letters=[Pile("acme", 1, NOW), Pile("default", 1, NOW)])
    steps = {(problem.cause, problem.scope.partition("/")[0]): problem.next_step for problem in find_problems(facts)}

    assert "approve-deletions meetings COUNT --account acme`" in steps[Cause.SCAN_SUSPECT, "acme"]
    assert "work retry --account acme`" in steps[Cause.DEAD_LETTERS, "acme"]
    assert "--account" not in steps[Cause.DEAD_LETTERS, "default"]


def test_a_refused_token_is_one_problem() -> None:
    """Links are read with the token of meetings: neither list is a problem, or a late window, of its own."""
    links = replace(refused(), product="links", since=NOW - timedelta(hours=9))
    late = replace(window(next_due_at=LONG_AGO), product="links")

    (found,) = find_problems(Facts(NOW, upstreams=[links, refused()], windows=[late]))

    assert (found.cause, found.scope) == (Cause.TOKEN_REFUSED, "default/meetings")
    assert found.since == min(LONG_AGO, NOW - timedelta(hours=9))


def test_a_cool_down_is_shown_for_a_minute_longer() -> None:
    """Else each 429 would begin and end a problem of its own."""
    limited = Upstream("default", "meetings", NOW, cooldown_until=NOW - timedelta(seconds=30))

    assert causes(Facts(NOW, upstreams=[limited])) == [Cause.RATE_LIMITED]
    assert causes(Facts(NOW + timedelta(minutes=1), upstreams=[limited])) == []


def test_the_most_urgent_comes_first() -> None:
    """A server that is away before what it causes, red before yellow."""
    facts = Facts(NOW, True, [refused()], [], [Pile("default", 1, LONG_AGO)])
    found = find_problems(facts)

    assert [p.cause for p in found] == [Cause.POSTGRES_READ_ONLY, Cause.TOKEN_REFUSED, Cause.DEAD_LETTERS]
    assert summary(found) == "Postgres takes no writes, as after a failover. (2 more problems)"


def test_one_failure_is_no_outage() -> None:
    """Two in a row are; a refused token is at once."""
    assert upstream_cause(False, 1) is None
    assert upstream_cause(False, 2) is Cause.UPSTREAM_DOWN
    assert upstream_cause(True, 1) is Cause.TOKEN_REFUSED


def test_redis_is_red() -> None:
    """Requests through the queue wait."""
    assert redis_down(NOW, "ConnectionError").severity is Severity.RED


def test_an_account_that_was_removed_is_no_problem() -> None:
    """Its windows stay in the tables, and no process scans them."""
    gone = WindowState("gone", "meetings", "near", None, NOW - timedelta(hours=1))
    facts = Facts(NOW, windows=[gone], dead_letters=[Pile("gone", 3, NOW)])

    assert len(find_problems(facts)) == 2
    assert find_problems(facts.of_accounts({"default"})) == ()
    assert find_problems(facts.of_accounts({"gone"})) == find_problems(facts)


def test_a_pause_is_one_problem_of_its_account_and_hides_what_follows_from_it() -> None:
    """What nobody asks is neither late nor down; other products of the account still are."""
    paused = [PausedAccount("default", ["links", "meetings"], LONG_AGO)]
    late = window(next_due_at=LONG_AGO, is_paused=True)
    other = replace(late, product="appointments", is_paused=False)
    (found,) = find_problems(Facts(NOW, upstreams=[refused()], windows=[late], paused=paused))

    assert (found.cause, found.scope, found.severity, found.since) == (Cause.PAUSED, "default", "yellow", LONG_AGO)
    assert found.sentence == "Account default is paused for links and meetings: nothing of that is read at SavvyCal."
    assert causes(Facts(NOW, windows=[late, other], paused=paused)) == [Cause.WINDOW_LATE, Cause.PAUSED]


def test_a_problem_that_lasts_neither_begins_nor_ends() -> None:
    """Even when its sentence changes: cause and scope make it the same."""
    three, four = (find_problems(Facts(NOW, dead_letters=[Pile("acme", n, LONG_AGO)])) for n in (3, 4))
    other = redis_down(NOW, "ConnectionError")

    assert began_and_ended((), three) == ([*three], [])
    assert began_and_ended(three, [*four, other]) == ([other], [])
    assert began_and_ended([*four, other], [other]) == ([], [*four])

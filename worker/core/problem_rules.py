"""Which problems follow from the facts. Pure: facts in, problems out.

A problem that only follows from another one is not listed beside its cause.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from worker.core.kinds import KINDS, Product
from worker.core.problems import Cause, Facts, Problem, Upstream, WindowState, in_order, span

LATE_AFTER = timedelta(minutes=10)
"""A window that is due for longer, and that nobody scans, is late. The view `health` counts the same windows."""

RATE_LIMIT_SHOWN = timedelta(minutes=1)
"""A 429 is a problem until its cool-down is over for this long: else it would begin and end with each answer."""

FAILURES_SHOWN = 2


def upstream_cause(is_refused: bool, failure_count: int) -> Cause | None:
    """The cause that the answers of a product speak for. `failure_count`: failures in a row."""
    if is_refused:
        return Cause.TOKEN_REFUSED
    return Cause.UPSTREAM_DOWN if failure_count >= FAILURES_SHOWN else None


def find_problems(facts: Facts) -> tuple[Problem, ...]:
    """All problems that follow from the facts, the most urgent first."""
    found = [
        *_read_only(facts),
        *(_upstream(each, facts) for each in _stopped(facts)),
        *_rate_limited(facts),
        *_windows(facts),
        *_piles(facts),
        *_paused(facts),
    ]
    return in_order(found)


def _read_only(facts: Facts) -> Iterable[Problem]:
    if facts.is_read_only:
        yield Problem(
            Cause.POSTGRES_READ_ONLY,
            "",
            facts.now,
            "Postgres takes no writes, as after a failover.",
            "Make DATABASE_URL lead to the primary.",
        )


def _stopped(facts: Facts) -> Iterable[Upstream]:
    """What does not answer. A token that is refused is one problem, whatever lists and objects are read with it."""
    found: dict[tuple[str, str, str], Upstream] = {}
    for each in _asked(facts):
        if each.cause:
            one = replace(each, product=_token_of(each.product)) if each.cause == Cause.TOKEN_REFUSED else each
            key = one.account, one.product, each.cause
            found[key] = min(found.get(key, one), one, key=lambda u: u.since or u.observed_at)
    return found.values()


def _asked(facts: Facts) -> Iterable[Upstream]:
    """How SavvyCal answered; what it answered last about a paused product is no problem now."""
    paused = {(one.account, product) for one in facts.paused for product in one.products}
    return (each for each in facts.upstreams if (each.account, each.product) not in paused)


def _token_of(product: str) -> str:
    """The product whose token reads a product: links are read with that of meetings."""
    return KINDS[Product(product).kind].product.value


def _upstream(found: Upstream, facts: Facts) -> Problem:
    of = f"{found.product} of account {found.account}"
    stale = _oldest(found, facts)
    scope = f"{found.account}/{found.product}"
    since = found.since or found.observed_at
    if found.cause == Cause.TOKEN_REFUSED:
        said = f"SavvyCal refuses the token for {of}{stale}."
        return Problem(
            Cause.TOKEN_REFUSED, scope, since, said, f"Set a valid token; {found.error or 'it was refused'}."
        )
    said = f"SavvyCal does not answer for {of}{stale}."
    step = f"Wait, or check the network ({found.error or 'no answer'}). Requests resume by themselves."
    return Problem(Cause.UPSTREAM_DOWN, scope, since, said, step)


def _oldest(found: Upstream, facts: Facts) -> str:
    """The window that shows the stop first: the one with the shortest interval."""
    mine = [w for w in facts.windows if (w.account, w.product) == (found.account, found.product)]
    first = min(mine, key=lambda w: (w.interval_seconds or float("inf"), w.window_name), default=None)
    return f"; window {first.window_name} is {_completeness(first, facts.now)}" if first else ""


def _completeness(window: WindowState, now: datetime) -> str:
    if window.complete_as_of is None:
        return "not complete yet"
    return f"complete as of {span((now - window.complete_as_of).total_seconds())} ago"


def _rate_limited(facts: Facts) -> Iterable[Problem]:
    for each in _asked(facts):
        if each.cooldown_until and each.cooldown_until + RATE_LIMIT_SHOWN > facts.now:
            yield Problem(
                Cause.RATE_LIMITED,
                f"{each.account}/{each.product}",
                each.observed_at,
                f"SavvyCal asked for fewer requests (429) for {each.product} of account {each.account}.",
                "Wait. If it comes back, lower SAVVYCAL_REQUESTS_PER_MINUTE.",
            )


def _windows(facts: Facts) -> Iterable[Problem]:
    stopped = {(u.account, u.product, u.cause) for u in _stopped(facts)}
    for window in facts.windows:
        causes = {
            (window.account, window.product, Cause.UPSTREAM_DOWN),
            (window.account, _token_of(window.product), Cause.TOKEN_REFUSED),
        }
        if is_late(window, facts.now) and not causes & stopped:
            yield _late(window, facts.now)
        if window.missing:
            yield _partial(window)
        if window.suspect_since:
            yield _suspect(window, window.suspect_since)


def is_late(window: WindowState, now: datetime) -> bool:
    """Whether a window is due for longer than LATE_AFTER and nobody scans it, though nobody paused it."""
    return not (window.is_scanning or window.is_paused) and now - window.next_due_at > LATE_AFTER


def _name(window: WindowState) -> str:
    return f"{window.product}/{window.window_name} of account {window.account}"


def _option(account: str) -> str:
    """Commands act on the account default unless another one is named."""
    return "" if account == "default" else f" --account {account}"


def _scope(window: WindowState) -> str:
    return f"{window.account}/{window.product}/{window.window_name}"


def _late(window: WindowState, now: datetime) -> Problem:
    due = span((now - window.next_due_at).total_seconds())
    said = f"Window {_name(window)} is due for {due} and nobody scans it; it is {_completeness(window, now)}."
    step = "Check that a worker runs (`savvycal-sync work list`)."
    return Problem(Cause.WINDOW_LATE, _scope(window), window.next_due_at + LATE_AFTER, said, step)


def _partial(window: WindowState) -> Problem:
    since = window.complete_as_of or window.next_due_at
    said = f"SavvyCal cannot serve a part of window {_name(window)}: {window.missing}."
    step = "Tell SavvyCal the range and the reason; each scan tries again."
    return Problem(Cause.WINDOW_PARTIAL, _scope(window), since, said, step)


def _suspect(window: WindowState, since: datetime) -> Problem:
    said = f"A scan of window {_name(window)} missed too many objects and is held by the delete guard."
    command = f"savvycal-sync approve-deletions {window.product} COUNT{_option(window.account)}"
    step = f"If they are deleted at SavvyCal: `{command}`."
    return Problem(Cause.SCAN_SUSPECT, _scope(window), since, said, step)


_PILES = (
    (
        "dead_letters",
        Cause.DEAD_LETTERS,
        "Dead letters of account {account} that wait for a person: {count}.",
        "See `savvycal-sync work list`, then `work retry{option}` or `work discard NAME{option}`.",
    ),
    (
        "quarantined",
        Cause.QUARANTINE,
        "Records of account {account} that cannot be read and are in quarantine: {count}.",
        "See `reason` in savvycal.quarantine and upgrade savvycal-sync.",
    ),
    (
        "credentials_overdue",
        Cause.CREDENTIALS_OVERDUE,
        "Credentials of account {account} that are past their date and not deleted: {count}.",
        "Check that a worker runs: it deletes them.",
    ),
    (
        "audit_differences",
        Cause.AUDIT_DIFFERS,
        "Differences that the audits of the last hour found in account {account}: {count}.",
        "Run `savvycal-sync audit{option}`; what differs has been read again already.",
    ),
    (
        "feeds_held_back",
        Cause.FEED_HELD_BACK,
        "Changes of account {account} that are stored and not in the change feed yet: {count}.",
        "See feed_held_by in savvycal.health: end that session.",
    ),
)


def _piles(facts: Facts) -> Iterable[Problem]:
    for name, cause, said, step in _PILES:
        for pile in getattr(facts, name):
            sentence = said.format(count=pile.count, account=pile.account)
            next_step = step.format(option=_option(pile.account))
            yield Problem(cause, pile.account, pile.since, sentence, next_step)


def _paused(facts: Facts) -> Iterable[Problem]:
    for one in facts.paused:
        products = " and ".join(one.products)
        said = f"Account {one.account} is paused for {products}: nothing of that is read at SavvyCal."
        step = f"Resume with `savvycal-sync accounts resume {one.account}`. Webhooks and requests are kept until then."
        yield Problem(Cause.PAUSED, one.account, one.since, said, step)

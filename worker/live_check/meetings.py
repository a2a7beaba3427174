"""What is asked of the Meetings API, and what the answers show. Pure: a generator of questions."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.core.windows import FAR
from worker.live_check.answers import (
    WHOLE_PAGE,
    Document,
    Question,
    acceptance,
    direction,
    error_form,
    followed,
    is_unreadable,
    moment,
    number,
    outer,
    records,
    reduced,
)
from worker.savvycal.client import Answer
from worker.savvycal.event_requests import PATH, get_request
from worker.savvycal.wire import Request, is_id

Values = dict[str, str | None]
Form = tuple[str | None, int | None]
"""Direction and size of a page as the account takes them; None is refused, so it is asked for in no question."""

Steps = Generator[Question, Answer, Values]
EVERYTHING = (("state", "all"), ("attendance", "any"))
SIZE, SIZE_TOO_LARGE = 100, 1000
UNKNOWN_ID = "event_00000000000000000000000000"
EARLY, LATE = timedelta(hours=4), timedelta(hours=20)
"""An event before the one or after the other may show that days are not those of UTC."""

PROOF = timedelta(hours=1)
"""Events so near to both ends of a day show that they are: no zone in which people live is nearer to UTC."""

DAY = timedelta(days=1)
FAR_EAST = timedelta(hours=10)
"""An event before it is on its day in every zone east of UTC, the farthest of which is 14 h ahead."""

NOT_UTC = "not UTC"


def _list(name: str, *query: tuple[str, str], may_fail: bool = False) -> Question:
    return Question(name, Request(PATH, (*EVERYTHING, *query)), may_fail=may_fail)


def _everything(name: str, direction_: str | None, size: int | None) -> Question:
    order = (("direction", direction_),) if direction_ else ()
    limit = (("limit", str(size)),) if size else ()
    return _list(name, ("period", "all"), *order, *limit)


def steps() -> Generator[Question, Answer, tuple[Values, list[Document]]]:
    """All questions; returns what was found by name of the point, and the events that were seen."""
    values: Values = {}
    first, form = yield from _first_page(values)
    events = records(first, "entries")
    if is_unreadable(first):
        values["unreadable"] = WHOLE_PAGE
    if first.status == 200:
        yield from _orders(values, events, form)
    values |= yield from _oddities(form)
    values |= yield from _dates(events, form)
    return values, events


def _starts(answer: Answer) -> list[datetime | None]:
    return [moment(event.get("start_at")) for event in records(answer, "entries")]


def _first_page(values: Values) -> Generator[Question, Answer, tuple[Answer, Form]]:
    """The list as the mirror asks for it, or with what is refused left out; the page, and the form that was taken."""
    forms: tuple[Form, ...] = (("asc", SIZE), ("asc", None), (None, SIZE), (None, None))
    answers: dict[Form, Answer] = {}
    for form in forms:
        answers[form] = yield _everything("a page of the list", *form)
        if answers[form].status == 200:
            break
    taken = next((form for form, answer in answers.items() if answer.status == 200), forms[0])
    refused = f"refused ({answers[forms[0]].status})"
    granted = number(answers[taken], "metadata", "limit")
    if answers[taken].status != 200 or taken[1] is None:
        values["page_size"] = refused
    else:
        values["page_size"] = str(granted) if granted else None
    values["order"] = refused if taken[0] is None else None
    return answers[taken], taken


def _orders(values: Values, events: list[Document], form: Form) -> Generator[Question, Answer, None]:
    """Order without `direction` and against it, and a size beyond the maximum."""
    plain = yield _everything("a page without direction", None, form[1])
    values["default_order"] = direction(_starts(plain))
    if form[0]:
        down = yield _everything("a page in descending order", "desc", form[1])
        up = direction([moment(event.get("start_at")) for event in events])
        values["order"] = followed(up, direction(_starts(down)))
    large = yield _everything("a page beyond the maximum", form[0], SIZE_TOO_LARGE)
    values["page_size_too_large"] = reduced(large, number(large, "metadata", "limit"))


def _limit(form: Form, size: int) -> tuple[tuple[str, str], ...]:
    return (("limit", str(size)),) if form[1] else ()


def _oddities(form: Form) -> Steps:
    """Requests that are not documented: each is harmless and reads at most one event, or one page."""
    few = _limit(form, 1)
    far = yield _list("until far away", *_fixed(FAR - DAY, FAR), *few)
    unknown = yield Question(
        "an unknown state", Request(PATH, (("state", "nonexistent"), ("attendance", "any"), *few)), may_fail=True
    )
    cursor = yield _list("a bad cursor", ("period", "all"), *few, ("after", "no-cursor"), may_fail=True)
    missing = yield Question("an unknown event", get_request(UNKNOWN_ID), may_fail=True)
    return {
        "until_far_away": acceptance(far),
        "unknown_filter": "refused" if 400 <= unknown.status < 500 else _ignored(unknown),
        "bad_cursor": _ignored(cursor),
        "not_found": error_form(missing),
    }


def _ignored(answer: Answer) -> str | None:
    """What became of something illegal: the status, or that it was ignored."""
    if is_unreadable(answer):
        return None
    return "ignored" if answer.status == 200 else str(answer.status)


def _fixed(first: object, last: object | None = None) -> tuple[tuple[str, str], ...]:
    until = (("until", str(last)),) if last else ()
    return (("period", "fixed"), ("from", str(first)), *until)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An event and when it starts, in UTC."""

    id: str
    start: datetime

    @property
    def time_of_day(self) -> timedelta:
        return timedelta(hours=self.start.hour, minutes=self.start.minute, seconds=self.start.second)


def _dates(events: list[Document], form: Form) -> Steps:
    """What `from` and `until` include, and in which zone they are days. Shown by events at noon and near midnight."""
    placed = [
        _Placed(event["id"], start)
        for event in events
        if isinstance(event.get("id"), str) and is_id(event["id"]) and (start := moment(event.get("start_at")))
    ]
    if not placed:
        return {}
    noon = min(placed, key=lambda one: abs(one.time_of_day - DAY / 2))
    alone = yield _list("from without until", *_fixed(noon.start.date()), *_limit(form, 1))
    values: Values = {"from_without_until": acceptance(alone)}
    reach = yield from _reach(noon, form)
    if reach is None:
        return values
    is_far_east = False if reach[1] else (yield from _is_far_east(placed, reach, form))
    reach = reach[0], reach[1] or is_far_east
    values |= {"from_day": _listed(reach[0]), "until_day": _listed(reach[1])}
    values["time_zone_of_dates"] = NOT_UTC if is_far_east else (yield from _zone(placed, reach, form))
    return values


def _is_far_east(placed: list[_Placed], reach: tuple[bool, bool], form: Form) -> Generator[Question, Answer, bool]:
    """Whether the day of `until` is listed all the same: noon in UTC is the next day in zones from +12 h on, but an
    event of the small hours is on its day there, too.
    """
    early = [one for one in placed if EARLY <= one.time_of_day < FAR_EAST]
    return bool(early) and bool((yield from _is_listed(early[0], int(not reach[0]), 0, form)))


def _listed(is_listed: bool) -> str:
    return "listed" if is_listed else "not listed"


def _reach(noon: _Placed, form: Form) -> Generator[Question, Answer, tuple[bool, bool] | None]:
    """Whether the days of `from` and of `until` are listed: by an event at noon, which is on its day in most zones."""
    if (yield from _is_listed(noon, 0, 0, form)):
        return True, True
    if not (yield from _is_listed(noon, 1, 1, form)):
        return None  # it was moved meanwhile, or dates mean something else
    from_day = yield from _is_listed(noon, 0, 1, form)
    until_day = yield from _is_listed(noon, 1, 0, form)
    return (bool(from_day), bool(until_day)) if from_day is not None and until_day is not None else None


def _zone(placed: list[_Placed], reach: tuple[bool, bool], form: Form) -> Generator[Question, Answer, str | None]:
    """Whether an event early and one late on a UTC day are listed on that day."""
    early, late = min(placed, key=lambda one: one.time_of_day), max(placed, key=lambda one: one.time_of_day)
    seen = []
    for one, is_near in ((early, early.time_of_day <= EARLY), (late, late.time_of_day >= LATE)):
        is_listed = (yield from _is_listed(one, int(not reach[0]), int(not reach[1]), form)) if is_near else None
        if is_listed is False and (yield from _is_still_there(one)):
            return NOT_UTC
        seen.append(is_listed)
    is_proven = early.time_of_day < PROOF and late.time_of_day >= DAY - PROOF
    return "UTC" if all(seen) and is_proven else None


def _is_listed(one: _Placed, before: int, after: int, form: Form) -> Generator[Question, Answer, bool | None]:
    """Whether an event is in the list of its day, with so many days before and after; None when it cannot be told."""
    first, last = one.start.date() - before * DAY, one.start.date() + after * DAY
    order = (("direction", "desc" if one.time_of_day > DAY / 2 else "asc"),) if form[0] else ()
    answer = yield _list("one day", *_fixed(first, last), *order, *_limit(form, SIZE))
    if answer.status != 200:
        return None
    if one.id in {event.get("id") for event in records(answer, "entries")}:
        return True
    metadata: Mapping[str, object] = _metadata(answer)
    return None if metadata.get("after") else False


def _metadata(answer: Answer) -> Mapping[str, object]:
    found = outer(answer).get("metadata")
    return found if isinstance(found, dict) else {}


def _is_still_there(one: _Placed) -> Generator[Question, Answer, bool]:
    """Whether an event still starts when it did: it may have been moved between two questions."""
    answer = yield Question("an event by id", get_request(one.id))
    return moment(outer(answer).get("start_at")) == one.start

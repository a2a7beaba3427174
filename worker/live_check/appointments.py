"""What is asked of the Appointments API, and what the answers show. Pure: a generator of questions.

No names or contacts of clients are asked for.
"""

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from typing import Literal

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
from worker.savvycal.appointment_requests import PROBE, cursor_of, get_request, list_request
from worker.savvycal.appointments import MEETING_OBJECT, MEETING_PROPERTY
from worker.savvycal.client import Answer
from worker.savvycal.wire import ListForm, Place, Request, is_id

Values = dict[str, str | None]
ORDERS: tuple[Literal["brackets", "bare", "none"], ...] = ("brackets", "bare", "none")
FORMS = tuple(ListForm(size, order, sensitive="none") for order in ORDERS for size in (100, 20, None))
"""As the mirror asks first; then with what may be refused said otherwise, or left out. `include_sensitive` has a
question of its own, with the value that asks for nothing.
"""

SIZES_BETWEEN = (50, 25)
DEFAULT_SIZE = 50
SIZE_TOO_LARGE = 1000
PAGE_BEYOND = 100_000
UNKNOWN_ID = "appt_000000000000"
READ_BY_ID_MAX = 3
MEETING_ID = "amtg_"
ID_ONLY = " (an id only)"


def steps(has_account: bool) -> Generator[Question, Answer, tuple[Values, list[Document]]]:
    """All questions; returns what was found by name of the point, and the appointments that were seen."""
    values: Values = {"account_header": (yield from _account_header(has_account))}
    if values["account_header"] == "yes":
        return values, []
    first, form = yield from _first_page(values)
    found = records(first, "data")
    if is_unreadable(first):
        values["unreadable"] = WHOLE_PAGE
    if first.status == 200:
        yield from _orders(values, first, form)
        values["include_sensitive"] = yield from _sensitive(form)
    missing = yield Question("an unknown appointment", get_request(False, UNKNOWN_ID, form), may_fail=True)
    values["not_found"] = error_form(missing)
    values |= yield from _meetings(found)
    return values | {"local_time": _local_time(found)}, found


def _sensitive(form: ListForm) -> Generator[Question, Answer, str | None]:
    answer = yield Question("a page that says include_sensitive", list_request(False, None, _sized(form, 1, "sent")))
    return acceptance(answer)


def _sized(form: ListForm, size: int | None, sensitive: Literal["sent", "none"] = "none") -> ListForm:
    """The same way of asking, with another size where sizes are taken."""
    return replace(form, page_size=size if form.page_size else None, sensitive=sensitive)


def _account_header(has_account: bool) -> Generator[Question, Answer, str | None]:
    """Whether the account has to be named: a platform token gets 400 without."""
    bare = yield Question("the account, without naming it", PROBE, names_account=False)
    if bare.status == 200:
        return "no"
    if bare.status != 400:
        return None
    return "yes, and it is set" if has_account else "yes"


def _first_page(values: Values) -> Generator[Question, Answer, tuple[Answer, ListForm]]:
    answers: list[Answer] = []
    for form in FORMS:
        answers.append((yield Question("a page of the list", list_request(False, None, form))))
        if answers[-1].status == 200:
            break
    taken = FORMS[len(answers) - 1]
    refused = f"refused ({answers[0].status})"
    if answers[-1].status != 200:
        values["page_size"] = refused
        return answers[-1], taken
    values["order"] = {"bare": f"{refused}, taken without brackets", "none": refused}.get(taken.order)
    values["page_size"] = _text(number(answers[-1], "meta", "page_size"))
    if taken.page_size != FORMS[0].page_size:
        most = yield from _largest(taken)
        values["page_size"] = f"{refused}, " + (f"at most {most}" if most else "taken without a size")
    return answers[-1], taken


def _largest(taken: ListForm) -> Generator[Question, Answer, int | None]:
    """The largest page size that is not refused, of those the mirror tries."""
    for size in SIZES_BETWEEN if taken.page_size else ():
        answer = yield Question("a smaller page", list_request(False, None, replace(taken, page_size=size)))
        if answer.status == 200:
            return size
    return taken.page_size


def _orders(values: Values, first: Answer, form: ListForm) -> Generator[Question, Answer, None]:
    """Order and size when none is asked for, the other direction, and pages beyond what there is."""
    plain = yield Question("a page without size and order", list_request(False, None, FORMS[-1]))
    default = number(plain, "meta", "page_size")
    values["default_order"] = direction(_starts(plain))
    if form.order != "none":
        request = list_request(False, None, form)
        query = tuple((name, "asc" if value == "desc" else value) for name, value in request.query)
        up = yield Question("a page in ascending order", Request(request.path, query))
        is_followed = followed(direction(_starts(up)), direction(_starts(first)))
        values["order"] = values.get("order") or is_followed
    large = yield Question(
        "a page beyond the maximum", list_request(False, None, replace(form, page_size=SIZE_TOO_LARGE)), may_fail=True
    )
    most = number(large, "meta", "page_size")
    values["page_size_too_large"] = reduced(large, most)
    is_cut = default is not None and default == most and default < DEFAULT_SIZE  # by the maximum: shows no default
    values["default_page_size"] = None if is_cut else _text(default)
    far = cursor_of(Place(PAGE_BEYOND, form.page_size))
    beyond = yield Question("a page beyond the last", list_request(False, far, form), may_fail=True)
    values["page_beyond_the_end"] = _emptiness(beyond)


def _emptiness(answer: Answer) -> str | None:
    if is_unreadable(answer):
        return None
    if answer.status != 200:
        return f"refused ({answer.status})"
    return "records" if records(answer, "data") else "empty"


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _starts(answer: Answer) -> list[datetime | None]:
    return [_start(one) for one in records(answer, "data")]


def _start(appointment: Document) -> datetime | None:
    found = appointment.get("start_at")
    return moment(found.get("utc")) if isinstance(found, dict) else None


def carrying_field(appointment: Document) -> str | None:
    """The name of the property that carries a meeting, None without a meeting."""
    found = carrier(appointment)
    return found.removesuffix(ID_ONLY) if found else None


def carrier(appointment: Document) -> str | None:
    """The property that carries a meeting, with a remark when it holds no more than an id; None without a meeting."""
    if isinstance(appointment.get(MEETING_PROPERTY), dict):
        return MEETING_PROPERTY
    for name, value in appointment.items():
        if isinstance(value, dict) and value.get("object") == MEETING_OBJECT:
            return name
        if isinstance(value, str) and value.startswith(MEETING_ID):
            return f"{name}{ID_ONLY}"
    return None


def _meetings(found: list[Document]) -> Generator[Question, Answer, Values]:
    """Which property carries the meeting, in lists and by id. Without one in the list, a few are read."""
    listed = [name for one in found if (name := carrier(one))]
    if embedded := [name for name in listed if not name.endswith(ID_ONLY)]:
        return {"meeting_property": embedded[0], "lists_embed_meeting": "yes"}
    for one in _likely(found)[:READ_BY_ID_MAX]:
        answer = yield Question("an appointment by id", get_request(False, one["id"], FORMS[0]))
        read = outer(answer).get("data")
        if isinstance(read, dict) and (name := carrier(read)):
            return {"meeting_property": name, "lists_embed_meeting": "no"}
    return {"meeting_property": listed[0]} if listed else {}


def _likely(found: list[Document]) -> list[Document]:
    """Virtual appointments that take place, the farthest first."""
    virtual = [one for one in found if one.get("appointment_type") == "virtual"]
    known = [one for one in virtual if isinstance(one.get("id"), str) and is_id(one["id"])]
    return sorted(known, key=lambda one: one.get("status") != "scheduled")


def _local_time(found: list[Document]) -> str | None:
    """Whether `local` carries an offset."""
    times = [one["start_at"].get("local") for one in found if isinstance(one.get("start_at"), dict)]
    texts = [text for text in times if isinstance(text, str) and len(text) >= 19]
    kinds = {"without offset" if len(text) == 19 else "with offset" for text in texts}
    return " and ".join(sorted(kinds)) or None

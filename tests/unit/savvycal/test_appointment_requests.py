"""SavvyCal Appointments: requests as documented, and pages."""

import json
from datetime import date

import pytest

from tests.unit.savvycal.examples import raw
from worker.core.windows import Bounds
from worker.errors import Malformed, ResyncRejected
from worker.savvycal import appointment_requests
from worker.savvycal.appointment_requests import get_request, is_past_range, list_request, parse_one, parse_page
from worker.savvycal.wire import ListForm, Page, Request


@pytest.mark.parametrize(("include", "word"), [(True, "true"), (False, "false")])
@pytest.mark.parametrize(("cursor", "page"), [(None, "1"), ("1", "1"), ("7", "7")])
def test_list_request(include: bool, word: str, cursor: str | None, page: str) -> None:
    """A page is asked for by its number, sorted downwards by start, with or without contacts."""
    assert list_request(include, cursor) == Request(
        "/appointments",
        (
            ("page", page),
            ("page_size", "100"),
            ("order_by[]", "start_at_utc"),
            ("order_directions[]", "desc"),
            ("include_sensitive", word),
        ),
    )


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        (ListForm(25, "bare"), ("page", "page_size", "order_by", "order_directions", "include_sensitive")),
        (ListForm(None, "brackets"), ("page", "order_by[]", "order_directions[]", "include_sensitive")),
        (ListForm(None, "none"), ("page", "include_sensitive")),
    ],
)
def test_list_request_in_another_form(form: ListForm, asked: tuple[str, ...]) -> None:
    """Size and order are said otherwise, or not at all, where an account does not take them."""
    assert tuple(name for name, _ in list_request(True, None, form).query) == asked


@pytest.mark.parametrize(("include", "word"), [(True, "true"), (False, "false")])
def test_get_request(include: bool, word: str) -> None:
    """One appointment is asked for by id; what is no id is not asked for."""
    assert get_request(include, "appt_1") == Request("/appointments/appt_1", (("include_sensitive", word),))
    with pytest.raises(ResyncRejected):
        get_request(include, "appt_1/cancel")
    assert get_request(include, "appt_1", ListForm(sensitive="none")) == Request("/appointments/appt_1")


def test_the_probe_is_the_account() -> None:
    """The cheapest call that needs a token is the account's own."""
    assert Request("/account") == appointment_requests.PROBE


def page_of(current: int, pages: int, records: str = '{"id":"a"},{"id":"b"}', count: int = 50) -> bytes:
    """A page of the documentation's envelope."""
    meta = f'{{"current_page":{current},"page_size":10,"total_count":{count},"total_pages":{pages}}}'
    return f'{{"data":[{records}],"meta":{meta}}}'.encode()


@pytest.mark.parametrize(
    ("asked", "current", "pages", "following"),
    [(None, 1, 5, "2/10"), ("2/10", 2, 5, "3/10"), ("2/5", 2, 5, "3/5"), ("5", 5, 5, None), ("6", 6, 5, None)],
)
def test_a_page(asked: str | None, current: int, pages: int, following: str | None) -> None:
    """The next page is asked for by its number, and as many records as were granted, until there is none."""
    expected = Page((b'{"id":"a"}', b'{"id":"b"}'), following, 50, 10)
    assert parse_page(page_of(current, pages), asked) == expected


@pytest.mark.parametrize(("current", "pages"), [(1, 0), (1, 1), (1, 5)])
def test_an_empty_page_ends_the_iteration(current: int, pages: int) -> None:
    """A page without records is the last one, whatever `meta` promises."""
    assert parse_page(page_of(current, pages, "", 0), None) == Page((), None, 0, 10)


def test_another_page_than_the_one_asked_for_is_malformed() -> None:
    """A page that answers with another number would end an iteration too early, or never."""
    with pytest.raises(Malformed, match="page 1 instead of 3"):
        parse_page(page_of(1, 5), "3")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"{}", b'{"data":[]}', b'{"meta":{"current_page":1,"total_pages":1,"total_count":0}}'),
        *(b'{"data":{},"meta":{"current_page":1,"total_pages":1,"total_count":0}}', b'{"data":[],"meta":{}}'),
        *(b'{"data":[],"meta":{"current_page":"1","total_pages":1,"total_count":0}}', b'{"data":[],"meta":null}'),
        *(b'{"data":[],"meta":{"current_page":1,"total_count":0}}', b'{"entries":[],"metadata":{"after":null}}'),
        *(b'{"data":[],"meta":{"current_page":1.5,"total_pages":1,"total_count":0}}',),
    ],
)
def test_a_page_of_another_shape_is_malformed(body: bytes) -> None:
    """Anything but the documented envelope is refused as a whole."""
    with pytest.raises(Malformed):
        parse_page(body, None)


def test_one_appointment_is_served_inside_data() -> None:
    """The record of a single GET is what `data` holds, byte for byte; anything else is malformed."""
    assert parse_one(b'{"data":{"id": "a"}}') == b'{"id": "a"}'
    with pytest.raises(Malformed):
        parse_one(b'{"id":"a"}')


def page(*days: str | None) -> Page:
    """Records that start at these days of January 2026."""
    starts = [{"utc": f"2026-01-{day}T15:00:00Z"} if day else None for day in days]
    return Page(tuple(raw({"id": f"appt_{n}", "start_at": start}) for n, start in enumerate(starts)), None)


@pytest.mark.parametrize(
    ("found", "past"),
    [
        (page("09", "08", "03"), True),
        (page("03"), True),
        (page("09", None, "03"), True),
        (page("09", "08", "04"), False),
        (page("09", "08"), False),
        (page("03", "09"), False),
        (page("09", "03", "08"), False),
        (page(None, None), False),
        (page(), False),
    ],
    ids=["past", "single", "one without start", "first day", "ahead", "upwards", "unsorted", "no starts", "empty"],
)
def test_an_iteration_that_went_past(found: Page, past: bool) -> None:
    """An iteration may stop once a page, itself sorted downwards, ends before the first day of the range."""
    assert is_past_range(found, Bounds(date(2026, 1, 4), None)) is past


def test_an_iteration_without_a_first_day_never_stops_early() -> None:
    """All of history is read to its end."""
    assert is_past_range(page("03"), Bounds(None, None)) is False


@pytest.mark.parametrize("stranger", [b'{"id":"appt_9","start_at":"2026-01-03"}', b"{", b'{"start_at":{"utc":3}}'])
def test_a_record_that_cannot_be_read_proves_nothing_about_order(stranger: bytes) -> None:
    """A page with such a record never ends an iteration."""
    ending = page("03")
    assert is_past_range(ending, Bounds(date(2026, 1, 4), None))
    assert not is_past_range(Page((*ending.records, stranger), None), Bounds(date(2026, 1, 4), None))


@pytest.mark.parametrize("damage", [rb'"\ud83d"', b"[" * 2000 + b"]" * 2000, b'"\x01"', b"NaN"])
def test_a_damaged_record_with_a_readable_start_ends_an_iteration_as_any_other(damage: bytes) -> None:
    """Else an iteration would read on for ever, past pages of damaged records."""
    damaged = b'{"x":' + damage + b',"start_at":{"local":"2026","utc":"2026-01-03T00:00:00Z"}}'
    assert is_past_range(Page((*page("09").records, damaged), None), Bounds(date(2026, 1, 4), None))


@pytest.mark.parametrize("count", [10**30, -1])
def test_a_number_of_records_that_cannot_be_is_none(count: int) -> None:
    """Nothing depends on it, so it stops no page."""
    meta = {"current_page": 1, "total_pages": 1, "total_count": count}
    assert parse_page(json.dumps({"data": [], "meta": meta}).encode(), None).total is None

"""SavvyCal Meetings: requests as documented, and pages."""

from datetime import date

import pytest

from worker.core.windows import FAR, Bounds
from worker.errors import Malformed, ResyncRejected
from worker.savvycal import event_requests
from worker.savvycal.event_requests import get_request, list_request, parse_one, parse_page
from worker.savvycal.wire import ListForm, Page, Request

ALWAYS = (("state", "all"), ("attendance", "any"), ("direction", "asc"), ("limit", "100"))


def test_list_request_for_everything() -> None:
    """A full list asks for every state, every attendance and every period, oldest first, as many as there may be."""
    assert list_request(Bounds(None, None), None) == Request("/events", (*ALWAYS, ("period", "all")))


@pytest.mark.parametrize(
    ("bounds", "start", "until"),
    [
        (Bounds(date(2026, 1, 4), date(2026, 1, 8)), "2026-01-04", "2026-01-08"),
        (Bounds(date(2026, 1, 4), None), "2026-01-04", "2200-01-01"),
        (Bounds(date(2026, 1, 4), FAR), "2026-01-04", "2200-01-01"),
        (Bounds(None, date(2026, 1, 8)), "1970-01-01", "2026-01-08"),
        (Bounds(date(987, 1, 4), date(987, 1, 5)), "0987-01-04", "0987-01-05"),
    ],
)
def test_list_request_for_a_range(bounds: Bounds, start: str, until: str) -> None:
    """A range is a fixed period with both dates, since `from` without `until` is not documented to work."""
    dates = (("period", "fixed"), ("from", start), ("until", until))
    assert list_request(bounds, None) == Request("/events", ALWAYS + dates)


def test_list_request_in_another_form() -> None:
    """What an account does not take is left out: another page size, or none; no direction."""
    everything = Bounds(None, None)
    assert ("limit", "25") in list_request(everything, None, ListForm(25)).query
    names = {name for name, _ in list_request(everything, None, ListForm(None, "none")).query}
    assert names == {"state", "attendance", "period"}


def test_list_request_keeps_its_query_along_a_cursor() -> None:
    """The next page is the same question with the cursor of the last one."""
    bounds = Bounds(date(2026, 1, 4), date(2026, 1, 8))
    first = list_request(bounds, None)
    assert list_request(bounds, "g3QAA==") == Request("/events", (*first.query, ("after", "g3QAA==")))


def test_get_request() -> None:
    """One event is asked for by id, without a query; what is no id is not asked for."""
    assert get_request("event_1") == Request("/events/event_1")
    with pytest.raises(ResyncRejected):
        get_request("../me")


def test_the_probe_is_the_current_user() -> None:
    """The cheapest call that needs a token is the one the documentation samples."""
    assert Request("/me") == event_requests.PROBE


def test_a_page() -> None:
    """The envelope of the documentation: raw entries, and the cursor that comes after them."""
    body = b'{"entries":[{"id":"a"},{"id":"b"}],"metadata":{"before":null,"after":"g3QAA==","limit":20}}'
    assert parse_page(body, None) == Page((b'{"id":"a"}', b'{"id":"b"}'), "g3QAA==", None, 20)


def test_the_last_page() -> None:
    """A null cursor ends the list, and an empty list is a list."""
    assert parse_page(b'{"entries":[],"metadata":{"before":"x","after":null,"limit":20}}', "y") == Page(
        (), None, granted=20
    )


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"{}", b'{"entries":[]}', b'{"metadata":{"after":null}}', b'{"entries":{},"metadata":{}}'),
        *(b'{"entries":[],"metadata":[]}', b'{"entries":[],"metadata":null}', b'{"entries":[],"metadata":{"after":5}}'),
        *(b'{"entries":null,"metadata":{}}', b'{"data":[],"meta":{"current_page":1,"total_pages":1,"total_count":0}}'),
    ],
)
def test_a_page_of_another_shape_is_malformed(body: bytes) -> None:
    """Anything but the documented envelope is refused as a whole: an empty list is never guessed."""
    with pytest.raises(Malformed):
        parse_page(body, None)


def test_one_event_is_served_bare() -> None:
    """The body of a single GET is the record."""
    assert parse_one(b'{"id":"a"}') == b'{"id":"a"}'

"""Both products behind one face."""

from datetime import date

import pytest

from tests.unit.savvycal.examples import APPOINTMENT, EVENT, raw
from worker.core.model import Product
from worker.core.windows import Bounds
from worker.savvycal import appointment_requests, appointments, event_requests, events
from worker.savvycal.api import Api, appointments_api, meetings
from worker.savvycal.wire import ListForm, Page, peek_id

RANGE = Bounds(date(2026, 1, 4), date(2026, 1, 8))


def test_meetings() -> None:
    """The Meetings API is asked by date, and an iteration over it is never cut short."""
    source = meetings()
    assert source.product is Product.MEETINGS
    assert source.probe == event_requests.PROBE
    assert source.list_request(RANGE, "c", ListForm()) == event_requests.list_request(RANGE, "c")
    assert source.get_request("event_1", ListForm()) == event_requests.get_request("event_1")
    assert source.parse_record(raw(EVENT)) == events.parse_record(raw(EVENT))
    assert not source.is_past_range(Page((b'{"id":"event_1","start_at":"1970-01-01T00:00:00Z"}',), None), RANGE)


@pytest.mark.parametrize("include", [True, False])
def test_appointments(include: bool) -> None:
    """The Appointments API is read without dates, and says the same about contacts in every request."""
    source = appointments_api(include)
    assert source.product is Product.APPOINTMENTS
    assert source.probe == appointment_requests.PROBE
    assert source.list_request(RANGE, "2", ListForm()) == appointment_requests.list_request(include, "2")
    assert source.get_request("appt_1", ListForm()) == appointment_requests.get_request(include, "appt_1")
    assert source.parse_record(raw(APPOINTMENT)) == appointments.parse_record(raw(APPOINTMENT))
    assert source.is_past_range(Page((b'{"id":"appt_1","start_at":{"utc":"1970-01-01T00:00:00Z"}}',), None), RANGE)


@pytest.mark.parametrize("source", [meetings(), appointments_api(True)], ids=["meetings", "appointments"])
def test_what_was_asked_for_can_be_read(source: Api) -> None:
    """A product's page, its single answer and its records fit together."""
    envelope, single = {
        Product.MEETINGS: (raw({"entries": [EVENT], "metadata": {"after": None}}), raw(EVENT)),
        Product.APPOINTMENTS: (
            raw({"data": [APPOINTMENT], "meta": {"current_page": 1, "total_pages": 1, "total_count": 1}}),
            raw({"data": APPOINTMENT}),
        ),
    }[source.product]
    (record,) = source.parse_page(envelope, None).records
    assert record == source.parse_one(single)
    assert peek_id(record) == source.parse_record(record).id
    assert source.parse_record(record).kind is source.product.kind

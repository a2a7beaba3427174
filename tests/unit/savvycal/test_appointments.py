"""SavvyCal Appointments: requests as documented, pages, and every documented field in its column."""

import json
from datetime import date
from typing import Any

import pytest

from tests.unit.savvycal.examples import (
    APPOINTMENT,
    CANARY,
    HISTORY,
    MEETING,
    SERVICE,
    Document,
    appointment,
    at,
    raw,
    refused,
    zoned,
)
from worker.core.hashing import MASK, canonical, content_hash, mask
from worker.core.lifecycle import MEETING as LIFECYCLE
from worker.core.model import Kind, Meeting, Snapshot
from worker.core.windows import Bounds
from worker.errors import Malformed, ResyncRejected
from worker.savvycal import appointments
from worker.savvycal.appointments import get_request, is_past_range, list_request, parse_one, parse_page, parse_record
from worker.savvycal.wire import ListForm, Page, Request

APPOINTMENT_ID = APPOINTMENT["id"]
BARE = {name: APPOINTMENT[name] for name in ("id", "status", "start_at", "end_at")}


def parse(document: Document) -> Snapshot:
    """The snapshot of a document."""
    return parse_record(raw(document))


def carried(**changes: Any) -> Meeting | None:
    """The meeting of an appointment with changes."""
    return parse(appointment(**changes)).meeting


def history(document: Document) -> tuple[Any, ...]:
    """The history rows of a document."""
    return tuple(dict(row) for row in parse(document).children["appointment_history"])


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
    assert Request("/account") == appointments.PROBE


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


def test_every_documented_field_has_its_column() -> None:
    """An Appointment with every field, deprecated ones included, fills every column, each with its own value."""
    service = {f"service_{name}": value for name, value in SERVICE.items() if name != "object"}
    assert dict(parse(APPOINTMENT).row) == {
        "id": APPOINTMENT_ID,
        "status": "canceled",
        "phase": "canceled",
        "appointment_type": "virtual",
        "start_at": at("08 15:00"),
        "start_local": "2026-01-08T10:00:00",
        "time_zone": "America/New_York",
        "end_at": at("08 15:30"),
        "end_local": "2026-01-08T10:30:00-05:00",
        "end_time_zone": "America/Chicago",
        "created_at": at("05 09:00"),
        "updated_at": at("06 09:00"),
        "confirmed_at": at("05 11:00"),
        "client_id": "clnt_000000000001",
        "client_locale": "en",
        "client_reference_id": "crm-1",
        "client_time_zone": "America/New_York",
        "client_email": "ada@example.test",
        "client_first_name": "Ada",
        "client_last_name": "Lovelace",
        "client_phone": "+12125550100",
        "client_metadata": {"plan": "gold"},
        "client_created_at": at("01 09:00").replace(year=2025, month=12),
        "client_updated_at": at("02 09:00").replace(year=2025, month=12),
        "client_data_locale": "fr",
        "client_data_reference_id": "crm-2",
        "client_data_time_zone": "Europe/Paris",
        "client_data_email": "ada@booking.test",
        "client_data_first_name": "A.",
        "client_data_last_name": "L.",
        "client_data_phone": "+33155550100",
        "provider_id": "prov_000000000001",
        "provider_display_name": "Dr Hopper",
        "provider_first_name": "Grace",
        "provider_last_name": "Hopper",
        "provider_time_zone": "America/New_York",
        "provider_created_at": at("01 09:00").replace(year=2025, month=12),
        "provider_updated_at": at("02 09:00").replace(year=2025, month=12),
        **service,
        "service_created_at": at("01 09:00").replace(year=2025, month=12),
        "service_updated_at": at("02 09:00").replace(year=2025, month=12),
        "fields": [{"label": "Company", "value": "Analytical Engines"}],
        "legacy_client_locale": "de",
        "legacy_client_reference_id": "crm-3",
        "legacy_client_time_zone": "Europe/Berlin",
        "extra": {},
    }


NO_TIMES = dict.fromkeys("start_at end_at previous_start_at previous_end_at new_start_at new_end_at time_zone".split())
NO_REASON = dict.fromkeys("cancellation_reason_id cancellation_reason_name cancellation_reason_sort_order".split())


def test_every_documented_field_of_the_history_has_its_column() -> None:
    """The three arrays become rows with a kind and a position of their own, in the order they were served."""
    shared = {"appointment_id": APPOINTMENT_ID, "position": 0, "actor": None, "custom_reason_text": None, "extra": {}}
    assert history(APPOINTMENT) == (
        {
            **(shared | NO_TIMES | NO_REASON),
            "kind": "reschedule",
            "occurred_at": at("05 10:00"),
            "initiated_by": "client",
            "source": "client_ui",
            "previous_start_at": at("07 15:00"),
            "previous_end_at": at("07 15:30"),
            "new_start_at": at("08 15:00"),
            "new_end_at": at("08 15:30"),
            "time_zone": "America/New_York",
        },
        {
            **(shared | NO_TIMES),
            "kind": "cancellation",
            "occurred_at": at("06 09:00"),
            "initiated_by": "user",
            "source": "dashboard",
            "actor": "user_000000000001",
            "cancellation_reason_id": "cr_000000000001",
            "cancellation_reason_name": "Ill",
            "cancellation_reason_sort_order": 2,
            "custom_reason_text": "A cold",
        },
        {
            **(shared | NO_TIMES | NO_REASON),
            "kind": "cancellation",
            "position": 1,
            "occurred_at": at("06 08:00"),
            "initiated_by": "user",
            "source": "api",
        },
        {
            **(shared | NO_TIMES | NO_REASON),
            "kind": "confirmation",
            "occurred_at": at("05 11:00"),
            "initiated_by": "client",
            "source": "client_ui",
            "start_at": at("08 15:00"),
            "end_at": at("08 15:30"),
            "time_zone": "America/New_York",
        },
    )


def test_history_rows_have_the_same_columns() -> None:
    """Each kind fills its own part, and all rows have all columns."""
    assert len({tuple(row.keys()) for row in history(APPOINTMENT)}) == 1


def test_the_snapshot_around_the_row() -> None:
    """Kind, id, state, times, body and content hash are those of the document, credentials masked."""
    found = parse(APPOINTMENT)
    assert (found.kind, found.id, found.state) == (Kind.APPOINTMENT, APPOINTMENT_ID, "canceled")
    assert (found.start_at, found.end_at) == (at("08 15:00"), at("08 15:30"))
    assert found.body == canonical(mask(APPOINTMENT))
    assert found.content_hash == content_hash(found.body)
    assert found.unknown_fields == ()
    assert found.body.count(MASK.encode()) == 4


def test_the_meeting() -> None:
    """The nine properties of an AppointmentMeeting: seven as they are, of the two credentials only that they exist."""
    assert parse(APPOINTMENT).meeting == Meeting(
        id="amtg_000000000001",
        status="created",
        conferencing_provider="zoom_admin",
        external_meeting_id="98765432101",
        join_url="https://zoom.us/j/98765432101",
        error_message=None,
        has_host_url=True,
        has_password=True,
    )


def test_a_meeting_that_is_not_yet_created() -> None:
    """A pending meeting has an id, a status and nothing else."""
    empty = dict.fromkeys("conferencing_provider external_meeting_id join_url host_url password".split())
    pending = MEETING | empty | {"status": "pending"}
    assert carried(meeting=pending) == Meeting(MEETING["id"], "pending", None, None, None, None, False, False)


def test_a_meeting_that_failed_says_why() -> None:
    """The last failure's reason is kept."""
    found = carried(meeting=MEETING | {"status": "failed", "error_message": "Zoom said no"})
    assert found
    assert (found.status, found.error_message) == ("failed", "Zoom said no")


@pytest.mark.parametrize("status", [*LIFECYCLE.phases, "postponed"])
def test_statuses_of_a_meeting(status: str) -> None:
    """Every status is kept in its own words, a new one too."""
    found = carried(meeting=MEETING | {"status": status})
    assert found
    assert found.status == status


def test_an_appointment_in_person_has_no_meeting() -> None:
    """A null meeting, or none at all, is none."""
    assert carried(meeting=None) is None
    assert parse(BARE).meeting is None


@pytest.mark.parametrize("name", ["appointment_meeting", "conference"])
@pytest.mark.parametrize("beside", [{}, {"meeting": None}, {"meeting": "amtg_000000000001"}])
def test_a_meeting_under_another_name(name: str, beside: Document) -> None:
    """How SavvyCal calls the property is not documented: an object that says it is a meeting is one."""
    found = parse(BARE | beside | {name: MEETING})
    assert found.meeting == parse(APPOINTMENT).meeting
    assert name not in found.unknown_fields
    assert CANARY not in repr(found)


def test_the_name_meeting_comes_first() -> None:
    """Of two meetings the one called `meeting` counts, and the other is kept as an unknown field."""
    found = parse(BARE | {"former": MEETING | {"id": "amtg_000000000009"}, "meeting": MEETING})
    assert found.meeting
    assert found.meeting.id == MEETING["id"]
    assert found.unknown_fields == ("former",)
    assert CANARY not in repr(found)


@pytest.mark.parametrize("value", ["amtg_000000000001", [], [MEETING | {"host_url": CANARY}], 5, True])
def test_something_else_under_the_name_of_the_meeting_is_an_unknown_field(value: Any) -> None:
    """The name of the meeting is not documented: another value under it must not quarantine the appointment."""
    found = parse(BARE | {"meeting": value})
    assert found.meeting is None
    assert found.unknown_fields == ("meeting",)
    assert CANARY not in repr(found)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": None}, "meeting.id"),
        ({"id": CANARY + " "}, "meeting.id"),
        ({"status": None}, "meeting.status"),
        ({"status": [CANARY]}, "meeting.status"),
        ({"join_url": {"url": CANARY}}, "meeting.join_url"),
    ],
)
def test_a_meeting_that_cannot_be_read_is_named(changes: Document, path: str) -> None:
    """A wrong field of the meeting is not mistaken for one of the appointment, and the record keeps its id."""
    error = refused(parse_record, BARE | {"meeting": MEETING | changes})
    assert error.reason.startswith(f"{path}: ")
    assert error.record_id == APPOINTMENT_ID
    assert CANARY not in repr(error)


def test_only_four_fields_are_needed() -> None:
    """Id, status, start and end make an appointment; everything else may be absent."""
    bare = parse(BARE | {"start_at": {"utc": "2026-01-08T15:00:00Z"}})
    assert bare.row.keys() == parse(APPOINTMENT).row.keys()
    assert bare.children == {"appointment_history": ()}


@pytest.mark.parametrize("field", ["id", "status", "start_at", "end_at"])
def test_what_a_mirror_cannot_do_without_is_required(field: str) -> None:
    """Without id, status, start or end there is no appointment."""
    assert refused(parse_record, {k: v for k, v in BARE.items() if k != field}).reason == f"{field}: Field required"


def test_contacts_may_be_left_out() -> None:
    """Without `include_sensitive` the keys of contacts are absent, and their columns are null."""
    contacts = {"email", "first_name", "last_name", "phone"}
    trimmed = {
        name: {k: v for k, v in APPOINTMENT[name].items() if k not in contacts} for name in ("client", "client_data")
    }
    row = parse(appointment(**trimmed)).row
    assert {row[f"{prefix}_{name}"] for prefix in trimmed for name in contacts} == {None}
    assert (row["client_reference_id"], row["client_data_reference_id"]) == ("crm-1", "crm-2")


@pytest.mark.parametrize(
    ("status", "phase"), [("scheduled", "created"), ("canceled", "canceled"), ("paused", "unknown")]
)
def test_statuses(status: str, phase: str) -> None:
    """Both documented statuses have their phase; a new one survives as text, with the phase unknown."""
    found = parse(appointment(status=status))
    assert found.state == found.row["status"] == status
    assert found.row["phase"] == phase


def test_local_time_may_be_written_either_way() -> None:
    """`local` with or without an offset is kept as text; the moment comes from `utc` alone."""
    for local in ("2026-01-08T10:00:00", "2026-01-08T10:00:00-05:00", "ten o'clock"):
        found = parse(appointment(start_at=zoned("08 15:00", local=local, unix_ts=0)))
        assert found.row["start_local"] == local
        assert found.start_at == at("08 15:00")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"start_at": zoned("08 15:00", utc="2026-01-08T15:00:00")}, "start_at.utc"),
        ({"created_at": "2026-01-08T15:00:00"}, "created_at"),
        ({"client": {"created_at": "2026-01-08T15:00:00"}}, "client.created_at"),
        ({"cancellation_events": [{"occurred_at": "2026-01-08T15:00:00"}]}, "cancellation_events.0.occurred_at"),
    ],
)
def test_naive_times_are_refused(changes: Document, path: str) -> None:
    """A time without a zone is no moment: the record is refused, and the field is named."""
    reason = refused(parse_record, appointment(**changes)).reason
    assert reason.startswith(f"{path}: ")
    assert "timezone" in reason


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": "appt 1"}, "id"),
        ({"start_at": CANARY}, "start_at"),
        ({"start_at": {"utc": CANARY}}, "start_at.utc"),
        ({"client": [CANARY]}, "client"),
        ({"client": {"email": {"x": CANARY}}}, "client.email"),
        ({"service": {"duration": [CANARY]}}, "service.duration"),
        ({"reschedule_events": CANARY}, "reschedule_events"),
        ({"reschedule_events": [CANARY]}, "reschedule_events.0"),
        (
            {"cancellation_events": [{"cancellation_reason": {"sort_order": 2**31}}]},
            "cancellation_events.0.cancellation",
        ),
    ],
)
def test_a_wrong_field_is_named_and_never_quoted(changes: Document, path: str) -> None:
    """An error says where the wrong field stands, and not what stands there."""
    error = refused(parse_record, appointment(**changes))
    assert error.reason.startswith(path)
    assert CANARY not in repr(error)


def test_unknown_fields_are_kept_where_they_stood() -> None:
    """New fields of the appointment, its objects and its meeting land in `extra` by dotted name, and are reported."""
    found = parse(
        BARE
        | {
            "brand_new": [1],
            "start_at": zoned("08 15:00", calendar="gregory"),
            "provider": {"id": "prov_1", "color": "red"},
            "meeting": MEETING | {"attempts": 2},
        }
    )
    expected = {"brand_new": [1], "start_at.calendar": "gregory", "provider.color": "red", "meeting.attempts": 2}
    assert found.row["extra"] == expected
    assert set(found.unknown_fields) == set(expected)


def test_unknown_fields_of_the_history_are_kept_with_it() -> None:
    """New fields of a history entry, and of the objects inside it, land in `extra` of its own row."""
    entry = HISTORY["cancellation_events"][0] | {"channel": "sms", "cancellation_reason": {"color": "red"}}
    rows = history(BARE | {"cancellation_events": [entry]})
    assert [row["extra"] for row in rows] == [{"channel": "sms", "cancellation_reason.color": "red"}]


def test_when_an_appointment_was_scheduled_and_canceled() -> None:
    """It was scheduled when it was created, and canceled by its last cancellation."""
    assert parse(APPOINTMENT).occurred_at == {"scheduled": at("05 09:00"), "canceled": at("06 09:00")}
    assert parse(BARE).occurred_at == {}
    assert parse(BARE | {"cancellation_events": [{"source": "api"}]}).occurred_at == {}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"host_url": CANARY},
        {"meetings": [MEETING]},
        {"brand_new": {"deep": [{"password": CANARY}]}},
        {"provider": {"id": "prov_1", "password": CANARY}},
        {"client": {"id": "clnt_1", "metadata": {"password": CANARY}}},
        {"service": {"id": "srv_1", "booking_policy": {"password": CANARY}}},
        {"fields": [{"password": CANARY}]},
        {"meeting": MEETING | {"dial_in": {"password": CANARY}}},
        {"cancellation_events": [{"password": CANARY}]},
        {"urls": CANARY},
    ],
)
def test_no_credential_gets_into_a_row(changes: Document) -> None:
    """Wherever a host_url, a password or an action link turns up, neither rows nor meeting nor body hold it."""
    assert CANARY not in repr(parse(appointment(**changes)))


def test_a_rotated_credential_changes_nothing() -> None:
    """Another host token, password or action link leaves the whole snapshot as it was."""
    rotated = appointment(
        meeting=MEETING | {"host_url": "https://a.test/b", "password": "c"}, urls={"cancel": [], "ics": []}
    )
    assert parse(rotated) == parse(APPOINTMENT)

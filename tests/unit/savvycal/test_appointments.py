"""SavvyCal Appointments: every documented field in its column."""

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
from worker.savvycal.appointments import parse_record

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

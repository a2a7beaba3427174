"""The Appointment and AppointmentMeeting objects of SavvyCal Appointments, as they are served.

Source: SavvyCal Appointments API, Appointment and AppointmentMeeting objects. A field that SavvyCal adds later needs a
line here and a column for it in `appointments.py`; until then it is kept in `extra`.
"""

from typing import Any

from worker.savvycal.records import Document, Id, Int4, Time


class ZonedDateTime(Document):
    """Only `utc` is trusted; `local` may be naive or carry an offset."""

    object: str | None = None
    utc: Time
    local: str | None = None
    unix_ts: int | None = None
    time_zone: str | None = None


class Client(Document):
    object: str | None = None
    id: str | None = None
    reference_id: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    metadata: Any = None
    created_at: Time | None = None
    updated_at: Time | None = None


class ClientData(Document):
    locale: str | None = None
    reference_id: str | None = None
    time_zone: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None


class Provider(Document):
    object: str | None = None
    id: str | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    time_zone: str | None = None
    created_at: Time | None = None
    updated_at: Time | None = None


class Service(Document):
    object: str | None = None
    id: str | None = None
    name: str | None = None
    internal_name: str | None = None
    appointment_type: str | None = None
    duration: str | None = None
    slot_rules: Any = None
    booking_policy: Any = None
    cancellation_policy: Any = None
    rescheduling_policy: Any = None
    change_policy_text: str | None = None
    metadata: Any = None
    provider_notifications: Any = None
    created_at: Time | None = None
    updated_at: Time | None = None


class CancellationReason(Document):
    object: str | None = None
    id: str | None = None
    name: str | None = None
    sort_order: Int4 | None = None


class HistoryEntry(Document):
    """CancellationEvent, ConfirmationEvent or RescheduleEvent: each fills its own part."""

    object: str | None = None
    occurred_at: Time | None = None
    initiated_by: str | None = None
    source: str | None = None
    actor: str | None = None
    cancellation_reason: CancellationReason | None = None
    custom_reason_text: str | None = None
    start_at: ZonedDateTime | None = None
    end_at: ZonedDateTime | None = None
    previous_start_at: ZonedDateTime | None = None
    previous_end_at: ZonedDateTime | None = None
    new_start_at: ZonedDateTime | None = None
    new_end_at: ZonedDateTime | None = None


class AppointmentMeeting(Document):
    id: Id
    object: str | None = None
    status: str
    conferencing_provider: str | None = None
    external_meeting_id: str | None = None
    join_url: str | None = None
    host_url: str | None = None
    password: str | None = None
    error_message: str | None = None


class Appointment(Document):
    """Only what a mirror cannot do without is required: id, status, start and end."""

    id: Id
    object: str | None = None
    status: str
    start_at: ZonedDateTime
    end_at: ZonedDateTime
    appointment_type: str | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    confirmed_at: Time | None = None
    client: Client | None = None
    client_data: ClientData | None = None
    provider: Provider | None = None
    service: Service | None = None
    reschedule_events: list[HistoryEntry] | None = None
    cancellation_events: list[HistoryEntry] | None = None
    confirmation_events: list[HistoryEntry] | None = None
    urls: Any = None
    client_locale: str | None = None
    client_reference_id: str | None = None
    client_time_zone: str | None = None
    fields: Any = None
    meeting: AppointmentMeeting | None = None

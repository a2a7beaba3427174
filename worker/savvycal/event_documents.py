"""The Event object of SavvyCal Meetings, as it is served. Both documented generations of it are accepted.

Source: SavvyCal Meetings API, Event object. A field that SavvyCal adds later needs a line here and a column for it in
`events.py`; until then it is kept in `extra`.
"""

from typing import Any

from worker.savvycal.records import Document, Id, Int4, Int8, Time


class AnswerField(Document):
    id: str | None = None
    type: str | None = None
    label: str | None = None
    value: Any = None
    options: Any = None


class Attendee(Document):
    id: str | None = None
    email: str | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone_number: str | None = None
    time_zone: str | None = None
    response_status: str | None = None
    is_organizer: bool | None = None
    is_scheduler: bool | None = None
    marketing_opt_in: bool | None = None
    fields: list[AnswerField] | None = None


class Conferencing(Document):
    type: str | None = None
    join_url: str | None = None
    meeting_id: str | None = None
    instructions: str | None = None


class DescriptionSettings(Document):
    include_attendees: bool | None = None
    include_fields: bool | None = None
    include_link_name: bool | None = None


class Link(Document):
    id: str | None = None
    name: str | None = None
    slug: str | None = None
    private_name: str | None = None
    description: str | None = None


class Scope(Document):
    id: str | None = None
    name: str | None = None
    slug: str | None = None


class Payment(Document):
    state: str | None = None
    url: str | None = None
    amount_total: Int8 | None = None
    amount_subtotal: Int8 | None = None
    amount_discount: Int8 | None = None
    amount_tax: Int8 | None = None
    amount_shipping: Int8 | None = None


class Event(Document):
    """Only what a mirror cannot do without is required: id, state, start and end."""

    id: Id
    state: str
    start_at: Time
    end_at: Time
    uuid: str | None = None
    summary: str | None = None
    description: str | None = None
    additional_info: str | None = None
    location: str | None = None
    location_settings: Any = None
    description_settings: DescriptionSettings | None = None
    created_at: Time | None = None
    duration: Int4 | None = None
    buffer_before: Int4 | None = None
    buffer_after: Int4 | None = None
    canceled_at: Time | None = None
    cancel_reason: str | None = None
    rescheduled_at: Time | None = None
    reschedule_reason: str | None = None
    original_start_at: Time | None = None
    original_end_at: Time | None = None
    conferencing: Conferencing | None = None
    link: Link | None = None
    poll: Any = None
    scope: Scope | None = None
    scheduler: Attendee | None = None
    organizer: Attendee | None = None
    attendees: list[Attendee] | None = None
    is_group_session: bool | None = None
    maximum_group_size: Int4 | None = None
    metadata: Any = None
    payment: Payment | None = None
    url: str | None = None

"""The switches of the simulated SavvyCal.

Fields below "Assumptions" stand for what SavvyCal's documentation leaves open: each names the question, its default is
our guess, and a test may turn it the other way. All durations are seconds unless the name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How large, how fast, how strict and how strange the simulated SavvyCal is."""

    # -- the world ---------------------------------------------------------------------------------------------------
    seed: int = 1
    """Same seed and same `now`: byte-identical documents and the same moves."""
    events: int = 300
    """Events that exist at start."""
    appointments: int = 120
    """Appointments that exist at start."""
    now: int | None = None
    """Unix seconds at which the simulated clock starts; None is the real clock at start."""
    keep_history: bool = False
    """Keep every version of every changed object for `World.history`."""
    history_max: int = 200
    """Versions kept per object."""
    requests_max: int = 10_000
    """Entries kept in `World.requests` and `World.webhook_events`."""
    cache_count_max: int = 200_000
    """Serialised objects kept in memory, about 3 kB each."""

    # -- the pace ----------------------------------------------------------------------------------------------------
    speed: float = 0.0
    """Simulated seconds per real second; 0 stops the clock, which then moves only through `World.advance`."""
    lifecycle: bool = True
    """Whether passing time moves anything: False gives a clock without news."""
    bookings_per_minute: float = 18.0
    """New bookings per simulated minute, one third of them appointments."""
    changes_per_minute: float = 30.0
    """Reschedules, cancellations, edits and the like per simulated minute, to objects that are still ahead."""
    bookings_max: int = 20_000
    """Bookings that passing time may bring in all, so that a long demonstration does not fill the memory."""
    settle_seconds: tuple[float, float] = (4.0, 30.0)
    """Shortest and longest stay in a temporary state (awaiting_approval, pending, update_pending ...)."""
    late_conferencing: float = 0.25
    """Share of confirmed events whose conferencing is attached only later."""
    meeting_failure: float = 0.15
    """Share of meeting attempts that fail before they work; each is repeated after `settle_seconds` (assumption 17)."""

    # -- access ------------------------------------------------------------------------------------------------------
    meetings_token: str = "pt_secret_simulator"  # noqa: S105 - opens the simulator only
    appointments_token: str = "sk_simulator"  # noqa: S105 - opens the simulator only
    appointments_account: str = "acct_0123456789ab"
    require_account_header: bool = False
    """True: the token is a platform token, and 400 answers a request without `X-SavvyCal-Account`."""
    latency_ms: float = 0.0
    """Added to every answer of both APIs."""
    appointments_rate_per_minute: int | None = None
    """Requests per minute and token before 429; SavvyCal documents 300, None never limits."""

    webhooks: tuple[tuple[Literal["meetings", "appointments"], str, str], ...] = ()
    """Receivers registered from the start: (product, url, secret)."""

    damage: tuple[tuple[str, float], ...] = ()
    """Kinds of damage (`damage.DAMAGES`) and the share of records that each strikes, from 0 to 1."""

    # -- which generation of the documents -----------------------------------------------------------------------------
    event_generation: Literal["newest", "older", "legacy", "mixed"] = "newest"
    """newest: the newest OpenAPI; older: the same with `uuid`; legacy: the legacy page's fields; mixed: all of them."""
    appointment_generation: Literal["newest", "legacy"] = "newest"
    """legacy adds what was removed on 2026-03-10 (`fields`, `client_time_zone`, `client_locale`, ...)."""
    local_has_offset: bool = True
    """ZonedDateTime `local`: with an offset (newer documents) or naive (specification of 2025-12)."""
    appointment_404: Literal["not_found", "json_error"] = "not_found"
    """Body of GET one unknown appointment: the two documented shapes."""
    unknown_fields: bool = False
    """Add a property no document mentions, as both APIs reserve the right to do (assumption 19)."""

    # -- Assumptions: what the documentation leaves open (numbers of its list of unknowns) ----------------------------
    meetings_rate_per_minute: int | None = None
    """1: requests per minute and token before 429; unpublished."""
    retry_after: Literal["seconds", "absent"] = "seconds"
    """1: whether a 429 carries `retry-after` (always documented for Appointments, unknown for Meetings)."""
    retry_after_seconds: int = 30
    """1: its value; 30 is the documented sample for Appointments."""
    direction_default: Literal["asc", "desc"] = "asc"
    """2: order of a list of events without `direction`; the key is (start_at, id)."""
    from_until_time_zone: str = "UTC"
    """3: the zone in which `from` and `until` are calendar days."""
    from_inclusive: bool = True
    """3: whether the day `from` itself is listed."""
    until_inclusive: bool = True
    """3: whether the day `until` itself is listed."""
    period_fixed: Literal["taken", "ignored", "refused"] = "taken"
    """3: `period=fixed`, which the legacy page lacks: taken, answered with every event, or 422."""
    from_without_until: Literal["open", "reject"] = "open"
    """4: period=fixed with `from` alone: no upper bound, or 422."""
    limit_out_of_range: Literal["clamp", "reject"] = "clamp"
    """5 and 13: an out-of-range `limit` or too large `page_size`."""
    limit_reject_status: Literal[400, 422] = 422
    """5: the status when rejecting."""
    page_size_taken: bool = True
    """5 and 13: whether `limit` and `page_size` are taken at all, or refused as unknown."""
    limit_max: int = 100
    """5: most events per page; the documented maximum of `limit`."""
    order_taken: Literal["any", "brackets", "bare", "none"] = "any"
    """2 and 13: how `order_by` and `order_directions` may be written; `none` refuses them, and `direction`, too."""
    order_honoured: bool = True
    """2 and 13: whether an order that is asked for is kept, or the default one is served whatever was asked."""
    far_until: Literal["accept", "reject"] = "accept"
    """3: a day of `until` more than ten years ahead."""
    error_body: Literal["json", "text"] = "json"
    """6: whether 401 and 404 come as JSON, or as text/plain (`Unauthenticated`, seen by another integration)."""
    list_meeting_null: bool = False
    """14: whether a list that does not embed meetings has the property as null instead of not at all."""
    bad_cursor_status: int = 400
    """5: a cursor that cannot be read."""
    cursor_refused_every: int = 0
    """5: lifetime of cursors, counted: each n-th cursor that comes back has expired; 0 never."""
    extra_page: bool = False
    """5 and 13: whether the last page that holds anything promises one more, which is empty."""
    pages_overlap: bool = False
    """5 and 13: whether each page begins with the last record of the one before, as when the list moves."""
    unknown_filter: Literal["reject", "ignore"] = "reject"
    """5: a `state`, `period`, `attendance` or `direction` outside the documented values: 422, or the default."""
    not_found_message: str = "Not found"
    """6: the message of a Meetings 404."""
    webhook_attempts: int = 5
    """7: deliveries tried before giving up."""
    webhook_backoff_seconds: float = 1.0
    """7: real seconds before the second attempt; doubles each time."""
    webhook_timeout_seconds: float = 10.0
    """7: real seconds a receiver may take."""
    webhook_duplicate: float = 0.0
    """7: probability that a delivered payload is delivered once more."""
    webhook_reorder: float = 0.0
    """7: probability that a payload is held back behind later ones."""
    webhook_reorder_seconds: float = 0.5
    """7: real seconds for which it is held back."""
    deleted_webhook_listed: bool = False
    """7: whether a deleted webhook stays in the list with state `deleted`."""
    webhook_disable_after: int | None = None
    """7: payloads given up in a row before the webhook becomes `disabled`; None never disables."""
    envelope_id_stable: bool = True
    """8: whether all attempts of one payload carry the same envelope id."""
    checkout_completed_sends_created: bool = False
    """9: whether a completed checkout sends `event.created` too."""
    awaiting_reschedule_webhook: str | None = None
    """9: the type sent when an event becomes awaiting_reschedule."""
    tentative_webhook: str | None = None
    """9: the type sent when an event is tentative."""
    conferencing_webhook: str | None = None
    """10: the type sent when late conferencing is attached; `event.changed` is the only candidate."""
    canceled_events_vanish: float = 0.0
    """11: share of canceled events that are later gone for good, so that GET answers 404."""
    conferencing_none: str = "none"
    """12: `conferencing.type` of an event without conferencing; `null` is JSON's null, `no_object` leaves no object."""
    include_sensitive_taken: bool = True
    """13: whether `include_sensitive` is taken in lists and by id, or refused as unknown."""
    page_size_default: int = 50
    """13: appointments per page by default."""
    page_size_max: int = 100
    """13: most appointments per page."""
    appointments_order_default: Literal["asc", "desc"] = "asc"
    """13: order by start_at_utc by default."""
    meeting_property: str = "meeting"
    """14: the property of Appointment that carries its AppointmentMeeting."""
    list_embeds_meeting: bool = True
    """14: whether a list of appointments carries it too."""
    list_meeting_id: bool = False
    """14: whether a list that does not embed meetings has the meeting's id in that property."""
    meeting_provider_without_host_url: str = "google_meet"
    """14: `conferencing_provider` of Google Meet, whose spelling is not documented."""
    meeting_webhook_object: Literal["meeting", "appointment"] = "meeting"
    """15: `data.object` of appointment.meeting.updated and .replaced."""
    meeting_webhook_every_change: bool = True
    """16: whether every status change sends appointment.meeting.updated, or only an arrival at created or failed."""
    rotation_sends_webhook: bool = True
    """16: whether a rotated host_url sends appointment.meeting.updated."""
    webhook_includes_sensitive: bool = False
    """16: whether an appointment in a webhook carries the client's name, email and phone."""
    updated_at_bumps_on_meeting: bool = True
    """18: whether a change of the meeting moves the appointment's `updated_at`."""

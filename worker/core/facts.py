"""What SavvyCal's documentation leaves open: each point with what is documented, assumed and done otherwise. Pure data.

A finding is one fact about one product of one account, as text; `findings.py` tells how it is reached.
`docs/account-facts.md` is made of this registry; what `check --live` can find out beside these is in
`live_check/open_points.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from worker.core.model import Product


class Fact(StrEnum):
    """What the running mirror finds out, by the names in `account_facts.fact`."""

    LIST_FORM = "list_form"
    INCLUDE_SENSITIVE = "include_sensitive_by_id"
    PAGE_SIZE_GRANTED = "page_size_granted"
    LIST_ORDER = "list_order"
    LISTS_EMBED_MEETING = "lists_embed_meeting"
    MEETING_PROPERTY = "meeting_property"
    CONFERENCING = "conferencing"
    """Followed by a colon and the type, as SavvyCal spells it."""
    ERROR_BODY = "error_body"
    """Followed by a colon and the status."""
    RETRY_AFTER = "retry_after"
    CURSOR_LIFETIME = "cursor_lifetime"
    """Followed by `:worked` or `:refused`."""
    DATES = "days_of_lists"
    UPDATED_AT = "updated_at"
    AFTER_FAILED = "after_failed"
    LATE_CONFERENCING = "late_conferencing"
    EVENTS_VANISH = "events_vanish"
    WEBHOOK_ID = "webhook_id"
    WEBHOOK_TYPES = "webhook_types"
    """Followed by a colon and the state of an event, or `:meeting`."""
    WEBHOOK_SENSITIVE = "webhook_sensitive"
    MEETING_WEBHOOK = "meeting_webhook"


REFUSALS = frozenset({Fact.LIST_FORM, Fact.INCLUDE_SENSITIVE})
"""Findings that only arise when SavvyCal refuses something: worth a line in the log from the first one on."""


@dataclass(frozen=True, slots=True)
class Point:
    """One open point: its number in the list of unknowns, and for each product what is taken for granted at first."""

    fact: Fact
    number: int
    products: tuple[Product, ...]
    documented: str
    assumed: str
    otherwise: str
    """What the mirror does when it is found to be otherwise."""
    seen: str
    """Where it shows: `lists`, `reads by id`, `errors`, `webhooks`, `changes`."""


_M, _A = (Product.MEETINGS,), (Product.APPOINTMENTS,)
_BOTH = (*_M, *_A)

POINTS = (
    Point(
        Fact.LIST_FORM,
        13,
        _BOTH,
        "Meetings: limit up to 100, direction. Appointments: page_size, order_by and order_directions, without the "
        "largest page or the encoding of lists",
        "100 a page; order requested with brackets (Appointments), direction=asc (Meetings); `period=fixed` with a far "
        "`until` (Meetings); `include_sensitive` as configured (Appointments)",
        "smaller pages, order without brackets, no order, no `until`, `period=all` (reads more), no "
        "`include_sensitive` (no contact data then); tried again from the top once a day",
        "lists",
    ),
    Point(
        Fact.INCLUDE_SENSITIVE,
        13,
        _A,
        "true or false, when an appointment is read by id",
        "accepted",
        "left out by id and in lists: there is no contact data then; tried again once a day",
        "reads by id",
    ),
    Point(
        Fact.PAGE_SIZE_GRANTED,
        13,
        _BOTH,
        "not documented for Appointments; 100 for Meetings",
        "100",
        "the size stated in each page is used",
        "lists",
    ),
    Point(
        Fact.LIST_ORDER,
        13,
        _BOTH,
        "not documented",
        "sorted by start as requested",
        "an order is used only as far as a page shows it; `upcoming` then reads the whole list",
        "lists",
    ),
    Point(
        Fact.LISTS_EMBED_MEETING,
        14,
        _A,
        "not documented",
        "yes",
        "lists neither add nor remove meetings; appointments that may have one are read by id when they are new, when "
        "they changed, and while the meeting is in progress",
        "lists, reads by id",
    ),
    Point(
        Fact.MEETING_PROPERTY,
        14,
        _A,
        "not documented",
        "meeting",
        "any property whose object is appointment_meeting is read as the meeting",
        "lists, reads by id",
    ),
    Point(
        Fact.CONFERENCING,
        12,
        _M,
        "only zoom is documented",
        "a type with a join_url, or none",
        "a type that never has a join_url is settled as skipped, until the first join_url of that type",
        "lists, reads by id",
    ),
    Point(
        Fact.RETRY_AFTER,
        1,
        _BOTH,
        "Appointments: seconds; Meetings: nothing",
        "seconds, or absent",
        "`absent`: a cool-down of 10 s; a date is accepted, too",
        "errors",
    ),
    Point(
        Fact.DATES,
        3,
        _M,
        "not documented",
        "days of UTC",
        "nothing: ranges are requested wider than any time zone",
        "lists",
    ),
    Point(
        Fact.CURSOR_LIFETIME,
        5,
        _M,
        "cursors are not to be stored for long",
        "some minutes",
        "a refused cursor starts the iteration over",
        "lists",
    ),
    Point(
        Fact.ERROR_BODY,
        6,
        _BOTH,
        "JSON",
        "JSON, or text",
        "nothing: only the status counts; the readable part of the body is shown",
        "errors",
    ),
    Point(
        Fact.WEBHOOK_ID,
        8,
        _BOTH,
        "not documented: whether all attempts at one delivery have the same id",
        "the same",
        "`another`: one more read by id for each repetition",
        "webhooks",
    ),
    Point(
        Fact.WEBHOOK_TYPES,
        9,
        _BOTH,
        "not documented: which webhook announces `awaiting_reschedule` and `tentative`, and which "
        "`appointment.meeting.*` there are",
        "any",
        "nothing: the object is read by id, whatever the type",
        "webhooks",
    ),
    Point(
        Fact.LATE_CONFERENCING,
        10,
        _M,
        "not documented: whether a link added later is announced by a webhook",
        "no",
        "nothing: events without a link are watched anyway",
        "webhooks",
    ),
    Point(
        Fact.EVENTS_VANISH,
        11,
        _M,
        "not documented",
        "possible",
        "the row stays, and is marked as deleted",
        "reads by id",
    ),
    Point(
        Fact.MEETING_WEBHOOK,
        15,
        _A,
        "not documented: what `data.object` of `appointment.meeting.*` is",
        "meeting or appointment",
        "anything else causes a scan of the window `upcoming`",
        "webhooks",
    ),
    Point(
        Fact.WEBHOOK_SENSITIVE,
        16,
        _A,
        "not documented: whether an appointment in a webhook carries contact data",
        "either",
        "nothing: the content of webhooks is masked like everything else, and never applied",
        "webhooks",
    ),
    Point(
        Fact.AFTER_FAILED,
        17,
        _A,
        "not documented: statuses that follow `failed`",
        "created",
        "recorded, and labelled `anomalous` if the transition is not known",
        "changes",
    ),
    Point(
        Fact.UPDATED_AT,
        18,
        _A,
        "not documented: whether a change of the meeting moves `updated_at`",
        "either",
        "nothing: the whole document is compared",
        "changes",
    ),
)


def point_of(fact: str) -> Point | None:
    """The open point that a fact's name belongs to."""
    name = fact.partition(":")[0]
    return next((point for point in POINTS if point.fact == name), None)

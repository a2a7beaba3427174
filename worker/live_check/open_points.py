"""The open points: what the documentation leaves open, what the program expects, and what follows otherwise.

This is data; docs/assumptions.md is generated from it. The questions that settle a point are in `meetings` and
`appointments`.
"""

from collections.abc import Iterable, Mapping

from worker.live_check.points import APPOINTMENTS, MEETINGS, NONE, Finding, Point

_SEEN_BY_MIRROR = "none: the running mirror copes with either"

_READABLE = (
    Point(
        MEETINGS, "page_size", "100 events per page", ("100",), "more requests: pages are as large as granted", 5, True
    ),
    Point(
        MEETINGS,
        "order",
        "`direction` is accepted and followed",
        ("followed",),
        "none: the order is not relied on, and a refused parameter is left out",
        2,
    ),
    Point(
        MEETINGS, "default_order", "order without `direction`", ("ascending",), "none: `direction` is always sent", 2
    ),
    Point(
        MEETINGS,
        "page_size_too_large",
        "a `limit` beyond the maximum",
        ("reduced to 100",),
        "none: more than 100 is never requested",
        5,
    ),
    Point(
        MEETINGS, "from_day", "the day of `from` is listed", ("listed",), "none: ranges are requested a day wider", 3
    ),
    Point(
        MEETINGS,
        "until_day",
        "the day of `until` is listed",
        ("listed",),
        "none: ranges are requested two days wider",
        3,
    ),
    Point(
        MEETINGS,
        "time_zone_of_dates",
        "zone in which `from` and `until` are days",
        ("UTC",),
        "none: ranges are requested wider than any zone",
        3,
    ),
    Point(MEETINGS, "from_without_until", "`from` without `until`", ("taken",), "none: `until` is always sent", 4),
    Point(
        MEETINGS,
        "until_far_away",
        "`until` in the year 2200",
        ("taken",),
        "none: `until` is left out; where that is refused, too, the whole list is read",
        4,
    ),
    Point(
        MEETINGS,
        "unknown_filter",
        "a `state` that does not exist",
        ("refused",),
        "none: only documented values are sent",
        5,
    ),
    Point(
        MEETINGS,
        "bad_cursor",
        "a cursor that cannot be read",
        ("400",),
        "a refusal restarts the iteration; a cursor that is ignored repeats the first page",
        5,
    ),
    Point(
        MEETINGS,
        "not_found",
        "answer for an unknown event",
        ("404 JSON, list of messages: Not found",),
        "none as long as it is 404 or 410: only the status counts",
        6,
    ),
    Point(
        MEETINGS,
        "generation",
        "generation of the documents",
        ("newest",),
        "none: every documented generation is read",
        None,
        True,
    ),
    Point(
        MEETINGS,
        "words_for_no_conferencing",
        "conferencing types that never have a `join_url`",
        (NONE,),
        "meetings of these types stay `pending` until the mirror has learned that they have none",
        12,
    ),
    Point(
        MEETINGS,
        "unknown_fields",
        "fields no documentation names",
        (NONE,),
        "kept in `extra`, shown in `drift`",
        19,
        True,
    ),
    Point(
        MEETINGS, "unknown_states", "states no documentation names", (NONE,), "kept as text, shown in `drift`", 9, True
    ),
    Point(
        MEETINGS,
        "unreadable",
        "records that cannot be read",
        (NONE,),
        "they go to `quarantine`; please send the report",
        22,
    ),
    Point(
        APPOINTMENTS,
        "account_header",
        "`X-SavvyCal-Account` is needed",
        ("no", "yes, and it is set"),
        "set SAVVYCAL_APPOINTMENTS_ACCOUNT to the id of the account (acct_...)",
        None,
        True,
    ),
    Point(
        APPOINTMENTS,
        "include_sensitive",
        "`include_sensitive` is accepted",
        ("taken",),
        "names and contacts of clients are not mirrored, whatever the settings are",
        None,
        True,
    ),
    Point(
        APPOINTMENTS,
        "page_size",
        "100 appointments per page",
        ("100",),
        "more requests: pages are as large as granted",
        13,
    ),
    Point(
        APPOINTMENTS,
        "default_page_size",
        "page size when none is requested",
        ("50",),
        "none: a size is always requested",
        13,
    ),
    Point(
        APPOINTMENTS,
        "page_size_too_large",
        "a `page_size` beyond the maximum",
        ("reduced to 100",),
        "none: more than 100 is never requested",
        13,
    ),
    Point(
        APPOINTMENTS,
        "order",
        "`order_by[]` is accepted and followed",
        ("followed",),
        "more requests: the window `upcoming` reads the whole list",
        13,
        True,
    ),
    Point(
        APPOINTMENTS,
        "default_order",
        "order when none is requested",
        ("ascending",),
        "none: an order is always requested",
        13,
    ),
    Point(
        APPOINTMENTS, "page_beyond_the_end", "a page beyond the last", ("empty",), "a refusal restarts the iteration", 5
    ),
    Point(
        APPOINTMENTS,
        "not_found",
        "answer for an unknown appointment",
        ("404 JSON, list of details: Not Found",),
        "none as long as it is 404 or 410: only the status counts",
        6,
        True,
    ),
    Point(
        APPOINTMENTS,
        "lists_embed_meeting",
        "lists carry the meeting",
        ("yes",),
        "more requests: appointments that may have a meeting are read by id",
        14,
    ),
    Point(
        APPOINTMENTS,
        "meeting_property",
        "property that carries the meeting",
        ("meeting",),
        "none for an object that calls itself appointment_meeting; an id alone lands in `extra`",
        14,
    ),
    Point(APPOINTMENTS, "local_time", "`local` of a time", ("with offset",), "none: only `utc` is trusted", None, True),
    Point(
        APPOINTMENTS,
        "generation",
        "generation of the documents",
        ("newest",),
        "none: every documented generation is read",
        None,
        True,
    ),
    Point(
        APPOINTMENTS,
        "unknown_fields",
        "fields no documentation names",
        (NONE,),
        "kept in `extra`, shown in `drift`",
        19,
        True,
    ),
    Point(
        APPOINTMENTS,
        "unknown_states",
        "statuses no documentation names",
        (NONE,),
        "kept as text, shown in `drift`",
        17,
        True,
    ),
    Point(
        APPOINTMENTS,
        "unreadable",
        "records that cannot be read",
        (NONE,),
        "they go to `quarantine`; please send the report",
        22,
    ),
)


def _invisible(product: str, name: str, title: str, number: int, consequence: str = _SEEN_BY_MIRROR) -> Point:
    return Point(product, name, title, (), consequence, number, is_readable=False)


_INVISIBLE = (
    _invisible(MEETINGS, "retry_after", "`Retry-After` of a 429, and the rate limit", 1),
    _invisible(MEETINGS, "unauthorized", "body of a 401 (no wrong token is sent on purpose)", 6),
    _invisible(MEETINGS, "webhook_delivery", "repetition, order and end of webhook deliveries", 7),
    _invisible(MEETINGS, "webhook_id", "whether a repeated webhook keeps its id", 8),
    _invisible(MEETINGS, "webhook_types", "which webhook announces `awaiting_reschedule` and `tentative`", 9),
    _invisible(MEETINGS, "late_conferencing", "whether late conferencing sends a webhook", 10),
    _invisible(MEETINGS, "events_vanish", "whether an event can vanish", 11),
    _invisible(MEETINGS, "cursor_lifetime", "how long a cursor can be used", 5),
    _invisible(APPOINTMENTS, "meeting_webhook", "object and types of `appointment.meeting.*` webhooks", 15),
    _invisible(APPOINTMENTS, "webhook_sensitive", "whether webhooks carry contact data", 16),
    _invisible(APPOINTMENTS, "after_failed", "what follows a failed meeting", 17),
    _invisible(APPOINTMENTS, "updated_at", "whether a meeting's change moves `updated_at`", 18),
)

POINTS: tuple[Point, ...] = _READABLE + _INVISIBLE
"""All of them, in the order in which they are shown."""


def findings(values: Mapping[tuple[str, str], str | None], products: Iterable[str]) -> tuple[Finding, ...]:
    """A finding for every point of these products, in the order of the list."""
    wanted = set(products)
    return tuple(Finding(point, values.get((point.product, point.name))) for point in POINTS if point.product in wanted)

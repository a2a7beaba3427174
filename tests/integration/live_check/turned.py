"""Which switch of the simulator shows itself in which points of `check --live`. This is data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from worker.simulator import Fault


def refuses(match: str, status: int = 422) -> Fault:
    """A SavvyCal that refuses every request of this form."""
    return Fault("status", match=match, args={"status": status})


@dataclass(frozen=True)
class Turned:
    """A world that is otherwise in one thing, and what must be named: point to a part of what was found."""

    named: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


WORLDS: dict[str, Turned] = {
    "events with uuid": Turned({"meetings.generation": "uuid"}, {"event_generation": "older"}),
    "legacy events": Turned({"meetings.generation": "legacy"}, {"event_generation": "legacy"}),
    "mixed events": Turned({"meetings.generation": "legacy, newest, older"}, {"event_generation": "mixed"}),
    "legacy appointments": Turned({"appointments.generation": "legacy"}, {"appointment_generation": "legacy"}),
    "naive local times": Turned({"appointments.local_time": "without"}, {"local_has_offset": False}),
    "another 404": Turned({"appointments.not_found": "with a source"}, {"appointment_404": "json_error"}),
    "another sentence": Turned({"meetings.not_found": "No such thing"}, {"not_found_message": "No such thing"}),
    "a field of the future": Turned(
        {"meetings.unknown_fields": "future_field", "appointments.unknown_fields": "future_field"},
        {"unknown_fields": True},
    ),
    "no account named": Turned({"appointments.account_header": "yes"}, {"require_account_header": True}),
    "descending events": Turned({"meetings.default_order": "descending"}, {"direction_default": "desc"}),
    "dates of New York": Turned(
        {"meetings.time_zone_of_dates": "not UTC"}, {"from_until_time_zone": "America/New_York"}
    ),
    "dates of Kiritimati": Turned(
        {"meetings.time_zone_of_dates": "not UTC"}, {"from_until_time_zone": "Pacific/Kiritimati"}
    ),
    "an id for a meeting": Turned(
        {"appointments.lists_embed_meeting": "no"}, {"list_embeds_meeting": False, "list_meeting_id": True}
    ),
    "no limit": Turned(
        {
            "meetings.page_size": "refused (422)",
            "meetings.page_size_too_large": "refused (422)",
            "appointments.page_size": "refused (422), taken without a size",
            "appointments.page_size_too_large": "refused (422)",
        },
        {"page_size_taken": False},
    ),
    "no sensitive fields": Turned(
        {"appointments.include_sensitive": "refused (422)"}, {"include_sensitive_taken": False}
    ),
    "repaired records": Turned({}, {"damage": (("surrogate", 0.1),)}),
    "dates of Tokyo": Turned({"meetings.time_zone_of_dates": "not UTC"}, {"from_until_time_zone": "Asia/Tokyo"}),
    "until excluded": Turned({"meetings.until_day": "not listed"}, {"until_inclusive": False}),
    "from needs until": Turned({"meetings.from_without_until": "refused (422)"}, {"from_without_until": "reject"}),
    "sizes refused": Turned(
        {"meetings.page_size_too_large": "refused (422)", "appointments.page_size_too_large": "refused (422)"},
        {"limit_out_of_range": "reject"},
    ),
    "sizes refused with 400": Turned(
        {"meetings.page_size_too_large": "refused (400)", "appointments.page_size_too_large": "refused (400)"},
        {"limit_out_of_range": "reject", "limit_reject_status": 400},
    ),
    "cursor 422": Turned({"meetings.bad_cursor": "422"}, {"bad_cursor_status": 422}),
    "cursor 500": Turned({"meetings.bad_cursor": "500"}, {"bad_cursor_status": 500}),
    "filter ignored": Turned({"meetings.unknown_filter": "ignored"}, {"unknown_filter": "ignore"}),
    "phone": Turned({"meetings.words_for_no_conferencing": "phone"}, {"conferencing_none": "phone"}),
    "ten by default": Turned({"appointments.default_page_size": "10"}, {"page_size_default": 10}),
    "25 at most": Turned(
        {"appointments.page_size": "25", "appointments.page_size_too_large": "reduced to 25"}, {"page_size_max": 25}
    ),
    "25 or nothing": Turned(
        {
            "appointments.page_size": "refused (422), at most 25",
            "appointments.default_page_size": "25",
            "appointments.page_size_too_large": "refused (422)",
            "meetings.page_size_too_large": "refused (422)",
        },
        {"page_size_max": 25, "limit_out_of_range": "reject"},
    ),
    "descending appointments": Turned(
        {"appointments.default_order": "descending"}, {"appointments_order_default": "desc"}
    ),
    "another property": Turned({"appointments.meeting_property": "conference"}, {"meeting_property": "conference"}),
    "lists without meetings": Turned({"appointments.lists_embed_meeting": "no"}, {"list_embeds_meeting": False}),
    "brackets refused": Turned(
        {"appointments.order": "refused (422), taken without brackets"}, {}, (refuses(r"order_by(%5B|\[)"),)
    ),
    "order refused": Turned({"appointments.order": "refused (400)"}, {}, (refuses("order_by", 400),)),
    "direction refused": Turned({"meetings.order": "refused (422)"}, {}, (refuses("direction="),)),
    "size refused": Turned(
        {
            "appointments.page_size": "refused (422), taken without a size",
            "appointments.page_size_too_large": "refused (422)",
        },
        {},
        (refuses("page_size="),),
    ),
    "limit refused": Turned(
        {"meetings.page_size": "refused (422)", "meetings.page_size_too_large": "refused (422)"},
        {},
        (refuses(r"limit=\d{3}"),),
    ),
    "2200 refused": Turned({"meetings.until_far_away": "refused (422)"}, {}, (refuses("until=2200"),)),
    "404 as text": Turned(
        {"meetings.not_found": "404 text: Not found"},
        {},
        (Fault("status", match="events/event_0000000000", args={"status": 404, "body": "Not found"}),),
    ),
    "pages of HTML": Turned(
        {"meetings.unreadable": "a whole page", "appointments.unreadable": "a whole page"},
        {},
        (Fault("html_200", match="(events|appointments)[?]"),),
    ),
}

"""Every switch that is turned alone: what `check --live` must report about it, and what the mirror finds out by itself.

All of it is data. A switch that reading can show names the points that show it; one that it cannot show names a point
that is reported as "cannot be seen by reading", or none where nothing is reported.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from worker.core.kinds import PRODUCTS
from worker.core.model import Product

_SIZES = frozenset(
    {
        "meetings.page_size",
        "meetings.page_size_too_large",
        "appointments.page_size",
        "appointments.page_size_too_large",
    }
)
_MEETINGS_SIZES = frozenset(name for name in _SIZES if name.startswith("meetings"))
_APPOINTMENTS_SIZES = _SIZES - _MEETINGS_SIZES


@dataclass(frozen=True)
class Switch:
    """One open point that is answered otherwise."""

    text: str
    """As `savvycal-sync simulate --assume` takes it, with blanks between several."""
    named: frozenset[str] = frozenset()
    """Points that `check --live` has to name, and no others."""
    unseen: str | None = None
    """The point that it must report as one that cannot be seen by reading."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Rows of account_facts at the end of a run: product.fact to how its value begins."""
    perhaps: frozenset[str] = frozenset()
    """Facts that its records show or not, as their times have it."""


USUAL: Mapping[str, str] = {
    **{f"{product}.error_body:{status}": "json" for product in Product for status in (404, 429)},
    **{f"{product}.retry_after": "seconds" for product in Product},
    **{f"{product}.webhook_id": "the same" for product in PRODUCTS},
    "appointments.meeting_webhook": "meeting",
    "appointments.updated_at": "moves",
    "appointments.webhook_sensitive": "omitted",
    "appointments.webhook_types:meeting": "appointment.meeting.updated",
}
"""What shows beside the records in a world as we guess it."""


def _switch(
    text: str,
    *named: str,
    unseen: str | None = None,
    facts: Mapping[str, str] = MappingProxyType({}),
    perhaps: Collection[str] = (),
    **more: str,
) -> Switch:
    turned = {name.replace("__", ".", 1): value for name, value in more.items()} | dict(facts)
    return Switch(text, frozenset(named), unseen, turned, frozenset(perhaps))


def _of_each(fact: str) -> list[str]:
    return [f"{product}.{fact}" for product in Product]


def _refused_size(most: int, status: int) -> Switch:
    text = f"page_size_max={most} limit_max={most} page_size_default={min(most, 50)}"
    named = _SIZES | ({"appointments.default_page_size"} if most < 50 else set())
    return _switch(
        f"{text} limit_out_of_range=reject limit_reject_status={status}",
        *named,
        meetings__list_form=f"page_size={most}",
        appointments__list_form=f"page_size={most}",
    )


def _word(word: str) -> Switch:
    facts = {f"meetings.conferencing:{word}": "without a link"}
    return Switch(f"conferencing_none={word}", frozenset({"meetings.words_for_no_conferencing"}), None, facts)


_DATES = {"meetings.days_of_lists"}
_NO_MEETINGS = {"appointments.lists_embed_meeting": "no"}

SWITCHES: tuple[Switch, ...] = (
    _switch("lists_embed_meeting=no", "appointments.lists_embed_meeting", facts=_NO_MEETINGS),
    _switch("lists_embed_meeting=no list_meeting_null=yes", "appointments.lists_embed_meeting", facts=_NO_MEETINGS),
    _switch("lists_embed_meeting=no list_meeting_id=yes", "appointments.lists_embed_meeting", facts=_NO_MEETINGS),
    _switch(
        "meeting_property=conferencing",
        "appointments.meeting_property",
        appointments__meeting_property="conferencing",
    ),
    *(_refused_size(most, status) for most in (50, 20) for status in (400, 422)),
    _switch(
        "page_size_taken=no", *_SIZES, meetings__list_form="page_size=none", appointments__list_form="page_size=none"
    ),
    _switch("page_size_max=50", *_APPOINTMENTS_SIZES, appointments__page_size_granted="50"),
    _switch("page_size_max=10 page_size_default=10", *_APPOINTMENTS_SIZES, appointments__page_size_granted="10"),
    _switch("page_size_default=7", "appointments.default_page_size"),
    _switch("limit_max=50", *_MEETINGS_SIZES, meetings__page_size_granted="50"),
    _switch("order_taken=brackets"),
    _switch("order_taken=bare", "appointments.order", appointments__list_form="page_size=100 order=bare"),
    _switch(
        "order_taken=none",
        "appointments.order",
        "meetings.order",
        meetings__list_form="page_size=100 order=none",
        appointments__list_form="page_size=100 order=none",
    ),
    _switch("order_honoured=no", "appointments.order", "meetings.order", appointments__list_order="the other way"),
    _switch(
        "order_honoured=no appointments_order_default=desc direction_default=desc",
        *("appointments.order", "meetings.order", "appointments.default_order", "meetings.default_order"),
        meetings__list_order="the other way",
    ),
    _switch("direction_default=desc", "meetings.default_order"),
    _switch("appointments_order_default=desc", "appointments.default_order"),
    _switch("from_until_time_zone=Pacific/Kiritimati", "meetings.time_zone_of_dates", perhaps=_DATES),
    _switch("from_until_time_zone=Pacific/Pago_Pago", "meetings.time_zone_of_dates", perhaps=_DATES),
    _switch("until_inclusive=no", "meetings.until_day"),
    _switch("from_inclusive=no", "meetings.from_day"),
    _switch("from_without_until=reject", "meetings.from_without_until"),
    _switch("far_until=reject", "meetings.until_far_away"),
    _switch("period_fixed=ignored", perhaps=_DATES),
    _switch(
        "period_fixed=refused",
        *("meetings.from_without_until", "meetings.until_far_away"),
        meetings__list_form="page_size=100 order=brackets period=all",
    ),
    _switch(
        "far_until=reject from_without_until=reject",
        *("meetings.from_without_until", "meetings.until_far_away"),
        meetings__list_form="page_size=100 order=brackets period=all",
    ),
    _switch("unknown_filter=ignore", "meetings.unknown_filter"),
    _switch("bad_cursor_status=422", "meetings.bad_cursor"),
    _switch(
        "cursor_refused_every=7 limit_max=10 page_size_max=10 page_size_default=10",
        *_SIZES,
        unseen="meetings.cursor_lifetime",
        facts={"meetings.cursor_lifetime:refused": "less than 1 minute"},
    ),
    _switch("extra_page=yes"),
    _switch("pages_overlap=yes limit_max=10 page_size_max=10 page_size_default=10", *_SIZES),
    *map(_word, ("phone", "in_person", "custom")),
    _switch("conferencing_none=null"),
    _switch("conferencing_none=no_object"),
    _switch(
        "error_body=text",
        *("meetings.not_found", "appointments.not_found"),
        unseen="meetings.unauthorized",
        facts=dict.fromkeys(_of_each("error_body:404"), "text"),
    ),
    _switch("appointment_404=json_error", "appointments.not_found"),
    _switch("not_found_message=Gone", "meetings.not_found"),
    _switch("event_generation=older", "meetings.generation"),
    _switch("event_generation=legacy", "meetings.generation"),
    _switch("event_generation=mixed", "meetings.generation"),
    _switch("appointment_generation=legacy", "appointments.generation"),
    _switch("local_has_offset=no", "appointments.local_time"),
    _switch("unknown_fields=yes", "meetings.unknown_fields", "appointments.unknown_fields"),
    _switch(
        "include_sensitive_taken=no",
        "appointments.include_sensitive",
        appointments__list_form="page_size=100 order=brackets include_sensitive=none",
    ),
    _switch("canceled_events_vanish=1", unseen="meetings.events_vanish", facts={"meetings.events_vanish": "yes: 404"}),
    _switch(
        "updated_at_bumps_on_meeting=no", unseen="appointments.updated_at", facts={"appointments.updated_at": "stays"}
    ),
    _switch("meeting_provider_without_host_url=meet"),
    _switch(
        "retry_after=absent", unseen="meetings.retry_after", facts=dict.fromkeys(_of_each("retry_after"), "absent")
    ),
    _switch(
        "envelope_id_stable=no",
        unseen="meetings.webhook_id",
        facts={f"{each}.webhook_id": "another" for each in PRODUCTS},
    ),
    _switch(
        "awaiting_reschedule_webhook=event.changed",
        unseen="meetings.webhook_types",
        facts={"meetings.webhook_types:awaiting_reschedule": "event.changed"},
    ),
    _switch(
        "conferencing_webhook=event.changed",
        unseen="meetings.late_conferencing",
        facts={"meetings.late_conferencing": "announced"},
    ),
    _switch(
        "meeting_webhook_object=appointment",
        unseen="appointments.meeting_webhook",
        facts={"appointments.meeting_webhook": "appointment"},
    ),
    _switch(
        "webhook_includes_sensitive=yes",
        unseen="appointments.webhook_sensitive",
        facts={"appointments.webhook_sensitive": "carried"},
    ),
)
"""Each turned alone; some options only mean something together."""

"""Which worlds there are: one switch each, one damage each, and combinations by a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from worker.simulator.damage import DAMAGES
from worker.simulator.switches import parse_assumptions

SWITCHES = (
    *("lists_embed_meeting=no", "lists_embed_meeting=no list_meeting_null=yes", "meeting_property=conferencing"),
    *(
        f"page_size_max={n} limit_max={n} limit_out_of_range=reject limit_reject_status={s}"
        for n in (50, 20)
        for s in (400, 422)
    ),
    *("page_size_taken=no", "page_size_max=50", "page_size_max=10 page_size_default=10", "limit_max=50"),
    *("order_taken=brackets", "order_taken=bare", "order_taken=none", "order_honoured=no"),
    *("order_honoured=no appointments_order_default=desc direction_default=desc", "direction_default=desc"),
    *("from_until_time_zone=Pacific/Kiritimati", "from_until_time_zone=Pacific/Pago_Pago", "until_inclusive=no"),
    *("from_without_until=reject", "far_until=reject", "unknown_filter=ignore", "bad_cursor_status=422"),
    *("conferencing_none=phone", "conferencing_none=in_person", "conferencing_none=custom"),
    *("error_body=text", "appointment_404=json_error", "not_found_message=Gone"),
    *("event_generation=older", "event_generation=legacy", "event_generation=mixed", "appointment_generation=legacy"),
    *("local_has_offset=no", "unknown_fields=yes", "canceled_events_vanish=1", "updated_at_bumps_on_meeting=no"),
    *("meeting_provider_without_host_url=meet", "page_size_default=7"),
)
"""Each turned alone; some only mean something together."""

SHARE = 0.15
"""Of records that a damage strikes."""


@dataclass(frozen=True)
class World:
    """What differs from our guesses."""

    name: str
    options: dict[str, Any]

    @property
    def is_told_less_by_lists(self) -> bool:
        """Whether appointments have to be read by id for their meetings."""
        return self.options.get("list_embeds_meeting") is False


def _of(switches: list[str], damages: list[str], seed: int, name: str) -> World:
    chosen = parse_assumptions(word for switch in switches for word in switch.split())
    return World(name, chosen | {"seed": seed, "damage": tuple((one, SHARE) for one in damages)})


def alone() -> Iterator[World]:
    """The default world, each switch, each damage."""
    yield _of([], [], 1, "default")
    for number, switch in enumerate(SWITCHES):
        yield _of([switch], [], number + 1, switch)
    for number, name in enumerate(DAMAGES):
        yield _of([], [name], number + 1, f"damage {name}")


def combination(seed: int) -> World:
    """Some switches and damages together."""
    chance = Random(f"world {seed}")
    switches = chance.sample(SWITCHES, k=chance.randint(1, 4))
    damages = chance.sample(sorted(DAMAGES), k=chance.randint(0, 3))
    return _of(switches, damages, seed, f"combination {seed}: {' + '.join((*switches, *damages))}")


def named(name: str) -> World:
    """The world of that name, as a report gives it."""
    if name.startswith("combination "):
        return combination(int(name.removeprefix("combination ").partition(":")[0]))
    return next(world for world in alone() if world.name == name)

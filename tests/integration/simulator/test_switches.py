"""Switches and damages as people write them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from worker.simulator import Options
from worker.simulator.damage import DAMAGES, damage_of, spoiled
from worker.simulator.envelopes import WebhookEvent, encode_envelope
from worker.simulator.switches import ALIASES, assumption_names, parse_assumptions, parse_damages
from worker.simulator.world import World


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("lists_embed_meeting=no", "list_embeds_meeting", False),
        ("lists-embed-meeting=yes", "list_embeds_meeting", True),
        ("page_size_max=50", "page_size_max", 50),
        ("limit_reject_status=400", "limit_reject_status", 400),
        ("order_taken=bare", "order_taken", "bare"),
        ("conferencing_none=phone", "conferencing_none", "phone"),
        ("webhook_disable_after=none", "webhook_disable_after", None),
        ("meetings_rate_per_minute=30", "meetings_rate_per_minute", 30),
        ("canceled_events_vanish=0.5", "canceled_events_vanish", 0.5),
    ],
)
def test_a_switch(text: str, name: str, value: Any) -> None:
    """Its name, and a value of its type."""
    assert parse_assumptions([text]) == {name: value}
    Options(**parse_assumptions([text]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lists_embed_meetings=no", "did you mean lists_embed_meeting"),
        ("qqq=1", "there are: .*page_size_max"),
        ("page_size_max", "is no switch"),
        ("page_size_max=many", "it is int"),
        ("order_taken=loud", "any or brackets or bare or none"),
        ("list_embeds_meeting=perhaps", "yes or no"),
        ("seed=2", "is no switch"),
    ],
)
def test_a_wrong_switch_says_what_there_is(text: str, said: str) -> None:
    """A name nobody knows, or a value of another type."""
    if text == "page_size_max":
        said = "cannot be|is no switch"
    with pytest.raises(ValueError, match=said):
        parse_assumptions([text])


def test_shares_of_damages() -> None:
    """As a fraction or a decimal; alone it is one in a hundred."""
    assert parse_damages(["surrogate=1/4", "deep=0.5", "nul"]) == (("surrogate", 0.25), ("deep", 0.5), ("nul", 0.01))
    for text in ("surrogates=1/4", "deep=2", "deep=x", "deep=1/0"):
        with pytest.raises(ValueError, match=r"damage|share|between"):
            parse_damages([text])


def test_all_switches_are_options() -> None:
    """Every name leads to one."""
    fields = set(Options.__dataclass_fields__)
    assert {ALIASES.get(name, name) for name in assumption_names()} <= fields


@pytest.mark.parametrize("name", [name for name, damage in DAMAGES.items() if not damage.spoil])
@pytest.mark.parametrize("kind", ["event", "appointment"])
@pytest.mark.parametrize("generation", ["newest", "legacy"])
def test_damage_strikes_the_same_records_each_time(name: str, kind: Any, generation: Any) -> None:
    """About the share asked for, by seed and id, and it changes their bytes."""
    options = Options(events=40, appointments=40, appointment_generation=generation, now=1_790_000_000)
    world, plain = World(replace(options, damage=((name, 0.5),))), World(options)
    struck = {one for one in world.documents(kind) if damage_of(1, one, ((name, 0.5),))}
    assert 8 < len(struck) < 32
    for one in world.documents(kind):
        bodies = [each.collections[kind].body(each.record(kind, one), "full") for each in (world, world, plain)]
        assert bodies[0] == bodies[1]
        assert (bodies[0] != bodies[2]) is (one in struck)
        if one not in struck:
            json.loads(bodies[0])


@pytest.mark.parametrize("product", ["meetings", "appointments"])
def test_webhooks_carry_the_damaged_record(product: Any) -> None:
    """The same bytes as the list, inside an envelope that is whole."""
    world = World(Options(events=5, appointments=5, damage=(("surrogate", 1.0),), webhook_includes_sensitive=True))
    kind: Any = "event" if product == "meetings" else "appointment"
    one, document = next(iter(world.documents(kind).items()))
    body = encode_envelope(WebhookEvent(product, "changed", document, world.now, "evt_1"), world.options, world.damaged)
    assert world.collections[kind].body(world.record(kind, one), "full") in body
    whole = json.loads(body)
    assert whole["id"] == "evt_1"
    assert (whole["payload"] if product == "meetings" else whole["data"]["object"])["id"] == one


def test_a_page_that_is_never_served_is_not_served_whatever_else_it_holds() -> None:
    """A record that only adds a byte order mark to its page does not hide one that spoils it."""
    shares = (("bom", 0.5), ("poisoned", 1.0))
    ids = [f"event_{number:026}" for number in range(20)]
    marked, poisoned = (next(one for one in ids if damage_of(1, one, shares) == name) for name in ("bom", "poisoned"))
    for order in ([marked, poisoned], [poisoned, marked]):
        answer = spoiled(1, json.dumps([{"id": one} for one in order]).encode(), shares)
        assert answer is not None
        assert answer[0] == 500

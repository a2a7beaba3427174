"""Damaged records in a simulation: which seeds have them, and what is to be in the tables of such a record."""

from collections.abc import Mapping
from random import Random
from typing import Any

from tests.campaigns.worlds import expected
from worker.simulator import World
from worker.simulator.damage import damage_of
from worker.simulator.formats import encode

REPAIRED = ("surrogate", "reversed_pair", "escaped_key", "control_character", "unknown_escape", "nul")
KEPT = ("first_moment", "last_moment")
REFUSED = ("broken_utf8", "duplicate_key", "wrong_type", "not_a_number")
DAMAGED_SEEDS, SHARE = 0.3, 0.25

Document = dict[str, Any]


def drawn(seed: int) -> tuple[tuple[str, float], ...]:
    """The damages of a seed: none in most, one to three kinds in others."""
    chance = Random(f"{seed}:damages")
    if chance.random() >= DAMAGED_SEEDS:
        return ()
    return tuple((name, SHARE) for name in chance.sample(REPAIRED + KEPT + REFUSED, k=chance.randint(1, 3)))


def is_refused(world: World, object_id: str) -> bool:
    """Whether nobody can read this object."""
    return _damage_of(world, object_id) in REFUSED


def _damage_of(world: World, object_id: str) -> str | None:
    """None for links, too: they lack the members that these damages strike."""
    if object_id.startswith("link_"):
        return None
    return damage_of(world.options.seed, object_id, world.options.damage)


def stored(world: World, document: Document) -> Document:
    """A document as it is to be stored when it was served by that world; the same where it is not damaged."""
    object_id = str(document.get("id"))
    name = _damage_of(world, object_id)
    if name is None or is_refused(world, object_id):
        return document
    found: Document = expected.read(world.damaged(object_id, encode(document)), is_exact=False)
    return found | ({"$repaired": True} if name in REPAIRED else {})


def readable(world: World, documents: Mapping[str, Document]) -> dict[str, Document]:
    """Those that anybody can read, as they are to be stored."""
    return {one: stored(world, document) for one, document in documents.items() if not is_refused(world, one)}

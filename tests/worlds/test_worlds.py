"""A fixed share of the worlds, with few scans each; `make worlds` runs all of them with many."""

import pytest

from tests.worlds.run import run
from tests.worlds.world import World, alone, combination
from worker.store import schema
from worker.store.database import Database

WORLDS = list(alone())
SHARE = ("default", "lists_embed", "page_size_taken", "damage surrogate", "damage deep", "order_taken=none")
CHOSEN = [
    *(world for world in WORLDS if world.name.startswith(SHARE) or "in_person" in world.name),
    *map(combination, (1, 2, 3)),
]


def test_there_are_enough_worlds() -> None:
    """Each name once, at least thirty switches and twelve damages."""
    names = [world.name for world in WORLDS]
    assert len(set(names)) == len(names)
    assert sum(name.startswith("damage ") for name in names) >= 12
    assert sum(not name.startswith(("damage ", "default")) for name in names) >= 30


@pytest.mark.parametrize("world", CHOSEN, ids=lambda world: world.name[:60])
async def test_the_mirror_is_right_in_this_world(database_url: str, world: World) -> None:
    """Equal to the source after a first load, after changes, and after scans in which nothing happened."""
    db = await Database.connect(database_url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()
    assert await run(world, database_url, scans=2) == []

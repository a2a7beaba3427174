"""The real mirror in one world: a first load, changes, many quiet scans, and what does not hold afterwards."""

import re
from collections import Counter
from random import Random

from tests.sync.stage import Stage, staged
from tests.worlds.world import World
from worker.core.model import Product
from worker.errors import RecordError
from worker.sync import work

EVENTS, APPOINTMENTS = 40, 40
REQUESTS_SHARE = 1.3
"""Of the least that a world allows."""


async def run(world: World, database_url: str, scans: int) -> list[str]:
    """What does not hold in a world; empty when all is well."""
    given = {"events": EVENTS, "appointments": APPOINTMENTS} | world.options
    async with staged(database_url, **given) as stage:
        await stage.sweep()
        await _work_off(stage)
        found = [f"after the first load: {one}" for one in await _differing(stage)]
        _change(stage, Random(world.name))
        for _ in range(3):
            await stage.sweep()
            await _work_off(stage)
        found += [f"after changes: {one}" for one in await _differing(stage)]
        found += await _quiet(stage, world, scans)
        return found + [f"at the end: {one}" for one in await _differing(stage)]


async def _quiet(stage: Stage, world: World, scans: int) -> list[str]:
    """Scans of a world in which nothing happens: no version, and no more requests than their pages."""
    versions = await stage.value("select count(*) from savvycal.snapshots")
    transitions = await stage.value("select count(*) from savvycal.transitions")
    before = len(stage.world.requests)
    for _ in range(scans):
        await stage.sweep()
        await _work_off(stage)
    found = []
    if (now := await stage.value("select count(*) from savvycal.snapshots")) != versions:
        found.append(f"{now - versions} versions in {scans} quiet scans")
    if (now := await stage.value("select count(*) from savvycal.transitions")) != transitions:
        found.append(f"{now - transitions} transitions in {scans} quiet scans")
    requests = list(stage.world.requests)[before:]
    single = Counter(r.path.rpartition("/")[2] for r in requests if re.search(r"/(event|appt)_", r.path))
    pages = len(requests) - sum(single.values())
    least = scans * sum(_pages(stage, product) for product in Product)
    is_cut_up = any(name == "oversize_record" for name, _ in world.options.get("damage", ()))  # pages of 50, 25, 5, 1
    if pages > REQUESTS_SHARE * least and not is_cut_up:
        found.append(f"{pages} list requests, {least} would do")
    if single:
        found.append(f"{sum(single.values())} reads by id in quiet scans ({len(single)} objects)")
    return found


def _pages(stage: Stage, product: Product) -> int:
    options, count = stage.world.options, len(stage.world.documents(product.kind.value))
    form = stage.mirror.accounts["default"][product].learned.form
    size = form.page_size or (options.page_size_default if product is Product.APPOINTMENTS else 20)
    if product is Product.APPOINTMENTS:
        size = min(size, options.page_size_max)
    return max(1, -(-count // int(min(size, options.limit_max))))


async def _work_off(stage: Stage) -> None:
    """All that anybody asked for, as if its time had come; what is only watched stays."""
    for _ in range(6):
        due = "reasons <> '{watch}'"
        if not await stage.value(f"select count(*) from savvycal._targets where {due} and parked_at is null"):
            return
        await stage.execute("update savvycal._targets set missing_since = missing_since - interval '61 s'")
        await stage.execute(f"update savvycal._targets set due_at = clock_timestamp() where {due}")
        await work.work(stage.mirror)


def _change(stage: Stage, chance: Random) -> None:
    """Something of everything happens."""
    world = stage.world
    world.book_event(state="confirmed")
    world.book_appointment(meeting_status="created")
    events, appointments = sorted(world.documents("event")), sorted(world.documents("appointment"))
    for one in chance.sample(events, k=4):
        world.edit_event(one, summary="Moved")
    ahead = [one for one in appointments if world.document("appointment", one)["status"] == "scheduled"]
    for one in chance.sample(ahead, k=min(3, len(ahead))):
        world.cancel_appointment(one, None, "ill", "client")


async def _differing(stage: Stage) -> list[str]:
    """Every object, as an answer by id shows it, against its row: equal, or in quarantine for good reason."""
    found: list[str] = []
    for product in Product:
        kind, api = product.kind.value, stage.mirror.accounts["default"][product].source
        statement = f"select id, fingerprint, gone_at from savvycal.{kind}s"
        stored = {row["id"]: row for row in await stage.rows(statement)}
        held = "select id from savvycal.quarantine where kind = $1 and resolved_at is null"
        refused = {row["id"] for row in await stage.rows(held, kind)}
        shelf = stage.world.shelves[kind]
        for object_id, record in shelf.records.items():
            row = stored.pop(object_id, None)
            try:
                snapshot = api.parse_record(shelf.body(record, "full"))
            except RecordError:
                found += [] if object_id in refused else [f"{object_id} is damaged and not in quarantine"]
                continue
            if row is None or row["gone_at"]:
                found.append(f"{object_id} is missing")
            elif row["fingerprint"] != snapshot.fingerprint:
                found.append(f"{object_id} differs")
        found += [f"{object_id} is stored and gone" for object_id, row in stored.items() if not row["gone_at"]]
    return [*found[:5], f"and {len(found) - 5} more"] if len(found) > 5 else found

"""The run: batches of mutated and good records, through page parsing and `write` into Postgres."""

import json
import resource
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.campaigns.fuzz.mutate import mutate
from tests.support.harness import Harness
from tests.support.writing import write_records
from worker.core.model import Via
from worker.errors import Malformed
from worker.savvycal import json_spans
from worker.store import objects
from worker.sync.batch import Provenance
from worker.sync.context import Endpoint

BATCH = 100
GOOD_EVERY = 10


@dataclass
class Counters:
    """What became of the records."""

    records: int = 0
    good: int = 0
    written: int = 0
    unchanged: int = 0
    quarantined: int = 0
    pages_refused: int = 0
    pages_read: int = 0
    grown_mib: float = 0.0


async def fuzz(harness: Harness, count: int, seed: int) -> Counters:
    """Feeds `count` records, both products in turn. Fails when a good record is lost or the counts do not add up."""
    rng, counters = Random(seed), Counters()
    sources = [
        (endpoint, list(harness.world.documents(str(endpoint.source.product.kind)).values()))
        for endpoint in harness.context.accounts["default"].values()
    ]
    before = None
    while counters.records < count:
        for endpoint, documents in sources:
            await _batch(harness, endpoint, documents, rng, counters)
        before = before or (_peak_mib() if counters.records >= min(count, 20_000) / 2 else None)
    counters.grown_mib = _peak_mib() - (before or _peak_mib())
    return counters


MARKED: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "event": lambda mark: {"url": mark},
    "appointment": lambda mark: {"client_reference_id": mark, "meeting": None},
    "link": lambda mark: {"slug": mark},
}


async def _batch(
    harness: Harness, endpoint: Endpoint, documents: list[dict[str, Any]], rng: Random, counters: Counters
) -> None:
    product = endpoint.source.product
    raws, good = [], {}
    for place in range(BATCH):
        document = dict(rng.choice(documents))
        document["id"] = f"{document['id'].split('_')[0]}_{rng.randrange(400)}"
        if document.get("meeting"):
            document["meeting"] = document["meeting"] | {"id": f"amtg_{document['id']}"}
        if place % GOOD_EVERY:
            raws.append(mutate(rng, document))
            continue
        document["id"], mark = f"good_{place}", f"{rng.random()}"
        document |= MARKED[str(product.kind)](mark)
        document["updated_at"] = datetime.now(UTC).isoformat()  # one dated before what is stored would be held back
        good[document["id"]] = mark
        raws.append(_json(document))
    _page(endpoint, raws, counters)
    async with harness.db.connection() as connection:
        fence = await objects.take_fence(connection)
    provenance = Provenance("default", fence, datetime.now(UTC), Via.POLL)
    outcome = await write_records(harness.db, endpoint.source, provenance, raws)
    await _check(harness, str(product.kind), good)
    seen = outcome.count
    assert seen.read == len(raws) == seen.written + seen.unchanged + seen.superseded + seen.quarantined, seen
    counters.records += len(raws)
    counters.good += len(good)
    counters.written += seen.written
    counters.unchanged += seen.unchanged
    counters.quarantined += seen.quarantined


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def _page(endpoint: Endpoint, raws: list[bytes], counters: Counters) -> None:
    """The same records as a page: it is split into just them where each has a beginning and an end, whatever is in it;
    otherwise it is read or refused as a whole, and nothing else.
    """
    are_whole = bool(counters.records % (2 * BATCH))
    chosen = [raw.strip() for raw in raws if _is_whole(raw)] if are_whole else raws
    joined = b", ".join(chosen)
    has_cursors = endpoint.source.product.kind != "appointment"
    meta = b'"meta": {"current_page": 1, "total_pages": 1, "total_count": 1}'
    body = b'{"data": [' + joined + b"], " + meta + b"}"
    if has_cursors:
        body = b'{"entries": [' + joined + b'], "metadata": {}}'
    try:
        records = endpoint.source.parse_page(body, None).records
    except Malformed:
        assert not are_whole
        counters.pages_refused += 1
    else:
        assert list(records) == chosen if are_whole else records
        counters.pages_read += 1


def _is_whole(raw: bytes) -> bool:
    """Whether its strings and brackets are in order."""
    try:
        return json_spans.items(b"[" + raw + b"]") == [raw.strip()]
    except Malformed:
        return False


async def _check(harness: Harness, kind: str, good: dict[str, str]) -> None:
    column = {"event": "url", "appointment": "legacy_client_reference_id", "link": "slug"}[kind]
    rows = await harness.rows(f"select id, {column} as mark from savvycal.{kind}s where id = any ($1)", list(good))
    assert {row["id"]: row["mark"] for row in rows} == good


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

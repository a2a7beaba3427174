"""The run: batches of mutated records with good ones among them, through page parsing and `ingest` into Postgres."""

import json
import resource
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.fuzz.mutate import mutate
from tests.sync.stage import Stage
from worker.core.model import Via
from worker.errors import Malformed
from worker.savvycal import json_spans
from worker.store import objects
from worker.sync import ingest
from worker.sync.batch import Look
from worker.sync.mirror import Endpoint

BATCH = 100
GOOD_EVERY = 10


@dataclass
class Tally:
    """What became of the records."""

    records: int = 0
    good: int = 0
    written: int = 0
    unchanged: int = 0
    quarantined: int = 0
    pages_refused: int = 0
    pages_read: int = 0
    grown_mib: float = 0.0


async def fuzz(stage: Stage, count: int, seed: int) -> Tally:
    """Feeds `count` records, both products in turn. Fails when a good record is lost or the counts do not add up."""
    rng, tally = Random(seed), Tally()
    sources = [
        (endpoint, list(stage.world.documents(str(endpoint.source.product.kind)).values()))
        for endpoint in stage.mirror.accounts["default"].values()
    ]
    before = None
    while tally.records < count:
        for endpoint, documents in sources:
            await _batch(stage, endpoint, documents, rng, tally)
        before = before or (_peak_mib() if tally.records >= min(count, 20_000) / 2 else None)
    tally.grown_mib = _peak_mib() - (before or _peak_mib())
    return tally


async def _batch(stage: Stage, endpoint: Endpoint, documents: list[dict[str, Any]], rng: Random, tally: Tally) -> None:
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
        document |= {"url": mark} if product.kind == "event" else {"client_reference_id": mark, "meeting": None}
        document["updated_at"] = datetime.now(UTC).isoformat()  # one dated before what is stored would be held back
        good[document["id"]] = mark
        raws.append(_json(document))
    _page(endpoint, raws, tally)
    async with stage.db.connection() as connection:
        fence = await objects.take_fence(connection)
    look = Look("default", fence, datetime.now(UTC), Via.POLL)
    outcome = await ingest.ingest(stage.db, endpoint.source, look, raws, ingest.nothing_else, ingest.nothing_else)
    await _check(stage, str(product.kind), good)
    seen = outcome.count
    assert seen.read == len(raws) == seen.written + seen.unchanged + seen.overtaken + seen.quarantined, seen
    tally.records += len(raws)
    tally.good += len(good)
    tally.written += seen.written
    tally.unchanged += seen.unchanged
    tally.quarantined += seen.quarantined


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def _page(endpoint: Endpoint, raws: list[bytes], tally: Tally) -> None:
    """The same records as a page: it is split into just them where each has a beginning and an end, whatever is in it;
    otherwise it is read or refused as a whole, and nothing else.
    """
    are_whole = bool(tally.records % (2 * BATCH))
    chosen = [raw.strip() for raw in raws if _is_whole(raw)] if are_whole else raws
    joined = b", ".join(chosen)
    is_event = endpoint.source.product.kind == "event"
    meta = b'"meta": {"current_page": 1, "total_pages": 1, "total_count": 1}'
    body = (
        b'{"entries": [' + joined + b'], "metadata": {}}' if is_event else b'{"data": [' + joined + b"], " + meta + b"}"
    )
    try:
        records = endpoint.source.parse_page(body, None).records
    except Malformed:
        assert not are_whole
        tally.pages_refused += 1
    else:
        assert list(records) == chosen if are_whole else records
        tally.pages_read += 1


def _is_whole(raw: bytes) -> bool:
    """Whether its strings and brackets are in order."""
    try:
        return json_spans.items(b"[" + raw + b"]") == [raw.strip()]
    except Malformed:
        return False


async def _check(stage: Stage, kind: str, good: dict[str, str]) -> None:
    column = "url" if kind == "event" else "legacy_client_reference_id"
    rows = await stage.rows(f"select id, {column} as mark from savvycal.{kind}s where id = any ($1)", list(good))
    assert {row["id"]: row["mark"] for row in rows} == good


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

"""Pages survive their records: whatever is wrong with some of them, all others are stored and the window completes."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random

import pytest
from aiohttp import web

from tests.support.harness import Harness, running_harness
from worker.core.kinds import PRODUCTS
from worker.core.model import Kind, Product
from worker.core.windows import Bounds
from worker.simulator.formats import Document
from worker.store import schema
from worker.store.database import Database
from worker.sync.audit import audit_range

RECORDS = 100
EVERYTHING = Bounds(None, None)
Damage = Callable[[bytes], bytes]


def _text(value: bytes) -> Damage:
    return lambda raw: raw.replace(b'"MARK"', value, 1)


REPAIRED: dict[str, Damage] = {
    "half a surrogate pair": _text(rb'"thanks \ud83d"'),
    "a pair the wrong way round": _text(rb'"\ude00\ud83d"'),
    "half a pair in a name": _text(rb'{"\ud801":1}'),
    "a control character": _text(b'"two\t\x01"'),
    "a NUL": _text(b'"a\x00b"'),
    "an escape JSON does not know": _text(rb'"\x41"'),
}
AS_IT_IS: dict[str, Damage] = {
    "a huge number": _text(b"-4e999"),
    "a number beyond numeric": _text(b"1e200000"),
    "many digits": _text(b"98765432109876543210.12345678901234567890"),
    "a long integer": _text(b"9" * 5000),
    "the first moment": lambda raw: re.sub(
        rb'"created_at":"[^"]*"', b'"created_at":"0001-01-01T00:00:00Z"', raw, count=1
    ),
    "the last moment": lambda raw: re.sub(
        rb'"created_at":"[^"]*"', b'"created_at":"9999-12-31T23:59:59.999999Z"', raw, count=1
    ),
}
QUARANTINED: dict[str, Damage] = {
    "bytes that are no UTF-8": _text(b'"caf\xe9"'),
    "a key twice": _text(b'{"a":1,"a":2}'),
    "1,500 levels": _text(b'{"a":' * 1500 + b"1" + b"}" * 1500),
    "100,000 levels": _text(b"[" * 100_000 + b"]" * 100_000),
    "a literal JSON does not know": _text(b"NaN"),
    "more than a record may have": _text(b'"' + b"x" * 1024 * 1024 + b'"'),
    "a start that is none": lambda raw: re.sub(rb'"start_at":("[^"]*"|\{[^}]*\})', b'"start_at":7', raw, count=1),
}
DAMAGES = REPAIRED | AS_IT_IS | QUARANTINED


def _raw(document: Document) -> bytes:
    """As the simulator serves it, with a place for the damage where any value may stand."""
    metadata = "client" if "client" in document else "metadata"
    inner = document["client"] | {"metadata": "MARK"} if metadata == "client" else "MARK"
    return json.dumps(document | {metadata: inner}, separators=(",", ":")).encode()


def _page(product: Product, records: list[bytes], number: int, pages: int, bom: bool) -> bytes:
    joined = b",".join(records)
    if product is Product.MEETINGS:
        after = json.dumps(f"page_{number + 1}" if number < pages else None).encode()
        body = (
            b'{"entries":[' + joined + b'],"metadata":{"before":null,"other":1e400,"after":' + after + b',"limit":50}}'
        )
    else:
        meta = json.dumps({"current_page": number, "page_size": 50, "total_count": RECORDS, "total_pages": pages})
        body = b'{"data":[' + joined + b'],"meta":' + meta.encode() + b"}"
    return (b"\xef\xbb\xbf" if bom else b"") + body


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("product", PRODUCTS)
async def test_damaged_records_harm_nobody_else(mirrored_url: str, product: Product, seed: int) -> None:
    """Of 100 records some are damaged in every way there is: the others are stored, and so is what can be repaired."""
    chance = Random(seed)
    kind = product.kind
    async with running_harness(mirrored_url, events=RECORDS, appointments=RECORDS) as harness:
        documents = list(harness.world.documents(kind.value).values())
        names = chance.sample(sorted(DAMAGES), k=chance.randint(1, len(DAMAGES)))
        damaged = dict(zip(chance.sample([d["id"] for d in documents], k=len(names)), names, strict=True))
        records = [DAMAGES[damaged[d["id"]]](_raw(d)) if d["id"] in damaged else _raw(d) for d in documents]
        pages = [records[:50], records[50:]]
        bom = seed % 2 == 1
        served = [_page(product, page, number, 2, bom) for number, page in enumerate(pages, 1)]

        async def answer(request: web.Request) -> web.Response:
            asked = request.query.get("page") or request.query.get("after", "page_1").removeprefix("page_")
            return web.Response(body=served[int(asked) - 1], content_type="application/json")

        async with _serving(answer) as url:
            endpoint = harness.context.accounts["default"][product]
            endpoint.client._base_url = url
            await harness.scan(product)
            await _check(harness, kind, damaged, [d["id"] for d in documents])
            versions = await harness.value("select count(*) from savvycal.snapshots")
            await harness.scan(product)
            assert await harness.value("select count(*) from savvycal.snapshots") == versions


@pytest.mark.parametrize("product", PRODUCTS)
async def test_letters_that_the_database_lacks_harm_nobody_else(latin1_url: str, product: Product) -> None:
    """The record is quarantined without its body, because that cannot be held either; all others are stored."""
    db = await Database.connect(latin1_url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
    await db.close()
    async with running_harness(latin1_url, events=5, appointments=5) as harness:
        kind = product.kind
        documents = list(harness.world.documents(kind.value).values())
        ids = {document["id"] for document in documents}
        records = [_text('"\N{SNOWMAN}"'.encode())(_raw(documents[0])), *map(_raw, documents[1:])]

        async def answer(_request: web.Request) -> web.Response:
            return web.Response(body=_page(product, records, 1, 1, bom=False), content_type="application/json")

        async with _serving(answer) as url:
            harness.context.accounts["default"][product].client._base_url = url
            await harness.scan(product)
        (row,) = await harness.rows("select id, reason, body from savvycal.quarantine")
        assert (row["id"], row["body"]) == (documents[0]["id"], None)
        assert "SQLSTATE 22P05" in row["reason"]
        assert {r["id"] for r in await harness.rows(f"select id from savvycal.{kind}s")} == ids - {row["id"]}
        assert await harness.value("select result from savvycal.runs") == "ok"


@pytest.mark.parametrize("product", PRODUCTS)
async def test_damage_is_no_difference_and_no_change(mirrored_url: str, product: Product) -> None:
    """A read by id and an audit of what can be repaired or held find what the scan found, and write nothing."""
    kind, wanted = product.kind, REPAIRED | AS_IT_IS
    async with running_harness(mirrored_url, events=len(wanted), appointments=len(wanted)) as harness:
        documents = list(harness.world.documents(kind.value).values())
        records = {d["id"]: act(_raw(d)) for d, act in zip(documents, wanted.values(), strict=True)}

        async def answer(request: web.Request) -> web.Response:
            record = records.get(request.path.rpartition("/")[2])
            body = _page(product, list(records.values()), 1, 1, bom=True) if record is None else record
            single = b'{"data":' + body + b"}" if record and product is Product.APPOINTMENTS else body
            return web.Response(body=single, content_type="application/json")

        async with _serving(answer) as url:
            harness.context.accounts["default"][product].client._base_url = url
            await harness.scan(product)
            for object_id in records:
                await harness.reconcile(kind, object_id)
            found = await audit_range(harness.context, "default", product, EVERYTHING, lambda _count: None)
        assert (found.match, found.differing, found.unreadable) == (len(records), [], [])
        assert await harness.value("select max(version) from savvycal.snapshots") == 1
        assert await harness.value("select count(*) from savvycal.snapshots") == len(records)


async def test_times_beyond_datetime_read_as_the_nearest(mirrored_url: str) -> None:
    """A day after the last moment, as a statement counts it, stops no reader of it."""
    async with running_harness(mirrored_url) as harness:
        for text, year in {"infinity": 9999, "20000-01-01": 9999, "-infinity": 1, "4000-01-01 BC": 1}.items():
            assert (await harness.value("select $1::text::timestamptz", text)).year == year


async def _check(harness: Harness, kind: Kind, damaged: dict[str, str], ids: list[str]) -> None:
    stored = {row["id"]: row for row in await harness.rows(f"select id, extra, created_at from savvycal.{kind}s")}
    refused = {row["id"] for row in await harness.rows("select id from savvycal.quarantine where resolved_at is null")}
    assert refused == {one for one, name in damaged.items() if name in QUARANTINED}
    assert stored.keys() == set(ids) - refused
    repaired = {one for one, row in stored.items() if b"$repaired" in row["extra"]}
    assert repaired == {one for one, name in damaged.items() if name in REPAIRED}
    (run,) = await harness.rows(
        "select result, rows_repaired, rows_quarantined, iterations from savvycal.runs".replace(
            "iterations", "iterations"
        )
    )
    assert run["result"] == "ok"
    assert run["rows_quarantined"] == len(refused) * run["iterations"]
    assert run["rows_repaired"] == len(repaired)
    assert await harness.value(f"select count(*) from savvycal.{kind}s where not isfinite(created_at)") == 0


@asynccontextmanager
async def _serving(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()

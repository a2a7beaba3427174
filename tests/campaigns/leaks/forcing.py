"""Forces errors in one process, one kind after the other, with canaries in whatever an error could quote."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, cast

from redis.asyncio import Redis

from savvycal_sync import resync, reveal
from savvycal_sync.keyring import Keyring
from tests.campaigns.leaks.canaries import Canaries
from tests.support.harness import Harness
from worker import queue, settings
from worker.core.model import Kind
from worker.documents import to_json
from worker.errors import SavvycalSyncError
from worker.live_check import report
from worker.live_check import run as live_check
from worker.logs import log
from worker.savvycal.circuit_breaker import CircuitBreaker
from worker.savvycal.rate_limit import RateLimits
from worker.simulator import Fault
from worker.store.database import Database
from worker.sync.retry_budget import RetryBudget

Force = Callable[[], Awaitable[object]]
STATUSES = (301, 302, 308, 400, 401, 403, 404, 410, 418, 422, 429, 500, 502, 503, 504)


def upstream_faults(of: Canaries) -> Iterator[Fault]:
    """Every way SavvyCal can answer wrongly, its body and headers full of canaries."""
    body, secret = of.secrets["error_body"], of.secrets
    headers = {"x-echo": secret["error_header"], "retry-after": "0", "set-cookie": f"s={secret['error_header']}"}
    told = {"errors": [{"message": f"token {body} refused", "detail": body}, {"detail": f"Bearer {body}"}]}
    for status in STATUSES:
        location = (
            {"location": f"http://127.0.0.1:9/{secret['redirect']}?t={secret['redirect']}"} if status < 400 else {}
        )
        for shown in (told, {"errors": {body: [body]}}, f"<html>{body}</html>", f'"{body}'):
            yield Fault("status", times=1, args={"status": status, "body": shown, "headers": headers | location})
    for body_of_fault in _upstream_faults(body, of.people["free_text"]):
        yield Fault("status", times=1, args={"status": 200, "body": body_of_fault, "headers": headers})
    for kind in ("malformed_json", "html_200", "reset", "truncate", "redirect"):
        yield Fault(kind, times=1, args={"location": f"http://127.0.0.1:9/{secret['redirect']}"})


def _upstream_faults(body: str, person: str) -> Iterator[str]:
    yield f'{{"id": "{body}'
    yield f'{{"id": "{body}", "data": NaN}}'
    yield f'["{body}"]'
    yield f'{{"id": ["{person}"]}}'
    yield '{"data":' * 200 + f'"{body}"' + "}" * 200
    yield json.dumps({"data": {"id": f"{person} {person}"}, "id": f"{person} {person}"})  # a record like any other
    yield json.dumps({"data": {"id": person}, "id": person})


def poison(document: dict[str, Any], of: Canaries) -> Iterator[bytes]:
    """Records that cannot be read, the canary in the field that is wrong or beside one that is missing."""
    secret = of.secrets["error_body"]
    person = of.people["free_text"]
    for name, value in (
        ("start_at", person),
        ("end_at", None),
        ("attendees", person),
        ("client", person),
        ("duration", person),
        ("payment", {"amount_total": person}),
        ("link", [person]),
        ("service", person),
        ("maximum_group_size", 10**30),
    ):
        yield json.dumps(document | {name: value, "password": secret, "host_url": secret}).encode()
    yield json.dumps(document | {"password": secret}).encode()[:-1] + b', "password": "' + secret.encode() + b'"}'
    yield json.dumps(document).encode()[:-1] + b', "x": ' + b"[" * 100 + f'"{person}"'.encode() + b"]" * 100 + b"}"


async def force_upstream(harness: Harness, of: Canaries) -> int:
    """One read, or one scan, for each fault; how many failed."""
    event = next(iter(harness.world.documents("event")))
    appointment = next(iter(harness.world.documents("appointment")))
    count = 0
    for fault in upstream_faults(of):
        for kind, object_id in ((Kind.EVENT, event), (Kind.APPOINTMENT, appointment)):
            fault.struck = 0
            _as_if_nothing_had_happened(harness)
            harness.world.faults[:] = [fault]
            await harness.reconcile(kind, object_id)
            count += fault.struck
    harness.world.faults.clear()
    return count


async def check_live(harness: Harness, of: Canaries) -> str:
    """Everything `check --live` shows and writes, of a world whose errors, field names and words are canaries too."""
    _as_if_nothing_had_happened(harness)
    secret, person = of.secrets["error_body"], of.people["free_text"]
    strange: tuple[tuple[Any, dict[str, Any]], ...] = (
        ("event", {person: secret, "state": person, "conferencing": {"type": person, "join_url": None, person: 1}}),
        ("appointment", {person: {"object": "x", person: secret}, "status": person, "appointment_type": person}),
        ("event", {"start_at": person}),
        ("appointment", {"client": person}),
    )
    for place, (kind, changes) in enumerate(strange):
        document = list(harness.world.documents(kind).values())[place]
        harness.world.put(kind, document | changes)
    told = {"errors": [{"message": f"{person} of {secret} is unknown", "detail": f"{person}@example.test"}]}
    headers = {"content-type": f"text/{secret}", "x-echo": secret}
    harness.world.faults[:] = [
        Fault("status", match="_0000000000|after=", args={"status": 404, "body": told, "headers": headers}),
        Fault("status", match="from=|page_size=1000", args={"status": 422, "body": told | {secret: person}}),
    ]
    result = await live_check.run("default", harness.context.accounts["default"], has_account=False)
    harness.world.faults.clear()
    assert len(result.asked) > 15
    shown = (report.as_document(result), report.as_report(result, date(2026, 11, 28)), [list(result.asked)])
    return "\n".join([report.as_text(result), *(to_json(each) for each in shown[:2]), repr(shown[2])])


def _as_if_nothing_had_happened(harness: Harness) -> None:
    """Closes circuits and takes back the cool-down that SavvyCal asked for, so that every error is really met."""
    for endpoint in harness.context.accounts["default"].values():
        endpoint.client.circuit = CircuitBreaker()
        object.__setattr__(endpoint.client, "_rate_limits", RateLimits(1_000_000))
    harness.context.retries = RetryBudget()


async def force_poison(harness: Harness, of: Canaries) -> int:
    """One read of each record that cannot be parsed."""
    count = 0
    kinds: tuple[tuple[Any, Kind], ...] = (("event", Kind.EVENT), ("appointment", Kind.APPOINTMENT))
    for name, kind in kinds:
        document = next(iter(harness.world.documents(name).values()))
        for raw in list(poison(document, of)):
            harness.world.put_raw(name, document["id"], raw)
            _as_if_nothing_had_happened(harness)
            await harness.reconcile(kind, document["id"])
            count += 1
        harness.world.put(name, document)
    return count


async def force_store(harness: Harness, of: Canaries, database_url: str) -> int:
    """Postgres refuses rows that hold people, statements with wrong arguments, and a wrong password."""
    person = of.people["free_text"]
    event = dict(next(iter(harness.world.documents("event").values())))
    await harness.execute(
        "alter table savvycal.events add constraint canary check (summary not like 'Kanari%') not valid"
    )
    for number in range(5):
        harness.world.put("event", event | {"summary": f"{person} {number}"})
        await harness.reconcile(Kind.EVENT, event["id"])
    harness.world.put("event", event)
    await harness.execute("alter table savvycal.events drop constraint canary")
    wrong: list[Force] = [
        lambda: harness.execute("select $1::int", person),
        lambda: harness.execute("select $1::jsonb", person.encode()),
        lambda: harness.execute("insert into savvycal._meta values (true, 1)"),
        lambda: harness.execute("select 1/length(substr($1, 1, 0))", person),
        lambda: harness.execute("insert into savvycal.events (id, summary) values ('x', $1)", person),
        lambda: harness.execute("select savvycal.request_resync('event', $1)", f"{person} {person}"),
        lambda: Database.connect(database_url.replace("@127.0.0.1", f"{of.secrets['exception']}@127.0.0.1"), 1),
        lambda: Database.connect(f"postgresql://u:{of.secrets['exception']}@127.0.0.1:9/x", 1),
    ]
    return 5 + await _all_refused(wrong)


async def force_words(harness: Harness, of: Canaries) -> int:
    """Settings, jobs and questions that are wrong: their messages name fields, never values."""
    secret, count = of.secrets["exception"], 0
    for name in ("DATABASE_URL", "REDIS_URL", "SAVVYCAL_HTTP", "SAVVYCAL_EMBEDDED", "SAVVYCAL_MEETINGS_URL"):
        count += _refused(lambda name=name: settings.load({name: f"{secret}://{secret}"}))  # type: ignore[misc]
    count += _refused(lambda: Keyring.parse(secret))
    job = of.secrets["job_argument"]
    payloads: list[dict[str, Any]] = [
        {"f": job, "a": [], "k": {}, "t": None, "et": 1},
        {"f": "work", "a": [f"{job}?"], "k": {}, "t": None, "et": 1},
        {"f": "work", "a": [], "k": {}, "t": job, "et": 1},
        {job: job},
    ]
    for payload in payloads:
        count += _refused(lambda payload=payload: queue.unpack(json.dumps(payload).encode()))  # type: ignore[misc]
    unanswered = Redis.from_url(f"redis://:{secret}@127.0.0.1:9/0")
    wrong: list[Force] = [
        lambda: resync(f"{job} {job}", redis=unanswered),
        lambda: resync("all", product=job, redis=unanswered),
        lambda: resync("event_1", redis=unanswered),
        lambda: Database.connect(f"postgresql://u:{secret}@127.0.0.1:9/x"),
        lambda: reveal("amtg_none", database=cast("Any", None), keys=secret),
    ]
    return count + await _all_refused(wrong)


async def force_libraries(of: Canaries) -> int:
    """What libraries may log: exceptions and warnings that quote a connection string, a header or a payload."""
    secret = of.secrets["header_value"]
    texts = [
        f"RequestInfo(url=URL('https://api.test/x?t={secret}'), headers={{'Authorization': 'Bearer {secret}'}})",
        f"connection to postgresql://u:{secret}@db/x failed",
        f"Error 111 connecting with password={secret}",
        f"Key (email)=({of.people['email']}@example.test) already exists.",
        f"input_value={{'host_url': 'https://x/{secret}'}}",
    ]
    for text in texts:
        for speak in (
            lambda text: log.exception("unexpected", error=text),
            lambda text: log.error("unexpected", detail=[text], headers={"a": secret}),
            lambda text: logging.getLogger("arq.worker").exception("job failed %s", text),
            lambda text: logging.getLogger("asyncio").error("never retrieved", exc_info=True),
        ):
            try:
                raise RuntimeError(text)
            except RuntimeError:
                speak(text)
    return len(texts) * 4


def _refused(attempt: Callable[[], object]) -> int:
    try:
        attempt()
    except SavvycalSyncError as error:
        log.error("refused", error=str(error), detail=repr(error))
        return 1
    return 0


async def _all_refused(attempts: list[Force]) -> int:
    count = 0
    for attempt in attempts:
        try:
            await attempt()
        except SavvycalSyncError as error:
            log.error("refused", error=str(error), detail=repr(error), exc_info=True)
            count += 1
    return count


@asynccontextmanager
async def small_redis_memory(redis_url: str) -> AsyncIterator[None]:
    """A Redis that refuses to store: its error quotes the command."""
    async with Redis.from_url(redis_url) as redis:
        await redis.config_set("maxmemory", "1")
        try:
            yield
        finally:
            await redis.config_set("maxmemory", "0")
            await redis.connection_pool.disconnect()

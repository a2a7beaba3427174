"""What other applications import: the words for a target, the wire format, and a push that is confirmed or fails."""

import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from savvycal_sync import resync, targets
from savvycal_sync.queue import BULK, HEAD_START_MS, RESYNC, URGENT, Call, pack, push
from savvycal_sync.redis_pool import connection_pool
from savvycal_sync.targets import Target, parse_range, targets_of
from worker import queue
from worker.core.kinds import Product
from worker.errors import QueueUnavailable, ResyncRejected
from worker.queue import unpack

CANARY = "canary-7f3a"
OFTEN = settings(max_examples=100, deadline=None)
NOWHERE = "redis://127.0.0.1:1"
"""An address where nothing listens."""

ARGUMENTS = st.text("abcXYZ019_.:-", min_size=1, max_size=128)
MEETINGS, APPOINTMENTS, LINKS = Product
JOB: dict[str, Any] = {"t": None, "f": "resync", "a": ["event_1"], "k": {}, "et": 1767600000000}


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A connection to the empty Redis of a test."""
    async with Redis.from_url(redis_url) as connection:
        yield connection


def wire(**changes: Any) -> bytes:
    """A job as it travels, with changes."""
    return json.dumps(JOB | changes).encode()


def refused(payload: bytes) -> str:
    """Why a payload is no job of ours."""
    with pytest.raises(ResyncRejected) as caught:
        unpack(payload)
    return str(caught.value)


JANUARY = (date(2026, 1, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("text", "product", "targets"),
    [
        ("event_01KKGY70MFPC", None, [Target(MEETINGS, "event_01KKGY70MFPC")]),
        ("event_1", "meetings", [Target(MEETINGS, "event_1")]),
        ("appt_0123456789ab", None, [Target(APPOINTMENTS, "appt_0123456789ab")]),
        ("appt_1", "appointments", [Target(APPOINTMENTS, "appt_1")]),
        ("link_1", None, [Target(LINKS, "link_1")]),
        ("odd-id", "meetings", [Target(MEETINGS, "odd-id")]),
        ("odd-id", "links", [Target(LINKS, "odd-id")]),
        ("odd-id", "appointments", [Target(APPOINTMENTS, "odd-id")]),
        ("all", None, [Target(MEETINGS), Target(APPOINTMENTS), Target(LINKS)]),
        ("all", "links", [Target(LINKS)]),
        ("2026-01-01..2026-02-01", None, [Target(MEETINGS, days=JANUARY), Target(APPOINTMENTS, days=JANUARY)]),
        ("2026-01-01..2026-02-01", "appointments", [Target(APPOINTMENTS, days=JANUARY)]),
    ],
)
def test_targets(text: str, product: str | None, targets: list[Target]) -> None:
    """An id is one target; a range and `all` are one for each product, or for the one that is named."""
    assert targets_of(text, product) == targets
    assert {str(target) for target in targets} == {text}


@pytest.mark.parametrize(
    ("target", "product", "message"),
    [
        ("", None, "pass an id"),
        ("two words", None, "pass an id"),
        ("event_1\n", None, "pass an id"),
        ("x" * 129, None, "pass an id"),
        ("event_é", None, "pass an id"),
        ("../me", None, "pass an id"),
        ("2026-01-01...2026-02-01", None, "starts with none of"),
        ("2026-01-01..", None, "starts with none of"),
        ("2026-1-1..2026-2-1", None, "starts with none of"),
        ("something", None, "name the product"),
        ("ALL", None, "name the product"),
        ("2026-02-30..2026-03-01", None, "a range is two dates"),
        ("2026-13-01..2026-14-01", "meetings", "a range is two dates"),
        ("0000-01-01..0000-01-02", None, "a range is two dates"),
        ("2026-02-01..2026-01-01", None, "ends before it starts"),
        ("2016-01-01..2026-02-01", None, "may span 3660 days"),
        ("event_1", "events", "the product is one of meetings, appointments, links"),
        ("event_1", "appointments", "of no object of appointments"),
        ("appt_1", "meetings", "of no object of meetings"),
        ("link_1", "meetings", "of no object of meetings"),
        ("all", "", "the product is one of meetings, appointments, links"),
    ],
)
def test_targets_that_name_nothing(target: str, product: str | None, message: str) -> None:
    """What names nothing that can be synced is refused with the rule it breaks."""
    with pytest.raises(ResyncRejected, match=message):
        targets_of(target, product)


@OFTEN
@given(target=st.text(max_size=20) | ARGUMENTS, product=st.sampled_from([None, "meetings", "appointments"]))
def test_every_target_can_travel(target: str, product: str | None) -> None:
    """Whatever is accepted as a target becomes a job that the worker accepts as well."""
    try:
        targets = targets_of(target, product)
    except ResyncRejected:
        return
    for found in targets:
        assert unpack(wire(f=RESYNC, a=[str(found), found.product.value]))["a"][0] == target


def test_a_range_of_ten_years_is_the_longest() -> None:
    """The limit itself is allowed."""
    first, last = parse_range("2016-01-01", "2026-01-08")
    assert (last - first).days == targets.RANGE_DAYS_MAX


@pytest.mark.parametrize(("first", "last"), [("", ""), ("today", "tomorrow"), ("2026-01-01", "2026-01-01T00:00:00")])
def test_what_is_no_date_is_no_range(first: str, last: str) -> None:
    """Both ends have to be dates."""
    with pytest.raises(ResyncRejected, match="a range is two dates"):
        parse_range(first, last)


def test_a_job_is_read() -> None:
    """The documented JSON becomes the dictionary that the queue expects."""
    assert unpack(wire()) == JOB
    assert unpack(wire(k={"account": "berlin"}, t=2)) == JOB | {"k": {"account": "berlin"}, "t": 2}


@pytest.mark.parametrize("name", [RESYNC, *queue.INTERNAL_JOBS, "cron:schedule"])
def test_known_jobs(name: str) -> None:
    """Every job that is named can travel, and so can a run of the schedule."""
    assert unpack(wire(f=name))["f"] == name


PICKLED = b"\x80\x04\x95\x1d\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94."


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (PICKLED, "job: Invalid JSON"),
        (b"", "job: Invalid JSON"),
        (b"resync", "job: Invalid JSON"),
        (b'{"t":null', "job: Invalid JSON"),
        (b"\xff\xfe", "job: Invalid JSON"),
        (b"[" * 2000, "job: Invalid JSON"),
        (b"[]", "job: Input should be an object"),
        (b"null", "job: Input should be an object"),
        (b'"text"', "job: Input should be an object"),
        (b"{}", "t: Field required"),
        (wire(x=1), "job: Extra inputs are not permitted"),
        (wire(t="soon"), "t: "),
        (wire(f=5), "f: "),
        (wire(f=None), "f: "),
        (wire(f=["work"]), "f: "),
        (wire(a=None), "a: "),
        (wire(a="event_1"), "a: "),
        (wire(a=[5]), "a.0: "),
        (wire(a=[None]), "a.0: "),
        (wire(a=["ok", {"id": "event_1"}]), "a.1: "),
        (wire(a=["a b"]), "a.0: "),
        (wire(a=["a\n"]), "a.0: "),
        (wire(a=["é"]), "a.0: "),
        (wire(a=[""]), "a.0: "),
        (wire(a=["x" * 129]), "a.0: "),
        (wire(a=["x"] * 5), "a: "),
        (wire(k=None), "k: "),
        (wire(k=[]), "k: "),
        (wire(k={"account": 5}), "k.account: "),
        (wire(k={"account": "a b"}), "k.account: "),
        (wire(k={"a": "1", "b": "2", "c": "3"}), "k: "),
        (wire(et=None), "et: "),
        (wire(et="now"), "et: "),
        (wire(et=1.5), "et: "),
        (wire(f="os.system"), "f: no such job"),
        (wire(f=""), "f: no such job"),
        (wire(f="cron:"), "f: no such job"),
        (wire(f="cron:cron:schedule"), "f: no such job"),
        (wire(f="resync "), "f: no such job"),
    ],
)
def test_what_is_no_job_of_ours_is_dropped(payload: bytes, reason: str) -> None:
    """Pickles, other JSON, further keys, wrong types, bad arguments and unknown functions are refused by name."""
    assert refused(payload).startswith(reason)


def test_a_payload_has_a_limit() -> None:
    """A job longer than any of ours is not even read."""
    longest = wire().replace(b"{", b"{" + b" " * (queue.PAYLOAD_BYTES_MAX - len(wire())), 1)
    assert unpack(longest) == JOB
    assert refused(longest + b" ") == "a job may have 2048 bytes, this one has 2049"


@pytest.mark.parametrize(
    "payload",
    [
        f'"{CANARY}'.encode(),
        CANARY.encode(),
        wire(t=CANARY),
        wire(f=CANARY),
        wire(a=[f"{CANARY} "]),
        wire(a=CANARY),
        wire(k=CANARY),
        wire(k={"account": f"{CANARY} "}),
        wire(et=CANARY),
        wire(x=CANARY),
    ],
)
def test_a_refused_payload_is_not_quoted(payload: bytes) -> None:
    """The reason names the field and the rule, never the value."""
    assert CANARY not in refused(payload)


@OFTEN
@given(payload=st.binary(max_size=80))
def test_any_bytes_are_a_job_or_refused(payload: bytes) -> None:
    """Nothing that stands in Redis raises anything but ResyncRejected."""
    assert refused(payload)


@OFTEN
@given(
    name=st.sampled_from([RESYNC, *queue.INTERNAL_JOBS]),
    arguments=st.lists(ARGUMENTS, max_size=4),
    named=st.dictionaries(st.just("account"), ARGUMENTS),
    now_ms=st.integers(0, queue.MOMENT_MS_MAX),
    attempt=st.none() | st.integers(0, 100),
)
def test_what_is_packed_can_be_unpacked(
    name: str, arguments: list[str], named: dict[str, str], now_ms: int, attempt: int | None
) -> None:
    """A job of ours comes back as it went."""
    job = {"t": attempt, "f": name, "a": arguments, "k": named, "et": now_ms}
    assert unpack(pack(job)) == job


@pytest.mark.parametrize("moment", [-1, queue.MOMENT_MS_MAX + 1, 1767600000000000000])
def test_a_moment_of_which_arq_could_make_no_time_is_refused(moment: int) -> None:
    """It would end every worker that reads it."""
    assert refused(json.dumps(JOB | {"et": moment}).encode()).startswith("et: ")
    assert datetime.fromtimestamp(queue.MOMENT_MS_MAX / 1000, UTC).year == 3000


def test_what_json_cannot_hold_is_named_by_its_type() -> None:
    """A result that holds an exception travels as the exception's name, never as a pickle."""
    assert pack({"s": False, "r": ValueError(CANARY)}) == b'{"s":false,"r":"ValueError"}'


async def test_a_push_writes_the_documented_keys(redis: Redis) -> None:
    """One string with a time to live and one member of the queue, scored with the moment of the push."""
    before_ms = time.time() * 1000 - 1
    job_id = await push(redis, URGENT, Call("resync", ("event_1",)))
    after_ms = time.time() * 1000
    name, _, unique = job_id.partition(":")
    assert name == "resync"
    assert len(unique) == 32
    assert {key.decode() for key in await redis.keys("*")} == {
        f"arq:job:{job_id}",
        "savvycal:urgent",
        "savvycal:wakeups",
    }
    payload = await redis.get(f"arq:job:{job_id}")
    assert payload
    ((member, score),) = await redis.zrange("savvycal:urgent", 0, -1, withscores=True)
    assert member.decode() == job_id
    assert before_ms <= score + HEAD_START_MS <= after_ms
    assert json.loads(payload) == {
        "t": None,
        "f": "resync",
        "a": ["event_1"],
        "k": {},
        "et": int(score) + HEAD_START_MS,
    }
    assert list(json.loads(payload)) == ["t", "f", "a", "k", "et"]
    assert 86_400_000 - 60_000 < await redis.pttl(f"arq:job:{job_id}") <= 86_400_000


async def test_a_push_names_another_account(redis: Redis) -> None:
    """An account that is not the default one travels by name, and the queue is the one that was asked for."""
    job_id = await push(redis, BULK, Call("resync", ("all", "meetings")), "berlin")
    payload = await redis.get(f"arq:job:{job_id}")
    assert payload
    assert unpack(payload)["k"] == {"account": "berlin"}
    assert await redis.zcard("savvycal:bulk") == 1
    assert await redis.zcard("savvycal:urgent") == 0


async def test_two_pushes_are_two_jobs(redis: Redis) -> None:
    """Merging is the work queue's business: the same call twice has two ids."""
    call = Call("resync", ("event_1",))
    ids = {await push(redis, URGENT, call), await push(redis, URGENT, call)}
    assert {member.decode() for member in await redis.zrange("savvycal:urgent", 0, -1)} == ids
    assert len(ids) == 2


async def test_request_resync_with_a_connection(redis: Redis) -> None:
    """One job is for both products, pushed over the connection that is given, which stays open."""
    job_id = await resync("2026-01-01..2026-02-01", redis=redis)
    assert job_id.partition(":")[0] == "resync"
    assert json.loads(await redis.get(f"arq:job:{job_id}") or b"")["a"] == ["2026-01-01..2026-02-01"]


async def test_request_resync_with_an_address(redis_url: str, redis: Redis) -> None:
    """Given only an address, it connects, pushes to the urgent queue, and leaves nothing open."""
    job_id = await resync("odd", product="meetings", account="berlin", redis=redis_url)
    assert [member.decode() for member in await redis.zrange(URGENT, 0, -1)] == [job_id]
    payload = await redis.get(f"arq:job:{job_id}")
    assert json.loads(payload or b"")["a"] == ["odd", "meetings"]
    assert json.loads(payload or b"")["k"] == {"account": "berlin"}


async def test_request_resync_with_the_environment(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a connection and an address the variable REDIS_URL is used."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    job_id = await resync("event_1")
    assert await redis.zrange(URGENT, 0, -1) == [job_id.encode()]


async def test_request_resync_needs_a_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing to connect to, the error says what to pass or set."""
    monkeypatch.delenv("REDIS_URL", raising=False)
    with pytest.raises(QueueUnavailable, match="set REDIS_URL"):
        await resync("event_1")


@pytest.mark.parametrize(("target", "product"), [("two words", None), ("event_1\n", None), ("all", "both")])
async def test_request_resync_refuses_before_it_connects(target: str, product: str | None) -> None:
    """A target that names nothing is refused at once, Redis or not."""
    with pytest.raises(ResyncRejected):
        await resync(target, product=product, redis=NOWHERE)


@pytest.mark.parametrize("account", ["", "a b", "a\n", "é", "x" * 129])
async def test_an_account_that_the_worker_would_drop_is_refused(redis: Redis, account: str) -> None:
    """A request that no worker would read is no request: it is refused, and nothing is pushed."""
    with pytest.raises(ResyncRejected):
        await resync("event_1", account=account, redis=redis)
    assert await redis.keys("*") == []


async def test_a_push_that_is_not_confirmed_fails() -> None:
    """Where nothing listens the push fails within its deadlines, as an error that a retry may repair."""
    with pytest.raises(QueueUnavailable, match="did not confirm") as caught:
        await resync("event_1", redis=NOWHERE)
    assert caught.value.transient


async def test_a_push_that_redis_refuses_fails(redis: Redis) -> None:
    """When Redis answers with an error, the push has failed too."""
    await redis.set(URGENT, "not a queue")
    with pytest.raises(QueueUnavailable, match="ResponseError"):
        await push(redis, URGENT, Call("resync", ("event_1",)))


async def test_the_password_of_redis_is_not_told() -> None:
    """A failed push says what kind of error there was, and nothing of the address."""
    with pytest.raises(QueueUnavailable) as caught:
        await resync("event_1", redis=f"redis://:{CANARY}@127.0.0.1:1")
    assert CANARY not in repr(caught.value)


def test_connections_have_deadlines() -> None:
    """No wait for Redis is without end, and certificates are checked where there are any."""
    plain = connection_pool("redis://127.0.0.1:1/3")
    assert plain.timeout == 5
    told = plain.connection_kwargs
    assert (told["socket_connect_timeout"], told["socket_timeout"], told["db"]) == (2, 5, 3)
    assert connection_pool("rediss://127.0.0.1:1").connection_kwargs["ssl_check_hostname"] is True

"""`savvycal-sync run` as a process: configured servers, embedded ones, signals, restarts and bad input."""

import asyncio
import json
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from redis.asyncio import Redis

from savvycal_sync import resync
from tests.support.daemon import daemon, run, start
from tests.support.harness import until
from tests.support.ports import free_port
from worker import __version__, startup
from worker.simulator import Fault, Options, Simulator

SYNCED = r"transitions [1-9]\d\d"
"""On the live line, once the simulated account is in the tables."""

pytestmark = pytest.mark.timeout(240)

QUIESCENT = Options(events=40, appointments=20, lifecycle=False)


@asynccontextmanager
async def reader(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection like a user's."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


def settings_for(simulator: Simulator, database_url: str, redis_url: str) -> dict[str, str]:
    """Everything configured: nothing embedded may start."""
    return {
        "SAVVYCAL_EMBEDDED": "never",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SAVVYCAL_REQUESTS_PER_MINUTE": "100000",
        "SAVVYCAL_MEETINGS_URL": simulator.meetings_url,
        "SAVVYCAL_MEETINGS_TOKEN": simulator.options.meetings_token,
        "SAVVYCAL_APPOINTMENTS_URL": simulator.appointments_url,
        "SAVVYCAL_APPOINTMENTS_TOKEN": simulator.options.appointments_token,
    }


async def test_a_configured_daemon_mirrors_everything_and_drains_on_sigterm(database_url: str, redis_url: str) -> None:
    """With servers and tokens set nothing embedded starts; SIGTERM ends it with 0 well within ten seconds."""
    async with (
        Simulator(QUIESCENT) as simulator,
        daemon(settings=settings_for(simulator, database_url, redis_url)) as running,
    ):
        await running.says("product=meetings rows=40")
        await running.says("product=appointments rows=20")
        before = time.monotonic()
        assert await running.stop() == 0
        assert time.monotonic() - before < 10
    assert "started" not in running.output.split("health and status")[0]
    assert "summary: 40 events (+40), 20 appointments (+20)" in running.output
    assert "Postgres does not answer" not in running.output
    async with reader(database_url) as connection:
        assert await connection.fetchval("select count(*) from savvycal.events") == 40
        leased = "select count(*) from savvycal._work where job = 'scan' and lease_token is not null"
        assert await connection.fetchval(leased) == 0


async def test_a_restarted_daemon_goes_on_where_it_stopped(database_url: str, redis_url: str) -> None:
    """A backfill that was stopped in the middle resumes at its page: no page is read twice."""
    options = Options(events=5000, appointments=0, lifecycle=False, latency_ms=150)
    async with Simulator(options) as simulator:
        settings = settings_for(simulator, database_url, redis_url)
        del settings["SAVVYCAL_APPOINTMENTS_TOKEN"]
        async with daemon(settings=settings) as running, reader(database_url) as connection:
            await running.says("health and status")
            stored = "select coalesce(max(page), 0) >= 1 from savvycal._scans where window_name = 'all'"
            await until(lambda: connection.fetchval(stored))
            assert await running.stop() == 0
            page = await connection.fetchval("select page from savvycal._scans where window_name = 'all'")
            assert page is not None
            assert page < 50
        async with daemon(settings=settings) as again, reader(database_url) as connection:
            await again.says("job=backfill product=meetings rows=5000")
            pages = await connection.fetchval(
                "select pages from savvycal.runs where (job, product) = ('backfill', 'meetings')"
            )
            assert pages == 100  # two iterations of fifty pages: the second found no changes
            assert await connection.fetchval("select count(*) from savvycal.events") == 5000


async def test_resyncs_come_in_through_the_queue_in_every_form(database_url: str, redis_url: str) -> None:
    """Python, the command line and plain JSON from another language: each leads to a read once."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url)
        async with daemon(settings=settings) as running, reader(database_url) as connection:
            await running.says("product=appointments rows=20")
            await running.says("product=meetings rows=40")
            events = sorted(simulator.world.documents("event"))

            async def renamed(event: str) -> bool:
                found = await connection.fetchval("select summary from savvycal.events where id = $1", event)
                return bool(found == f"new {event}")

            for event in events[:4]:
                simulator.world.edit_event(event, summary=f"new {event}")
            await resync(events[0], redis=redis_url)
            await until(lambda: renamed(events[0]))

            done = await asyncio.to_thread(run, "resync", events[1], settings=settings)
            assert (done.returncode, done.stdout[:14]) == (0, "queued resync:")
            await until(lambda: renamed(events[1]))

            now_ms = int(time.time() * 1000)
            payload = json.dumps({"t": None, "f": "resync", "a": [events[2]], "k": {}, "et": now_ms})
            async with Redis.from_url(redis_url) as redis:
                await redis.execute_command("PSETEX", "arq:job:mine", 86400000, payload)
                await redis.execute_command("ZADD", "savvycal:urgent", now_ms, "mine")
            await until(lambda: renamed(events[2]))

            await resync("all", product="meetings", redis=redis_url)
            await until(lambda: renamed(events[3]))
            appointment = next(iter(simulator.world.documents("appointment")))
            simulator.world.cancel_appointment(appointment)
            await resync(appointment, redis=redis_url)
            canceled = "select status = 'canceled' from savvycal.appointments where id = $1"
            await until(lambda: connection.fetchval(canceled, appointment))
            async with Redis.from_url(redis_url) as redis:
                assert [key async for key in redis.scan_iter("arq:result:*")] == []
            assert await running.stop() == 0


async def test_poison_in_the_queue_is_dropped_and_the_daemon_lives(database_url: str, redis_url: str) -> None:
    """Pickle, wrong shapes, unknown jobs, bad arguments and members that are not text: a line each, nothing more."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url)
        async with (
            daemon(settings=settings) as running,
            Redis.from_url(redis_url) as redis,
            reader(database_url) as connection,
        ):
            await running.says("product=meetings rows=40")
            now_ms = int(time.time() * 1000)
            poisons = [
                b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00N.",
                b'{"t": "x", "f": ["resync"], "a": [], "k": {}, "et": null}',
                json.dumps({"t": None, "f": "rm", "a": [], "k": {}, "et": now_ms}).encode(),
                json.dumps({"t": None, "f": "resync", "a": [], "k": {}, "et": now_ms}).encode(),
                json.dumps({"t": None, "f": "resync", "a": ["event_1", *"xyz"], "k": {}, "et": now_ms}).encode(),
                json.dumps(
                    {
                        "t": None,
                        "f": "resync",
                        "a": ["2026-02-02..2026-01-01", "meetings"],
                        "k": {},
                        "et": now_ms,
                    }
                ).encode(),
                json.dumps(
                    {"t": None, "f": "resync", "a": ["event_1"], "k": {"account": "nobody"}, "et": now_ms}
                ).encode(),
            ]
            for number, poison in enumerate(poisons):
                await redis.psetex(f"arq:job:poison{number}", 86400000, poison)
                await redis.zadd("savvycal:urgent", {f"poison{number}": now_ms})
            await redis.zadd("savvycal:urgent", {b"\xff\xfe": now_ms})
            await running.says("the range ends before it starts")
            await running.says("wrong number or names of arguments")
            await running.says("no token is configured for events of that account")
            event = next(iter(simulator.world.documents("event")))
            simulator.world.edit_event(event, summary="after the poison")
            await resync(event, redis=redis_url)
            renamed = "select summary = 'after the poison' from savvycal.events where id = $1"
            await until(lambda: connection.fetchval(renamed, event))
            assert await redis.zcard("savvycal:urgent") == 0
            assert await running.stop() == 0
            assert "Traceback" not in running.output


async def test_without_redis_the_daemon_starts_syncs_and_says_so(database_url: str) -> None:
    """Redis that cannot be reached is one line; the local timer runs the same jobs."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, "redis://127.0.0.1:1/0")
        async with daemon(settings=settings) as running, reader(database_url) as connection:
            await running.says("redis_disconnected")
            await running.says("product=meetings rows=40")
            assert await connection.fetchval("select count(*) from savvycal.events") == 40
            assert await running.stop() == 0
        assert running.output.count("redis_disconnected") == 1


async def test_a_wrong_token_is_one_clear_line_and_the_other_product_goes_on(database_url: str, redis_url: str) -> None:
    """401 for one product: it says so without the token; events arrive all the same."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url) | {"SAVVYCAL_APPOINTMENTS_TOKEN": "sk_wrong_one"}
        async with daemon(settings=settings) as running:
            await running.says("product=meetings rows=40")
            await running.says("SavvyCal answered 401")
            checked = await asyncio.to_thread(run, "check", settings=settings)
            assert checked.returncode == 1
            assert "FAIL  default: appointments token: SavvyCal answered 401" in checked.stdout
            assert "ok    default: meetings token: accepted" in checked.stdout
            assert await running.stop() == 0
        assert "sk_wrong_one" not in running.output + checked.stdout + checked.stderr


async def test_status_and_health_show_what_is_synced(database_url: str, redis_url: str) -> None:
    """The command, its JSON and the HTTP page tell the same."""
    async with Simulator(QUIESCENT) as simulator, aiohttp.ClientSession() as session:
        settings = settings_for(simulator, database_url, redis_url)
        async with daemon(settings=settings) as running:
            await running.says("product=appointments rows=20")
            await running.says("product=meetings rows=40")
            address = await running.address()
            async with session.get(f"{address}/health") as answer:
                assert (answer.status, (await answer.json())["ok"]) == (200, True)
            async with session.get(f"{address}/status") as answer:
                served = await answer.json()
            async with reader(database_url) as connection:
                await connection.execute("update savvycal.coverage set next_due_at = now() - interval '1 h'")
                held = "insert into savvycal._work (job, kind, key, due_at, priority) "
                held += "values ('scan', 'event', 'near', now() + interval '1 h', 10) on conflict do nothing"
                await connection.execute(held)

            async def is_red() -> bool:
                async with session.get(f"{address}/health") as answer:
                    return bool(answer.status == 503 and not (await answer.json())["ok"])

            await until(is_red)
            said = json.loads((await asyncio.to_thread(run, "status", "--json", settings=settings)).stdout)
            text = (await asyncio.to_thread(run, "status", settings=settings)).stdout
            assert await running.stop() == 0
        events = sum(row["objects"] for row in said["counts"] if row["kind"] == "event")
        assert events == sum(row["objects"] for row in served["counts"] if row["kind"] == "event") == 40
        assert "freshness" in text
        assert "work queue:" in text


async def test_a_daemon_that_embeds_everything_survives_a_restart(tmp_path: Path) -> None:
    """No settings at all: servers and simulator start, rows arrive, `status` and `resync` find them; twice."""
    for _ in range(2):
        async with daemon(cwd=tmp_path) as running:
            await running.says("query the tables:")
            await running.says_like(SYNCED)
            assert (await asyncio.to_thread(run, "resync", "all", cwd=tmp_path)).returncode == 0
            assert "freshness" in (await asyncio.to_thread(run, "status", cwd=tmp_path)).stdout
            compared = await asyncio.to_thread(run, "audit", "--sample", "3", cwd=tmp_path)
            assert compared.stdout.startswith("meetings: "), compared.stderr
            second = await asyncio.to_thread(run, "run", cwd=tmp_path)
            assert second.returncode == 1
            assert "already" in second.stderr
            assert await running.stop(signal.SIGINT) == 0
        for word in ("DATABASE_URL is not set", "REDIS_URL is not set", "no SavvyCal token is set", "summary:"):
            assert word in running.output
    assert "Traceback" not in running.output


async def test_nothing_outlives_a_killed_daemon(tmp_path: Path) -> None:
    """SIGKILL leaves no server behind, and the next start goes on with the same data (Linux)."""
    async with daemon(cwd=tmp_path) as running:
        await running.says_like(SYNCED)
        assert await running.stop(signal.SIGKILL) == -signal.SIGKILL

    await until(lambda: asyncio.to_thread(_nothing_runs_in, tmp_path))
    async with daemon(cwd=tmp_path) as again:
        await again.says_like(SYNCED)
        assert "applied it" not in again.output
        assert await again.stop() == 0


def _nothing_runs_in(directory: Path) -> bool:
    return not [path for path in Path("/proc").glob("[0-9]*/cmdline") if _mentions(path, str(directory))]


def _mentions(path: Path, text: str) -> bool:
    try:
        return text in path.read_bytes().decode(errors="replace")
    except OSError:
        return False  # it ended while we read


async def test_run_for_a_while_stops_by_itself(tmp_path: Path) -> None:
    """--for ends with a summary and 0; the page's address comes before the servers that take a while to start."""
    bind = f"127.0.0.1:{free_port()}"
    done = await asyncio.to_thread(run, "run", "--for", "4s", cwd=tmp_path, settings={"SAVVYCAL_HTTP": bind})
    assert done.returncode == 0
    assert done.stdout.startswith(
        f"savvycal-sync {__version__} is starting\nthe page will be at: http://{bind}/ in a few seconds\nDATABASE_URL"
    )
    assert f"open in a browser:   http://{bind}/\n" in done.stdout
    assert "summary: 3" in done.stdout


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"SAVVYCAL_EMBEDDED": "sometimes"}, "SAVVYCAL_EMBEDDED: Input should be 'auto' or 'never'"),
        (
            {"SAVVYCAL_MEETING_TOKEN": "x"},
            "SAVVYCAL_MEETING_TOKEN is not a setting; did you mean SAVVYCAL_MEETINGS_TOKEN?",
        ),
        ({"DATABASE_URL": "mysql://u:hunter2@h/d"}, "DATABASE_URL: must start with postgresql:// or postgres://"),
        (
            {"DATABASE_URL": "postgresql://127.0.0.1:1/x"},
            "SAVVYCAL_MEETINGS_TOKEN or SAVVYCAL_APPOINTMENTS_TOKEN: set one",
        ),
        ({"SAVVYCAL_EMBEDDED": "never"}, "SAVVYCAL_MEETINGS_TOKEN or SAVVYCAL_APPOINTMENTS_TOKEN: set one"),
        ({"SAVVYCAL_EMBEDDED": "never", "SAVVYCAL_MEETINGS_TOKEN": "hunter2"}, "DATABASE_URL is not set"),
        ({"SAVVYCAL_REQUESTS_PER_MINUTE": "many"}, "SAVVYCAL_REQUESTS_PER_MINUTE: Input should be a valid integer"),
    ],
)
def test_a_bad_setting_is_one_line_and_exit_2(tmp_path: Path, settings: dict[str, str], line: str) -> None:
    """The line names the variable and never its value."""
    done = run("run", cwd=tmp_path, settings=settings)
    assert done.returncode == 2
    assert done.stderr.startswith(f"savvycal-sync: {line}")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr + done.stdout


def test_an_unreachable_database_is_one_line_and_exit_1(tmp_path: Path, redis_url: str) -> None:
    """It says what could not be reached, without the password."""
    settings = {
        "DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:1/mirror",
        "REDIS_URL": redis_url,
        "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_x",
    }
    done = run("run", cwd=tmp_path, settings=settings)
    assert done.returncode == 1
    assert "savvycal-sync: DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "target", ["nonsense", "2026-02-02..2026-01-01", "event_ with space", "2026-13-01..2026-14-01"]
)
def test_a_resync_of_nothing_is_refused_with_what_was_wrong(target: str, redis_url: str) -> None:
    """Exit 2 and one line; nothing reaches the queue."""
    done = run("resync", target, settings={"REDIS_URL": redis_url})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


async def test_the_daemon_outlives_an_api_that_is_down(database_url: str, redis_url: str) -> None:
    """A few 500s: the work queue waits, and what was missed arrives."""
    async with Simulator(QUIESCENT) as simulator:
        simulator.world.faults.append(Fault(kind="status", times=4, args={"status": 500}))
        async with daemon(settings=settings_for(simulator, database_url, redis_url)) as running:
            await running.says("SavvyCal answered 500")
            await running.says("product=meetings rows=40")
            assert await running.stop() == 0


async def test_simulate_serves_on_the_port_it_was_given() -> None:
    """What it prints can be copied into a shell, and the address answers."""
    process = await start("simulate", "--port", "0", "--events", "5", "--appointments", "2", "--speed", "0")
    try:
        assert process.stdout is not None
        first, *lines = [(await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip() for _ in range(5)]
        assert first.startswith("# ")
        given = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        headers = {"Authorization": f"Bearer {given['SAVVYCAL_MEETINGS_TOKEN']}"}
        async with aiohttp.request("GET", f"{given['SAVVYCAL_MEETINGS_URL']}/me", headers=headers) as answer:
            assert answer.status == 200
        port = given["SAVVYCAL_MEETINGS_URL"].split(":")[2].split("/")[0]
        taken = await asyncio.to_thread(run, "simulate", "--port", port)
        assert (taken.returncode, taken.stderr[:40]) == (2, f"savvycal-sync: --port {port}: cannot listen"[:40])
    finally:
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0


async def test_an_address_that_is_taken_is_no_wrong_setting(database_url: str, redis_url: str) -> None:
    """Exit code 1, so that a supervisor tries again: the next start may find it free."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with Simulator(QUIESCENT) as simulator:
            settings = settings_for(simulator, database_url, redis_url)
            settings["SAVVYCAL_HTTP"] = f"127.0.0.1:{taken.getsockname()[1]}"
            done = await asyncio.to_thread(run, "run", "--for", "3s", settings=settings)
    assert done.returncode == 1
    assert "cannot listen" in done.stderr


async def test_a_schema_of_another_build_is_named(database_url: str) -> None:
    """Its number is ours, its views and functions may not be."""
    said: list[str] = []
    db = await startup.connect(database_url, said.append)
    async with db.connection() as connection:
        await connection.execute("comment on schema savvycal is 'Mirror of a SavvyCal account, kept by savvycal-sync.'")
    await db.close()
    assert said == ["the database had no savvycal schema: applied it"]
    db = await startup.connect(database_url, said.append)
    await db.close()
    assert "run `savvycal-sync schema apply`" in said[-1]


async def test_a_revoked_token_is_red_within_a_minute_and_the_same_everywhere(
    database_url: str, redis_url: str
) -> None:
    """Health, status, metric, page and log name one cause; a worker that only works serves them, too; then it ends."""
    async with Simulator(QUIESCENT) as simulator, aiohttp.ClientSession() as session:
        settings = settings_for(simulator, database_url, redis_url) | {
            "SAVVYCAL_ADMIN_HTTP": "127.0.0.1:0",
            "SAVVYCAL_POLL_NEAR_SECONDS": "3600",
        }
        async with daemon("--role", "worker", settings=settings) as running:
            await running.says("product=appointments rows=20")
            await running.says("product=meetings rows=40")
            address = running.output.split("open in a browser:")[1].split()[0].rstrip("/")

            async def get(path: str) -> str:
                async with session.get(address + path) as answer:
                    return await answer.text()

            async def health() -> dict[str, Any]:
                return dict(json.loads(await get("/health")))

            async def is_well() -> bool:
                return bool((await health())["ok"])

            async def is_red() -> bool:
                return not (await health())["ok"]

            await until(is_well, seconds=60)
            simulator.world.faults.append(Fault(kind="status", product="meetings", args={"status": 401}))
            began = time.monotonic()
            await until(is_red, seconds=60)
            assert time.monotonic() - began < 60
            found = await health()
            assert [problem["cause"] for problem in found["problems"]] == ["token_refused"]
            sentence = "SavvyCal refuses the token for meetings of account default; window "
            assert found["sentence"].startswith(sentence)
            assert 'savvycal_problem{cause="token_refused"} 1.0' in await get("/metrics")
            down = 'savvycal_upstream_up{account="default",product="meetings"} 0.0'

            async def is_down() -> bool:  # links are read with the same token, and may be refused first
                return down in await get("/metrics")

            await until(is_down, seconds=60)
            assert sentence in await get("/")
            text = (await asyncio.to_thread(run, "status", settings=settings)).stdout
            assert text.startswith(sentence)
            assert (await get("/livez"), await get("/readyz")) == ("alive\n", "ready\n")
            simulator.world.faults.clear()
            await until(is_well, seconds=90)
            assert await running.stop() == 0
        lines = [line for line in running.output.splitlines() if "problem_" in line and "token_refused" in line]
        assert ["problem_began" in lines[0], "problem_ended" in lines[1], len(lines)] == [True, True, 2]
        assert sentence in lines[0]

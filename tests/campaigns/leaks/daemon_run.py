"""The real daemon as a process, its secrets in files, with a bad SavvyCal before it and bad jobs in its queue."""

import asyncio
import re
import signal
from pathlib import Path

import aiohttp
import asyncpg
from redis.asyncio import Redis

from tests.campaigns.leaks.canaries import Canaries
from tests.campaigns.leaks.sinks import Sinks, collect_activity, collect_process, collect_redis
from tests.support.daemon import ADDRESS, start
from worker.simulator import Fault, Simulator
from worker.web.lists import LISTS


def settings_in_files(
    directory: Path, simulator: Simulator, of: Canaries, database_url: str, redis_url: str
) -> dict[str, str]:
    """Variables that name files; none holds a secret."""
    secrets = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SAVVYCAL_MEETINGS_TOKEN": of.secrets["meetings_token"],
        "SAVVYCAL_APPOINTMENTS_TOKEN": of.secrets["appointments_token"],
        "SAVVYCAL_SECRET_KEYS": of.secrets["sealing_key"],
    }
    for name, value in secrets.items():
        (directory / name).write_text(value)
    return {f"{name}_FILE": str(directory / name) for name in secrets} | {
        "SAVVYCAL_MEETINGS_URL": simulator.meetings_url,
        "SAVVYCAL_APPOINTMENTS_URL": simulator.appointments_url,
        "SAVVYCAL_HTTP": "127.0.0.1:0",
        "SAVVYCAL_POLL_NEAR_SECONDS": "1",
        "SAVVYCAL_LOG_FORMAT": "json",
        "SAVVYCAL_LOG_LEVEL": "debug",
        "SAVVYCAL_EMBEDDED": "never",
        "SAVVYCAL_REQUESTS_PER_MINUTE": "100000",
        "PYTHONFAULTHANDLER": "1",
    }


async def run(
    directory: Path, simulator: Simulator, of: Canaries, database_url: str, redis_url: str, sinks: Sinks, seconds: float
) -> None:
    """Runs it for a while, collects what can be seen from outside, and lets it crash at the end."""
    settings = settings_in_files(directory, simulator, of, database_url, redis_url)
    simulator.world.faults[:] = [
        Fault("status", probability=0.1, args={"status": 500, "body": of.secrets["error_body"]}),
        Fault(
            "status",
            probability=0.1,
            args={"status": 401, "body": f'{{"errors":[{{"message":"{of.secrets["error_body"]}"}}]}}'},
        ),
        Fault("malformed_json", probability=0.1),
    ]
    process = await start("run", settings=settings, cwd=directory, stderr=asyncio.subprocess.PIPE)
    watcher = asyncio.create_task(_watch(process.pid, of, database_url, redis_url, sinks, seconds))
    assert process.stdout
    assert process.stderr
    out = asyncio.create_task(_drain(process.stdout))
    err = asyncio.create_task(_drain(process.stderr))
    try:
        address = await _address(out)
        await _ask(address, sinks)
        await watcher
        await _ask(address, sinks)
    finally:
        watcher.cancel()
        if process.returncode is None:
            process.send_signal(signal.SIGABRT)
        await process.wait()
    sinks.add("worker log", "".join(await out))
    lines = await err
    crash = next((place for place, line in enumerate(lines) if "Fatal Python error" in line), len(lines))
    sinks.add("json log", "".join(lines[:crash]))
    sinks.add("crash dump", "".join(lines[crash:]))


_lines: dict[int, list[str]] = {}


async def _drain(stream: asyncio.StreamReader) -> list[str]:
    lines = _lines.setdefault(id(asyncio.current_task()), [])
    while line := await stream.readline():
        lines.append(line.decode(errors="replace"))
    return lines


async def _address(out: "asyncio.Task[list[str]]") -> str:
    async with asyncio.timeout(30):
        while not out.done():
            found = re.search(ADDRESS, "".join(_lines.get(id(out), [])))
            if found:
                return found[1]
            await asyncio.sleep(0.02)
    raise AssertionError("the daemon did not start: " + "".join(await out))


async def _ask(address: str, sinks: Sinks) -> None:
    async with aiohttp.ClientSession() as session:
        for page in ("health", "status", "metrics", "", "bookings", *LISTS, "api/v1/status", "api/v1/work-items"):
            async with session.get(f"{address}/{page}") as answer:
                assert answer.status in {200, 503}, page
                sinks.add(f"{page or 'overview'} page", await answer.text())


async def _watch(pid: int, of: Canaries, database_url: str, redis_url: str, sinks: Sinks, seconds: float) -> None:
    """Samples Postgres, Redis and the process, and puts jobs into the queue that nobody understands."""
    connection = await asyncpg.connect(database_url)
    argument, deadline = of.secrets["job_argument"], asyncio.get_running_loop().time() + seconds
    try:
        async with Redis.from_url(redis_url) as redis:
            while asyncio.get_running_loop().time() < deadline:
                await _push_nonsense(redis, argument)
                await collect_activity(sinks, connection)
                collect_process(sinks, pid)
                await asyncio.sleep(0.2)
            await _forget_nonsense(redis, argument)
            await redis.connection_pool.disconnect()
        await collect_redis(sinks, redis_url)
    finally:
        await connection.close()


async def _push_nonsense(redis: "Redis", argument: str) -> None:
    for payload in (f'{{"f":"work","a":["{argument}?"],"k":{{}},"t":null,"et":1}}', f'{{"{argument}":1}}', argument):
        await redis.set(f"arq:job:nonsense{abs(hash(payload))}", payload, ex=60)
        await redis.zadd("savvycal:urgent", {f"nonsense{abs(hash(payload))}": 1})


async def _forget_nonsense(redis: "Redis", argument: str) -> None:
    """What the test itself put there is no leak of the program's."""
    async for key in redis.scan_iter("arq:job:nonsense*"):
        await redis.delete(key)
    assert argument

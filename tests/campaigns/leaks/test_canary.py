"""Secrets flow through every path while errors are forced, and are found in no sink."""

import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from tests.campaigns.leaks import campaign
from tests.campaigns.leaks.canaries import Canaries
from tests.campaigns.leaks.sinks import (
    Sinks,
    collect_activity,
    collect_files,
    collect_process,
    collect_redis,
    collect_tables,
)
from tests.integration.conftest import mirrored_url, schema_template
from tests.support.servers import GivenServer
from worker.embedded import Server
from worker.logs import log

__all__ = ["mirrored_url", "schema_template"]


@pytest.mark.timeout(180)
async def test_no_canary_surfaces(
    mirrored_url: str,
    redis_url: str,
    postgres: Server | GivenServer,
    tmp_path: Path,
) -> None:
    """At least 200 forced errors, every sink that is expected, and none of the canaries in any of them."""
    found = await campaign.run(tmp_path, mirrored_url, redis_url, postgres)
    assert found.leaks == {}
    assert found.forced >= 200
    assert found.sealed > 0
    searched = campaign.EXPECTED - ({"postgres log"} if isinstance(postgres, GivenServer) else set())
    assert {name for name in searched if found.sinks.get(name, 0) <= 1} == set()


@pytest.mark.parametrize("form", ["{}", "x{}y"])
def test_the_search_finds_what_is_there(form: str) -> None:
    """A search that cannot find is no proof: each canary is found, people only outside of tables."""
    canaries = Canaries.fresh("postgresql://u:pw-database@h/d", "redis://:pw-redis@h/0")
    for name, value in (canaries.secrets | canaries.people).items():
        sinks = Sinks()
        sinks.add("json log", form.format(value))
        sinks.add("tables", form.format(value))
        assert sinks.leaks(canaries)["json log"] == [name]
        assert ("tables" in sinks.leaks(canaries)) == (name in canaries.secrets)
    assert canaries.found_in(canaries.secrets["host_url"].encode().hex().encode(), False) == ["host_url"]


async def test_a_leak_in_the_database_is_found(mirrored_url: str) -> None:
    """In a column of any table, as text or as bytes, in the quarantine, and in what a session shows to others."""
    canaries = Canaries.fresh(mirrored_url, "redis://127.0.0.1:1/0")
    leaked = canaries.secrets
    connection = await asyncpg.connect(mirrored_url)
    watcher = await asyncpg.connect(mirrored_url)
    try:
        clean = Sinks()
        await collect_tables(clean, mirrored_url)
        await connection.execute("create table savvycal.planted (a jsonb, b bytea)")
        await connection.execute(
            "insert into savvycal.planted values (to_jsonb($1::text), $2)",
            leaked["host_url"],
            leaked["password"].encode(),
        )
        await connection.execute(
            "insert into savvycal.quarantine (kind, id, reason, attempts, first_seen_at, last_seen_at, byte_count) "
            "values ('event', 'event_1', $1, 1, now(), now(), 1)",
            leaked["error_body"],
        )
        await connection.execute(f"select '{leaked['meetings_token']}'")
        found = Sinks()
        await collect_tables(found, mirrored_url)
        await collect_activity(found, watcher)
    finally:
        await connection.close()
        await watcher.close()
    assert clean.leaks(canaries) == {}
    assert found.leaks(canaries) == {
        "tables": ["host_url", "password"],
        "quarantine": ["error_body"],
        "pg_stat_activity": ["meetings_token"],
    }


PLACES = ("key", "string", "list", "set", "hash", "sorted set", "stream")


@pytest.mark.parametrize("place", PLACES)
async def test_a_leak_in_redis_is_found(redis_url: str, place: str) -> None:
    """In a key or in a value of any type, among as many other bytes as make Redis compress it."""
    canaries = Canaries.fresh("postgresql://127.0.0.1/d", redis_url)
    leak = f"{'job ' * 50}{canaries.secrets['job_argument']}{' job' * 50}"
    async with Redis.from_url(redis_url) as redis:
        plant = {
            "key": lambda: redis.set(leak, "1"),
            "string": lambda: redis.set("planted", leak),
            "list": lambda: redis.rpush("planted", leak),
            "set": lambda: redis.sadd("planted", leak),
            "hash": lambda: redis.hset("planted", "field", leak),
            "sorted set": lambda: redis.zadd("planted", {leak: 1}),
            "stream": lambda: redis.xadd("planted", {"field": leak}),
        }
        await plant[place]()
        await redis.execute_command("SLOWLOG", "RESET")
        found = Sinks()
        await collect_redis(found, redis_url)
    assert found.leaks(canaries) == {"redis": ["job_argument"]}


@pytest.mark.parametrize("name", ["text log", "json log"])
def test_a_leak_in_the_log_is_found(name: str) -> None:
    """Log redaction does not recognize a canary by its shape, so the campaign sees each one that is logged."""
    canaries, found = Canaries.fresh("postgresql://127.0.0.1/d", "redis://127.0.0.1:1/0"), Sinks()
    with campaign._logged(found, name):
        log.warning("planted", url=f"https://z.test/{canaries.secrets['host_url']}/{canaries.people['phone']}")
    assert found.leaks(canaries) == {name: ["host_url", "phone"]}


def test_a_leak_in_a_process_or_a_file_is_found(tmp_path: Path) -> None:
    """In an argument or the environment of a running process, and in the files of Postgres."""
    canaries, found = Canaries.fresh("postgresql://127.0.0.1/d", "redis://127.0.0.1:1/0"), Sinks()
    environment = os.environ | {"PLANTED": canaries.secrets["appointments_token"]}
    waiting = [sys.executable, "-c", "print(flush=True); input()", canaries.secrets["sealing_key"]]
    with subprocess.Popen(waiting, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        collect_process(found, process.pid)
        process.communicate(b"\n")
    (tmp_path / "pg_wal").mkdir()
    (tmp_path / "pg_wal" / "0001").write_bytes(b"\0" + canaries.secrets["password"].encode() + b"\0")
    collect_files(found, tmp_path)
    assert found.leaks(canaries) == {"process": ["appointments_token", "sealing_key"], "data directory": ["password"]}

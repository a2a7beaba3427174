"""Redis as people have it."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import redis as blocking
from redis.asyncio import Redis
from redis.exceptions import RedisError

from savvycal_sync import resync
from savvycal_sync.redis_pool import connection_pool
from tests.environments.programs import redis_server, sentinel
from tests.process.test_run import QUIESCENT, SYNCED, settings_for
from tests.support.daemon import daemon, run
from tests.support.harness import until
from worker.redis_probe import probe
from worker.simulator import Simulator

pytestmark = pytest.mark.timeout(240)

LEAST = " ".join(
    (
        "~savvycal:* ~arq:* -@all +ping +select +client|setname +multi +exec +discard +watch +unwatch",
        "+get +mget +set +psetex +setex +del +exists +expire +pexpire +pttl +incr +incrby +time",
        "+zadd +zrange +zrangebyscore +zrem +zremrangebyscore +zcard +zscore +lpush +ltrim +blpop",
        "+evalsha +eval +script|load",
    )
)
"""As docs/configuration.md has it, line by line."""


@pytest.fixture
def guarded() -> Iterator[tuple[str, Any]]:
    """A Redis whose user has the least rights; the address, and a connection of somebody who may all."""
    with redis_server() as (port, _process):
        owner: Any = blocking.Redis(port=port)
        owner.execute_command("ACL", "SETUSER", "mirror", "on", ">pw-of-a-test", *LEAST.split())
        yield f"redis://mirror:pw-of-a-test@127.0.0.1:{port}/0", owner


@pytest.mark.servers
async def test_the_least_acl_is_enough(guarded: tuple[str, Any], database_url: str) -> None:
    """No line about Redis, and Redis has refused nothing; INFO is not needed."""
    url, owner = guarded
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, url)
        async with daemon(settings=settings) as running:
            await running.says_like(SYNCED)
            await resync("all", redis=url)
            assert await running.stop() == 0
            assert "redis" not in running.output.lower().replace("redis_url", ""), running.output
        assert "REDIS_URL" in run("check", settings=settings).stdout
    denied = [entry for entry in owner.acl_log() if entry["object"] not in {"info", "client|setinfo", "client"}]
    assert denied == []


@pytest.mark.servers
async def test_a_right_that_is_missing_is_named(guarded: tuple[str, Any]) -> None:
    """By what it is."""
    url, owner = guarded
    owner.execute_command("ACL", "SETUSER", "mirror", "-evalsha", "-eval")
    async with Redis(connection_pool=connection_pool(url)) as found:
        with pytest.raises(Exception, match="lacks a right"):
            await probe(found)
        await found.connection_pool.disconnect()


@pytest.mark.servers
def test_a_cluster_is_refused_in_words(database_url: str) -> None:
    """By `check` and at the start."""
    with redis_server("--cluster-enabled", "yes") as (port, _process):
        owner: Any = blocking.Redis(port=port)
        owner.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        settings = {
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_x",
            "SAVVYCAL_HTTP": "127.0.0.1:0",
        }
        done = run("run", "--for", "1s", settings=settings)
        assert done.returncode == 2, done.stderr
        assert "REDIS_URL: this is a Redis Cluster" in done.stderr
        assert "this is a Redis Cluster" in run("check", settings=settings).stdout


@pytest.mark.servers
async def test_three_sentinels_and_a_failover(database_url: str) -> None:
    """The primary dies under load: jobs go on through the replica that takes its place."""
    with ExitStack() as stack:
        first, primary = stack.enter_context(redis_server())
        second, _ = stack.enter_context(redis_server("--replicaof", f"127.0.0.1 {first}"))
        ports = [stack.enter_context(sentinel(first)) for _ in range(3)]
        watcher: Any = blocking.Redis(port=ports[0])

        async def is_complete() -> bool:
            about = watcher.execute_command("SENTINEL", "MASTER", "mymaster")
            found = about if isinstance(about, dict) else dict(zip(about[::2], about[1::2], strict=True))
            named = {str(k, "ascii") if isinstance(k, bytes) else k: v for k, v in found.items()}
            return int(named["num-slaves"]) == 1 and int(named["num-other-sentinels"]) == 2

        await until(is_complete)
        url = f"redis+sentinel://{','.join(f'127.0.0.1:{port}' for port in ports)}/mymaster/0"
        async with Simulator(QUIESCENT) as simulator:  # noqa: SIM117
            async with daemon(settings=settings_for(simulator, database_url, url)) as running:
                await running.says_like(SYNCED)
                assert "redis_disconnected" not in running.output, running.output
                primary.kill()
                replica: Any = blocking.Redis(port=second)

                async def has_moved() -> bool:
                    with suppress(blocking.ConnectionError):  # it closes connections while it is promoted
                        return bool(replica.role()[0] in {b"master", "master"})
                    return False

                await until(has_moved)
                await running.says("redis_reconnected")
                before = replica.info("commandstats")["cmdstat_zadd"]["calls"]
                await resync("all", redis=url)
                assert replica.info("commandstats")["cmdstat_zadd"]["calls"] > before
                assert await running.stop() == 0
                assert "worker_crashed" not in running.output


@pytest.mark.servers
async def test_a_password_that_is_replaced_is_read_for_the_next_connection(
    guarded: tuple[str, Any],
) -> None:
    """Of an address that comes from a file."""
    url, owner = guarded
    held = [url]
    pool = connection_pool(lambda: held[0])
    async with Redis(connection_pool=pool) as found:
        await found.ping()
        owner.execute_command("ACL", "SETUSER", "mirror", "resetpass", ">another/word")
        owner.execute_command("CLIENT", "KILL", "USER", "mirror")
        held[0] = url.replace("pw-of-a-test", "another%2Fword")
        with suppress(RedisError):  # the one that was cut
            await found.ping()
        await found.ping()
        await pool.disconnect()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("decode_responses=true", "decode_responses"),
        ("protocol=3", "protocol"),
        ("ssl_cert_reqs=none", "ssl_cert_reqs is not an option of redis://"),
        ("pasword=x", "did you mean password"),
    ],
)
def test_options_that_would_break_every_connection_are_refused(query: str, said: str) -> None:
    """At the start, by name."""
    done = run("run", "--for", "1s", settings={"REDIS_URL": f"redis://127.0.0.1:9/0?{query}"})
    assert done.returncode == 2
    assert said in done.stderr


def test_the_least_acl_stands_in_the_documentation() -> None:
    """As a line to be copied."""
    text = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()
    assert LEAST in " ".join(text.replace("\\\n", " ").split())

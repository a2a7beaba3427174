"""From the embedded Postgres to one of your own, with the two commands of docs/operations.md."""

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from tests.process.test_run import QUIESCENT, SYNCED, reader, settings_for
from tests.support.daemon import daemon, run
from tests.support.harness import until
from worker.simulator import Simulator

pytestmark = pytest.mark.timeout(240)

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
COUNTS = """select (select count(*) from savvycal.events), (select count(*) from savvycal.appointments),
            (select count(*) from savvycal.transitions), (select count(*) from savvycal.snapshots)"""


def commands(announced: str) -> tuple[str, str]:
    """The two commands, with what `run` has announced in the place of the dots."""
    section = PAGE.read_text("utf-8").split("## Moving to a Postgres of your own")[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block
    dump, restore = block[1].strip().split("\npsql ")
    psql = re.search(r"PGPASSFILE=\S+ (\S+/)psql (.+)", announced)
    assert psql
    end = dump.partition("-d ... \\\n")[2]
    connected = psql[0].strip().replace(f"{psql[1]}psql", f"{psql[1]}pg_dump")
    return f"set -o pipefail; {connected} {end}", f"{psql[1]}psql {restore}"


async def test_all_history_moves_along(tmp_path: Path, database_url: str, redis_url: str) -> None:
    """The rows are those of before, the schema is as needed, and the daemon goes on with them."""
    async with Simulator(QUIESCENT) as simulator:
        own = settings_for(simulator, database_url, redis_url) | {"SAVVYCAL_POLL_NEAR_SECONDS": "1"}
        embedded = {name: value for name, value in own.items() if name not in {"DATABASE_URL", "SAVVYCAL_EMBEDDED"}}
        async with daemon(cwd=tmp_path, settings=embedded) as running:
            await running.says_like(SYNCED)
            await running.says("product=meetings rows=40")
            for command in commands(running.output):
                await asyncio.to_thread(
                    subprocess.run,
                    ["bash", "-c", command],
                    check=True,
                    cwd=tmp_path,
                    env={"DATABASE_URL": database_url},
                )
        async with reader(database_url) as connection:
            moved = await connection.fetchrow(COUNTS)
        assert moved is not None
        assert moved[:2] == (40, 20)
        assert min(moved[2:]) > 0
        applied = await asyncio.to_thread(run, "schema", "apply", settings=own)
        assert applied.returncode == 0, applied.stdout + applied.stderr
        checked = await asyncio.to_thread(run, "schema", "check", settings=own)
        assert (checked.returncode, "as needed" in checked.stdout) == (0, True), checked.stdout + checked.stderr
        async with daemon(settings=own) as again, reader(database_url) as connection:
            await again.says("webhooks come in at")
            scanned = "select count(*) from savvycal.runs where window_name = 'near' or window_name = 'upcoming'"
            before = await connection.fetchval(scanned)
            await until(lambda: connection.fetchval(f"select ({scanned}) > {before}"))
            assert await connection.fetchrow(COUNTS) == moved

"""With SAVVYCAL_LOG_FORMAT=json, machines can read every line of both streams."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.process.test_run import QUIESCENT, settings_for
from tests.support.daemon import run
from worker.simulator import Simulator

pytestmark = pytest.mark.timeout(120)


def entries(stream: str) -> list[dict[str, Any]]:
    """The lines of a stream; one that is no entry fails."""
    found = [json.loads(line) for line in stream.splitlines()]
    assert all({"event", "level", "timestamp"} <= entry.keys() for entry in found)
    return found


async def test_every_line_is_an_entry(database_url: str, redis_url: str) -> None:
    """A start, some work and a stop; what people would see is on standard output."""
    async with Simulator(QUIESCENT) as simulator:
        settings = settings_for(simulator, database_url, redis_url) | {
            "SAVVYCAL_HTTP": "127.0.0.1:0",
            "SAVVYCAL_LOG_FORMAT": "json",
        }
        done = await asyncio.to_thread(run, "run", "--for", "4s", settings=settings)
    assert done.returncode == 0, done.stderr
    logged = {entry["event"]: entry for entry in entries(done.stderr)}
    assert (logged["started"]["role"], logged["started"]["accounts"]) == ("all", 1)
    assert "stopped" in logged
    assert {entry["event"] for entry in entries(done.stdout)} == {"announcement"}


async def test_the_reason_of_a_failed_start_is_an_entry(tmp_path: Path) -> None:
    """The last thing that is logged says why the process ends."""
    settings = {"SAVVYCAL_EMBEDDED": "never", "SAVVYCAL_LOG_FORMAT": "json", "SAVVYCAL_MEETINGS_TOKEN": "pt_secret_1"}
    done = await asyncio.to_thread(run, "run", cwd=tmp_path, settings=settings)
    assert done.returncode == 2
    [entry] = entries(done.stderr)
    assert entry["event"] == "command_failed"
    assert entry["reason"].startswith("DATABASE_URL is not set")

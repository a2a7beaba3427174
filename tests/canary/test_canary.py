"""Secrets flow through every path while errors are forced, and are found in no sink."""

from pathlib import Path

import pytest

from tests.canary import campaign
from tests.canary.canaries import Canaries
from tests.canary.sinks import Sinks
from tests.servers import GivenServer
from tests.sync.conftest import mirrored_url, schema_template
from worker.embedded import Server

__all__ = ["mirrored_url", "schema_template"]


@pytest.mark.timeout(180)
async def test_no_canary_surfaces(
    mirrored_url: str,
    redis_url: str,
    postgres: Server | GivenServer,
    tmp_path: Path,
) -> None:
    """At least 200 forced errors, 13 sinks, and none of the canaries in any of them."""
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

"""`savvycal-sync check` and the commands beside it: whatever is wrong is one line that helps."""

import asyncio
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.support.daemon import run
from tests.support.harness import Harness
from worker import check


@pytest.mark.parametrize(
    ("name", "value"), [("SAVVYCAL_SECRET_KEYS", "garbage"), ("SAVVYCAL_DROP_FIELDS", "start_at.utc")]
)
def test_check_refuses_what_run_refuses(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A key that is none, a field that the mirror needs."""
    monkeypatch.setenv(name, value)
    (finding,) = asyncio.run(check.run())
    assert not finding.ok
    assert name in finding.said


async def test_a_missing_right_is_a_finding_among_others(
    harness: Harness, mirrored_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role that may not read the schema."""
    await harness.execute("create role nobody_x login password 'pw'")
    try:
        place = urlsplit(mirrored_url)
        url = urlunsplit(place._replace(netloc=f"nobody_x:pw@{place.hostname}:{place.port}"))
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("SAVVYCAL_MEETINGS_TOKEN", harness.simulator.options.meetings_token)
        monkeypatch.setenv("SAVVYCAL_MEETINGS_URL", harness.simulator.meetings_url)
        findings = await check.run()
        assert [finding.ok for finding in findings if finding.what == "DATABASE_URL"] == [False]
        assert len(findings) > 2
    finally:
        await harness.execute("drop role nobody_x")


async def test_a_replay_since_ever_is_no_traceback(mirrored_url: str) -> None:
    """More hours than there are since the year 1."""
    settings = {"DATABASE_URL": mirrored_url}
    done = await asyncio.to_thread(run, "webhooks", "replay", "--since", "99999999h", settings=settings)
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 1}

"""What SavvyCal says reaches the person who has to act: in `last_error`, in `runs`, in `status` and in `check`."""

import asyncio

import pytest

from tests.support.harness import Harness, account_of, running_harness
from worker import check, composition, status_text
from worker.core.model import Kind, Product
from worker.errors import Refused
from worker.savvycal.client import open_session
from worker.savvycal.rate_limit import RateLimits
from worker.simulator import Fault
from worker.store import status

SENTENCE = "/page_size: must be less than or equal to 42"


async def test_the_sentence_of_a_refusal_is_stored_and_shown(harness: Harness) -> None:
    """With its number and the parameter it is about."""
    body = {"errors": [{"title": "Invalid value", "detail": SENTENCE[12:], "source": {"pointer": "/page_size"}}]}
    harness.world.faults[:] = [Fault("status", times=1000, args={"status": 422, "body": body})]
    appointment = next(iter(harness.world.documents("appointment")))
    await harness.reconcile(Kind.APPOINTMENT, appointment)
    errors = [
        row["last_error"] for row in await harness.rows("select last_error from savvycal._work where job = 'object'")
    ]
    assert errors == [f"SavvyCal answered 422: {SENTENCE}"]
    async with harness.db.connection() as connection:
        found = await status.report(connection)
    assert SENTENCE in status_text.as_text(found)


async def test_a_platform_token_without_its_account_names_the_setting(mirrored_url: str) -> None:
    """In one line, of the environment or of the accounts file; the account is in order once it is set."""
    async with running_harness(mirrored_url, require_account_header=True) as harness, open_session() as session:
        account = account_of(harness.simulator)
        endpoint = composition.endpoints_of(account, session, RateLimits(1000))[Product.APPOINTMENTS]
        with pytest.raises(
            Refused, match=r"400: You must use an account-scoped token .*needs appointments_account: set"
        ):
            await endpoint.probe()
        given = account_of(harness.simulator, appointments_account=harness.simulator.options.appointments_account)
        await composition.endpoints_of(given, session, RateLimits(1000))[Product.APPOINTMENTS].probe()


def test_check_says_what_is_wrong_with_a_token_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    """One finding, and no server is asked."""
    monkeypatch.setenv("SAVVYCAL_MEETINGS_TOKEN", '"pt_secret_leak"')
    (finding,) = asyncio.run(check.run())
    assert not finding.ok
    assert finding.said.startswith("SAVVYCAL_MEETINGS_TOKEN is in quotes")
    assert "leak" not in finding.said

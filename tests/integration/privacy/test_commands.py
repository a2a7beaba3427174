"""The commands around credentials and people, and tokens that change while the program runs."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from savvycal_sync.keyring import Keyring, generate
from tests.support.harness import Harness, account_of, running_harness
from tests.support.vaulted import KEYRING_TEXT, KEYS, created_meeting
from worker import composition
from worker.cli import main
from worker.core.model import Kind
from worker.errors import SettingError
from worker.log_redaction import redact_log
from worker.savvycal.api import Privacy
from worker.savvycal.circuit_breaker import CircuitBreaker
from worker.settings import Account, load

Command = Callable[..., Result]


async def _prepared(url: str) -> dict[str, Any]:
    async with running_harness(url, privacy=Privacy(keys=KEYS)) as harness:
        return await created_meeting(harness)


@pytest.fixture
def command(mirrored_url: str) -> Command:
    """Runs a command against the test's database, with the keyring; more variables by name."""

    def run(*words: str, **more: str) -> Result:
        variables = {"DATABASE_URL": mirrored_url, "SAVVYCAL_SECRET_KEYS": KEYRING_TEXT} | more
        return CliRunner().invoke(main, words, env=variables)

    return run


def test_a_new_key_is_a_keyring_of_its_own(command: Command) -> None:
    """What `keys generate` prints can be set as it is, and is another one each time."""
    printed = [command("keys", "generate").output.strip() for _ in range(2)]
    assert len({Keyring.parse(text).first.id for text in printed}) == 2


def test_reveal_rotate_and_erase(command: Command, mirrored_url: str) -> None:
    """Reads a link, rotates the keyring, reads it with the new key alone, erases the client."""
    document = asyncio.run(_prepared(mirrored_url))
    meeting_id, host_url = document["meeting"]["id"], document["meeting"]["host_url"]
    shown = command("reveal", meeting_id)
    assert (shown.exit_code, host_url in shown.output) == (0, True)
    assert "1 stored, 0 past their date" in command("status").output

    fresh = generate()
    rotated = command("keys", "rotate", SAVVYCAL_SECRET_KEYS=f"{fresh},{KEYRING_TEXT}")
    assert "sealed 1 credentials and 0 suppression lists with key" in rotated.output, rotated.output
    assert command("reveal", meeting_id).exit_code == 1
    assert host_url in command("reveal", meeting_id, SAVVYCAL_SECRET_KEYS=fresh).output

    email = document["client"]["email"]
    assert command("erase", email, input="").exit_code != 0
    erased = command("erase", email, "--yes", SAVVYCAL_SECRET_KEYS=fresh)
    assert "erased from 1 objects" in erased.output, erased.output
    assert email not in erased.output


def test_a_missing_or_wrong_setting_is_one_line(command: Command) -> None:
    """It names the variable and what to do; the key is not in it."""
    missing = command("reveal", "amtg_1", SAVVYCAL_SECRET_KEYS="")
    assert missing.exit_code == 2
    assert "SAVVYCAL_SECRET_KEYS" in missing.output
    wrong = command("reveal", "amtg_1", SAVVYCAL_SECRET_KEYS="my-own-words")
    assert wrong.exit_code == 2
    assert "my-own-words" not in wrong.output
    absent = command("reveal", "amtg_none")
    assert (absent.exit_code, "no credentials are stored" in absent.output) == (1, True)
    with pytest.raises(SettingError, match="SAVVYCAL_DROP_FIELDS: id is needed"):
        composition.plan_privacy(load({"SAVVYCAL_DROP_FIELDS": "id"}))


def test_status_says_once_that_nothing_is_stored_without_a_key(command: Command) -> None:
    """One line with the next step."""
    said = command("status", SAVVYCAL_SECRET_KEYS="").output
    assert said.count("SAVVYCAL_SECRET_KEYS") == 1
    assert "keys generate" in said


async def test_a_replaced_token_works_without_a_restart(harness: Harness, tmp_path: Path) -> None:
    """After a 401 the file is read again; the next read goes through. A file that is away keeps the token it had."""
    path = tmp_path / "token"
    path.write_text("pt_secret_simulator")
    given = account_of(harness.simulator, meetings_token=None, meetings_token_file=str(path))
    endpoint = harness.context.endpoint_for("default", Kind.EVENT)
    assert endpoint
    assert given.meetings_token
    object.__setattr__(endpoint.client, "_token", given.meetings_token)
    event = harness.world.book_event(state="confirmed")["id"]
    path.write_text("pt_secret_revoked")
    await harness.reconcile(Kind.EVENT, event)
    assert "401" in await harness.value("select last_error from savvycal._work where key = $1", event)
    path.write_text("pt_secret_simulator")
    endpoint.client.circuit = CircuitBreaker()  # as if half a minute had passed
    await harness.reconcile(Kind.EVENT, event)
    assert await harness.value("select true from savvycal.events where id = $1", event)
    path.unlink()
    assert given.meetings_token() == "pt_secret_simulator"


def test_a_token_file_must_be_readable_at_the_start(tmp_path: Path) -> None:
    """The error names the setting."""
    with pytest.raises(SettingError, match="meetings_token_file"):
        Account("a", account_defaults() | {"meetings_token_file": str(tmp_path / "none")})


def account_defaults() -> dict[str, Any]:
    """What every account has."""
    return {"meetings_url": "", "appointments_url": "", "appointments_include_sensitive": True}


def test_settings_are_known_to_log_redaction() -> None:
    """Loading settings is enough: passwords of URLs and tokens never show, whoever prints them."""
    load({"DATABASE_URL": "postgresql://u:orange-cat@h/d", "SAVVYCAL_MEETINGS_TOKEN": "plain words"})
    assert redact_log("orange-cat and plain words") == "[hidden] and [hidden]"


def test_a_dry_erasure_counts_and_changes_nothing(command: Command, mirrored_url: str) -> None:
    """The same numbers as the real one, and everything is still there."""
    document = asyncio.run(_prepared(mirrored_url))
    email = document["client_data"]["email"] if document.get("client_data") else document["client"]["email"]
    dry = json.loads(command("erase", email, "--dry-run", "--json").output)
    assert dry["is_dry_run"]
    assert dry == json.loads(command("erase", email, "--dry-run", "--json").output)
    real = json.loads(command("erase", email, "--yes", "--really", "--json").output)
    assert real | {"is_dry_run": True} == dry
    assert json.loads(command("erase", email, "--dry-run", "--json").output)["objects"] == 0

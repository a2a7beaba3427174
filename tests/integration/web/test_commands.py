"""`savvycal-sync webhooks ...` against the simulator, and the settings the receiver reads."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner, Result
from redis.asyncio import Redis

from savvycal_sync.queue import BULK, URGENT, WAKEUPS, Call, push
from tests.support.daemon import daemon
from tests.support.receiver import SECRET, WebhookHarness, meetings_body, webhook_harness
from worker import settings
from worker.cli import main
from worker.errors import SettingError

MEETINGS, APPOINTMENTS = "SAVVYCAL_MEETINGS_WEBHOOK_SECRETS", "SAVVYCAL_APPOINTMENTS_WEBHOOK_SECRETS"
TOKENS = {"SAVVYCAL_MEETINGS_TOKEN": "t", "SAVVYCAL_APPOINTMENTS_TOKEN": "t"}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the surroundings."""
    for name in list(os.environ):
        if name.startswith("SAVVYCAL_") or name in {"DATABASE_URL", "REDIS_URL"}:
            monkeypatch.delenv(name)


async def command(it: WebhookHarness, *words: str, **environment: str) -> Result:
    """Runs a command as a person would, beside the running runtime."""
    surroundings = {
        "SAVVYCAL_MEETINGS_URL": it.simulator.meetings_url,
        "SAVVYCAL_MEETINGS_TOKEN": it.simulator.options.meetings_token,
        "SAVVYCAL_HTTP": it.address.removeprefix("http://"),
        MEETINGS: SECRET,
    }
    runner = CliRunner()
    return await asyncio.to_thread(runner.invoke, main, ["webhooks", *words], env=surroundings | environment)


async def test_register_list_rotate_and_remove(database_url: str) -> None:
    """A webhook is made, its secret shown once; not made twice; replaced by creating before deleting; removed."""
    async with webhook_harness(database_url) as it:
        url, hooks = "https://example.com/webhooks/meetings", it.simulator.world.webhooks
        made = await command(it, "register", url)
        [first] = hooks.values()
        assert made.exit_code == 0, made.output
        assert made.output.count(first.secret) == 1
        again = await command(it, "register", url)
        assert again.exit_code == 2
        assert first.id in again.output
        assert len(hooks) == 1
        rotated = await command(it, "rotate")
        assert rotated.exit_code == 0, rotated.output
        assert len(hooks) == 2
        new = next(hook for hook in hooks.values() if hook.id != first.id)
        assert new.secret in rotated.output
        assert f"webhooks remove {first.id}" in rotated.output
        assert first.secret not in rotated.output
        assert (await command(it, "rotate")).exit_code == 2
        assert (await command(it, "remove", first.id)).exit_code == 0
        listed = await command(it, "list")
        assert new.id in listed.output
        assert first.id not in listed.output
        assert new.secret not in listed.output
        assert (await command(it, "remove", "wh_unknown")).exit_code == 1


async def test_what_cannot_be_registered(database_url: str) -> None:
    """No address, no token, or an account nobody configured: one clear line, and nothing is made."""
    async with webhook_harness(database_url) as it:
        for words, environment, said in (
            (("register", "localhost"), {}, "https://your.host"),
            (("register", "https://x/y"), {"SAVVYCAL_MEETINGS_TOKEN": "", MEETINGS: ""}, "no account default"),
            (("list", "--account", "north"), {}, "no account north"),
        ):
            answer = await command(it, *words, **environment)
            assert answer.exit_code == 2
            assert said in answer.output
        assert it.simulator.world.webhooks == {}


async def test_send_test_reaches_the_running_receiver(database_url: str) -> None:
    """The sample is signed, stored and followed by nothing; a wrong secret or an absent receiver is said plainly."""
    async with webhook_harness(database_url) as it:
        sent = await command(it, "send-test")
        assert (sent.exit_code, "answered 200: stored" in sent.output) == (0, True)
        [row] = await it.deliveries()
        assert (row["state"], row["is_known_type"]) == ("ignored", False)
        assert (await command(it, "send-test", **{MEETINGS: "wrong"})).exit_code == 1
        assert "MEETINGS_WEBHOOK_SECRETS is not set" in (await command(it, "send-test", **{MEETINGS: ""})).output
        absent = await command(it, "send-test", "--url", "http://127.0.0.1:9/x")
        assert "no receiver answers" in absent.output


async def test_replay_by_id_and_by_time(database_url: str) -> None:
    """The command marks what stored deliveries were about; an unknown id is an error."""
    async with webhook_harness(database_url) as it:
        await it.post(meetings_body("event_1"))
        await it.rows("delete from savvycal._work where job = 'object'")
        there = {"DATABASE_URL": database_url}
        assert "marked 1" in (await command(it, "replay", "payload_1", **there)).output
        assert [item["key"] for item in await it.work_queue()] == ["event_1"]
        assert "marked 1" in (await command(it, "replay", "--since", "1h", **there)).output
        assert (await command(it, "replay", "payload_x", **there)).exit_code == 2
        assert (await command(it, "replay", **there)).exit_code == 2


def account(**given: Any) -> settings.Account:
    """The only account of an environment."""
    [found] = settings.accounts(settings.load(TOKENS | given), TOKENS | given)
    return found


def test_secrets_from_the_environment_and_from_a_file(tmp_path: Path) -> None:
    """Up to four with commas between them; a file is read again each time."""
    assert account(**{MEETINGS: "a, b,c"}).webhook_secrets("meetings") == ("a", "b", "c")
    assert account().webhook_secrets("appointments") == ()
    path = tmp_path / "secrets"
    path.write_text("old\n")
    found = account(**{f"{MEETINGS}_FILE": str(path)})
    path.write_text("new,old\n")
    assert found.webhook_secrets("meetings") == ("new", "old")
    path.write_text("")
    assert found.webhook_secrets("meetings") == ("new", "old")  # a file that is being replaced leaves what it had


@pytest.mark.parametrize("value", ["a,b,c,d,e", ",", "a b"])
def test_secrets_that_are_none(value: str) -> None:
    """Five, none, or one with a space inside: the setting is named, its value is not."""
    with pytest.raises(SettingError, match=MEETINGS) as caught:
        settings.load(TOKENS | {MEETINGS: value})
    assert value not in str(caught.value).removeprefix(MEETINGS)


def test_secrets_without_a_token() -> None:
    """A receiver for a product that cannot be asked is a mistake, and said to be one."""
    given = {"SAVVYCAL_MEETINGS_TOKEN": "t", APPOINTMENTS: "s"}
    with pytest.raises(SettingError, match=APPOINTMENTS):
        settings.accounts(settings.load(given), given)


def test_secrets_in_the_accounts_file(tmp_path: Path) -> None:
    """Each account has its own."""
    path = tmp_path / "accounts.toml"
    path.write_text('[north]\nmeetings_token = "t"\nmeetings_webhook_secrets = "a,b"\n[south]\nmeetings_token = "t"\n')
    given = {"SAVVYCAL_ACCOUNTS_FILE": str(path)}
    found = settings.accounts(settings.load(given), given)
    assert [one.webhook_secrets("meetings") for one in found] == [("a", "b"), ()]


async def test_pushing_wakes_a_worker(redis_url: str) -> None:
    """Each push leaves one wake-up, and wake-ups that nobody reads do not pile up."""
    async with Redis.from_url(redis_url) as redis:
        for _ in range(100):
            await push(redis, URGENT, Call("work", ()))
        assert await redis.lrange(WAKEUPS, 0, 1) == [URGENT.encode()] * 2
        assert await redis.llen(WAKEUPS) == 64


async def test_a_wake_up_is_received_long_before_arq_reads_its_queue(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ARQ's own polling as good as off, a webhook still reaches its row at once."""
    monkeypatch.setattr("worker.arq_worker.QUEUE_READ_SECONDS", {URGENT: 60, BULK: 60})
    async with webhook_harness(database_url, redis_url) as it:
        event = it.simulator.world.book_event()["id"]
        await it.post(meetings_body(event))
        await it.until(lambda: it.rows("select from savvycal.events where id = $1", event))


async def test_the_demonstration_receives_its_webhooks(tmp_path: Path) -> None:
    """`run` without a token: the simulated SavvyCal delivers to the receiver, and nothing it sends is refused."""
    async with daemon("--for", "40s", settings={"SAVVYCAL_DATA_DIR": str(tmp_path)}) as running:
        async with asyncio.timeout(50):
            await _wait_for_webhooks(await running.address())
        assert await running.stop() == 0


async def _wait_for_webhooks(address: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{address}/status") as response:
                found = json.loads(await response.text())["webhooks"]
            if sum(row["deliveries"] for row in found) >= 2:
                return
            await asyncio.sleep(0.1)


async def test_a_role_needs_shared_servers() -> None:
    """Half a daemon with embedded servers would share nothing with the other half."""
    answer = await asyncio.to_thread(CliRunner().invoke, main, ["run", "--role", "web"], env=TOKENS)
    assert (answer.exit_code, "DATABASE_URL and REDIS_URL" in answer.output) == (2, True)

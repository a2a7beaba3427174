"""Accounts that come and go while the daemon runs, and one that cannot be used among others that can."""

import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest

from savvycal_sync import resync
from tests.process.test_run import reader
from tests.support.daemon import Daemon, daemon, run
from tests.support.harness import until
from worker.simulator import Options, Simulator

pytestmark = pytest.mark.timeout(240)

EVENTS = 12


@dataclass
class Accounts:
    """An accounts file, with a simulated SavvyCal and a token file for each account in it."""

    directory: Path
    stack: AsyncExitStack
    tables: dict[str, str] = field(default_factory=dict)
    simulators: dict[str, Simulator] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """What SAVVYCAL_ACCOUNTS_FILE names."""
        return self.directory / "accounts.toml"

    async def add(self, name: str, has_token: bool = True) -> None:
        """Another account, written down at once; its token file may be missing."""
        options = Options(events=EVENTS, appointments=0, lifecycle=False, meetings_token=f"pt_secret_{name}")
        simulator = self.simulators[name] = await self.stack.enter_async_context(Simulator(options))
        token = self.directory / f"{name}.token"
        if has_token:
            token.write_text(options.meetings_token)
        self.tables[name] = f'[{name}]\nmeetings_url = "{simulator.meetings_url}"\nmeetings_token_file = "{token}"\n'
        self.write()

    def requests(self, name: str) -> int:
        """How many requests SavvyCal has got for an account."""
        return int(self.simulators[name].world.summary()["requests"])

    def write(self, more: str = "") -> None:
        """Replaces the file."""
        new = self.directory / "new"
        new.write_text("".join(self.tables.values()) + more)
        new.rename(self.file)


@pytest.fixture
async def accounts(tmp_path: Path) -> AsyncIterator[Accounts]:
    """One account, called first."""
    async with AsyncExitStack() as stack:
        found = Accounts(tmp_path, stack)
        await found.add("first")
        yield found


def settings_of(accounts: Accounts, database_url: str, redis_url: str) -> dict[str, str]:
    """What the daemon is given."""
    return {
        "SAVVYCAL_EMBEDDED": "never",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SAVVYCAL_ACCOUNTS_FILE": str(accounts.file),
        "SAVVYCAL_HTTP": "127.0.0.1:0",
    }


@asynccontextmanager
async def following(
    accounts: Accounts, database_url: str, redis_url: str
) -> AsyncIterator[tuple[Daemon, "asyncpg.Connection[asyncpg.Record]"]]:
    """A daemon that has stored what the first account has."""
    async with daemon(settings=settings_of(accounts, database_url, redis_url)) as running, reader(database_url) as here:
        await running.says("health and status")
        await mirrored(here, "first")
        yield running, here


async def mirrored(connection: "asyncpg.Connection[asyncpg.Record]", account: str) -> None:
    """Waits until all events of an account are stored."""
    counted = "select count(*) from savvycal.events where account = $1"

    async def is_complete() -> bool:
        return bool(await connection.fetchval(counted, account) == EVENTS)

    await until(is_complete)


async def test_an_account_that_is_added_is_mirrored_and_one_that_is_removed_is_not(
    accounts: Accounts, database_url: str, redis_url: str
) -> None:
    """The changed file is found by itself; SIGHUP only makes it quicker. The rows of a removed account stay."""
    async with following(accounts, database_url, redis_url) as (running, connection):
        await accounts.add("second")
        await running.says_like("account_added .*account=second")
        await mirrored(connection, "second")
        del accounts.tables["first"]
        accounts.write()
        running.process.send_signal(signal.SIGHUP)
        await running.says_like("account_removed .*account=first")
        runs = "select count(*) from savvycal.runs where account = 'first'"
        before = await connection.fetchval(runs)
        await resync("all", account="first", product="meetings", redis=redis_url)
        await resync("all", account="second", product="meetings", redis=redis_url)
        scanned = (
            "select count(*) > 0 from savvycal.runs "
            "where (account, job) = ('second', 'resync') and finished_at is not null"
        )
        await until(lambda: connection.fetchval(scanned))
        assert await connection.fetchval(runs) == before
        waits = (
            "select count(*) = 1 from savvycal._scans "
            "where (account, product, window_name) = ('first', 'meetings', 'all')"
        )
        await until(lambda: connection.fetchval(waits))  # for a process that knows the account
        assert await connection.fetchval("select count(*) from savvycal.events where account = 'first'") == EVENTS
        assert await running.stop() == 0
        assert "resync_rejected" not in running.output


async def test_a_file_that_is_wrong_changes_nothing(accounts: Accounts, database_url: str, redis_url: str) -> None:
    """One line says so; once it is right again, it is used."""
    async with following(accounts, database_url, redis_url) as (running, connection):
        accounts.write("[second]\nnonsense = 1\n")
        running.process.send_signal(signal.SIGHUP)
        await running.says("unknown key nonsense")
        await accounts.add("third")
        running.process.send_signal(signal.SIGHUP)
        await mirrored(connection, "third")
        assert running.output.count("reload_failed") == 1
        assert "account_removed" not in running.output


async def test_one_bad_secret_file_takes_one_account_down(
    accounts: Accounts, database_url: str, redis_url: str
) -> None:
    """The others start; `check` and a line name the account and its setting; it is mirrored once the file is there."""
    await accounts.add("second", has_token=False)
    async with following(accounts, database_url, redis_url) as (running, connection):
        problem = "SAVVYCAL_ACCOUNTS_FILE: [second] meetings_token_file: the file cannot be read"
        assert f"account second is not synced: {problem}" in running.output
        checked = run("check", settings=settings_of(accounts, database_url, redis_url))
        assert checked.returncode == 1
        assert problem in checked.stdout
        (accounts.directory / "second.token").write_text("pt_secret_second")
        await mirrored(connection, "second")


async def test_no_account_that_can_be_used_prevents_the_start(
    tmp_path: Path, database_url: str, redis_url: str
) -> None:
    """As for a single token."""
    async with AsyncExitStack() as stack:
        accounts = Accounts(tmp_path, stack)
        await accounts.add("only", has_token=False)
        done = run("run", "--for", "1s", settings=settings_of(accounts, database_url, redis_url))
    assert done.returncode == 2
    assert "[only] meetings_token_file: the file cannot be read" in done.stderr


async def test_without_an_accounts_file_a_hangup_is_noted(tmp_path: Path, database_url: str, redis_url: str) -> None:
    """It used to end the daemon."""
    async with Simulator(Options(events=EVENTS, appointments=0, lifecycle=False)) as simulator:
        settings = settings_of(Accounts(tmp_path, AsyncExitStack()), database_url, redis_url)
        del settings["SAVVYCAL_ACCOUNTS_FILE"]
        settings |= {"SAVVYCAL_MEETINGS_URL": simulator.meetings_url}
        settings |= {"SAVVYCAL_MEETINGS_TOKEN": simulator.options.meetings_token}
        async with daemon(settings=settings) as running:
            await running.says("health and status")
            running.process.send_signal(signal.SIGHUP)
            await running.says("reload_skipped")
            assert await running.stop() == 0


async def test_a_paused_account_is_not_asked_until_it_is_resumed(
    accounts: Accounts, database_url: str, redis_url: str
) -> None:
    """The daemon runs on. While the other account is asked again and again, nothing is sent for the paused one."""
    await accounts.add("second")
    settings = settings_of(accounts, database_url, redis_url)
    async with following(accounts, database_url, redis_url) as (_running, connection):
        await mirrored(connection, "second")
        assert run("accounts", "pause", "first", settings=settings).returncode == 0
        in_progress = (
            "select count(*) = 0 from savvycal._work where job = 'scan' and account = 'first' and lease_until > now()"
        )
        await until(lambda: connection.fetchval(in_progress))
        first, second = accounts.requests("first"), accounts.requests("second")
        assert run("resync", "all", "--account", "first", settings=settings).returncode == 0

        async def is_asked_again() -> bool:
            await resync("all", account="second", product="meetings", redis=redis_url)
            return accounts.requests("second") > second + 10

        await until(is_asked_again)
        assert accounts.requests("first") == first
        state = "select distinct state from savvycal.accounts where account = 'first'"
        assert await connection.fetchval(state) == "paused"

        assert run("accounts", "resume", "first", settings=settings).returncode == 0
        done = "select count(*) > 0 from savvycal.runs where (account, job, result) = ('first', 'resync', 'ok')"
        await until(lambda: connection.fetchval(done))
        assert accounts.requests("first") > first


async def test_the_table_says_what_is_configured_where(accounts: Accounts, database_url: str, redis_url: str) -> None:
    """At start, after a reload, and for an account whose secret file cannot be read."""
    await accounts.add("second", has_token=False)
    async with following(accounts, database_url, redis_url) as (running, connection):
        reported = "select array_agg(account || '/' || product order by account, product) = $1 from savvycal.accounts"
        products = ["first/links", "first/meetings", "second/links", "second/meetings"]
        await until(lambda: connection.fetchval(f"{reported} where state = 'synced'", products))
        problem = await connection.fetchval("select last_problem from savvycal.accounts where account = 'second'")
        assert problem.endswith("[second] meetings_token_file: the file cannot be read (FileNotFoundError)")
        served = await connection.fetchval("select served_by from savvycal.accounts limit 1")
        assert f":{running.process.pid}:" in served
        del accounts.tables["first"]
        accounts.write()
        running.process.send_signal(signal.SIGHUP)
        removed = "select count(*) = 2 from savvycal.accounts where account = 'first' and state = 'not configured'"
        await until(lambda: connection.fetchval(removed))
        assert await running.stop() == 0
        assert await connection.fetchval("select count(*) from savvycal.accounts where served_by is not null") == 0

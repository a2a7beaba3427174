"""Reads the accounts file again when it changes and after SIGHUP, so that accounts can be added and removed.

The table `accounts` shows what each process has in its settings; it is renewed here.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from worker import account_report, composition, settings
from worker.composition import EndpointBuilder, Runtime
from worker.errors import SavvycalSyncError, SettingError
from worker.logs import log
from worker.settings import Account, ConfiguredAccounts
from worker.store import accounts as rows
from worker.sync import schedule
from worker.sync.context import SyncContext
from worker.web import ReceiverConfigs

CHECK_SECONDS = 15.0
"""How often the file is examined, and accounts that could not be used are tried again."""


class AccountReloader:
    """Keeps the accounts of a running daemon as the accounts file has them."""

    def __init__(
        self,
        runtime: Runtime,
        context: SyncContext,
        build: EndpointBuilder,
        requested: asyncio.Event,
        serves_http: bool = True,
    ) -> None:
        """`requested` is set to have the file read at once. `serves_http`: whether this process receives webhooks."""
        self._settings, self._context, self._build = runtime.settings, context, build
        self._accounts = {account.name: account for account in runtime.accounts}
        self._receivers = {name: composition.webhook_receivers_of(one) for name, one in self._accounts.items()}
        self._state = _state_of(self._file)
        self._problems: Mapping[str, str] = {}
        self._products: Mapping[str, Iterable[str]] = {}
        """The products of each account in the settings, also of those that cannot be used."""
        self._refusal = ""
        """Why the whole file was refused."""
        self._is_planned = True
        """Whether the windows of all accounts are in the coverage table."""
        self._requested = requested
        self._serves_http = serves_http
        self._process = account_report.process_name()

    @property
    def _file(self) -> Path | None:
        return self._settings.accounts_file

    @property
    def receivers(self) -> ReceiverConfigs:
        """What the webhook receiver accepts; changes in place."""
        return self._receivers

    async def run(self) -> None:
        """Runs until canceled."""
        with contextlib.suppress(SettingError):
            self._note(settings.configured_accounts(self._settings))
        try:
            await self._run()
        except asyncio.CancelledError:
            await asyncio.shield(self._leave())
            raise

    async def _run(self) -> None:
        while True:
            await self._report()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._requested.wait(), CHECK_SECONDS)
            is_requested = self._requested.is_set()
            self._requested.clear()
            if self._file is None:
                if is_requested:
                    log.info("reload_skipped", reason="SAVVYCAL_ACCOUNTS_FILE is not set; secret files need no reload")
            elif is_requested or self._is_due():
                await self._reload(is_requested)

    def _is_due(self) -> bool:
        is_changed = _state_of(self._file) != self._state
        return is_changed or bool(self._problems) or bool(self._refusal) or not self._is_planned

    async def _reload(self, is_requested: bool) -> None:
        self._state = _state_of(self._file)
        try:
            found = settings.configured_accounts(self._settings)
        except SettingError as error:
            if is_requested or str(error) != self._refusal:
                log.error("reload_failed", reason=str(error), meanwhile="the accounts stay as they were")
            self._refusal = str(error)
            return
        self._refusal = ""
        for name, problem in found.problems.items():
            if is_requested or self._problems.get(name) != problem:
                log.error("account_unusable", account=name, reason=problem)
        self._note(found)
        kept = {name: one for name, one in self._accounts.items() if name in found.problems}
        await self._replace(kept | {account.name: account for account in found.usable})

    def _note(self, found: ConfiguredAccounts) -> None:
        self._problems, self._products = found.problems, found.products

    async def _report(self) -> None:
        """Records what this process has. Postgres may be away: it is recorded next time, and the monitor tells it."""
        usable = self._accounts.values()
        found = account_report.configured(usable, self._problems, self._products, self._serves_http)
        with contextlib.suppress(SavvycalSyncError):
            async with self._context.db.connection() as connection:
                await rows.report(connection, self._process, found)

    async def _leave(self) -> None:
        with contextlib.suppress(SavvycalSyncError):
            async with self._context.db.connection() as connection:
                await rows.leave(connection, self._process)

    async def _replace(self, accounts: Mapping[str, Account]) -> None:
        """Work in progress ends with the tokens it began with. Rows of an account that was removed stay."""
        endpoints = {name: products for name, products in self._context.accounts.items() if name in accounts}
        for name in self._accounts.keys() - accounts.keys():
            self._receivers.pop(name, None)
            log.info("account_removed", account=name)
        for name, account in accounts.items():
            before = self._accounts.get(name)
            if before and before.has_settings_of(account):
                continue
            endpoints[name] = self._build(account)
            self._receivers[name] = composition.webhook_receivers_of(account)
            self._is_planned = False
            log.info("account_changed" if before else "account_added", account=name)
        self._accounts, self._context.accounts = dict(accounts), endpoints
        await self._plan()

    async def _plan(self) -> None:
        if self._is_planned:
            return
        try:
            await schedule.plan_windows(self._context)
        except SavvycalSyncError as error:
            log.warning("windows_not_planned", error=str(error))
            return
        self._is_planned = True
        await self._context.wake("schedule")


def _state_of(path: Path | None) -> tuple[int, ...]:
    """What differs when the file was written or replaced."""
    try:
        found = path.stat() if path else None
    except OSError:
        found = None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else ()

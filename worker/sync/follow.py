"""Follows the mirror for a person or a program: each change of the feed, and each problem that begins or ends."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from savvycal_sync.feed import Change, changes
from worker.cancellation import is_cancel_requested
from worker.core.problems import Problem, began_and_ended, postgres_down
from worker.errors import StoreError
from worker.settings import Address
from worker.store.database import Database
from worker.sync import monitor

BATCH = 500
ASK_AGAIN_SECONDS = 2.0
AWAY_SECONDS = 1.0

Tell = Callable[[str, Change | Problem | str], None]
"""Gets `started` with the cursor, `change` with a row of the feed, `problem_began` or `problem_ended` with one."""


@dataclass
class Follower:
    """What has been told so far. `account`: only changes and problems of this one, None for all; `kind`: only changes
    of this one. `accounts`: the configured ones, as for `report_once`. `db` has two connections.
    """

    db: Database
    tell: Tell
    cursor: str
    account: str | None = None
    kind: str | None = None
    redis_url: Address | None = None
    accounts: Collection[str] = ()
    _problems: list[Problem] = field(default_factory=list)
    _evaluated_at: float = float("-inf")

    async def run(self) -> None:
        """Follows until it is canceled. A Postgres that does not answer is told as a problem, and what happened
        meanwhile follows.

        Raises:
            CursorRefused: the feed cannot go on, as after a failover that lost changes which were told.
        """
        self.tell("started", self.cursor)
        while not is_cancel_requested():
            try:
                await self._evaluate()
                await self._read()
            except StoreError as error:
                if is_cancel_requested():
                    return  # the driver has made another error of the cancellation
                self._compare([*self._problems, postgres_down(datetime.now(UTC), str(error))])
                self._evaluated_at = float("-inf")
                await asyncio.sleep(AWAY_SECONDS)

    async def _read(self) -> None:
        """Tells what is new, or waits a moment for it. A pooler passes no notifications on: nothing is listened to."""
        is_pooled = self.db.is_pooled
        async with self.db.connection() as connection:
            wait = 0 if is_pooled else ASK_AGAIN_SECONDS
            rows = await changes(self.cursor, database=connection, account=self.account, batch=BATCH, wait=wait)
        for row in rows:
            self.cursor = row.cursor
            if self.kind in {None, row.kind}:
                self.tell("change", row)
        if is_pooled and not rows:
            await asyncio.sleep(ASK_AGAIN_SECONDS)

    async def _evaluate(self) -> None:
        if time.monotonic() - self._evaluated_at < monitor.EVERY_SECONDS:
            return
        report = await monitor.report_once(self.db, self.redis_url, self.accounts)
        self._evaluated_at = time.monotonic()
        self._compare(report.problems)

    def _compare(self, problems: Sequence[Problem]) -> None:
        """Tells what differs from the problems that were told before."""
        began, ended = began_and_ended(self._problems, [problem for problem in problems if self._is_ours(problem)])
        for problem in ended:
            self.tell("problem_ended", problem)
        for problem in began:
            self.tell("problem_began", problem)
        self._problems = [*(problem for problem in self._problems if problem not in ended), *began]

    def _is_ours(self, problem: Problem) -> bool:
        return self.account is None or problem.scope.partition("/")[0] in {"", self.account}

"""Monitors the mirror: evaluates problems every few seconds, logs their begin and end, and keeps the newest report.

Pages, probes and metrics read that report, so that a request costs the database nothing.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from redis.exceptions import RedisError

from savvycal_sync.redis_pool import open_redis
from worker.cancellation import is_cancel_requested
from worker.core.problem_rules import find_problems, upstream_cause
from worker.core.problems import (
    Cause,
    Facts,
    Problem,
    Severity,
    in_order,
    postgres_down,
    redis_down,
    summary,
)
from worker.errors import SavvycalSyncError, StoreError, StoreReadOnly
from worker.logs import log
from worker.settings import Address
from worker.store import accounts
from worker.store import problems as store
from worker.store.database import Connection, Database
from worker.store.problems import Answered, Ended
from worker.sync.context import Endpoint, SyncContext

EVERY_SECONDS = 5.0
QUIET_SECONDS, QUIET_SECONDS_FAILING = 15.0, 5.0
"""A product without requests for this long is probed, so that a refused token shows within a minute, however seldom
windows are scanned. Together with the circuit breaker that is at most 4 requests a minute, sent by one process.
"""

POSTGRES_SECONDS, REDIS_SECONDS = 5.0, 2.0
FRESH_SECONDS = 8.0
ANSWER_SECONDS = 0.8
"""After this time a request gets the newest report that exists, even an old one."""


@dataclass(frozen=True, slots=True)
class Report:
    """The current problems and the facts that they follow from; no facts while Postgres does not answer."""

    at: datetime
    problems: tuple[Problem, ...]
    facts: Facts | None = None
    taken_at: float = field(default_factory=time.monotonic)

    @property
    def sentence(self) -> str:
        """A summary in one sentence."""
        return summary(self.problems)

    @property
    def is_red(self) -> bool:
        """Whether the mirror is not current."""
        return any(problem.severity is Severity.RED for problem in self.problems)

    def has(self, cause: Cause) -> bool:
        """Whether a problem of that cause holds."""
        return any(problem.cause is cause for problem in self.problems)


class Monitor:
    """Evaluates problems and keeps the newest report.

    `db` is a pool of its own, so that requests and work never wait for each other. `asks`: whether this process sends
    requests to SavvyCal; one that only serves HTTP does not.
    """

    def __init__(
        self, context: SyncContext, db: Database, redis_url: Address | None = None, asks: bool = False
    ) -> None:
        self.context, self.db = context, db
        self._redis_url, self._asks = redis_url, asks
        self._report: Report | None = None
        self._refreshing: asyncio.Task[Report] | None = None
        self._postgres: Problem | None = None
        self._redis: Problem | None = None
        self._reported: dict[tuple[str, str], float] = {}
        self._probes: dict[tuple[str, str], asyncio.Task[None]] = {}

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Evaluates periodically while the block runs."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            for each in (task, *self._probes.values()):
                each.cancel()
            await asyncio.wait({task, *self._probes.values()}, timeout=2.0)

    async def _watch(self) -> None:
        while not is_cancel_requested():
            try:
                await self.evaluate()
            except Exception as error:  # noqa: BLE001 - a bug in the watcher must not end the mirror
                log.error("monitor_failed", error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    @property
    def newest(self) -> Report | None:
        """The last report, None before the first."""
        return self._report

    async def current(self) -> Report:
        """The newest report; an old one is renewed first, unless that takes too long."""
        if self._report is None or time.monotonic() - self._report.taken_at > FRESH_SECONDS:
            if self._refreshing is None or self._refreshing.done():
                self._refreshing = asyncio.create_task(self.evaluate())
            await asyncio.wait({self._refreshing}, timeout=ANSWER_SECONDS)
        return self._report or Report(datetime.now(UTC), (postgres_down(datetime.now(UTC), "it has not answered yet"),))

    async def evaluate(self) -> Report:
        """Evaluates all facts once, and logs the problems that began or ended since the last time."""
        await self._ask_redis()
        try:
            async with asyncio.timeout(POSTGRES_SECONDS):
                found, facts = await self._find()
        except (StoreError, TimeoutError) as error:
            self._postgres_failed(str(error) or "it took too long")
            found, facts = (), None
        else:
            self._postgres_answered()
        mine = [problem for problem in (self._postgres, self._redis) if problem]
        known = [problem for problem in found if problem.cause not in {Cause.REDIS_DOWN, Cause.POSTGRES_DOWN}]
        self._report = Report(facts.now if facts else datetime.now(UTC), in_order([*mine, *known]), facts)
        return self._report

    async def _find(self) -> tuple[Sequence[Problem], Facts]:
        if self._asks:
            with contextlib.suppress(StoreReadOnly):  # the facts tell it
                await self._record_answers()
        async with self.db.connection() as connection:
            begun: Sequence[Problem] = ()
            ended: Sequence[Ended] = ()
            async with connection.transaction():
                is_recording = await store.try_lock(connection)
                facts = (await store.load_facts(connection)).of_accounts(self.context.accounts)
                found = [*find_problems(facts), *([self._redis] if self._redis else [])]
                if is_recording and not facts.is_read_only:
                    begun, ended = await store.record(connection, found, list(self.context.accounts))
                    await accounts.note_problems(connection, begun)
            _log_changes(begun, ended)
            return await store.with_beginnings(connection, found), facts

    async def _record_answers(self) -> None:
        async with self.db.connection() as connection:
            for account, products in self.context.accounts.items():
                for product, endpoint in products.items():
                    await self._record_answer(connection, account, product.value, endpoint)

    async def _record_answer(self, connection: Connection, account: str, product: str, endpoint: Endpoint) -> None:
        circuit, key = endpoint.client.circuit, (account, product)
        if circuit.noted_at is not None and circuit.noted_at != self._reported.get(key):
            await store.record_answer(connection, _answered(account, product, endpoint))
            self._reported[key] = circuit.noted_at
        quiet = QUIET_SECONDS_FAILING if circuit.failure_count else QUIET_SECONDS
        has_answered = circuit.noted_at is not None and time.monotonic() - circuit.noted_at < quiet
        is_asking = key in self._probes and not self._probes[key].done()
        if has_answered or is_asking or circuit.is_open:
            return
        if await store.claim_probe(connection, account, product, quiet):
            self._probes[key] = asyncio.create_task(_probe(endpoint))

    async def _ask_redis(self) -> None:
        if self._redis_url is None:
            return
        error = await _redis_error(self._redis_url)
        if error is None:
            self._redis = None
        elif self._redis is None:
            self._redis = redis_down(datetime.now(UTC), error)

    def _postgres_failed(self, error: str) -> None:
        """Notes that Postgres does not answer. No row can be shared meanwhile, so each process logs for itself."""
        if self._postgres is None:
            self._postgres = postgres_down(datetime.now(UTC), error)
            _log_changes([self._postgres], [])

    def _postgres_answered(self) -> None:
        if self._postgres:
            lasted = (datetime.now(UTC) - self._postgres.since).total_seconds()
            _log_changes([], [Ended(Cause.POSTGRES_DOWN, "", self._postgres.since, lasted)])
        self._postgres = None


def _answered(account: str, product: str, endpoint: Endpoint) -> Answered:
    circuit, now = endpoint.client.circuit, time.monotonic()
    age = now - (circuit.noted_at or now)
    cause = upstream_cause(circuit.is_refused, circuit.failure_count)
    failing = now - circuit.failing_since if circuit.failing_since is not None and cause else None
    left = endpoint.client.cool_down_seconds
    return Answered(account, product, age, cause, failing, circuit.error if cause else None, left or None)


async def _probe(endpoint: Endpoint) -> None:
    """Sends a probe; the circuit breaker notes its result."""
    with contextlib.suppress(SavvycalSyncError):
        await endpoint.probe()


async def _redis_error(redis_url: Address) -> str | None:
    """Why Redis does not answer, None when it does."""
    try:
        async with open_redis(redis_url, 1, REDIS_SECONDS) as redis:
            await asyncio.wait_for(redis.ping(), REDIS_SECONDS)
    except (RedisError, OSError, TimeoutError) as error:
        return type(error).__name__
    return None


def _log_changes(begun: Sequence[Problem], ended: Sequence[Ended]) -> None:
    for problem in begun:
        write = log.error if problem.severity is Severity.RED else log.warning
        write(
            "problem_began",
            cause=problem.cause.value,
            scope=problem.scope,
            severity=problem.severity.value,
            since=problem.since.isoformat(timespec="seconds"),
            sentence=problem.sentence,
            next_step=problem.next_step,
        )
    for end in ended:
        log.info("problem_ended", cause=end.cause.value, scope=end.scope, lasted_seconds=round(end.lasted_seconds))


async def report_once(db: Database, redis_url: Address | None, accounts: Collection[str] = ()) -> Report:
    """The current report for a command; nothing is recorded or logged. `accounts`: the configured ones, none for all.

    Raises:
        StoreError: Postgres does not answer.
    """
    error = await _redis_error(redis_url) if redis_url else None
    async with db.connection() as connection:
        facts = await store.load_facts(connection)
        facts = facts.of_accounts(accounts) if accounts else facts
        found = [*find_problems(facts), *([redis_down(facts.now, error)] if error else [])]
        return Report(facts.now, in_order(await store.with_beginnings(connection, found)), facts)

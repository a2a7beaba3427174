"""One worker's database behind the scheduler: acquire, begin, each statement, commit and rollback are I/O points.

The connections are real. A broken one is rolled back and used again by somebody else, as if the server had noticed at
once; its former holder sees a closed connection. In every statement the scheduler's clock
replaces `clock_timestamp()` and `now()`; nothing else is changed.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from types import TracebackType
from typing import Any, NoReturn, TypeVar

import asyncpg

from tests.campaigns.simulation.audit_triggers import AUDIT_TRIGGERS
from tests.campaigns.simulation.scheduler import Killed, Scheduler, Worker
from worker.store import connecting, database

T = TypeVar("T")
Raw = Any
"""A real connection: asyncpg's own annotations do not fit a stand-in for its pool."""

CONNECTIONS_OF_A_WORKER = 4
WORD_MAX = 40
REAL_TIMEOUTS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
SESSION = connecting.SESSION | dict.fromkeys(REAL_TIMEOUTS, "0")
"""The timeouts run in virtual time: the scheduler carries them out."""

BLOCKED = """
with recursive chain (pid) as (
  select unnest(pg_blocking_pids($1::integer)) union select unnest(pg_blocking_pids(chain.pid)) from chain)
select count(*) > 0 and count(*) filter (where pid = $1::integer) = 0 from chain
"""

CLOCK = (
    r"""
create schema if not exists sim;
create table if not exists sim.clock (at timestamptz not null);
truncate sim.clock;
insert into sim.clock values (now());
create or replace function sim.now() returns timestamptz language sql volatile as 'select at from sim.clock';
"""
    + AUDIT_TRIGGERS
    + r"""
do $$ declare name text; begin
  execute format('alter database %I set deadlock_timeout = 10', current_database());
  for name in
    select format('alter table savvycal.%I alter %I set default sim.now()', c.relname, a.attname)
    from pg_attrdef d join pg_class c on c.oid = d.adrelid
    join pg_attribute a on (a.attrelid, a.attnum) = (c.oid, d.adnum)
    where c.relnamespace = 'savvycal'::regnamespace and pg_get_expr(d.adbin, d.adrelid) ~ '^(now|clock_timestamp)\(\)$'
  loop
    execute name;
  end loop;
  for name in select tablename from pg_tables where schemaname = 'savvycal' loop
    execute format('alter table savvycal.%I set (autovacuum_enabled = false)', name);  -- rows stay where they are
  end loop;
end $$;
"""
)

BODY = "select body from savvycal.snapshots where id = $1 order by version desc limit 1"


class Lines:
    """The real connections of a run, handed out to workers, and one more to read on."""

    def __init__(self, url: str, scheduler: Scheduler) -> None:
        self.url, self.scheduler = url, scheduler
        self.monitor: Raw = None
        self.free: list[Raw] = []
        self.held: list[ScheduledConnection] = []
        self.observe: Callable[[str, tuple[object, ...], Any], None] = lambda label, args, result: None
        """Is told of every statement that had its effect: its name, arguments and result."""
        self._shown: float | None = None
        self._monitor_lock = asyncio.Lock()

    async def start(self) -> None:
        """Opens the connection that reads on; the others open as they are needed."""
        self.monitor = await self._connect()

    async def _connect(self) -> Raw:
        connection = await asyncpg.connect(self.url, server_settings=SESSION, timeout=20)
        await database._prepare(connection)
        return connection

    async def close(self) -> None:
        """Closes all of them."""
        for connection in [*self.free, *(line.raw for line in self.held), self.monitor]:
            connection.terminate()
        await asyncio.sleep(0)

    async def attach(self, scheduler: Scheduler) -> None:
        """Serves another run; what the last one left open is rolled back."""
        for line in list(self.held):
            line.worker.is_dead = True
            await self.cut(line)
            self.give_back(line)
        await _clean(self.monitor)
        self.scheduler, self._shown = scheduler, None
        scheduler.is_blocked, scheduler.cancel_statement, scheduler.bury = (
            self.is_blocked,
            self.cancel_statement,
            self.bury,
        )

    async def is_blocked(self, pid: int) -> bool:
        """Whether a connection waits for a lock of another one, and no deadlock is about to end that."""
        async with self._monitor_lock:
            return bool(await self.monitor.fetchval(BLOCKED, pid))

    async def cancel_statement(self, pid: int) -> None:
        """What lock_timeout would have done by now."""
        async with self._monitor_lock:
            await self.monitor.fetchval("select pg_cancel_backend($1)", pid)

    async def stored(self, object_id: str) -> Any:
        """The body of an object as it is stored now, None before there is any."""
        async with self._monitor_lock:
            body = await self.monitor.fetchval(BODY, object_id)
        return None if body is None else json.loads(body)

    async def show_clock(self) -> None:
        """Tells Postgres what time it is."""
        if self._shown != self.scheduler.now:
            self._shown = self.scheduler.now
            async with self._monitor_lock:
                await self.monitor.execute(
                    "update sim.clock set at = $1", datetime.fromtimestamp(self.scheduler.now, UTC)
                )

    async def take(self, worker: Worker) -> "ScheduledConnection":
        """A connection for a worker."""
        raw = self.free.pop() if self.free else await self._connect()
        line = ScheduledConnection(self, worker, raw)
        self.held.append(line)
        worker.in_use_count += 1
        return line

    def give_back(self, line: "ScheduledConnection") -> None:
        """The worker is through with it; a dead one leaves that to its burial."""
        line.is_left = True
        if line in self.held and not line.is_ending and (line.is_cut or not line.worker.is_dead):
            self.held.remove(line)
            line.worker.in_use_count -= 1
            if not line.raw.is_closed():
                assert not line.raw.is_in_transaction(), "a transaction leaked"
                self.free.append(line.raw)

    async def cut(self, line: "ScheduledConnection") -> None:
        """The connection breaks: the server rolls back, the worker sees it closed."""
        if line.is_cut:
            return
        line.is_cut = line.is_ending = True
        while line.is_in_transaction():
            await line.roll_back()
        line.is_ending = False
        if line.is_left:  # while the server was rolling back
            self.give_back(line)

    async def cut_idle(self, worker: Worker) -> None:
        """What idle_in_transaction_session_timeout does to the connections of a worker that stands still."""
        busy = {point.pid for point in self.scheduler.running}
        for line in [held for held in self.held if held.worker is worker and held.is_in_transaction()]:
            if line.raw.get_server_pid() not in busy:
                await self.cut(line)

    async def bury(self, worker: Worker) -> None:
        """The connections of a dead worker break."""
        for line in [held for held in self.held if held.worker is worker]:
            await self.cut(line)
            self.give_back(line)


class ScheduledConnection:
    """Stands where asyncpg's pooled connection stands."""

    def __init__(self, lines: Lines, worker: Worker, raw: Raw) -> None:
        self._lines, self.worker, self.raw = lines, worker, raw
        self.is_cut = self.is_ending = self.is_left = False
        self._transactions: list[Raw] = []
        """The innermost is the last: savepoints are transactions within one."""

    def is_closed(self) -> bool:
        """As asyncpg says it."""
        return self.is_cut

    def is_in_transaction(self) -> bool:
        """As asyncpg says it."""
        return bool(self._transactions)

    async def fetch(self, query: str, *args: object, timeout: float | None = None) -> Any:
        """Rows."""
        return await self._run(name_of(query), lambda: self.raw.fetch(on_virtual_time(query), *args), args)

    async def fetchrow(self, query: str, *args: object, timeout: float | None = None) -> Any:
        """One row."""
        return await self._run(name_of(query), lambda: self.raw.fetchrow(on_virtual_time(query), *args), args)

    async def fetchval(self, query: str, *args: object, timeout: float | None = None) -> Any:
        """One value."""
        return await self._run(name_of(query), lambda: self.raw.fetchval(on_virtual_time(query), *args), args)

    async def execute(self, query: str, *args: object, timeout: float | None = None) -> Any:
        """A status."""
        return await self._run(name_of(query), lambda: self.raw.execute(on_virtual_time(query), *args), args)

    async def executemany(self, query: str, args: Iterable[Any], *, timeout: float | None = None) -> Any:
        """Many, all or none."""
        rows = list(args)
        return await self._run(name_of(query), lambda: self.raw.executemany(on_virtual_time(query), rows))

    async def copy_records_to_table(self, table: str, **named: Any) -> Any:
        """COPY."""
        return await self._run(f"copy {table}", lambda: self.raw.copy_records_to_table(table, **named))

    def transaction(self, **_options: object) -> "ScheduledTransaction":
        """A transaction whose begin, commit and rollback are points."""
        return ScheduledTransaction(self)

    async def begin(self) -> None:
        """BEGIN."""

        async def effect() -> None:
            transaction = self.raw.transaction()
            await transaction.start()
            self._transactions.append(transaction)

        await self._run("begin", effect)

    async def commit(self) -> None:
        """COMMIT; when its answer is lost, the commit stands."""
        transaction = self._transactions[-1]

        async def effect() -> None:
            await transaction.commit()
            self._transactions.pop()

        await self._run("commit", effect)

    async def end_badly(self) -> None:
        """ROLLBACK, as a worker does it."""
        if self.worker.is_dead:
            return
        await self._run("rollback", self.roll_back)

    async def roll_back(self) -> None:
        """Ends what is open."""
        transaction = self._transactions.pop() if self._transactions else None
        if transaction is not None and not self.raw.is_closed():
            await transaction.rollback()

    async def _run(self, label: str, effect: Callable[[], Awaitable[T]], args: tuple[object, ...] = ()) -> T:
        if self.is_cut:
            raise Killed if self.worker.is_dead else asyncpg.InterfaceError("connection is closed")

        async def timed() -> T:
            if self.is_cut:
                raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
            await self._lines.show_clock()
            try:
                result = await self._uninterrupted(effect)
            except asyncpg.QueryCanceledError:
                raise asyncpg.LockNotAvailableError("canceling statement due to lock timeout") from None
            self._lines.observe(label, args, result)
            return result

        scheduler, named = self._lines.scheduler, " ".join([label, *_words(args)])
        return await scheduler.through(
            self.worker, named, timed, self._lose, self._late, database.COMMAND_SECONDS, self.raw.get_server_pid()
        )

    async def _uninterrupted(self, effect: Callable[[], Awaitable[T]]) -> T:
        """A cancellation reaches the server and is waited for, so that it is over when the point is."""
        call = asyncio.ensure_future(effect())
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            pid, ending = self.raw.get_server_pid(), self._lines.scheduler.ending
            ending.add(pid)
            while not call.done():
                await self._lines.cancel_statement(pid)
                await asyncio.wait({call}, timeout=0.05)
            ending.discard(pid)
            if not call.cancelled():
                call.exception()
            raise

    async def _lose(self) -> NoReturn:
        await self._lines.cut(self)
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    async def _late(self) -> NoReturn:
        await self._lines.cut(self)
        raise TimeoutError


class ScheduledTransaction:
    """Begin and commit, or rollback."""

    def __init__(self, connection: ScheduledConnection) -> None:
        self._connection = connection

    async def __aenter__(self) -> None:
        await self._connection.begin()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self._connection.commit()
        else:
            await self._connection.end_badly()


class ScheduledPool:
    """Stands where one worker's asyncpg pool stands."""

    def __init__(self, lines: Lines, worker: Worker) -> None:
        self._lines, self._worker = lines, worker

    def acquire(self, *, timeout: float | None = None) -> "_Acquired":  # the name and argument are asyncpg's
        """A connection for a block."""
        return _Acquired(self._lines, self._worker, timeout or database.ACQUIRE_SECONDS)


class _Acquired:
    def __init__(self, lines: Lines, worker: Worker, deadline_seconds: float) -> None:
        self._lines, self._worker, self._deadline_seconds = lines, worker, deadline_seconds
        self._line: ScheduledConnection | None = None

    async def __aenter__(self) -> ScheduledConnection:
        self._line = await self._lines.scheduler.through(
            self._worker,
            "acquire",
            self._take,
            self._refuse,
            self._late,
            self._deadline_seconds,
            is_possible=lambda: self._worker.in_use_count < CONNECTIONS_OF_A_WORKER,
        )
        return self._line

    async def __aexit__(self, *_: object) -> None:
        line = self._line
        if line is None:
            return
        if not line.is_in_transaction() or self._worker.is_dead:
            self._lines.give_back(line)
            return
        reset = asyncio.ensure_future(line.end_badly())  # its rollback was canceled: the pool does it
        reset.add_done_callback(lambda done: self._take_back(line, done))
        await asyncio.shield(reset)

    def _take_back(self, line: ScheduledConnection, reset: "asyncio.Future[None]") -> None:
        if not reset.cancelled():
            reset.exception()  # whoever waited for it may have been canceled; a pool does not complain
        self._lines.give_back(line)

    async def _take(self) -> ScheduledConnection:
        self._line = await self._lines.take(self._worker)
        return self._line

    async def _refuse(self) -> NoReturn:
        if self._line is not None:
            await self._lines.cut(self._line)
            self._lines.give_back(self._line)
        raise ConnectionRefusedError

    async def _late(self) -> NoReturn:
        raise TimeoutError


def _words(args: tuple[object, ...]) -> list[str]:
    """The plain words among arguments, for the event log: what it is about."""
    return [str(one) for one in args[1:] if isinstance(one, str) and len(one) <= WORD_MAX and " " not in one]


_CLOCKS = re.compile(r"\b(clock_timestamp|now)\(\)")


@cache
def on_virtual_time(query: str) -> str:
    """The statement on the scheduler's clock."""
    return _CLOCKS.sub("sim.now()", query)


@cache
def _names() -> dict[str, str]:
    load = import_module("worker.store.queries").load
    folder = import_module("importlib.resources").files("worker.store.queries")
    nouns = sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return {text: f"{noun}.{name}" for noun in nouns for name, text in load(noun).items()}


@cache
def name_of(query: str) -> str:
    """`work_queue.claim` for a statement from queries/, else its first words."""
    return _names().get(query) or " ".join(query.split()[:3])


async def _clean(monitor: Raw) -> None:
    """An empty mirror, its sequences at their start. What was never written to is left alone: emptying costs files."""
    names = await monitor.fetchval(
        "select string_agg(format('%I.%I', schemaname, tablename), ', ' order by tablename) from pg_tables "
        "where schemaname = 'savvycal' and tablename <> '_meta' "
        "and pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0"
    )
    written = f"{names}, sim.writes" if names else "sim.writes"
    await monitor.execute(f"truncate {written} restart identity cascade; alter sequence savvycal._fence restart")

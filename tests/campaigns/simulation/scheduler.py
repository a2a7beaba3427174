"""The scheduler: every call that leaves a worker is a numbered I/O point, and one integer decides who moves next.

Several workers live in one process, on one real database. A call waits at the scheduler until it is chosen; then it
alone runs, until its task stands at the scheduler again. The simulation may let it fail before its effect, fail after
it, be canceled, hang until its deadline, or take its whole worker down. Time is virtual: it moves when the simulation
moves it, for Python and Postgres alike. The same choices give the same log.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn, TypeVar

T = TypeVar("T")
BLOCKED_AFTER_SECONDS = 0.03
"""Real seconds after which a call that has not answered is asked about: does it wait for a lock?"""

GIVES_UP = "gives up its lock"
"""Left out of the digest of a run: Postgres may let the statement in meanwhile, in real time. What giving up changes
shows in the lines that follow.
"""

LOCK_SECONDS = 5.0
"""Virtual seconds a statement waits for a lock: the session's lock_timeout, which real time never reaches here."""


class Fault(StrEnum):
    """What may become of an I/O point."""

    BEFORE = "fails before"
    AFTER = "fails after"
    CANCEL = "canceled"
    KILL = "kills its worker"
    HANG = "hangs"


class Killed(BaseException):
    """The worker is dead: nothing of it may reach the world any more."""


@dataclass(eq=False)
class Worker:
    """One process, as far as the world can tell."""

    name: str
    is_dead: bool = False
    paused_until: float = 0.0
    clock_ahead_seconds: float = 0.0
    """Of its own clock over everybody else's, Postgres' included, since `clock_jumps_at`."""
    clock_jumps_at: float = 0.0
    in_use_count: int = 0
    """Connections it holds."""
    jobs: "list[Job]" = field(default_factory=list)


@dataclass(eq=False)
class Job:
    """One run of a job: what a cancellation takes down."""

    number: int
    name: str
    worker: Worker
    task: "asyncio.Task[None] | None" = None
    stalled_until: float = 0.0


@dataclass(eq=False)
class Point:
    """A call at the scheduler."""

    worker: Worker
    job: Job
    subject: str
    label: str
    arrival: int
    go: "asyncio.Future[Fault | None]"
    done: "asyncio.Future[None]"
    pid: int | None = None
    is_possible: Callable[[], bool] = lambda: True
    is_asleep: bool = False
    blocked_since: float | None = None

    @property
    def key(self) -> tuple[str, int, str, int]:
        """A place in line that does not depend on the order in which Postgres returned rows."""
        return self.worker.name, self.job.number, self.subject, self.arrival

    @property
    def named(self) -> str:
        """For the event log."""
        return f"{self.worker.name} {self.job.name} {self.subject} {self.label}"


JOB: ContextVar[Job] = ContextVar("job")
SUBJECT: ContextVar[str] = ContextVar("subject", default="")
"""What the task is about (the id it fetched), once that is known."""


class Scheduler:
    """All points of one run."""

    def __init__(self, started_at: float) -> None:
        self.now = self.started_at = started_at
        self.waiting: list[Point] = []
        self.running: list[Point] = []
        self.point_count = 0
        self.log: list[str] = []
        self.blocked_count = 0
        self.ending: set[int] = set()
        """Connections whose statement is being canceled: it ends by itself, whatever it waits for."""
        self.is_blocked: Callable[[int], Awaitable[bool]] = _never
        self.cancel_statement: Callable[[int], Awaitable[None]] = _nothing
        self.is_over = False
        """Nobody goes through any more: a run that does not end must not keep the others from telling."""
        self.bury: Callable[[Worker], Awaitable[None]] = _nothing
        """Takes back the connections of a dead worker."""
        self._arrivals = 0
        self._doomed: list[Worker] = []
        self._sleepers: list[tuple[float, asyncio.Future[None], Point | None]] = []

    # -- the side of the workers ---------------------------------------------------------------------------------------

    async def through(
        self,
        worker: Worker,
        label: str,
        effect: Callable[[], Awaitable[T]],
        lose: Callable[[], Awaitable[NoReturn]],
        late: Callable[[], Awaitable[NoReturn]],
        hang_seconds: float,
        pid: int | None = None,
        is_possible: Callable[[], bool] = lambda: True,
    ) -> T:
        """Waits to be chosen, then carries out effect or fault; `lose` and `late` raise what the caller sees."""
        if worker.is_dead or self.is_over:
            raise Killed
        point = self._arrive(worker, label, pid, is_possible)
        try:
            fault = await point.go
            if worker.is_dead:
                raise Killed
            if fault is Fault.BEFORE:
                await lose()
            if fault is Fault.HANG:
                await self._hang(point, hang_seconds)
                await late()
            result = await effect()
            if fault is Fault.AFTER:
                await lose()
            if fault is Fault.KILL:
                worker.is_dead = True
                self._doomed.append(worker)
                raise Killed
            return result
        finally:
            self._leave(point)

    def _arrive(self, worker: Worker, label: str, pid: int | None, is_possible: Callable[[], bool]) -> Point:
        loop = asyncio.get_running_loop()
        self._arrivals += 1
        point = Point(
            worker, JOB.get(), SUBJECT.get(), label, self._arrivals, loop.create_future(), loop.create_future(), pid
        )
        point.is_possible = is_possible
        self.waiting.append(point)
        return point

    def _leave(self, point: Point) -> None:
        point.done.set_result(None)
        for place in (self.waiting, self.running):
            if point in place:
                place.remove(point)

    async def _hang(self, point: Point, seconds: float) -> None:
        point.is_asleep = True
        await self.sleep(seconds, point)
        point.is_asleep = False
        if point.worker.is_dead:
            raise Killed

    async def sleep(self, seconds: float, point: Point | None = None) -> None:
        """Until virtual time has come so far."""
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, wake, point))
        await wake

    # -- the side of the chooser ---------------------------------------------------------------------------------------

    def open_points(self) -> list[Point]:
        """Those that may be chosen now, in a stable order."""
        found = [p for p in self.waiting if max(p.worker.paused_until, p.job.stalled_until) <= self.now]
        found = [p for p in found if p.is_possible()]
        return sorted(found, key=lambda point: point.key)

    async def grant(self, point: Point, fault: Fault | None = None) -> None:
        """Lets one call run, alone, until its task and all it woke stand at the scheduler again."""
        self.point_count += 1
        self.note(f"{point.named} {fault or ''}")
        if fault is Fault.CANCEL and point.job.task is not None:
            point.job.task.cancel()
            await self.settle()
            if point not in self.waiting:  # a shielded call outlives the cancellation of its job
                return
        self.waiting.remove(point)
        self.running.append(point)
        point.go.set_result(None if fault is Fault.CANCEL else fault)
        await self._until_done_or_stuck(point)
        await self.settle()

    async def kill(self, worker: Worker) -> None:
        """Drops a worker: no cleanup of its own reaches the world."""
        worker.is_dead = True
        tasks = [job.task for job in worker.jobs if job.task is not None and not job.task.done()]
        for task in tasks:
            task.cancel()
        await _drain()
        for point in [p for p in self.waiting if p.worker is worker]:
            point.go.cancel()
        for point in [p for p in self.running if p.worker is worker and not p.is_asleep]:
            if point.blocked_since is not None:  # shielded: nobody else cancels it
                await self._give_up_lock(point)
            await asyncio.wait({point.done})
        await self.bury(worker)
        await self.settle()

    async def advance(self, seconds: float) -> None:
        """Moves time, and wakes what slept until now."""
        self.now += seconds
        due = sorted((w for w in self._sleepers if w[0] <= self.now), key=lambda sleeper: sleeper[0])
        self._sleepers = [w for w in self._sleepers if w[0] > self.now]
        for _, wake, sleeper in due:
            if not wake.done():
                wake.set_result(None)
                if sleeper is not None:
                    await self._until_done_or_stuck(sleeper)
            await self.settle()
        for point in [p for p in self.running if p.blocked_since is not None]:
            if self.now - (point.blocked_since or 0) >= LOCK_SECONDS:
                await self._give_up_lock(point)
                await self.settle()

    def next_wake(self) -> float | None:
        """When the next sleeper or blocked statement gives up."""
        waits = [at for at, wake, _ in self._sleepers if not wake.done()]
        waits += [p.blocked_since + LOCK_SECONDS for p in self.running if p.blocked_since is not None]
        return min(waits, default=None)

    async def settle(self) -> None:
        """Until no task can go on by itself."""
        while True:
            await _drain()
            while self._doomed:
                await self.kill(self._doomed.pop())
            freed = [p for p in self.running if p.blocked_since is not None]
            freed = [p for p in freed if p.pid in self.ending or not await self.is_blocked(p.pid or 0)]
            for point in freed:
                if point.pid in self.ending:
                    await asyncio.wait({point.done})
                await self._until_done_or_stuck(point)
            if not self._doomed and not any(point.done.done() for point in freed):
                return

    async def _until_done_or_stuck(self, point: Point) -> None:
        while not point.done.done():
            await _drain()
            if point.done.done() or point.is_asleep:
                return
            await asyncio.wait({point.done}, timeout=BLOCKED_AFTER_SECONDS)
            if not point.done.done() and point.pid is not None and await self.is_blocked(point.pid):
                if point.blocked_since is not None or not self._is_one_blocked():
                    self._note_blocked(point)
                    return
                await self._give_up_lock(point)

    def _is_one_blocked(self) -> bool:
        """Who of two that wait is let in first is Postgres' choice, and no choice of ours: so only one may wait."""
        return any(point.blocked_since is not None for point in self.running)

    def _note_blocked(self, point: Point) -> None:
        if point.blocked_since is None:
            self.blocked_count += 1
            point.blocked_since = self.now
            self.note(f"{point.named} waits for a lock")

    async def _give_up_lock(self, point: Point) -> None:
        self.note(f"{point.named} {GIVES_UP}")
        if point.pid is not None:
            await self.cancel_statement(point.pid)
        await asyncio.wait({point.done})

    def note(self, entry: str) -> None:
        """One line of the event log."""
        self.log.append(f"{self.now - self.started_at:.3f} {entry}")

    def raw_hash(self) -> str:
        """Equal for equal runs."""
        lines = [line for line in self.log if not line.endswith(GIVES_UP)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


async def _drain() -> None:
    """Until the loop has nothing ready. Real I/O only happens inside a granted point, so this is the end of a move."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)
        if not loop._ready:  # type: ignore[attr-defined]  # no public way to ask
            return


async def _never(_pid: int) -> bool:
    return False


async def _nothing(_of: object) -> None:
    return

"""The workers of a run: their composition, their jobs, their deaths, and the moves that need no chance."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from tests.campaigns.simulation.checker import Claim, Mark
from tests.campaigns.simulation.mode import STARTED_AT, Mode, VirtualTime, options_of, windows_of
from tests.campaigns.simulation.savvycal import Savvycal, ScheduledClient
from tests.campaigns.simulation.scheduler import JOB, Fault, Job, Killed, Point, Scheduler, Worker
from tests.campaigns.simulation.store import Lines, ScheduledPool
from tests.campaigns.simulation.webhook_transport import Posted, receivers
from worker import jobs
from worker.core import windows
from worker.core.model import Kind, Product
from worker.core.result import Priority
from worker.errors import SavvycalSyncError
from worker.savvycal import api, webhooks
from worker.simulator import WebhookEvent, World
from worker.simulator.envelopes import encode_envelope
from worker.store import work_queue
from worker.store.database import Database
from worker.sync.context import Endpoint, SyncContext
from worker.sync.schedule import plan_windows
from worker.web.receiver import Outcome, Receiver

ACCOUNT = "default"
CLOCK_WRONG_SECONDS_MAX = 3600.0
Body = Callable[[SyncContext], Awaitable[object]]


class Workers:
    """Two or more workers on one database and one SavvyCal."""

    def __init__(self, seed: int, mode: Mode, lines: Lines, worker_count: int) -> None:
        self.seed, self.mode, self.lines = seed, mode, lines
        self.scheduler = Scheduler(STARTED_AT)
        self.world = World(options_of(mode, seed))
        self.savvycal = Savvycal(self.world, self.scheduler)
        self.workers = [Worker(f"w{number}") for number in range(1, worker_count + 1)]
        self.receiver, self.people = Worker("hooks"), Worker("people")
        """Takes webhooks, and takes requests; the latter are not killed, whoever asks tries again."""
        self.receiver_config: Receiver
        self.unanswered: Callable[[WebhookEvent], None] = lambda _event: None
        """Is told of each delivery that was not acknowledged."""
        self.contexts: dict[str, SyncContext] = {}
        self.woken: list[tuple[str, ...]] = []
        self.plan: dict[int, Fault] = {}
        """Faults at chosen points, by number: `fault_points` places them."""
        self.fired: dict[str, int] = {}
        self.marks: list[Mark] = []
        self.acknowledged: set[str] = set()
        self.claims: list[Claim] = []
        self.bounds: list[dict[str, Any]] = []
        self.crashes: list[str] = []
        self._recorded: dict[str, int] = {}
        """The step at which each delivery was stored."""
        self._job_numbers = self._deaths = 0
        self._set_clocks(Random(f"{seed}:clocks"))

    def _set_clocks(self, chance: Random) -> None:
        """In half of the seeds each worker has an opinion of its own on what time it is, some only from a moment on."""
        if chance.random() < 0.5:
            for worker in self.workers:
                worker.clock_ahead_seconds = chance.uniform(-CLOCK_WRONG_SECONDS_MAX, CLOCK_WRONG_SECONDS_MAX)
                worker.clock_jumps_at = STARTED_AT + chance.choice((0, 30, 120, 600))
            self.fired["CLOCKS APART"] = 1

    async def start(self) -> None:
        """An empty database, and the workers on it."""
        VirtualTime.scheduler = self.scheduler
        await self.lines.attach(self.scheduler)
        self.lines.observe = self._observe
        for worker in (*self.workers, self.people):
            self.contexts[worker.name] = self.compose(worker)
        self.open_receiver(self.receiver)
        await self.move_time(0.01)
        self.run_job(self.workers[0], "start", plan_windows)
        await self.drain()

    def compose(self, worker: Worker) -> SyncContext:
        """One worker's mirror: real code on a scheduled pool and scheduled clients."""
        pool: Any = ScheduledPool(self.lines, worker)
        made = {Product.MEETINGS: api.meetings(), Product.APPOINTMENTS: api.appointments_api(True)}
        made |= {Product.LINKS: api.booking_links()}
        endpoints = {
            product: Endpoint(found, ScheduledClient(self.savvycal, worker, product)) for product, found in made.items()
        }
        chance = Random(f"{self.seed}:{worker.name}")
        return SyncContext(Database(pool), {ACCOUNT: endpoints}, windows_of(self.mode), wake=self.wake, random=chance)

    def open_receiver(self, receiver: Worker) -> None:
        """A receiver that takes what comes from now on."""
        context = self.contexts[receiver.name] = self.compose(receiver)
        self.receiver, self.receiver_config = (
            receiver,
            Receiver(context, context.db, receivers(ACCOUNT), lambda *_: None),
        )

    async def wake(self, job: str, *arguments: str, once: bool = False) -> None:
        """The wake-up: who answers it, and when, is chosen later."""
        self.woken.append((job, *arguments))

    def _observe(self, label: str, args: tuple[Any, ...], result: Any) -> None:
        if label == "objects.fences":
            self.savvycal.take_fences(JOB.get(), len(result))
        if label == "deliveries.record" and result:
            self._recorded[args[2]] = self.scheduler.point_count
        if label == "work_queue.postpone" and " ended with " in str(args[5]):
            self.crashes.append(f"{args[1]} of {args[2]} {args[3]}: {args[5]}")
        if label == "work_queue.claim":
            reads = [row for row in result if row["job"] == "object"]
            self.claims += [Claim(row["kind"], row["key"], row["fence"], str(args[2])) for row in reads]
        if label == "scans.begin" and result is not None:
            *_, start, until, _split = args
            last = None if until in {None, windows.FAR} else until - windows.PAD
            self.bounds.append({"id": result["run_id"], "from": start + windows.PAD if start else None, "until": last})

    # -- jobs ----------------------------------------------------------------------------------------------------------

    def run_job(self, worker: Worker, name: str, body: Body) -> None:
        """Starts a job on a worker, as its queue would."""
        self._job_numbers += 1
        job = Job(self._job_numbers, name, worker)
        worker.jobs.append(job)
        job.task = asyncio.get_running_loop().create_task(self._run(job, body))

    async def _run(self, job: Job, body: Body) -> None:
        JOB.set(job)
        try:
            await body(self.contexts[job.worker.name])
        except (SavvycalSyncError, asyncio.CancelledError, Killed):
            # the work queue holds the work
            pass
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - whatever it is, the checker wants to know
            if not job.worker.is_dead and not _is_only(error, (asyncio.CancelledError, Killed)):
                self.crashes.append(f"{job.name} ended with {error!r}")
        finally:
            job.worker.jobs.remove(job)

    def start_job(self, worker: Worker, name: str, *arguments: str) -> None:
        """Starts one of the work queue's jobs."""
        function = jobs.WORK_JOBS[name]
        self.run_job(worker, name, lambda context: function(jobs.arguments_of(context), *arguments))

    async def mark(self, kind: Kind, object_id: str, priority: int = Priority.USER) -> None:
        """Somebody requests a read of an object."""

        async def ask(context: SyncContext) -> bool:
            async with context.db.connection() as connection:
                await work_queue.request(connection, ACCOUNT, kind, object_id, priority, "resync")
            self.marks.append(Mark(self.scheduler.point_count, kind.value, object_id))
            await self.wake("work")
            return True

        await self._insist(f"request {object_id}", ask)

    async def deliver(self, webhook_event: WebhookEvent) -> None:
        """SavvyCal sends a webhook once; what is not acknowledged goes to `unanswered`."""
        product = Product(webhook_event.product)
        body = encode_envelope(webhook_event, self.world.options, self.world.damaged)
        posted: Any = Posted(product, body)

        async def take(_context: SyncContext) -> None:
            outcome, receiver_config = None, self.receiver_config
            try:
                answer = await receiver_config.answer(posted)
                outcome = answer.text if answer.status == Outcome.ACCEPTED.status else None
            finally:
                self._answered(webhook_event, outcome)
            wanted_jobs, receiver_config._jobs = (
                sorted(receiver_config._jobs),
                set(),
            )  # as the receiver's own task would, without its pause
            for job in wanted_jobs:
                await self.wake(*job)

        self.run_job(self.receiver, f"webhook {webhook_event.type}", take)
        await self.scheduler.settle()

    def _answered(self, webhook_event: WebhookEvent, outcome: str | None) -> None:
        """Once it is acknowledged, what it names must be read after the moment at which it was stored."""
        if outcome is None:
            self.unanswered(webhook_event)
            return
        self.acknowledged.add(webhook_event.id)
        hint = webhooks.parse(
            Product(webhook_event.product), encode_envelope(webhook_event, self.world.options, self.world.damaged)
        ).hint
        if hint.id is not None and hint.kind in {Kind.EVENT, Kind.APPOINTMENT}:
            now = self.scheduler.point_count
            step = now if outcome == Outcome.ACCEPTED.text else self._recorded.get(webhook_event.id, now)
            self.marks.append(Mark(step, Kind(hint.kind).value, hint.id))

    async def _insist(self, name: str, attempt: Callable[[SyncContext], Awaitable[bool]]) -> None:
        """Whoever asks tries again until it was taken."""

        async def body(context: SyncContext) -> None:
            is_taken = False
            while not is_taken:
                try:
                    is_taken = await attempt(context)
                except SavvycalSyncError:
                    await self.scheduler.sleep(1)

        self.run_job(self.people, name, body)
        await self.scheduler.settle()

    # -- moves ---------------------------------------------------------------------------------------------------------

    async def grant(self, point: Point, fault: Fault | None) -> None:
        """Grants a point, and replaces the worker that it took down."""
        if fault is not None:
            self.fired[fault.name] = self.fired.get(fault.name, 0) + 1
        await self.scheduler.grant(point, fault)
        self._replace_the_dead()

    def _replace_the_dead(self) -> None:
        for dead in [worker for worker in self.workers if worker.is_dead]:
            fresh = self._successor(dead)
            self.workers[self.workers.index(dead)] = fresh
            self.contexts[fresh.name] = self.compose(fresh)
            self.contexts[fresh.name].windows = self.contexts[dead.name].windows
        if self.receiver.is_dead:
            self.open_receiver(self._successor(self.receiver))
        if self.people.is_dead:
            self.people = self._successor(self.people)
            self.contexts[self.people.name] = self.compose(self.people)

    def _successor(self, worker: Worker) -> Worker:
        self._deaths += 1
        return Worker(
            f"{worker.name.split('.')[0]}.{self._deaths}",
            clock_ahead_seconds=worker.clock_ahead_seconds,
            clock_jumps_at=worker.clock_jumps_at,
        )

    async def shut_receiver(self, in_order: bool) -> None:
        """The receiver stops while it takes deliveries: it ends them and goes (in order), or is killed."""
        leaving = self.receiver
        self.open_receiver(self._successor(leaving))
        if not in_order:
            await self.scheduler.kill(leaving)
        for job in list(leaving.jobs):
            if job.task is not None:
                job.task.cancel()
        await self.scheduler.settle()

    async def move_time(self, seconds: float) -> None:
        """Moves the scheduler's clock and the world with it."""
        await self.scheduler.advance(seconds)
        self._replace_the_dead()
        self.world.advance(max(0.0, self.scheduler.now - self.world.now))
        self.scheduler.note(f"time, {len(self.world.webhook_events)} webhook events")

    async def round(self) -> None:
        """Runs the schedule once, and all jobs it leads to, to their end."""
        self.start_job(self.workers[0], "schedule")
        await self.drain()
        while self.woken:
            job = self.woken.pop(0)
            self.start_job(self.workers[len(self.woken) % len(self.workers)], *job)
            await self.drain()

    async def drain(self) -> None:
        """Grants everything that waits, until nothing does."""
        await self.scheduler.settle()
        while points := self.scheduler.open_points():
            await self.grant(points[0], self.plan.get(self.scheduler.point_count + 1))


def _is_only(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_is_only(inner, kinds) for inner in error.exceptions)
    return isinstance(error, kinds)

"""The simulation: one integer decides which call goes next, which one fails, what changes, and how time moves."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from random import Random

from tests.campaigns.simulation.mode import PAGE_SIZE, STARTED_AT, FaultPlan, Mode, windows_of
from tests.campaigns.simulation.scheduler import Fault, Job, Point, Worker
from tests.campaigns.simulation.store import Lines
from tests.campaigns.simulation.webhook_transport import DAY, HOUR, WebhookTransport
from tests.campaigns.simulation.workers import ACCOUNT, Workers
from tests.campaigns.simulation.world_changes import WorldChanges, kind_of
from worker import jobs
from worker.core.model import Kind, Product
from worker.simulator.formats import iso
from worker.sync import requests
from worker.sync.context import SyncContext

JOBS_OF_A_WORKER = 3
SCHEDULE_SECONDS = jobs.SCHEDULE_SECONDS
TIME_STEPS = (0.2, 0.5, 1, 2, 3, 5, 8, 20)
PAUSES = (20, 50, 70, 130)
STALLS = (3, 10, 25)
BAG_SECONDS = 600
"""Late webhooks arrive together with those of the next ten minutes."""

STALLED_WITH_CHANGES = 0.2
"""Of answers of SavvyCal: the job that has one falls behind, and what it knows grows old."""

ASKED_AT_ONCE = 0.3
"""Of changes: somebody asks for the object while others may still be on their way with how it was."""

IDLE_IN_TRANSACTION_SECONDS = 30
LONG_STEPS = (70, 70, 300, HOUR, 4 * HOUR, DAY)
Move = Callable[[], Awaitable[None]]


class Simulation(Workers):
    """Workers under the faults and changes that a seed draws."""

    def __init__(self, seed: int, mode: Mode, lines: Lines, fault_plan: FaultPlan, worker_count: int = 2) -> None:
        super().__init__(seed, mode, lines, worker_count)
        self.fault_plan = fault_plan
        self.chance = Random(f"{seed}:{mode}")
        self.world_changes = WorldChanges(self.world, lines, self.scheduler, self.chance, mode, fault_plan)
        self.savvycal.draw_fault = self.world_changes.draw_fault
        self.transport = WebhookTransport(seed, mode, self.scheduler, self.fired)
        self.unanswered = self.transport.again
        self._scheduled_at = 0.0
        self._is_long, self._is_mean = self.chance.random() < 0.5, self.chance.random() < 0.5
        """Whether time may jump by hours, and whether reads under way are superseded on purpose: each in half of the
        seeds, because what shows one bug may hide another."""

        self._has_webhooks = mode in {Mode.ALL, Mode.WEBHOOK}
        if self._has_webhooks:
            self.world.listeners.append(self.transport.accept)

    async def wake(self, job: str, *arguments: str, once: bool = False) -> None:
        """The wake-up, which may get lost."""
        if self.world_changes.is_calm or self.chance.random() >= self.fault_plan.lost_wakeups:
            await super().wake(job, *arguments)

    async def run_steps(self) -> None:
        """Faults, changes, webhooks and time, in the order the seed wants."""
        if self.mode is Mode.WATCH:
            await self._load_in_calm()
        for _ in range(self.fault_plan.steps):
            await self._step()

    async def _load_in_calm(self) -> None:
        """One scan of everything; after that no window is due again."""
        for _ in range(3):
            self.world.book_appointment()
            soon = iso(STARTED_AT + 900 * self.chance.randrange(1, 9))  # read many times until it has settled
            self.world.book_event(state="confirmed", start_at=soon)
        self.world_changes.is_calm = True
        while await self.lines.monitor.fetchval("select count(*) from savvycal.coverage where complete_as_of is null"):
            await self.round()
        self.world_changes.is_calm = False
        for context in self.contexts.values():
            context.windows = windows_of(self.mode, 10_000)
        await self.lines.monitor.execute("update savvycal.coverage set next_due_at = next_due_at + interval '1 year'")

    async def _step(self) -> None:
        is_schedule_due = self.scheduler.now - self._scheduled_at >= SCHEDULE_SECONDS and bool(self._free())
        moves: list[tuple[float, Move]] = [
            (6.0 if self.scheduler.open_points() else 0.0, self._grant_one),
            (0.7, self._advance_time),
            (0.35 if self.mode is not Mode.WATCH else 0.0, self._change),
            (0.5 if is_schedule_due else 0.0, self._run_schedule),
            (2.0 if self.woken else 0.0, self._answer_wakeup),
            (1.0 if self.transport.due() else 0.0, self._webhook),
            (0.06 if self._has_webhooks else 0.0, self._stranger),
            (0.3 if self.receiver.jobs else 0.0, self._shut_receiver),
            (
                0.03 if self._is_long and (self._has_webhooks or self.mode is Mode.SCAN) else 0.0,
                self._advance_far,
            ),
            (0.08 if self.mode is not Mode.WATCH else 0.0, self._request),
            (0.05, self._pause),
            (0.3, self._stall),
        ]
        await self.chance.choices([move for _, move in moves], [weight for weight, _ in moves])[0]()

    async def _grant_one(self) -> None:
        point = self.chance.choice(self.scheduler.open_points())
        is_list = point.label == "fetch meetings /events"
        share = STALLED_WITH_CHANGES * (3 if is_list else 1)
        is_superseded = self._is_mean and point.label.startswith("fetch") and self.chance.random() < share
        await self.grant(point, self._fault_at(point))
        if is_superseded:
            self._hold_up(point.job)
            await self._supersede()

    async def _supersede(self) -> None:
        """An event that a list has just shown changes, and somebody asks for it: that read is to win."""
        shown = [one.id for one in self.savvycal.served[-PAGE_SIZE:] if one.how == "list" and one.kind == "event"]
        if changed := self.world_changes.edit_one_of(sorted({name for name in shown if name})):
            await self.mark(Kind.EVENT, changed)

    def _fault_at(self, point: Point) -> Fault | None:
        if self.chance.random() >= self.fault_plan.fault_share:
            return None
        fault = self.chance.choice(list(Fault))
        return fault if point.worker is not self.people else self.chance.choice((Fault.BEFORE, Fault.AFTER))

    async def _advance_time(self) -> None:
        await self.move_time(self.chance.choice(TIME_STEPS))

    async def _advance_far(self) -> None:
        """Nothing runs for minutes or hours: leases lapse, and what was sent meanwhile arrives late."""
        seconds = self.chance.choice(LONG_STEPS)
        if seconds >= HOUR:
            self.fired["HOURS"] = self.fired.get("HOURS", 0) + 1
        await self.move_time(seconds)

    async def _change(self) -> None:
        self.world_changes.change()
        last = self.world_changes.last
        if (
            last is not None
            and self._is_mean
            and self.mode is not Mode.WEBHOOK
            and self.chance.random() < ASKED_AT_ONCE
        ):
            await self.mark(Kind(kind_of(last)), last)

    def _free(self) -> list[Worker]:
        return [w for w in self.workers if w.paused_until <= self.scheduler.now and len(w.jobs) < JOBS_OF_A_WORKER]

    async def _run_schedule(self) -> None:
        self._scheduled_at = self.scheduler.now
        self.start_job(self.chance.choice(self._free()), "schedule")
        await self.scheduler.settle()

    async def _answer_wakeup(self) -> None:
        job = self.woken.pop(self.chance.randrange(len(self.woken)))
        if free := self._free():
            self.start_job(self.chance.choice(free), *job)
        await self.scheduler.settle()

    async def _pause(self) -> None:
        """SIGSTOP: nothing of a worker moves, its leases lapse, and Postgres ends its idle transactions."""
        worker, seconds = self.chance.choice(self.workers), self.chance.choice(PAUSES)
        if not worker.jobs:
            return
        worker.paused_until = self.scheduler.now + seconds
        self.fired["PAUSE"] = self.fired.get("PAUSE", 0) + 1
        self.scheduler.note(f"{worker.name} is paused")
        if seconds > IDLE_IN_TRANSACTION_SECONDS:
            await self.lines.cut_idle(worker)
        await self.scheduler.settle()

    async def _stall(self) -> None:
        """One job falls behind the others: what it read is old when it writes."""
        jobs_here = sorted({point.job.number: point.job for point in self.scheduler.open_points()}.items())
        if jobs_here:
            self._hold_up(self.chance.choice(jobs_here)[1])

    def _hold_up(self, job: Job) -> None:
        job.stalled_until = self.scheduler.now + self.chance.choice(STALLS)
        self.fired["STALL"] = self.fired.get("STALL", 0) + 1

    async def _webhook(self) -> None:
        await self.deliver(self.transport.take())

    async def _stranger(self) -> None:
        self.transport.tell_of_a_stranger()

    async def _shut_receiver(self) -> None:
        in_order = self.chance.random() < 0.5
        name = "WEBHOOK AT A CLOSING RECEIVER" if in_order else "WEBHOOK AT A DYING RECEIVER"
        self.fired[name] = self.fired.get(name, 0) + 1
        self.scheduler.note(name)
        await self.shut_receiver(in_order)

    async def _request(self) -> None:
        """A person asks: for an object, a range, or everything."""
        product, wish = self.chance.choice(list(Product)), self.chance.random()
        ids = sorted(self.world.collections[product.kind.value].records)
        if ids and (wish < 0.7 or self.mode in {Mode.WEBHOOK, Mode.POLL}):
            await self.mark(product.kind, self.chance.choice(ids))
        elif self.mode is Mode.ALL and self._free():
            await self._ask_for_many(product, wish < 0.9)

    async def _ask_for_many(self, product: Product, is_range: bool) -> None:
        first = date.fromtimestamp(STARTED_AT)
        last = first + timedelta(days=20)

        async def ask(context: SyncContext) -> object:
            if is_range:
                return await requests.resync_window(context, product, first.isoformat(), last.isoformat(), ACCOUNT)
            return await requests.resync_all(context, product, ACCOUNT)

        self.run_job(self.chance.choice(self._free()), "request", ask)
        await self.scheduler.settle()

    # -- the end of it -------------------------------------------------------------------------------------------------

    def be_calm(self) -> None:
        """Ends all faults; paused workers go on."""
        self.world_changes.is_calm = True
        self.world_changes.heal()
        self.scheduler.note("quiescence")
        for worker in self.workers:
            worker.paused_until = 0
        for point in self.scheduler.waiting:
            point.job.stalled_until = 0

    async def deliver_all(self) -> None:
        """Delivers every webhook that is still under way, however late; workers do the work that is due in between."""
        while self.transport.under_way:
            if not self.transport.due():
                await self.round()
                await self.move_time(max(0.0, self.transport.next_due() - self.scheduler.now) + BAG_SECONDS)
            await self.deliver(self.transport.take())
            await self.drain()

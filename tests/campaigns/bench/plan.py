"""What is run, in which order. Contestants take turns inside each run, so that all meet the same machine."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.campaigns.bench import daemon, pages, webhook
from tests.campaigns.bench.measure import Harness, Postgres, control, savvycal
from tests.campaigns.bench.results import PEERS, SCENARIOS, Results
from tests.support.servers import temporary_directory

MIRROR = "scan/meetings/all/default"


@dataclass(frozen=True)
class Size:
    """How much of everything: objects, runs for medians, seconds."""

    compared: int
    runs: int
    large: int
    """Events of one more comparison, with as many peers as there is time for; 0: none."""
    memory: tuple[int, ...]
    appointments: int
    account_events: int
    workers: tuple[int, ...]
    upcoming: int
    daemon_events: int
    idle_seconds: float
    deliveries: int
    pages: int


FULL = Size(10_000, 3, 100_000, (10_000, 100_000, 300_000), 10_000, 10_000, (1, 2, 4), 5_000, 10_000, 30, 200, 1_000)
QUICK = Size(1_000, 1, 0, (), 500, 250, (1, 2), 1_000, 500, 3, 20, 100)


@dataclass
class Plan:
    """One run of `make bench`."""

    size: Size
    postgres: Postgres
    results: Results
    deadline: float

    def run(self, only: str) -> None:
        """Everything, or the part that `only` names; the parts that can be left out come last."""
        parts: dict[str, Callable[[], None]] = {
            "compare": self.compare,
            "appointments": self.appointments,
            "workers": self.workers,
            "requests": self.requests,
            "daemon": self.daemon,
            "pages": self.pages,
            "memory": self.memory,
            "large": self.large,
        }
        for name, part in parts.items():
            if only in {"", name}:
                part()

    def compare(self) -> None:
        """Side by side; half of the time at most, one run in any case."""
        began, events = time.monotonic(), self.size.compared
        for number in range(self.size.runs):
            per_run = (time.monotonic() - began) / max(number, 1)
            if number and time.monotonic() + per_run > began + (self.deadline - began) / 2:
                self.results.leave_out(f"run {number + 1} of the comparison of {events:,} Events")
                continue
            for harness in self._steps(events):
                self._compare(harness, events, (*PEERS, "product") if number % 2 else ("product", *PEERS))

    def large(self) -> None:
        """With more Events, one run: beside all peers, the fastest, or none, as time allows."""
        events = self.size.large
        if not events:
            return
        for peers in (PEERS, PEERS[:1], ()):
            seconds = self.results.run_seconds(("product", *peers), self.size.compared) * events / self.size.compared
            if not peers or time.monotonic() + seconds < self.deadline:
                for harness in self._steps(events):
                    self._compare(harness, events, ("product", *peers))
                return
            self.results.leave_out(f"{peers[-1]} with {events:,} Events")

    def _compare(self, harness: Harness, events: int, order: tuple[str, ...]) -> None:
        """One run: backfill, the same again, and again after one in a hundred has changed."""
        self._limits(harness, events, "iteration", "fetch", "hash")
        for name in order:
            harness.postgres.fresh(f"bench_{name}")
        for scenario in SCENARIOS:
            if scenario == "changed":
                control(harness.api_url, "change")
            for name in order:
                self.results.note(scenario, name, events, harness.contest(name, MIRROR, f"bench_{name}"))
                harness.postgres.ask("vacuum analyze", f"bench_{name}")
            if scenario == "load":
                self._limits(harness, events, "copy", "rows", "encoded")

    def _limits(self, harness: Harness, events: int, name: str, *phases: str) -> None:
        for phase in phases:
            harness.postgres.fresh(f"bench_{name}")
            self.results.note("limits", f"{name} {phase}", events, harness.contest(name, phase, f"bench_{name}"))

    def memory(self) -> None:
        """The mirror alone, with more and more Events."""
        for events in self.size.memory:
            seconds = self.results.run_seconds(("product",), self.size.compared) * events / self.size.compared
            if time.monotonic() + seconds > self.deadline:
                self.results.leave_out(f"memory with {events:,} Events")
                continue
            for harness in self._steps(events):
                self.postgres.fresh("bench_memory")
                for scenario in SCENARIOS[:2]:
                    measured = harness.contest("product", MIRROR, "bench_memory")
                    self.results.note(f"memory {scenario}", "product", events, measured)

    def appointments(self) -> None:
        """The other product, alone."""
        for harness in self._steps(0, self.size.appointments):
            self.postgres.fresh("bench_appointments")
            for scenario in SCENARIOS:
                if scenario == "changed":
                    control(harness.api_url, "change")
                measured = harness.contest("product", "scan/appointments/all/default", "bench_appointments")
                self.results.note(f"appts {scenario}", "product", self.size.appointments, measured)

    def workers(self) -> None:
        """Four accounts that have never been read, and some processes that share them by claiming."""
        accounts = "one,two,three,four"
        for harness in self._steps(self.size.account_events):
            for count in self.size.workers:
                self.postgres.fresh("bench_workers")
                harness.contest("product", f"open/meetings/all/{accounts}", "bench_workers")
                measured = harness.contest("product", f"work/meetings/all/{accounts}", "bench_workers", count)
                self.results.note(f"workers {count}", "product", 4 * self.size.account_events, measured)

    def requests(self) -> None:
        """Requests of one quiet scan of each window, with that many events in the next 30 days."""
        for harness in self._steps(self.size.upcoming, ahead_only=True):
            self.postgres.fresh("bench_requests")
            harness.contest("product", MIRROR, "bench_requests")
            for window in ("near", "month", "later", "all"):
                measured = harness.contest("product", f"scan/meetings/{window}/default", "bench_requests")
                self.results.note(f"scan {window}", "product", self.size.upcoming, measured)

    def daemon(self) -> None:
        """The daemon with everything read: what it costs idle, and how soon a webhook's change is in the tables."""
        events = self.size.daemon_events
        for harness in self._steps(events, events // 10):
            with daemon.settled(harness, "bench_daemon") as running:
                self.results.note("idle", "product", events, running.idle(harness, self.size.idle_seconds))
                measured = webhook.measure(harness, running, "bench_daemon", self.size.deliveries)
                self.results.note("webhook", "product", events, measured)

    def pages(self) -> None:
        """Pages split into records, without any server: what damage costs, and that its absence costs nothing."""
        for name, one in pages.measured(self.size.pages):
            self.results.note(f"pages {name}", "product", self.size.pages * pages.RECORDS, one)

    def _steps(self, events: int, appointments: int = 0, ahead_only: bool = False) -> Iterator[Harness]:
        with temporary_directory() as scratch, savvycal(events, appointments, ahead_only) as api_url:
            yield Harness(self.postgres, api_url, Path(scratch))

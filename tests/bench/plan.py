"""What is run, in which order. Contestants take turns inside each run, so that all meet the same machine."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import idle, webhook
from tests.bench.measure import Measured, Postgres, Stage, control, savvycal
from tests.servers import temporary_directory

MIRROR = "sweep/meetings/all/default"
NAMES = {
    "product": "savvycal-sync",
    "walk fetch": "raw fetch",
    "walk hash": "raw fetch, split, hash",
    "copy rows": "plain COPY of the same rows",
    "copy encoded": "the same, encoded beforehand",
    "upsert": "upserts, five at a time, event row alone",
    "dlt_merge": "dlt, merge by id",
}
PEERS = ("upsert", "dlt_merge")


@dataclass(frozen=True)
class Size:
    """How much of everything. Counts of runs are for medians."""

    compared: tuple[tuple[int, int, tuple[str, ...]], ...]
    """(events, runs, peers) of each side-by-side comparison."""
    memory: tuple[int, ...]
    appointments: int
    account_events: int
    upcoming: int
    idle_events: int
    idle_seconds: float
    deliveries: int


FULL = Size(
    ((10_000, 3, PEERS), (100_000, 1, PEERS)), (10_000, 100_000, 300_000), 10_000, 10_000, 5_000, 10_000, 30, 200
)
QUICK = Size(((2_000, 1, PEERS),), (3_000,), 1_000, 500, 5_000, 1_000, 5, 20)


class Results(list[Measured]):
    """All measurements, one line printed for each as it comes."""

    def note(self, scenario: str, contestant: str, objects: int, measured: Measured) -> None:
        """Keeps one."""
        self.append({"scenario": scenario, "contestant": contestant, "objects": objects, **measured})
        seconds, cpu = measured.get("seconds", 0.0), measured.get("cpu_seconds", 0.0)
        rate = f"{objects / seconds:9,.0f}/s" if seconds else " " * 11
        sys.stderr.write(f"{scenario:>12} {objects:>7,} {contestant:<42} {seconds:8.2f} s {rate}  cpu {cpu:6.2f} s\n")


def run(size: Size, postgres: Postgres, only: str) -> Results:
    """Everything, or what `only` names."""
    results = Results()
    parts: dict[str, Callable[[], None]] = {
        "compare": lambda: _compare_all(size, postgres, results),
        "memory": lambda: _memory(size, postgres, results),
        "appointments": lambda: _appointments(size, postgres, results),
        "workers": lambda: _workers(size, postgres, results),
        "requests": lambda: _requests(size, postgres, results),
        "idle": lambda: _idle(size, postgres, results),
        "webhook": lambda: _webhook(size, postgres, results),
    }
    for name, part in parts.items():
        if only in {"", name}:
            part()
    return results


def _stages(postgres: Postgres, events: int, appointments: int = 0, ahead_only: bool = False) -> Iterator[Stage]:
    with temporary_directory() as scratch, savvycal(events, appointments, ahead_only) as api_url:
        yield Stage(postgres, api_url, Path(scratch))


def _compare_all(size: Size, postgres: Postgres, results: Results) -> None:
    for events, runs, peers in size.compared:
        for number in range(runs):
            for stage in _stages(postgres, events):
                _compare(stage, events, (*peers, "product") if number % 2 else ("product", *peers), results)


def _compare(stage: Stage, events: int, order: tuple[str, ...], results: Results) -> None:
    """One run: first load, the same again, and again after one in a hundred has changed."""
    for phase in ("fetch", "hash"):
        stage.postgres.fresh("bench_walk")
        results.note("limits", NAMES[f"walk {phase}"], events, stage.contest("walk", phase, "bench_walk"))
    for name in order:
        stage.postgres.fresh(f"bench_{name}")
    for scenario in ("load", "unchanged", "changed"):
        if scenario == "changed":
            control(stage.api_url, "change")
        for name in order:
            results.note(scenario, NAMES[name], events, stage.contest(name, MIRROR, f"bench_{name}"))
            stage.postgres.ask("vacuum analyze", f"bench_{name}")
        if scenario == "load":
            for phase in ("rows", "encoded"):
                stage.postgres.fresh("bench_copy")
                results.note("limits", NAMES[f"copy {phase}"], events, stage.contest("copy", phase, "bench_copy"))


def _memory(size: Size, postgres: Postgres, results: Results) -> None:
    for events in size.memory:
        for stage in _stages(postgres, events):
            postgres.fresh("bench_memory")
            for scenario in ("load", "unchanged"):
                measured = stage.contest("product", MIRROR, "bench_memory")
                results.note(f"memory {scenario}", NAMES["product"], events, measured)


def _appointments(size: Size, postgres: Postgres, results: Results) -> None:
    for stage in _stages(postgres, 0, size.appointments):
        postgres.fresh("bench_appointments")
        for scenario in ("load", "unchanged", "changed"):
            if scenario == "changed":
                control(stage.api_url, "change")
            measured = stage.contest("product", "sweep/appointments/all/default", "bench_appointments")
            results.note(f"appts {scenario}", NAMES["product"], size.appointments, measured)


def _workers(size: Size, postgres: Postgres, results: Results) -> None:
    """Four accounts that have never been read, and one, two or four processes that share them by claiming."""
    accounts = "one,two,three,four"
    for stage in _stages(postgres, size.account_events):
        for count in (1, 2, 4):
            postgres.fresh("bench_workers")
            stage.contest("product", f"open/meetings/all/{accounts}", "bench_workers")
            measured = stage.contest("product", f"work/meetings/all/{accounts}", "bench_workers", count)
            results.note(f"workers {count}", NAMES["product"], 4 * size.account_events, measured)


def _requests(size: Size, postgres: Postgres, results: Results) -> None:
    """Requests of one quiet sweep of each window, with that many events in the next 30 days."""
    for stage in _stages(postgres, size.upcoming, ahead_only=True):
        postgres.fresh("bench_requests")
        stage.contest("product", MIRROR, "bench_requests")
        for window in ("near", "month", "later", "all"):
            measured = stage.contest("product", f"sweep/meetings/{window}/default", "bench_requests")
            results.note(f"sweep {window}", NAMES["product"], size.upcoming, measured)


def _idle(size: Size, postgres: Postgres, results: Results) -> None:
    """The daemon with everything read and nothing to do."""
    for stage in _stages(postgres, size.idle_events, size.idle_events // 10):
        began = time.monotonic()
        measured = idle.measure(stage, "bench_idle", size.idle_seconds)
        measured["seconds"] = time.monotonic() - began
        results.note("idle", NAMES["product"], size.idle_events, measured)


def _webhook(size: Size, postgres: Postgres, results: Results) -> None:
    """Single changes, each from its delivery to the row."""
    for stage in _stages(postgres, size.idle_events):
        began = time.monotonic()
        measured = webhook.measure(stage, "bench_webhook", size.deliveries)
        measured["seconds"] = time.monotonic() - began
        results.note("webhook", NAMES["product"], size.idle_events, measured)

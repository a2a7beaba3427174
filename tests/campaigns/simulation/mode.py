"""Which repair layers are on, how bad the fault plan is, and the time all of it happens in."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Any

from tests.campaigns.simulation.damaged import drawn
from tests.campaigns.simulation.scheduler import JOB, Scheduler
from worker.core import delete_guard, schedule, windows
from worker.core.windows import Window
from worker.savvycal import appointment_requests, circuit_breaker, client, event_requests, rate_limit
from worker.simulator import Options
from worker.store import clock
from worker.sync import lane, loop, scan
from worker.web import receiver

STARTED_AT = 1_795_221_900
"""2026-11-21T00:45:00Z."""

PAGE_SIZE, BATCH, SCANS, MISSING_MIN = 3, 4, 1, 4
"""Small, so that a small world has pages, batches and a delete guard. One scan in a job at a time: two of them may wait
for each other's rows, and who is let in first is decided in real time.
"""


class Mode(StrEnum):
    """Which repair layers are on. The work queue itself, worked off at each run of the schedule, is under all of
    them."""

    ALL = "all"
    WEBHOOK = "webhook"
    """Requests as a webhook makes them, at least one for each change; no scans, no watching."""
    POLL = "poll"
    """The windows around now; no webhooks, no watching, no scan over everything."""
    SCAN = "scan"
    """The scan over everything, and nothing else."""
    WATCH = "watch"
    """One scan to begin with, then reads by id until each meeting has settled."""


@dataclass(frozen=True)
class FaultPlan:
    """How bad the simulation is."""

    steps: int = 450
    fault_share: float = 0.07
    """Of I/O points."""
    upstream_fault_share: float = 0.2
    """Of answers of SavvyCal; of lists twice as many."""
    lost_wakeups: float = 0.3


CALM = FaultPlan(steps=0, fault_share=0, upstream_fault_share=0, lost_wakeups=0)


def windows_of(mode: Mode, factor: int = 1) -> tuple[Window, ...]:
    """The standing windows that are on; `factor` stretches their interval."""
    every = [timedelta(seconds=seconds * factor) for seconds in (15, 25, 40, 60)]
    found = windows.standing(*every)
    kept = {Mode.ALL: found, Mode.POLL: tuple(w for w in found if w.name != "all"), Mode.WEBHOOK: ()}
    return kept.get(mode, tuple(w for w in found if w.name == "all"))


class VirtualTime:
    """Stands where the workers' modules have `datetime`, `time` and `asyncio.sleep`."""

    scheduler: Scheduler

    @classmethod
    def now(cls, zone: Any = None) -> datetime:
        job = JOB.get(None)
        is_wrong = job is not None and cls.scheduler.now >= job.worker.clock_jumps_at
        return datetime.fromtimestamp(
            cls.scheduler.now + (job.worker.clock_ahead_seconds if job and is_wrong else 0), zone
        )

    @classmethod
    def monotonic(cls) -> float:
        return cls.scheduler.now

    @classmethod
    async def sleep(cls, seconds: float) -> None:
        await cls.scheduler.sleep(seconds)

    time = monotonic
    Lock = asyncio.Lock
    fromtimestamp = datetime.fromtimestamp
    fromisoformat = datetime.fromisoformat


@contextmanager
def patched(mode: Mode) -> Iterator[None]:
    """Virtual time, small pages and batches, and no watching where the mode says so."""
    package = import_module("worker.sync")
    modules = [import_module(f"worker.sync.{entry.name}") for entry in iter_modules(package.__path__)]
    modules += [rate_limit, circuit_breaker, client, clock]
    changes: list[tuple[Any, str, Any]] = [
        (module, name, VirtualTime) for module in modules for name in ("datetime", "time") if hasattr(module, name)
    ]
    changes.append((rate_limit, "asyncio", VirtualTime))
    changes += [(module, "PAGE_SIZE", PAGE_SIZE) for module in (event_requests, appointment_requests)]
    changes.append((loop, "OBJECTS_MAX", BATCH))
    changes += [(scan, "SCANS_MAX", SCANS), (lane, "SHARE_MIN", SCANS)]
    changes += [(delete_guard, "MISSING_MIN", MISSING_MIN), (receiver, "STORE_SECONDS", None)]  # no real time in here
    if mode not in {Mode.ALL, Mode.WATCH}:
        changes.append((schedule, "next_reconcile_at", lambda *_: None))
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


SWITCHES: tuple[dict[str, Any], ...] = (
    {},
    {"page_size_max": 3, "page_size_default": 3},
    {"page_size_max": 20, "limit_max": 20, "limit_out_of_range": "reject"},
    {"page_size_taken": False},
    {"order_taken": "none"},
    {"order_taken": "bare", "limit_reject_status": 400},
    {"order_honoured": False, "appointments_order_default": "asc"},
    {"far_until": "reject"},
    {"until_inclusive": False},
    {"from_until_time_zone": "Pacific/Kiritimati"},
    {"updated_at_bumps_on_meeting": False},
    {"unknown_fields": True},
)
"""Answers to the open points, drawn by every second seed, so that simulations run in other worlds, too. Worlds in which
a row holds more than any one answer (lists without meetings, words for no conferencing) are left to `make worlds`.
"""


def options_of(mode: Mode, seed: int) -> Options:
    """A small world that only moves as the simulation wants; where webhooks are alone, each change has one."""
    chosen: dict[str, Any] = {"events": 7, "appointments": 5, "late_conferencing": 0.4, "meeting_failure": 0.3}
    if mode is Mode.WEBHOOK:
        chosen |= {"events": 0, "appointments": 0, "conferencing_webhook": "event.changed"}
        chosen |= {"awaiting_reschedule_webhook": "event.changed", "tentative_webhook": "event.created"}
    if mode is Mode.WATCH:
        chosen |= {"events": 0, "appointments": 0, "late_conferencing": 1.0, "settle_seconds": (20.0, 90.0)}
    chosen |= Random(f"{seed}:switches").choice(SWITCHES) if seed % 2 else {}
    chosen |= {"damage": drawn(seed)}
    return Options(seed=seed, now=STARTED_AT, keep_history=True, bookings_per_minute=0, changes_per_minute=0, **chosen)

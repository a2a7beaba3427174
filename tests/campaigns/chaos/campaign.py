"""One campaign: everything is started, faults strike, all is healed, and then the tables must equal the source."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import asyncpg

from tests.campaigns.chaos import evidence
from tests.campaigns.chaos.asking import People
from tests.campaigns.chaos.evidence import Stored, Told
from tests.campaigns.chaos.faults import Kind, Lane, heal
from tests.campaigns.chaos.schedule import Stroke, draw
from tests.campaigns.chaos.site import DAEMONS, Site, Size
from tests.campaigns.simulation.checker import violations

FIRST_LOAD_SECONDS_MAX = 120
SETTLE_SECONDS_MAX = 150
"""For what SavvyCal itself has begun: conferencing that fails is tried again after up to 30 s, several times."""

EQUAL_SECONDS_MAX = 240
REST_SECONDS_MAX = 600
"""For reads that failed during the faults and wait up to some minutes for their next attempt."""

SUSPECTS_NOW = """
update savvycal.coverage set next_due_at = clock_timestamp() where next_due_at > clock_timestamp() + interval '1 min'
"""
"""A window whose scan was suspect waits five minutes; once the faults are over, that wait is cut short."""

PATIENCE_OVER = """
update savvycal._work set missing_since = missing_since - interval '10 min', due_at = clock_timestamp()
where missing_since > clock_timestamp() - interval '10 min' and lease_token is null
"""
"""What was announced and never found is asked for over ten minutes. Once the tables equal the source nothing else is
missing, and that wait is cut short, too."""

FAILING = (aiohttp.ClientError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""Errors that a fault itself may meet while others strike; they are noted, and the kind is tried again."""

TRIES_MAX, TRIES_APART_SECONDS = 4, 8.0
"""Nobody may be there to be struck: after an outage an account is asked once in 30 seconds."""


@dataclass
class Report:
    """What came of it."""

    seed: int
    struck: dict[str, int]
    fired: dict[str, int]
    violations: list[str]
    schedule: list[str]
    diary: list[str]
    facts: dict[str, object] = field(default_factory=dict)


Announce = Callable[[str], None]


class Campaign:
    """Faults, then quiescence, then the checks."""

    def __init__(self, site: Site, seed: int, kinds: Sequence[Kind], size: Size, announce: Announce) -> None:
        self.site, self.seed, self.kinds, self.size, self.announce = site, seed, kinds, size, announce
        self.people = People(site)
        self.facts: dict[str, object] = {}
        self.flaws: list[str] = []
        self._phase = "first load"
        self._left = 0.0

    async def run(self, seconds: float) -> Report:
        """All of it."""
        lanes = draw(self.seed, seconds, self.kinds)
        progress = asyncio.create_task(self._progress())
        try:
            await self._first_load()
            await self._strike_lanes(lanes, seconds)
            await self._quiesce()
        finally:
            progress.cancel()
        schedule = [f"{s.at:7.1f} s  {lane:9} {s.kind.name} ({s.seconds:.1f} s)" for lane in lanes for s in lanes[lane]]
        return Report(
            self.seed,
            dict(self.site.struck),
            dict(self.site.fired),
            self.flaws,
            sorted(schedule),
            self.site.diary,
            self.facts,
        )

    # -- faults --------------------------------------------------------------------------------------------------------

    async def _first_load(self) -> None:
        """Waits until half of the objects are stored: faults need something to spoil."""
        for daemon in self.site.daemons:
            daemon.supervise()
        ids = await self.site.savvycal.control("GET", "ids")
        there = sum(len(of_kind) for of_kind in ids.values())
        deadline = time.monotonic() + FIRST_LOAD_SECONDS_MAX
        connection = await self.site.servers.connect()
        count = "select (select count(*) from savvycal.events) + (select count(*) from savvycal.appointments)"
        try:
            while await connection.fetchval(count) < there / 2 and time.monotonic() < deadline:
                await asyncio.sleep(0.2)
        finally:
            await connection.close()
        self.site.began = time.monotonic()
        await self._pace(self.size.changes_per_second)

    async def _pace(self, per_second: float) -> int:
        told = await self.site.savvycal.control("POST", "churn", {"per_second": per_second})
        self.facts["source changes"] = told["changes"]
        return int(told["waiting"])

    async def _strike_lanes(self, lanes: dict[Lane, list[Stroke]], seconds: float) -> None:
        self._phase, self._left = "faults", time.monotonic() + seconds
        busy = [asyncio.create_task(work()) for work in (self.people.ask, self.people.delete)]
        async with asyncio.TaskGroup() as group:
            for strokes in lanes.values():
                group.create_task(self._lane(strokes, seconds))
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
        self.flaws += [f"campaign: {t.exception()!r}" for t in busy if not t.cancelled() and t.exception()]

    async def _lane(self, strokes: list[Stroke], seconds: float) -> None:
        """One after the other; a kind that took hold of nothing is tried again at the end."""
        for stroke in strokes:
            await asyncio.sleep(max(0.0, self.site.began + stroke.at - time.monotonic()))
            is_over = time.monotonic() - self.site.began > seconds
            if not is_over or not self.site.struck[stroke.kind.name]:
                await self._strike(stroke)
        for stroke in {stroke.kind.name: stroke for stroke in strokes}.values():
            for _ in range(TRIES_MAX):
                if not self.site.struck[stroke.kind.name]:
                    await asyncio.sleep(TRIES_APART_SECONDS)
                    await self._strike(stroke)

    async def _strike(self, stroke: Stroke) -> None:
        site, name = self.site, stroke.kind.name
        site.note(f"{name} for {stroke.seconds:.1f} s")
        site.fired[name] += 1
        try:
            count = await stroke.kind.strike(site, stroke.seconds)
        except FAILING as error:
            site.note(f"{name} could not be done: {type(error).__name__}")
            return
        site.struck[name] += count
        site.note(f"{name} over, {count} times")

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(15)
            done = sum(self.site.fired.values())
            up = sum(daemon.is_up for daemon in self.site.daemons)
            left = f", {max(0, self._left - time.monotonic()):.0f} s left" if self._phase == "faults" else ""
            self.announce(
                f"  {self._phase}{left}: {done} faults, {up} of {DAEMONS} daemons up, {len(self.people.asked)} asked"
            )

    # -- quiescence ----------------------------------------------------------------------------------------------------

    async def _quiesce(self) -> None:
        self._phase = "quiescence: waiting for SavvyCal to settle"
        self.site.note("quiescence")
        await heal(self.site)
        await self._settle()
        quiescent_since = datetime.now(UTC)
        told = Told.of(await self.site.savvycal.control("GET", "testimony"))
        connection = await self.site.servers.connect()
        try:
            differing = await self._equal(connection, told)
            work = await self._rest(connection, quiescent_since)
            told = Told.of(await self.site.savvycal.control("GET", "testimony"))
            await self._evaluate(connection, told, differing, work, quiescent_since)
        finally:
            await connection.close()

    async def _settle(self) -> None:
        """Nothing new; what has begun at SavvyCal comes to its end, and held-back webhooks arrive."""
        began = time.monotonic()
        while time.monotonic() - began < SETTLE_SECONDS_MAX:
            if await self._pace(0) == 0 and not self.site.transport.under_way:
                break
            await asyncio.sleep(0.5)
        self.facts["seconds until SavvyCal had settled"] = round(time.monotonic() - began)

    async def _equal(self, connection: "asyncpg.Connection[asyncpg.Record]", told: Told) -> list[tuple[str, str]]:
        source, stored, began = told.raw_hashes(), Stored(), time.monotonic()
        while differing := evidence.differing(source, await stored.raw_hashes(connection)):
            await connection.execute(SUSPECTS_NOW)
            self._phase = f"quiescence: {len(differing)} objects differ"
            if time.monotonic() - began > EQUAL_SECONDS_MAX:
                break
            await asyncio.sleep(1)
        self.facts["objects"] = len(source)
        self.facts["seconds until the tables equaled the source"] = round(time.monotonic() - began)
        return differing

    async def _rest(self, connection: "asyncpg.Connection[asyncpg.Record]", since: datetime) -> list[str]:
        began = time.monotonic()
        while work := await evidence.open_work(connection, since):
            self._phase = f"quiescence: {len(work)} open in the work queue"
            await connection.execute(PATIENCE_OVER)
            if time.monotonic() - began > REST_SECONDS_MAX:
                break
            await asyncio.sleep(1)
        self.facts["further seconds until the work queue was empty"] = round(time.monotonic() - began)
        return work

    async def _evaluate(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        told: Told,
        differing: list[tuple[str, str]],
        work: list[str],
        quiescent_since: datetime,
    ) -> None:
        site, transport = self.site, self.site.transport
        history, lost = await evidence.collect(
            connection,
            told,
            self.people.asked,
            site.forgotten,
            transport.acknowledged,
            quiescent_since,
        )
        self.flaws += [f"I1: {kind} {key} differs from the source" for kind, key in differing[:20]]
        self.flaws += [f"I4: still open: {what}" for what in work[:20]]
        self.flaws += violations(history)
        self.flaws += [flaw for daemon in site.daemons for flaw in daemon.flaws]
        if transport.accepted_forgeries:
            self.flaws.append(f"T1: {transport.accepted_forgeries} forged webhooks were accepted")
        self.flaws += [f"never took hold: {kind.name}" for kind in self.kinds if not site.struck[kind.name]]
        self.facts |= {
            "requests to SavvyCal": len(told.requests),
            "deleted at SavvyCal": len(self.people.deleted),
            "tombstones": sum(
                row["deleted_at"] is not None for t in ("events", "appointments") for row in history.tables[t]
            ),
            "transitions": len(history.tables["transitions"]),
            "versions": len(history.tables["snapshots"]),
            "resyncs acknowledged": len(self.people.asked),
            "resyncs in a queue that was emptied": lost,
            "webhooks acknowledged": len(transport.acknowledged),
            "starts of daemons": sum(daemon.starts for daemon in site.daemons),
            "starts refused in one line": sum(daemon.refused_starts for daemon in site.daemons),
        }

"""Figures for Prometheus: answers to the twelve questions of docs/operations.md.

Every label has a closed set of values; nothing a stranger sends becomes one. A scrape reads what was last known;
only the report of problems is renewed when it is older than some seconds. A figure that cannot be read has no row.

"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric

from worker import __version__, queue
from worker.cancellation import is_cancel_requested
from worker.core.kinds import PRODUCTS, Product
from worker.core.model import Via
from worker.core.problem_rules import is_late
from worker.core.problems import Cause
from worker.errors import SavvycalSyncError
from worker.settings import Address
from worker.store import figures
from worker.sync.context import Endpoint
from worker.sync.monitor import Monitor, Report
from worker.web.receiver import Outcome

WEBHOOK_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
REQUEST_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
STATUSES = ("2xx", "3xx", "4xx", "401", "404", "429", "5xx", "none")
JOBS, RESULTS = ("backfill", "poll", "resync", "audit"), ("running", "ok", "partial", "suspect", "failed")
READ_EVERY_SECONDS = 5.0


disable_created_metrics()  # type: ignore[no-untyped-call]  # they double the page; a counter that starts again is seen without them


def status_label(status: int | None) -> str:
    """One of STATUSES; `none`: there was no answer."""
    if status is None:
        return "none"
    return str(status) if str(status) in STATUSES else f"{min(5, max(2, status // 100))}xx"


def _gauge(name: str, help_: str, labels: str, rows: Iterable[tuple[Iterable[str], float]]) -> Metric:
    family = GaugeMetricFamily(f"savvycal_{name}", help_, labels=labels.split())
    for values, value in rows:
        family.add_metric(list(values), value)
    return family


class Metrics:
    """The registry of one process."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._rows: dict[str, figures.Rows] = {}
        self._read_at: dict[str, float] = {}
        self._queue_depths: dict[str, int] = {}
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "savvycal_webhook_requests", "Requests to the receiver.", ["product", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "savvycal_webhook_answer_seconds", "Time to the answer.", buckets=WEBHOOK_BUCKETS, registry=registry
        )
        self._asked = Counter(
            "savvycal_requests", "Requests to SavvyCal.", ["account", "product", "status"], registry=registry
        )
        self._asked_seconds = Histogram(
            "savvycal_request_seconds",
            "Time to SavvyCal's answer.",
            ["account", "product"],
            buckets=REQUEST_BUCKETS,
            registry=registry,
        )
        self._begin()
        registry.register(self)

    def _begin(self) -> None:
        """All series exist from the start, so that a first error is an increase and not a new series."""
        for product in (*PRODUCTS, "unknown"):
            for outcome in Outcome:
                self._requests.labels(product, outcome.name.lower())
        self._follow_accounts()

    def _follow_accounts(self) -> None:
        """Accounts come and go while the daemon runs: the requests of new ones are counted, too."""
        for (account, product), endpoint in self._endpoints():
            if endpoint.client.on_answer is None:
                for status in STATUSES:
                    self._asked.labels(account, product, status)
                self._asked_seconds.labels(account, product)
                endpoint.client.on_answer = partial(self._answered, account, product)

    def _answered(self, account: str, product: str, status: int | None, seconds: float) -> None:
        self._asked.labels(account, product, status_label(status)).inc()
        self._asked_seconds.labels(account, product).observe(seconds)

    @property
    def rows(self) -> Mapping[str, figures.Rows]:
        """The figures read last, by name."""
        return self._rows

    def count(self, product: str, outcome: Outcome, seconds: float) -> None:
        """One request to the receiver."""
        self._requests.labels(product, outcome.name.lower()).inc()
        self._seconds.observe(seconds)

    @asynccontextmanager
    async def reading(self, redis_url: Address | None) -> AsyncIterator[None]:
        """Reads the figures again and again for as long as the block lasts."""
        task = asyncio.create_task(self._read_on(redis_url))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task}, timeout=2.0)

    async def _read_on(self, redis_url: Address | None) -> None:
        while not is_cancel_requested():
            await self.read(redis_url)
            await asyncio.sleep(READ_EVERY_SECONDS)

    async def read(self, redis_url: Address | None = None) -> None:
        """Reads each figure whose pace is over."""
        self._follow_accounts()
        for name, pace in figures.PACES.items():
            if time.monotonic() - self._read_at.get(name, float("-inf")) >= pace:
                await self._read(name)
        if redis_url:
            self._queue_depths = await queue.depths(redis_url)

    async def _read(self, name: str) -> None:
        """What cannot be read is left out until it can: 0 would mean that all is well."""
        try:
            async with self._monitor.db.connection() as connection:
                self._rows[name] = await figures.read(connection, name, list(self._monitor.context.accounts))
        except SavvycalSyncError:
            self._rows.pop(name, None)
        self._read_at[name] = time.monotonic()

    async def show(self, _request: web.Request) -> web.Response:
        """The page."""
        await self._monitor.current()
        return web.Response(body=generate_latest(self.registry), content_type="text/plain", charset="utf-8")

    def collect(self) -> Iterator[Metric]:
        """What is known now; called by the registry for each scrape."""
        report = self._monitor.newest
        yield _gauge("build_info", "The running version.", "version", [((__version__,), 1)])
        yield _gauge("problem", "Problems that hold, by cause.", "cause", _problem_rows(report))
        yield from self._servers(report)
        yield from self._windows(report)
        yield from self._work_families()
        yield from self._rate_limits()
        yield from self._counts(report)

    def _servers(self, report: Report | None) -> Iterator[Metric]:
        down = {Cause.POSTGRES_DOWN: "postgres", Cause.REDIS_DOWN: "redis"}
        parts = [((part,), float(not (report and report.has(cause)))) for cause, part in down.items()]
        yield _gauge("up", "Whether a server answers.", "part", parts)
        failing = {
            (u.account, u.product) for u in (report.facts.upstreams if report and report.facts else ()) if u.cause
        }
        rows = [(key, float(key not in failing)) for key in self._products()]
        yield _gauge("upstream_up", "Whether SavvyCal answers and takes the token.", "account product", rows)
        stops = [(k, float(e.client.circuit.is_open)) for k, e in self._endpoints()]
        yield _gauge("circuit_open", "Whether this process sends nothing now.", "account product", stops)
        pools = [((state,), float(count)) for state, count in self._monitor.context.db.pool_sizes().items()]
        yield _gauge("pool_connections", "Connections of the workers' pool.", "state", pools)
        rows_ = [((name.removeprefix("savvycal:"),), float(count)) for name, count in self._queue_depths.items()]
        yield _gauge("queue_jobs", "Jobs that wait in Redis.", "queue", rows_)

    def _windows(self, report: Report | None) -> Iterator[Metric]:
        facts = report.facts if report else None
        windows, labels = facts.windows if facts else (), "account product window"
        names = {w: (w.account, w.product, _window_label(w.window_name)) for w in windows}
        ages = [
            (names[w], (facts.now - w.complete_as_of).total_seconds()) for w in windows if facts and w.complete_as_of
        ]
        yield _gauge("window_age_seconds", "Time since a window was complete.", labels, ages)
        targets = [(names[w], w.interval_seconds) for w in windows if w.interval_seconds]
        yield _gauge("window_interval_seconds", "How often a window is scanned.", labels, targets)
        late = [(names[w], float(bool(facts and is_late(w, facts.now)))) for w in windows]
        yield _gauge("window_late", "Whether a window is overdue and nobody scans it.", labels, late)
        paused = {(one.account, product) for one in (facts.paused if facts else ()) for product in one.products}
        rows = [(key, float(key in paused)) for key in self._products() if facts]
        yield _gauge("paused", "Whether a person paused a product.", "account product", rows)

    def _work_families(self) -> Iterator[Metric]:
        work = (self._rows.get("work") or [{}])[0]
        states = [((name,), float(work.get(name, 0))) for name in ("due", "in_progress", "dead_letter") if work]
        yield _gauge("work_items", "Work items by state.", "state", states)
        oldest = [((), float(work["oldest_due_seconds"]))] if work else []
        yield _gauge("work_oldest_due_seconds", "Age of the oldest due work item.", "", oldest)
        runs = {(r["account"], r["product"], r["job"], r["result"]): r for r in self._rows.get("runs", ())}
        products = self._products() if "runs" in self._rows else []
        keys = [(*key, job, result) for key in products for job in JOBS for result in RESULTS]
        labels = "account product job result"
        counts = [(key, float(runs[key]["runs"] if key in runs else 0)) for key in keys]
        yield _gauge("runs_last_hour", "Scans and audits of the last hour.", labels, counts)
        for column, text in (("rows_read", "Rows they read."), ("longest_seconds", "The longest of them.")):
            rows = [(key, float(runs[key][column] if key in runs else 0)) for key in keys]
            yield _gauge(f"runs_last_hour_{column}", text, labels, rows)
        differing = [
            (key, sum(float(r["rows_differing"]) for k, r in runs.items() if k[:2] == key)) for key in products
        ]
        yield _gauge("audit_differences_last_hour", "Rows that an audit found to differ.", "account product", differing)

    def _rate_limits(self) -> Iterator[Metric]:
        limits = {k: e.client.rate_limit for k, e in self._endpoints() if k[1] in PRODUCTS}
        for name, text, attribute in (
            ("used_ratio", "Share of the rate that this process used in the last minute.", "used_share"),
            ("cool_down_seconds", "For how long nobody sends, after a 429.", "cool_down_seconds"),
            ("waited_seconds", "Time that requests of this process waited for their turn, in all.", "waited_seconds"),
        ):
            rows = [(key, float(getattr(limit, attribute))) for key, limit in limits.items()]
            yield _gauge(f"rate_limit_{name}", text, "account product", rows)

    def _counts(self, report: Report | None) -> Iterator[Metric]:
        accounts, facts = list(self._monitor.context.accounts), report.facts if report else None
        piles = {pile.account: pile.count for pile in (facts.quarantined if facts else ())}
        rows = [((account,), float(piles.get(account, 0))) for account in accounts if facts]
        yield _gauge("quarantined", "Records that cannot be read.", "account", rows)
        for name, figure, column, text in (
            ("stuck_meetings", "stuck", "meetings", "Meetings ahead whose conferencing does not come."),
            ("drift_names", "drift", "names", "Fields and states that no documentation names."),
            ("credentials_stored", "credentials", "stored", "Credentials that are stored."),
            ("credentials_overdue", "credentials", "overdue", "Credentials past their date."),
        ):
            known = {row["account"]: row[column] for row in self._rows.get(figure, ())}
            values = [((a,), float(known.get(a, 0))) for a in accounts if figure in self._rows]
            yield _gauge(name, text, "account", values)
        written = {(r["account"], r["kind"], r["via"]): r["versions"] for r in self._rows.get("versions", ())}
        products = self._products() if "versions" in self._rows else []
        keys = [(a, Product(p).kind.value, via.value) for a, p in products for via in Via]
        versions = [(key, float(written.get(key, 0))) for key in keys]
        yield _gauge("versions_last_hour", "Versions written in the last hour.", "account kind via", versions)
        yield from self._webhooks()

    def _webhooks(self) -> Iterator[Metric]:
        known = {(row["account"], row["product"]): row for row in self._rows.get("webhooks", ())}
        outcomes = ("announced", "announced_late", "missed")
        keys = [key for key in self._products() if key[1] in PRODUCTS and "webhooks" in self._rows]
        rows = [((*k, j), float(known.get(k, {}).get(j) or 0)) for k in keys for j in outcomes]
        text = "Changes of the last day by how they became known."
        yield _gauge("webhook_changes", text, " ".join(("account", "product", "verdict")), rows)
        lags = [(k, float(known.get(k, {}).get("lag_p99_seconds") or 0)) for k in keys]
        yield _gauge(
            "webhook_lag_p99_seconds", "Lag of the last day's webhooks, 99th percentile.", "account product", lags
        )

    def _endpoints(self) -> list[tuple[tuple[str, str], Endpoint]]:
        found = self._monitor.context.accounts.items()
        return [((account, p.value), endpoint) for account, products in found for p, endpoint in products.items()]

    def _products(self) -> list[tuple[str, str]]:
        return [key for key, _ in self._endpoints()]


def _problem_rows(report: Report | None) -> list[tuple[tuple[str], float]]:
    found = [problem.cause for problem in report.problems] if report else []
    return [((cause.value,), float(found.count(cause))) for cause in Cause]


def _window_label(name: str) -> str:
    """Ranges that somebody asked for share one label: their names are dates."""
    return "range" if ".." in name else name

"""Figures for Prometheus. Every label has a closed set of values; nothing a stranger sends becomes one."""

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from worker.errors import StoreError
from worker.store import status
from worker.web.receiver import Outcome
from worker.web.status import DATABASE

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """The registry of one web application."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "savvycal_webhook_requests", "Requests to the receiver.", ["product", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "savvycal_webhook_answer_seconds", "Time to the answer.", buckets=BUCKETS, registry=registry
        )
        names = ["account", "product", "verdict"]
        self._changes = Gauge(
            "savvycal_webhook_changes", "Changes of the last day by how they became known.", names, registry=registry
        )
        self._due = Gauge("savvycal_work_due", "Objects that are due to be reconciled.", registry=registry)

    def count(self, product: str, outcome: Outcome, seconds: float) -> None:
        """One request to the receiver."""
        self._requests.labels(product, outcome.name.lower()).inc()
        self._seconds.observe(seconds)

    async def show(self, request: web.Request) -> web.Response:
        """The page; figures from the database are left as they were while it does not answer."""
        try:
            async with request.app[DATABASE].connection() as connection:
                webhooks, work = await status.webhooks(connection), await status.work(connection)
        except StoreError:
            webhooks, work = [], {}
        for row in webhooks:
            for label in ("announced", "announced_late", "missed"):
                self._changes.labels(row["account"], row["product"], label).set(row[label])
        if work:
            self._due.set(work["due"])
        return web.Response(body=generate_latest(self._registry), content_type="text/plain", charset="utf-8")

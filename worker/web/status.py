"""Whether the mirror is current, and what `savvycal-sync status` says, as JSON."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from worker.core.problems import Problem
from worker.errors import StoreError
from worker.store import status
from worker.sync.monitor import Monitor, Report

MONITOR: web.AppKey[Monitor] = web.AppKey("monitor", Monitor)


def to_json(report: Any) -> str:
    """A report as JSON; times in ISO 8601, lengths of time in seconds."""
    return json.dumps(report, default=_plain, indent=2)


def _plain(value: Any) -> object:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def problems_as_data(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems as plain data: cause, scope, severity, since, sentence, next_step."""
    return [
        {
            "cause": problem.cause.value,
            "scope": problem.scope,
            "severity": problem.severity.value,
            "since": problem.since,
            "sentence": problem.sentence,
            "next_step": problem.next_step,
        }
        for problem in problems
    ]


def head(report: Report) -> dict[str, Any]:
    """How every status begins: one sentence, then the problems."""
    return {"sentence": report.sentence, "problems": problems_as_data(report.problems)}


async def health(request: web.Request) -> web.Response:
    """200 unless a problem is red; 503 then. Both name all problems."""
    report = await request.app[MONITOR].current()
    reasons = [problem.sentence for problem in report.problems if problem.severity == "red"]
    body = to_json({"ok": not report.is_red, "reasons": reasons, "as_of": report.at} | head(report))
    return web.Response(text=body, content_type="application/json", status=503 if report.is_red else 200)


async def show(request: web.Request) -> web.Response:
    """The status report; while Postgres does not answer only its head."""
    monitor = request.app[MONITOR]
    begins, found = head(await monitor.current()), None
    try:
        async with monitor.db.connection() as connection:
            found = await status.report(connection)
    except StoreError as error:
        begins["reason"] = str(error)
    text = to_json(begins | (found or {}))
    return web.Response(text=text, content_type="application/json", status=200 if found else 503)

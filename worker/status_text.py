"""Status of a running mirror as text: the live line, and the report of `savvycal-sync status`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from worker.core.problems import Problem

NO_KEYS = "host_url and password are not stored: SAVVYCAL_SECRET_KEYS is not set (`savvycal-sync keys generate`)"

BAR_WIDTH = 20

_AT_REST = {"paused", "not configured"}
"""States of a product whose windows are not scanned."""


def live_line(figures: Mapping[str, Any]) -> str:
    """What the mirror holds and does right now, in one line; empty figures mean that Postgres does not answer."""
    if not figures:
        return "Postgres does not answer; waiting for it"
    line = (
        f"events {figures['events']}  appointments {figures['appointments']}  meetings {figures['meetings']} "
        f"({figures['in_progress']} in progress)  transitions {figures['transitions']}  "
    )
    if figures["progress"]:
        return line + _progress(figures["progress"])
    newest = figures["last_transition"]
    last = f"  last: {newest['kind']} {newest['id']} {newest['from_status']} → {newest['to_status']}" if newest else ""
    return f"{line}due {figures['due']}{last}"


def _progress(found: Mapping[str, Any]) -> str:
    """`backfill meetings [#####.....] 5,000 of 10,000`; without a known end only the count."""
    what, rows, expected = (
        f"{found['job']} {found['product']}/{found['window_name']}",
        found["iteration_rows"],
        found["expected_rows"],
    )
    if not expected:
        return f"{what} {rows:,} rows"
    filled = min(BAR_WIDTH, BAR_WIDTH * rows // expected)
    return f"{what} [{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {rows:,} of {expected:,}"


def problems(sentence: str, found: Sequence[Problem]) -> str:
    """How a status begins: one sentence, then each problem with since when it holds and its next step."""
    lines = [f"  {p.severity.value} since {_cell(p.since)}: {p.sentence}\n    {p.next_step}" for p in found]
    return "\n".join([sentence, *lines]) + "\n"


def as_text(report: dict[str, Any], has_keys: bool = False) -> str:
    """The status report as a page for people; `has_keys`: whether credentials can be stored."""
    named = ("account",) if len({row["account"] for row in report["windows"]}) > 1 else ()
    parts = [
        accounts([row for row in report["accounts"] if row["state"] in _AT_REST]),
        table("objects", (*named, "kind", "phase", "objects"), report["counts"]),
        _windows(report["windows"], named),
        _scans(report["scans"], named),
        _work(report["work"]),
        _secrets(report["secrets"], has_keys),
        _webhooks(report["webhooks"]),
        table(
            "recent failed runs",
            ("finished_at", "job", "product", "window_name", "result", "error"),
            report["recent_problems"],
        ),
        table("quarantine", ("kind", "id", "reason", "attempts"), report["quarantine"]["latest"]),
        table("drift: not in SavvyCal's documentation", ("kind", "what", "name", "objects"), report["drift"]),
    ]
    return "\n\n".join(part for part in parts if part)


def accounts(rows: list[dict[str, Any]]) -> str:
    """Each product of each account, with columns for pauses and problems where there are any."""
    webhooks = {True: "accepted", False: "no secret", None: "-"}
    shown = [row | {"webhooks": webhooks[row["accepts_webhooks"]]} for row in rows]
    some = [name for name in ("paused_at", "paused_by", "last_problem") if any(row[name] for row in rows)]
    return table("accounts", ("account", "product", "state", "served_by", "seen_at", "webhooks", *some), shown)


def _windows(rows: list[dict[str, Any]], named: tuple[str, ...]) -> str:
    shown = [
        row
        | {
            "complete": f"{_ago(row['age_seconds'])}" if row["complete_as_of"] else "not yet",
            "next": row["state"] if row["state"] in _AT_REST else _in(row["next_due_at"]),
        }
        for row in rows
    ]
    missing = ("missing",) if any(row["missing"] for row in rows) else ()
    columns = (*named, "product", "window_name", "complete", "row_count", "next", "last_result", *missing)
    return table("freshness", columns, shown)


def _scans(rows: list[dict[str, Any]], named: tuple[str, ...]) -> str:
    shown = [
        row
        | {
            "progress": f"iteration {row['iteration']}, page {row['page']}, {row['rows_read'] or 0} rows",
            "state": "dead letter" if row["dead_lettered_at"] else (row["last_error"] or "running or waiting"),
        }
        for row in rows
    ]
    return table("scanning", (*named, "product", "window_name", "job", "progress", "state"), shown)


def _work(work: dict[str, Any]) -> str:
    line = f"work queue: {work['due']} due, {work['planned']} planned, {work['dead_lettered']} dead letters"
    return line + (f"\nlast error: {work['last_error']}" if work["last_error"] else "")


def _secrets(secrets: dict[str, int], has_keys: bool) -> str:
    if not has_keys and not secrets["stored"]:
        return NO_KEYS
    line = f"credentials: {secrets['stored']} stored, {secrets['past_their_date']} past their date"
    return line if has_keys else f"{line}\n{NO_KEYS}"


def _webhooks(rows: list[dict[str, Any]]) -> str:
    return "\n".join(_webhook_line(row) for row in rows)


def _webhook_line(row: dict[str, Any]) -> str:
    named = f"webhooks of {row['product']}" + ("" if row["account"] == "default" else f" ({row['account']})")
    if not row["deliveries"]:
        return f"{named}: none in the last day; polling finds every change"
    known = row["announced"] + row["announced_late"] + row["missed"]
    missed = f"{row['missed']} of {known} changes missed ({row['missed_share'] or 0:.1%})"
    last = _ago((datetime.now(UTC) - row["last_received_at"]).total_seconds())
    return f"{named}, last day: {row['deliveries']} (+{row['duplicates']} repeated), last {last}, {missed}"


def table(title: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> str:
    """Rows in columns under a title; empty when there are none."""
    if not rows:
        return ""
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[i]) for line in cells)) for i, column in enumerate(columns)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in (columns, *cells)
    ]
    return "\n".join([title, *(f"  {line.rstrip()}" for line in lines)])


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return "-" if value is None else str(value)


def _ago(seconds: float) -> str:
    return f"{_span(max(0.0, seconds))} ago"


def _in(moment: datetime) -> str:
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return "now" if seconds <= 0 else f"in {_span(seconds)}"


def _span(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"

"""The events of the log: names, levels and fields as they stand in the code, and the meaning of each.

A new event needs a line in MEANINGS; a test fails without it. `make docs` writes docs/logs.md.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from worker.log_limit import ENTRIES_MAX
from worker.web.payloads import ApprovalRequest, ResyncRequest, WorkSelection

WORKER = Path(__file__).parents[2] / "worker"
LEVELS = ("debug", "info", "warning", "error", "critical")
SCAN = ("account", "product", "window")

MEANINGS = {
    "account_added": "The accounts file has a new account; it is synced from now on.",
    "account_changed": "Settings of an account have changed and apply to its next request.",
    "account_fact_changed": "SavvyCal answers an open point of its documentation differently than before.",
    "account_fact_found": "How SavvyCal answers an open point; a warning when it refuses something documented.",
    "account_removed": "The accounts file lacks an account; it is no longer synced, its rows stay.",
    "account_unusable": "An account has a flawed token or a secret file that cannot be read; the others are synced.",
    "admin_action": "Somebody with the admin token has acted, on the page or through the HTTP API.",
    "announcement": "Only on standard output, with `SAVVYCAL_LOG_FORMAT=json`: what people see at start and stop.",
    "audit_crashed": "The background audit ended with an error that nobody expected; it goes on with the next account.",
    "audit_failed": "The background audit could not read an account; it is tried again at its next turn.",
    "batch_refused": "Postgres refused a batch of records; they are written one by one, to find the one it refuses.",
    "changes_not_published_yet": "Changes are stored and get their place in the feed with the next publication.",
    "command_failed": "Only with `SAVVYCAL_LOG_FORMAT=json`: why the process ends.",
    "crashed": "An error that nobody caught has ended the process; please report it with its traceback.",
    "fence_sequence_advanced": "The database lost commits, as after a failover; affected objects are read again.",
    "job_crashed": "A job ended with an error that nobody expected; it runs again at its next time.",
    "job_failed": "A job could not reach what it needs; it is tried again.",
    "library_message": "A library of the program has logged a warning or an error.",
    "local_timer_failed": "The schedule could not run from the local timer; it runs again at its next time.",
    "log_suppressed": f"How many entries of a name were left out, because more than {ENTRIES_MAX} came in a minute.",
    "monitor_failed": "The search for problems ended with an error that nobody expected; it is repeated.",
    "object_deleted": "Two direct reads found that an object is gone; its row is a tombstone now.",
    "postgres_read_only": "Postgres takes no writes, as after a failover; work waits.",
    "postgres_writable": "Postgres takes writes again.",
    "problem_began": "A problem holds ([operations.md](operations.md#problems)): red is an error, yellow a warning.",
    "problem_ended": "A problem no longer holds.",
    "queue_member_dropped": "A member of a queue in Redis was unreadable and was removed.",
    "reconcile_crashed": "Work on an object ended with an error that nobody expected; it is tried again later.",
    "reconcile_failed": "An object could not be read or written; when it is tried again, or that it is a dead letter.",
    "record_quarantined": "A record of SavvyCal cannot be stored; the table `quarantine` holds it.",
    "record_repaired": "A record held text that Postgres cannot store; it was stored repaired.",
    "redis_disconnected": "Redis does not answer; syncing goes on from Postgres.",
    "redis_reconnected": "Redis answers again.",
    "reload_failed": "The accounts file is wrong and changes nothing.",
    "reload_skipped": "SIGHUP has nothing to read again.",
    "request_failed": "An HTTP request to this program ended with an error that nobody expected.",
    "resync_rejected": "A job in Redis asked for something that does not exist or is not allowed.",
    "resync_requested": "A resync was asked for, and what became of it.",
    "scan_crashed": "A scan ended with an error that nobody expected; it is tried again later.",
    "scan_failed": "A scan could not go on; when it is tried again, or that it is a dead letter.",
    "scan_finished": "A scan is complete; ordinary polls at debug level.",
    "scan_lease_lost": "Another process continues a scan that this one held too long.",
    "scan_partial": "A scan is complete but for a range that SavvyCal cannot serve.",
    "scan_suspect": "Too many objects were absent at once; the delete guard holds the scan.",
    "schema_waits_for_lock": "A migration waits for a table that somebody uses.",
    "secrets_purged": "Credentials of meetings that are over were deleted.",
    "started": "The process has started: schema in place, listening.",
    "stopped": "The process has given its work back and ends.",
    "unhandled_loop_error": "A background task failed and nobody awaited it; please report it.",
    "webhook_body_left_out": "A delivery was stored without its body, which Postgres cannot store.",
    "webhook_not_stored": "Postgres did not take a delivery; it was answered with 503, so SavvyCal sends it again.",
    "webhook_rejected": "A delivery was not accepted. Reasons: `unsigned` (signature missing or wrong), `nowhere` (no "
    "such product or account), `unreadable`, `too_slow`, `too_large`, `encoded`.",
    "webhook_secret_missing": "A webhook arrived for which no secret is set; it was answered with 503.",
    "webhook_unreadable": "A signed delivery cannot be read; the ids in it are read from the API.",
    "windows_not_planned": "The windows of a changed account could not be planned; it is tried again.",
    "work_lease_lost": "Another process reads an object that this one held too long.",
    "work_left_to_lease": "Postgres does not answer, so work waits until its lease expires.",
    "worker_crashed": "The ARQ worker ended and is started again; syncing goes on from Postgres.",
}

OUTSIDE = {"announcement": (("info",), ("text",))}
"""Written by worker/cli/run.py itself: its level and fields."""

CHOSEN = {"account_fact_found": ("debug", "warning"), "problem_began": ("warning", "error")}
CHOSEN |= {"library_message": ("warning", "error")}
"""Levels that the code chooses as it runs."""

WRITES = (ResyncRequest, WorkSelection, ApprovalRequest)
SPREAD = {
    "given.model_dump(mode='json', exclude_none=True)": tuple(
        name for payload in WRITES for name in payload.model_fields
    ),
    "_names(claimed)": SCAN,
    "facts": (*SCAN, "job", "rows", "iterations"),
    "answers": ("queued", "merged", "running", "refused"),
}
"""The fields behind `**name`."""


@dataclass(frozen=True)
class Entry:
    """One call that logs."""

    event: str
    levels: tuple[str, ...]
    fields: tuple[str, ...]


def entries() -> Iterator[Entry]:
    """Every entry that the code of the program can write.

    Raises:
        ValueError: the name of an event is not written out, so that nobody could find it.
    """
    for path in sorted(WORKER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (levels := _levels(node)) is not None:
                yield from _entries(node, levels, path)
    yield from (Entry(name, *found) for name, found in OUTSIDE.items())


def _levels(call: ast.Call) -> tuple[str, ...] | None:
    """The level of a call that logs; empty for `write(...)`, which chooses it; None for any other call."""
    found = ast.unparse(call.func)
    if found == "write" and call.args and isinstance(call.args[0], ast.Constant):
        return ()
    logger, _, level = found.rpartition(".")
    return (level,) if logger in {"log", "logs.log"} and level in LEVELS else None


def _entries(call: ast.Call, levels: tuple[str, ...], path: Path) -> Iterator[Entry]:
    name = call.args[0]
    for chosen in (name.body, name.orelse) if isinstance(name, ast.IfExp) else (name,):
        if not isinstance(chosen, ast.Constant):
            raise ValueError(f"{path.name}:{call.lineno}: write the name of the event out")
        event = str(chosen.value)
        yield Entry(event, levels or CHOSEN[event], tuple(_fields(call)))


def _fields(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg is None:
            yield from SPREAD[ast.unparse(keyword.value)]
        else:
            yield "exception" if keyword.arg == "exc_info" else keyword.arg


def rows() -> list[tuple[str, str, str, str]]:
    """Event, levels, fields and meaning, by name."""
    found: dict[str, list[Entry]] = {}
    for entry in entries():
        found.setdefault(entry.event, []).append(entry)
    return [(f"`{name}`", *_joined(same), MEANINGS[name]) for name, same in sorted(found.items())]


def _joined(same: list[Entry]) -> tuple[str, str]:
    levels = {level for entry in same for level in entry.levels}
    fields = dict.fromkeys(name for entry in same for name in entry.fields)
    return ", ".join(level for level in LEVELS if level in levels), ", ".join(f"`{name}`" for name in fields)

"""Structured log events with constant names, to standard error. `log` is the one logger of this program.

What libraries log and the traceback of a crash become entries, too, so that the stream has one schema (docs/logs.md).
Every entry is redacted just before it is written, and its number is bounded (worker/log_limit.py).
"""

import asyncio
import contextlib
import io
import logging
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

from worker.log_limit import WINDOW_SECONDS, LogLimit
from worker.log_redaction import redact_entry

log: Any = structlog.get_logger("savvycal-sync")
"""Entries are snake_case names; what varies goes into keys, and never holds a credential, a body or a token."""


def log_unhandled_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Logs the class of an error that no task retrieved. Its text and traceback may quote anything and are left out."""
    error = context.get("exception")
    log.warning("unhandled_loop_error", error=type(error).__name__, where=str(context.get("message", ""))[:80])


def configure(level: str = "info", as_json: bool = False) -> None:
    """Sets up logging for the process: people get lines, machines get JSON."""
    structlog.configure(
        processors=[
            limited(LogLimit()),
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redacted,
            structlog.processors.JSONRenderer() if as_json else _for_people(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(cast("TextIO", _Lossy(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    _configure_libraries()
    sys.excepthook = _show_crash


def is_json() -> bool:
    """Whether machines read the log: then nothing else may be written to its stream."""
    return isinstance(structlog.get_config()["processors"][-1], structlog.processors.JSONRenderer)


def _for_people() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)


class _Lossy(io.TextIOBase):
    """A stream that loses what cannot be written: a disk that is full of logs must not end the mirror."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def limited(limit: LogLimit) -> structlog.typing.Processor:
    """Drops entries beyond the limit; the first entry after the time is over comes with the number that was dropped."""

    def admit(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, count in limit.take_ended().items():
            log.warning("log_suppressed", name=name, count=count, seconds=WINDOW_SECONDS)
        if not limit.admits(f"{entry['event']} {entry.get('logger', '')}".strip()):
            raise structlog.DropEvent
        return entry

    return admit


def _redacted(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return redact_entry(entry)


def _configure_libraries() -> None:
    """Libraries speak through the standard logging; only their warnings are written."""
    root = logging.getLogger()
    for old in [found for found in root.handlers if isinstance(found, _LibraryEntries)]:
        root.removeHandler(old)
    root.addHandler(_LibraryEntries())
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.getLogger("arq").setLevel(logging.WARNING)  # its INFO lines print job arguments


class _LibraryEntries(logging.Handler):
    """Makes an entry of what a library logs."""

    def emit(self, record: logging.LogRecord) -> None:
        write = log.error if record.levelno >= logging.ERROR else log.warning
        write("library_message", logger=record.name, message=_message(record), exc_info=record.exc_info)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # the library's own mistake: its arguments do not fit its text
        return str(record.msg)


def _show_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The traceback of an error nobody caught: without it no bug is found, with its values secrets leak."""
    log.critical("crashed", error=kind.__name__, exc_info=(kind, error, trace))

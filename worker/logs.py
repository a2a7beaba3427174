"""Structured log events with constant names, to standard error. `log` is the one logger of this program.

Everything is redacted just before it is written: our entries, lines of libraries, tracebacks of a crash.
"""

import asyncio
import contextlib
import io
import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

from worker.log_redaction import redact_entry, redact_log

log: Any = structlog.get_logger("savvycal-sync")
"""Entries are snake_case names; what varies goes into keys, and never holds a credential, a body or a token."""


def log_unhandled_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Logs the class of an error that no task retrieved. Its text and traceback may quote anything and are left out."""
    error = context.get("exception")
    log.warning("unhandled_loop_error", error=type(error).__name__, where=str(context.get("message", ""))[:80])


def configure(level: str = "info", as_json: bool = False) -> None:
    """Sets up logging for the process: people get lines, machines get JSON."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redacted,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(cast("TextIO", _Lossy(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    _configure_libraries()
    sys.excepthook = _show_crash


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


def _redacted(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return redact_entry(entry)


def _configure_libraries() -> None:
    """Libraries speak through the standard logging; only their warnings are written, and redacted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactingFormatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    for old in [found for found in root.handlers if isinstance(found.formatter, _RedactingFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.getLogger("arq").setLevel(logging.WARNING)  # its INFO lines print job arguments


class _RedactingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact_log(super().format(record))


def _show_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The traceback of an error nobody caught: without it no bug is found, with its values secrets leak."""
    sys.stderr.write(redact_log("".join(traceback.format_exception(kind, error, trace))))

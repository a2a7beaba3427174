"""Logging: constant entries with key-values, to standard error. `log` is the one logger of this program.

Whatever is written passes `scrub` last: our entries, lines of libraries, tracebacks of a crash.
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
    """What no task looked at: its kind is logged, its text and traceback may quote anything and are not."""
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
            _scrubbed,
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


def _scrubbed(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return redact_entry(entry)


def _configure_libraries() -> None:
    """Libraries speak through the standard logging; only their warnings, and those scrubbed."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_ScrubbedFormatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    for old in [found for found in root.handlers if isinstance(found.formatter, _ScrubbedFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.getLogger("arq").setLevel(logging.WARNING)  # its INFO lines print job arguments


class _ScrubbedFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact_log(super().format(record))


def _show_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The traceback of an error nobody caught: without it no bug is found, with its values secrets leak."""
    sys.stderr.write(redact_log("".join(traceback.format_exception(kind, error, trace))))

"""Logging: constant entries with key-values, to standard error. `log` is the one logger of this program."""

import asyncio
import logging
import sys
from typing import Any

import structlog

log: Any = structlog.get_logger("savvycal-sync")
"""Entries are snake_case names; what varies goes into keys, and never holds a credential, a body or a token."""


def note_stray_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What no task looked at: its kind is logged, its text and traceback may quote anything and are not."""
    error = context.get("exception")
    log.warning("stray_error", error=type(error).__name__, where=str(context.get("message", ""))[:80])


def configure(level: str = "info", as_json: bool = False) -> None:
    """Sets up logging for the process: people get lines, machines get JSON."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("arq").setLevel(logging.WARNING)  # its INFO lines print job arguments

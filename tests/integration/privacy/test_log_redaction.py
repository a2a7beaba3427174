"""The last line of defense: logs of libraries and of crashes are written without secrets."""

import io
import logging
import sys

import pytest
import structlog

from worker import logs
from worker.log_redaction import hide, redact_entry, redact_line, redact_log

LEAKS = [
    "GET https://api.test/x?token=Zq8Kw1-leak",
    "postgresql://user:Zq8Kw1-leak@host/db",
    "Authorization: Bearer Zq8Kw1-leak",
    "headers={'Authorization': 'Bearer Zq8Kw1-leak', 'X': 'y'}",
    "password=Zq8Kw1-leak",
    '{"host_url": "https://x/Zq8Kw1-leak", "n": 1}',
    "{'password': 'Zq8Kw1-leak \\' more'}",
    "pt_secret_Zq8Kw1-leak",
    "whsec_Zq8Kw1-leak",
    "Key (email)=(Zq8Kw1-leak@example.test) exists",
    "ZZq8Kw1-leak" * 4,
]


@pytest.mark.parametrize("text", LEAKS)
def test_secrets_are_taken_out_by_their_shape(text: str) -> None:
    """Whatever carries them, in a line, an entry or a nested value; twice is as once."""
    assert "Zq8Kw1" not in redact_log(text)
    assert redact_log(redact_log(text)) == redact_log(text)
    assert "Zq8Kw1" not in str(redact_entry({"event": "x", "error": text, "deep": [{"a": (text,)}]}))


def test_ids_and_ordinary_words_stay() -> None:
    """What a person needs to find the object is still there."""
    assert (
        redact_log("SAVVYCAL_MEETINGS_TOKEN: set one; the token is refused: SavvyCal answered 401").count("[hidden]")
        == 0
    )
    text = "reconcile_failed id=event_01J8ZQ3F5T0M6K2V9XW4B7C1DE job=resync:0123456789abcdef0123456789abcdef 12 s"
    assert redact_log(text) == text


def test_secrets_of_the_settings_are_known_literally() -> None:
    """A short password without any shape is taken out too."""
    hide("corgi-7")
    assert redact_log("who said corgi-7?") == "who said [hidden]?"


def test_a_value_cannot_forge_a_line_or_paint_the_terminal() -> None:
    """Newlines and control characters in values become escapes."""
    assert redact_line("a\nERROR b\x1b[31m\u202e") == "a\\nERROR b\\x1b[31m\\u202e"


@pytest.mark.parametrize("as_json", [True, False])
def test_entries_libraries_and_crashes_go_through_log_redaction(as_json: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our logger with an exception, a library's logger, and an error nobody caught."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure("debug", as_json)
        for text in LEAKS:
            try:
                raise ValueError(text)
            except ValueError:
                structlog.get_logger().exception("went_wrong", error=text, token="Zq8Kw1", who=[text])
                logging.getLogger("arq.worker").exception("job failed: %s", text)
                sys.excepthook(*sys.exc_info())
    finally:
        root.handlers, sys.excepthook = handlers, hook
        root.setLevel(level)
        logging.captureWarnings(False)
        structlog.reset_defaults()
    assert stream.getvalue().count("Traceback") == 3 * len(LEAKS)
    assert "Zq8Kw1" not in stream.getvalue()

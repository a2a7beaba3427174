"""Databases and a mirror for the cases; at the end the run prints how many ran."""

from typing import Any

from tests.integration.conftest import mirrored_url, schema_template

__all__ = ["mirrored_url", "schema_template"]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many cases ran, and how many could not for want of a server."""
    counted = {
        result: len([each for each in terminalreporter.stats.get(result, []) if "environments" in each.nodeid])
        for result in ("passed", "failed", "skipped")
    }
    if any(counted.values()):
        terminalreporter.write_line(
            f"environments: {counted['passed'] + counted['failed']} ran, {counted['skipped']} skipped (no server)"
        )

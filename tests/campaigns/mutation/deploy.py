"""Planted bugs of what a platform sets and of the log: each opens what must stay closed, or hides what must be said."""

from tests.campaigns.mutation.mutant import Mutant

OF_DEPLOY = (
    Mutant(
        "a platform's port wins over the address",
        "worker/settings/environment.py",
        'found["http"] = found["http"] or _all_addresses(given.get("PORT"))',
        'found["http"] = _all_addresses(given.get("PORT")) or found["http"]',
        "tests/unit/settings/test_environment.py",
    ),
    Mutant(
        "a closed page is offered",
        "worker/http_servers.py",
        "is_open = is_shared and (",
        "is_open = is_shared or (",
        "tests/unit/test_http_servers.py",
    ),
    Mutant(
        "a rejected delivery leaves no line",
        "worker/web/receiver.py",
        "if outcome in REJECTED:",
        "if outcome is Outcome.TOO_LARGE:",
        "tests/integration/web/test_receiver.py::test_what_is_turned_away_leaves_a_line",
    ),
    Mutant(
        "one entry floods the log",
        "worker/log_limit.py",
        "is_free = window.written < ENTRIES_MAX",
        "is_free = window.written >= 0",
        "tests/unit/test_logs.py",
    ),
    Mutant(
        "what was left out is not counted",
        "worker/log_limit.py",
        "window.suppressed += not is_free",
        "window.suppressed += is_free",
        "tests/unit/test_logs.py",
    ),
    Mutant(
        "one library hides another",
        "worker/logs.py",
        """f"{entry['event']} {entry.get('logger', '')}".strip()""",
        "entry['event']",
        "tests/unit/test_logs.py",
    ),
)

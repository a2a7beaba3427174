"""Planted bugs of the admin side and of the problems: each opens what must stay closed, or hides what must be said."""

from tests.campaigns.mutation.mutant import Mutant

ADMIN_TESTS, MONITOR_TESTS = "tests/integration/web/test_admin.py", "tests/integration/sync/test_monitor.py"

OF_ADMIN = (
    Mutant(
        "an open address shows its pages",
        "worker/web/admin.py",
        "if self.token or not self.is_local:",
        "if self.token:",
        ADMIN_TESTS,
    ),
    Mutant(
        "any host is let in",
        "worker/web/admin.py",
        "if not is_loopback(urlsplit(f\"//{request.headers.get('Host', '')}\").hostname) or _is_proxied(request):",
        "if _is_proxied(request):",
        ADMIN_TESTS,
    ),
    Mutant(
        "a form from elsewhere acts",
        "worker/web/pages.py",
        'if not self._guard.is_csrf(str(form.get("csrf", ""))):',
        'if form.get("csrf") is None:',
        ADMIN_TESTS,
    ),
    Mutant(
        "a foreign origin acts",
        "worker/web/admin.py",
        "return self.is_known(request.headers) and is_same_origin(request)",
        "return self.is_known(request.headers)",
        ADMIN_TESTS,
    ),
    Mutant(
        "each process logs each problem",
        "worker/store/problems.py",
        'new = {(row["cause"], row["scope"]) for row in rows if row["is_new"]}',
        'new = {(row["cause"], row["scope"]) for row in rows}',
        MONITOR_TESTS,
    ),
)

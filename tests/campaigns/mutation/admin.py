"""Planted bugs of the admin side and of the problems: each opens what must stay closed, or hides what must be said."""

from tests.campaigns.mutation.mutant import Mutant

ADMIN_TESTS, MONITOR_TESTS = "tests/integration/web/test_admin.py", "tests/integration/sync/test_monitor.py"
API_TESTS = "tests/integration/web/test_api.py"

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
        'if not is_loopback(_name_of(request.headers.get("Host", ""))) or _is_proxied(request):',
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
        "the API writes with the password of a browser",
        "worker/web/api.py",
        "if route.is_write and not guard.may_write(request):",
        "if route.is_write and not guard.may_act(request):",
        API_TESTS,
    ),
    Mutant(
        "the API writes without the token",
        "worker/web/api.py",
        "if route.is_write and not guard.may_write(request):",
        "if False:",
        API_TESTS,
    ),
    Mutant(
        "the API is not guarded",
        "worker/web/api.py",
        "if refused := guard.refusal(request):",
        "if refused := None:",
        "tests/integration/web/test_attacks.py",
    ),
    Mutant(
        "any number of requests waits",
        "worker/web/tickets.py",
        "        if not self._places:\n",
        "        if False:\n",
        API_TESTS,
    ),
    Mutant(
        "an unknown field is repeated",
        "worker/web/routes.py",
        "if name is None or name in payload.model_fields:",
        "if True:",
        API_TESTS,
    ),
    Mutant(
        "part of a host is enough",
        "worker/web/admin.py",
        "found = _HOST.fullmatch(host)",
        "found = _HOST.match(host)",
        "tests/integration/web/test_attacks.py",
    ),
    Mutant(
        "each process logs each problem",
        "worker/store/problems.py",
        'new = {(row["cause"], row["scope"]) for row in rows if row["is_new"]}',
        'new = {(row["cause"], row["scope"]) for row in rows}',
        MONITOR_TESTS,
    ),
    Mutant(
        "the windows furthest behind are left out",
        "worker/web/overview.py",
        "key=lambda bar: -bar.percent",
        "key=lambda bar: bar.percent",
        "tests/unit/web/test_overview.py",
    ),
    Mutant(
        "the live row wraps",
        "worker/cli/live_row.py",
        "return self._row if len(self._row) < columns else",
        "return self._row if columns else",
        "tests/unit/cli/test_live_row.py",
    ),
    Mutant(
        "a problem that lasts is told again",
        "worker/core/problems.py",
        "began = [one for one in now if (one.cause, one.scope) not in held]",
        "began = [one for one in now if held is not None]",
        "tests/unit/core/test_problems.py",
    ),
    Mutant(
        "a lost cancellation keeps watch alive",
        "worker/sync/follow.py",
        "                if is_cancel_requested():\n                    return",
        "                if not self.tell:\n                    return",
        "tests/integration/sync/test_follow.py",
    ),
    Mutant(
        "the first line comes after the imports",
        "worker/cli/lazy.py",
        "            click.echo(found.starting)\n        return super().resolve_command(ctx, args)",
        "            done = super().resolve_command(ctx, args)\n            click.echo(found.starting)\n"
        "            return done\n        return super().resolve_command(ctx, args)",
        "tests/unit/cli/test_lazy.py",
    ),
)

"""Planted bugs of accounts that come, go and pause."""

from tests.campaigns.mutation.mutant import Mutant

ACCOUNT_TESTS = "tests/integration/sync/test_accounts.py"

OF_ACCOUNTS = (
    Mutant(
        "a paused account is claimed",
        "worker/store/queries/work_queue.sql",
        "  where (account, kind) not in (select account, kind from savvycal._paused) group by account\n",
        "  group by account\n",
        ACCOUNT_TESTS,
    ),
    Mutant(
        "a paused product is probed",
        "worker/store/queries/problems.sql",
        "clock_timestamp() where ($1, $2) not in (select account, product from savvycal._paused)\n",
        "clock_timestamp()\n",
        ACCOUNT_TESTS,
    ),
    Mutant(
        "a paused window is late",
        "worker/core/problem_rules.py",
        "not (window.is_scanning or window.is_paused)",
        "not window.is_scanning",
        f"{ACCOUNT_TESTS} tests/unit/core/test_problems.py",
    ),
    Mutant(
        "an account that was removed is late for ever",
        "schema.sql",
        "  where a.state is distinct from 'not configured';\n",
        "  where true;\n",
        ACCOUNT_TESTS,
    ),
    Mutant(
        "what a killed process had is forgotten",
        "worker/store/queries/accounts.sql",
        "(served_by = $3 or (served_by is null and seen_at",
        "(served_by = $3 or (true and seen_at",
        ACCOUNT_TESTS,
    ),
    Mutant(
        "wake-ups that others take are waited for",
        "worker/local_timer.py",
        "if self._is_connected() and time.monotonic() - self._ran_at < CONNECTED_SECONDS:",
        "if self._is_connected():",
        ACCOUNT_TESTS,
    ),
    Mutant(
        "windows are late right after a resume",
        "worker/store/queries/accounts.sql",
        "from resumed r where (c.account, c.product) = (r.account, r.product)\n",
        "from resumed r where (c.account, c.product) = (r.account, '')\n",
        ACCOUNT_TESTS,
    ),
)

"""Planted bugs of the package for applications: each waits in vain, answers too early, or applies a change twice."""

from tests.campaigns.mutation.mutant import Mutant

APPLICATIONS = "tests/integration/test_applications.py"

OF_APPLICATIONS = (
    Mutant(
        "a request that nobody can see is waited for",
        "savvycal_sync/tickets.py",
        "    if wait is not None:\n        refuse_transaction(session)\n",
        "",
        APPLICATIONS,
    ),
    Mutant(
        "a rolled back transaction hides who read a secret",
        "savvycal_sync/vault.py",
        "    refuse_transaction(session)\n",
        "",
        APPLICATIONS,
    ),
    Mutant(
        "psycopg begins a transaction unnoticed",
        "savvycal_sync/connection.py",
        "return not (self._connection.autocommit and is_idle)",
        "return not is_idle",
        APPLICATIONS,
    ),
    Mutant(
        "a notice wakes nobody",
        "savvycal_sync/connection.py",
        "            woken.set()\n",
        "            return\n",
        APPLICATIONS,
    ),
    Mutant(
        "a second consumer applies the same changes",
        "docs/change-feed.md",
        "where cursor = $2 returning true",
        "where $2::text is not null returning true",
        "tests/integration/test_feed_consumers.py",
    ),
    Mutant(
        "foreign keys are enforced",
        "schema.sql",
        "references savvycal.%I (account, id) not enforced'",
        "references savvycal.%I (account, id)'",
        "tests/integration/store/test_foreign_keys.py",
    ),
    Mutant(
        "a standby is listened to",
        "savvycal_sync/connection.py",
        "contextlib.nullcontext(asyncio.sleep) if is_standby else session.listening(channel)",
        "session.listening(channel)",
        "tests/environments/test_replication.py",
    ),
    Mutant(
        "a range of dates holds links",
        "savvycal_sync/targets.py",
        'Product.LINKS: _Listed(Kind.LINK, "link_", has_times=False)',
        'Product.LINKS: _Listed(Kind.LINK, "link_", has_times=True)',
        "tests/unit/core/test_kinds.py",
    ),
    Mutant(
        "the package brings the driver with it",
        "savvycal_sync/queue.py",
        "if TYPE_CHECKING:\n    from redis.asyncio import Redis\n",
        "from redis.asyncio import Redis\n",
        "tests/unit/test_applications.py",
    ),
)

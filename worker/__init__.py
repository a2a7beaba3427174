"""savvycal-sync keeps a SavvyCal account mirrored in Postgres. The whole program is five steps:

1. Fetch.  ``savvycal/`` turns an id or a window into bytes, and bytes into frozen snapshots.
2. Decide. ``core/`` compares *observed* with *stored* and returns decisions as values. No I/O, no clock.
3. Apply.  ``store/`` writes a batch of decisions in one transaction: row, snapshot, transitions, change feed, work.
4. Notify. In that same transaction. The change feed is the record; the notification only wakes readers.
5. Plan.   Every object and window gets its next reconcile or scan: sooner when a meeting is near or in progress.

``sync/`` connects the steps, ``jobs.py`` names the jobs, ``arq_worker.py`` runs them with ARQ on Redis, and
``daemon.py`` starts and stops everything. The layer map in pyproject.toml is the table of contents.
"""

__version__ = "0.1.0"

"""What can go wrong with Postgres itself; its lines are in `faults`."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

from tests.campaigns.chaos.faults import RECONCILE_SECONDS, Strike
from tests.campaigns.chaos.site import Site


def end_postgres(number: signal.Signals) -> Strike:
    """Ended by a signal, away for a while, and started again with recovery where it needs one."""

    async def strike(site: Site, seconds: float) -> int:
        os.kill(site.servers.postgres.pid, number)
        try:
            await asyncio.sleep(seconds)
        finally:
            site.servers.restart_postgres()
        return 1

    return strike


async def terminate_backends(site: Site, seconds: float) -> int:
    """pg_terminate_backend of every connection, every second."""
    count, until = 0, time.monotonic() + seconds
    connection = await site.servers.connect()
    try:
        while time.monotonic() < until:
            count += await connection.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'savvycal-sync'"
            )
            await asyncio.sleep(1)
    finally:
        await connection.close()
    return count


async def lock_table(site: Site, seconds: float) -> int:
    """Somebody else holds a table; counts how often a daemon was seen waiting for it."""
    names = ("events", "appointments", "_work", "_scans", "snapshots", "webhook_deliveries")
    holder, watcher, count = await site.servers.connect(), await site.servers.connect(), 0
    waiting = (
        "select count(*) from pg_stat_activity where application_name = 'savvycal-sync' and wait_event_type = 'Lock'"
    )
    try:
        async with holder.transaction():
            await holder.execute(f"lock table savvycal.{site.rng.choice(names)} in access exclusive mode")
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                count += await watcher.fetchval(waiting)
                await asyncio.sleep(RECONCILE_SECONDS)
    finally:
        await holder.close()
        await watcher.close()
    return count


async def read_only(site: Site, seconds: float) -> int:
    """As after a failover to a server that may not write yet; counts refused statements."""
    before, connection = (
        _said(site.servers.postgres.log_path, b"in a read-only transaction"),
        await site.servers.connect(),
    )
    try:
        await _set(connection, "on")
        await asyncio.sleep(seconds)
    finally:
        await _set(connection, "off")
        await connection.close()
    return _said(site.servers.postgres.log_path, b"in a read-only transaction") - before


async def _set(connection: Any, value: str) -> None:
    await connection.execute(f"alter system set default_transaction_read_only = {value}")
    await connection.execute("select pg_reload_conf()")


async def refuse_connections(site: Site, seconds: float) -> int:
    """The database takes no connections, and ends those it has; counts refusals."""
    said, name = b"is not currently accepting connections", "savvycal"
    before, connection = _said(site.servers.postgres.log_path, said), await site.servers.connect("postgres")
    try:
        await connection.execute(f"alter database {name} allow_connections false")
        await connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        await asyncio.sleep(seconds)
    finally:
        await connection.execute(f"alter database {name} allow_connections true")
        await connection.close()
    return _said(site.servers.postgres.log_path, said) - before


def _said(path: Path, text: bytes) -> int:
    return path.read_bytes().count(text)

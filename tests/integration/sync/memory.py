"""A process of its own that scans many accounts at once, and tells how much memory that took. For `test_memory.py`."""

import asyncio
import sys
from pathlib import Path

from tests.support.harness import open_context
from tests.support.scanning import run_scan
from worker.core.model import Product
from worker.settings import Account
from worker.store.scans import WindowKey
from worker.sync import requests
from worker.sync.context import SyncContext


def resident_mb(name: str) -> float:
    """`VmRSS` or `VmHWM` (the most there ever was) of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def _account(name: str, url: str) -> Account:
    rest = {"appointments_url": url, "appointments_include_sensitive": False}
    return Account(name, {"meetings_url": f"{url}/{name}", "meetings_token": "pt_secret_of_nobody"} | rest)


async def scan_everything(context: SyncContext, account: str) -> None:
    """One scan of everything, with as many turns as it takes; a few where nothing comes."""
    await requests.resync_all(context, Product.MEETINGS, account)
    key = WindowKey(account, Product.MEETINGS, "all")
    for _ in range(4 if int(account.removeprefix("account")) % 4 == 1 else 1000):
        async with context.db.connection() as connection:
            due = "update savvycal._work set due_at = clock_timestamp() where job = 'scan' and account = $1"
            if await connection.execute(due, account) == "UPDATE 0":
                return
        await run_scan(context, key)


async def main(database_url: str, url: str, count: int) -> None:
    """Prints the memory before, the most there was, and the objects that are stored."""
    names = [f"account{number}" for number in range(count)]
    accounts = [_account(name, url) for name in names]
    async with open_context(database_url, accounts, pool_size=10) as context:
        before = resident_mb("VmRSS")
        await asyncio.gather(*(scan_everything(context, name) for name in names))
        async with context.db.connection() as connection:
            stored = await connection.fetchval("select count(*) from savvycal.events")
    print(before, resident_mb("VmHWM"), stored)  # noqa: T201 - the answer


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

"""Claims and runs one scan by its name. A worker takes whatever is due."""

from uuid import uuid4

from worker.core.model import Kind, Product
from worker.store import scans
from worker.store.database import Connection
from worker.store.scans import Scan, WindowKey
from worker.store.work_queue import Job, WorkItem
from worker.sync import scan
from worker.sync.context import SyncContext

CLAIM = """
update savvycal._work
set lease_token = $4, lease_until = clock_timestamp() + interval '1 minute', attempts = attempts + 1
where (account, job, kind, key) = ($1, 'scan', $2, $3) and dead_lettered_at is null and due_at <= clock_timestamp()
  and (lease_until is null or lease_until < clock_timestamp())
returning requested_gen, attempts, priority, reasons, missing_since, clock_timestamp() as claimed_at, 0 as fence
"""

OPEN = """
select account, kind, key from savvycal._work
where job = 'scan' and dead_lettered_at is null and due_at <= clock_timestamp()
  and (lease_until is null or lease_until < clock_timestamp())
order by priority, due_at
"""


async def open_scans(context: SyncContext) -> list[WindowKey]:
    """Scans that could be claimed now, most wanted first."""
    async with context.db.connection() as connection:
        rows = await connection.fetch(OPEN)
    products = {(account, product.kind): product for account, product in context.reachable()}
    keys = [(row["account"], Kind(row["kind"]), row["key"]) for row in rows]
    return [
        WindowKey(account, products[account, kind], key) for account, kind, key in keys if (account, kind) in products
    ]


async def claim_scan(connection: Connection, key: WindowKey) -> Scan | None:
    """One scan under a lease; None when another worker has it or it is not due."""
    item = await _claim(connection, key.account, key.product, key.window_name)
    return await scans.load_position(connection, item) if item else None


async def _claim(connection: Connection, account: str, product: Product, window_name: str) -> WorkItem | None:
    token = uuid4()
    row = await connection.fetchrow(CLAIM, account, product.kind, window_name, token)
    return WorkItem(account, Job.SCAN, product.kind, window_name, **dict(row), token=token) if row else None


async def run_scan(context: SyncContext, key: WindowKey) -> None:
    """Runs one scan for a time slice. Returns at once when another worker has it or it is not due."""
    async with context.db.connection() as connection:
        item = await _claim(connection, *key.key)
    if item is not None:
        await scan.run(context, item)

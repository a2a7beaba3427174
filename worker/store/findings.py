"""Where `check --live` keeps what it found out: among the facts of an account, apart from what the mirror learns."""

from collections.abc import Mapping

from worker.store.database import Connection
from worker.store.queries import load

SQL = load("findings")


async def record(connection: Connection, account: str, values: Mapping[tuple[str, str], str]) -> bool:
    """Replaces what an earlier check found in the products that were asked; False when there is no table for it.

    `values`: (product, name of the point) to what was found.
    """
    if not await connection.fetchval(SQL["has_facts"]):
        return False
    products, names = [product for product, _ in values], [name for _, name in values]
    await connection.execute(SQL["forget"], account, sorted(set(products)))
    await connection.execute(SQL["record"], account, products, names, list(values.values()))
    return True

"""Who may do what: role × table × column × verb, read from the database. `make matrix` writes the file."""

import asyncio
from pathlib import Path

import asyncpg

from tests.support.servers import Databases, postgres_server
from worker.store import schema
from worker.store.database import Connection, Database

FILE = Path(__file__).with_name("role_matrix.txt")
ROLES = ("public", "savvycal_worker", "savvycal_reader", "savvycal_pii_reader", "savvycal_secret_reader")

HEAD = """\
Rights of the roles, as Postgres reports them. Written by `make matrix`, compared by tests/integration/privacy/test_roles.py.
s select, i insert, u update (per column); d delete, t truncate (per table); x execute, c create, g usage; - none.
"""  # noqa: E501 - as the file has it

_COLUMNS = """
select c.relname || '.' || a.attname as what, c.relkind = 'v' as is_view, i.class,
  array(select concat(
    case when has_column_privilege(r, c.oid, a.attnum, 'SELECT') then 's' end,
    case when has_column_privilege(r, c.oid, a.attnum, 'INSERT') then 'i' end,
    case when has_column_privilege(r, c.oid, a.attnum, 'UPDATE') then 'u' end,
    case when has_table_privilege(r, c.oid, 'DELETE') then 'd' end,
    case when has_table_privilege(r, c.oid, 'TRUNCATE') then 't' end)
    from unnest($1::text[]) with ordinality u (r, n) order by n) as rights
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join savvycal.data_inventory i on i.table_name = c.relname and i.column_name = a.attname
where c.relnamespace = 'savvycal'::regnamespace and c.relkind in ('r', 'v')
order by c.relname, a.attnum
"""
_OTHERS = """
select concat('function ', p.proname, '(', oidvectortypes(p.proargtypes), ')') as what,
  array(select case when has_function_privilege(r, p.oid, 'EXECUTE') then 'x' else '' end
        from unnest($1::text[]) with ordinality u (r, n) order by n) as rights
from pg_proc p where p.pronamespace = 'savvycal'::regnamespace
union all
select 'sequence ' || c.relname,
  array(select case when has_sequence_privilege(r, c.oid, 'USAGE') then 'g' else '' end
        from unnest($1::text[]) with ordinality u (r, n) order by n)
from pg_class c where c.relnamespace = 'savvycal'::regnamespace and c.relkind = 'S'
union all
select 'schema savvycal',
  array(select concat(case when has_schema_privilege(r, 'savvycal', 'USAGE') then 'g' end,
                      case when has_schema_privilege(r, 'savvycal', 'CREATE') then 'c' end)
        from unnest($1::text[]) with ordinality u (r, n) order by n)
order by 1
"""


async def text(connection: "Connection | asyncpg.Connection[asyncpg.Record]") -> str:
    """The matrix as the file holds it."""
    columns = await connection.fetch(_COLUMNS, list(ROLES))
    others = await connection.fetch(_OTHERS, list(ROLES))
    lines = [_line("column", "class", [role.removeprefix("savvycal_") for role in ROLES])]
    lines += [_line(row["what"], row["class"] or "?", row["rights"]) for row in columns]
    lines += [_line(row["what"], "", row["rights"]) for row in others]
    return f"{HEAD}\n" + "\n".join(lines) + "\n"


def _line(what: str, kind: str, rights: list[str]) -> str:
    return " ".join([what.ljust(70), kind.ljust(8), *((right or "-").ljust(13) for right in rights)]).rstrip()


async def _write(url: str) -> None:
    db = await Database.connect(url, pool_size=1)
    async with db.connection() as connection:
        await schema.apply(connection)
        await schema.apply_roles(connection)
        FILE.write_text(await text(connection))
    await db.close()


def main() -> None:
    """Writes the file again."""
    with postgres_server() as server:
        databases = Databases(server.url)
        asyncio.run(_write(databases.create()))
        databases.close()


if __name__ == "__main__":
    main()

"""Writes the generated parts of README.md and docs/: what stands between `<!-- generated: NAME -->` and `<!-- end -->`,
and docs/openapi.json.

    python -m tests.support.docs_generated --write     writes them again (`make docs`); without it, says which are stale

Each part comes from the program itself: settings from the model, tables from the catalog of a database that schema.sql
was applied to, commands from click, lifecycles from their tables, and the field coverage from reading documents that
differ in one field (tests/support/docs_coverage.py).
"""

import asyncio
import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click

from tests.support import log_events
from tests.support.docs_coverage import coverage
from tests.support.servers import postgres_server
from worker import jobs, settings
from worker.cli import main
from worker.core import facts, lifecycle
from worker.live_check.open_points import POINTS
from worker.live_check.points import APPOINTMENTS, MEETINGS, Point
from worker.store import schema
from worker.store.database import Connection, Database
from worker.web.api import description

ROOT = Path(__file__).parents[2]
DESCRIPTION = ROOT / "docs" / "openapi.json"
"""Generated as a whole: the routes of the HTTP API."""

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Relation:
    """A table or view of schema savvycal; a column is (name, type, whether it may be null, comment)."""

    name: str
    is_view: bool
    comment: str
    columns: tuple[tuple[str, str, bool, str], ...]


@dataclass(frozen=True)
class Catalog:
    """What a database holds once schema.sql was applied; a function is (signature, result, comment)."""

    relations: tuple[Relation, ...]
    functions: tuple[tuple[str, str, str], ...]


_RELATIONS = """
select c.relname, c.relkind = 'v' as is_view, coalesce(obj_description(c.oid, 'pg_class'), '') as said, a.attname,
       format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
       coalesce(col_description(c.oid, a.attnum), '') as column_said
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'savvycal'::regnamespace and c.relkind in ('r', 'v') order by c.relname, a.attnum
"""
_FUNCTIONS = """
select p.proname || '(' || pg_get_function_arguments(p.oid) || ')' as signature,
       pg_get_function_result(p.oid) as result, coalesce(obj_description(p.oid, 'pg_proc'), '') as said
from pg_proc p where p.pronamespace = 'savvycal'::regnamespace order by p.proname
"""


async def read_catalog(connection: Connection) -> Catalog:
    """The catalog of a database that holds the schema."""
    found: dict[str, Relation] = {}
    for name, is_view, said, *column in map(tuple, await connection.fetch(_RELATIONS)):
        before = found[name].columns if name in found else ()
        found[name] = Relation(name, is_view, said, (*before, (column[0], column[1], column[2], column[3])))
    functions = tuple(tuple(row) for row in await connection.fetch(_FUNCTIONS))
    return Catalog(tuple(found.values()), functions)


async def catalog_of(database_url: str) -> Catalog:
    """Applies the schema to an empty database and reads its catalog."""
    db = await Database.connect(database_url, pool_size=1)
    try:
        async with db.connection() as connection:
            await schema.apply(connection)
            return await read_catalog(connection)
    finally:
        await db.close()


def stale(catalog: Catalog) -> dict[Path, str]:
    """Pages whose generated parts are not what the program says, with the text they should have."""
    parts = {name: make(catalog) for name, make in MAKERS.items()}
    wanted = {page: _filled(page.read_text("utf-8"), parts) for page in PAGES}
    wanted[DESCRIPTION] = description()
    return {page: text for page, text in wanted.items() if text != page.read_text("utf-8")}


def names_used() -> set[str]:
    """The names of all parts that stand in some page."""
    return {found[2] for page in PAGES for found in _PART.finditer(page.read_text("utf-8"))}


def _filled(text: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda found: f"{found[1]}{parts[found[2]]}\n{found[3]}", text)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def settings_table(_: Catalog) -> str:
    """Every setting: variable, default, meaning."""
    rows = []
    for name, field in settings.Settings.model_fields.items():
        default = "not set" if field.default is None else f"`{str(field.default).lower()}`"
        secret = " Secret." if settings.is_secret(name) else ""
        rows.append((f"`{settings.variable(name)}`", default, f"{field.description}{secret}"))
    return _table(("variable", "default", "meaning"), rows)


def public_tables(catalog: Catalog) -> str:
    """Tables for readers."""
    return _sections(r for r in catalog.relations if not r.is_view and not r.name.startswith("_"))


def internal_tables(catalog: Catalog) -> str:
    """Tables of the worker's own."""
    return _sections(r for r in catalog.relations if not r.is_view and r.name.startswith("_"))


def _sections(relations: Iterator[Relation]) -> str:
    return "\n\n".join(
        f"### {relation.name}\n\n{_cell(relation.comment)}\n\n"
        + _table(
            ("column", "type", "null", "meaning"),
            [(f"`{name}`", type_, "yes" if null else "", said) for name, type_, null, said in relation.columns],
        )
        for relation in relations
    )


def views(catalog: Catalog) -> str:
    """Views with their columns."""
    rows = [
        (f"`{relation.name}`", relation.comment, ", ".join(f"`{name}` {type_}" for name, type_, *_ in relation.columns))
        for relation in catalog.relations
        if relation.is_view
    ]
    return _table(("view", "meaning", "columns"), rows)


def functions(catalog: Catalog) -> str:
    """Functions that readers call."""
    return _table(("function", "answers", "meaning"), [(f"`{s}`", f"`{r}`", said) for s, r, said in catalog.functions])


def statuses(_: Catalog) -> str:
    """The four lifecycles."""
    titles = {
        "Event.state": lifecycle.EVENT,
        "Appointment.status": lifecycle.APPOINTMENT,
        "AppointmentMeeting.status": lifecycle.MEETING,
        "The conferencing of an Event": lifecycle.CONFERENCING,
    }
    return "\n\n".join(f"### {title}\n\n{_lifecycle(table)}" for title, table in titles.items())


def _lifecycle(table: lifecycle.Lifecycle) -> str:
    rows = [
        (
            f"`{status}`",
            table.phase(status),
            ", ".join(f"`{after}`" for after in sorted(following)) or "nothing",
            "yes" if status in table.in_progress else "",
        )
        for status, following in table.edges.items()
    ]
    return _table(("status", "phase", "may be followed by", "watched by id"), rows)


def account_facts(_: Catalog) -> str:
    """The registry of open points, and what is found of each in an account."""
    rows = [
        (
            f"`{point.fact}`",
            str(point.number),
            ", ".join(point.products),
            point.documented,
            point.assumed,
            point.otherwise,
            point.seen,
        )
        for point in facts.POINTS
    ]
    return _table(("fact", "#", "product", "documented", "assumed at first", "when it is otherwise", "seen in"), rows)


def job_table(_: Catalog) -> str:
    """The jobs other applications may push."""
    rows = []
    for name, job in jobs.RESYNC_JOBS.items():
        given = [p for p in inspect.signature(job).parameters.values() if p.name not in {"ctx", "account"}]
        rows.append((f"`{name}`", ", ".join(f"`{p.name}`" for p in given), inspect.getdoc(job) or ""))
    return _table(("`f`", "`a`", "does"), rows)


def _commands_of(command: click.Command) -> list[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return []
    context = click.Context(command)
    found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [(name, inner) for name, inner in found if inner]


def commands(_: Catalog) -> str:
    """What --help says of every command."""
    return "\n\n".join(f"## {path}\n\n```text\n{text}\n```" for path, text in _helps(main, "savvycal-sync"))


def _helps(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    context = click.Context(command, info_name=path, terminal_width=100, **main.context_settings)
    yield path, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    for name, inner in _commands_of(command):
        yield from _helps(inner, f"{path} {name}")


def open_points(_: Catalog) -> str:
    """The open points that `check --live` can find out, by product."""
    return "\n\n".join(f"### SavvyCal {product.title()}\n\n{_points(product)}" for product in (MEETINGS, APPOINTMENTS))


def _points(product: str) -> str:
    rows = [
        (point.title, f"{' or '.join(point.expected)} ({_basis(point)})", point.consequence, f"`{point.name}`")
        for point in POINTS
        if point.product == product and point.is_readable
    ]
    return _table(("open point", "expected", "if it is otherwise", "name in `--json`"), rows)


def _basis(point: Point) -> str:
    return "documented" if point.is_documented else "assumed"


def invisible_points(_: Catalog) -> str:
    """The open points that only webhooks, writes or time can show."""
    rows = [(point.product, point.title, f"`{point.name}`") for point in POINTS if not point.is_readable]
    return _table(("product", "open point", "name in `--json`"), rows)


def log_table(_: Catalog) -> str:
    """Every event of the log."""
    return _table(("event", "level", "fields", "meaning"), log_events.rows())


def layers(_: Catalog) -> str:
    """The layer map of pyproject.toml, top to bottom, each module with the first sentence of its docstring."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    names = [name.strip("()") for layer in contract["layers"] for name in layer.split(" : ")]
    rows = [(f"`{name}`", _first_line(f"worker.{name}")) for name in names]
    return _table(("module", "what it is"), [*rows, ("`savvycal_sync`", _first_line("savvycal_sync"))])


def _first_line(module: str) -> str:
    found = find_spec(module)
    path = Path(found.origin) if found and found.origin else None
    text = path.read_text("utf-8") if path else ""
    said = re.match(r'"""(.+?)(?:"""|\n)', text)
    return said[1] if said else ""


MAKERS: dict[str, Callable[[Catalog], str]] = {
    "settings": settings_table,
    "tables": public_tables,
    "internal-tables": internal_tables,
    "views": views,
    "functions": functions,
    "statuses": statuses,
    "account-facts": account_facts,
    "jobs": job_table,
    "commands": commands,
    "layers": layers,
    "log-events": log_table,
    "open-points": open_points,
    "invisible-points": invisible_points,
    "coverage": lambda _: coverage(_table),
}
"""The parts by name; a test sees to it that each stands in some page."""


def run(write: bool) -> int:
    """Writes what is stale, or names it; the exit code."""
    with postgres_server() as server:
        found = stale(asyncio.run(catalog_of(server.url)))
    for page, text in found.items():
        print(f"{'wrote' if write else 'stale:'} {page.relative_to(ROOT)}")  # noqa: T201 - a command
        if write:
            page.write_text(text, "utf-8")
    return 1 if found and not write else 0


if __name__ == "__main__":
    sys.exit(run("--write" in sys.argv[1:]))

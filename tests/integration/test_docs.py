"""README and docs are true: generated parts are fresh, names exist, links lead somewhere, blocks run."""

import asyncio
import inspect
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import asyncpg
import click
import pytest
import redis

from savvycal_sync.queue import RESYNC, URGENT
from tests.support import docs_coverage, docs_generated
from tests.support.docs_generated import MAKERS, ROOT
from tests.support.servers import Databases
from worker import jobs, queue, settings
from worker.cli import main
from worker.core import lifecycle
from worker.core.lifecycle import Label

DOCS = ROOT / "docs"
PAGES = (
    *docs_generated.PAGES,
    ROOT / "CONTRIBUTING.md",
    ROOT / "DECISIONS.md",
    ROOT / "CHANGELOG.md",
    ROOT / "deploy" / "README.md",
)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FILE = re.compile(r"`((?:worker|savvycal_sync|tests|docs|deploy)/[\w./-]+|schema\.sql|pyproject\.toml|DECISIONS\.md)`")
_VARIABLE = re.compile(r"\bSAVVYCAL_[A-Z_]+")


@dataclass(frozen=True)
class Block:
    """A fenced block, and the text block that follows it at once, which shows its output."""

    page: Path
    language: str
    text: str
    output: str | None

    def __str__(self) -> str:
        return f"{self.page.name}: {self.text.strip().splitlines()[0][:40]}"


def blocks(*languages: str) -> list[Block]:
    """All blocks in these languages, in order."""
    return [block for page in PAGES for block in _blocks(page) if block.language in languages]


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    found = list(_BLOCK.finditer(text))
    for block, following in zip_longest(found, found[1:]):
        is_output = following and following[1] == "text" and not text[block.end() : following.start()].strip()
        yield Block(page, block[1], block[2], following[2] if following and is_output else None)


def text_of(*names: str) -> str:
    """Some pages as one text."""
    return "\n".join((ROOT / name).read_text("utf-8") for name in names)


def test_generated_parts_are_fresh(database_url: str) -> None:
    """Every generated part is what the program says now; `make docs` writes them."""
    stale = docs_generated.stale(asyncio.run(docs_generated.catalog_of(database_url)))

    assert [page.name for page in stale] == [], "run `make docs`"


def test_every_part_stands_in_a_page() -> None:
    """Nothing is generated for nobody, and no page asks for a part that does not exist."""
    assert docs_generated.names_used() == set(MAKERS)


def test_every_field_has_a_column_or_a_reason() -> None:
    """No documented field of SavvyCal's gets lost silently."""
    assert docs_coverage.without_column() == []


@pytest.mark.parametrize("field", settings.Settings.model_fields)
def test_settings_are_documented(field: str) -> None:
    """Every setting is in docs/configuration.md and in deploy/env.example."""
    name = settings.variable(field)

    assert f"`{name}`" in text_of("docs/configuration.md")
    assert f"{name}=" in text_of("deploy/env.example")


def test_only_real_settings_are_named() -> None:
    """Documents and deployment files name no variable that the program would refuse."""
    known = {settings.variable(field) for field in settings.Settings.model_fields}
    known |= {f"{settings.variable(f)}_FILE" for f in settings.Settings.model_fields if settings.is_secret(f)}
    deployed = [path for path in (ROOT / "deploy").rglob("*") if path.is_file()]
    named = {(path.name, name) for path in (*PAGES, *deployed) for name in _VARIABLE.findall(path.read_text("utf-8"))}

    assert {(page, name) for page, name in named if name not in known | {"SAVVYCAL_"}} == set()


def test_jobs_statuses_and_labels_are_documented() -> None:
    """Every public job is in docs/queue.md, every status and label in docs/lifecycle.md."""
    tables = (lifecycle.EVENT, lifecycle.APPOINTMENT, lifecycle.MEETING, lifecycle.CONFERENCING)
    statuses = {status for table in tables for status in table.edges}

    assert set(jobs.RESYNC_JOBS) == {RESYNC}
    assert [name for name in jobs.RESYNC_JOBS if f"`{name}`" not in text_of("docs/queue.md")] == []
    assert [name for name in {*statuses, *Label} if f"`{name}`" not in text_of("docs/lifecycle.md")] == []


def test_dependencies_have_a_decision() -> None:
    """Every dependency of pyproject.toml has its reason in DECISIONS.md."""
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[\[<>=~!]", name)[0] for name in wanted} - {"savvycal-sync"}

    assert sorted(name for name in names if f"`{name}`" not in text_of("DECISIONS.md")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_files_exist(page: Path) -> None:
    """Every relative link leads to a file and a heading, and every file of ours that is named is there."""
    text = page.read_text("utf-8")
    links = [link for link in _LINK.findall(text) if not re.match(r"https?://", link)]

    assert [link for link in links if not _leads_somewhere(page, link)] == []
    assert [name for name in _FILE.findall(text) if not (ROOT / name).exists()] == []


def _leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    item = (page.parent / name).resolve() if name else page
    if not anchor:
        return item.exists()
    return item.is_file() and anchor in {_slug(heading) for heading in _HEADING.findall(item.read_text("utf-8"))}


def _slug(heading: str) -> str:
    """As GitHub makes anchors of headings."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def command_lines(program: str) -> list[str]:
    """The lines of sh blocks that start with a program, joined where a backslash ends them."""
    lines = [line for block in blocks("sh") for line in block.text.replace("\\\n", " ").splitlines()]
    return [line.strip() for line in lines if line.strip().startswith(f"{program} ")]


@pytest.mark.parametrize("line", command_lines("savvycal-sync"))
def test_commands_can_be_said(line: str) -> None:
    """Every command line in the documents is one that the program understands."""
    command: click.Command = main
    words = shlex.split(line, comments=True)[1:]
    while isinstance(command, click.Group):
        inner = command.get_command(click.Context(command), words.pop(0))
        assert inner is not None
        command = inner

    command.make_context("savvycal-sync", words, **main.context_settings)


def test_make_targets_exist() -> None:
    """Every `make x` in the documents is in the Makefile."""
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text_of(*map(str, PAGES)), re.MULTILINE))

    assert named
    assert named - set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE)) == set()


@pytest.mark.parametrize("block", blocks("sql"), ids=str)
def test_sql_runs_and_shows_these_columns(database_with_schema: str, block: Block) -> None:
    """Every SQL block runs against the schema, and its printed output has the columns that come back."""
    columns = asyncio.run(_columns(database_with_schema, block.text))

    if block.output is not None:
        assert columns == [name.strip() for name in block.output.splitlines()[0].split("|")]


@pytest.fixture(scope="module")
def database_with_schema(databases: Databases) -> Iterator[str]:
    """A database that holds the schema and nothing else; every block takes back what it did."""
    url = databases.create()
    asyncio.run(docs_generated.catalog_of(url))
    yield url
    databases.drop(url)


MIRRORED = (
    "insert into savvycal.coverage (account, product, window_name, next_due_at) "
    "select account, product, 'all', now() from (values ('default'), ('sales')) as a (account), "
    "(values ('meetings'), ('appointments')) as p (product)"
)
"""What a daemon leaves behind at its first start: the accounts it mirrors."""


async def _columns(url: str, text: str) -> list[str]:
    """Runs statements in a transaction that is rolled back; the columns of the last one."""
    connection = await asyncpg.connect(url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(MIRRORED)
        columns: list[str] = []
        for statement in filter(None, (part.strip() for part in text.split(";"))):
            prepared = await connection.prepare(statement)
            await prepared.fetch()
            columns = [attribute.name for attribute in prepared.get_attributes()]
        await transaction.rollback()
        return columns
    finally:
        await connection.close()


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_pushes_jobs(block: Block, redis_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every Python block runs as it stands, and what it pushed is a job the worker takes."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.chdir(tmp_path)

    exec(compile(block.text, str(block), "exec"), {})

    assert {job["f"] for job in waiting_jobs(redis_url)} <= {RESYNC}
    assert waiting_jobs(redis_url)


def test_redis_cli_lines_push_jobs(redis_url: str) -> None:
    """Every redis-cli line is accepted by the server, and each pair makes a job that the worker takes."""
    lines = [shlex.split(line)[1:] for line in command_lines("redis-cli")]
    with redis.Redis.from_url(redis_url) as client:
        for words in lines:
            client.execute_command(*(words[2:] if words[0] == "-u" else words))

    found = waiting_jobs(redis_url)

    assert len(lines) == 2 * len(found) + 2, "README.md and docs/queue.md share one job"
    for job in found:
        inspect.signature(jobs.RESYNC_JOBS[job["f"]]).bind({}, *job["a"], **job["k"])


def waiting_jobs(redis_url: str) -> list[dict[str, Any]]:
    """What waits in the urgent queue, read as the worker reads it."""
    with redis.Redis.from_url(redis_url) as client:
        payloads = [client.get(f"arq:job:{member.decode()}") for member in client.zrange(URGENT, 0, -1)]
    return [queue.unpack(payload) for payload in payloads if isinstance(payload, bytes)]


def test_accounts_file_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The accounts file of docs/configuration.md is one that the program reads, once its secret files exist."""
    (block,) = blocks("toml")
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    text = block.text.replace("/run/secrets", str(secrets))
    for name in re.findall(r'_file = ".*/(\w+)"', text):
        (secrets / name).write_text("a_token\n")
    path = tmp_path / "accounts.toml"
    path.write_text(text)

    found = settings.accounts(settings.load({"SAVVYCAL_ACCOUNTS_FILE": str(path)}), {})

    assert [account.name for account in found] == ["acme", "agency"]
    assert [account.include_sensitive for account in found] == [True, False]


def test_pushed_examples_are_small_json() -> None:
    """The payloads in the documents are JSON as other languages would write it, far below the limit."""
    payloads = [word for line in command_lines("redis-cli") for word in shlex.split(line) if word.startswith("{")]

    assert payloads
    assert all(set(json.loads(text)) == {"t", "f", "a", "k", "et"} for text in payloads)
    assert all(len(text) < queue.PAYLOAD_BYTES_MAX / 4 for text in payloads)

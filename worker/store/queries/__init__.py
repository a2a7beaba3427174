"""Loads the .sql files beside this one: `-- name: x` starts a statement, the comment after it says what it is for."""

import re
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def load(noun: str) -> dict[str, str]:
    """The statements of `<noun>.sql` by name."""
    parts = _NAME.split(files(__package__).joinpath(f"{noun}.sql").read_text("utf-8"))
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}

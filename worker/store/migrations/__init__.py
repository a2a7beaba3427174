"""The steps from one schema version to the next: NNNN_name.sql, applied in order by worker/store/schema.py.

After a file with a line that starts with `-- additive:`, programs of the previous version can still work with the
schema, so both versions may run side by side. Before any other step every daemon must be stopped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^(\d{4})_\w+\.sql$")
_ADDITIVE = re.compile(r"^-- additive:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: the version that it produces, and its statements."""

    number: int
    name: str
    sql: str = field(repr=False)

    @property
    def is_additive(self) -> bool:
        """Whether programs of the previous version can work with the result."""
        return bool(_ADDITIVE.search(self.sql))


@cache
def all_migrations() -> tuple[Migration, ...]:
    """Every migration, in order."""
    found = (entry for entry in files(__package__).iterdir() if _NAME.match(entry.name))
    steps = (Migration(int(entry.name[:4]), entry.name, entry.read_text("utf-8")) for entry in found)
    return tuple(sorted(steps, key=lambda step: step.number))


def newest(steps: Sequence[Migration]) -> int:
    """The version after all steps."""
    return steps[-1].number


def oldest_program(steps: Sequence[Migration]) -> int:
    """The oldest version whose programs can work with the result: that of the last step that is not additive."""
    return max(step.number for step in steps if not step.is_additive)

"""An open point of SavvyCal's documentation, and what was found for it in an account."""

from dataclasses import dataclass
from enum import StrEnum

NONE = "none"
MEETINGS, APPOINTMENTS = "meetings", "appointments"


class FindingResult(StrEnum):
    """How what was found relates to what was expected."""

    DOCUMENTED = "as documented"
    ASSUMED = "as assumed"
    OTHERWISE = "otherwise"
    NOT_SEEN = "not seen"
    """The account holds nothing that shows it, or SavvyCal did not answer the question."""
    INVISIBLE = "cannot be seen by reading"


@dataclass(frozen=True, slots=True)
class Point:
    """One open point of one product. `expected` lists the values that call for nothing; the first one is shown."""

    product: str
    name: str
    title: str
    expected: tuple[str, ...]
    consequence: str
    """What the program does, or what a person has to do, when another value is found."""
    number: int | None = None
    """In the list of open points of docs/assumptions.md."""
    is_documented: bool = False
    is_readable: bool = True
    """Whether reading can show it; the others show themselves through webhooks, writes or time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one point; `value` None means that nothing showed it."""

    point: Point
    value: str | None

    @property
    def result(self) -> FindingResult:
        """Never `otherwise` without a value."""
        if not self.point.is_readable:
            return FindingResult.INVISIBLE
        if self.value is None:
            return FindingResult.NOT_SEEN
        if self.value not in self.point.expected:
            return FindingResult.OTHERWISE
        return FindingResult.DOCUMENTED if self.point.is_documented else FindingResult.ASSUMED

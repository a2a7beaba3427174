"""How the findings are shown: a table for people, JSON for programs, a report to send in without anybody's data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from worker import __version__
from worker.live_check.points import Finding, FindingResult
from worker.status_text import table

SEND_IT = (
    "Something differs from the documentation: `check --live --report FILE` writes a report without personal data."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that was asked, and how it was answered."""

    product: str
    name: str
    status: int
    content_type: str
    error: str
    """Status, kind, shape and redacted sentence when it was no 200; empty otherwise."""
    form: Any = None
    """Structure of the answer: documented names and types, no content."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything one run found out."""

    account: str
    findings: tuple[Finding, ...]
    asked: tuple[Asked, ...]

    @property
    def values(self) -> dict[tuple[str, str], str]:
        """What was seen, by product and name of the point."""
        return {(each.point.product, each.point.name): each.value for each in self.findings if each.value is not None}


def as_rows(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """One plain row for each point."""
    return [
        {
            "product": finding.point.product,
            "name": finding.point.name,
            "point": finding.point.title,
            "number": finding.point.number,
            "documented": finding.point.is_documented,
            "expected": finding.point.expected[0] if finding.point.expected else None,
            "found": finding.value,
            "result": finding.result.value,
            "consequence": finding.point.consequence if finding.result is FindingResult.OTHERWISE else None,
        }
        for finding in findings
    ]


def as_text(result: Result) -> str:
    """Tables for people: what is otherwise comes first, then what is as expected, then what was not seen."""
    rows = as_rows(result.findings)
    otherwise = [row for row in rows if row["result"] == FindingResult.OTHERWISE]
    expected = [row for row in rows if row["result"] in {FindingResult.DOCUMENTED, FindingResult.ASSUMED}]
    unseen = [row for row in rows if row["result"] in {FindingResult.NOT_SEEN, FindingResult.INVISIBLE}]
    parts = [
        table("otherwise than expected", ("product", "point", "expected", "found", "consequence"), otherwise),
        table("as expected", ("product", "point", "found", "result"), expected),
        table("not known from this run", ("product", "point", "result"), unseen),
        f"{len(result.asked)} requests, account {result.account}" + (f"\n{SEND_IT}" if otherwise else ""),
    ]
    return "\n\n".join(part for part in parts if part)


def as_document(result: Result) -> dict[str, Any]:
    """For `--json`."""
    return {"account": result.account, "requests": len(result.asked), "points": as_rows(result.findings)}


def as_report(result: Result, today: date) -> dict[str, Any]:
    """For `--report`: no account name, no address, no id, no content of a document; words of errors are redacted."""
    forms = [each.form for each in result.asked]
    asked = [
        {
            "product": each.product,
            "question": each.name,
            "status": each.status,
            "content_type": each.content_type,
            "error": each.error or None,
            "form": each.form if forms.index(each.form) == place else f"as in question {forms.index(each.form) + 1}",
        }
        for place, each in enumerate(result.asked)
    ]
    return {
        "report": "savvycal-sync check --live",
        "version": __version__,
        "date": today.isoformat(),
        "points": as_rows(result.findings),
        "questions": asked,
    }
